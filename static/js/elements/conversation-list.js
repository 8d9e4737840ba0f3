import { mend, parse } from "../lib/html.js";
import { Socket } from "../lib/socket.js";
import { Pages, fetchFragment } from "../lib/view.js";

const NEWEST = "today";
const MARGIN = 10; // seconds by which the clocks of a site's processes may differ
const PAUSE = 15_000; // between two looks where no socket passes

/**
 * <conversation-list socket current since [page]> keeps itself up to date in every tab.
 * `current` is the conversation on this page; `since` is when the list was drawn, in
 * seconds of the server's clock; `page` is where it can be fetched anew where no socket
 * passes.
 */
class ConversationList extends HTMLElement {
  static observedAttributes = ["current"];

  #socket;
  #drawnAt = performance.now();
  #heardAt = 0; // milliseconds after that, with no frame yet: then
  #timer = 0;
  #events = new AbortController();

  connectedCallback() {
    document.addEventListener("visibilitychange", () => this.#markCurrent(), {
      signal: this.#events.signal,
    });
    this.#socket = new Socket(this.getAttribute("socket"), this);
    new Pages(this, "next", (page, relink) => {
      this.#merge(page);
      relink();
    });
  }

  disconnectedCallback() {
    this.#events.abort();
    clearInterval(this.#timer);
    this.#socket.close();
  }

  /** Fetch the first page again, where nothing else tells of changes. */
  refresh() {
    if (this.#timer) this.#fetch();
  }

  attributeChangedCallback() {
    for (const link of this.querySelectorAll("a[aria-current]")) {
      link.removeAttribute("aria-current");
    }
    this.#markCurrent();
  }

  /** Bring the item that `html` is up to date; into `group`, its top, when one is named. */
  show(html, group = "") {
    const fresh = parse(html).firstElementChild;
    const live = document.getElementById(fresh.id);
    if (live) mend(live, fresh);
    const item = live ?? fresh;
    this.#mark(item);
    if (group || !live) this.#lift(item, group || NEWEST);
  }

  connected() {
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#ask();
  }

  received({ type, item, group, conversation }) {
    if (type === "sync") return this.#ask();
    this.#heardAt = performance.now() - this.#drawnAt;
    if (type === "conversation.changed") this.show(item, group);
    if (type === "conversation.removed") this.#drop(this.#find(conversation));
  }

  lost() {}

  refused() {}

  unreachable() {
    this.#timer ||= setInterval(() => document.hidden || this.#fetch(), PAUSE);
  }

  /** Ask for what changed since the server last told of something. */
  #ask() {
    const heard = Number(this.getAttribute("since")) + this.#heardAt / 1000;
    this.#socket.send({ type: "list.sync", since: Math.floor(heard) - MARGIN });
  }

  async #fetch() {
    const page =
      this.hasAttribute("page") && (await fetchFragment(this.getAttribute("page")));
    for (const group of page ? [...page.querySelectorAll("[data-group]")] : []) {
      for (const item of [...group.querySelectorAll("li")].reverse()) {
        if (this.#group(group.dataset.group))
          this.show(item.outerHTML, group.dataset.group);
      }
    }
  }

  #find(conversation) {
    return conversation
      ? document.getElementById(`conversation-${conversation}`)
      : null;
  }

  #group(name) {
    return this.querySelector(`[data-group="${name}"]`);
  }

  #markCurrent() {
    this.#mark(this.#find(this.getAttribute("current")));
  }

  /** The page of a conversation marks it, and what is looked at is not unread. */
  #mark(item) {
    if (!item || item.id !== `conversation-${this.getAttribute("current")}`) return;
    item.querySelector("a").setAttribute("aria-current", "page");
    if (!document.hidden) item.classList.remove("list-item--unread");
  }

  #lift(item, group) {
    const list = this.#group(group)?.querySelector("ol");
    if (!list || list.firstElementChild === item) return;
    const focused = item.contains(document.activeElement)
      ? document.activeElement
      : null;
    const left = item.closest("[data-group]");
    list.prepend(item);
    focused?.focus();
    this.#tidy(left);
  }

  #drop(item) {
    const group = item?.closest("[data-group]");
    item?.remove();
    this.#tidy(group);
  }

  /** A day without conversations is no heading; today's stays for those to come. */
  #tidy(group) {
    if (group && group.dataset.group !== NEWEST && !group.querySelector("li"))
      group.remove();
  }

  /** Add a further page, going on with the groups that are here. */
  #merge(page) {
    for (const group of [...page.querySelectorAll("[data-group]")]) {
      const here = this.#group(group.dataset.group);
      for (const item of [...group.querySelectorAll("li")]) {
        if (document.getElementById(item.id)) item.remove();
        else here?.querySelector("ol").append(item);
      }
      if (!here && group.querySelector("li"))
        this.querySelector("a[rel=next]").before(group);
    }
    this.#markCurrent();
  }
}

customElements.define("conversation-list", ConversationList);
