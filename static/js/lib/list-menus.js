import { follow, post } from "./arranging.js";
import { items } from "./menu-keys.js";
import { fetchFragment } from "./view.js";

const GAP = 4; // pixels between a menu and what it belongs to
const EDGE = 8; // and to the edge of the window

let opener = null; // what the menu belongs to
let asked = null; // what was asked for last: an older answer is none

/** Show the menu that `button` leads to, beside it; without it, go there. */
export function openMenu(button) {
  opener = button;
  return show(button);
}

/** The same, from within a menu: it takes that one's place. */
export function goOn(button) {
  const menu = button.closest("[popover]");
  if (menu && menu.id !== "item-menu") {
    opener = document.querySelector(`[popovertarget="${menu.id}"]`);
    menu.hidePopover();
  }
  return show(button);
}

async function show(button) {
  const address = (asked = button.formAction);
  const page = await fetchFragment(address);
  if (asked !== address) return;
  if (!page) return follow(address);
  const menu = document.getElementById("item-menu");
  menu.replaceChildren(page);
  listen(menu);
  if ("moves" in button.dataset) fill(menu.firstElementChild, button.dataset.moves);
  if (!menu.matches(":popover-open")) menu.showPopover();
  place(menu);
  (menu.querySelector("input:not([type=hidden])") ?? items(menu)[0])?.focus();
}

/** What a folder is made for goes into it: that conversation; "" is all selected. */
function fill(form, conversation) {
  const bulk = document.getElementById("list-bulk");
  const data = new FormData(bulk);
  if (conversation) data.set("conversation", conversation);
  form.addEventListener("done", async ({ detail }) => {
    const list = document.querySelector("conversation-list");
    data.set("folder", detail.folder);
    const isDone = await post(list, bulk.action, data);
    if (isDone) list.dispatchEvent(new Event("arranged"));
  });
}

/** Under its opener, or over it where there is no room; from its start edge on. */
function place(menu) {
  const from = opener.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const isRight = document.documentElement.dir === "rtl";
  const x = isRight ? from.right - width : from.left;
  const under = from.bottom + GAP;
  const y = under + height > innerHeight - EDGE ? from.top - GAP - height : under;
  const within = (value, most) => `${Math.max(EDGE, Math.min(value, most - EDGE))}px`;
  menu.style.setProperty("--x", within(x, innerWidth - width));
  menu.style.setProperty("--y", within(y, innerHeight - height));
}

function listen(menu) {
  if (menu.isListening) return;
  menu.isListening = true;
  menu.addEventListener("toggle", ({ newState }) => {
    if (newState === "closed" && document.activeElement === document.body) {
      opener?.focus();
    }
  });
  // What is unfolded in it makes it longer. That does not bubble.
  const grown = ({ target }) => target !== menu && place(menu);
  menu.addEventListener("toggle", grown, { capture: true });
}
