/**
 * Keep the page above the keyboard of a phone where the browser lays it over the page
 * (Safari): the style sheet reads `--viewport-height`. Others resize the page themselves.
 */
export function followViewport() {
  const viewport = globalThis.visualViewport;
  const { style } = document.documentElement;
  viewport?.addEventListener("resize", () => {
    const isCovered = viewport.scale === 1 && innerHeight - viewport.height > 1;
    if (!isCovered) return style.removeProperty("--viewport-height");
    style.setProperty("--viewport-height", `${viewport.height}px`);
    scrollTo(0, 0); // Safari has moved the page under the keyboard
  });
}
