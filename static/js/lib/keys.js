/** Keys, for every field and page alike. */

/** False where a focus brings a keyboard onto the screen. */
export const hasKeyboard = matchMedia("(pointer: fine)").matches;

/** True while a keystroke belongs to an input method (Chinese, Japanese, Korean …). */
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

/**
 * Tells of keystrokes in one field whether its input method wants them.
 *
 * Safari ends the composition just before the Enter is heard that picks a word, in the same
 * task, so the end is remembered for as long.
 */
export class InputMethod {
  #justComposed = false;

  constructor(field) {
    field.addEventListener("compositionend", () => {
      this.#justComposed = true;
      setTimeout(() => (this.#justComposed = false));
    });
  }

  wants(event) {
    return isComposing(event) || this.#justComposed;
  }
}

/**
 * Let Enter submit the form of `field` and Shift+Enter break the line; who chose so in the
 * settings (`data-send-key="ctrl"` on the page) sends what has lines with Ctrl+Enter. The
 * keyboard of a screen has no Shift+Enter: there Enter breaks the line, a button sends.
 *
 * The Enter that picks a word in an input method never submits.
 */
export function submitOnEnter(field) {
  const inputMethod = new InputMethod(field);
  const { sendKey } = document.querySelector("[data-send-key]")?.dataset ?? {};
  const hasLines = field.matches("textarea");
  const needsControl = hasLines && (sendKey === "ctrl" || !hasKeyboard);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.altKey) return;
    if (inputMethod.wants(event)) return;
    if (needsControl && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    if (!event.repeat) field.form.requestSubmit();
  });
}

/**
 * Make the keys work that the page names in `aria-keyshortcuts`: "Control+Shift+O" clicks
 * that element; on a Mac ⌘ counts as Control. Single letters belong to the reader.
 */
export function listenForShortcuts() {
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
    const keys = chord(event);
    if (keys === "Control+Z" && event.target.matches("input, textarea")) return; // its own
    // Of two that take something back, the last takes back what was done last.
    const named = [...document.querySelectorAll("[aria-keyshortcuts]")].findLast(
      (element) => element.getAttribute("aria-keyshortcuts").split(" ").includes(keys),
    );
    if (!named) return;
    event.preventDefault();
    named.click();
  });
}

/**
 * Name the keys pressed as ARIA does: letters and digits by their place, whatever the layout
 * says, and other signs by themselves, whatever it takes to type them.
 */
function chord({ altKey, shiftKey, code, key }) {
  const isPlace = /^(Key|Digit)/.test(code) && key !== "/";
  const modifiers = ["Control", altKey && "Alt", isPlace && shiftKey && "Shift"];
  const name = isPlace ? code.replace(/^(Key|Digit)/, "") : key;
  return [...modifiers.filter(Boolean), name].join("+");
}
