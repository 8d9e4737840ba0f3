/**
 * The one place where the server's HTML, which is safe, becomes nodes: whole, or growing.
 * The browser holds every other script to it (trusted-types in chatsite/headers.py).
 *
 * What the browser adds to it, like the strip over code, carries data-added="yes" and is
 * left alone here.
 */

const SERVICE_WORKER = "/service-worker.js";
const policy = globalThis.trustedTypes?.createPolicy("chatsite", {
  createHTML: (html) => html,
  createScriptURL: (url) => {
    if (url !== SERVICE_WORKER) throw new TypeError(`${url} is no script of ours`);
    return url;
  },
});

/** The address of the only script that is not named by the page itself. */
export const serviceWorker = policy?.createScriptURL(SERVICE_WORKER) ?? SERVICE_WORKER;

/** Attributes that a reader's own doing sets: the server's HTML never takes them back. */
const THEIRS = new Set([
  "open",
  "aria-expanded",
  "inert",
  "data-wrapped",
  "data-shown",
  "data-editing",
]);

/** Return the nodes of `html` in a fragment. */
export function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = policy ? policy.createHTML(html) : html;
  return template.content;
}

/** Whether `node` stands after `other` in the page. */
export function isAfter(node, other) {
  return Boolean(other.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING);
}

/** Put `values` into a sentence from the page: "{count} of {limit}". */
export function phrase(sentence, values = {}) {
  return sentence.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

/** Have a screen reader say `sentence`: in an open dialog, as all outside it is mute. */
export function announce(sentence) {
  const within = document.querySelector("dialog:modal [data-announcer]");
  const announcer = within ?? document.getElementById("announcer");
  if (announcer && sentence) announcer.textContent = sentence;
}

/**
 * Make the element `live` equal to `fresh` and touch only what differs: equal nodes stay,
 * text grows in place, so that selection, focus and scrolled code survive.
 */
export function mend(live, fresh) {
  mendAttributes(live, fresh);
  mendRun(live, ownNodes(live), [...fresh.childNodes], null);
}

/** One part of a reply, as it grows by the operations of `reply.progressed`. */
class Growth {
  #root;
  #html = [];
  #runs = []; // the nodes in the page of each segment
  #dirty = new Set();

  constructor(root) {
    this.#root = root;
  }

  /** Take `[segment, keep, suffix]` and `[count]`; RangeError: they fit no text we have. */
  apply(ops) {
    for (const op of ops) {
      if (op.length === 1) this.#html.length = Math.min(op[0], this.#html.length);
      else this.#grow(...op);
    }
  }

  /** Replace everything by `segments`, keeping the nodes that are right already. */
  reset(segments) {
    const runs = segments.map((html) => [...parse(html).childNodes]);
    const nodes = mendRun(this.#root, ownNodes(this.#root), runs.flat(), null);
    this.#html = [...segments];
    this.#runs = runs.map((run) => nodes.splice(0, run.length));
    this.#dirty.clear();
  }

  /** Show what `apply` took. */
  flush() {
    for (const node of this.#runs.splice(this.#html.length).flat()) node.remove();
    for (const index of [...this.#dirty].sort((a, b) => a - b)) {
      if (index < this.#html.length) this.#show(index);
    }
    this.#dirty.clear();
  }

  #grow(index, keep, suffix) {
    const old = this.#html[index] ?? "";
    if (index > this.#html.length || keep > old.length) throw new RangeError("gap");
    this.#html[index] = old.slice(0, keep) + suffix;
    this.#dirty.add(index);
  }

  #show(index) {
    const fresh = [...parse(this.#html[index]).childNodes];
    const end = this.#runs.slice(index + 1).find((run) => run.length)?.[0] ?? null;
    this.#runs[index] = mendRun(this.#root, this.#runs[index] ?? [], fresh, end);
  }
}

/** One reply that is being written, as far as it is shown. */
export class Reply {
  #element;
  #growths;
  /** After Stop nothing more is shown until the server says what was kept. */
  isFrozen = false;
  /** The last frame shown; 0 while what is shown is not known by frames. */
  seq = 0;

  constructor(message) {
    this.#element = message;
    const part = (name) => message.querySelector(`[data-part="${name}"]`);
    this.#growths = {
      text: new Growth(part("body")),
      reasoning: new Growth(part("reasoning")),
    };
    this.isKnown = !part("body").hasChildNodes() && !part("reasoning").hasChildNodes();
  }

  get id() {
    return Number(this.#element.dataset.message);
  }

  /** What it has in common with the reply it is compared with; "" without one. */
  get compared() {
    return this.#element.dataset.compared ?? "";
  }

  /** False while it waits for its turn. */
  get isRunning() {
    return this.#element.dataset.state === "running";
  }

  freeze() {
    this.isFrozen = true;
    this.#element.dataset.stopping = "";
  }

  /** Something went wrong: only a snapshot helps. */
  forget() {
    this.isKnown = false;
    this.seq = 0;
  }

  /** Take a `reply.progressed`; false when frames before it are missing. */
  take({ seq, kind, ops }) {
    if (this.isFrozen || (this.isKnown && seq <= this.seq)) return true;
    if (seq !== this.seq + 1) return false;
    if (!this.isKnown) this.reset({ seq: 0, segments: [], reasoning: [] });
    this.#growths[kind].apply(ops);
    this.seq = seq;
    this.#begin(kind);
    return true;
  }

  reset({ seq, segments, reasoning, state }) {
    if (this.isFrozen) return;
    this.#growths.text.reset(segments);
    this.#growths.reasoning.reset(reasoning);
    this.seq = seq;
    this.isKnown = true;
    if (reasoning.length) this.#begin("reasoning");
    if (state) this.#element.dataset.state = state;
  }

  flush() {
    this.#growths.reasoning.flush();
    this.#growths.text.flush();
  }

  #begin(kind) {
    const { dataset } = this.#element;
    if (dataset.state !== "running") dataset.state = "running";
    if (kind === "reasoning") this.#element.querySelector(".reasoning").hidden = false;
  }
}

/** Turn the siblings `old` into `fresh`; new ones go before `end`. Return what stands. */
function mendRun(parent, old, fresh, end) {
  const standing = fresh.map((node, index) => {
    const live = old[index];
    if (live && mendNode(live, node)) return live;
    if (live) live.replaceWith(node);
    else parent.insertBefore(node, end);
    return node;
  });
  for (const node of old.slice(fresh.length)) node.remove();
  return standing;
}

/** Make `live` equal to `fresh`; false when they are different things. */
function mendNode(live, fresh) {
  if (live.nodeName !== fresh.nodeName || live.id !== fresh.id) return false;
  if (live.nodeType !== Node.ELEMENT_NODE) mendText(live, fresh.data);
  else if (!live.isEqualNode(fresh)) mend(live, fresh);
  return true;
}

function mendText(node, data) {
  const old = node.data;
  if (old === data) return;
  let same = data.startsWith(old) ? old.length : 0;
  while (same < old.length && old[same] === data[same]) same += 1;
  node.replaceData(same, old.length - same, data.slice(same));
}

function mendAttributes(live, fresh) {
  for (const { name } of [...live.attributes]) {
    if (!fresh.hasAttribute(name) && !THEIRS.has(name)) live.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (live.getAttribute(name) === value || THEIRS.has(name)) continue;
    live.setAttribute(name, value);
  }
}

function ownNodes(parent) {
  return [...parent.childNodes].filter((node) => !node.dataset?.added);
}
