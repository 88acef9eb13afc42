"use strict";

// The words beside the picture. All that comes from papers becomes text nodes: nothing is parsed as markup.
const kgPanel = (() => {
  const { el, link, links, many, spark } = kgShared;
  const data = JSON.parse(document.getElementById("data").textContent);
  const panel = document.getElementById("panel");
  const LONGEST = 420;

  function glyph(kind) {
    const space = "http://www.w3.org/2000/svg";
    const picture = document.createElementNS(space, "svg");
    const shape = document.createElementNS(space, "path");
    const paths = {
      dot: "M6 .5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1 0-11Z", square: "M1 1h10v10H1Z",
      triangle: "M6 .5L11.7 11H.3Z", diamond: "M6 0L12 6L6 12L0 6Z",
      hexagon: "M3 .8H9L12 6L9 11.2H3L0 6Z",
    };
    shape.setAttribute("d", paths[(data.kinds[kind] || { shape: "dot" }).shape]);
    shape.style.fill = `var(--kind-${kind}, gray)`;
    picture.setAttribute("class", "glyph");
    picture.setAttribute("viewBox", "0 0 12 12");
    picture.setAttribute("aria-hidden", "true");
    picture.append(shape);
    return picture;
  }

  const name = (label) => el("bdi", { class: "label", title: label }, label);

  // Offsets count code points, as Python does; a JavaScript string counts differently.
  function quoted(text, marks) {
    const signs = Array.from(text);
    const merged = [];
    for (const [start, end] of [...marks].sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
      const last = merged[merged.length - 1];
      if (last && start <= last[1]) last[1] = Math.max(last[1], end);
      else if (end > start) merged.push([start, end]);
    }
    const block = el("blockquote", { dir: "auto" });
    const first = Math.max(0, merged.length && merged[0][1] > LONGEST ? merged[0][0] - 80 : 0);
    const fill = (from, to) => {
      block.replaceChildren(from > 0 ? "… " : "");
      let at = from;
      for (const [start, end] of merged) {
        if (start < from || end > to) continue;
        block.append(signs.slice(at, start).join(""), el("mark", {}, signs.slice(start, end).join("")));
        at = end;
      }
      block.append(signs.slice(at, to).join(""));
      if (from > 0 || to < signs.length) {
        block.append("… ", el("button", { type: "button", class: "more", onclick: () => fill(0, signs.length) }, "whole sentence"));
      }
    };
    if (signs.length > LONGEST * 1.25) fill(first, Math.min(signs.length, first + LONGEST));
    else fill(0, signs.length);
    return block;
  }

  function how(statement, entity) {
    const verb = kgShared.words(statement.predicate);
    const parts = [el("span", {}, statement.negated ? `not: ${verb}` : verb, ...(entity ? [" ", el("bdi", {}, entity)] : []))];
    if (statement.confidence !== undefined) {
      parts.push(el("span", { title: "confidence" }, `${Math.round(statement.confidence * 100)}%`));
    }
    if (statement.declared) parts.push(el("span", {}, "declared by the source"));
    return el("div", { class: "how" }, ...parts);
  }

  // One block a sentence, with all that it says; `told` are [statement, label of the entity or nothing].
  function sentences(told) {
    const groups = new Map();
    for (const [statement, entity] of told) {
      const key = statement.quote === undefined ? -1 : statement.quote;
      if (!groups.has(key)) groups.set(key, { marks: [], lines: [] });
      groups.get(key).marks.push(...(statement.marks || []));
      groups.get(key).lines.push(how(statement, entity));
    }
    const bare = [...groups].sort((a, b) => (a[0] < 0) - (b[0] < 0));
    return bare.map(([key, group]) =>
      el("div", { class: "said" }, key < 0 ? null : quoted(data.quotes[key], group.marks), ...group.lines));
  }

  function paper(number, told) {
    const about = data.papersListed[number];
    const year = about.year ? el("span", { class: "quiet" }, ` ${about.year}`) : null;
    return el("article", { class: "paper" }, el("h4", {}, link(about.url, about.title || "Untitled"), year), ...sentences(told));
  }

  const rest = (all, shown) => (all > shown ? [el("p", { class: "quiet" }, `and ${many(all - shown, "more paper", "more papers")}`)] : []);

  function show(...children) {
    panel.replaceChildren(...children);
    panel.scrollTop = 0;
  }

  const close = (act) => el("button", { type: "button", class: "close", "aria-label": "Close", onclick: act.clear }, "×");

  function entity(number, act) {
    const found = data.nodes[number];
    return el("button", { type: "button", class: "entity", onclick: () => act.node(number) }, glyph(found.kind), name(found.label));
  }

  function node(number, act) {
    const found = data.nodes[number];
    const byPaper = new Map();
    for (const index of found.statements) {
      const statement = data.statements[index];
      if (!byPaper.has(statement.paper)) byPaper.set(statement.paper, []);
      byPaper.get(statement.paper).push([statement, null]);
    }
    const near = act.near(number).map(([edge, other]) => {
      const row = entity(other, act);
      const { papers, value, sure } = data.edges[edge];
      const strength = value === null || data.measure === "papers" ? "" : ` · ${value}`;
      const why = el("button", { type: "button", class: "more count", onclick: () => act.edge(edge) }, `${many(papers, "paper")}${strength}${sure ? "" : " n.s."}`);
      return el("li", { class: "row" }, row, why);
    });
    show(
      close(act),
      el("div", { class: "kind" }, glyph(found.kind), found.kind),
      el("h2", { tabindex: "-1" }, el("bdi", {}, found.label)),
      found.aliases.length ? el("p", { class: "quiet" }, "also ", el("bdi", {}, found.aliases.join(", "))) : "",
      links(found.links) || "",
      el("h3", {}, `Named in ${many(found.papers, "paper")}`),
      ...(found.years.length ? spark(found.years, act.years()) : []),
      ...[...byPaper].map(([index, told]) => paper(index, told)),
      ...rest(found.papers, byPaper.size),
      ...(near.length ? [el("h3", {}, data.measure && data.measure !== "papers" ? `Tied to (papers together, ${data.measure})` : "Tied to"), el("ul", { class: "entities" }, ...near)] : []),
    );
  }

  function edge(number, act) {
    const found = data.edges[number];
    const [a, b] = found.ends.map((end) => data.nodes[end].label);
    const label = (statements, which) => statements.map((index) => [data.statements[index], which]);
    show(
      close(act),
      el("h2", { tabindex: "-1", class: "unseen" }, el("bdi", {}, a), " and ", el("bdi", {}, b)),
      el("div", { class: "ends" }, ...found.ends.map((end) => entity(end, act))),
      el("h3", {}, `Named together in ${many(found.papers, "paper")}`),
      ...found.shared.map(([index, ofA, ofB]) => paper(index, [...label(ofA, a), ...label(ofB, b)])),
      ...rest(found.papers, found.shared.length),
    );
  }

  // Named by the three of its members in most papers.
  function community(members, act) {
    const names = members.slice(0, 3).map((number) => data.nodes[number].label).join(", ");
    const row = el("button", { type: "button", class: "group", "aria-pressed": String(act.community() === members), onclick: () => act.group(members) }, name(names));
    row.append(el("span", { class: "count" }, String(members.length)));
    return el("li", {}, row);
  }

  function everything(numbers, act) {
    const rows = numbers.map((number) => {
      const row = entity(number, act);
      row.append(el("span", { class: "count" }, String(data.nodes[number].papers)));
      return el("li", {}, row);
    });
    show(
      el("p", {}, "Choose a mark or a line to read the sentences behind it."),
      el("p", { class: "quiet" }, `A mark is larger the more papers name it. ${data.measure ? `Lines are the strongest three of each entity by ${data.measure}, significant ones (q < 0.05) first.`
        : "Lines run from what a paper proposes (else from what it addresses, evaluates on or uses) to all that it names, and between any two that papers name together more than once."}`),
      data.leftOut ? el("p", { class: "quiet" }, `${many(data.leftOut, "weaker line")} not drawn.`) : "",
      ...(data.communities.length > 1 ? [el("h3", {}, "Communities, by their members in most papers"), el("ul", { class: "entities" }, ...data.communities.map((members) => community(members, act)))] : []),
      ...(rows.length ? [el("h3", {}, "Entities by number of papers"), el("ul", { class: "entities" }, ...rows)] : []),
    );
  }

  return { data, edge, everything, glyph, name, node };
})();
