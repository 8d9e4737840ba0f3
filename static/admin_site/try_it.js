import { Reply } from "../js/lib/html.js";
import { submitOnEnter } from "../js/lib/keys.js";

/**
 * <persona-trial form="…" action="…"> asks the persona that the form describes now, and
 * shows the reply as it grows. The answer is JSON by the line: frames like `reply.progressed`, then
 * `{end}`.
 */
class PersonaTrial extends HTMLElement {
  #stopping = null;

  connectedCallback() {
    submitOnEnter(this.#question);
    this.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#ask();
    });
    this.querySelector("[data-action=stop]").addEventListener("click", () =>
      this.#stopping?.abort(),
    );
  }

  disconnectedCallback() {
    this.#stopping?.abort();
  }

  get #question() {
    return this.querySelector("textarea");
  }

  #part(name) {
    return this.querySelector(`[data-part="${name}"]`);
  }

  async #ask() {
    if (this.#stopping) return;
    this.#stopping = new AbortController();
    this.#begin();
    try {
      const response = await fetch(this.getAttribute("action"), {
        method: "POST",
        body: this.#filledIn(),
        signal: this.#stopping.signal,
      });
      if (!isFrames(response)) throw new TypeError(`HTTP ${response.status}`);
      await this.#show(response.body);
    } catch (error) {
      const { stopped, failed } = this.dataset;
      this.#end({ sentence: error.name === "AbortError" ? stopped : failed });
    } finally {
      this.#stopping = null;
      this.#setBusy(false);
    }
  }

  /** The form as it stands; an image takes no part in a reply. */
  #filledIn() {
    const data = new FormData(document.getElementById(this.getAttribute("form")));
    data.delete("avatar");
    data.set("question", this.#question.value);
    return data;
  }

  #begin() {
    this.#setBusy(true);
    for (const name of ["body", "reasoning"]) this.#part(name).replaceChildren();
    for (const name of ["end", "facts"]) this.#part(name).hidden = true;
    this.querySelector(".reasoning").hidden = true;
    write(this.#part("question"), this.#question.value.trim());
  }

  async #show(stream) {
    const box = this.querySelector(".trial__reply");
    const reply = new Reply(box);
    for await (const frame of framesOf(stream)) {
      if (frame.end) return this.#end(frame.end);
      const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 8;
      reply.take(frame);
      reply.flush();
      if (isAtEnd) box.scrollTop = box.scrollHeight;
    }
    throw new TypeError("no end");
  }

  #end({ sentence = "", facts = "" }) {
    write(this.#part("end"), sentence);
    write(this.#part("facts"), facts);
  }

  #setBusy(isBusy) {
    this.querySelector("[role=log]").setAttribute("aria-busy", isBusy);
    const [ask, stop] = ["[type=submit]", "[data-action=stop]"].map((selector) =>
      this.querySelector(selector),
    );
    const hadFocus = this.contains(document.activeElement);
    [ask.hidden, stop.hidden] = [isBusy, !isBusy];
    if (hadFocus) (isBusy ? stop : this.#question).focus();
  }
}

function isFrames(response) {
  return response.headers.get("Content-Type")?.startsWith("application/x-ndjson");
}

function write(element, text) {
  element.textContent = text;
  element.hidden = !text;
}

async function* framesOf(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) yield JSON.parse(line);
  }
}

customElements.define("persona-trial", PersonaTrial);
