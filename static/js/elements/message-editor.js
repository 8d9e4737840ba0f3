import { phrase } from "../lib/html.js";
import { InputMethod, hasKeyboard } from "../lib/keys.js";
import { store } from "../lib/store.js";

const PAUSE = 300;
const MOST_ROWS = 14;

/**
 * Edit one's own `message` in its place. What is typed survives a reload of the page, until
 * it is sent or cancelled. `text`: what to begin with; null for what there is.
 */
export async function openEditor(thread, message, text = null) {
  if (message.dataset.editing === "sent") return;
  const open = message.querySelector(".editor");
  if (open) return open.elements.text.focus();
  const name = `edit.${thread.getAttribute("conversation")}.${message.dataset.message}`;
  const words = text ?? store.read(name) ?? (await sourceOf(message));
  if (!message.querySelector(".editor")) new Editor(thread, message, name, words);
}

async function sourceOf(message) {
  const { source } = message.querySelector('[data-action="message.edit"]').dataset;
  const response = await fetch(source);
  if (!response.ok) throw new Error(response.statusText);
  return response.text();
}

class Editor {
  #thread;
  #message;
  #name;
  #form;
  #field;
  #inputMethod;
  #timer = 0;

  constructor(thread, message, name, text) {
    this.#thread = thread;
    this.#message = message;
    this.#name = name;
    const template = document.getElementById("message-editor");
    this.#form = template.content.cloneNode(true).firstElementChild;
    this.#form.dataset.added = "yes"; // the message may be drawn anew around it
    this.#field = this.#form.elements.text;
    this.#field.value = text;
    this.#listen();
    message.dataset.editing = "open";
    message.append(this.#form);
    this.#edited();
    this.#field.focus();
    this.#form.scrollIntoView({ block: "nearest" });
  }

  #listen() {
    this.#inputMethod = new InputMethod(this.#field);
    this.#field.addEventListener("input", () => this.#edited());
    this.#field.addEventListener("keydown", (event) => this.#pressed(event));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    const cancel = this.#form.querySelector('[data-action="edit.cancel"]');
    cancel.addEventListener("click", () => this.#cancel());
  }

  #pressed(event) {
    if (this.#inputMethod.wants(event)) return;
    if (event.key === "Escape") {
      event.preventDefault();
      this.#cancel();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (!event.repeat) this.#form.requestSubmit();
    }
  }

  #edited() {
    const lines = this.#field.value.split("\n").length;
    this.#field.rows = Math.min(MOST_ROWS, Math.max(2, lines));
    this.#count();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => store.write(this.#name, this.#field.value), PAUSE);
  }

  /** How many characters are too many, as the server counts them: an emoji is one. */
  #count() {
    const { limit, over } = this.#field.dataset;
    const extra = [...this.#field.value.trim()].length - Number(limit || Infinity);
    const output = this.#form.querySelector("output");
    output.hidden = extra <= 0;
    this.#field.setAttribute("aria-invalid", extra > 0);
    if (extra > 0) output.textContent = phrase(over, { over: extra });
    return extra;
  }

  #submit() {
    const text = this.#field.value.trim();
    if (!text || this.#count() > 0) return this.#field.focus();
    this.#close();
    this.#thread.edit(Number(this.#message.dataset.message), text);
    const next = hasKeyboard ? "#composer-text" : "#composer-send";
    document.querySelector(next)?.focus({ preventScroll: true });
  }

  #cancel() {
    this.#close();
    this.#message.querySelector('[data-action="message.edit"]')?.focus();
  }

  #close() {
    clearTimeout(this.#timer);
    store.write(this.#name, null);
    this.#form.remove();
    delete this.#message.dataset.editing;
  }
}
