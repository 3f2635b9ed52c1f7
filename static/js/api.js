"use strict";
// Shows the answer to an example in the page; without this the links open it.
(function () {
  const box = document.getElementById("answer");
  const head = box.querySelector(".answer-head");
  const code = box.querySelector("code");
  document.querySelector("[data-tries]").addEventListener("click", async (event) => {
    const link = event.target.closest("[data-try]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const begun = performance.now();
    try {
      const answer = await fetch(link.href);
      const text = await answer.text();
      head.textContent = `${answer.status} · ${Math.round(performance.now() - begun)} ms · ${link.getAttribute("href")}`;
      code.textContent = text;
    } catch (reason) {
      head.textContent = link.getAttribute("href");
      code.textContent = String(reason);
    }
    box.hidden = false;
  });
})();
