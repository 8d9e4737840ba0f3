import { phrase } from "../lib/html.js";
import { submitOnEnter } from "../lib/keys.js";
import { store } from "../lib/store.js";

const DRAFT_PAUSE = 300;
const NEAR = 0.9; // of the limit: from here on the count is shown

/** False where a focus brings a keyboard onto the screen. */
const hasKeyboard = matchMedia("(pointer: fine)").matches;

/**
 * <chat-composer> holds the box a person writes in. What is written is a draft that
 * survives a reload, then it is the thread's: `post(text, persona)`.
 */
class ChatComposer extends HTMLElement {
  #thread;
  #form;
  #field;
  #timer = 0;
  #draftName = "";
  #isReplying = false;

  connectedCallback() {
    this.#thread = document.querySelector("chat-thread");
    this.#form = this.querySelector("form");
    this.#field = this.querySelector("textarea");
    submitOnEnter(this.#field);
    this.#form.addEventListener("submit", (event) => this.#submit(event));
    this.#field.addEventListener("input", () => this.#edited());
    addEventListener("pagehide", () => this.#saveDraft());
    this.#restoreDraft();
    if (hasKeyboard && !location.hash) this.#field.focus({ preventScroll: true });
  }

  /** Whether a reply is being written: Stop stands beside Send, or for an empty box. */
  set replying(value) {
    if (this.#isReplying === value) return;
    this.#isReplying = value;
    this.#offerButton();
  }

  /** Put `text` back, before what is there. */
  restore(text) {
    this.#field.value = [text, this.#field.value].filter(Boolean).join("\n\n");
    this.#field.focus();
    this.#edited();
  }

  #submit(event) {
    event.preventDefault();
    const starter = event.submitter?.name === "starter" ? event.submitter.value : "";
    const text = (starter || this.#field.value).trim();
    if (!text || (!starter && this.#isTooLong)) return;
    this.#thread.post(text, new FormData(this.#form).get("persona") ?? "");
    if (!starter) this.#field.value = "";
    this.#edited();
    this.#saveDraft();
    if (hasKeyboard) this.#field.focus();
  }

  #edited() {
    this.#fit();
    this.#count();
    this.#offerButton();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#saveDraft(), DRAFT_PAUSE);
  }

  /** Grow with the text where CSS cannot: the style sheet reads `--composer-height`. */
  #fit() {
    if (CSS.supports("field-sizing: content")) return;
    this.#field.style.setProperty("--composer-height", "auto");
    const height = `${this.#field.scrollHeight}px`;
    this.#field.style.setProperty("--composer-height", height);
  }

  get #limit() {
    return Number(this.#field.dataset.limit) || Infinity;
  }

  /** Characters as the server counts them: an emoji is one. Only exact near the limit. */
  get #length() {
    const { length } = this.#field.value;
    return length < this.#limit * NEAR ? length : [...this.#field.value.trim()].length;
  }

  get #isTooLong() {
    return this.#length > this.#limit;
  }

  #count() {
    const output = this.querySelector("#composer-limit");
    if (!output) return;
    const [length, limit] = [this.#length, this.#limit];
    output.hidden = length < limit * NEAR;
    if (length > limit) this.#field.setAttribute("aria-invalid", "true");
    else this.#field.removeAttribute("aria-invalid");
    if (output.hidden) return;
    const number = new Intl.NumberFormat(document.documentElement.lang || undefined);
    const sentence = length > limit ? output.dataset.over : output.dataset.near;
    output.textContent = phrase(sentence ?? "{count} / {limit}", {
      count: number.format(length),
      limit: number.format(limit),
      over: number.format(length - limit),
    });
  }

  #offerButton() {
    const send = this.querySelector("#composer-send");
    const stop = this.querySelector("#composer-stop");
    if (!stop) return;
    const focused = [send, stop].find((button) => button === document.activeElement);
    stop.hidden = this.querySelector("#composer-escape").hidden = !this.#isReplying;
    send.hidden = this.#isReplying && !this.#field.value;
    if (focused?.hidden) (focused === send ? stop : this.#field).focus();
  }

  get #currentName() {
    const isNew = this.#thread.hasAttribute("new");
    if (isNew) return `new.${document.documentElement.dataset.user}`;
    return this.#thread.getAttribute("conversation");
  }

  #saveDraft() {
    clearTimeout(this.#timer);
    const name = `draft.${this.#currentName}`;
    if (this.#draftName !== name) store.write(this.#draftName, null);
    this.#draftName = name;
    store.write(name, this.#field.value);
  }

  #restoreDraft() {
    this.#draftName = `draft.${this.#currentName}`;
    if (!this.#field.value) this.#field.value = store.read(this.#draftName) ?? "";
    if (this.#field.value) this.#edited();
  }
}

customElements.define("chat-composer", ChatComposer);
