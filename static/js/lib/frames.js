import { Reply, announce, mend, parse, phrase } from "./html.js";

const OPEN = new Set(["queued", "running"]);
const ACK_PAUSE = 200;
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
  #ackTimer = 0;
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
    return idOf(this.#last);
  }

  /** The id of the last reply shown, which the next message answers, or null. */
  get parent() {
    return idOf([...this.#messages()].findLast((m) => m.dataset.role === "assistant"));
  }

  /** The reply that Stop is about: the one that runs, else the first that waits. */
  get openReply() {
    const open = [...this.#replies.values()].filter((reply) => !reply.isFrozen);
    return open.find((reply) => reply.isRunning) ?? open[0];
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
    this.#acknowledge();
    this.#host.shown(isNews);
    if (!document.hidden) this.#rest();
  }

  /** Say what was shown, now and then: the server sends 64 KiB ahead. */
  #acknowledge() {
    if (!this.#acks.size || this.#ackTimer) return;
    this.#ackTimer = setTimeout(() => {
      this.#ackTimer = 0;
      for (const [message, seq] of this.#acks) {
        this.#host.send({ type: "ack", message, seq });
      }
      this.#acks.clear();
    }, ACK_PAUSE);
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
    if (!this.#place(element(frame.html))) this.#sync();
    this.#host.outbox.accepted(frame);
    this.#host.accepted(frame);
  }

  posted(frame) {
    return this.#place(element(frame.html));
  }

  started(frame) {
    const fresh = element(frame.html);
    if (isRival(this.#last, fresh)) this.#remove(this.#last);
    if (this.#place(fresh)) this.#host.outbox.answered(frame.parent);
    else this.#elsewhere.add(frame.message);
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
        this.#ask(frame.message);
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
    this.#elsewhere.delete(frame.message);
    const message = element(frame.html);
    const sentence = this.#sentence(message, frame); // placed, its words are gone
    const isShown = this.#place(message);
    if (isShown) announce(sentence);
    this.#host.outbox.relieved();
    return isShown;
  }

  /** Say the end of a reply in the words that #announcer has for its state. */
  #sentence(message, { state, error }) {
    const { dataset } = document.getElementById("announcer");
    const words = (name) => message.querySelector(`[data-part="${name}"]`)?.textContent;
    const values = { persona: words("persona")?.trim(), text: words("body").trim() };
    return phrase(error?.sentence || (dataset[state] ?? dataset.finished), values);
  }

  #messages() {
    return this.#host.messages.querySelectorAll(":scope > [data-message]");
  }

  get #last() {
    return [...this.#messages()].at(-1);
  }

  #find(id) {
    return id == null ? null : document.getElementById(`message-${id}`);
  }

  /** Show `fresh` if it stands on the branch that is shown, or goes on with it. */
  #place(fresh) {
    const isHere = this.#find(idOf(fresh)) || parentOf(fresh) === this.head;
    if (isHere) this.#put(fresh);
    return Boolean(isHere);
  }

  /** Show `fresh` in place of the same message, or at the end. */
  #put(fresh) {
    const live = this.#find(idOf(fresh));
    if (!live) this.#append(fresh);
    else if (isOpen(fresh) && this.#replies.get(idOf(fresh))?.isKnown) return;
    else this.#exchange(live, fresh);
    this.#adopt(live ?? fresh);
  }

  #append(fresh) {
    const unsent = this.#host.messages.querySelector(":scope > [data-client-id]");
    this.#host.messages.insertBefore(fresh, unsent);
  }

  #exchange(live, fresh) {
    mend(live, fresh);
    live.dress?.();
    this.#replies.delete(idOf(fresh));
  }

  #remove(message) {
    const id = idOf(message);
    if (this.#replies.delete(id)) this.#elsewhere.add(id);
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

  /** Ask once whether a reply that nothing was heard of belongs here. */
  #ask(id) {
    this.#elsewhere.add(id);
    this.#sync();
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

function parentOf(message) {
  return Number(message.dataset.parent) || null;
}

/** Whether `live` is another reply to what `fresh` answers. */
function isRival(live, fresh) {
  if (live?.dataset.role !== "assistant" || idOf(live) === idOf(fresh)) return false;
  return parentOf(live) === parentOf(fresh);
}

function isOpen(message) {
  return OPEN.has(message.dataset.state);
}
