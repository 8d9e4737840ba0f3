/**
 * Forms beside the form of the page. Their buttons say, once pressed, that the answer
 * takes a while; they rest while that form holds what is not saved, as they would lose it.
 */
const valuesOf = (form) => new URLSearchParams(new FormData(form)).toString();

for (const row of document.querySelectorAll("[data-saved-form]")) {
  const form = document.getElementById(row.dataset.savedForm);
  if (!form) continue;
  const wasRefused = form.querySelector(".errornote") !== null;
  const saved = valuesOf(form);
  const update = () => {
    const isUnsaved = wasRefused || valuesOf(form) !== saved;
    for (const button of row.querySelectorAll("[data-pending]")) {
      button.disabled = isUnsaved;
    }
    row.querySelector('[data-when="saved"]').hidden = isUnsaved;
    row.querySelector('[data-when="unsaved"]').hidden = !isUnsaved;
  };
  for (const type of ["input", "change"]) form.addEventListener(type, update);
  // A row that is added or taken away tells no more than this; also Back to the page.
  document.addEventListener("formset:added", update);
  document.addEventListener("formset:removed", update);
  addEventListener("pageshow", () => setTimeout(update));
}

for (const form of document.querySelectorAll("form[data-pending-form]")) {
  form.addEventListener("submit", () => {
    const button = form.querySelector("[data-pending]");
    button.dataset.rest = button.textContent;
    button.textContent = button.dataset.pending;
    button.setAttribute("aria-busy", "true");
    // Disabled at once, it would not be submitted in some browsers.
    setTimeout(() => (button.disabled = true));
  });
}

/* Coming back by the Back button finds the page as it was left. */
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  for (const button of document.querySelectorAll("[data-rest]")) {
    button.textContent = button.dataset.rest;
    button.removeAttribute("aria-busy");
    button.disabled = false;
  }
});
