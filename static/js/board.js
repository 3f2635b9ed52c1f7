"use strict";
// Turns the pages of a wall board, fits each to the screen, and keeps the screen alive for hours.
// What changed comes through live.js; nothing here ever leaves the page unless the server answers.
(function () {
  // Shares of the screen's shorter side: no letter is smaller, and how small the smallest part is.
  const SMALLEST_LETTER = 0.0175;
  const SMALLEST_PART = 0.85;
  // What a presenter did ends by itself: a screen left behind turns with the others again.
  const PRESENTER_GONE_AFTER = 5 * 60 * 1000;
  const KEYS_SHOWN_FOR = 4000;
  const body = document.body;
  const stage = document.getElementById("stage");
  const heading = document.getElementById("board-heading");
  const clock = document.getElementById("clock");
  const place = document.getElementById("place");
  const language = document.documentElement.lang;
  const wallClock = new Intl.DateTimeFormat(language, { timeZone: "America/Los_Angeles", hour: "numeric", minute: "2-digit" });

  // The server's clock, so that all screens of a board turn in the same moment. -----------------

  let ahead = 0;
  const now = () => Date.now() + ahead;

  function hearClock(answer) {
    const said = Date.parse(answer.getResponseHeader("Date") || "");
    if (Number.isNaN(said)) return;
    // The header tells whole seconds: only a difference beyond that is one.
    const difference = said + 500 - now();
    if (Math.abs(difference) > 750) ahead += difference;
  }

  // Fitting: the largest letter, and as many parts as can then be read from afar. ----------------

  let screens = [];

  function best(sizes, count, width, height, gap) {
    let found = { letter: 0, worth: 0, columns: 1, rows: 1, shape: 0 };
    sizes.forEach(([wide, high], shape) => {
      for (let columns = 1; columns <= count; columns += 1) {
        const rows = Math.ceil(count / columns);
        const letter = Math.min((width - gap * (columns - 1)) / columns / wide, (height - gap * (rows - 1)) / rows / high);
        // A grid with holes in it is worth less than its letters.
        const worth = (letter * count) / (columns * rows);
        if (worth > found.worth) found = { letter, worth, columns, rows, shape };
      }
    });
    return found;
  }

  function fit(page) {
    const tiles = [...page.querySelectorAll(":scope > .tile")];
    if (!tiles.length) return [];
    const sizes = page.dataset.sizes.split(" ").map((size) => size.split("x").map(Number));
    const style = window.getComputedStyle(page);
    const width = stage.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const height = stage.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
    const gap = parseFloat(style.columnGap) || 0;
    const least = (SMALLEST_LETTER * Math.min(window.innerWidth, window.innerHeight)) / SMALLEST_PART;
    let count = Math.min(Number(page.dataset.per), tiles.length);
    while (count > 1 && best(sizes, count, width, height, gap).letter < least) count -= 1;
    const parts = Math.ceil(tiles.length / count);
    count = Math.ceil(tiles.length / parts);
    const chosen = best(sizes, count, width, height, gap);
    page.style.setProperty("--u", `${chosen.letter.toFixed(2)}px`);
    page.style.setProperty("--high", String(sizes[chosen.shape][1]));
    page.style.setProperty("--cols", String(chosen.columns));
    page.style.setProperty("--rows", String(chosen.rows));
    page.classList.toggle("is-tall", chosen.shape > 0);
    return Array.from({ length: parts }, (_, part) => ({ page, tiles, first: part * count, end: (part + 1) * count }));
  }

  function fitAll() {
    screens = [...stage.querySelectorAll(".board-page")].flatMap(fit);
    stage.classList.toggle("is-empty", !screens.length);
  }

  // Turning: the page follows from the clock, so nothing can race or drift. ------------------------

  let shown = "";
  let steps = 0;
  let pausedAt = 0;
  let actedAt = 0;
  let pinned = null;

  const ordered = () => document.querySelector(".board-control").dataset;
  const wrap = (number, count) => ((number % count) + count) % count;

  function position() {
    const order = ordered();
    const turn = 1000 * Number(order.seconds);
    const putUp = order.page && (!order.until || now() < Number(order.until));
    const choice = putUp ? order.page : pinned;
    const held = choice === null ? [] : screens.filter((one) => one.page.dataset.page === choice);
    const turning = held.length ? held : screens;
    const at = putUp ? now() : Number(order.pausedAt) || pausedAt || now();
    const index = wrap(Math.floor(at / turn) + Number(order.steps) + steps, turning.length || 1);
    let sign = "";
    if (held.length) sign = putUp ? place.dataset.putUp : place.dataset.pinned;
    else if (order.pausedAt || pausedAt) sign = place.dataset.paused;
    return { screen: turning[index], sign, number: screens.indexOf(turning[index]) + 1 };
  }

  function show(force) {
    const { screen, sign, number } = position();
    if (!screen) return;
    const name = `${screen.page.dataset.page} ${screen.first}`;
    const words = `${sign ? `${sign} · ` : ""}${number} / ${screens.length}`;
    if (place.textContent !== words) place.textContent = words;
    if (name === shown && !force) return;
    shown = name;
    screen.tiles.forEach((tile, n) => { tile.hidden = n < screen.first || n >= screen.end; });
    for (const page of stage.querySelectorAll(".board-page")) {
      page.classList.toggle("is-still", Boolean(force));
      page.classList.toggle("is-shown", page === screen.page);
      page.toggleAttribute("inert", page !== screen.page);
    }
    if (heading.textContent !== screen.page.dataset.heading) heading.textContent = screen.page.dataset.heading;
  }

  function tick() {
    if ((pausedAt || steps) && pinned === null && now() - actedAt > PRESENTER_GONE_AFTER) resume();
    const time = wallClock.format(new Date(now())).replace("AM", "a.m.").replace("PM", "p.m.");
    if (clock.textContent !== time) clock.textContent = time;
    const freshness = document.getElementById("freshness").classList;
    body.classList.toggle("is-lost", freshness.contains("is-lost"));
    body.classList.toggle("is-late", freshness.contains("is-late"));
    show(false);
  }

  // What changed replaces its page: it is fitted before the next frame is drawn. ------------------

  let refitting = false;
  document.body.addEventListener("htmx:oobAfterSwap", () => {
    if (refitting) return;
    refitting = true;
    queueMicrotask(() => { refitting = false; fitAll(); show(true); follow(); });
  });
  window.addEventListener("resize", () => { fitAll(); show(true); });
  document.fonts?.ready.then(() => { fitAll(); show(true); });

  // A new release, or a producer's order: load the page anew, once, and only if it is there. ------

  const RELOADED = "board-reloaded-for";
  let reloading = false;

  async function reloadOnce(reason) {
    let before = null;
    try { before = window.sessionStorage.getItem(RELOADED); } catch { /* not allowed here */ }
    if (reloading || before === reason) return;
    reloading = true;
    try {
      const answer = await fetch(window.location.href, { cache: "no-store" });
      const text = answer.ok ? await answer.text() : "";
      if (!text.includes('id="stage"')) return;
      try { window.sessionStorage.setItem(RELOADED, reason); } catch { return; }
      window.location.reload();
    } catch { /* the server is away: the next poll asks again */ } finally { reloading = false; }
  }

  const reloadsAtStart = ordered().reloads;
  function follow() {
    const { reloads } = ordered();
    if (reloads !== reloadsAtStart) reloadOnce(`order ${reloads}`);
  }

  document.body.addEventListener("htmx:afterRequest", (event) => {
    const answer = event.detail.xhr;
    if (!answer.status) return;
    hearClock(answer);
    const release = answer.getResponseHeader("X-Release");
    if (release && release !== body.dataset.release) reloadOnce(`release ${release}`);
    // A board that was taken away, or a server that knows nothing of it yet: ask for all anew.
    follow();
  });

  // A presenter: keys, or the buttons that come up when the screen is touched. ---------------------

  const button = (act) => document.querySelector(`[data-key-act=${act}]`);

  function pressed() {
    actedAt = now();
    button("pause").setAttribute("aria-pressed", String(Boolean(pausedAt)));
    button("pin").setAttribute("aria-pressed", String(pinned !== null));
    show(false);
  }
  function resume() { pausedAt = 0; steps = 0; pressed(); }
  const acts = {
    back() { steps -= 1; pressed(); },
    next() { steps += 1; pressed(); },
    pause() { pausedAt = pausedAt ? 0 : now(); pressed(); },
    pin() {
      const screen = stage.querySelector(".board-page.is-shown");
      pinned = pinned === null && screen ? screen.dataset.page : null;
      pressed();
    },
    full() {
      if (document.fullscreenElement) document.exitFullscreen();
      else document.documentElement.requestFullscreen?.().catch(() => {});
    },
  };
  const keys = { ArrowLeft: "back", ArrowRight: "next", PageUp: "back", PageDown: "next", " ": "pause", p: "pin", P: "pin", f: "full", F: "full" };
  document.addEventListener("keydown", (event) => {
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " " && event.target.closest("button")) return;
    event.preventDefault();
    acts[act]();
  });
  document.getElementById("keys").addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-key-act]");
    if (chosen) acts[chosen.dataset.keyAct]();
  });
  let touched = 0;
  document.addEventListener("pointermove", touch);
  document.addEventListener("pointerdown", touch);
  function touch() {
    body.classList.add("is-touched");
    window.clearTimeout(touched);
    touched = window.setTimeout(() => body.classList.remove("is-touched"), KEYS_SHOWN_FOR);
  }

  // The screen stays on. -----------------------------------------------------------------------------

  async function stayAwake() {
    if (document.hidden || !navigator.wakeLock) return;
    try { await navigator.wakeLock.request("screen"); } catch { /* not here: the machine decides */ }
  }
  document.addEventListener("visibilitychange", stayAwake);
  stayAwake();

  fitAll();
  show(true);
  tick();
  window.setInterval(tick, 250);
})();
