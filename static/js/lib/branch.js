import { mend, parse } from "./html.js";

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

  /** The id of the last reply, or null. */
  get lastReply() {
    return idOf(this.messages.findLast(isReply));
  }

  find(id) {
    return id == null ? null : document.getElementById(`message-${id}`);
  }

  /** Whether `message` is here, or goes on with what is. */
  takes(message) {
    return this.find(idOf(message)) !== null || parentOf(message) === this.head;
  }

  append(message) {
    const unsent = this.#root.querySelector(":scope > [data-client-id]");
    this.#root.insertBefore(message, unsent);
  }

  /** The messages after the one with that id; after null, all. */
  after(id) {
    const shown = this.messages;
    return id === null ? shown : shown.slice(shown.indexOf(this.find(id)) + 1);
  }

  /** The reply at the end, if it and `fresh` are two to the same question. */
  rivalOf(fresh) {
    const last = this.#last;
    if (!last || !isReply(last) || idOf(last) === idOf(fresh)) return null;
    return parentOf(last) === parentOf(fresh) ? last : null;
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
}

export function idOf(message) {
  return message ? Number(message.dataset.message) : null;
}

function parentOf(message) {
  return Number(message.dataset.parent) || null;
}

function isReply(message) {
  return message.dataset.role === "assistant";
}
