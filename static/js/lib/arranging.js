/**
 * What a person does to the conversations in the list: by menus, by titles that can be
 * written on, to several at once, by dragging. What few use at once is fetched as it is.
 */

import { parse } from "./html.js";

const TOLD_FOR = 10_000; // so long a notice stands, or as long as it is looked at
const FORMS = "#verbs, #list-bulk, form.rename, form[data-verb]";

let told = 0;
const onTheWay = new Set(); // what was submitted and is not answered yet

/** Listen to the whole page for `list`, the <conversation-list> on it. */
export function listenForArranging(list, signal) {
  document.addEventListener("click", (event) => clicked(event, list), { signal });
  document.addEventListener("submit", (event) => submitted(event, list), { signal });
  const near = async ({ pointerType }) => {
    if (pointerType !== "mouse") return; // a finger may come before it
    list.removeEventListener("pointerover", near);
    const { listenForDrags } = await import("./list-drags.js");
    listenForDrags(list, post, signal);
  };
  list.addEventListener("pointerover", near, { signal });
}

/** Post `data` and show what came of it; null when it could not be done. */
export async function post(list, address, data) {
  // Wanted with the answer; whom it does not reach is told without it.
  const order = import("./tab-order.js").catch(() => null);
  const headers = { Accept: "application/json" };
  const request = fetch(address, { method: "POST", body: data, headers });
  const response = await request.catch(() => null);
  const answer = await response?.json().catch(() => null);
  for (const frame of answer?.frames ?? []) list.take(frame);
  if (!answer?.frames) tellFailed();
  else if (answer.notice) tell(answer.notice, await order);
  else if (response.ok) forgetRefusal();
  return response?.ok && answer ? answer : null;
}

const ACTIONS = {
  "menu.open": async (button) => (await import("./list-menus.js")).openMenu(button),
  "menu.next": async (button) => (await import("./list-menus.js")).goOn(button),
  "conversation.rename": async (button, list) =>
    (await import("./renaming.js")).rename(button, list),
  "list.select": async (button, list) =>
    (await import("./list-selection.js")).select(list, button.dataset.conversation),
  "list.unselect": async (button, list) =>
    (await import("./list-selection.js")).unselect(list),
};

function clicked(event, list) {
  // What is saved leaves the page as it is, and so nothing else closes the menu.
  const saved = event.target.closest?.("[popover] a[download]");
  saved?.closest("[popover]").hidePopover();
  const button = event.target.closest?.("[data-action]");
  const action = button && ACTIONS[button.dataset.action];
  if (!action || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const menu = button.closest("[popover]");
  if (menu && button.dataset.action !== "menu.next") menu.hidePopover();
  action(button, list).catch((error) => {
    tellFailed(); // without a network, what it does may not have come
    reportError(error);
  });
}

/** A verb is posted and what it changes is shown, without another page. */
function submitted(event, list) {
  const { target: form, submitter } = event;
  if (!form.matches(FORMS) || event.defaultPrevented) return;
  const address = submitter?.getAttribute("formaction") ?? form.getAttribute("action");
  // Without its conversation this page is nothing: the server leads to another.
  if (address.endsWith(`/${list.getAttribute("current")}/remove/`)) return;
  event.preventDefault();
  const data = new FormData(form, submitter);
  // What was written in one is not lost when it is refused.
  if (!form.matches(".folder-form")) {
    for (const menu of document.querySelectorAll("[popover]:popover-open")) {
      menu.hidePopover();
    }
  }
  // What is chosen of several may be out of the list before the answer is here.
  const key = form.id === "list-bulk" ? form : `${address}?${new URLSearchParams(data)}`;
  if (onTheWay.has(key)) return;
  onTheWay.add(key);
  const isOver = () => onTheWay.delete(key);
  send(form, address, data, list).catch(reportError).finally(isOver);
}

async function send(form, address, data, list) {
  const hadFocus = form.contains(document.activeElement);
  const answer = await post(list, address, data);
  if (!answer && form.matches(".folder-form")) {
    return (await import("./refused.js")).refused(form.elements.name);
  }
  if (!answer) return form.dispatchEvent(new Event("refused"));
  form.closest("[popover]")?.hidePopover();
  form.dispatchEvent(new CustomEvent("done", { detail: answer }));
  if (form.dataset.verb === "undo") {
    form.closest(".notice")?.remove();
    if (hadFocus) list.focusOn(answer.frames);
  }
  if (form.id === "list-bulk") list.dispatchEvent(new Event("arranged"));
}

/** Show a notice, drawn by the server, for a while. */
function tell(html, order) {
  const place = document.getElementById("told");
  place?.replaceChildren(parse(html));
  if (place) order?.putNext(place);
  clearTimeout(told);
  told = setTimeout(() => forget(place), TOLD_FOR);
}

function forget(place) {
  if (place?.matches(":hover, :focus-within")) {
    told = setTimeout(() => forget(place), TOLD_FOR);
  } else {
    place?.replaceChildren();
  }
}

/** What was refused is done now. */
function forgetRefusal() {
  document.querySelector("#told:has(.notice--error)")?.replaceChildren();
}

/** Go to `address`, unless that is away from what can be read without a network. */
export function follow(address) {
  if (navigator.onLine) location.assign(address);
  else tellFailed();
}

function tellFailed() {
  const place = document.getElementById("told");
  const notice = document.createElement("p");
  notice.className = "notice notice--error";
  notice.textContent = place?.dataset.failed ?? "";
  tell(notice.outerHTML);
}
