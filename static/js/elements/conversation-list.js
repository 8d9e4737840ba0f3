import { mend, parse } from "../lib/html.js";
import { Socket } from "../lib/socket.js";
import { Pages, fetchFragment } from "../lib/view.js";

const NEWEST = "today";

/**
 * <conversation-list socket current [page]> keeps itself up to date in every tab. `current`
 * is the conversation on this page; `page` is where the list can be fetched anew after the
 * connection was away.
 */
class ConversationList extends HTMLElement {
  static observedAttributes = ["current"];

  #socket;
  #wasConnected = false;
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
    this.#socket.close();
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
    if (this.#wasConnected) this.#catchUp();
    this.#wasConnected = true;
  }

  received(frame) {
    if (frame.type === "conversation.changed") this.show(frame.item, frame.group);
    if (frame.type === "conversation.removed")
      this.#drop(this.#find(frame.conversation));
  }

  lost() {}

  refused() {}

  /** Fetch the first page again for what was not heard. */
  async #catchUp() {
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
