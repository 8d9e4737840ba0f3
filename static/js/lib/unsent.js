import { store } from "./store.js";

const NEW_CHAT = "00000000-0000-0000-0000-000000000000";
const PAUSE = 300; // milliseconds without a keystroke: then it is kept in this browser
const SERVER_PAUSE = 1_000; // … and then by the server
const KEEPALIVE_BYTES = 60_000; // of a request that may outlive its page
const CONFLICT = 409;

/**
 * What is typed and not sent: kept in this browser at once and by the server soon after, so
 * that it is there on the person's other devices.
 *
 * In the browser `{text, isDirty}` is kept, `isDirty` while the server may not have it, and
 * beside it the version that the server had last of any tab here. Where another device wrote
 * in the meantime, both texts are shown.
 */
export class Unsent {
  #url;
  #token;
  #limit;
  #box;
  #joined;
  #conversation = null;
  #kept = { text: "", isDirty: false };
  #isTyped = false; // here, not taken over from another tab or device
  #version = ""; // where the browser keeps nothing
  #timer = 0;
  #request = null;

  /**
   * `url` takes texts of up to `limit` characters from `box`, with the form's `token`.
   * `joined(text)` is called when it has to show another device's text, too.
   */
  constructor(url, { box, token, limit, joined }) {
    this.#box = box;
    this.#url = url;
    this.#token = token;
    this.#limit = limit;
    this.#joined = joined;
  }

  /**
   * Begin with the box of `conversation`, null for a new chat; return its text. `served` is
   * what the server had when it drew the page: `{text, version, now}`.
   */
  open(conversation, served) {
    this.#conversation = conversation;
    const found = store.read(this.#name("draft"));
    if (typeof found === "string") this.#kept = { text: found, isDirty: true };
    else if (found) this.#kept = found;
    this.#take(served);
    return this.#kept.text;
  }

  /** The box has another text now. */
  changed(text) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#keep(text, SERVER_PAUSE), PAUSE);
  }

  /** Keep `text` at once: it was sent, or the page may go away. */
  save(text) {
    this.#keep(text, 0);
  }

  /**
   * Another tab of this browser has sent `text`, and tells the server so. Return whether
   * `own`, what is in this box, was the same: as it was typed here, or begun there.
   */
  sentElsewhere(text, own) {
    const isSame = this.#isTyped ? text === own : text.startsWith(own);
    if (!own || !isSame) return false;
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.#kept = { text: "", isDirty: false };
    return true;
  }

  /** The same box belongs to `conversation` from now on: what it held was sent. */
  move(conversation, text) {
    if (conversation === this.#conversation) return;
    this.save("");
    store.write(this.#name("draft"), null);
    this.#conversation = conversation;
    this.#kept = { text: "", isDirty: false };
    this.#isTyped = false;
    this.#version = "";
    this.#request = null;
    this.#keep(text, SERVER_PAUSE);
  }

  /**
   * Return what the server has when it goes on with `text`, which it had from here; else
   * null. That is asked when somebody comes back to this page.
   */
  async goneOn(text) {
    if (this.#kept.isDirty || text !== this.#kept.text) return null;
    const conversation = this.#conversation;
    const url = `${this.#url}${conversation ?? NEW_CHAT}/`;
    const response = await fetch(url).catch(() => null);
    if (!response?.ok || response.redirected) return null;
    const served = await response.json();
    const isSame = conversation === this.#conversation && text === this.#kept.text;
    if (!isSame || served.text === text || !served.text.startsWith(text)) return null;
    this.#hold(served.text, served.version);
    return served.text;
  }

  #name(what) {
    const user = document.documentElement.dataset.user;
    return `${what}.${this.#conversation ?? `new.${user}`}`;
  }

  get #known() {
    return store.read(this.#name("draft-version")) ?? this.#version;
  }

  #take({ text, version, now }) {
    const isOld = Number(now) < Number(this.#known); // a page from the browser's history
    if (isOld) this.#kept.isDirty = true;
    else if (this.#kept.text === text || !this.#kept.isDirty) this.#hold(text, version);
    else if (version !== this.#known) this.#join({ text, version });
    if (this.#kept.isDirty) this.#send();
  }

  /** The server has this text. */
  #hold(text, version) {
    this.#kept = { text, isDirty: false };
    this.#write(version);
  }

  /** Nothing that was typed is lost: the longer of the two, or one after the other. */
  #join({ text, version }) {
    const both = joined(text, this.#kept.text);
    this.#kept = { text: both, isDirty: both !== text };
    this.#write(version);
  }

  #keep(text, pause) {
    clearTimeout(this.#timer);
    const isTyped = text !== this.#kept.text;
    this.#isTyped ||= isTyped;
    if (isTyped || this.#isDisplaced(text)) {
      this.#kept = { text, isDirty: true };
      this.#write(this.#known);
    }
    if (!this.#kept.isDirty) return;
    if (pause) this.#timer = setTimeout(() => this.#send(), pause);
    else this.#send();
  }

  /** Whether another tab wrote something else over it: then only this box has it. */
  #isDisplaced(text) {
    const kept = store.read(this.#name("draft"))?.text ?? "";
    return this.#isTyped && !kept.startsWith(text);
  }

  #write(version) {
    this.#version = version;
    const isEmpty = !this.#kept.text && !this.#kept.isDirty;
    store.write(this.#name("draft"), isEmpty ? null : this.#kept);
    store.write(this.#name("draft-version"), version);
  }

  /** What is on its way already is out of date: this takes its place. */
  async #send() {
    this.#request?.abort();
    const { text } = this.#kept;
    if (text.length > this.#limit) return;
    const request = new AbortController();
    this.#request = request;
    const body = new URLSearchParams({
      csrfmiddlewaretoken: this.#token,
      conversation: this.#conversation ?? NEW_CHAT,
      version: this.#known,
      text,
    });
    const keepalive = String(body).length < KEEPALIVE_BYTES;
    const init = { method: "POST", body, keepalive, signal: request.signal };
    const response = await fetch(this.#url, init).catch(() => null);
    const isAnswer = response?.ok || response?.status === CONFLICT;
    const answer = isAnswer && !response.redirected ? await response.json() : null;
    if (!answer || this.#request !== request) return;
    if (response.ok) this.#sent(text, answer);
    else this.#meet(answer);
  }

  #sent(text, { version }) {
    if (this.#kept.text === text) this.#kept.isDirty = false;
    this.#write(version);
  }

  #meet(other) {
    const own = this.#box.value; // more may have been typed since
    this.#kept = { text: own, isDirty: true };
    this.#join(other);
    if (this.#kept.text !== own) this.#joined(this.#kept.text);
    if (this.#kept.isDirty) this.#send();
  }
}

/** Return both texts: the longer if it goes on with the other, else one after the other. */
export function joined(one, other) {
  if (one.startsWith(other)) return one;
  if (other.startsWith(one)) return other;
  return [one, other].join("\n\n");
}
