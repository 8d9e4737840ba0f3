import { parse } from "../lib/html.js";

const DONE = 2_000; // so long a button shows that it has copied

/** <copy-link> copies the address in its field, and says so. */
class CopyLink extends HTMLElement {
  connectedCallback() {
    this.querySelector("button").addEventListener("click", () => this.#copy());
    this.#field.addEventListener("focus", () => this.#field.select());
  }

  get #field() {
    return this.querySelector("input");
  }

  async #copy() {
    const button = this.querySelector("button");
    const isCopied = await copy(this.#field);
    const { copied, failed } = button.dataset;
    this.querySelector("[role=status]").textContent = isCopied ? copied : failed;
    if (!isCopied) return;
    button.dataset.done = "";
    setTimeout(() => delete button.dataset.done, DONE);
  }
}

/** Copy what stands in `field`, also where there is no clipboard: without HTTPS. */
async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.select();
    return document.execCommand("copy");
  }
}

/** The dialog with the links to a conversation: a page of the server's in a <dialog>. */
class ShareDialog {
  #dialog = document.createElement("dialog");
  #panel = document.createElement("div");
  #status = document.createElement("p");

  constructor() {
    this.#dialog.className = "share-dialog";
    this.#dialog.dataset.lightDismiss = "";
    this.#dialog.setAttribute("aria-labelledby", "share-title");
    this.#status.className = "visually-hidden";
    this.#status.setAttribute("role", "status");
    this.#dialog.append(this.#panel, this.#status);
    this.#dialog.addEventListener("submit", (event) => this.#submitted(event));
  }

  /** Open it with `panel`; `opener` has the focus again when it is closed. */
  open(panel, opener) {
    document.body.append(this.#dialog);
    this.#dialog.addEventListener("close", () => {
      this.#dialog.remove();
      opener?.focus();
    });
    this.#show(panel);
    this.#dialog.showModal();
    this.#focus();
  }

  async #submitted(event) {
    const form = event.target;
    if (event.submitter?.formMethod === "dialog" || form.method === "dialog") return;
    event.preventDefault();
    if (form.ariaBusy) return;
    form.ariaBusy = "true"; // until another panel takes its place
    const panel = await send(form).catch(() => null);
    if (!panel) return form.submit(); // as without a script
    this.#show(panel);
    this.#focus();
    this.#status.textContent = this.#panel.querySelector("[data-done]")?.textContent;
  }

  #show(panel) {
    this.#panel.replaceChildren(panel);
  }

  #focus() {
    const wanted = this.#panel.querySelector("[autofocus], [aria-invalid]");
    // What had the focus may be gone, as the way to take a link back.
    const next = this.#panel.querySelector(".share__link input, :checked");
    if (wanted || document.activeElement === document.body) (wanted ?? next)?.focus();
  }
}

/** Show the page that `link` leads to in a dialog; rejects when it cannot be had. */
export async function openShare(link) {
  const address = new URL(link.href);
  const head = shownHead(link);
  if (head) address.searchParams.set("head", head);
  address.searchParams.set("fragment", "1");
  const menu = link.closest("[popover]");
  menu?.hidePopover(); // and what opened it has the focus again
  const panel = await panelOf(await fetch(address));
  const opener = menu && document.querySelector(`[popovertarget="${menu.id}"]`);
  new ShareDialog().open(panel, opener ?? document.activeElement);
}

/** The last message of the branch on the page, if it is that conversation's page. */
function shownHead(link) {
  const thread = document.querySelector("chat-thread:not([new])");
  if (!thread || !link.href.includes(thread.getAttribute("conversation"))) return "";
  const shown = [...thread.querySelectorAll("#messages > [data-message]")];
  return shown.at(-1)?.dataset.message ?? "";
}

function send(form) {
  const body = new FormData(form);
  body.append("fragment", "1");
  return fetch(form.action, { method: "POST", body }).then(panelOf);
}

/** Return the panel that came; a refusal (422) is one, too. */
async function panelOf(response) {
  const isPanel = (response.ok || response.status === 422) && !response.redirected;
  if (!isPanel) throw new Error(response.statusText);
  return parse(await response.text());
}

customElements.define("copy-link", CopyLink);
