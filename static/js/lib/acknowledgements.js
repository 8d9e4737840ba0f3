const PAUSE = 200; // milliseconds

/** Tells the server now and then what was shown: it sends 64 KiB ahead of that. */
export class Acknowledgements {
  #send;
  #shown = new Map(); // message id → seq
  #timer = 0;

  constructor(send) {
    this.#send = send;
  }

  add({ message, seq }) {
    this.#shown.set(message, seq);
  }

  send() {
    if (this.#shown.size) this.#timer ||= setTimeout(() => this.#tell(), PAUSE);
  }

  #tell() {
    this.#timer = 0;
    for (const [message, seq] of this.#shown) this.#send({ type: "ack", message, seq });
    this.#shown.clear();
  }
}
