const LONGEST = 10_000; // then it may have failed, or have saved a file and stayed here

/** What leads to another page is submitted once, however often it is pressed. */
export function submitOnce() {
  addEventListener("submit", (event) => {
    const { target: form } = event;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.ariaBusy) return event.preventDefault();
    form.ariaBusy = "true";
    setTimeout(() => (form.ariaBusy = null), LONGEST);
  });
  // Back on a page that was kept as it was left.
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[aria-busy]")) form.ariaBusy = null;
  });
}
