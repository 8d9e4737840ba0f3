import { parse } from "../lib/html.js";

const PAUSE = 1000;

/** <transfer-list page="…"> asks for its list again while something in it is open. */
class TransferList extends HTMLElement {
  #timer = null;

  connectedCallback() {
    this.#wait();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  /** Show the list that is in `page`, whose first item has just come. */
  show(page) {
    this.#show(page);
    this.querySelector(".transfer")?.scrollIntoView({ block: "nearest" });
    this.#wait();
  }

  #wait() {
    clearTimeout(this.#timer);
    if (this.querySelector("[data-open]")) {
      this.#timer = setTimeout(() => this.#ask(), PAUSE);
    }
  }

  async #ask() {
    try {
      const response = await fetch(this.getAttribute("page"));
      if (response.ok && !response.redirected) this.#show(parse(await response.text()));
    } catch {
      // The next time, perhaps.
    }
    if (this.isConnected) this.#wait();
  }

  /** Put the new items in the place of the old where they differ: one may have the focus. */
  #show(page) {
    const list = this.querySelector("#transfers");
    const fresh = page.querySelector("#transfers");
    list.toggleAttribute("data-open", fresh.hasAttribute("data-open"));
    const items = [...fresh.children].map((item) => this.#item(item));
    const isSame = items.every((item, at) => item === list.children[at]);
    if (isSame && items.length === list.children.length) return;
    const focused = document.activeElement.closest(".transfer")?.id;
    list.replaceChildren(...items);
    if (focused && !list.contains(document.activeElement)) {
      document.getElementById(focused)?.querySelector("a, button")?.focus();
    }
  }

  #item(fresh) {
    const old = fresh.id && document.getElementById(fresh.id);
    if (!old) return fresh;
    const progress = fresh.querySelector(".transfer__progress");
    if (old.dataset.state === fresh.dataset.state) {
      const place = old.querySelector(".transfer__progress");
      if (progress && place) place.replaceWith(progress);
      return old;
    }
    const told = ".transfer__name, .transfer__report > span, .notice";
    const said = [...fresh.querySelectorAll(told)].map((part) => part.textContent);
    const words = said.join(" ").replace(/\s+/g, " ").trim();
    this.querySelector('[role="status"]').textContent = words;
    return fresh;
  }
}

customElements.define("transfer-list", TransferList);
