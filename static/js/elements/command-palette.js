import { announce, phrase } from "../lib/html.js";
import { Listbox } from "../lib/listbox.js";
import { score } from "../lib/matching.js";
import { fetchFragment } from "../lib/view.js";

// What can be done on this page, the likeliest first. The links of the account's menu are
// on the server's list.
const ACTIONS = [
  "#thread-menu .menu__item",
  "#composer-stop",
  "#messages > .message:last-of-type .actions button[aria-label]",
  ".composer__choice",
  "[data-palette]:not(dialog *)",
  "#sidebar:not([inert]) #list-menu button",
  "#user-menu button",
];
const MOST_ACTIONS = 16;
const MOST_UNASKED = 6; // of them while nothing is typed
const START = 8; // the rank of a label that begins with what is typed …
const WORD = 6; // … and what each further word adds that one of its words begins with

/** What an option of the page stands for, by the option. */
const targets = new WeakMap();

/**
 * <command-palette url> in a dialog: what is typed in its field names conversations,
 * personas and pages, which `url` tells, and the actions of this page.
 */
class CommandPalette extends HTMLElement {
  #field = this.querySelector("input");
  #root = this.querySelector("[role=listbox]");
  #none = this.querySelector(".options__none");
  #listbox = new Listbox(this.#field, this.#root, (option) => this.#choose(option));
  #asked = null; // the query that `url` was last asked for
  #fresh = null; // the one it answered last
  #found = [];
  #isWanted = false; // Enter was pressed before the answer came

  connectedCallback() {
    this.#field.addEventListener("input", () => this.#ask());
    this.#field.addEventListener("keydown", (event) => this.#pressed(event));
    this.closest("dialog").addEventListener("close", () => this.#empty());
  }

  /** The dialog was opened: what was typed since then counts, and Enter, if it was. */
  opened(isEntered) {
    this.#ask();
    this.#isWanted = isEntered;
  }

  get #query() {
    return this.#field.value.trim();
  }

  #empty() {
    this.#field.value = "";
    this.#asked = this.#fresh = null;
    this.#found = [];
    this.#isWanted = false;
    this.#root.replaceChildren();
    this.#none.textContent = "";
    this.querySelector("[data-announcer]").textContent = ""; // the same is said again
  }

  async #ask() {
    const query = this.#query;
    if (query === this.#asked) return;
    this.#asked = query;
    this.#isWanted = false;
    const url = new URL(this.getAttribute("url"), location.href);
    url.searchParams.set("q", query);
    const page = await fetchFragment(url);
    if (query !== this.#asked) return;
    this.#fresh = query;
    this.#found = page ? [...page.children] : [];
    if (!query) this.#found = this.#found.filter(leadsElsewhere);
    this.#show(query, page ? "" : this.dataset.failed);
    if (this.#isWanted && this.#listbox.active) this.#choose(this.#listbox.active);
    this.#isWanted = false;
  }

  #show(query, failure) {
    const actions = this.#actions(query);
    const enough = START + WORD * (query.split(/\s+/).length - 1);
    const isFirst = query && actions.some(({ rank }) => rank > enough);
    const group = actions.length ? [this.#group(actions)] : [];
    const last = this.#found.filter(isLast);
    const [first, ...rest] = this.#found.filter((part) => !isLast(part));
    const found = isFirst ? [...group, first, ...rest] : [first, ...group, ...rest];
    this.#root.replaceChildren(...[...found, ...last].filter(Boolean));
    this.#listbox.changed();
    const count = this.#listbox.options.length;
    const sentence = { 0: this.dataset.none, 1: this.dataset.one }[count];
    this.#none.textContent = failure || (count ? "" : sentence);
    if (count) announce(phrase(sentence ?? this.dataset.many, { count }));
  }

  /** What the page offers and `query` names, best first. */
  #actions(query) {
    const found = ACTIONS.flatMap((part) => [...document.querySelectorAll(part)]);
    const all = [...new Set(found)].filter(isOffered);
    const ranked = all.map((target) => {
      const label = labelOf(target);
      return { target, label, rank: score(query, label) };
    });
    const named = ranked.filter(({ label, rank }) => label && rank);
    return named.sort((a, b) => b.rank - a.rank).slice(0, query ? MOST_ACTIONS : MOST_UNASKED);
  }

  #group(actions) {
    const group = document.createElement("div");
    group.role = "group";
    group.className = "options__group";
    group.ariaLabel = this.dataset.actions;
    const label = document.createElement("div");
    label.className = "options__label";
    label.role = "presentation";
    label.textContent = this.dataset.actions;
    group.append(label, ...actions.map((action, index) => optionOf(action, index)));
    return group;
  }

  #pressed(event) {
    const isEnter = event.key === "Enter" && !this.#listbox.isTyping(event);
    if (isEnter && this.#fresh !== this.#query) {
      event.preventDefault();
      this.#isWanted = true;
    } else {
      this.#listbox.take(event);
    }
  }

  #choose(option) {
    const { href } = option;
    this.closest("dialog").close();
    if (href) location.assign(href);
    else targets.get(option).click();
  }
}

function optionOf({ target, label }, index) {
  const option = document.createElement("button");
  option.type = "button";
  option.id = `option-action-${index}`;
  option.className = "option";
  option.role = "option";
  option.tabIndex = -1;
  option.ariaSelected = "false";
  targets.set(option, target);
  const words = document.createElement("span");
  words.className = "option__label";
  words.dir = "auto";
  words.textContent = label;
  option.append(...iconOf(target), words);
  return option;
}

function iconOf(target) {
  const icon = target.querySelector("svg.icon");
  return icon ? [icon.cloneNode(true)] : [];
}

/** Its words; of one in a group with a name, as "Theme: Dark", the name before them. */
function labelOf(target) {
  const label = target.dataset.palette || target.ariaLabel || target.textContent;
  const group = target.closest("[role=group][aria-label]")?.ariaLabel;
  return [group, label.replace(/\s+/g, " ").trim()].filter(Boolean).join(": ");
}

function isLast(part) {
  return "last" in part.dataset;
}

/** Take out the conversation one is in, which nobody goes to; false without another. */
function leadsElsewhere(group) {
  const here = `[href="${location.pathname}"]`;
  if (group.dataset.group !== "conversations") return true;
  group.querySelector(here)?.remove();
  return group.querySelector("[role=option]") !== null;
}

/** A menu that is closed offers what it holds; what is hidden in it does not. */
function isOffered(target) {
  return !target.disabled && !target.closest("[hidden], .without-script");
}

customElements.define("command-palette", CommandPalette);
