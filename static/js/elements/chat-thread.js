import { Begun } from "../lib/begun.js";
import { Errands } from "../lib/errands.js";
import { Frames } from "../lib/frames.js";
import { mend, parse } from "../lib/html.js";
import { isComposing } from "../lib/keys.js";
import { Notice } from "../lib/notice.js";
import { Outbox } from "../lib/outbox.js";
import { offerQuotes } from "../lib/quotes.js";
import { onReturn } from "../lib/returning.js";
import { Socket } from "../lib/socket.js";
import { VERBS, editsLeft, stopFrame } from "../lib/verbs.js";
import { Versions } from "../lib/versions.js";
import { Pages, View } from "../lib/view.js";

const MOST_PAGES = 70; // fetched to find the message an address names

/**
 * <chat-thread conversation socket frames page [new] [marked]> is one conversation on the
 * page: it owns its connection, keeps the end in view and turns `[data-action]` into frames.
 * `marked` is the id of the message its reader came for, on whatever branch.
 */
class ChatThread extends HTMLElement {
  #socket;
  #frames;
  #view;
  #older;
  #versions;
  #begun = new Begun();
  #notice;
  #errands = new Errands(this);
  #hasNews = true;
  #events = new AbortController();

  connectedCallback() {
    this.messages = this.querySelector("#messages");
    this.#notice = new Notice(this.querySelector("#thread-notice"));
    const isFound = this.#resume();
    this.outbox = new Outbox(this, this.getAttribute("conversation"), isFound);
    this.#view = new View(this, this.messages, () => this.#moved());
    const older = this.querySelector("#thread-older");
    this.#older = new Pages(older, "prev", (page, relink) =>
      this.#view.keepPlace(() => {
        relink();
        this.messages.prepend(...page.querySelectorAll(".message"));
      }),
    );
    this.#versions = new Versions(this.#view);
    this.#listen();
    this.#connect();
    const marked = this.stays ? `#message-${this.getAttribute("marked")}` : "";
    this.#find(location.hash || marked);
    editsLeft(this);
  }

  disconnectedCallback() {
    this.#events.abort();
    this.#frames.close();
    this.#socket.close();
    this.#view.close();
  }

  /** Send what a person wrote; `persona`, `folder`, `temporary` count in a new chat only. */
  post(text, persona, { folder, temporary } = {}) {
    const first = { persona };
    if (folder) first.folder = Number(folder);
    if (temporary) first.temporary = true;
    if (this.isNew) this.#begun.begin(this.getAttribute("conversation"));
    this.#calm();
    this.outbox.add(text, this.isNew ? first : {});
    this.#view.toEnd();
    this.#update();
  }

  /** Ask again with `text` in place of the message of that id. */
  edit(message, text) {
    this.#calm();
    this.outbox.edit(message, text);
  }

  stop() {
    for (const reply of this.#frames.replies.open) {
      reply.freeze();
      this.act(stopFrame(reply));
    }
    this.#update();
  }

  send(frame) {
    return this.#socket?.send(frame) ?? false;
  }

  /** What was sent had no answer: the connection seems dead. */
  renew() {
    if (!this.#socket.isPlain) this.#notice.unanswered();
    this.#socket.renew();
  }

  get parent() {
    return this.#frames.parent;
  }

  get isNew() {
    return this.hasAttribute("new");
  }

  /** Whether its reader asked for this branch: it is not exchanged for a newer one. */
  get stays() {
    return this.hasAttribute("marked");
  }

  /** `message.accepted` was shown: a new chat has its own address from here on. */
  accepted(frame) {
    document.querySelector("conversation-list").refresh();
    if (!this.isNew) return;
    this.removeAttribute("new");
    document.querySelector("chat-composer").begun();
    this.#begun.end();
    history.replaceState(history.state, "", this.getAttribute("page"));
    const list = document.querySelector("conversation-list");
    list.setAttribute("current", frame.conversation);
  }

  changed({ title, header, item }) {
    mend(document.getElementById("thread-header"), parse(header).firstElementChild);
    const site = document.querySelector("meta[name=application-name]").content;
    document.title = `${title} · ${site}`;
    document.querySelector("conversation-list").show(item);
  }

  /** What is left of the budgets stands over the box. */
  spent(html) {
    const budget = document.getElementById("composer-budget");
    if (budget) mend(budget, parse(html).firstElementChild);
  }

  /** `error`: a message that was refused stays with its text, the rest is a notice. */
  failed(frame) {
    if (!this.outbox.refused(frame)) this.#notice.show("error", frame.detail);
  }

  /** A version of what is here was "added", or "chosen": the branch begins at `message`. */
  elsewhere(message, name = "added") {
    this.#notice.show(name);
    const button = this.querySelector('#thread-notice [data-action="branch.select"]');
    if (button) button.dataset.message = message;
  }

  /** Frames were applied; `isNews`: there is something to read. */
  shown(isNews) {
    this.#hasNews ||= isNews;
    this.#versions.shown();
    this.#update();
  }

  #connect() {
    this.#frames?.close();
    this.#frames = new Frames(this);
    this.#notice.away();
    const [socket, frames] = [this.getAttribute("socket"), this.getAttribute("frames")];
    this.#socket = new Socket(socket, this, frames);
    this.#update();
  }

  connected() {
    if (!this.#socket.isPlain) document.getElementById("sockets-missed")?.remove();
    this.#notice.back(this.#usual);
    this.send(this.syncFrame());
    for (const reply of this.#frames.replies.stopping) this.send(stopFrame(reply));
    this.#errands.reconnected();
    this.outbox.reconnected();
    this.#read();
  }

  received(frame) {
    if (this.isNew && frame.type === "message.posted") this.outbox.resendAll();
    this.#errands.heard(frame);
    this.#frames.receive(frame);
  }

  lost() {
    this.#notice.away();
  }

  refused(code) {
    this.#notice.over(code);
    const { signal } = this.#events;
    onReturn(this.getAttribute("conversation"), () => this.#connect(), signal);
  }

  syncFrame() {
    return this.#frames.syncFrame();
  }

  get busy() {
    return this.#frames.isOpen;
  }

  /** What there is to say of a connection that is there. */
  get #usual() {
    const isTold = document.getElementById("sockets-missed");
    return this.#socket?.isPlain && !isTold ? "plain-http" : "";
  }

  #calm() {
    this.#notice.calm(this.#usual);
  }

  #listen() {
    const { signal } = this.#events;
    document.addEventListener("click", (event) => this.#clicked(event), { signal });
    document.addEventListener("keydown", (event) => this.#pressed(event), { signal });
    offerQuotes(this.messages, signal);
    document.addEventListener("visibilitychange", () => this.#read(), { signal });
    addEventListener("hashchange", () => this.#find(location.hash), { signal });
  }

  #clicked(event) {
    const button = event.target.closest?.("[data-action]");
    const verb = button && VERBS[button.dataset.action];
    if (!verb || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    verb(this, button);
  }

  /** Escape stops the reply, unless it belongs to a word or something that is open. */
  #pressed(event) {
    this.#versions.pressed(event);
    if (event.key !== "Escape" || event.defaultPrevented || isComposing(event)) return;
    const inner = "dialog[open], [popover]:popover-open, conversation-list[selecting]";
    if (!document.querySelector(inner)) this.stop();
  }

  /** Another version of a message is asked for by `button`. */
  select(button) {
    this.#versions.asked(button);
    this.act({ type: "branch.select", message: Number(button.dataset.message) });
  }

  /** Send what a person wants done, as soon as there is a connection. */
  act(frame) {
    this.#calm();
    this.#errands.add(frame);
  }

  /** Give up a message on its way; return what is left of it. */
  withdraw(id) {
    const kept = this.outbox.withdraw(id);
    if (this.outbox.isEmpty) this.#begun.end();
    this.#update();
    return kept;
  }

  toEnd() {
    this.#view.toEnd();
  }

  #update() {
    const composer = document.querySelector("chat-composer");
    if (composer) composer.replying = this.#frames.replies.open.length > 0;
    const welcome = document.querySelector("[data-new]");
    welcome?.toggleAttribute("hidden", this.messages.firstElementChild !== null);
    this.#read();
  }

  #moved() {
    const button = this.querySelector('[data-action="thread.end"]');
    button?.toggleAttribute("hidden", this.#view.isAtEnd);
    this.#read();
  }

  /** Tell the server that the end was seen. */
  #read() {
    if (!this.#hasNews || this.isNew || document.hidden || !this.#view.isAtEnd) return;
    if (this.send({ type: "conversation.read" })) this.#hasNews = false;
  }

  /** Show the message that `hash` names, from older pages if need be. */
  async #find(hash) {
    if (!/^#message-\d+$/.test(hash)) return;
    const id = hash.slice(1);
    for (let page = 0; page < MOST_PAGES && !document.getElementById(id); page += 1) {
      if (!(await this.#older.load())) return;
    }
    const message = document.getElementById(id);
    if (message) this.#view.show(message);
  }

  /** Go on under the id that was sent before: twice is once then, too. */
  #resume() {
    const before = this.isNew && this.#begun.resume();
    if (!before) return false;
    const own = this.getAttribute("conversation");
    for (const name of ["conversation", "socket", "frames", "page"]) {
      this.setAttribute(name, this.getAttribute(name).replaceAll(own, before.id));
    }
    return before.isFound;
  }
}

customElements.define("chat-thread", ChatThread);
