import { follow } from "../lib/arranging.js";

/**
 * <share-opener> holds the link to the page of a conversation's links: the page is shown in
 * a dialog instead. What the dialog needs is fetched when it is wanted.
 */
class ShareOpener extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => this.#clicked(event));
  }

  async #clicked(event) {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    try {
      const { openShare } = await fetchDialog();
      await openShare(link);
    } catch {
      follow(link.href);
    }
  }
}

function fetchDialog() {
  return import("./share-dialog.js");
}

customElements.define("share-opener", ShareOpener);
if (document.querySelector("copy-link")) fetchDialog().catch(() => {});
