/** Selected text whose formulas are LaTeX again: what is drawn of them is bare signs. */

/** Return what `range` selects in `words`, a formula whole; "" when it holds none. */
export function sourceOf(range, words) {
  const whole = range.cloneRange();
  if (!words.contains(whole.endContainer)) whole.setEndAfter(words.lastChild);
  const [first, last] = [whole.startContainer, whole.endContainer].map(formulaAround);
  if (first) whole.setStartBefore(first);
  if (last) whole.setEndAfter(last);

  const copy = document.createElement("div");
  copy.append(whole.cloneContents());
  const formulas = copy.querySelectorAll("math[alttext]");
  if (!formulas.length) return "";
  for (const formula of formulas) formula.replaceWith(spelled(formula));
  for (const added of copy.querySelectorAll("[data-added]")) added.remove();
  return laidOut(copy);
}

function formulaAround(node) {
  const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  return element?.closest("math");
}

function spelled(formula) {
  const mark = formula.getAttribute("display") === "block" ? "$$" : "$";
  return `${mark}${formula.getAttribute("alttext")}${mark}`;
}

/** Return the text of `copy` with its line breaks, which only what is in a page has. */
function laidOut(copy) {
  copy.className = "visually-hidden";
  document.body.append(copy);
  const text = copy.innerText.trim();
  copy.remove();
  return text;
}
