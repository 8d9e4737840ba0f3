/**
 * Offer to quote what is selected in a message: `#message-quote` holds the button. What is
 * quoted is told by an event "quote", whose detail has the `text`.
 */
export function offerQuotes(messages, signal) {
  const template = document.getElementById("message-quote");
  if (!template) return;
  const button = template.content.cloneNode(true).firstElementChild;
  button.hidden = true;
  document.body.append(button);
  signal.addEventListener("abort", () => button.remove());

  const offer = () => {
    const range = selected(messages);
    button.hidden = !range;
    if (range) place(button, range.getBoundingClientRect());
  };
  const options = { signal, passive: true };
  // While a finger or a mouse selects, nothing moves.
  document.addEventListener("pointerup", () => setTimeout(offer), options);
  document.addEventListener("keyup", ({ shiftKey }) => shiftKey && offer(), options);
  // Both come with every letter that is typed, and to ask for the selection lays out.
  const hide = () => button.hidden || (button.hidden = true);
  document.addEventListener("scroll", hide, { ...options, capture: true });
  document.addEventListener(
    "selectionchange",
    () => button.hidden || (getSelection().isCollapsed && hide()),
    options,
  );
  button.addEventListener("pointerdown", (event) => event.preventDefault(), { signal });
  button.addEventListener("click", () => quoteSelected(button), { signal });
}

/** Have the box quote `text`. */
export function quote(text) {
  const detail = { text };
  document.body.dispatchEvent(new CustomEvent("quote", { bubbles: true, detail }));
}

async function quoteSelected(button) {
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
function place(button, { top, bottom, left, width }) {
  const { offsetHeight: height, offsetWidth: ownWidth } = button;
  const above = top - height - 6;
  const middle = left + width / 2 - ownWidth / 2;
  const x = Math.max(8, Math.min(middle, innerWidth - ownWidth - 8));
  button.style.setProperty("--x", `${x}px`);
  button.style.setProperty("--y", `${above > 60 ? above : bottom + 6}px`);
}
