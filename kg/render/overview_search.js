"use strict";

// Search: the letters and digits of a name count, not its case, accents, spaces and hyphens.
const kgSearch = (() => {
  const { at, data, el, kind, label, many, mark } = kgPanel;
  const SHOWN = 10;
  const plain = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f\s_-]+/g, "").toLowerCase();
  let act = null;
  let names = null;
  let options = [];
  let active = -1;

  const known = () => {
    names ??= data.labels.map((text, number) => [text, ...kgPanel.told().aliases[number]].map(plain));
    return names;
  };

  // Entities stand in the order of their papers, so that the first of a rank is the one in most.
  function matches(query) {
    const wanted = plain(query);
    const ranks = [[], [], []];
    if (!wanted) return [];
    known().forEach((words, number) => {
      let best = 3;
      for (const word of words) best = Math.min(best, word === wanted ? 0 : word.startsWith(wanted) ? 1 : word.includes(wanted) ? 2 : 3);
      if (best < 3) ranks[best].push(number);
    });
    return ranks.flat();
  }

  function suggest() {
    const field = at("search");
    options = matches(field.value).slice(0, SHOWN);
    active = options.length ? 0 : -1;
    const rows = options.map((number, row) => {
      const made = el("li", { role: "option", id: `option-${row}` }, mark(kind(number)), el("span", { class: "unseen" }, kind(number)),
        label(data.labels[number]), el("span", { class: "count" }, many(data.papers[number], "paper")));
      made.addEventListener("mousedown", (event) => {
        event.preventDefault();
        take(number);
      });
      return made;
    });
    at("found").replaceChildren(...(rows.length ? rows : [el("li", { class: "none" }, "Nothing here has this name.")]));
    open(field.value.trim() !== "");
    point();
  }

  function open(yes) {
    at("found").hidden = !yes;
    at("search").setAttribute("aria-expanded", String(yes));
  }

  function point() {
    [...at("found").children].forEach((row, number) => row.setAttribute("aria-selected", String(number === active)));
    if (active >= 0) at("search").setAttribute("aria-activedescendant", `option-${active}`);
    else at("search").removeAttribute("aria-activedescendant");
  }

  function take(number) {
    at("search").value = "";
    open(false);
    act.choose(number, { read: true });
  }

  function ready(given) {
    act = given;
    known();
    at("search").addEventListener("input", suggest);
    at("search").addEventListener("blur", () => open(false));
    at("search").addEventListener("focus", () => at("search").value && suggest());
    at("search").addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        active = event.key === "ArrowDown" ? Math.min(options.length - 1, active + 1) : Math.max(0, active - 1);
        point();
      } else if (event.key === "Escape") {
        event.preventDefault();
        at("search").value = "";
        open(false);
      }
    });
    at("find").addEventListener("submit", (event) => {
      event.preventDefault();
      if (active >= 0 && options.length) take(options[active]);
    });
    if (at("search").value) suggest();
  }

  function exact(name) {
    const wanted = plain(name);
    return wanted ? known().findIndex((words) => words.includes(wanted)) : -1;
  }

  return { exact, matches, ready };
})();
