const PATIENCE = 5_000; // so long without an answer before the page speaks of it

/** What the page says when the server will not have it back. */
const REFUSALS = { 4401: "signed-out", 4403: "terms" };

/** What a thread has to say of its connection, one thing at a time, in `place`. */
export class Notice {
  #place;
  #isAway = false;
  #isOver = false;
  #timer = 0;

  constructor(place) {
    this.#place = place;
  }

  /** The connection is gone; without a network that is told at once. */
  away() {
    // Every dial that fails comes here: an error that was told since is to be read.
    if (this.#isAway && this.#told === "error") return;
    this.#isAway = true;
    this.#isOver = false;
    if (!navigator.onLine) this.#tellAway();
    else this.#timer ||= setTimeout(() => this.#tellAway(), PATIENCE);
  }

  /** Nothing answered for as long as one waits: that is told now. */
  unanswered() {
    this.#isAway = true;
    this.#tellAway();
  }

  /** There is a connection; `name` is what there is to say of it, "" for nothing. */
  back(name) {
    this.#stopTimer();
    this.#isAway = false;
    this.#isOver = false;
    this.show(name);
  }

  /** The connection will not come back, for the reason `code`. */
  over(code) {
    this.#stopTimer();
    this.#isOver = true;
    this.show(REFUSALS[code] ?? "gone");
  }

  /** Take back an error that was told, but not what there is to say of the connection. */
  calm(name) {
    if (!this.#isAway && !this.#isOver) this.show(name);
  }

  /** Show the page's own notice of that name, with what the server said; "" for none. */
  show(name, detail = "") {
    // A screen reader has said it; another error is another, though it be the same words.
    if (name === this.#told && name !== "error") return;
    const notices = document.getElementById("notices");
    const found = name && notices?.content.querySelector(`[data-notice="${name}"]`);
    this.#place.replaceChildren(...(found ? [found.cloneNode(true)] : []));
    const words = this.#place.querySelector('[data-part="detail"]');
    if (words && detail) words.textContent = detail;
  }

  get #told() {
    return this.#place.firstElementChild?.dataset.notice ?? "";
  }

  #tellAway() {
    this.#stopTimer();
    this.show(navigator.onLine ? "reconnecting" : "offline");
  }

  #stopTimer() {
    clearTimeout(this.#timer);
    this.#timer = 0;
  }
}
