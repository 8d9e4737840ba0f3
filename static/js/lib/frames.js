import { Acknowledgements } from "./acknowledgements.js";
import { Branch, idOf, isOpen, parentOf } from "./branch.js";
import { Early } from "./early.js";
import { handOnFocus } from "./focus.js";
import { Reply, announce, mend, parse } from "./html.js";
import { Replies } from "./replies.js";
import { Silence } from "./silence.js";
import { endOf, wordsOfOther } from "./spoken.js";

/**
 * Puts the frames of one conversation on its page, in order; text that grows at most once a
 * screen frame.
 *
 * The host is the thread: `messages` (the element that holds them), `outbox`,
 * `stays` (its reader asked for this branch), `send(frame)`, `renew()`, `accepted(frame)`,
 * `changed(frame)`, `spent(html)`, `failed(frame)`, `elsewhere(id, name)` (a version of what is here was
 * "added" or "chosen" on another branch), `shown(isNews)`.
 */
export class Frames {
  #host;
  #branch;
  #queue = [];
  #early = new Early(() => this.#tryEarly());
  #hasGrown = false;
  #isResting = false;
  #replies = new Replies();
  #elsewhere = new Set(); // replies of branches that are not shown here
  #acknowledgements;
  #silence = new Silence(this);

  constructor(host) {
    this.#host = host;
    this.#branch = new Branch(host.messages);
    this.#acknowledgements = new Acknowledgements((frame) => host.send(frame));
    for (const message of this.#branch.messages) this.#adopt(message);
  }

  close() {
    this.#early.close();
    this.#silence.close();
  }

  /** The id of the last reply shown, which the next message answers, or null. */
  get parent() {
    return this.#branch.lastReply;
  }

  /** Those that are being written here. */
  get replies() {
    return this.#replies;
  }

  get isOpen() {
    return this.#replies.size > 0;
  }

  /** What the server must know to send what this page misses. */
  syncFrame() {
    this.#silence.asked();
    const title = document.getElementById("conversation-title").textContent.trim();
    const frame = { type: "sync", seq: this.#replies.seq, head: this.#branch.head, title };
    return this.#host.stays ? { ...frame, stays: true } : frame;
  }

  ask() {
    this.#host.send(this.syncFrame());
  }

  renew() {
    this.#host.renew();
  }

  /** Apply `frame` now, or with the next screen frame when text has grown in this one. */
  receive(frame) {
    this.#silence.heard();
    this.#queue.push(frame);
    if (document.hidden || !this.#isResting) this.#drain();
  }

  #drain() {
    const isGrowing = this.#queue.some(({ type }) => type === "reply.progressed");
    const next = () => this.#branch.messages.at(-1);
    const isNews = handOnFocus(() => this.#applyAll(), next);
    for (const reply of this.#replies.values()) reply.flush();
    this.#acknowledgements.send();
    this.#host.shown(isNews);
    if (isGrowing && !document.hidden) this.#rest();
  }

  #applyAll() {
    let isNews = false;
    while (this.#queue.length) {
      isNews = this.#apply(this.#queue.shift()) || isNews;
      if (this.#hasGrown) this.#queue.unshift(...this.#early.take());
      this.#hasGrown = false;
    }
    return isNews;
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
      this.#silence.ask();
      return false;
    }
  }

  accepted(frame) {
    if (!this.#place(element(frame.html)) && this.#wait(frame)) return;
    this.#host.outbox.accepted(frame);
    if (!frame.answered || this.#branch.isAnswered(frame.message))
      this.#host.outbox.answered(frame.message);
    this.#host.accepted(frame);
  }

  posted(frame) {
    const message = element(frame.html);
    const isShown = this.#placeAloud(message, wordsOfOther(message));
    if (!isShown) this.#wait(frame);
    this.#branch.count(frame.siblings);
    return isShown;
  }

  started(frame) {
    // Of one that waited, the reply may have come with its branch: further than it says.
    const isLate = frame.heardAt && this.#branch.find(frame.message);
    if (isLate) return this.#host.outbox.answered(frame.parent);
    const fresh = element(frame.html);
    for (const rival of this.#branch.rivalsOf(fresh)) this.#remove(rival);
    if (this.#place(fresh)) {
      this.#host.outbox.answered(frame.parent);
    } else {
      this.#elsewhere.add(frame.message);
      this.#wait(frame);
    }
    this.#branch.count(frame.siblings);
  }

  /** False when `frame` has waited long enough: it is of another branch, or of a gap. */
  #wait(frame) {
    if (!this.#early.keep(frame)) {
      if (this.#branch.hasAny(frame.siblings)) this.#host.elsewhere(frame.message);
      else this.#silence.ask();
      return false;
    }
    if (frame.type === "message.accepted") this.#silence.ask();
    return true;
  }

  #tryEarly() {
    this.#queue.unshift(...this.#early.take());
    this.#drain();
  }

  /** Events may not have reached this socket. */
  missed() {
    this.#silence.ask();
  }

  changed(frame) {
    if (frame.branch) this.#showBranch(frame.branch);
    this.#host.changed(frame);
  }

  /** What is left to whoever writes here. */
  spent({ html }) {
    this.#host.spent(html);
  }

  /** Another tab shows the branch of `message` now. */
  selected({ message, versions }) {
    const isOther = this.#branch.showsOther(message, versions);
    if (isOther) this.#host.elsewhere(message, "chosen");
  }

  failed(frame) {
    const reply = this.#replies.get(frame.message);
    if (reply) reply.isFrozen = false;
    this.#host.failed(frame);
  }

  progressed(frame) {
    this.#acknowledgements.add(frame);
    const reply = this.#replies.get(frame.message);
    if (!reply) {
      if (this.#branch.find(frame.message) || this.#elsewhere.has(frame.message)) return;
      this.#elsewhere.add(frame.message); // asked once, whether it belongs here
      this.#silence.ask();
    } else if (!reply.take(frame)) {
      this.#silence.ask();
    }
  }

  snapshot(frame) {
    this.#acknowledgements.add(frame);
    this.#replies.get(frame.message)?.reset(frame);
  }

  ended(frame) {
    this.#replies.delete(frame.message);
    this.#elsewhere.delete(frame.message);
    const message = element(frame.html);
    const isShown = this.#placeAloud(message, endOf(message, frame));
    this.#host.outbox.relieved();
    return isShown;
  }

  /** Say `sentence` when `fresh` is shown, and once: who asks meanwhile is told it twice. */
  #placeAloud(fresh, sentence) {
    const live = this.#branch.find(idOf(fresh));
    const isNew = !live || isOpen(live);
    const isShown = this.#place(fresh);
    if (isShown && isNew) announce(sentence);
    return isShown;
  }

  /** Show `fresh` if it stands on the branch that is shown, or goes on with it. */
  #place(fresh) {
    const isHere = this.#branch.takes(fresh);
    if (isHere) this.#put(fresh);
    return isHere;
  }

  /** Show `fresh` in place of the same message, or at the end. */
  #put(fresh) {
    const live = this.#branch.find(idOf(fresh));
    if (!live) this.#append(fresh);
    else if (isOpen(fresh) && this.#replies.get(idOf(fresh))?.isKnown) return;
    else this.#exchange(live, fresh);
    this.#adopt(live ?? fresh);
  }

  #append(fresh) {
    // Who writes on under one of two has chosen it.
    for (const other of this.#branch.besides(parentOf(fresh))) this.#remove(other);
    this.#branch.append(fresh);
    this.#hasGrown = true;
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
    if (!reply.isKnown) this.#silence.ask();
  }

  #showBranch({ after, html }) {
    if (after !== null && !this.#branch.find(after)) return location.reload();
    const fresh = [...parse(html).children];
    const kept = new Set(fresh.map(idOf));
    for (const message of this.#branch.after(after)) {
      if (!kept.has(idOf(message))) this.#remove(message);
    }
    for (const message of fresh) this.#put(message);
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
  "branch.selected": "selected",
  "budget.changed": "spent",
  error: "failed",
  sync: "missed",
};

function element(html) {
  return parse(html).firstElementChild;
}
