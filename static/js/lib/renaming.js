import { isComposing, submitOnEnter } from "./keys.js";

const ANYONE = "00000000-0000-0000-0000-000000000000";

/**
 * Let the title that `button` belongs to be written on: over the thread or in the list.
 * Enter keeps it, Escape takes it back, and so does leaving it empty.
 */
export function rename(button, list) {
  const id = button.dataset.conversation;
  const isOver = button.closest("#thread-header") || !list.find(id);
  const title = isOver
    ? document.getElementById("conversation-title")
    : list.find(id).querySelector("a");
  document.querySelector("form.rename")?.dispatchEvent(new Event("takeback"));
  const form = document.getElementById("renaming").content.cloneNode(true).firstElementChild;
  const field = form.elements.title;
  const old = (title.querySelector(".list-item__title") ?? title).textContent.trim();
  form.action = form.dataset.address.replace(ANYONE, id);
  field.value = old;
  title.after(form);
  const ends = new AbortController();
  const options = { signal: ends.signal, capture: true };
  addEventListener("keydown", (event) => takenBack(event, form), options);
  const close = () => {
    if (form.dataset.isOver) return; // to be taken away, it loses the focus first
    form.dataset.isOver = "yes";
    ends.abort();
    const hadFocus = form.contains(document.activeElement);
    form.remove();
    if (hadFocus) (title.querySelector("button") ?? title).focus();
    form.dispatchEvent(new Event("closed"));
  };
  form.addEventListener("done", close);
  form.addEventListener("takeback", close);
  form.addEventListener("refused", () => {
    // Whoever has gone on to write elsewhere is not called back.
    if (document.activeElement === document.body) field.focus();
  });
  field.addEventListener("blur", () => left(form, old));
  submitOnEnter(field);
  field.focus();
  field.select();
}

function takenBack(event, form) {
  if (event.key !== "Escape" || isComposing(event)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  form.dispatchEvent(new Event("takeback"));
}

/** Whoever goes on with something else has meant it. */
function left(form, old) {
  if (form.dataset.isOver || !document.hasFocus()) return;
  const title = form.elements.title.value.trim();
  if (!title || title === old) form.dispatchEvent(new Event("takeback"));
  else form.requestSubmit();
}
