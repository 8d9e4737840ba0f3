import { newId } from "./outbox.js";

const PATIENCE = 5_000; // with no answer for so long, the connection seems dead
const MOST_PATIENCE = 40_000; // once it was sent again and again
const MAKING = new Set(["reply.regenerate", "reply.compare"]);

/**
 * What a person wants done with messages, as frames: each is kept until its answer comes and
 * sent again after the connection was gone. What makes a reply has an id, so that twice is
 * once; of the others it is anyway.
 *
 * The host is the thread: `send(frame)`, `renew()`.
 */
export class Errands {
  #host;
  #open = new Map(); // by what they do and to what
  #doubts = 0;
  #timer = 0;

  constructor(host) {
    this.#host = host;
  }

  /** Send `frame`, as soon as there is a connection. */
  add(frame) {
    const kept = MAKING.has(frame.type) ? { ...frame, client_id: newId() } : frame;
    this.#open.set(`${frame.type} ${frame.message}`, kept);
    this.#send(kept);
  }

  /** What had no answer is sent once more. */
  reconnected() {
    for (const frame of this.#open.values()) this.#send(frame);
  }

  /** The answer is a branch, or what became of that message: a reply, or an error. */
  heard({ message, branch }) {
    for (const [name, frame] of this.#open) {
      if (branch || frame.message === message) this.#open.delete(name);
    }
    if (this.#open.size) return;
    clearTimeout(this.#timer);
    this.#doubts = 0;
  }

  #send(frame) {
    if (!this.#host.send(frame)) return;
    clearTimeout(this.#timer);
    const patience = Math.min(MOST_PATIENCE, PATIENCE * 2 ** this.#doubts);
    this.#timer = setTimeout(() => {
      this.#doubts += 1;
      this.#host.renew();
    }, patience);
  }
}
