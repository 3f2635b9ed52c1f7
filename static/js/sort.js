"use strict";
// Tables whose columns sort: a press on a heading, and the order stays when figures change.
(function () {
  const chosen = new Map(); // table -> {column, down}

  // What a cell sorts by; null where nothing has been received, which goes last.
  function valueOf(row, column) {
    const cell = row.cells[column];
    if (!cell || cell.classList.contains("waiting")) return null;
    const text = cell.dataset.sort ?? cell.textContent.trim();
    const number = Number(text.replace(/[,%<>]/g, ""));
    return text !== "" && !Number.isNaN(number) ? number : text;
  }

  function compare(a, b) {
    return typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
  }

  function apply(table) {
    const order = chosen.get(table.dataset.sortable);
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      if (order && order.column === column) head.setAttribute("aria-sort", order.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    if (!order) return;
    const rows = [...table.tBodies[0].rows].map((row) => [valueOf(row, order.column), row]);
    rows.sort(([a], [b]) => {
      if (a === null || b === null) return (a === null) - (b === null);
      return order.down ? compare(b, a) : compare(a, b);
    });
    table.tBodies[0].append(...rows.map(([, row]) => row));
  }

  function prepare(table) {
    for (const head of table.tHead.rows[0].cells) {
      if (head.querySelector("button")) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.id = `${table.dataset.sortable}-by-${head.cellIndex}`;
      button.append(...head.childNodes);
      head.append(button);
    }
    apply(table);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.sort");
    if (!button) return;
    const table = button.closest("table");
    const column = button.closest("th").cellIndex;
    const order = chosen.get(table.dataset.sortable);
    // Names begin with A, figures with the largest.
    const down = order && order.column === column ? !order.down : column > 0;
    chosen.set(table.dataset.sortable, { column, down });
    apply(table);
  });

  window.sortTables = (root) => root.querySelectorAll("table[data-sortable]").forEach(prepare);
  window.sortTables(document);
})();
