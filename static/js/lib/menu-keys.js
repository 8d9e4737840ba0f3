/** Have the arrow keys lead through every menu, as Tab does, from its opener on. */
export function listenForMenuKeys() {
  document.addEventListener("keydown", (event) => {
    const menu = menuOf(event.target);
    if (!menu || event.defaultPrevented || isField(event.target)) return;
    const all = items(menu);
    const at = all.indexOf(document.activeElement);
    const up = at < 0 ? -1 : at - 1;
    const to = { ArrowDown: at + 1, ArrowUp: up, Home: 0, End: -1 }[event.key];
    if (to === undefined || !all.length) return;
    event.preventDefault();
    all.at(to % all.length).focus();
  });
}

/** Have a tap beside an open menu close that, and do nothing to what lies under it. */
export function listenForMenuTaps() {
  let isSpent = false;
  const options = { capture: true };
  const begin = ({ target, pointerType }) => {
    const isOpen = document.querySelector(".menu:popover-open") !== null;
    isSpent = pointerType === "touch" && isOpen && !menuOf(target);
  };
  const spend = (event) => {
    if (!isSpent) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.type === "click") isSpent = false;
  };
  addEventListener("pointerdown", begin, options);
  addEventListener("pointercancel", () => (isSpent = false), options);
  addEventListener("mousedown", spend, options); // it would have the focus
  addEventListener("click", spend, options);
}

/** What one may choose in `menu` now. */
export function items(menu) {
  return [...menu.querySelectorAll(".menu__item:not(:disabled)")].filter((item) =>
    item.checkVisibility(),
  );
}

/** The menu around `element`, or that it has opened. */
function menuOf(element) {
  const opened = element.closest?.("[popovertarget]")?.getAttribute("popovertarget");
  const menu = element.closest?.(".menu") ?? document.getElementById(opened);
  return menu?.matches(":popover-open") ? menu : null;
}

function isField(element) {
  return element.matches("input, select, textarea");
}
