import { phrase } from "./html.js";

/** What a screen reader says of messages that come while a thread is open. */

/** Return the end of a reply in the words that #announcer has for its state. */
export function endOf(message, { state, error }) {
  const { dataset } = document.getElementById("announcer");
  const values = { persona: wordsOf(message, "persona"), text: wordsOf(message, "body") };
  return phrase(error?.sentence || (dataset[state] ?? dataset.finished), values);
}

/** Return who wrote it and what; "" for one's own. */
export function wordsOfOther(message) {
  const name = wordsOf(message, "author");
  return name && `${name}: ${wordsOf(message, "body")}`;
}

function wordsOf(message, part) {
  const words = message.querySelector(`[data-part="${part}"]`)?.cloneNode(true);
  // What is drawn of a formula is its bare signs.
  for (const formula of words?.querySelectorAll("math[alttext]") ?? []) {
    formula.replaceWith(formula.getAttribute("alttext"));
  }
  return words?.textContent.trim() ?? "";
}
