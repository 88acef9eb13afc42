"use strict";

// The words beside a large picture. All that comes from papers becomes text nodes: nothing is parsed as markup.
const kgPanel = (() => {
  const { el, link, links, many, spark, words } = kgShared;
  const at = (id) => document.getElementById(id);
  const data = JSON.parse(at("drawn").textContent);
  const panel = at("panel");
  const SHOWN = 60;
  let read = null;

  // What is told is read when it is first asked for, or once the page has time.
  function told() {
    read ??= JSON.parse(at("told").textContent);
    return read;
  }

  const kind = (number) => data.kindNames[data.kinds[number]];
  const mark = (name, words = "") => el("span", { class: `kind ${name.toLowerCase()}` }, words);
  const label = (text) => el("bdi", { class: "label", title: text }, text);

  // Offsets count code points, as Python does.
  function quoted(text, start, end) {
    const signs = Array.from(text);
    const cut = (from, to) => signs.slice(from, to).join("");
    return el("blockquote", { dir: "auto" }, cut(0, start), ...(end > start ? [el("mark", {}, cut(start, end))] : []), cut(Math.max(start, end)));
  }

  function entity(number, act, count) {
    return el("li", {}, el("button", { type: "button", class: "entity", onclick: () => act.choose(number, { read: true }) },
      mark(kind(number)), el("span", { class: "unseen" }, kind(number)), label(data.labels[number]), el("span", { class: "count" }, count)));
  }

  function list(rows) {
    const made = el("ul", {}, ...rows.slice(0, SHOWN).map((row) => row()));
    const rest = rows.length - SHOWN;
    if (rest <= 0) return [made];
    const more = el("button", { type: "button", onclick: () => {
      made.append(...rows.slice(SHOWN, 500).map((row) => row()));
      more.remove();
    } }, `${rest.toLocaleString("en")} more`);
    return [made, more];
  }

  function show(...children) {
    panel.replaceChildren(...children.filter(Boolean));
    panel.scrollTop = 0;
  }

  function said(number) {
    const { predicates, quotes, papers } = told();
    const called = (bits) => predicates.filter((_, place) => (bits >> place) & 1).map(words).join(", ");
    if (!quotes[number]) return [el("p", { class: "quiet" }, "Only the entities in most papers are quoted here; kg show NAME tells all.")];
    const groups = new Map();
    for (const quote of quotes[number]) groups.set(quote[1], [...(groups.get(quote[1]) || []), quote]);
    const blocks = [...groups].map(([paper, found]) => {
      const [title, year, address] = papers[paper];
      return el("article", { class: "said" }, el("h4", {}, link(address, title), year ? el("span", { class: "quiet" }, ` ${year}`) : null),
        ...found.map(([, , text, start, end]) => quoted(text, start, end)), el("div", { class: "quiet" }, called(found[0][0])));
    });
    return [...blocks, el("p", { class: "quiet" }, blocks.length ? "From its newest papers; kg show NAME tells all." : "Its newest papers only declare it: kg show NAME tells all.")];
  }

  function node(number, act) {
    const { aliases, links: addresses, years } = told();
    const near = act.near(number);
    const [names] = data.communities[data.community[number]];
    const measure = data.measure === "papers" ? "" : data.measure;
    show(
      el("button", { type: "button", class: "close", "aria-label": "Close", onclick: () => act.clear() }, "×"),
      mark(kind(number), kind(number)),
      el("h2", { tabindex: "-1" }, el("bdi", {}, data.labels[number])),
      aliases[number].length ? el("p", { class: "quiet" }, "also ", el("bdi", {}, aliases[number].join(", "))) : null,
      links(addresses[number]),
      el("h3", {}, `Named in ${many(data.papers[number], "paper")}`),
      ...(years[number].length ? spark(years[number], act.years()) : []),
      el("h3", {}, "Community"),
      group(data.community[number], names, act),
      ...(near.length ? [el("h3", {}, `Tied to (papers together${measure && `, ${measure}`})`), ...list(near.map(([edge, other]) => () => {
        const { papers, value, sure } = data.edges;
        const strength = measure ? ` · ${value[edge]}` : "";
        return entity(other, act, `${papers[edge]}${strength}${sure[edge] ? "" : " n.s."}`);
      }))] : [el("p", { class: "quiet" }, "No line to it is drawn.")]),
      el("h3", {}, "Newest sentences"),
      ...said(number),
    );
  }

  function group(number, names, act) {
    const swatch = el("i", { "data-community": String(number), "aria-hidden": "true" });
    act.tint(swatch, number);
    return el("button", { type: "button", class: "group", "aria-pressed": String(act.community() === number), onclick: () => act.focus(number) },
      swatch, el("bdi", { class: "label" }, names.join(", ")), el("span", { class: "count" }, data.communities[number][1].toLocaleString("en")));
  }

  function everything(numbers, act) {
    const groups = data.communities.slice(0, 24).filter(([, members]) => members > 2);
    const rows = numbers.slice(0, 500).map((number) => () => entity(number, act, data.papers[number].toLocaleString("en")));
    show(
      act.community() === null ? el("p", {}, "Choose a mark to read about it, or a community to see it alone.")
        : el("button", { type: "button", onclick: () => act.clear() }, "Show all communities"),
      el("p", { class: "quiet" }, "Entities near each other are named together in papers."),
      ...(groups.length ? [el("h3", {}, "Communities, by their members in most papers"), el("ul", {}, ...groups.map(([names], index) => el("li", {}, group(index, names, act))))] : []),
      ...(rows.length ? [el("h3", {}, act.community() === null ? "Entities by number of papers" : "Its entities by number of papers"), ...list(rows)] : []),
    );
  }

  return { at, data, el, everything, kind, label, many, mark, node, told };
})();
