import { announce, parse } from "../lib/html.js";
import { hasKeyboard, isComposing } from "../lib/keys.js";
import { Pages } from "../lib/view.js";

const PAUSE = 120; // milliseconds without a keystroke, then it is asked
// One letter says little, and in Chinese or Korean is mostly the beginning of a word. So is
// what an input method still holds, which in Korean or on a phone may be the whole of it.
const LONG_PAUSE = 600;

/**
 * <search-page> shows what is found while its field is typed in; without it, the form is
 * sent and the page comes anew. The arrows go through what was found and back to the field.
 */
class SearchPage extends HTMLElement {
  #form = this.querySelector("form");
  #field = this.querySelector("input[type=search]");
  #results = this.querySelector("#search-results");
  #asked = this.#field.defaultValue.trim(); // what the page shows; it may be older
  #pages = null;
  #timer = 0;
  #request = new AbortController();

  connectedCallback() {
    this.#field.addEventListener("input", (event) => this.#typed(event));
    this.#field.addEventListener("compositionend", () => this.#soon());
    this.#form.addEventListener("submit", (event) => this.#submitted(event));
    this.addEventListener("keydown", (event) => this.#pressed(event));
    this.#results.addEventListener("click", (event) => this.#clicked(event));
    this.#watch();
    this.#comeBack().catch(reportError);
    if (this.#field.value.trim() !== this.#asked) this.#soon(); // typed before this came
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#request.abort();
  }

  #typed(event) {
    clearTimeout(this.#timer);
    if (!isSpelled(event)) this.#soon(isComposing(event));
  }

  #soon(isHeld = false) {
    clearTimeout(this.#timer);
    const isLong = isHeld || [...this.#field.value.trim()].length === 1;
    this.#timer = setTimeout(() => this.#ask(), isLong ? LONG_PAUSE : PAUSE);
  }

  #submitted(event) {
    event.preventDefault();
    clearTimeout(this.#timer);
    this.#ask();
  }

  /** Another question that is offered is asked here; of what is left the place is kept. */
  #clicked(event) {
    const hit = event.target.closest(".found__link");
    if (hit) history.replaceState({ top: this.scrollTop, href: hit.href }, "");
    const offer = event.target.closest(".search__offer");
    if (!offer || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.#field.value = offer.textContent;
    this.#field.focus();
    this.#ask();
  }

  async #ask() {
    const query = this.#field.value.trim();
    if (query === this.#asked) return;
    this.#asked = query;
    this.#request.abort();
    this.#request = new AbortController();
    const { signal } = this.#request;
    this.#results.setAttribute("aria-busy", "true");
    const page = await fetchResults(this.#address(query), signal).catch(() => null);
    if (signal.aborted) return;
    this.#results.removeAttribute("aria-busy");
    if (page) this.#show(page, query);
    else this.#fail();
  }

  #address(query) {
    const address = new URL(this.#form.action);
    if (query) address.searchParams.set("q", query);
    return address;
  }

  /** Whoever comes back from what was found goes on from there. */
  async #comeBack() {
    const { top, href } = history.state ?? {};
    if (!href) return;
    while (this.scrollHeight - this.clientHeight < top && (await this.#pages?.load()));
    this.#links()
      .find((link) => link.href === href)
      ?.focus({ preventScroll: true });
    this.scrollTop = top;
  }

  #show(page, query) {
    const at = this.#links().indexOf(document.activeElement); // went there while it was asked
    this.#results.replaceChildren(page);
    this.scrollTop = 0;
    if (at >= 0) (this.#links()[at] ?? this.#field).focus();
    history.replaceState(null, "", this.#address(query));
    announce(this.#results.querySelector("[data-told]")?.dataset.told);
    this.#watch();
  }

  #fail() {
    this.#asked = null; // the same question may be asked again
    const told = document.createElement("p");
    told.className = "search__told";
    told.textContent = this.dataset.failed;
    this.#results.replaceChildren(told);
    announce(this.dataset.failed);
  }

  /** Fetch further results as one comes near their end. */
  #watch() {
    const found = this.#results.querySelector(".found");
    if (!found) return;
    this.#pages = new Pages(found, "next", (page, relink) => {
      const more = page.querySelector(".found");
      const last = [...found.querySelectorAll(".found__group")].at(-1);
      const groups = more ? [...more.querySelectorAll(".found__group")] : [];
      if (goesOn(last, groups[0])) {
        const [first] = groups.splice(0, 1);
        last
          .querySelector(".found__hits")
          .append(...first.querySelectorAll(".found__hits > li"));
      }
      last.after(...groups);
      relink();
    });
  }

  #pressed(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || isComposing(event) || event.altKey || event.ctrlKey || event.metaKey)
      return;
    const links = this.#links();
    const at = links.indexOf(document.activeElement);
    if (at < 0 && document.activeElement !== this.#field) return;
    const next = at + step < 0 ? this.#field : links[at + step];
    if (!next || (at < 0 && step < 0)) return;
    event.preventDefault();
    next.focus();
  }

  /** What the arrows go through. */
  #links() {
    return [...this.#results.querySelectorAll(".found__link, .search__offer")];
  }
}

/** Whether these are letters that spell a word of another script: only a phone composes
 * words of these themselves. */
function isSpelled(event) {
  return isComposing(event) && hasKeyboard && /^[\x20-\x7e]+$/.test(event.data ?? "");
}

/** Whether a page begins with further hits of the conversation that the last ended with. */
function goesOn(last, first) {
  return (
    first &&
    last.dataset.conversation === first.dataset.conversation &&
    last.querySelector(".found__hits") &&
    first.querySelector(".found__hits")
  );
}

async function fetchResults(address, signal) {
  address.searchParams.set("fragment", "1");
  const response = await fetch(address, { signal });
  const isTooOften = response.status === 429; // said in words
  const isOurs = (response.ok || isTooOften) && !response.redirected;
  return isOurs ? parse(await response.text()) : null;
}

customElements.define("search-page", SearchPage);
