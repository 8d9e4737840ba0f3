import { isComposing } from "./keys.js";

const SELECT = '[data-action="branch.select"]';
const STEPS = { ArrowLeft: 0, ArrowRight: 1 };

/**
 * The versions of messages by keys: Alt+← and Alt+→ where the focus is. The version that
 * takes the place of another stands where that stood, and has the focus if that had it.
 */
export class Versions {
  #messages;
  #view;
  #asked = null;

  constructor(messages, view) {
    this.#messages = messages;
    this.#view = view;
  }

  pressed(event) {
    const { key, altKey, ctrlKey, metaKey, shiftKey, target } = event;
    if (!(key in STEPS) || !altKey || ctrlKey || metaKey || shiftKey) return;
    if (isComposing(event) || target.closest("input, textarea, select, dialog")) return;
    const isMirrored = document.documentElement.dir === "rtl";
    const button = this.#buttons(target.closest(".message"))[
      isMirrored ? 1 - STEPS[key] : STEPS[key]
    ];
    if (!button) return;
    event.preventDefault();
    button.click(); // one that is disabled does nothing
  }

  /** `button` asks for another version. */
  asked(button) {
    const message = button.closest(".message");
    const { top } = (message ?? button).getBoundingClientRect();
    const step = [...(message?.querySelectorAll(SELECT) ?? [])].indexOf(button);
    const hasFocus = (message ?? button).contains(document.activeElement);
    this.#asked = { id: `message-${button.dataset.message}`, top, step, hasFocus };
  }

  /** Frames were applied: what was asked for may have come, and gets its place. */
  shown() {
    const asked = this.#asked;
    const message = asked && document.getElementById(asked.id);
    if (!message) return;
    this.#asked = null;
    if (asked.step < 0) this.#view.show(message);
    else this.#view.keepAt(message, asked.top);
    if (asked.hasFocus) this.#focus(message, asked.step);
  }

  #focus(message, step) {
    const buttons = [...message.querySelectorAll(SELECT)];
    const next = [buttons[step], buttons[1 - step]].find((b) => b && !b.disabled);
    (next ?? message).focus({ preventScroll: true });
  }

  /** The two buttons of `message`, or without one of the last message with versions. */
  #buttons(message) {
    const counters = (message ?? this.#messages).querySelectorAll(
      '[data-part="siblings"]:not([hidden])',
    );
    return [...counters].at(-1)?.querySelectorAll(SELECT) ?? [];
  }
}
