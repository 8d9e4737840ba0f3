const BUSY = 700; // milliseconds between two questions while a reply is written
const IDLE = 5_000;
const LONGEST = 30_000; // an answer that takes longer will not come

/**
 * The frames of a socket by POST, one at a time; the server is asked for its own. The
 * socket has `polled()`, `unpolled()`, `refuse(code)`; the listener is the socket's.
 */
export class Polling {
  #url;
  #socket;
  #listener;
  #line = Promise.resolve();
  #timer = 0;
  #isStarting = false;
  isRunning = false;

  constructor(url, socket, listener) {
    this.#url = url;
    this.#socket = socket;
    this.#listener = listener;
  }

  /** Go on by plain HTTP, if it passes. */
  async start() {
    if (this.#isStarting || this.isRunning) return;
    this.#isStarting = true;
    const answer = await this.#post(this.#listener.syncFrame());
    if (!this.#isStarting) return;
    this.#isStarting = false;
    if (!answer) return;
    this.isRunning = true;
    this.#socket.polled();
    this.#deliver(answer);
    this.#pollLater();
  }

  stop() {
    this.isRunning = this.#isStarting = false;
    clearTimeout(this.#timer);
  }

  send(frame) {
    if (frame.type === "ack") return this.#line;
    this.#line = this.#line.then(() => this.#exchange(frame));
    return this.#line;
  }

  #pollLater() {
    clearTimeout(this.#timer);
    if (!this.isRunning) return;
    const often = this.#listener.busy && !document.hidden;
    this.#timer = setTimeout(() => this.#poll(), often ? BUSY : IDLE);
  }

  async #poll() {
    await this.#line;
    if (!this.#listener.isNew) await this.send(this.#listener.syncFrame());
    this.#pollLater();
  }

  async #exchange(frame) {
    if (!this.isRunning) return;
    const answer = await this.#post(frame);
    if (answer) this.#deliver(answer);
    else if (this.isRunning) this.#fail();
    if (this.#listener.busy) this.#pollLater();
  }

  #deliver(answer) {
    for (const frame of answer.frames) this.#listener.received(frame);
  }

  #fail() {
    this.stop();
    this.#socket.unpolled();
  }

  /** Return the answer, or null. */
  async #post(frame) {
    try {
      const response = await fetch(this.#url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
        body: JSON.stringify(frame),
        redirect: "manual",
        signal: AbortSignal.timeout(LONGEST),
      });
      if (response.ok) return await response.json();
      if (response.status === 404 && this.#listener.isNew) return { frames: [] };
      this.#refused(response);
    } catch {
      // No network, or an answer that is not ours.
    }
    return null;
  }

  #refused({ type, status, headers }) {
    if (type === "opaqueredirect" || status === 401) this.#socket.refuse(4401);
    if (headers.has("X-Terms-Owed")) this.#socket.refuse(4403);
    if (status === 404) this.#socket.refuse(4404);
  }
}

function csrfToken() {
  return document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
}
