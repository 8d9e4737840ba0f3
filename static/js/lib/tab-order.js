let place = null; // what comes next for who goes on with Tab
let from = null; // where they have come from

/**
 * Have the next Tab lead to the first button in `element`, wherever that stands, and the one
 * after it on from where the focus was. The focus itself stays.
 */
export function putNext(element) {
  if (!place) addEventListener("keydown", pressed);
  place = element;
  from = null;
}

function pressed(event) {
  const { key, shiftKey, altKey, ctrlKey, metaKey } = event;
  if (key !== "Tab" || event.defaultPrevented || altKey || ctrlKey || metaKey) return;
  const { activeElement } = document;
  const button = place.querySelector("button");
  if (!button) return;
  if (activeElement === button && from?.isConnected) {
    from.focus({ preventScroll: !shiftKey });
    if (shiftKey) event.preventDefault();
    from = shiftKey ? null : from;
  } else if (!from && !shiftKey && activeElement !== button) {
    from = activeElement;
    button.focus();
    if (document.activeElement === button) event.preventDefault();
  }
}
