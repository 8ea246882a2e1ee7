// The page without a connection: in the language of the address that was asked for, and back as soon as it works.
(() => {
  const lang = location.pathname.split("/")[1];
  if (["kk", "ru", "en"].includes(lang)) document.documentElement.lang = lang;
  try {
    const theme = localStorage.getItem("theme");
    if (["light", "dark"].includes(theme)) document.documentElement.classList.add(theme);
  } catch {
    // Storage is blocked: the device's own wish decides.
  }
  addEventListener("online", () => location.reload());
  // The browser hears of its own network only, not of the server.
  setInterval(() => {
    fetch("/ping", { cache: "no-store" }).then((answer) => answer.ok && location.reload(), () => {});
  }, 5000);
  addEventListener("click", (event) => {
    if (event.target.closest("button")) location.reload();
  });
})();
