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
    addEventListener("notices.known", ({ data }) => versionOf(this) === data || this.#renew());
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
    const fresh = parse(await answer.text());
    if (versionOf(fresh) !== versionOf(this)) this.replaceChildren(fresh);
  }
}

/** What is shown in `place`, as the server spells it. */
function versionOf(place) {
  return [...place.children].map((notice) => notice.dataset.version).join(" ");
}

customElements.define("site-notices", SiteNotices);
