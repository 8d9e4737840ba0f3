const LONGEST = 2_000; // milliseconds

/**
 * Frames whose message follows nothing here yet, kept for a moment: what it follows was
 * written in another tab and may be on its way. `retry` is called when their time is over.
 */
export class Early {
  #frames = [];
  #timer = 0;
  #retry;

  constructor(retry) {
    this.#retry = retry;
  }

  close() {
    clearTimeout(this.#timer);
  }

  /** Keep `frame`; false when it has waited long enough. */
  keep(frame) {
    frame.heardAt ??= performance.now();
    if (performance.now() - frame.heardAt >= LONGEST) return false;
    this.#frames.push(frame);
    this.#timer ||= setTimeout(() => {
      this.#timer = 0;
      this.#retry();
    }, LONGEST);
    return true;
  }

  /** Return those that wait, and keep them no longer. */
  take() {
    return this.#frames.splice(0);
  }
}
