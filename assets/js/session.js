// Runs before the app: who is this document, in which language, and does its socket's token still belong here?
(() => {
  const cookie = (name) =>
    document.cookie.split("; ").find((part) => part.startsWith(name + "="))?.slice(name.length + 1) ?? "";

  const lang = location.pathname.split("/")[1];
  if (["kk", "ru", "en"].includes(lang)) document.documentElement.lang = lang;

  // `stag` changes whenever the cookie that nobody here can read does: on signing in and out.
  // A token of the one before would reopen what its screens showed, so it is dropped.
  const stag = cookie("stag");
  try {
    if (sessionStorage.getItem("stag") !== stag) sessionStorage.removeItem("token");
    sessionStorage.setItem("stag", stag);
  } catch {
    // Storage is blocked: the socket gets a token that lives as long as this document.
  }

  // Back may bring a kept document of somebody who has signed out since.
  addEventListener("pageshow", (event) => {
    if (event.persisted && cookie("stag") !== stag) location.reload();
  });

  // A duplicated tab copies the token. The id says which document a socket belongs to, so that a
  // reconnect takes its own place back and a copy gets a place of its own.
  const id = crypto.getRandomValues(new Uint32Array(4)).join("-");
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(address, protocols) {
      // Signed in or out in another tab: this page's token belongs to the cookie of before and would be refused.
      if (cookie("stag") !== stag) location.reload();
      const url = new URL(address, location.href);
      if (url.pathname.startsWith("/_event")) url.searchParams.set("document", id);
      super(url, protocols);
    }
  };
})();
