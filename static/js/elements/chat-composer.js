import { phrase } from "../lib/html.js";
import { hasKeyboard, submitOnEnter } from "../lib/keys.js";
import { Outbox } from "../lib/outbox.js";
import { Unsent, joined } from "../lib/unsent.js";
import { replaceSelection } from "../lib/writing.js";

const NEAR = 0.9; // of the limit: from here on the count is shown

/**
 * <chat-composer> holds the box a person writes in. What is written is kept, here and by the
 * server, until it is the thread's: `post(text, persona, {folder, temporary})`. A `quote`
 * event with a `text` puts that into the box as a quotation.
 */
class ChatComposer extends HTMLElement {
  #thread;
  #form;
  #field;
  #unsent;
  #call = null; // while the prompts that are called with `/` are not known: a promise
  #isReplying = false;

  connectedCallback() {
    this.#thread = document.querySelector("chat-thread");
    this.#form = this.querySelector("form");
    this.#field = this.querySelector("textarea");
    submitOnEnter(this.#field);
    this.#form.addEventListener("submit", (event) => this.#submit(event));
    this.#field.addEventListener("input", () => this.#edited());
    this.#keepUnsent();
    document.addEventListener("quote", ({ detail }) => this.#quote(detail.text));
    // With the first frame of the screen: a focus lays out the page.
    if (hasKeyboard && !location.hash) requestAnimationFrame(() => this.#begin());
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

  /** The chat has begun: what only its first message may say is asked no more. */
  begun() {
    for (const choice of this.querySelectorAll(".composer__begin")) choice.remove();
  }

  /** The focus is here, unless it has gone elsewhere by now. */
  #begin() {
    if (document.activeElement === document.body) {
      this.#field.focus({ preventScroll: true });
    }
  }

  #submit(event) {
    event.preventDefault();
    if (this.#call && !event.submitter) return this.#submitLater();
    const starter = event.submitter?.name === "starter" ? event.submitter.value : "";
    const text = (starter || this.#field.value).trim();
    if (!text || (!starter && this.#isTooLong)) return;
    const fields = new FormData(this.#form);
    this.#thread.post(text, fields.get("persona") ?? "", {
      folder: fields.get("folder") ?? "",
      temporary: fields.has("temporary"),
    });
    if (!starter) this.#field.value = "";
    this.#edited();
    this.#save();
    if (hasKeyboard) this.#field.focus();
  }

  /** Enter came before the prompts that it may choose from. */
  async #submitLater() {
    const { value } = this.#field;
    await this.#call;
    if (this.#field.value !== value || document.activeElement !== this.#field) return;
    if (!this.querySelector("snippet-menu").choose?.()) this.#form.requestSubmit();
  }

  #edited() {
    this.#fit();
    this.#count();
    this.#offerButton();
    this.#offer();
    this.#unsent.move(this.#conversation, this.#field.value);
    this.#unsent.changed(this.#field.value);
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
    output.toggleAttribute("hidden", length < limit * NEAR);
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
    const escape = this.querySelector("#composer-escape");
    // To set `hidden` to what it is would have the browser look at the styles again.
    for (const part of [stop, escape]) part.toggleAttribute("hidden", !this.#isReplying);
    send.toggleAttribute("hidden", this.#isReplying && !this.#field.value);
    if (!focused?.hidden) return;
    const box = hasKeyboard ? this.#field : send;
    (focused === send ? stop : box).focus();
  }

  /** The prompts that `/` calls come when they are first called; so do names for `@`. */
  #offer() {
    const { value } = this.#field;
    const prompts = () => import("./snippet-menu.js");
    const names = () => import("./mention-menu.js");
    const isCall = value.startsWith("/");
    const call = this.#update("snippet-menu", isCall, prompts).catch(reportError);
    this.#call = isCall ? call : null;
    call.then(() => this.#call === call && (this.#call = null));
    this.#update("mention-menu", value.includes("@"), names).catch(reportError);
  }

  async #update(name, isCalled, load) {
    const menu = this.querySelector(name);
    if (!menu || (!menu.update && !isCalled)) return;
    await load();
    await menu.update();
  }

  /** Put `text` at the end as a quotation, and the caret after it. */
  #quote(text) {
    const lines = text.trim().split("\n");
    const quoted = lines.map((line) => `> ${line}`.trimEnd()).join("\n");
    const before = this.#field.value.trimEnd();
    this.#field.focus();
    this.#field.setSelectionRange(before.length, this.#field.value.length);
    replaceSelection(this.#field, [before && "\n\n", quoted, "\n\n"].join(""));
    this.#field.scrollTop = this.#field.scrollHeight;
  }

  /** The conversation this is the box of; null before there is one. */
  get #conversation() {
    const isNew = this.#thread.hasAttribute("new");
    return isNew ? null : this.#thread.getAttribute("conversation");
  }

  #keepUnsent() {
    const { dataset } = this.#field;
    this.#unsent = new Unsent(dataset.unsentUrl, {
      box: this.#field,
      token: this.#form.elements.csrfmiddlewaretoken.value,
      limit: this.#limit,
      joined: (both) => this.#write(both),
    });
    const text = this.#unsent.open(this.#conversation, {
      text: dataset.unsentText ?? "",
      version: dataset.unsentVersion ?? "",
      now: dataset.unsentNow,
    });
    // A browser that did not wait for this script let one write before it came.
    const both = joined(text, this.#field.value);
    if (both !== this.#field.value) this.#field.value = both;
    if (both) this.#edited();
    addEventListener("pagehide", () => this.#save());
    Outbox.onSentElsewhere((message) => this.#sentElsewhere(message));
    document.addEventListener("visibilitychange", () => this.#seen());
  }

  #save() {
    this.#unsent.move(this.#conversation, this.#field.value);
    this.#unsent.save(this.#field.value);
  }

  /** What was sent from another tab is not sent again from here. */
  #sentElsewhere({ conversation, text, isFirst }) {
    const own = this.#conversation;
    if (own ? own !== conversation : !isFirst) return;
    if (!this.#unsent.sentElsewhere(text, this.#field.value.trim())) return;
    this.#field.value = "";
    this.#edited();
  }

  /** Who comes back may have written on at another device. */
  async #seen() {
    if (document.hidden) return this.#save();
    const text = await this.#unsent.goneOn(this.#field.value);
    if (text !== null) this.#write(text);
  }

  /** Show `text`, which goes on with what is there or comes before it. */
  #write(text) {
    const fromEnd = this.#field.value.length - this.#field.selectionEnd;
    this.#field.value = text;
    const caret = text.length - fromEnd;
    this.#field.setSelectionRange(caret, caret);
    this.#edited();
  }
}

customElements.define("chat-composer", ChatComposer);
