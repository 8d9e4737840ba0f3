import { store } from "./store.js";

/** What `[data-action]` means on a page with a thread: `(thread, button)`. */
export const VERBS = {
  "thread.end": (thread) => thread.toEnd(),
  "reply.stop": (thread) => thread.stop(),
  "reply.regenerate": (thread, button) => act(thread, "reply.regenerate", button),
  "reply.continue": (thread, button) => act(thread, "reply.continue", button),
  "reply.keep": (thread, button) => act(thread, "reply.keep", button),
  "branch.select": (thread, button) => thread.select(button),
  "message.resend": (thread, button) => thread.outbox.resend(letterOf(button)),
  "message.withdraw": withdraw,
  "message.edit": (thread, link) => edit(thread, link.closest(".message")),
  "message.menu": openMenu,
  "compare.show": (thread, button) => putInFront(button.closest(".message")),
};

export function stopFrame({ id, seq }) {
  return { type: "reply.stop", message: id, seq };
}

/** Go on with the edits of messages that were not sent when the page was left. */
export function editsLeft(thread) {
  const start = `edit.${thread.getAttribute("conversation")}.`;
  for (const name of store.names(start)) {
    const message = document.getElementById(`message-${name.slice(start.length)}`);
    if (message) edit(thread, message);
  }
}

function act(thread, type, button) {
  const { message } = button.closest("[data-message]").dataset;
  thread.act({ type, message: Number(message) });
}

function letterOf(button) {
  return button.closest("[data-client-id]").dataset.clientId;
}

/** A message that was not sent is written anew: in the box, or where it was edited. */
function withdraw(thread, button) {
  const { text, edits } = thread.withdraw(letterOf(button));
  const message = edits && document.getElementById(`message-${edits}`);
  if (message) edit(thread, message, text);
  else document.querySelector("chat-composer").restore(text);
}

async function edit(thread, message, text = null) {
  const link = message.querySelector('[data-action="message.edit"]');
  try {
    const { openEditor } = await import("../elements/message-editor.js");
    await openEditor(thread, message, text);
  } catch {
    follow(thread, link);
  }
}

async function openMenu(thread, link) {
  try {
    const { showMenu } = await import("../elements/message-menu.js");
    await showMenu(thread, link);
  } catch {
    follow(thread, link);
  }
}

/** Go where `link` leads, unless that is away from what can be read without a network. */
export function follow(thread, { href }) {
  if (navigator.onLine) location.assign(href);
  else thread.failed({});
}

/** On a narrow screen one of the two that are compared is open. */
function putInFront(message) {
  const { compared } = message.dataset;
  for (const other of document.querySelectorAll(`[data-compared="${compared}"]`)) {
    other.toggleAttribute("data-shown", other === message);
  }
}
