import { Reply, announce, mend, parse, phrase } from "./html.js";

const OPEN = new Set(["queued", "running"]);
const SYNC_PAUSE = 1_000;
const SILENCE = 10_000; // so long without a frame, an open reply is asked after

/**
 * Puts the frames of one conversation on its page, in order, at most once a screen frame.
 *
 * The host is the thread: `messages` (the element that holds them), `outbox`,
 * `send(frame)`, `accepted(frame)`, `changed(frame)`, `failed(frame)`, `shown(isNews)`.
 */
export class Frames {
  #host;
  #queue = [];
  #isResting = false;
  #replies = new Map(); // message id → Reply, those that are being written
  #elsewhere = new Set(); // replies of branches that are not shown here
  #acks = new Map();
  #syncTimer = 0;
  #syncedAt = -Infinity;
  #heardAt = 0;
  #watchdog = 0;

  constructor(host) {
    this.#host = host;
    for (const message of this.#messages()) this.#adopt(message);
    this.#watchdog = setInterval(() => this.#lookAfter(), SILENCE / 2);
  }

  close() {
    clearInterval(this.#watchdog);
    clearTimeout(this.#syncTimer);
  }

  /** The id of the last message shown, or null. */
  get head() {
    return idOf([...this.#messages()].at(-1));
  }

  /** The last reply that is being written and was not stopped here, or undefined. */
  get openReply() {
    return [...this.#replies.values()].filter((reply) => !reply.isFrozen).at(-1);
  }

  get isOpen() {
    return this.#replies.size > 0;
  }

  /** Those stopped here that have not ended yet. */
  get stopping() {
    return [...this.#replies.values()].filter((reply) => reply.isFrozen);
  }

  /** What the server must know to send what this page misses. */
  syncFrame() {
    const seq = {};
    for (const [id, reply] of this.#replies) seq[id] = reply.seq;
    this.#syncedAt = this.#heardAt = performance.now();
    return { type: "sync", seq, head: this.head };
  }

  /** Apply `frame` now, or with the next screen frame when one was applied in this one. */
  receive(frame) {
    this.#heardAt = performance.now();
    this.#queue.push(frame);
    if (document.hidden || !this.#isResting) this.#drain();
  }

  #drain() {
    let isNews = false;
    for (const frame of this.#queue.splice(0)) isNews = this.#apply(frame) || isNews;
    for (const reply of this.#replies.values()) reply.flush();
    for (const [message, seq] of this.#acks) {
      this.#host.send({ type: "ack", message, seq });
    }
    this.#acks.clear();
    this.#host.shown(isNews);
    if (!document.hidden) this.#rest();
  }

  #rest() {
    this.#isResting = true;
    requestAnimationFrame(() => {
      this.#isResting = false;
      if (this.#queue.length) this.#drain();
    });
  }

  /** True when the frame brought something to read. */
  #apply(frame) {
    try {
      return Boolean(this[HANDLERS[frame.type]]?.(frame));
    } catch (error) {
      reportError(error);
      this.#replies.get(frame.message)?.forget();
      this.#sync();
      return false;
    }
  }

  accepted(frame) {
    this.#put(element(frame.html));
    this.#host.outbox.accepted(frame);
    this.#host.accepted(frame);
  }

  posted(frame) {
    this.#put(element(frame.html));
    return true;
  }

  started(frame) {
    const rival = this.#rivalOf(frame);
    if (rival && rival !== [...this.#messages()].at(-1)) {
      this.#elsewhere.add(frame.message);
      return;
    }
    if (rival) this.#remove(rival);
    this.#put(element(frame.html), this.#find(frame.parent));
    this.#host.outbox.answered(frame.parent);
  }

  changed(frame) {
    if (frame.branch) this.#showBranch(frame.branch);
    this.#host.changed(frame);
  }

  failed(frame) {
    const reply = this.#replies.get(frame.message);
    if (reply) reply.isFrozen = false;
    this.#host.failed(frame);
  }

  progressed(frame) {
    this.#acks.set(frame.message, frame.seq);
    const reply = this.#replies.get(frame.message);
    if (!reply) {
      if (!this.#find(frame.message) && !this.#elsewhere.has(frame.message))
        this.#sync();
    } else if (!reply.take(frame)) {
      this.#sync();
    }
  }

  snapshot(frame) {
    this.#acks.set(frame.message, frame.seq);
    this.#replies.get(frame.message)?.reset(frame);
  }

  ended(frame) {
    this.#replies.delete(frame.message);
    if (this.#elsewhere.delete(frame.message)) return false;
    const message = element(frame.html);
    this.#say(message, frame);
    this.#put(message);
    return true;
  }

  /** Tell the end of a reply in the words that #announcer has for its state. */
  #say(message, { state, error }) {
    const { dataset } = document.getElementById("announcer");
    const words = (name) => message.querySelector(`[data-part="${name}"]`)?.textContent;
    const values = { persona: words("persona")?.trim(), text: words("body").trim() };
    announce(phrase(error?.sentence || (dataset[state] ?? dataset.finished), values));
  }

  #messages() {
    return this.#host.messages.querySelectorAll(":scope > [data-message]");
  }

  #find(id) {
    return id == null ? null : document.getElementById(`message-${id}`);
  }

  /** Another reply that is shown where the one of `frame` belongs. */
  #rivalOf({ message, parent }) {
    const next = this.#find(parent)?.nextElementSibling;
    const isReply = next?.dataset.role === "assistant";
    return isReply && idOf(next) !== message ? next : null;
  }

  /** Show `fresh` in place of the same message, after `parent`, or at the end. */
  #put(fresh, parent = null) {
    const live = this.#find(idOf(fresh));
    if (!live) this.#insert(fresh, parent);
    else if (isOpen(fresh) && this.#replies.get(idOf(fresh))?.isKnown) return;
    else this.#exchange(live, fresh);
    this.#adopt(live ?? fresh);
  }

  #insert(fresh, parent) {
    const unsent = this.#host.messages.querySelector(":scope > [data-client-id]");
    const next = parent ? parent.nextElementSibling : unsent;
    this.#host.messages.insertBefore(fresh, next);
  }

  #exchange(live, fresh) {
    mend(live, fresh);
    live.dress?.();
    this.#replies.delete(idOf(fresh));
  }

  #remove(message) {
    this.#replies.delete(idOf(message));
    message.remove();
  }

  #adopt(message) {
    const id = idOf(message);
    this.#elsewhere.delete(id);
    if (!isOpen(message) || this.#replies.has(id)) return;
    const reply = new Reply(message);
    this.#replies.set(id, reply);
    if (!reply.isKnown) this.#sync();
  }

  #showBranch({ after, html }) {
    if (after !== null && !this.#find(after)) return location.reload();
    const fresh = [...parse(html).children];
    const kept = new Set(fresh.map(idOf));
    for (const message of this.#after(after)) {
      if (!kept.has(idOf(message))) this.#remove(message);
    }
    for (const message of fresh) this.#put(message);
  }

  #after(id) {
    const shown = [...this.#messages()];
    return id === null ? shown : shown.slice(shown.indexOf(this.#find(id)) + 1);
  }

  #sync() {
    clearTimeout(this.#syncTimer);
    const wait = this.#syncedAt + SYNC_PAUSE - performance.now();
    if (wait <= 0) this.#host.send(this.syncFrame());
    else this.#syncTimer = setTimeout(() => this.#host.send(this.syncFrame()), wait);
  }

  #lookAfter() {
    const silence = performance.now() - this.#heardAt;
    if (this.#replies.size && silence > SILENCE) this.#sync();
  }
}

const HANDLERS = {
  "message.accepted": "accepted",
  "message.posted": "posted",
  "reply.started": "started",
  "reply.progressed": "progressed",
  "reply.snapshot": "snapshot",
  "reply.ended": "ended",
  "conversation.changed": "changed",
  error: "failed",
};

function element(html) {
  return parse(html).firstElementChild;
}

function idOf(message) {
  return message ? Number(message.dataset.message) : null;
}

function isOpen(message) {
  return OPEN.has(message.dataset.state);
}
