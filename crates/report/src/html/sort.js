"use strict";
for (const table of document.querySelectorAll("table.sortable")) {
  const headers = [...table.tHead.rows[0].cells];
  const body = table.tBodies[0];
  const valueOf = (row, column) => row.cells[column].dataset.value;
  const compare = (one, other) => {
    const numbers = [Number(one), Number(other)];
    if (numbers.some(Number.isNaN)) return one.localeCompare(other, "en", { numeric: true });
    return numbers[0] - numbers[1];
  };
  headers.forEach((header, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    header.append(button);
    button.addEventListener("click", () => {
      const sign = header.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      for (const other of headers) other.removeAttribute("aria-sort");
      header.setAttribute("aria-sort", sign === 1 ? "ascending" : "descending");
      const rows = [...body.rows];
      rows.sort((one, other) => {
        const [left, right] = [valueOf(one, column), valueOf(other, column)];
        if (left === "" || right === "") return (left === "") - (right === "");
        return sign * compare(left, right);
      });
      body.append(...rows);
    });
  });
}
