"use strict";
// Keeps a reader's choice in this browser: the page opens with it, without being asked again.
(function () {
  const KEY = "my-races";
  const store = {
    get: () => { try { return window.localStorage.getItem(KEY); } catch { return null; } },
    set: (value) => { try { window.localStorage.setItem(KEY, value); } catch { /* not allowed here */ } },
    drop: () => { try { window.localStorage.removeItem(KEY); } catch { /* not allowed here */ } },
  };
  const form = document.getElementById("my-form");
  const most = 5;

  if (window.location.search.length > 1) store.set(window.location.search);
  else if (store.get()) window.location.replace(window.location.pathname + store.get());

  document.getElementById("my-forget")?.addEventListener("click", store.drop);
  form.addEventListener("submit", () => {
    // What is left empty needs no place in the address.
    for (const field of form.querySelectorAll("select")) field.disabled = !field.value;
  });
  form.addEventListener("change", () => {
    const chosen = form.querySelectorAll("input[name=county]:checked").length;
    for (const box of form.querySelectorAll("input[name=county]")) box.disabled = chosen >= most && !box.checked;
  });
})();
