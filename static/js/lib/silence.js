const SYNC_PAUSE = 1_000;
const LONG = 10_000; // so long without a frame, an open reply is asked after
const NO_ANSWER = 5_000; // and so long after that, the connection counts as dead

/**
 * Asks the server for what a page misses: at most once a second, and when a reply that is
 * being written is silent for long.
 *
 * The asker has `isOpen` (such a reply is here), `ask()` and `renew()`.
 */
export class Silence {
  #asker;
  #timer = 0;
  #askedAt = -Infinity;
  #heardAt = 0;
  #isAnswerDue = false;
  #watchdog = 0;

  constructor(asker) {
    this.#asker = asker;
    this.#watchdog = setInterval(() => this.#look(), NO_ANSWER);
  }

  close() {
    clearInterval(this.#watchdog);
    clearTimeout(this.#timer);
  }

  /** A frame came. */
  heard() {
    this.#heardAt = performance.now();
    this.#isAnswerDue = false;
  }

  /** The server was asked just now. */
  asked() {
    this.#askedAt = this.#heardAt = performance.now();
  }

  /** Ask now, or as soon as the last question is a second old. */
  ask() {
    clearTimeout(this.#timer);
    const wait = this.#askedAt + SYNC_PAUSE - performance.now();
    if (wait <= 0) this.#asker.ask();
    else this.#timer = setTimeout(() => this.#asker.ask(), wait);
  }

  #look() {
    const silence = performance.now() - this.#heardAt;
    if (!this.#asker.isOpen || silence < (this.#isAnswerDue ? NO_ANSWER : LONG)) return;
    if (this.#isAnswerDue) this.#asker.renew();
    else this.ask();
    this.#isAnswerDue = !this.#isAnswerDue;
  }
}
