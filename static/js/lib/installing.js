import { serviceWorker } from "./html.js";

/** Have the browser keep what the page is drawn with, once it has nothing better to do. */
export function keepShell() {
  if (!navigator.serviceWorker) return; // a site without HTTPS has none
  const begin = () => navigator.serviceWorker.register(serviceWorker).catch(() => {});
  addEventListener("load", () => (globalThis.requestIdleCallback ?? setTimeout)(begin));
}
