"use strict";

// The list and its filters. All that comes from papers becomes text nodes: nothing is parsed as markup.
(() => {
  const at = (id) => document.getElementById(id);
  const data = JSON.parse(at("data").textContent);
  const PAGE = 100;
  const SIGNS = { miss: "−", "false alarm": "+", bounds: "↔", kind: "≠", "bounds and kind": "≠" };
  const WHOSE = { gold: "annotated", ours: "extracted", "gold ours": "annotated and extracted" };
  let shown = PAGE;

  function el(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children.filter((child) => child !== null));
    return made;
  }

  const many = (count, one, more = `${one}s`) => `${count.toLocaleString("en")} ${count === 1 ? one : more}`;
  const plain = (text) => text.normalize("NFKC").toLowerCase();

  for (const one of data.mistakes) {
    const sentences = one.quotes.map((quote) => quote.pieces.map(([text]) => text).join(""));
    one.words = plain([one.name, one.gold, one.ours, data.titles[one.paper], ...sentences].join("\n"));
  }

  // Each filter says whether it lets a mistake through; of a row of chips all do until one is chosen.
  const chosen = (id) => new Set([...at(id).querySelectorAll(":checked")].map((box) => box.value));
  function filters() {
    const [measures, verdicts] = [chosen("measures"), chosen("verdicts")];
    const [kind, predicate, words] = [at("kind").value, at("predicate").value, plain(at("search").value.trim())];
    return {
      measures: (one) => !measures.size || measures.has(one.measure),
      verdicts: (one) => !verdicts.size || verdicts.has(one.verdict),
      kind: (one) => !kind || one.kinds.includes(kind),
      predicate: (one) => !predicate || one.predicate === predicate,
      search: (one) => !words || one.words.includes(words),
    };
  }

  const passing = (tests, but) => data.mistakes.filter((one) =>
    Object.entries(tests).every(([name, lets]) => name === but || lets(one)));

  function quoted({ field, pieces }) {
    const marked = pieces.map(([text, whose]) =>
      whose ? el(whose === "ours" ? "span" : "mark", { class: whose, title: WHOSE[whose] }, text) : text);
    return el("blockquote", { dir: "auto" }, field === "title" ? el("span", { class: "field" }, "title") : null, ...marked);
  }

  function card(one) {
    const sure = one.confidence === null ? "" : `, confidence ${one.confidence.toFixed(2)}`;
    const what = [one.measure, one.predicate].filter(Boolean).join(" ");
    const said = [["annotated", one.gold || "nothing"], ["extracted", one.ours || "nothing"]];
    return el("article", {},
      el("p", { class: "what" },
        el("span", { class: "verdict", "data-sign": SIGNS[one.verdict] }, one.verdict),
        el("span", {}, what),
        el("bdi", { class: "name" }, one.name),
        el("span", { class: "soft" }, `${one.kinds.join(" / ")}${sure}`.replace(/^, /, ""))),
      ...one.quotes.map(quoted),
      one.quotes.length ? null : el("p", { class: "soft" }, "Not found in the text."),
      el("dl", {}, ...said.flatMap(([who, words]) => [el("dt", {}, who), el("dd", {}, el("bdi", {}, words))])));
  }

  function draw() {
    const tests = filters();
    const found = passing(tests);
    for (const [name, key] of [["measures", "measure"], ["verdicts", "verdict"]]) {
      const others = passing(tests, name);
      for (const chip of at(name).querySelectorAll(".chip")) {
        const value = chip.querySelector("input").value;
        chip.querySelector(".count").textContent = others.filter((one) => one[key] === value).length.toLocaleString("en");
      }
    }
    const list = at("list");
    list.replaceChildren();
    let paper = null;
    for (const one of found.slice(0, shown)) {
      if (one.paper !== paper) list.append(el("h2", { dir: "auto" }, data.titles[one.paper] || "Untitled"));
      paper = one.paper;
      list.append(card(one));
    }
    const papers = new Set(found.map((one) => one.paper)).size;
    at("shown").textContent = found.length ? `${many(found.length, "mistake")} in ${many(papers, "paper")}`
      : data.mistakes.length ? "No mistake is like that: choose less." : "No mistakes.";
    at("more").hidden = found.length <= shown;
    at("more").textContent = `Show more (${(found.length - shown).toLocaleString("en")} left)`;
  }

  function again() {
    shown = PAGE;
    draw();
  }

  for (const name of ["measures", "verdicts"]) {
    at(name).append(...data[name].map((value) =>
      el("label", { class: "chip" }, el("input", { type: "checkbox", value }), value, el("span", { class: "count" }))));
  }
  at("kind").append(...data.kinds.map((value) => el("option", { value }, value)));
  at("predicate").append(...data.predicates.map((value) => el("option", { value }, value)));
  at("filters").addEventListener("input", again);
  at("filters").addEventListener("submit", (event) => event.preventDefault());
  at("more").addEventListener("click", () => {
    shown += PAGE;
    draw();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target === at("search") || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    at("search").focus();
  });
  at("summary").textContent = `${many(data.papers, "annotated paper")}, ${data.titles.length.toLocaleString("en")} with mistakes`;
  draw();
})();
