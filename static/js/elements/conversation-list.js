import { listenForArranging } from "../lib/arranging.js";
import { tellServer } from "../lib/cookies.js";
import { focusShown } from "../lib/focus.js";
import { isAfter, mend, parse } from "../lib/html.js";
import { Groups, NEWEST } from "../lib/list-groups.js";
import { listenForListKeys } from "../lib/list-keys.js";
import { Socket } from "../lib/socket.js";
import { Pages, fetchFragment } from "../lib/view.js";

const MARGIN = 10; // seconds by which the clocks of a site's processes may differ
const PAUSE = 15_000; // between two looks where no socket passes

/**
 * <conversation-list socket current since page> keeps itself up to date in every tab.
 * `current` is the conversation on this page; `since` is when the list was drawn, in
 * seconds of the server's clock; `page` is where it can be fetched anew.
 *
 * An item names its place: `data-in` a group, with the `data-label` of a day that is not here
 * yet, and `data-at`, by which the greatest is on top of its group.
 */
class ConversationList extends HTMLElement {
  static observedAttributes = ["current"];

  #groups = new Groups(this);
  #socket;
  #drawnAt = performance.now();
  #heardAt = 0; // milliseconds after that, with no frame yet: then
  #timer = 0;
  #renewing = null;
  #isStale = false; // since the list was asked for
  #events = new AbortController();

  connectedCallback() {
    const { signal } = this.#events;
    document.addEventListener("visibilitychange", () => this.#markCurrent(), { signal });
    // It does not bubble.
    this.addEventListener("toggle", ({ target }) => this.#unfolded(target), {
      capture: true,
      signal,
    });
    this.#socket = new Socket(this.getAttribute("socket"), this);
    this.#watch();
    listenForArranging(this, signal);
    listenForListKeys(this);
  }

  disconnectedCallback() {
    this.#events.abort();
    clearInterval(this.#timer);
    this.#socket.close();
  }

  /** Look for changes, where nothing else tells of them. */
  refresh() {
    if (this.#timer) this.#fetch();
  }

  /** Fetch the first page again and show it in place of all there is. */
  renew() {
    this.#isStale = true;
    this.#renewing ??= this.#untilFresh().finally(() => (this.#renewing = null));
    return this.#renewing;
  }

  attributeChangedCallback() {
    for (const link of this.querySelectorAll("a[aria-current]")) {
      link.removeAttribute("aria-current");
    }
    this.#markCurrent();
  }

  /** Bring the item that `html` is up to date, and to its place; "" is none. */
  show(html) {
    const fresh = parse(html).querySelector("li");
    if (fresh) this.#put(fresh);
  }

  /** Return the item of that conversation, null when it is not here. */
  find(conversation) {
    return document.getElementById(`conversation-${conversation}`);
  }

  /** Focus the first item that came by `frames`; else what is on top. */
  focusOn(frames) {
    const items = frames.map(({ item }) => item && parse(item).querySelector("li"));
    const item = document.getElementById(items.find(Boolean)?.id) ?? this;
    focusShown(item.querySelector("a, summary"), item);
  }

  connected() {
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#ask();
  }

  received(frame) {
    if (frame.type === "sync") return this.#ask();
    this.#heardAt = performance.now() - this.#drawnAt;
    this.take(frame);
  }

  /** Show what `frame` tells of, also where it is the answer to what was done here. */
  take({ type, item, conversation, version }) {
    this.#isStale = true; // a list that is on its way may be older than this
    if (type === "conversation.changed") this.show(item);
    if (item) dispatchEvent(new MessageEvent(type, { data: conversation }));
    if (type === "conversation.removed") this.#drop(this.find(conversation));
    if (type === "folders.changed") this.renew();
    if (/^notices/.test(type)) dispatchEvent(new MessageEvent(type, { data: version }));
    if (type === "folders.known") this.#compare(version);
  }

  lost() {}

  refused() {}

  unreachable() {
    this.#timer ||= setInterval(() => document.hidden || this.#look(), PAUSE);
  }

  /** Ask for what changed since the server last told of something. */
  #ask() {
    const heard = Number(this.getAttribute("since")) + this.#heardAt / 1000;
    this.#socket.send({ type: "list.sync", since: Math.floor(heard) - MARGIN });
  }

  /** Nobody tells this page anything, of notices neither. */
  #look() {
    dispatchEvent(new Event("notices.changed"));
    return this.#fetch();
  }

