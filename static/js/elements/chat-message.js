import { announce } from "../lib/html.js";

const language = document.documentElement.lang || undefined;
const moment = new Intl.DateTimeFormat(language, {
  dateStyle: "full",
  timeStyle: "short",
});
const seconds = new Intl.NumberFormat(language, {
  style: "unit",
  unit: "second",
  unitDisplay: "narrow",
});

const QUIET_SECONDS = 5;
const DONE = 2_000; // so long a button shows that it has copied

/**
 * <chat-message data-state> is one message. The server draws it; this adds what only a
 * browser can: the reader's own time, the seconds of waiting, copying.
 */
class ChatMessage extends HTMLElement {
  static observedAttributes = ["data-state"];

  #since = 0;
  #clock = 0;

  connectedCallback() {
    this.dress();
    this.addEventListener("click", this);
  }

  disconnectedCallback() {
    this.#stopClock();
  }

  attributeChangedCallback() {
    if (["queued", "running"].includes(this.dataset.state)) this.#startClock();
    else this.#stopClock();
  }

  /** Tell each moment in the reader's language and zone; call it after a change. */
  dress() {
    for (const time of this.querySelectorAll("time[datetime]:not([title])")) {
      time.title = moment.format(new Date(time.dateTime));
    }
  }

  handleEvent(event) {
    const button = event.target.closest("[data-action]");
    const act = button && ACTIONS[button.dataset.action];
    if (!act) return;
    event.preventDefault();
    act(button);
  }

  #part(name) {
    return this.querySelector(`[data-part="${name}"]`);
  }

  #startClock() {
    if (this.#clock) return;
    this.#since = performance.now();
    this.#clock = setInterval(() => this.#tick(), 1000);
  }

  #stopClock() {
    clearInterval(this.#clock);
    this.#clock = 0;
    delete this.#part("body")?.dataset.waiting;
  }

  /** Until there is text, tell how long it has taken; reasoning has a place of its own. */
  #tick() {
    const body = this.#part("body");
    if (body.hasChildNodes()) return this.#stopClock();
    const elapsed = Math.round((performance.now() - this.#since) / 1000);
    const timer =
      this.#part("reasoning").hasChildNodes() && this.#part("reasoning-time");
    if (timer) timer.textContent = seconds.format(elapsed);
    else if (elapsed >= QUIET_SECONDS) body.dataset.waiting = seconds.format(elapsed);
  }
}

/** <code-block data-language> gets the page's strip: its language, wrap and copy. */
class CodeBlock extends HTMLElement {
  static observedAttributes = ["data-language"];

  #strip = null;

  connectedCallback() {
    if (this.#strip) return;
    const template = document.getElementById("code-strip");
    this.#strip = template.content.cloneNode(true).firstElementChild;
    this.#strip.dataset.added = "yes";
    this.prepend(this.#strip);
    this.attributeChangedCallback();
  }

  attributeChangedCallback() {
    const label = this.#strip?.querySelector('[data-part="language"]');
    if (label) label.textContent = this.dataset.language;
  }
}

const ACTIONS = {
  "message.copy": (button) => copy(button, sourceOf(button)),
  "code.copy": (button) => copy(button, Promise.resolve(codeOf(button).textContent)),
  "code.wrap": (button) => {
    const isWrapped = codeOf(button).toggleAttribute("data-wrapped");
    button.setAttribute("aria-pressed", isWrapped);
  },
};

function codeOf(button) {
  return button.closest("code-block").querySelector("pre");
}

async function sourceOf(button) {
  const response = await fetch(button.dataset.source);
  if (!response.ok) throw new Error(response.statusText);
  return response.text();
}

async function copy(button, text) {
  try {
    await write(text);
  } catch {
    announce(button.dataset.failed);
    return;
  }
  button.dataset.done = "";
  announce(button.dataset.copied);
  setTimeout(() => delete button.dataset.done, DONE);
}

/** Safari forgets the click while it waits, so the clipboard is handed the promise. */
async function write(text) {
  if (!navigator.clipboard) return writeBySelection(await text);
  if (!globalThis.ClipboardItem) return navigator.clipboard.writeText(await text);
  const blob = text.then((words) => new Blob([words], { type: "text/plain" }));
  return navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
}

/** Copy where there is no clipboard: on a site without HTTPS. */
function writeBySelection(text) {
  const field = document.createElement("textarea");
  const focused = document.activeElement;
  field.value = text;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  focused?.focus();
  if (!isCopied) throw new Error("copy");
}

customElements.define("code-block", CodeBlock);
customElements.define("chat-message", ChatMessage);
