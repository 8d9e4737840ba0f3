import { Letter } from "./letter.js";
import { store } from "./store.js";

const PATIENCE = 5_000; // with no answer for so long, a message counts as not saved
const MOST_PATIENCE = 40_000; // once it was sent again and again
const REPLY_PATIENCE = 3_000;
const TOO_MANY = "too_many"; // refused only until a reply that is being written ends
const FRESH = 10 * 60_000; // an older message is not sent by itself when a page opens

/**
 * The messages of one conversation on their way: shown at once, kept until accepted, sent
 * one after the other, each with the same client_id however often.
 *
 * The host is the thread: `messages`, `parent`, `send(frame)`, `renew()`.
 */
export class Outbox {
  #host;
  #conversation;
  #letters = [];
  #sent = null; // the one that waits for its answer
  #awaited = null; // the message whose reply comes before the next is sent
  #timer = 0;

  /** `isFound`: it is another tab's, which was closed; a person sends it, or gives it up. */
  constructor(host, conversation, isFound = false) {
    this.#host = host;
    this.#conversation = conversation;
    const since = isFound ? Infinity : Date.now() - FRESH;
    for (const { id, ...kept } of stored(conversation)) {
      this.#letters.push(new Letter(host.messages, id, kept, kept.at < since));
    }
  }

  /** Whether something is on its way to that conversation, from any tab. */
  static has(conversation) {
    return store.names(nameOf(conversation, "")).length > 0;
  }

  /** Call `heard({conversation, text, isFirst})` for each message another tab here sends. */
  static onSentElsewhere(heard) {
    store.onNew("outbox.", (name, { text, edits, first }) => {
      const [, conversation] = name.split(".");
      if (!edits) heard({ conversation, text, isFirst: "persona" in (first ?? {}) });
    });
  }

  get isEmpty() {
    return this.#letters.length === 0;
  }

  /**
   * Show `text` as a message on its way and send it as soon as its turn comes. `first`: what
   * the first message of a conversation says besides, as fields of its frame.
   */
  add(text, first) {
    const kept = { text, first, at: Date.now() };
    if (this.isEmpty && this.#awaited === null) kept.parent = this.#host.parent;
    this.#post(kept);
  }

  /** The same for `text` in place of the message of that id. */
  edit(message, text) {
    this.#post({ text, edits: message, at: Date.now() });
  }

  #post(kept) {
    const letter = new Letter(this.#host.messages, newId(), kept, false);
    this.#letters.push(letter);
    this.#keep(letter);
    this.#pump();
  }

  /** What had no answer is sent once more. */
  reconnected() {
    this.#sent = null;
    this.#pump();
  }

  accepted({ client_id, message }) {
    const letter = this.#take(client_id);
    if (!letter) return;
    letter.remove();
    this.#await(message);
  }

  /** The reply to `message` is here, so the next message knows what it follows. */
  answered(message) {
    if (message === this.#awaited) this.#goOn();
  }

  /** True when `error` was about one of ours, which a person has to send again. */
  refused({ client_id, code, detail }) {
    const letter = this.#find(client_id);
    if (!letter) return false;
    letter.refuse({ code, detail });
    this.#keep(letter);
    if (this.#sent === letter) this.#goOn();
    return true;
  }

  /** A reply has ended, so one that was too many no longer is. */
  relieved() {
    const held = this.#letters.filter(({ kept }) => kept.refusal?.code === TOO_MANY);
    for (const letter of held) this.#free(letter);
    if (held.length) this.#pump();
  }

  /** Try again, now after whatever is shown last. */
  resend(id) {
    this.#free(this.#find(id));
    this.#pump();
  }

  /** The server has this chat after all, and knows which of these it has. */
  resendAll() {
    for (const letter of this.#letters) this.#free(letter);
    this.#pump();
  }

  #free(letter) {
    delete letter.kept.parent;
    letter.wait();
    this.#keep(letter);
  }

  /** Give it up and return what was kept of it: `text`, `edits`. */
  withdraw(id) {
    const letter = this.#take(id);
    letter.remove();
    this.#pump();
    return letter.kept;
  }

  #pump() {
    if (this.#sent || this.#awaited !== null) return;
    const next = this.#letters.find((letter) => !letter.isFailed);
    if (!next) return;
    this.#expire(next);
    if (!("parent" in next.kept)) next.kept.parent = this.#host.parent;
    if (!this.#host.send(next.frame)) return;
    this.#sent = next;
    this.#keep(next);
  }

  /** Say so when `letter` stays without an answer; the connection may be dead. */
  #expire(letter) {
    clearTimeout(this.#timer);
    const patience = Math.min(MOST_PATIENCE, PATIENCE * 2 ** letter.doubts);
    this.#timer = setTimeout(() => {
      letter.doubt();
      if (this.#sent === letter) this.#host.renew();
    }, patience);
  }

  #await(message) {
    this.#awaited = message;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#goOn(), REPLY_PATIENCE);
  }

  #goOn() {
    clearTimeout(this.#timer);
    this.#sent = this.#awaited = null;
    this.#pump();
  }

  #find(id) {
    return this.#letters.find((letter) => letter.id === id);
  }

  #take(id) {
    const letter = this.#find(id);
    this.#letters = this.#letters.filter((other) => other !== letter);
    if (letter) store.write(nameOf(this.#conversation, id), null);
    if (this.#sent === letter) this.#sent = null;
    return letter;
  }

  #keep(letter) {
    const record = { id: letter.id, ...letter.kept };
    store.write(nameOf(this.#conversation, letter.id), record);
  }
}

function nameOf(conversation, id) {
  return `outbox.${conversation}.${id}`;
}

/** What is on its way to `conversation`, oldest first. */
function stored(conversation) {
  const all = store.names(nameOf(conversation, "")).map((name) => store.read(name));
  return all.filter(Boolean).sort((a, b) => a.at - b.at);
}

/** A UUID; `crypto.randomUUID` is missing where a site has no HTTPS. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
