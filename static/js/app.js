import "./elements/conversation-list.js";
import "./elements/chat-message.js";
import "./elements/chat-composer.js";
import "./elements/chat-thread.js";
import "./elements/share-opener.js";
import "./elements/site-notices.js";
import "./elements/theme-switch.js";
import { tellServer } from "./lib/cookies.js";
import { listenForDialogs } from "./lib/dialogs.js";
import { keepShell } from "./lib/installing.js";
import { listenForShortcuts } from "./lib/keys.js";
import { listenForMenuKeys, listenForMenuTaps } from "./lib/menu-keys.js";
import { submitOnce } from "./lib/once.js";
import { followViewport } from "./lib/viewport.js";

/** Elements of few pages: what they do is fetched where they are. */
const LATER = {
  "search-page": () => import("./elements/search-page.js"),
  "time-zone-field": () => import("./elements/time-zone-field.js"),
  "transfer-upload": () => import("./elements/transfer-upload.js"),
  "transfer-list": () => import("./elements/transfer-list.js"),
};

const WIDE = matchMedia("(min-width: 900px)");
const FOLDED = "chatsite.sidebar-folded";

/**
 * <chat-shell> is the frame of every page with a list. On wide screens the list folds away
 * (attribute `folded`, remembered); on narrow ones it is a drawer over the page (`drawer`)
 * that keeps the focus until it is closed.
 */
class ChatShell extends HTMLElement {
  #opener = null;

  connectedCallback() {
    if (!this.#sidebar) return;
    this.toggleAttribute("folded", localStorage.getItem(FOLDED) === "yes");
    this.addEventListener("click", (event) => this.#clicked(event));
    addEventListener("keydown", (event) => this.#pressed(event), { capture: true });
    WIDE.addEventListener("change", () => {
      this.removeAttribute("drawer");
      this.#show();
    });
    this.#show();
  }

  get #sidebar() {
    return this.querySelector("#sidebar");
  }

  get #isOpen() {
    return this.hasAttribute(WIDE.matches ? "folded" : "drawer") !== WIDE.matches;
  }

  #clicked({ target }) {
    const button = target.closest('[data-action="sidebar.toggle"]');
    if (button) this.#toggle(button);
    else if (this.hasAttribute("drawer") && !this.#sidebar.contains(target)) {
      this.#setDrawer(false);
    }
  }

  #pressed(event) {
    if (event.key !== "Escape" || !this.hasAttribute("drawer")) return;
    const inner = "dialog[open], :popover-open, [selecting], form.rename";
    if (document.querySelector(inner)) return;
    event.preventDefault();
    this.#setDrawer(false);
  }

  #toggle(button) {
    if (!WIDE.matches) return this.#setDrawer(!this.#isOpen, button);
    localStorage.setItem(FOLDED, this.toggleAttribute("folded") ? "yes" : "no");
    this.#show();
    if (!isReachable(button)) this.#toggles().find(isReachable)?.focus();
  }

  #setDrawer(isOpen, opener = null) {
    if (this.hasAttribute("drawer") === isOpen) return;
    this.toggleAttribute("drawer", isOpen);
    this.#show();
    const next = isOpen ? this.#sidebar.querySelector("a, button") : this.#opener;
    // What only begins to be visible cannot take the focus in the same screen frame.
    requestAnimationFrame(() => requestAnimationFrame(() => next?.focus()));
    this.#opener = opener;
  }

  /** Take what is out of sight, or under the drawer, out of reach as well. */
  #show() {
    const isOpen = this.#isOpen;
    this.#sidebar.inert = !isOpen;
    const others = "chat-shell > :not(#sidebar), .skip-link";
    for (const part of document.querySelectorAll(others)) {
      part.inert = this.hasAttribute("drawer");
    }
    for (const button of this.#toggles()) button.setAttribute("aria-expanded", isOpen);
  }

  #toggles() {
    return [...this.querySelectorAll('[data-action="sidebar.toggle"]')];
  }
}

function isReachable(button) {
  return button.getClientRects().length > 0 && !button.closest("[inert]");
}

/** Have the server tell days in the reader's own zone. */
function tellZone() {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  tellServer("time_zone", timeZone);
}

customElements.define("chat-shell", ChatShell);
// The first look at a zone reads all that the browser knows of dates, some 40 ms.
(globalThis.requestIdleCallback ?? setTimeout)(tellZone);
listenForShortcuts();
listenForMenuKeys();
listenForMenuTaps();
listenForDialogs();
followViewport();
submitOnce();
keepShell();
for (const [name, fetchIt] of Object.entries(LATER)) {
  if (document.querySelector(name)) fetchIt().catch(reportError);
}
