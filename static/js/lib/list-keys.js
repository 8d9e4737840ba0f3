const STEPS = { ArrowDown: 1, ArrowUp: -1 };
const ROWS = ".list-item, .list-folder summary";
const MORE = ".list-item__more";

/** Have the arrow keys lead through the rows of `list`, from menu to menu if on one. */
export function listenForListKeys(list) {
  list.addEventListener("keydown", (event) => {
    const { key, target, altKey, ctrlKey, metaKey, shiftKey } = event;
    const isEnd = key === "Home" || key === "End";
    if (!(key in STEPS || isEnd) || altKey || ctrlKey || metaKey || shiftKey) return;
    const own = rowOf(target);
    if (!own || target.matches("input:not([type=checkbox])")) return;
    const rows = [...list.querySelectorAll(ROWS)];
    const step = STEPS[key] ?? (key === "End" ? -1 : 1);
    let at = isEnd ? (step < 0 ? rows.length : -1) : rows.indexOf(own);
    do at += step;
    while (rows[at] && !rows[at].checkVisibility());
    if (!rows[at]) return;
    event.preventDefault();
    controlOf(rows[at], target.matches(MORE)).focus();
  });
}

function rowOf(element) {
  const row = element.closest(ROWS);
  return row ?? element.closest(".list-folder")?.querySelector("summary");
}

/** What has the focus in `row`: its menu, the box that ticks it, or itself. */
function controlOf(row, isMore) {
  const item = row.closest(".list-item");
  if (isMore) return (item ?? row.closest(".list-folder")).querySelector(`:scope > ${MORE}`);
  const box = item?.querySelector("[type=checkbox]");
  if (box?.checkVisibility({ visibilityProperty: true })) return box;
  return item?.querySelector("a") ?? row;
}
