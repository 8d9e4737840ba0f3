import { parse } from "./html.js";

const NEAR_END = 48; // pixels
const AHEAD = "800px"; // how far outside the view the next page is fetched

/** What is in view of a thread: it follows the text only while the reader is at its end. */
export class View {
  #messages;
  #changed;
  #scroller;
  #top = 0;
  #isFollowing = true;
  #sizes = new ResizeObserver(() => this.#resized());
  #events = new AbortController();

  /**
   * `messages` stand in `scroller`. `changed` is called when the reader comes to the end or
   * leaves it. It begins there with the next frame of the screen: to ask now how far down
   * that is would lay out the page before the rest of its scripts has run.
   */
  constructor(scroller, messages, changed) {
    this.#messages = messages;
    this.#changed = changed;
    this.#scroller = scroller;
    const { signal } = this.#events;
    const options = { signal, passive: true };
    scroller.addEventListener("scroll", () => this.#scrolled(), options);
    scroller.addEventListener("wheel", (event) => this.#wheeled(event), options);
    this.#sizes.observe(messages);
    this.#sizes.observe(scroller);
    requestAnimationFrame(() => this.#isFollowing && this.#jump());
  }

  close() {
    this.#sizes.disconnect();
    this.#events.abort();
  }

  get isAtEnd() {
    return this.#isFollowing || this.#below <= NEAR_END;
  }

  toEnd() {
    this.#isFollowing = true;
    this.#jump();
    this.#changed();
  }

  show(element) {
    this.#isFollowing = false;
    element.scrollIntoView({ block: "start" });
  }

  /** Scroll so that `element` stands at `top` in the window. */
  keepAt(element, top) {
    this.#scroller.scrollTop += element.getBoundingClientRect().top - top;
    this.#top = this.#scroller.scrollTop;
    this.#isFollowing = this.#below <= NEAR_END;
    this.#changed();
  }

  /** Run `change`, which adds above, and leave what is in view where it is. */
  keepPlace(change) {
    const anchor = this.#messages.firstElementChild;
    const before = anchor?.getBoundingClientRect().top;
    change();
    if (!anchor) return;
    this.#scroller.scrollTop += anchor.getBoundingClientRect().top - before;
    this.#top = this.#scroller.scrollTop;
  }

  get #below() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight;
  }

  #jump() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#top = this.#scroller.scrollTop;
  }

  #scrolled() {
    const top = this.#scroller.scrollTop;
    const below = this.#below;
    if (top < this.#top && below > 2) this.#isFollowing = false;
    else if (top > this.#top && below <= NEAR_END) this.#isFollowing = true;
    this.#top = top;
    this.#changed();
  }

  #wheeled({ deltaY }) {
    if (deltaY < 0 && this.#scroller.scrollTop > 0) this.#isFollowing = false;
  }

  /** Told once a frame of the screen: to ask after each change would lay out each. */
  #resized() {
    // Also to what has become shorter: what it scrolled by itself was no reader.
    if (this.#isFollowing) this.#jump();
    this.#changed();
  }
}

/** What `element` scrolls in; null for the page itself. */
function scrollerOf(element) {
  for (let found = element; found; found = found.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(found).overflowY)) return found;
  }
  return null;
}

/** Pages that a link leads to, fetched as a reader comes near it. */
export class Pages {
  #place;
  #rel;
  #put;
  #loading = null;
  #observer = null;

  /**
   * `place` holds the link with that `rel`. `put(page, relink)` puts a page where it
   * belongs and calls `relink` to change the link for the next.
   */
  constructor(place, rel, put) {
    this.#place = place;
    this.#rel = `a[rel=${rel}]`;
    this.#put = put;
    place?.addEventListener("click", (event) => this.#clicked(event));
    // In what it scrolls is known once it has its styles.
    requestAnimationFrame(() => this.#watch());
  }

  /** Fetch a page; resolves to false when there is none. */
  load() {
    this.#loading ??= this.#load().finally(() => (this.#loading = null));
    return this.#loading;
  }

  get #link() {
    return this.#place?.querySelector(this.#rel);
  }

  #watch() {
    this.#observer?.disconnect();
    if (!this.#link) return;
    this.#observer ??= new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && this.load(),
      { root: scrollerOf(this.#place), rootMargin: `${AHEAD} 0px` },
    );
    this.#observer.observe(this.#link);
  }

  #clicked(event) {
    if (!event.target.closest(this.#rel) || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.load();
  }

  async #load() {
    const link = this.#link;
    const page = link && (await fetchFragment(link.href));
    if (!page) return false;
    const next = page.querySelector(this.#rel);
    next?.remove();
    this.#put(page, () => link.replaceWith(...(next ? [next] : [])));
    this.#watch();
    return true;
  }
}

/** Fetch the part of a page that `url` stands for; null when it cannot be had. */
export async function fetchFragment(url) {
  const address = new URL(url, location.href);
  address.searchParams.set("fragment", "1");
  const response = await fetch(address).catch(() => null);
  return response?.ok && !response.redirected ? parse(await response.text()) : null;
}
