/**
 * One message on its way. `kept` is what survives a reload: its text, and the message it
 * follows or, as `edits`, takes the place of.
 */
export class Letter {
  #element;
  #ownWords;
  #edited; // the message whose place it takes, while that is here
  /** How often no answer came. */
  doubts = 0;

  constructor(messages, id, kept, isFailed) {
    this.id = id;
    this.kept = kept;
    const template = document.getElementById("message-sending");
    this.#element = template.content.cloneNode(true).firstElementChild;
    this.#element.dataset.clientId = id;
    this.#part("text").textContent = kept.text;
    this.#ownWords = this.#part("detail")?.textContent;
    this.#show(isFailed ? "unsent" : "sending");
    if (kept.refusal) this.refuse(kept.refusal);
    this.#edited = document.getElementById(`message-${kept.edits}`);
    if (this.#edited) this.#edited.after(this.#element);
    else messages.append(this.#element);
    this.#edited?.setAttribute("data-editing", "sent");
  }

  get frame() {
    const { text, edits, parent, first } = this.kept;
    const own = { client_id: this.id, text };
    if (edits) return { type: "message.edit", ...own, message: edits };
    return { type: "message.send", ...own, parent, ...first };
  }

  wait() {
    this.doubts = 0;
    delete this.kept.refusal;
    this.#show("sending");
    this.#tell(this.#ownWords);
  }

  /** It may not arrive; it is still sent when there is a connection. */
  doubt() {
    this.doubts += 1;
    this.#element.dataset.state = "unsent";
  }

  /** It is not sent any more, not after a reload either, before `wait`. */
  refuse({ code, detail }) {
    this.kept.refusal = { code, detail };
    this.#show("unsent");
    this.#tell(detail || this.#ownWords);
  }

  remove() {
    this.#element.remove();
    this.#edited?.removeAttribute("data-editing");
  }

  #show(state) {
    this.isFailed = state === "unsent";
    this.#element.dataset.state = state;
  }

  #tell(words) {
    const sentence = this.#part("detail");
    if (sentence) sentence.textContent = words;
  }

  #part(name) {
    return this.#element.querySelector(`[data-part="${name}"]`);
  }
}
