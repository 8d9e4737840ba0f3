import { parse } from "../lib/html.js";

/**
 * <site-notices page> holds what the site tells people. `page` is where it is fetched anew
 * when the socket of the list tells of others than are here; a notice is put away without
 * leaving the page.
 */
class SiteNotices extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => this.#putAway(event));
    addEventListener("notices.changed", () => this.#renew());
    addEventListener("notices.known", ({ data }) => this.#version === data || this.#renew());
  }

  /** What is shown here, as the server spells it. */
  get #version() {
    return [...this.children].map((notice) => notice.dataset.version).join(" ");
  }

  async #putAway(event) {
    const form = event.target;
    event.preventDefault();
    try {
      const headers = { Accept: "application/json" };
      const body = new FormData(form);
      const answer = await fetch(form.action, { method: "POST", headers, body });
      if (!answer.ok) throw new Error(`${answer.status}`);
      form.closest(".notice").remove();
    } catch {
      form.submit();
    }
  }

  async #renew() {
    const answer = await fetch(this.getAttribute("page")).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    this.replaceChildren(parse(await answer.text()));
  }
}

customElements.define("site-notices", SiteNotices);
