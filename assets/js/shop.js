// The shop: loads the next goods when the end of the list comes near, sends the form of facets at each tick, leads
// the gallery, speaks to the simulated counter, and takes away the plain page that the server wrote once the app shows
// its own. All works without it.
(() => {
  // --- The page that came with the address, until the app has drawn the same.
  const served = () => document.getElementById("served");
  const drop = () => {
    const title = document.querySelector(".shell #title");
    if (!served() || !title?.textContent.trim()) return;
    const held = document.activeElement?.closest?.("#served");
    served().remove();
    if (held) title.focus({ preventScroll: true });
  };
  // What the head says of this address is not true of the next one.
  const path = location.pathname;
  const forget = () => {
    if (location.pathname === path) return;
    for (const each of document.querySelectorAll("head [data-served]")) each.remove();
    served()?.remove();
  };

  // --- The next goods.
  const near = new IntersectionObserver(
    (seen) => {
      for (const { isIntersecting, target } of seen)
        if (isIntersecting && target.dataset.asked !== target.dataset.more && navigator.onLine) {
          target.dataset.asked = target.dataset.more;
          target.click();
        }
    },
    { rootMargin: "600px" },
  );
  // Once the next goods are there the same button leads further: it is looked at anew, since it may still be near.
  const watched = new WeakMap();
  const cards = () => document.querySelectorAll(".shell .goods > li > a");
  let pressed = null;
  const watch = () => {
    for (const each of document.querySelectorAll("[data-more]"))
      if (watched.get(each) !== each.dataset.more) {
        watched.set(each, each.dataset.more);
        near.unobserve(each);
        near.observe(each);
        pressed &&= { button: each, shown: cards().length };
      }
    // It is gone with the last goods; whoever stood on it goes on with the first of those that it brought.
    if (!pressed || pressed.button.isConnected) return;
    if (document.activeElement === document.body) cards()[pressed.shown]?.focus({ preventScroll: true });
    pressed = null;
  };
  addEventListener("focusin", ({ target }) => {
    pressed = target.matches?.("[data-more]") ? { button: target, shown: cards().length } : null;
  });

  // --- The gallery: which picture is in front.
  const turn = (strip) => {
    const at = Math.round(strip.scrollLeft / Math.max(1, strip.clientWidth));
    const picks = strip.parentElement.querySelectorAll("[data-picture]");
    for (const pick of picks) pick.setAttribute("aria-current", String(Number(pick.dataset.picture) === at));
  };
  addEventListener("click", (event) => {
    const pick = event.target.closest?.("[data-picture]");
    const strip = pick?.closest(".gallery")?.querySelector(".gallery-strip");
    if (strip) strip.scrollTo({ left: Number(pick.dataset.picture) * strip.clientWidth });
  });
  addEventListener("scroll", (event) => event.target.matches?.(".gallery-strip") && turn(event.target), true);

  // --- A tick, another order or a price sends the form at once.
  addEventListener("change", (event) => {
    const form = event.target.form;
    if (form?.dataset.submits) form.requestSubmit();
  });

  // --- The simulated counter of a demo: its forms stay on the page, which changes by itself once the seller has acted.
  const tell = async (form) => {
    const place = form.closest(".counter").querySelector("[role=status]");
    const say = (word) => (place.textContent = place.dataset[`said${word}`]);
    place.textContent = "";
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      const why = answer.status === 409 ? (await answer.json()).why : "";
      if (answer.ok) form.reset();
      say(answer.ok ? "Done" : answer.status === 400 || /code/.test(why) ? "Code" : why ? "Refused" : "Silent");
    } catch {
      say("Silent");
    }
    delete form.dataset.sent;
  };
  addEventListener("submit", (event) => {
    if (!event.target.dataset.counter || event.defaultPrevented) return;
    event.preventDefault();
    tell(event.target);
  });

  const look = () => {
    drop();
    forget();
    watch();
  };
  addEventListener("DOMContentLoaded", () => {
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
    look();
  });
})();
