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
