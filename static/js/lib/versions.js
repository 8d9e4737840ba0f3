import { isComposing } from "./keys.js";

const SELECT = '[data-action="branch.select"]';
const STEPS = { ArrowLeft: 0, ArrowRight: 1 };

/**
 * The versions of messages by keys: Alt+← and Alt+→ in the message that has the focus;
 * elsewhere they are the browser's. The version that takes the place of another stands
 * where that stood, and has the focus if that had it.
 */
export class Versions {
  #view;
  #asked = null;

  constructor(view) {
    this.#view = view;
  }

  pressed(event) {
    const { key, altKey, ctrlKey, metaKey, shiftKey, target } = event;
    if (!(key in STEPS) || !altKey || ctrlKey || metaKey || shiftKey) return;
    if (isComposing(event) || target.closest("input, textarea, select, dialog")) return;
    const isMirrored = document.documentElement.dir === "rtl";
    const step = isMirrored ? 1 - STEPS[key] : STEPS[key];
    const button = buttonsAround(target)[step];
    if (!button || button.disabled) return; // the browser goes back or forward
    event.preventDefault();
    button.click();
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
}

/** The two buttons of the message around `element`, if it has versions. */
function buttonsAround(element) {
  const message = element.closest(".message");
  const counters = message?.querySelectorAll('[data-part="siblings"]:not([hidden])') ?? [];
  return [...counters].at(-1)?.querySelectorAll(SELECT) ?? [];
}
