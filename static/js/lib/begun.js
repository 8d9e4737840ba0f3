import { Outbox } from "./outbox.js";
import { store } from "./store.js";

const LONG_AGO = 10 * 60_000; // a tab that crashed could not say that it was closed

/**
 * The new chats of one person whose first message is not saved yet, in all tabs.
 *
 * A tab that is reloaded goes on with its own. One that was closed leaves its chat to the
 * next page of a new chat, so that what was written is shown again.
 */
export class Begun {
  #name = `begun.${document.documentElement.dataset.user}`;
  #own = sessionStorage.getItem("chatsite.begun");

  constructor() {
    addEventListener("pagehide", () => this.#mark({ isLeft: true }));
    addEventListener("pageshow", () => this.#mark({ isLeft: false }));
  }

  /** Return `{id, isFound}` of the chat this page goes on with, or null. */
  resume() {
    const all = this.#all.filter(({ id }) => Outbox.has(id));
    if (all.some(({ id }) => id === this.#own)) return { id: this.#own, isFound: false };
    const since = Date.now() - LONG_AGO;
    const left = all.findLast(({ isLeft, at }) => isLeft || at < since);
    if (!left) return null;
    this.#keep(left.id);
    this.#mark({ isLeft: false });
    return { id: left.id, isFound: true };
  }

  /** A first message was written for the chat `id`. */
  begin(id) {
    this.#keep(id);
    this.#save([...this.#others, { id, at: Date.now(), isLeft: false }]);
  }

  /** It is saved, or was given up. */
  end() {
    this.#save(this.#others);
    sessionStorage.removeItem("chatsite.begun");
    this.#own = null;
  }

  get #all() {
    return store.read(this.#name) ?? [];
  }

  get #others() {
    return this.#all.filter(({ id }) => id !== this.#own);
  }

  #keep(id) {
    this.#own = id;
    sessionStorage.setItem("chatsite.begun", id);
  }

  #mark(change) {
    const own = this.#all.find(({ id }) => id === this.#own);
    if (own) this.#save([...this.#others, { ...own, ...change }]);
  }

  #save(all) {
    store.write(this.#name, all.length ? all : null);
  }
}
