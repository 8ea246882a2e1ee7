// Small help for every page, without which nothing is lost: focus after navigation, busy buttons, copying,
// showing a password, keys of a terminal, countdowns, and no taps on money without a connection.
(() => {
  const $ = (id) => document.getElementById(id);
  const say = (text) => {
    const place = $("announcer");
    if (!place) return;
    place.textContent = "";
    setTimeout(() => (place.textContent = text), 50);
  };

  // --- Navigation: the framework leaves the focus on the body and says nothing.
  let path = location.pathname;
  const arrived = () => {
    if (location.pathname === path) return;
    path = location.pathname;
    const before = $("title");
    const text = before?.textContent;
    const until = Date.now() + 3000;
    const look = () => {
      const title = $("title");
      const isNew = title && (title !== before || title.textContent !== text);
      if (!isNew && Date.now() < until) return setTimeout(look, 40);
      // A field that took the focus by itself keeps it.
      const held = document.activeElement;
      if (title && (!held || held === document.body || !held.isConnected || !held.closest("main, [role=dialog]")))
        // The framework has put the page where it belongs: at its top, or on the way back where it was left.
        title.focus({ preventScroll: true });
      say(document.title);
      tick();
    };
    look();
  };
  for (const name of ["pushState", "replaceState"]) {
    const original = history[name];
    history[name] = function (...args) {
      const answer = original.apply(this, args);
      queueMicrotask(arrived);
      return answer;
    };
  }
  addEventListener("popstate", arrived);

  // --- Busy: shown within the tap, taken back when the server has answered.
  let busy = [];
  const rest = () => {
    for (const button of busy) button.removeAttribute("aria-busy");
    busy = [];
  };
  const isOffline = () => !navigator.onLine || document.querySelector(".no-link") !== null;
  const work = (button) => {
    if (!button || isOffline()) return;
    button.setAttribute("aria-busy", "true");
    busy.push(button);
    setTimeout(() => button.removeAttribute("aria-busy"), 15000);
  };
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...args) {
      super(...args);
      if (!new URL(this.url).pathname.startsWith("/_event")) return;
      this.addEventListener("message", (event) => {
        if (busy.length && typeof event.data === "string" && event.data.includes('"delta"')) setTimeout(rest, 0);
      });
      this.addEventListener("close", rest);
    }
  };
  addEventListener("pageshow", () => {
    rest();
    for (const form of document.forms) delete form.dataset.sent;
  });

  addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      const button = event.submitter ?? form.querySelector("button[type=submit]");
      // A refused code that is sent again as it stands would cost another try.
      const code = form.querySelector("[data-auto-submit]");
      if (code && code.value && code.value === code.dataset.sent && code.getAttribute("aria-invalid") === "true") {
        event.preventDefault();
        event.stopPropagation();
        return code.focus();
      }
      if (code) code.dataset.sent = code.value;
      if (button?.dataset.money && isOffline()) {
        event.preventDefault();
        event.stopPropagation();
        return;
      }
      // A form that the browser itself sends would be sent twice by a double tap, and the second answer would win.
      if (form.method === "post") {
        if (form.dataset.sent) event.preventDefault();
        form.dataset.sent = "true";
        setTimeout(() => delete form.dataset.sent, 15000);
      }
      // Managers keep a password only from a field of its own type.
      for (const each of form.querySelectorAll("[data-reveal]")) reveal(each, false);
      work(button);
    },
    true,
  );

  // --- Taps.
  const reveal = (button, shown) => {
    const field = $(button.dataset.reveal);
    if (!field) return;
    field.type = shown ? "text" : "password";
    button.textContent = shown ? button.dataset.hide : button.dataset.show;
  };
  const type = (field, value) => {
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const copy = async (button, what = button.dataset.copy) => {
    const label = button.querySelector("span") ?? button;
    const text = label.textContent;
    try {
      await navigator.clipboard.writeText(what);
    } catch {
      return;
    }
    if (text === button.dataset.copied) return;
    label.textContent = button.dataset.copied;
    say(button.dataset.copied);
    setTimeout(() => (label.textContent = text), 2000);
  };
  // The file is what is shared where that can be done: the page's address answers to its owner only.
  const share = async (button) => {
    if (!navigator.share) return copy(button, location.href);
    const page = { title: document.title, url: location.href };
    try {
      const body = await (await fetch(button.dataset.share)).blob();
      const file = { title: document.title, files: [new File([body], "receipt.pdf", { type: body.type })] };
      await navigator.share(navigator.canShare?.(file) ? file : page);
    } catch {
      // Put away by the person, or no connection: nothing was shared.
    }
  };
  const press = (button) => {
    const field = $(button.dataset.target);
    if (!field) return;
    const key = button.dataset.key;
    type(field, key === "erase" ? field.value.slice(0, -1) : field.value + key);
  };
  addEventListener(
    "click",
    (event) => {
      const button = event.target.closest?.("button, a");
      for (const menu of document.querySelectorAll("details[data-menu][open]"))
        if (!menu.contains(event.target)) menu.open = false;
      if (!button) return;
      // The same page in another language is narrowed by the same.
      if (button.closest(".language a")) button.search = location.search;
      const data = button.dataset;
      if (data.money && isOffline()) {
        event.preventDefault();
        event.stopPropagation();
      } else if (data.reveal) reveal(button, $(data.reveal)?.type === "password");
      else if (data.copy !== undefined) copy(button);
      else if (data.share) share(button);
      else if (data.print) print();
      else if (data.key) press(button);
      else if (data.fill) {
        const field = $(data.fill);
        if (field) type(field, data.value);
      } else if (data.money && button.type === "button") work(button);
    },
    true,
  );
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // --- The code of an SMS sends its form once, at the last digit; after a refusal the person presses.
  const sent = new WeakSet();
  addEventListener("input", (event) => {
    const field = event.target;
    const length = Number(field.dataset?.autoSubmit);
    if (!length || sent.has(field) || field.value.replace(/\D/g, "").length !== length) return;
    sent.add(field);
    field.form?.requestSubmit();
  });

  // --- What is searched for stands in the address, so that a reload and Back find it again.
  addEventListener("input", (event) => {
    const name = event.target.dataset?.query;
    if (!name) return;
    const url = new URL(location.href);
    if (event.target.value.trim()) url.searchParams.set(name, event.target.value.trim());
    else url.searchParams.delete(name);
    history.replaceState(history.state, "", url);
  });

  // --- Countdowns: silent, one polite word when the button opens.
  const clock = (ms) => {
    const seconds = Math.ceil(ms / 1000);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  };
  // Before React has taken the page over, what it finds changed would be an error to it.
  const isAlive = (element) => Object.keys(element).some((key) => key.startsWith("__reactFiber"));
  const tick = () => {
    for (const each of document.querySelectorAll("[data-not-before]")) {
      if (!isAlive(each)) continue;
      const left = Number(each.dataset.notBefore) - Date.now();
      const was = each.dataset.waiting === "true";
      if (left > 0) each.dataset.waiting = "true";
      else delete each.dataset.waiting;
      const place = each.querySelector("[data-remaining]");
      if (place && left > 0) place.textContent = clock(left);
      if (was && left <= 0) say(each.querySelector("button")?.textContent ?? "");
    }
  };
  setInterval(tick, 500);

  // --- The list of mistakes takes the focus when it appears; a closed window gives
  // it back; buttons say that they are shut without a connection.
  let shut = false;
  let outside = null;
  addEventListener("focusin", (event) => {
    if (!event.target.closest("[role=dialog]")) outside = event.target;
  });
  // A window that no button of its own opened would leave the focus nowhere when it closes.
  const comeBack = () => setTimeout(() => document.activeElement === document.body && outside?.focus?.(), 0);
  const look = (changes) => {
    for (const { addedNodes, removedNodes } of changes) {
      for (const node of removedNodes)
        if (node.matches?.("[role=dialog]") || node.querySelector?.("[role=dialog]")) comeBack();
      for (const node of addedNodes) {
        const found = node.matches?.("[data-error-summary]") ? node : node.querySelector?.("[data-error-summary]");
        if (found) found.focus();
      }
    }
    link();
  };
  const link = () => {
    if (isOffline() === shut) return;
    shut = !shut;
    document.documentElement.toggleAttribute("data-offline", shut);
    const banner = $("offline");
    if (banner) banner.hidden = !shut;
    if (shut) say(banner?.innerText ?? "");
    for (const each of document.querySelectorAll("[data-money]"))
      shut ? each.setAttribute("aria-disabled", "true") : each.removeAttribute("aria-disabled");
  };
  addEventListener("offline", link);
  addEventListener("online", link);
  addEventListener("DOMContentLoaded", () => {
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  });
})();
