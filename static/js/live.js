"use strict";
// Keeps an open page current: asks what changed, marks what did, and says how old the figures are.
(function () {
  const SLOWEST_RETRY_SECONDS = 30;
  const HIDDEN_POLL_SECONDS = 60;
  const freshness = document.getElementById("freshness");
  const banner = document.getElementById("late-banner");
  const quietBanner = document.getElementById("quiet-banner");
  const announcer = document.getElementById("announcer");
  const words = freshness.dataset;
  const lateAfter = Number(words.lateAfter);

  let failures = 0;
  let timer = 0;
  // The age of the feed's last check, and when this page was told it.
  let feedAge = words.feedAge === undefined ? null : Number(words.feedAge);
  let toldAt = performance.now();
  let quiet = !quietBanner.hidden;

  const poller = () => document.getElementById("poller");

  // Polling: the next poll is always planned, whatever became of the last one. --------------

  function plan() {
    window.clearTimeout(timer);
    let seconds = Number(poller().dataset.pollSeconds);
    if (failures > 0) seconds = Math.min(SLOWEST_RETRY_SECONDS, seconds * 2 ** failures);
    if (document.hidden) seconds = Math.max(seconds, HIDDEN_POLL_SECONDS);
    // A tenth either way, so that a thousand screens do not ask in the same instant.
    timer = window.setTimeout(poll, seconds * 1000 * (0.9 + Math.random() * 0.2));
  }

  function poll() {
    plan();
    window.htmx.trigger(poller(), "poll");
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? plan() : poll()));
  window.addEventListener("online", poll);

  document.body.addEventListener("htmx:afterRequest", (event) => {
    const answer = event.detail.xhr;
    const failed = event.detail.failed || answer.status === 0 || answer.status >= 400;
    failures = failed ? failures + 1 : 0;
    const age = failed ? null : answer.getResponseHeader("X-Feed-Age");
    if (age !== null) {
      feedAge = Number(age);
      toldAt = performance.now();
      quiet = answer.getResponseHeader("X-Feed-Quiet") !== null;
    }
    showFreshness();
    plan();
  });

  // How old the figures are. ------------------------------------------------------------------

  function showFreshness() {
    const age = feedAge === null ? null : feedAge + (performance.now() - toldAt) / 1000;
    const late = age !== null && age > lateAfter;
    const lost = failures > 1;
    let text = words.never;
    if (lost) text = words.lost;
    else if (age !== null && age < 5) text = words.now;
    else if (age !== null && age < 90) text = words.seconds.replace("%s", String(Math.floor(age)));
    else if (age !== null && age < 5400) text = words.minutes.replace("%s", String(Math.round(age / 60)));
    else if (age !== null) text = words.hours.replace("%s", String(Math.round(age / 3600)));
    const line = freshness.querySelector(".freshness-words");
    if (line.textContent !== text) line.textContent = text;
    freshness.classList.toggle("is-unknown", age === null && !lost);
    freshness.classList.toggle("is-late", late);
    freshness.classList.toggle("is-lost", lost);
    freshness.classList.toggle("is-quiet", quiet && !late);
    banner.hidden = !late;
    quietBanner.hidden = !quiet || late;
  }
  window.setInterval(showFreshness, 1000);

  // Swapping: what the reader opened stays open; what changed is marked and told once. ---------

  let updated = [];

  // Of what changed, a page that shows a part of a list takes its part.
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.requestConfig.elt !== poller()) return;
    const answer = document.createElement("template");
    answer.innerHTML = event.detail.serverResponse;
    const pieces = answer.content.querySelectorAll("[hx-swap-oob]");
    const foreign = [...pieces].filter((piece) => !document.getElementById(piece.id));
    if (!foreign.length) return;
    for (const piece of foreign) piece.remove();
    event.detail.serverResponse = answer.innerHTML;
  });

  document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
    const old = event.detail.target;
    const fresh = event.detail.fragment;
    window.sortTables?.(fresh);
    for (const chosen of old.querySelectorAll("input[type=radio]:checked[id]")) {
      const same = fresh.querySelector("#" + CSS.escape(chosen.id));
      if (same) same.setAttribute("checked", "");
      for (const other of fresh.querySelectorAll(`input[name="${CSS.escape(chosen.name)}"]`)) {
        other.toggleAttribute("checked", other === same);
        other.checked = other === same;
      }
    }
    for (const open of old.querySelectorAll("details[open][id]")) {
      const same = fresh.querySelector("#" + CSS.escape(open.id));
      if (same) same.open = true;
    }
    const before = new Map();
    for (const figure of old.querySelectorAll("[data-key]")) before.set(figure.dataset.key, figure.dataset.value);
    let changes = 0;
    for (const figure of fresh.querySelectorAll("[data-key]")) {
      const was = before.get(figure.dataset.key);
      if (was !== undefined && was !== figure.dataset.value) {
        figure.classList.add("changed");
        changes += 1;
      }
    }
    const title = fresh.querySelector(".card .card-title");
    if (changes && title) updated.push(title.textContent.trim());
  });

  document.body.addEventListener("htmx:afterRequest", () => {
    if (!updated.length) return;
    const text = updated.length <= 3
      ? words.oneUpdated.replace("%s", updated.join("; "))
      : words.manyUpdated.replace("%s", String(updated.length));
    announcer.textContent = text;
    updated = [];
  });

  document.body.addEventListener("animationend", (event) => event.target.classList.remove("changed"));

  showFreshness();
  plan();
})();
