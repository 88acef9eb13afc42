"use strict";
const body = document.querySelector(".list tbody");
const rows = [...body.rows].filter((row) => !row.classList.contains("more"));
// The papers of a row stand in a row of their own below it.
const below = new Map(rows.map((row) => [row, row.nextElementSibling?.classList.contains("more") ? row.nextElementSibling : null]));
const heads = [...document.querySelectorAll(".list thead th")];
const input = document.querySelector("#search");
const shown = document.querySelector("#shown");

const folded = (text) => text.normalize("NFKD").toLowerCase();
const words = rows.map((row) => folded([...row.querySelectorAll("th")].map((cell) => cell.textContent).join(" ")));

const filter = () => {
  const wanted = folded(input.value).split(/\s+/).filter(Boolean);
  let count = 0;
  rows.forEach((row, at) => {
    row.hidden = !wanted.every((word) => words[at].includes(word));
    if (below.get(row)) below.get(row).hidden = row.hidden;
    count += row.hidden ? 0 : 1;
  });
  shown.textContent = count === rows.length ? `${count} rows` : `${count} of ${rows.length} rows`;
};
input.addEventListener("input", filter);

// A cell is a number if all of it is one; an empty cell comes last either way.
const value = (row, at) => {
  const text = row.cells[at].textContent;
  if (text === "") return null;
  if (text === "∞") return Infinity;
  const number = Number.parseFloat(text);
  return heads[at].classList.contains("n") ? number : text;
};
const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b)));
heads.forEach((head, at) => {
  head.querySelector("button").addEventListener("click", () => {
    const down = head.getAttribute("aria-sort") === "none" ? head.classList.contains("n") : head.getAttribute("aria-sort") === "ascending";
    heads.forEach((other) => other.setAttribute("aria-sort", "none"));
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const keyed = rows.map((row, place) => [value(row, at), place, row]);
    keyed.sort(([a, i], [b, j]) => {
      if (a === null || b === null) return (a === null) - (b === null) || i - j;
      return (down ? compare(b, a) : compare(a, b)) || i - j;
    });
    body.append(...keyed.flatMap(([, , row]) => [row, below.get(row)]).filter(Boolean));
  });
});

// The address of a row opens it: the cells of the heat map lead there.
const open = () => {
  const row = document.getElementById(location.hash.slice(1));
  if (!row || !rows.includes(row)) return;
  rows.forEach((other) => other.classList.toggle("chosen", other === row));
  if (row.hidden) { input.value = ""; filter(); }
  const details = below.get(row)?.querySelector("details");
  if (details) details.open = true;
  row.scrollIntoView({ block: "start" });
};
addEventListener("hashchange", open);
document.querySelector(".heat")?.addEventListener("click", (event) => {
  if (event.target.closest("a")?.hash === location.hash) open();
});
filter();
open();
