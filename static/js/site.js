"use strict";
// Remembers the language a reader chose, and turns to it when they come from elsewhere.
(function () {
  const KEY = "language";
  const read = () => { try { return window.localStorage.getItem(KEY); } catch { return null; } };
  const wanted = read();
  const from = document.referrer;
  if (wanted && wanted !== document.documentElement.lang && !from.startsWith(window.location.origin)) {
    const other = document.querySelector(`link[rel=alternate][hreflang="${CSS.escape(wanted)}"]`);
    if (other) window.location.replace(other.href);
  }
  // What is left empty in a form needs no place in the address.
  document.addEventListener("htmx:configRequest", (event) => {
    const fields = event.detail.formData;
    for (const [name, value] of [...fields.entries()]) if (value === "") fields.delete(name);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".languages a[hreflang]");
    if (!link) return;
    try { window.localStorage.setItem(KEY, link.hreflang); } catch { /* not allowed here */ }
  });
})();
