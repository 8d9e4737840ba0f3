import { copyBy, sourceOf } from "../lib/clipboard.js";
import { parse } from "../lib/html.js";
import { quote } from "../lib/quoting.js";
import { follow } from "../lib/verbs.js";
import { fetchFragment } from "../lib/view.js";

const ITEMS = "a, button:not([disabled]), textarea";
let menu = null;
let asked = null; // whose menu was asked for last: an older answer is none

/** Show what can be done with a message beside `link`, whose page says it. */
export async function showMenu(thread, link) {
  asked = link;
  const content = await fetchFragment(link.href);
  if (asked !== link) return;
  if (!content) throw new Error("no menu");
  menu ??= new Menu(thread);
  menu.open(link, content);
}

/** The menu of a message, and the dialogs that it leads to. */
class Menu {
  #thread;
  #opener = null;
  #notes = new Map(); // what is written and not saved, by the address of its menu
  #element = document.createElement("div");
  #dialog = document.createElement("dialog");

  constructor(thread) {
    this.#thread = thread;
    this.#element.id = "message-menu";
    this.#element.className = "menu menu--message";
    this.#element.popover = "auto";
    this.#element.setAttribute("role", "dialog");
    this.#dialog.className = "dialog";
    this.#dialog.dataset.lightDismiss = "";
    for (const element of [this.#element, this.#dialog]) {
      element.addEventListener("click", (event) => this.#clicked(event));
      element.addEventListener("submit", (event) => this.#submitted(event));
    }
    this.#element.addEventListener("keydown", (event) => this.#pressed(event));
    this.#element.addEventListener("input", ({ target }) => {
      if (target.matches("textarea")) this.#notes.set(this.#opener.href, target.value);
    });
    this.#dialog.addEventListener("close", () => this.#opener?.focus());
    addEventListener("resize", () => this.#place());
    document.body.append(this.#element, this.#dialog);
  }

  get #isOpen() {
    return this.#element.matches(":popover-open");
  }

  open(opener, content) {
    this.#opener = opener;
    this.#element.setAttribute("aria-label", opener.getAttribute("aria-label"));
    this.#element.replaceChildren(content);
    this.#restore();
    this.#element.showPopover();
    this.#place();
    // Whoever came by the keyboard sees where they are.
    const focusVisible = opener.matches(":focus-visible");
    this.#element.querySelector(ITEMS)?.focus({ focusVisible });
  }

  /** A click beside the menu closes it, and a note may not have been saved. */
  #restore() {
    const field = this.#element.querySelector("textarea");
    if (field) field.value = this.#notes.get(this.#opener.href) ?? field.value;
  }

  /** Beside the button, where there is room: the style sheet reads these. */
  #place() {
    if (!this.#isOpen) return;
    const { top, bottom, left, right } = this.#opener.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.#element;
    const isBelow = bottom + height + 8 < innerHeight || top < height + 8;
    const y = isBelow ? Math.min(bottom + 4, innerHeight - height - 8) : top - height - 4;
    const x = left + width + 8 < innerWidth ? left : right - width;
    this.#element.style.setProperty("--x", `${Math.max(8, x)}px`);
    this.#element.style.setProperty("--y", `${Math.max(8, y)}px`);
  }

  async #clicked(event) {
    const item = event.target.closest("[data-action]");
    const action = item?.dataset.action;
    if (action === "message.copy-source") {
      await copyBy(item, sourceOf(item));
      if ("done" in item.dataset) setTimeout(() => this.#element.hidePopover(), 600);
    } else if (action === "message.quote") {
      await this.#quote(item);
    } else if (action === "message.dialog" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      await this.#openDialog(item);
    }
  }

  async #quote(item) {
    try {
      const text = await sourceOf(item);
      this.#element.hidePopover();
      quote(text);
    } catch {
      this.#thread.failed({});
    }
  }

  async #openDialog(link) {
    const content = await fetchFragment(link.href);
    if (!content) return follow(this.#thread, link);
    this.#element.hidePopover();
    this.#dialog.replaceChildren(content);
    const title = this.#dialog.querySelector(".dialog__title");
    this.#dialog.setAttribute("aria-label", title?.textContent ?? "");
    this.#dialog.showModal();
  }

  async #submitted(event) {
    const form = event.target;
    if ("refresh" in form.dataset) {
      event.preventDefault();
      await this.#refresh(form, event.submitter);
    } else if (form.dataset.frame) {
      event.preventDefault();
      this.#dialog.close();
      this.#thread.act(frameOf(form));
    }
  }

  /**
   * Send `form`, and show in its place what the server has to say now, unless the menu is
   * closed by then, or another message's.
   */
  async #refresh(form, submitter) {
    const opener = this.#opener;
    const body = new FormData(form, submitter);
    const index = [...form.elements].indexOf(submitter);
    const address = `${form.action}?fragment=1`;
    const answer = await fetch(address, { method: "POST", body }).catch(() => null);
    if (!answer) return this.#thread.failed({});
    if (answer.redirected || (!answer.ok && answer.status !== 422)) {
      return location.assign(opener.href);
    }
    const content = parse(await answer.text());
    if (answer.ok) this.#notes.delete(opener.href);
    if (opener !== this.#opener || !this.#isOpen) return;
    this.#element.replaceChildren(content);
    this.#place();
    this.#element.querySelector("form[data-refresh]")?.elements[index]?.focus();
  }

  #pressed(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.target.matches("textarea")) return;
    event.preventDefault();
    const items = [...this.#element.querySelectorAll(ITEMS)].filter(isShown);
    const at = items.indexOf(document.activeElement);
    items.at((at + step) % items.length).focus();
  }
}

function isShown(element) {
  return element.getClientRects().length > 0;
}

/** The frame that a form stands for: `data-frame`, for the message `data-message`. */
function frameOf(form) {
  const values = new FormData(form);
  const model = (name) => Number(values.get(name)) || null;
  const frame = { type: form.dataset.frame, message: Number(form.dataset.message) };
  const persona = values.get("persona") ?? "";
  if (frame.type === "reply.regenerate") {
    return { ...frame, persona, model: model("model") };
  }
  const first = values.get("first");
  if (!first) return { ...frame, personas: [persona], models: [model("model")] };
  const models = [model("first_model"), model("model")];
  return { ...frame, personas: [first, persona], models };
}
