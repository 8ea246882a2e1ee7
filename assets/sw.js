// Works for the app while it is installed or open. It keeps files that are the same for everybody: hashed assets,
// fonts, icons and the page that says there is no connection. It never keeps a page, never answers the socket or an
// endpoint, and never sends anything later: without a connection nothing is paid.
const BUILD = "BUILD"; // the front door writes the name of the build here, so a release is another worker
const CACHE = `kaspi-${BUILD}`;
const OFFLINE = "/offline.html";
const NEEDED = [
  OFFLINE,
  "/js/offline.js",
  "/styles/tokens.css",
  "/styles/fonts.css",
  "/styles/base.css",
  "/styles/components.css",
  "/styles/payments.css",
  "/fonts/onest-latin.woff2",
  "/fonts/onest-cyrillic.woff2",
  "/fonts/onest-kazakh.woff2",
  "/icons/mark.svg",
];
const KEPT = /^\/(assets|fonts|icons)\//;

// Without cookies: what is kept belongs to nobody.
const fresh = (path) => new Request(path, { credentials: "omit", cache: "no-cache" });

addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(NEEDED.map(fresh))));
});

addEventListener("activate", (event) => {
  const tidied = caches
    .keys()
    .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))));
  event.waitUntil(Promise.all([tidied, registration.navigationPreload?.enable(), clients.claim()]));
});

// The person pressed Update.
addEventListener("message", (event) => {
  if (event.data === "update") skipWaiting();
});

const page = async (event) => {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return (await caches.match(OFFLINE)) ?? Response.error();
  }
};

const file = async (request) => {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request.url);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.status === 200 && answer.type === "basic") await cache.put(request.url, answer.clone());
  return answer;
};

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") return event.respondWith(page(event));
  if (KEPT.test(url.pathname)) event.respondWith(file(request));
  else if (NEEDED.includes(url.pathname)) event.respondWith(fetch(request).catch(() => caches.match(url.pathname)));
});
