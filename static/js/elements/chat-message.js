import { copyBy, sourceOf } from "../lib/clipboard.js";

const language = document.documentElement.lang || undefined;
// Made when they are first needed: to make one takes some milliseconds.
let moments = null;
let durations = null;

const QUIET_SECONDS = 5;

/**
 * <chat-message data-state> is one message. The server draws it; this adds what only a
 * browser can: the reader's own time when one points at it, the seconds of waiting, copying.
 */
class ChatMessage extends HTMLElement {
  static observedAttributes = ["data-state"];

  #since = 0;
  #clock = 0;

  connectedCallback() {
    this.addEventListener("click", this);
    this.addEventListener("pointerover", this);
  }

  disconnectedCallback() {
    this.#stopClock();
  }

  attributeChangedCallback() {
    if (["queued", "running"].includes(this.dataset.state)) this.#startClock();
    else this.#stopClock();
  }

  handleEvent(event) {
    if (event.type === "pointerover") return tellMoment(event.target.closest("time"));
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
    if (timer) timer.textContent = spell(elapsed);
    else if (elapsed >= QUIET_SECONDS) body.dataset.waiting = spell(elapsed);
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
  "message.copy": (button) => copyBy(button, sourceOf(button), formattedOf(button)),
  "code.copy": (button) => copyBy(button, Promise.resolve(codeOf(button).textContent)),
  "code.wrap": (button) => {
    const isWrapped = codeOf(button).toggleAttribute("data-wrapped");
    button.setAttribute("aria-pressed", isWrapped);
  },
};

/** Tell a moment that is pointed at in the reader's language and zone. */
function tellMoment(time) {
  if (!time?.dateTime || time.title) return;
  moments ??= new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" });
  time.title = moments.format(new Date(time.dateTime));
}

function spell(seconds) {
  const options = { style: "unit", unit: "second", unitDisplay: "narrow" };
  durations ??= new Intl.NumberFormat(language, options);
  return durations.format(seconds);
}

function codeOf(button) {
  return button.closest("code-block").querySelector("pre");
}

/** What is shown of a message, without what the page added, for who pastes formatting. */
function formattedOf(button) {
  const body = button.closest(".message").querySelector('[data-part="body"]');
  const copy = body.cloneNode(true);
  for (const added of copy.querySelectorAll('[data-added="yes"], svg')) added.remove();
  return copy.innerHTML;
}

customElements.define("code-block", CodeBlock);
customElements.define("chat-message", ChatMessage);
