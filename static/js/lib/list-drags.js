/** Conversations are dragged into folders, out of them, to the top; folders to a place. */

const TARGETS = ".list-folder, .list-group--pinned, [data-day]";

const OWN = "li.list-item:not([data-others])"; // those of others have no folder here

let dragged = null; // `{conversations}` or `{folder}`
let target = null;

export function listenForDrags(list, post, signal) {
  list.addEventListener("dragstart", (event) => begun(event, list), { signal });
  list.addEventListener("dragover", (event) => over(event), { signal });
  list.addEventListener("dragleave", (event) => left(event, list), { signal });
  list.addEventListener("drop", (event) => dropped(event, list, post), { signal });
  list.addEventListener("dragend", () => ended(list), { signal });
  list.dataset.drags = "";
}

function begun(event, list) {
  const item = event.target.closest?.(OWN);
  const folder = event.target.closest?.(".list-folder");
  if (item) dragged = { conversations: chosenWith(item, list) };
  else if (folder) dragged = { folder };
  else return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", event.target.innerText.trim());
  list.setAttribute("dragging", item ? "conversation" : "folder");
}

/** Return the ids of what is dragged: all that is ticked, if that is. */
function chosenWith(item, list) {
  const own = item.querySelector(".list-item__check");
  const ticked = [...list.querySelectorAll(`${OWN} > .list-item__check:checked`)];
  return (own.checked ? ticked : [own]).map((each) => each.value);
}

function over(event) {
  const found = dragged && event.target.closest?.(TARGETS);
  const fits = found && (dragged.conversations || found.matches(".list-folder"));
  if (!fits || found === dragged.folder) return mark(null);
  event.preventDefault();
  event.dataTransfer.dropEffect = "move";
  mark(found);
  if (dragged.folder) found.dataset.drop = isUpper(event, found) ? "before" : "after";
}

function isUpper(event, folder) {
  const { top, height } = folder.getBoundingClientRect();
  return event.clientY < top + height / 2;
}

function mark(found) {
  if (target && target !== found) delete target.dataset.drop;
  target = found;
  if (target && !dragged.folder) target.dataset.drop = "into";
}

function left(event, list) {
  if (!list.contains(event.relatedTarget)) mark(null);
}

function dropped(event, list, post) {
  if (!dragged || !target) return;
  event.preventDefault();
  const data = new FormData(document.getElementById("verbs"));
  if (dragged.folder) {
    const isBefore = target.dataset.drop === "before";
    const next = isBefore ? target : target.nextElementSibling;
    data.set("before", next?.dataset.folder ?? "");
    const menu = dragged.folder.querySelector(".list-item__more");
    post(list, menu.formAction.replace(/menu\/$/, "place/"), data);
  } else {
    for (const id of dragged.conversations) data.append("conversation", id);
    put(data, target, list, post).catch(reportError);
  }
  ended(list);
}

/** What is pulled down from the top is not pinned any more. */
async function put(data, place, list, post) {
  const { action } = document.getElementById("list-bulk");
  const isPinned = (id) => list.find(id)?.closest(".list-group--pinned");
  if (place.matches(".list-group--pinned")) {
    data.set("verb", "pin");
    await post(list, action, data);
    return;
  }
  if (data.getAll("conversation").some(isPinned)) {
    data.set("verb", "unpin");
    await post(list, action, data);
    if (!place.dataset.folder) return;
  }
  data.delete("verb");
  data.set("folder", place.dataset.folder ?? "none");
  await post(list, action, data);
}

function ended(list) {
  mark(null);
  dragged = null;
  list.removeAttribute("dragging");
}
