import { Polling } from "./polling.js";

/**
 * One connection that comes back by itself: a WebSocket, or plain HTTP where none passes.
 *
 * The listener has `connected()`, `received(frame)`, `lost()`, `refused(code)` (it will not
 * come back: 4401 sign in, 4403 accept the terms, 4404 gone) and, where plain HTTP may stand in, `syncFrame()`,
 * `busy` (a reply is being written: ask often) and `isNew` (nothing is saved there yet, so
 * that 404 is no refusal). A listener without plain HTTP may have `unreachable()`: where
 * none passes, it is called with each dial that fails.
 */

const LONGEST_DELAY = 30_000;
const STEADY = 500; // open for so long, the next failure is a first one again
const FINAL = new Set([4401, 4403, 4404]);
const TOO_MANY = 4429;
const SOCKET_SOON = 2_000; // after plain HTTP took over: was it only a restart?
const SOCKET_AGAIN = 60_000;
const NO_ANSWER = 10_000; // a dial that hangs for so long has failed

export class Socket {
  #url;
  #listener;
  #polling = null;
  #socket = null;
  #timer = 0;
  #tries = 0;
  #unopened = 0;
  #ended = false;
  #events = new AbortController();

  /** `framesUrl`: where plain HTTP takes the same frames; "" for none. Starts at once. */
  constructor(url, listener, framesUrl = "") {
    this.#url = new URL(url, location.href);
    this.#url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    this.#listener = listener;
    if (framesUrl) this.#polling = new Polling(framesUrl, this, listener);
    this.#listen();
    this.#dial();
  }

  /** True when a frame sent now would leave the page. */
  get live() {
    return this.#socket?.readyState === WebSocket.OPEN || this.isPlain;
  }

  get isPlain() {
    return Boolean(this.#polling?.isRunning);
  }

  /** Send `frame`; false when there is no connection. */
  send(frame) {
    if (this.#socket?.readyState === WebSocket.OPEN) {
      this.#socket.send(JSON.stringify(frame));
    } else if (this.isPlain) {
      this.#polling.send(frame);
    } else {
      return false;
    }
    return true;
  }

  /** Drop a connection that seems dead and dial again at once. */
  renew() {
    if (this.#ended) return;
    this.#tries = 0;
    this.#hangUp();
    this.#dial();
  }

  close() {
    this.#ended = true;
    this.#events.abort();
    this.#polling?.stop();
    this.#hangUp();
  }

  #listen() {
    const { signal } = this.#events;
    const now = () => {
      const state = this.#socket?.readyState ?? WebSocket.CLOSED;
      if (!document.hidden && state > WebSocket.OPEN) this.renew();
    };
    addEventListener("online", () => this.renew(), { signal });
    addEventListener("offline", () => this.#lost(), { signal });
    addEventListener("pageshow", (event) => event.persisted && now(), { signal });
    document.addEventListener("visibilitychange", now, { signal });
  }

  #dial() {
    clearTimeout(this.#timer);
    const socket = new WebSocket(this.#url);
    let openedAt = null;
    this.#socket = socket;
    this.#timer = setTimeout(() => this.#hung(), NO_ANSWER);
    socket.onopen = () => {
      clearTimeout(this.#timer);
      openedAt = performance.now();
      this.#opened();
    };
    socket.onmessage = ({ data }) => this.#listener.received(JSON.parse(data));
    socket.onclose = ({ code }) => {
      if (openedAt !== null && performance.now() - openedAt > STEADY) this.#tries = 0;
      this.#closed(code, openedAt !== null);
    };
  }

  #hangUp() {
    clearTimeout(this.#timer);
    if (!this.#socket) return;
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
    this.#socket = null;
  }

  #hung() {
    this.#hangUp();
    this.#closed(null, false);
  }

  /** The network is gone: what is open would only find out much later. */
  #lost() {
    this.#polling?.stop();
    this.#hangUp();
    this.#listener.lost();
    this.#later(this.#delay());
  }

  #opened() {
    this.#unopened = 0;
    this.#polling?.stop();
    this.#listener.connected();
  }

  #closed(code, opened) {
    this.#socket = null;
    if (FINAL.has(code)) return this.refuse(code);
    if (code === TOO_MANY) this.#tries = Math.max(this.#tries, 4);
    if (!opened && navigator.onLine) this.#unopened += 1;
    if (this.isPlain) return this.#later(SOCKET_AGAIN);
    this.#listener.lost();
    if (this.#unopened >= 2) this.#standIn();
    this.#later(this.#delay());
  }

  #standIn() {
    if (this.#polling) this.#polling.start();
    else this.#listener.unreachable?.();
  }

  #later(delay) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#dial(), delay);
  }

  /** First at most a second, then longer, never in step with other tabs. */
  #delay() {
    const longest = Math.min(LONGEST_DELAY, 1000 * 2 ** this.#tries);
    this.#tries += 1;
    return longest * (0.3 + 0.7 * Math.random());
  }

  polled() {
    this.#later(SOCKET_SOON);
    this.#listener.connected();
  }

  unpolled() {
    this.#listener.lost();
    this.#later(this.#delay());
  }

  refuse(code) {
    this.close();
    this.#listener.refused(code);
  }
}
