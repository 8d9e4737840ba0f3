import { mend, parse } from "./html.js";

const OPEN = new Set(["queued", "running"]);

/** The messages of the branch that is shown: which are there, and where one belongs. */
export class Branch {
  #root;

  /** `root` holds the messages, oldest first, and then what is not sent yet. */
  constructor(root) {
    this.#root = root;
  }

  get messages() {
    return [...this.#root.querySelectorAll(":scope > [data-message]")];
  }

  /** The id of the last message, or null. */
  get head() {
    return idOf(this.#last);
  }

  /** The id of the last reply, or null; of two that are compared, the one in front. */
  get lastReply() {
    const inFront = this.#tail.find((message) => "shown" in message.dataset);
    return idOf(inFront ?? this.messages.findLast(isReply));
  }

  find(id) {
    return id == null ? null : document.getElementById(`message-${id}`);
  }

  /** Whether `message` is here, goes on with what is, or stands beside it. */
  takes(message) {
    if (this.find(idOf(message))) return true;
    const tail = this.#tail;
    if (!tail.length) return parentOf(message) === null;
    return tail.some((m) => idOf(m) === parentOf(message) || areCompared(m, message));
  }

  append(message) {
    const last = this.#last;
    if (last) last.after(message);
    else this.#root.prepend(message);
  }

  /** Whether there is a reply to the message of that id. */
  isAnswered(id) {
    return this.messages.some((message) => isReply(message) && parentOf(message) === id);
  }

  /** Whether one of these is here: an object by message id. */
  hasAny(siblings = {}) {
    return Object.keys(siblings).some((id) => this.find(id));
  }

  /** Whether another of `versions` is here than the message of that id. */
  showsOther(id, versions) {
    return !this.find(id) && versions.some((other) => this.find(other));
  }

  /** The messages after the one with that id; after null, all. */
  after(id) {
    const shown = this.messages;
    return id === null ? shown : shown.slice(shown.indexOf(this.find(id)) + 1);
  }

  /** The replies at the end to the question of `fresh` whose place it takes. */
  rivalsOf(fresh) {
    const isRival = (message) =>
      idOf(message) !== idOf(fresh) &&
      parentOf(message) === parentOf(fresh) &&
      !areCompared(message, fresh);
    return isReply(fresh) ? this.#tail.filter(isReply).filter(isRival) : [];
  }

  /** What is compared at the end with the message of that id. */
  besides(id) {
    const others = this.#tail.filter((message) => idOf(message) !== id);
    return others.length < this.#tail.length ? others : [];
  }

  /** Show what place each has among its versions: HTML by message id. */
  count(siblings = {}) {
    for (const [id, html] of Object.entries(siblings)) {
      const live = this.find(id)?.querySelector('[data-part="siblings"]');
      const fresh = live && parse(html).firstElementChild;
      if (fresh) mend(live, fresh);
    }
  }

  get #last() {
    return this.messages.at(-1);
  }

  /** The last message, and what is compared with it. */
  get #tail() {
    const last = this.#last;
    return this.messages.filter((m) => m === last || areCompared(m, last));
  }
}

export function idOf(message) {
  return message ? Number(message.dataset.message) : null;
}

export function isOpen(message) {
  return OPEN.has(message.dataset.state);
}

export function parentOf(message) {
  return Number(message.dataset.parent) || null;
}

function isReply(message) {
  return message.dataset.role === "assistant";
}

function areCompared(message, other) {
  const { compared } = message.dataset;
  return Boolean(compared) && compared === other.dataset.compared;
}
