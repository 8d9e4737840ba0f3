import { follow } from "./arranging.js";
import { isComposing } from "./keys.js";
import { fetchFragment } from "./view.js";

/** What a dialog does is fetched when it is first opened: elements that it holds. */
const SCRIPTS = {
  palette: () => import("../elements/command-palette.js"),
};

/**
 * `[data-opens="id"]` opens the dialog of that id, or closes it. A dialog with `data-page`
 * fetches what it holds first; without it, a link leads there. `[data-closes]` and a click
 * beside a dialog with `data-light-dismiss` close it.
 */
export function listenForDialogs() {
  let isBegunBeside = false; // a drag that selects words may end there
  const begin = (event) => (isBegunBeside = isBeside(event));
  addEventListener("pointerdown", begin, { capture: true });
  document.addEventListener("click", (event) => {
    const { target } = event;
    if (event.ctrlKey || event.metaKey || !target.closest) return;
    const opener = target.closest("[data-opens]");
    const dialog = opener && document.getElementById(opener.dataset.opens);
    if (dialog) {
      event.preventDefault();
      toggle(dialog, opener);
    } else if (target.closest("[data-closes]") || (isBegunBeside && isBeside(event))) {
      target.closest("dialog")?.close();
    }
  });
}

async function toggle(dialog, opener) {
  if (dialog.open) return dialog.close();
  if (dialog.dataset.page && !dialog.firstElementChild) {
    if (dialog.ariaBusy) return;
    dialog.ariaBusy = "true";
    const content = await fetchFragment(dialog.dataset.page);
    dialog.ariaBusy = null;
    if (!content) return opener.href && follow(opener.href);
    dialog.append(content);
    nameKeys(dialog);
  }
  dialog.showModal();
  const script = SCRIPTS[dialog.id];
  if (!script) return;
  const entered = new Entered(dialog);
  try {
    await script();
    dialog.firstElementChild.opened(entered.end());
  } catch (error) {
    dialog.close();
    reportError(error);
  }
}

/** Hears Enter in a field of `dialog` while nothing else is there to hear it. */
class Entered {
  #isHeard = false;
  #ends = new AbortController();

  constructor(dialog) {
    const { signal } = this.#ends;
    dialog.addEventListener("keydown", (event) => this.#pressed(event), { signal });
  }

  /** Hear no more; true when it was pressed. */
  end() {
    this.#ends.abort();
    return this.#isHeard;
  }

  #pressed(event) {
    const isEnter = event.key === "Enter" && event.target.matches("input");
    this.#isHeard ||= isEnter && !isComposing(event);
  }
}

function isBeside({ target, clientX, clientY }) {
  if (!target.matches?.("dialog[data-light-dismiss]")) return false;
  const { top, bottom, left, right } = target.getBoundingClientRect();
  return clientY < top || clientY > bottom || clientX < left || clientX > right;
}

/** On a Mac ⌘ is the key that Ctrl is elsewhere. */
function nameKeys(dialog) {
  if (!/Mac|iPhone|iPad/.test(navigator.platform)) return;
  for (const key of dialog.querySelectorAll("kbd")) {
    if (key.textContent === "Ctrl") key.textContent = "⌘";
  }
}
