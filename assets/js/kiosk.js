// A terminal that somebody walked away from: asks whether they are here, counts down, and goes back to the start.
(() => {
  let last = Date.now();
  const touched = () => (last = Date.now());
  for (const name of ["pointerdown", "keydown"]) addEventListener(name, touched, true);
  setInterval(() => {
    const asks = document.querySelector("[data-idle]");
    if (!asks) return touched();
    const count = asks.querySelector("[data-idle-count]");
    const left = Number(asks.dataset.idle) + Number(count.dataset.idleCount) - (Date.now() - last) / 1000;
    asks.hidden = left > Number(count.dataset.idleCount);
    if (!asks.hidden) count.textContent = String(Math.max(0, Math.ceil(left)));
    if (left <= 0) {
      touched();
      asks.hidden = true;
      asks.querySelector("[data-idle-leave]").click();
    }
  }, 500);
})();
