/** A form whose button says, once pressed, that the answer takes a while. */
for (const form of document.querySelectorAll('form[data-pending-form]')) {
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