  async #fetch() {
    const page = await fetchFragment(this.getAttribute("page"));
    if (!page) return;
    for (const item of [...page.querySelectorAll("li")]) this.#put(item);
    this.#compare(page.querySelector("#list-folders")?.dataset.version);
  }

  #compare(version) {
    const { dataset } = this.querySelector("#list-folders") ?? {};
    if (dataset && version !== undefined && dataset.version !== version) this.renew();
  }

  async #untilFresh() {
    while (this.#isStale) {
      this.#isStale = false;
      await this.#renew();
    }
  }

  async #renew() {
    const page = await fetchFragment(this.getAttribute("page"));
    if (!page || this.#isPutOff(this, () => this.renew())) return;
    const focused = this.contains(document.activeElement) && document.activeElement;
    const within = focused && focused.closest("[id]").id;
    const top = this.scrollTop;
    this.dispatchEvent(new Event("renewing"));
    this.replaceChildren(page);
    this.scrollTop = top;
    this.#watch();
    this.#drawn();
    if (!focused) return;
    const same = document.getElementById(within) ?? this;
    (same.querySelector(focused.localName) ?? same.querySelector("a, summary"))?.focus();
  }

  /** Have what comes next fetched as a reader comes near it. */
  #watch() {
    new Pages(this.querySelector(".list-end"), "next", (page, relink) => {
      this.#groups.merge(page);
      this.#drawn();
      relink();
    });
    for (const folder of this.querySelectorAll(".list-folder details[open]")) {
      this.#unfolded(folder);
    }
  }

  #unfolded(details) {
    const folder = details.closest(".list-folder");
    if (!folder) return;
    if (details.open && !details.isWatched) {
      details.isWatched = true;
      new Pages(details, "section", (page, relink) => this.#fill(details, page, relink));
    }
    const open = this.querySelectorAll(".list-folder > details[open]");
    const told = [...open].map((each) => each.parentElement.dataset.folder).join(".");
    tellServer("open_folders", told);
  }

  #fill(details, page, relink) {
    for (const item of page.querySelectorAll("li")) {
      const live = document.getElementById(item.id);
      if (live) mend(live, item);
      details.querySelector("ol").append(live ?? item);
    }
    const none = page.querySelector(".list-folder__none");
    if (none && !details.querySelector(".list-folder__none")) details.append(none);
    relink();
    this.#drawn();
  }

  #drawn() {
    this.#markCurrent();
    this.dispatchEvent(new Event("drawn"));
  }

  #markCurrent() {
    this.#mark(this.find(this.getAttribute("current")));
  }

  /** The page of a conversation marks it, and what is looked at is not unread. */
  #mark(item) {
    if (!item || item.id !== `conversation-${this.getAttribute("current")}`) return;
    item.querySelector("a").setAttribute("aria-current", "page");
    if (!document.hidden) item.classList.remove("list-item--unread");
  }

  #put(fresh) {
    const live = document.getElementById(fresh.id);
    if (live) mend(live, fresh);
    const item = live ?? fresh;
    item.dataset.in ||= NEWEST;
    this.#mark(item);
    this.#place(item);
  }

  /** A title of `part` that is written on stays as it is: `change` comes after that. */
  #isPutOff(part, change) {
    const form = part.querySelector("form.rename");
    form?.addEventListener("closed", change, { once: true });
    return Boolean(form);
  }

  #place(item) {
    if (this.#isPutOff(item, () => this.#place(item))) return;
    const { in: group, label } = item.dataset;
    const at = Number(item.dataset.at ||= Date.now());
    const place = this.#groups.find(group) ?? this.#groups.add(group, label, at);
    const list = place?.querySelector("ol");
    const others = list ? [...list.children].filter((other) => other !== item) : [];
    const isHere = item.parentElement === list;
    const isBelow = (other) =>
      Number(other.dataset.at) < at ||
      (isHere && other.dataset.at === item.dataset.at && isAfter(other, item));
    const next = others.find(isBelow) ?? null;
    const isBeyond = list && !next && !isHere && this.#groups.goesOn(place);
    if (!list || isBeyond) return this.#drop(item);
    if (isHere && item.nextElementSibling === next) return;
    const focused = item.contains(document.activeElement) && document.activeElement;
    const left = item.closest("[data-group]");
    list.insertBefore(item, next);
    if (focused) focusShown(focused, list);
    this.#groups.tidy(left);
  }

  #drop(item) {
    item?.querySelector("form.rename")?.dispatchEvent(new Event("takeback"));
    const group = item?.closest("[data-group]");
    const hadFocus = item?.contains(document.activeElement);
    const near = item?.nextElementSibling ?? item?.previousElementSibling;
    item?.remove();
    if (hadFocus) {
      const links = [...this.querySelectorAll("li a")];
      const first = near?.querySelector("a") ?? group?.querySelector("summary");
      (first ?? links.find((link) => link.checkVisibility()))?.focus();
    }
    this.#groups.tidy(group);
  }
}

customElements.define("conversation-list", ConversationList);
