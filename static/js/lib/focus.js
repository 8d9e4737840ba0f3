/**
 * Return what `change` does. It may take away what has the focus: then the message around
 * that has it, or if that is gone as well, what `next` returns.
 */
export function handOnFocus(change, next) {
  const focused = document.activeElement;
  const message = focused?.closest(".message");
  const result = change();
  if (message && !focused.isConnected) {
    (message.isConnected ? message : next())?.focus({ preventScroll: true });
  }
  return result;
}

/** Focus `element`, or the folder that it is in while that is folded. */
export function focusShown(element, list) {
  const folder = list.closest("details:not([open])");
  (folder?.querySelector("summary") ?? element)?.focus();
}
