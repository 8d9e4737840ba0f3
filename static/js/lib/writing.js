const MOST_LINES = 200; // browsers write line by line, and 1,000 take them seconds

/** Write `text` over what is selected in `box`, so that it can be undone unless it is long. */
export function replaceSelection(box, text) {
  const isShort = text.split("\n", MOST_LINES + 1).length <= MOST_LINES;
  if (isShort && document.execCommand("insertText", false, text)) return;
  box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
  box.dispatchEvent(new InputEvent("input", { bubbles: true }));
}
