"use strict";
// Says which moment the slider stands at while it is moved, and shows it when it is let go.
(function () {
  const form = document.querySelector(".slider");
  const range = form.querySelector("input[type=range]");
  const words = form.querySelector("output");
  const start = new Date(form.dataset.start);
  const clock = new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: "America/Los_Angeles", hour: "numeric", minute: "2-digit" });
  range.addEventListener("input", () => {
    words.textContent = clock.format(new Date(start.getTime() + Number(range.value) * 60000));
  });
  range.addEventListener("change", () => form.requestSubmit());
})();
