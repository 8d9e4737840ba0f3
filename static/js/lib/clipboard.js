import { announce } from "./html.js";

const DONE = 2_000; // so long a button shows that it has copied

/** The Markdown of a message, from the address that its button names. */
export async function sourceOf(button) {
  const response = await fetch(button.dataset.source);
  if (!response.ok) throw new Error(response.statusText);
  return response.text();
}

/**
 * Copy for `button`, which then shows that it is done: `text`, the promise of plain words,
 * and `html`, the same with its formatting, for what takes that.
 */
export async function copyBy(button, text, html = "") {
  try {
    await write(text, html);
  } catch {
    tell(button.dataset.failed);
    return;
  }
  button.dataset.done = "";
  announce(button.dataset.copied);
  setTimeout(() => delete button.dataset.done, DONE);
}

/** Say `sentence` to everybody where there is a place for it. */
function tell(sentence) {
  const thread = document.querySelector("chat-thread");
  if (thread) thread.failed({ detail: sentence });
  else announce(sentence);
}

/** Safari forgets the click while it waits, so the clipboard is handed the promise. */
async function write(text, html) {
  if (!navigator.clipboard) return writeBySelection(await text);
  if (!globalThis.ClipboardItem) return navigator.clipboard.writeText(await text);
  const plain = text.then((words) => blobOf(words, "text/plain"));
  plain.catch(() => {}); // the clipboard may have refused by then
  const kinds = { "text/plain": plain };
  if (html) kinds["text/html"] = Promise.resolve(blobOf(html, "text/html"));
  return navigator.clipboard.write([new ClipboardItem(kinds)]);
}

function blobOf(content, type) {
  return new Blob([content], { type });
}

/** Copy where there is no clipboard: on a site without HTTPS. */
function writeBySelection(text) {
  const field = document.createElement("textarea");
  const focused = document.activeElement;
  field.value = text;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  focused?.focus();
  if (!isCopied) throw new Error("copy");
}
