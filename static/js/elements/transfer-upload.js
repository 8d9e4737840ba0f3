import { parse } from "../lib/html.js";
import "./transfer-list.js";

/**
 * <transfer-upload max-bytes="…"> names the file in its form, shows how much of it has been
 * sent, and says at once what would be refused. What the server answers, <transfer-list>
 * shows. Without it the form is sent as any other.
 */
class TransferUpload extends HTMLElement {
  #request = null;

  connectedCallback() {
    this.addEventListener("submit", (event) => this.#submit(event));
    this.addEventListener("change", () => this.#chosen());
    this.#chosen(); // before this came, perhaps
    this.#part("cancel").addEventListener("click", () => this.#request?.abort());
  }

  get #form() {
    return this.querySelector("form");
  }

  get #file() {
    return this.#form.querySelector("input").files[0];
  }

  #part(name) {
    if (name === "cancel") return this.querySelector('[data-action="upload.cancel"]');
    return this.querySelector(`[data-part="${name}"]`);
  }

  #chosen() {
    this.#part("name").textContent = this.#file?.name ?? "";
    this.#check();
  }

  /** Say what is wrong with the file, if something is; return whether it may be sent. */
  #check() {
    const isTooLarge = this.#file?.size > Number(this.getAttribute("max-bytes"));
    this.#refuse(isTooLarge ? "tooLarge" : "");
    return !isTooLarge;
  }

  /** Say why it is refused: one of the element's own reasons, or in the server's `words`. */
  #refuse(reason, words = "") {
    const refused = this.#part("refused");
    refused.textContent = reason ? refused.dataset[reason] : words;
    refused.hidden = !refused.textContent;
  }

  #submit(event) {
    event.preventDefault();
    if (!this.#check()) return;
    const request = (this.#request = new XMLHttpRequest());
    request.upload.addEventListener("progress", (sent) => this.#show(sent));
    request.addEventListener("load", () => this.#loaded(request));
    request.addEventListener("error", () => this.#end("failed"));
    request.addEventListener("abort", () => this.#end(""));
    request.open("POST", this.#form.action);
    request.send(new FormData(this.#form));
    this.#setSending(true);
  }

  #show({ loaded, total }) {
    const percent = total ? Math.floor((100 * loaded) / total) : 0;
    this.querySelector("progress").value = percent;
    this.#part("percent").textContent = `${percent} %`;
  }

  #loaded(request) {
    if (request.status === 413) this.#end("tooLarge");
    else if (request.status === 429) this.#end("tooMany");
    else if (request.status >= 400) this.#end("failed");
    else if (isHere(request.responseURL)) this.#arrived(parse(request.responseText));
    else location.assign(request.responseURL);
  }

  /** `page` is this one as it is now, with what came of the file. */
  #arrived(page) {
    const refusal = page.querySelector(".notices");
    const form = page.querySelector("transfer-upload form");
    this.#form.setAttribute("action", form.getAttribute("action")); // its key is fresh
    if (!refusal) this.#form.reset();
    this.#chosen();
    this.#end("", refusal?.textContent.trim());
    document.querySelector("transfer-list").show(page);
  }

  #end(reason, words) {
    this.#setSending(false);
    this.#refuse(reason, words);
  }

  /** The focus goes from Import to Cancel and back: what has it is hidden else. */
  #setSending(isSending) {
    const shown = isSending ? this.#part("progress") : this.#form;
    const hidden = isSending ? this.#form : this.#part("progress");
    const hasFocus = hidden.contains(document.activeElement);
    shown.hidden = false;
    hidden.hidden = true;
    if (hasFocus) shown.querySelector("button").focus();
    this.#show({ loaded: 0, total: 1 });
  }
}

function isHere(url) {
  return new URL(url).pathname === location.pathname;
}

customElements.define("transfer-upload", TransferUpload);
