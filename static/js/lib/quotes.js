/**
 * Offer to quote what is selected in a message. The button comes with the first selection;
 * what is quoted is told by an event "quote", whose detail has the `text`.
 */
export function offerQuotes(messages, signal) {
  if (!document.getElementById("message-quote")) return;
  const offer = async () => {
    if (getSelection().isCollapsed) return; // the button has seen that itself
    const quoting = await import("./quoting.js").catch(() => null); // no network
    quoting?.offerButton(messages, signal);
  };
  const options = { signal, passive: true };
  // While a finger or a mouse selects, nothing moves.
  document.addEventListener("pointerup", () => setTimeout(offer), options);
  document.addEventListener("keyup", ({ shiftKey }) => shiftKey && offer(), options);
}
