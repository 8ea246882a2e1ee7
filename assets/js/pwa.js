// Registers the service worker, and offers the new version when a release has brought another one.
(() => {
  if (!("serviceWorker" in navigator)) return;
  const workers = navigator.serviceWorker;
  // A page that came without a worker takes the first one quietly; only a change is a new version.
  let had = workers.controller !== null;

  const offer = (worker) => {
    const bar = document.getElementById("update");
    if (!bar || !had) return;
    bar.hidden = false;
    bar.querySelector("button").onclick = () => worker.postMessage("update");
  };
  const watch = (registration) => {
    if (registration.waiting) offer(registration.waiting);
    registration.addEventListener("updatefound", () => {
      const worker = registration.installing;
      worker?.addEventListener("statechange", () => {
        if (worker.state === "installed") offer(worker);
      });
    });
    // An installed app may stay open for days.
    addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible" && navigator.onLine) registration.update().catch(() => {});
    });
  };
  workers.addEventListener("controllerchange", () => {
    if (had) location.reload();
    had = true;
  });
  const start = () => workers.register("/sw.js", { updateViaCache: "none" }).then(watch, () => {});
  if (document.readyState === "complete") start();
  else addEventListener("load", start);
})();
