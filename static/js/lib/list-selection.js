import { phrase } from "./html.js";

const OWN = "li:not([data-others])"; // those of others are arranged one by one
let last = null; // the box that was ticked last: a range begins there
let kept = []; // what was ticked in a list that is drawn anew, and is not there yet

/** Let several conversations be ticked, that one first if it is named. */
export function select(list, conversation) {
  listen(list);
  list.setAttribute("selecting", "");
  const item = conversation && list.find(conversation);
  if (item) {
    tick((last = box(item)), true);
    last.focus();
  } else {
    list.querySelector(".list-item__check")?.focus();
  }
  count(list);
}

export function unselect(list) {
  if (!list.hasAttribute("selecting")) return;
  for (const each of boxes(list)) each.checked = false;
  last = null;
  kept = [];
  list.removeAttribute("selecting");
  document.querySelector('[popovertarget="list-menu"]')?.focus();
}

function listen(list) {
  if (list.isSelectable) return;
  list.isSelectable = true;
  list.addEventListener("click", (event) => clicked(event, list));
  list.addEventListener("change", () => count(list));
  list.addEventListener("arranged", () => unselect(list));
  list.addEventListener("renewing", () => kept.push(...ticked(list)));
  list.addEventListener("drawn", () => tickAgain(list));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !list.hasAttribute("selecting")) return;
    if (document.querySelector("dialog[open], [popover]:popover-open")) return;
    event.preventDefault();
    unselect(list);
  });
}

/** While several are chosen a conversation is ticked, not opened. */
function clicked(event, list) {
  const item = list.hasAttribute("selecting") && event.target.closest(OWN);
  if (!item) return;
  const own = box(item);
  if (event.target !== own) {
    event.preventDefault();
    own.checked = !own.checked;
  }
  if (event.shiftKey && last?.isConnected) range(list, last, own);
  last = own;
  count(list);
}

function range(list, from, to) {
  const all = boxes(list).filter((each) => each.checkVisibility());
  const [start, end] = [all.indexOf(from), all.indexOf(to)].sort((a, b) => a - b);
  for (const each of all.slice(start, end + 1)) tick(each, to.checked);
}

/** Folders that are open and older days come after the rest. */
function tickAgain(list) {
  if (!list.hasAttribute("selecting")) return;
  if (last) last = boxes(list).find(({ value }) => value === last.value) ?? last;
  for (const each of boxes(list)) each.checked ||= kept.includes(each.value);
  kept = kept.filter((value) => !list.find(value));
  count(list);
}

function ticked(list) {
  return boxes(list).flatMap(({ checked, value }) => (checked ? value : []));
}

function count(list) {
  const chosen = ticked(list).length;
  const output = document.querySelector(".list-bulk__count");
  const { one, many, none } = output.dataset;
  const words = chosen > 1 ? many : chosen ? one : none;
  output.textContent = phrase(words, { count: chosen });
  for (const button of document.querySelectorAll("#list-bulk button:not([type])")) {
    button.disabled = !chosen;
  }
}

function tick(own, isChecked) {
  own.checked = isChecked;
}

function box(item) {
  return item.querySelector(".list-item__check");
}

function boxes(list) {
  return [...list.querySelectorAll(`${OWN} > .list-item__check`)];
}
