/** Keys, for every field and page alike. */

/** True while a keystroke belongs to an input method (Chinese, Japanese, Korean …). */
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

/**
 * Let Enter submit the form of `field` and Shift+Enter break the line.
 *
 * The Enter that picks a word in an input method never submits. Safari ends the composition
 * just before that Enter is heard, in the same task, so the end is remembered for as long.
 */
export function submitOnEnter(field) {
  let justComposed = false;
  field.addEventListener("compositionend", () => {
    justComposed = true;
    setTimeout(() => (justComposed = false));
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.altKey) return;
    if (isComposing(event) || justComposed) return;
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
    const named = [...document.querySelectorAll("[aria-keyshortcuts]")].find(
      (element) => element.getAttribute("aria-keyshortcuts").split(" ").includes(keys),
    );
    if (!named) return;
    event.preventDefault();
    named.click();
  });
}

/** Name the keys pressed as ARIA does; letters by their place, whatever the layout says. */
function chord({ altKey, shiftKey, code }) {
  const modifiers = ["Control", altKey && "Alt", shiftKey && "Shift"].filter(Boolean);
  return [...modifiers, code.replace(/^(Key|Digit)/, "")].join("+");
}
