/**
 * <transfer-upload max-bytes="…"> shows how much of the file in its form has been sent, and
 * says at once what would be refused. Without it the form is sent as any other.
 */
class TransferUpload extends HTMLElement {
  #request = null;

  connectedCallback() {
    this.addEventListener("submit", (event) => this.#submit(event));
    this.addEventListener("change", () => this.#check());
    this.#part("cancel").addEventListener("click", () => this.#request?.abort());
  }

  get #form() {
    return this.querySelector("form");
  }

  get #file() {
    return this.querySelector("input").files[0];
  }

  #part(name) {
    if (name === "cancel") return this.querySelector('[data-action="upload.cancel"]');
    return this.querySelector(`[data-part="${name}"]`);
  }

  /** Say what is wrong with the file, if something is; return whether it may be sent. */
  #check() {
    const isTooLarge = this.#file?.size > Number(this.getAttribute("max-bytes"));
    this.#refuse(isTooLarge ? "tooLarge" : "");
    return !isTooLarge;
  }

  #refuse(reason) {
    const refused = this.#part("refused");
    refused.hidden = !reason;
    refused.textContent = reason ? refused.dataset[reason] : "";
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
    else location.assign(request.responseURL);
  }

  #end(reason) {
    this.#setSending(false);
    this.#refuse(reason);
  }

  #setSending(isSending) {
    this.#form.hidden = isSending;
    this.#part("progress").hidden = !isSending;
    this.#show({ loaded: 0, total: 1 });
  }
}

customElements.define("transfer-upload", TransferUpload);
