"use strict";
// Orders the featured races by dragging or by buttons, and lets nothing refresh under the hand.
(function () {
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
  let dragged = null;
  let busy = false;
  document.addEventListener("htmx:beforeRequest", (event) => { if (busy && event.target.id === "control-room") event.preventDefault(); });

  async function keep(list) {
    const order = [...list.querySelectorAll("[data-contest]")].map((one) => one.dataset.contest);
    const told = new FormData();
    for (const contest of order) told.append("contest", contest);
    const answer = await fetch(list.dataset.order, { method: "POST", body: told, headers: { "X-CSRFToken": token() } }).catch(() => null);
    list.nextElementSibling.hidden = Boolean(answer?.ok);
  }

  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("[data-contest]");
    busy = Boolean(dragged);
  });
  document.addEventListener("dragover", (event) => {
    const over = event.target.closest?.("[data-contest]");
    if (!dragged || !over || over.parentElement !== dragged.parentElement) return;
    event.preventDefault();
    const box = over.getBoundingClientRect();
    over.parentElement.insertBefore(dragged, event.clientY < box.top + box.height / 2 ? over : over.nextSibling);
  });
  document.addEventListener("dragend", async () => {
    const list = dragged?.parentElement;
    dragged = null;
    if (list) await keep(list);
    busy = false;
  });
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    const item = button.closest("[data-contest]");
    const other = button.dataset.move === "1" ? item.nextElementSibling : item.previousElementSibling;
    if (!other) return;
    if (button.dataset.move === "1") other.after(item);
    else other.before(item);
    button.focus();
    await keep(item.parentElement);
  });
  // While a form or a button in it has the focus, what is under the finger stays.
  document.addEventListener("focusin", (event) => { busy = Boolean(event.target.closest("#control-room form, [data-move]")); });
  document.addEventListener("focusout", () => { busy = false; });
})();
