"""Chromium, and what it is asked while it shows a page."""

import contextlib

from playwright.sync_api import sync_playwright

from tests import chromium

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
VIEWPORT = {"width": 1280, "height": 800}
# Runs before the page's own scripts; `bench` holds milliseconds since navigation.
PROBE = """
(() => {
  const bench = window.bench = { enter: 0, text: 0, usable: 0, painted: 0 };
  const replies = document.getElementsByClassName("message--assistant");
  let known = 0;
  addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    bench.enter = performance.now();
    bench.text = 0;
    known = replies.length;
  }, true);
  new MutationObserver(() => {
    if (!bench.enter || bench.text || replies.length <= known) return;
    const body = replies[replies.length - 1].querySelector('[data-part="body"]');
    if (body?.textContent) bench.text = performance.now();
  }).observe(document, { subtree: true, childList: true, characterData: true });
  const defined = (name) => customElements.whenDefined(name);
  Promise.all(["chat-thread", "chat-composer"].map(defined)).then(() => {
    bench.usable = performance.now();
  });
  document.addEventListener("DOMContentLoaded", () => requestAnimationFrame(() => {
    setTimeout(() => bench.painted = performance.now());
  }));
})()
"""
POLLING_MS = 50
OPEN = '.message--assistant:is([data-state="queued"], [data-state="running"])'


@contextlib.contextmanager
def started():
    """Run Chromium for the `with` block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.find("chromium"), args=list(FLAGS)
        )
        with contextlib.closing(browser):
            yield browser


@contextlib.contextmanager
def signed_in(browser, server, session=""):
    """Give a page with a cold cache, of whoever has `session`."""
    context = browser.new_context(viewport=VIEWPORT)
    context.set_default_timeout(60_000)
    if session:
        cookie = {"name": "sessionid", "value": session, "url": server.origin}
        context.add_cookies([cookie])
    context.add_init_script(PROBE)
    with contextlib.closing(context):
        yield context.new_page()


def ask(page, text, *, replies):
    """Send `text`; return the milliseconds from Enter to the first text of the reply.

    Returns once that reply, the page's `replies`-th, has ended.
    """
    page.keyboard.insert_text(text)
    page.keyboard.press("Enter")
    page.wait_for_function(
        f"""() => bench.text
        && document.getElementsByClassName("message--assistant").length >= {replies}
        && !document.querySelector('{OPEN}')""",
        # Not with each frame of the screen: what asks would be measured as well.
        polling=POLLING_MS,
    )
    return page.evaluate("bench.text - bench.enter")


class Weight:
    """Counts what a page loads, as it comes over the wire."""

    def __init__(self, page):
        self.requests, self.bytes = 0, 0
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", self._requested)
        session.on("Network.loadingFinished", self._loaded)
        session.send("Network.enable")

    def _requested(self, event):
        self.requests += not event["request"]["url"].startswith("data:")

    def _loaded(self, event):
        self.bytes += event["encodedDataLength"]


class MainThread:
    """Tells how many seconds a page's main thread has worked."""

    def __init__(self, page):
        self._session = page.context.new_cdp_session(page)
        self._session.send("Performance.enable")

    @property
    def seconds(self):
        metrics = self._session.send("Performance.getMetrics")["metrics"]
        return next(m["value"] for m in metrics if m["name"] == "TaskDuration")
