import { announce } from "../lib/html.js";
import { Listbox } from "../lib/listbox.js";
import { folded } from "../lib/matching.js";
import { replaceSelection } from "../lib/writing.js";

// What follows an @ that is not in an address, up to the caret: scripts without spaces
// stand right before it.
const CALL = /(?<![\p{Script=Latin}\p{N}_.])@([^@\n]{0,80})$/u;

/**
 * <mention-menu> offers who replies when it is mentioned, as `@` and some letters name it in
 * the box beside it. `data-names` of an option are all its names, a line each.
 */
class MentionMenu extends HTMLElement {
  #box = this.closest("form").querySelector("textarea");
  #root = this.querySelector("[role=listbox]");
  #every = [...this.#root.children];
  #listbox = new Listbox(this.#box, this.#root, (option) => this.#insert(option));
  #dismissed = -1; // where the @ stands at which Escape was pressed

  connectedCallback() {
    this.#box.addEventListener("blur", () => this.#show([]));
    for (const name of ["click", "keyup"]) {
      this.#box.addEventListener(name, () => this.#call || this.#show([]));
    }
    // Before the box hears it: Enter sends there, and Escape stops a reply.
    const form = this.closest("form");
    form.addEventListener("keydown", (event) => this.#pressed(event), { capture: true });
  }

  /** What is in the box has changed. */
  update() {
    const call = this.#call;
    if (call?.index !== this.#dismissed) this.#dismissed = -1;
    const typed = call && folded(call[1]);
    const isOffered = call && this.#dismissed < 0 && this.#isMentionNeeded;
    this.#show(isOffered ? this.#every.filter((one) => isBegun(one, typed)) : []);
  }

  get #call() {
    return CALL.exec(this.#box.value.slice(0, this.#box.selectionStart));
  }

  /** Whoever changes that changes the header, in every tab. */
  get #isMentionNeeded() {
    return Boolean(document.querySelector("#thread-header [data-mentioned]"));
  }

  #show(options) {
    const wasHidden = this.hidden;
    this.hidden = options.length === 0;
    if (this.hidden && wasHidden) return;
    this.#root.replaceChildren(...options);
    this.#listbox.changed();
    if (wasHidden) announce(options[0].dataset.told);
  }

  #pressed(event) {
    if (this.hidden || event.target !== this.#box || event.defaultPrevented) return;
    if (this.#listbox.isTyping(event) || !this.#isTaken(event)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  #isTaken(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return false;
    if (event.key === "Escape") {
      this.#dismissed = this.#call?.index ?? -1;
      this.#show([]);
    } else if (event.key === "Tab") {
      this.#insert(this.#listbox.active);
    } else {
      return this.#listbox.take(event);
    }
    return true;
  }

  #insert(option) {
    const end = this.#box.selectionStart;
    const { index } = this.#call;
    this.#show([]);
    this.#box.focus();
    this.#box.setSelectionRange(index, end);
    replaceSelection(this.#box, `@${option.dataset.name} `);
  }
}

/** Whether `typed` is the beginning of a name, and none as a whole. */
function isBegun(option, typed) {
  const names = option.dataset.names.split("\n").map(folded);
  return !names.includes(typed) && names.some((name) => name.startsWith(typed));
}

customElements.define("mention-menu", MentionMenu);
