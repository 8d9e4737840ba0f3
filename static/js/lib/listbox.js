import { InputMethod } from "./keys.js";

/**
 * The options under a field, gone through with the arrows and chosen with Enter while the
 * focus stays in the field; or with a finger. One is always active while there are any.
 */
export class Listbox {
  #field;
  #root;
  #choose;
  #inputMethod;

  /** `choose(option)` is called with the one that was chosen. */
  constructor(field, root, choose) {
    this.#field = field;
    this.#root = root;
    this.#choose = choose;
    this.#inputMethod = new InputMethod(field);
    field.setAttribute("aria-autocomplete", "list");
    root.addEventListener("pointermove", ({ target }) => {
      this.#activate(target.closest("[role=option]"), false);
    });
    // The field keeps the focus, and with it a phone its keyboard.
    root.addEventListener("mousedown", (event) => event.preventDefault());
    root.addEventListener("click", (event) => this.#clicked(event));
  }

  get active() {
    return this.#root.querySelector("[aria-selected=true]");
  }

  get options() {
    return [...this.#root.querySelectorAll("[role=option]")];
  }

  /** Other options stand here now: the first is the one. */
  changed() {
    const [first] = this.options;
    if (first) this.#field.setAttribute("aria-controls", this.#root.id);
    if (first) this.#activate(first);
    else this.#field.removeAttribute("aria-activedescendant");
    this.#root.scrollTop = 0;
  }

  /** Take the keystroke if it is for the list; true when it was. */
  take(event) {
    if (this.#inputMethod.wants(event) || event.altKey) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.#step(step);
    else if (event.key === "Enter" && this.active) this.#choose(this.active);
    else return false;
    event.preventDefault();
    return true;
  }

  /** Whether an input method wants the keystroke. */
  isTyping(event) {
    return this.#inputMethod.wants(event);
  }

  #step(step) {
    const { options } = this;
    if (!options.length) return;
    const at = options.indexOf(this.active) + step;
    this.#activate(options.at(at % options.length));
  }

  #activate(option, isScrolled = true) {
    if (!option || option === this.active) return;
    this.active?.setAttribute("aria-selected", "false");
    option.setAttribute("aria-selected", "true");
    this.#field.setAttribute("aria-activedescendant", option.id);
    if (isScrolled) option.scrollIntoView({ block: "nearest" });
  }

  #clicked(event) {
    const option = event.target.closest("[role=option]");
    if (!option || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.#choose(option);
  }
}
