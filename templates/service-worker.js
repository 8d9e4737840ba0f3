{% comment %}Served at /service-worker.js, so that it may answer for the whole site.{% endcomment %}"use strict";

const KEPT = {{ kept|safe }};

// Nothing that belongs to a person is kept: the files every page is drawn with, and one
// page that says that there is no network.
addEventListener("install", (event) => {
  event.waitUntil(keep().then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  event.waitUntil(begin());
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (KEPT.shell.includes(new URL(request.url).pathname)) {
    event.respondWith(file(request));
  }
});

async function keep() {
  const cache = await caches.open(KEPT.name);
  await cache.addAll(KEPT.shell);
  await cache.add(new Request(KEPT.offline, { cache: "reload" }));
}

async function begin() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("shell-") && name !== KEPT.name);
  await Promise.all(old.map((name) => caches.delete(name)));
  await registration.navigationPreload?.enable();
  await clients.claim();
}

/** The page as the server has it; without a network, the one that says so. */
async function page({ request, preloadResponse }) {
  try {
    return (await preloadResponse) ?? (await fetch(request));
  } catch {
    const kept = await caches.match(KEPT.offline, { ignoreVary: true });
    return kept ?? Response.error();
  }
}

/** A file has its hash in its name: what is kept is what the server has. */
async function file(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}
