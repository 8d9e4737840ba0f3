import { announce, phrase } from "../lib/html.js";
import { Listbox } from "../lib/listbox.js";
import { fetchFragment } from "../lib/view.js";
import { replaceSelection } from "../lib/writing.js";

const BLANK = /\{\{\s*([^{}\n]{1,80}?)\s*\}\}/g;
const MOST_LETTERS = 60;

/**
 * <snippet-menu url> offers the prompts that `/` and some letters name, at the start of the
 * box beside it. A chosen one takes the place of what was typed, and Tab goes through its
 * {{blanks}}; one filled fills those of the same name.
 */
class SnippetMenu extends HTMLElement {
  #box = this.closest("form").querySelector("textarea");
  #root = this.querySelector("[role=listbox]");
  #listbox = new Listbox(this.#box, this.#root, (option) => this.#insert(option));
  #asked = null;
  #coming = null; // the answer to that, a promise
  #answered = null; // the letters that what is offered was found for
  #dismissed = null; // what stood in the box when Escape was pressed
  #blank = null; // the one being filled: {start, after, source}
  #isFilling = false;

  connectedCallback() {
    this.#box.addEventListener("blur", () => this.#hide());
    // Before the box hears it: Enter sends there, and Escape stops a reply.
    const form = this.closest("form");
    form.addEventListener("keydown", (event) => this.#pressed(event), { capture: true });
  }

  /** What is in the box has changed; resolves when the prompts for that are shown. */
  async update() {
    const query = this.#query;
    if (query === null) {
      if (!this.#box.value.startsWith("/")) this.#dismissed = null;
      return this.#hide();
    }
    if (query !== this.#asked) this.#coming = this.#ask(query);
    return this.#coming;
  }

  async #ask(query) {
    this.#asked = query;
    const url = new URL(this.getAttribute("url"), location.href);
    url.searchParams.set("q", query);
    const page = await fetchFragment(url);
    if (query !== this.#asked) return;
    this.#answered = query;
    this.#show(page ? [...page.children] : []);
  }

  /** Choose the one that is active; false without any. */
  choose() {
    const { active } = this.#listbox;
    if (active) this.#insert(active);
    return Boolean(active);
  }

  /** The letters after the `/`, null while no prompt is called. */
  get #query() {
    const { value } = this.#box;
    const isCall = value.startsWith("/") && !value.includes("\n");
    if (!isCall || value.length > MOST_LETTERS || this.#isDismissed) return null;
    return value.slice(1).trim();
  }

  get #isDismissed() {
    return this.#dismissed !== null && this.#box.value.startsWith(this.#dismissed);
  }

  #show(options) {
    this.#root.replaceChildren(...options);
    this.hidden = options.length === 0;
    this.#listbox.changed();
    const { one, many } = this.dataset;
    const count = options.length;
    if (count) announce(phrase(count === 1 ? one : many, { count }));
  }

  #hide() {
    this.#asked = this.#answered = null;
    if (this.hidden) return;
    this.#show([]);
  }

  #pressed(event) {
    if (event.target !== this.#box || this.#listbox.isTyping(event)) return;
    // The box waits with it for what these letters find.
    if (event.key === "Enter" && this.#asked !== this.#answered) return;
    const isTaken = this.hidden ? this.#walk(event) : this.#pick(event);
    if (!isTaken) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #pick(event) {
    if (event.key === "Escape") {
      this.#dismissed = this.#box.value;
      this.#hide();
    } else if (event.key === "Tab" && !event.shiftKey) {
      this.#insert(this.#listbox.active);
    } else {
      const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
      return isPlain && this.#listbox.take(event);
    }
    return true;
  }

  #insert(option) {
    const { text } = option.dataset;
    this.#dismissed = text;
    this.#hide();
    this.#box.focus();
    this.#box.select();
    replaceSelection(this.#box, text);
    this.#blank = null;
    this.#isFilling = true;
    if (!this.#move(1, 0)) this.#isFilling = false;
  }

  /** Tab goes on while there are blanks; then it is the page's again. */
  #walk(event) {
    if (!this.#isFilling || event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === "Escape") {
      this.#isFilling = false;
      return true;
    }
    if (event.key !== "Tab") return false;
    this.#fillAlike();
    const step = event.shiftKey ? -1 : 1;
    const { selectionStart, selectionEnd } = this.#box;
    this.#isFilling = this.#move(step, step > 0 ? selectionEnd : selectionStart);
    return this.#isFilling;
  }

  /** Select the next blank from `place` on, or the last before; false without any. */
  #move(step, place) {
    const all = [...this.#box.value.matchAll(BLANK)];
    const next =
      step > 0
        ? (all.find(({ index }) => index >= place) ?? all[0])
        : (all.findLast(({ index }) => index < place) ?? all.at(-1));
    if (!next) return false;
    const [source, name] = next;
    const start = next.index;
    const end = start + source.length;
    this.#box.setSelectionRange(start, end);
    this.#blank = { start, after: this.#box.value.length - end, source, name };
    announce(phrase(this.dataset.blank, { name }));
    return true;
  }

  /** What was written for a blank stands for all of its name. */
  #fillAlike() {
    const { value } = this.#box;
    const { start, after, source, name } = this.#blank ?? {};
    this.#blank = null;
    const filled = name && value.slice(start, value.length - after);
    if (!filled || filled === source || value.slice(start + filled.length).length !== after)
      return;
    let caret = this.#box.selectionEnd;
    for (const match of [...value.matchAll(BLANK)].reverse()) {
      if (match[1] !== name) continue;
      this.#box.setSelectionRange(match.index, match.index + match[0].length);
      replaceSelection(this.#box, filled);
      if (match.index < caret) caret += filled.length - match[0].length;
    }
    this.#box.setSelectionRange(caret, caret);
  }
}

customElements.define("snippet-menu", SnippetMenu);
