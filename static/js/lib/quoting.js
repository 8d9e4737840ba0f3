let button = null;

/** Show the button that `#message-quote` holds, if words of a message are selected. */
export function offerButton(messages, signal) {
  button ??= makeButton(signal);
  const range = selected(messages);
  button.hidden = !range;
  if (range) place(range.getBoundingClientRect());
}

function makeButton(signal) {
  const template = document.getElementById("message-quote");
  const made = template.content.cloneNode(true).firstElementChild;
  document.body.append(made);
  signal.addEventListener("abort", () => {
    made.remove();
    button = null;
  });
  // Both come with every letter that is typed, and to ask for the selection lays out.
  const hide = () => made.hidden || (made.hidden = true);
  document.addEventListener("scroll", hide, { signal, passive: true, capture: true });
  document.addEventListener(
    "selectionchange",
    () => made.hidden || (getSelection().isCollapsed && hide()),
    { signal, passive: true },
  );
  made.addEventListener("pointerdown", (event) => event.preventDefault(), { signal });
  made.addEventListener("click", () => quoteSelected(), { signal });
  return made;
}

/** Have the box quote `text`. */
export function quote(text) {
  const detail = { text };
  document.body.dispatchEvent(new CustomEvent("quote", { bubbles: true, detail }));
}

async function quoteSelected() {
  const selection = getSelection();
  const text = selection.toString().trim();
  button.hidden = true;
  if (!text) return;
  quote((await withFormulas(selection.getRangeAt(0))) || text);
  selection.removeAllRanges();
}

/** Return what is selected with its formulas as LaTeX; "" when there are none. */
async function withFormulas(range) {
  const words = proseAround(range.startContainer);
  if (!words?.querySelector("math")) return "";
  const { sourceOf } = await import("./formulas.js");
  return sourceOf(range, words);
}

/** The range that is selected, if it lies in the words of one message. */
function selected(messages) {
  const selection = getSelection();
  if (selection.isCollapsed || !selection.toString().trim()) return null;
  const range = selection.getRangeAt(0);
  const words = proseAround(range.startContainer);
  return words && messages.contains(words) && endsIn(words, range) ? range : null;
}

/** A paragraph clicked three times is selected up to the start of what follows it. */
function endsIn(words, { endContainer, endOffset }) {
  if (words.contains(endContainer)) return true;
  const message = words.closest("chat-message"); // none around what is being sent
  return endOffset === 0 && Boolean(message?.contains(endContainer));
}

function proseAround(node) {
  const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  return element?.closest(".prose");
}

/** Over the selection, or under it where there is no room: the style sheet reads these. */
function place({ top, bottom, left, width }) {
  const { offsetHeight: height, offsetWidth: ownWidth } = button;
  const above = top - height - 6;
  const middle = left + width / 2 - ownWidth / 2;
  const x = Math.max(8, Math.min(middle, innerWidth - ownWidth - 8));
  button.style.setProperty("--x", `${x}px`);
  button.style.setProperty("--y", `${above > 60 ? above : bottom + 6}px`);
}
