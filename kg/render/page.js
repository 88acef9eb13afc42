"use strict";

// What the picture does. `network`, `nodes` and `edges` are the globals of the drawing script before this one.
(() => {
  const { data, glyph, name } = kgPanel;
  const { el, many } = kgShared;
  const at = (id) => document.getElementById(id);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const kinds = Object.keys(data.kinds).filter((kind) => data.nodes.some((node) => node.kind === kind));
  const shown = new Set(kinds);
  const state = { node: null, edge: null, hover: null, matches: null, community: null, moved: false, size: "papers", years: null, said: null };

  const near = data.nodes.map(() => []);
  data.edges.forEach(({ ends: [a, b] }, number) => {
    near[a].push([number, b]);
    near[b].push([number, a]);
  });
  near.forEach((list) => list.sort((x, y) => data.edges[y[0]].papers - data.edges[x[0]].papers || x[1] - y[1]));

  // How many papers of the chosen years name an entity, or say of it what was chosen; with both, at most so many do.
  const papers = ({ papers: all, years, said }) => Math.min(state.said === null ? all : said[state.said], state.years ? kgShared.between(years, state.years) : all);
  let counted = data.nodes.map(papers);
  const visible = (number) => shown.has(data.nodes[number].kind) && counted[number] > 0;
  const around = (number) => new Set([number, ...near[number].map(([, other]) => other)]);

  // The nodes that stand out; nothing if all do.
  function lit() {
    if (state.hover !== null) return around(state.hover);
    if (state.matches !== null) return state.matches;
    if (state.node !== null) return around(state.node);
    if (state.edge !== null) return new Set(data.edges[state.edge].ends);
    return null;
  }

  function litEdge(number, chosen) {
    const { ends } = data.edges[number];
    if (state.hover !== null) return ends.includes(state.hover);
    if (state.matches !== null) return ends.every((end) => chosen.has(end));
    if (state.node !== null) return ends.includes(state.node);
    return number === state.edge;
  }

  const made = data.nodes.map((_, number) => nodes.get(number));
  const rank = data.nodes.map((_, number) => number)
    .sort((a, b) => data.nodes[b].papers - data.nodes[a].papers || near[b].length - near[a].length || a - b);
  const READABLE = 9; // pixels
  const FAR = 11; // pixels of a label that is written larger than it is
  const MARK = 0.4; // a mark appears no smaller than this share of its size ...
  const GROWN = 2.2; // ... unless that makes it so much larger than it is
  const CHIEF = 20; // that many may have their label over marks
  let scale = 1;

  // The sizes of the labels: as laid out where that can be read; from afar, the most important that do not collide.
  function labelSizes(chosen) {
    if (made.every(({ font }) => font.size * scale >= READABLE)) return made.map(({ font }) => font.size);
    const places = network.getPositions();
    const taken = [];
    const marks = made.map((_, number) => number).filter(visible).map((number) => {
      const [x, y, half] = [places[number].x * scale, places[number].y * scale, markSize(number) * scale * 0.7];
      return [x - half, y - half, x + half, y + half];
    });
    const covers = (box) => ([left, up, right, down]) => box[0] < right && left < box[2] && box[1] < down && up < box[3];
    const found = made.map(() => 1); // too small to be drawn
    const first = (number) => Number(!chosen || chosen.has(number));
    for (const [place, number] of [...rank].filter(visible).sort((a, b) => first(b) - first(a)).entries()) {
      const size = Math.max(made[number].font.size * scale, FAR);
      const rows = made[number].label.split("\n");
      const wide = 0.3 * size * Math.max(...rows.map((row) => row.length));
      const x = places[number].x * scale;
      const top = places[number].y * scale + markSize(number) * scale;
      const box = [x - wide, top, x + wide, top + 1.3 * size * rows.length];
      if (taken.some(covers(box)) || (place >= CHIEF && marks.some(covers(box)))) continue;
      taken.push(box);
      found[number] = size / scale;
    }
    return found;
  }

  const strength = near.map((list) => list.reduce((sum, [edge]) => sum + Math.max(0, data.edges[edge].value ?? data.edges[edge].papers), 0));
  const [SMALLEST, LARGEST] = [8, 34];

  function sizes() {
    if (state.size === "papers" && state.years === null && state.said === null) return made.map(({ size }) => size);
    const value = { papers: counted, lines: near.map((list) => list.length), strength }[state.size];
    const most = Math.max(1e-9, ...value);
    return value.map((one) => SMALLEST + (LARGEST - SMALLEST) * Math.sqrt(one / most));
  }

  let sized = sizes();
  const markSize = (number) => sized[number] * Math.min(GROWN, Math.max(1, MARK / scale));
  const painted = { nodes: [], edges: [] };

  function update(set, kind, looks) {
    const changed = looks.filter((look, number) => {
      const now = JSON.stringify(look);
      const before = painted[kind][number];
      painted[kind][number] = now;
      return now !== before;
    });
    if (changed.length) set.update(changed);
  }

  function paint() {
    const chosen = lit();
    const style = getComputedStyle(document.documentElement);
    const colour = (variable) => style.getPropertyValue(variable).trim();
    const [ink, faint, ground, line, strong] = ["--ink", "--faint", "--ground", "--edge", "--soft"].map(colour);
    sized = sizes();
    const written = labelSizes(chosen);
    update(nodes, "nodes", data.nodes.map((node, id) => {
      const stands = !chosen || chosen.has(id);
      const fill = colour(`--kind-${node.kind}`) || "gray";
      const parts = { background: fill, border: ground };
      const picked = { background: fill, border: ink };
      return {
        id, hidden: !visible(id), size: markSize(id), opacity: stands ? 1 : 0.15,
        color: { ...parts, highlight: picked, hover: picked },
        font: { size: written[id], color: stands ? ink : faint, strokeWidth: stands ? 3 : 0, strokeColor: ground },
      };
    }));
    update(edges, "edges", data.edges.map((edge, id) => {
      const stands = !chosen || litEdge(id, chosen);
      const tone = chosen && stands ? strong : line;
      return {
        id, hidden: !edge.ends.every(visible),
        color: { color: tone, highlight: ink, hover: strong, opacity: stands ? 1 : 0.25 },
      };
    }));
  }

  function theme() {
    for (const [kind, { colours }] of Object.entries(data.kinds)) {
      document.documentElement.style.setProperty(`--kind-${kind}`, colours[dark.matches ? 1 : 0]);
    }
    paint();
  }

  const act = {
    near: (number) => near[number].filter(([, other]) => visible(other)),
    years: () => state.years || [-Infinity, Infinity],
    clear() { choose({}); },
    community: () => state.community,
    group(members) {
      const again = state.community === members;
      choose({});
      if (again) return;
      Object.assign(state, { community: members, matches: new Set(members) });
      paint();
      tell();
    },
    node(number) { choose({ node: number, move: true, read: true }); },
    edge(number) { choose({ edge: number, read: true }); },
  };

  function tell() {
    if (state.node !== null) kgPanel.node(state.node, act);
    else if (state.edge !== null) kgPanel.edge(state.edge, act);
    else kgPanel.everything(data.nodes.map((_, number) => number).filter(visible), act);
  }

  function choose({ node = null, edge = null, move = false, read = false, keep = false }) {
    Object.assign(state, { node, edge, hover: null, matches: null, community: null });
    if (node !== null && !visible(node)) {
      shown.add(data.nodes[node].kind);
      if (!counted[node]) {
        only({ years: null, said: null });
        resets.forEach((reset) => reset());
      }
      legend();
    }
    if (!keep) history.replaceState(null, "", node === null ? location.pathname + location.search : `#focus=${encodeURIComponent(data.nodes[node].iri)}`);
    network.setSelection({ nodes: node === null ? [] : [node], edges: edge === null ? [] : [edge] }, { highlightEdges: false });
    if (move && node !== null) {
      state.moved = true;
      const animation = still.matches ? false : { duration: 350, easingFunction: "easeInOutQuad" };
      network.fit({ nodes: [...around(node)].filter(visible), minZoomLevel: 0.6, maxZoomLevel: 1.1, animation });
    }
    paint();
    tell();
    if (read) at("panel").querySelector("h2").focus({ preventScroll: true });
  }

  function only(chosen) {
    Object.assign(state, chosen);
    counted = data.nodes.map(papers);
  }

  // What was chosen goes, if it is no longer seen.
  function filtered() {
    const lost = state.node !== null ? [state.node] : state.edge !== null ? data.edges[state.edge].ends : [];
    if (!lost.every(visible)) choose({});
    else {
      paint();
      tell();
    }
  }

  const change = (chosen) => {
    only(chosen);
    filtered();
  };
  const resets = [kgShared.years(data.nodes.map(({ years }) => years), (years) => change({ years })),
    kgShared.sayings(data.predicates, data.nodes.map(({ said }) => said), (said) => change({ said }))];
  at("size").value = state.size;
  at("size").addEventListener("change", () => {
    state.size = at("size").value;
    paint();
  });

  // The link of a view names its entity by IRI, or, written by hand, by any of its names.
  function follow() {
    const wanted = kgShared.focus();
    if (wanted === null) return;
    const whole = data.nodes.findIndex(({ iri }) => iri === wanted);
    const found = whole >= 0 ? whole : names.findIndex((words) => words.includes(plain(wanted)));
    if (found >= 0 && found !== state.node) choose({ node: found, move: true, keep: true });
  }

  // What is on the screen, for a file.
  function scene() {
    const box = at("mynetwork").getBoundingClientRect();
    const places = data.nodes.map((_, number) => network.canvasToDOM(network.getPosition(number)));
    const now = network.getScale();
    const style = getComputedStyle(document.documentElement);
    const colour = (variable) => style.getPropertyValue(variable).trim();
    const seen = data.nodes.map((_, number) => number).filter(visible);
    const drawn = data.edges.map((edge, number) => [edge, edges.get(number)]).filter(([{ ends }]) => ends.every(visible));
    return {
      width: Math.round(box.width), height: Math.round(box.height), ground: colour("--ground"), ink: colour("--ink"),
      lines: drawn.map(([{ ends: [a, b] }, { color, width }]) => ({
        x1: places[a].x, y1: places[a].y, x2: places[b].x, y2: places[b].y, colour: color.color, wide: Math.max(0.3, width * now), opacity: color.opacity,
      })),
      marks: seen.map((number) => ({
        ...places[number], r: markSize(number) * now, colour: nodes.get(number).color.background, opacity: nodes.get(number).opacity,
        name: data.nodes[number].label, kind: data.nodes[number].kind, shape: data.kinds[data.nodes[number].kind]?.shape,
      })),
      names: seen.flatMap((number) => {
        const size = nodes.get(number).font.size * now;
        const rows = size < 5 ? [] : made[number].label.split("\n");
        return rows.map((text, row) => ({ x: places[number].x, y: places[number].y + markSize(number) * now + size * (1.15 * row + 1.1), size, text, middle: true }));
      }),
    };
  }

  function legend() {
    at("kinds").replaceChildren(at("kinds").firstElementChild, ...kinds.map((kind) => {
      const box = el("input", { type: "checkbox", value: kind });
      box.checked = shown.has(kind);
      box.addEventListener("change", () => {
        if (box.checked) shown.add(kind);
        else shown.delete(kind);
        filtered();
      });
      const count = data.nodes.filter((node) => node.kind === kind).length;
      return el("label", {}, box, glyph(kind), kind, el("span", { class: "count" }, String(count)));
    }));
  }

  // Search: the letters and digits of a name count, not its case, accents, spaces and hyphens.
  const plain = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f\s_-]+/g, "").toLowerCase();
  const names = data.nodes.map((node) => [node.label, ...node.aliases].map(plain));
  let options = [];
  let active = -1;

  function matches(query) {
    const wanted = plain(query);
    if (!wanted) return [];
    const score = (words) => Math.min(...words.map((word) => (word === wanted ? 0 : word.startsWith(wanted) ? 1 : word.includes(wanted) ? 2 : 9)));
    return names.map((words, number) => [score(words), number]).filter(([rank]) => rank < 9)
      .sort((a, b) => a[0] - b[0] || data.nodes[b[1]].papers - data.nodes[a[1]].papers || a[1] - b[1])
      .map(([, number]) => number);
  }

  function suggest() {
    const field = at("search");
    options = matches(field.value);
    active = options.length ? 0 : -1;
    state.matches = field.value.trim() ? new Set(options) : null;
    const rows = options.slice(0, 8).map((number, row) => {
      const made = el("li", { role: "option", id: `option-${row}` }, glyph(data.nodes[number].kind), name(data.nodes[number].label),
        el("span", { class: "count" }, many(data.nodes[number].papers, "paper")));
      made.addEventListener("mousedown", (event) => {
        event.preventDefault();
        take(number);
      });
      return made;
    });
    at("found").replaceChildren(...(rows.length ? rows : [el("li", { class: "none" }, "Nothing here has this name.")]));
    open(state.matches !== null);
    point();
    paint();
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
    act.node(number);
  }

  at("search").addEventListener("input", suggest);
  at("search").addEventListener("blur", () => {
    open(false);
    state.matches = null;
    paint();
  });
  at("search").addEventListener("focus", () => at("search").value && suggest());
  at("search").addEventListener("keydown", (event) => {
    const last = Math.min(options.length, 8) - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      active = event.key === "ArrowDown" ? Math.min(last, active + 1) : Math.max(0, active - 1);
      point();
    } else if (event.key === "Escape" && at("search").value) {
      event.stopPropagation();
      at("search").value = "";
      suggest();
    }
  });
  at("find").addEventListener("submit", (event) => {
    event.preventDefault();
    if (active >= 0 && options.length) take(options[active]);
  });

  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof HTMLInputElement && event.target.type === "search";
    if (event.key === "/" && !typing) {
      event.preventDefault();
      at("search").focus();
    } else if (event.key === "Escape") {
      at("more").open = false;
      choose({});
    }
  });

  const fit = (animation) => network.fit({ maxZoomLevel: 1.3, animation: animation && !still.matches });

  at("zoom").addEventListener("click", (event) => {
    const way = event.target.dataset && event.target.dataset.zoom;
    if (way === "fit") {
      state.moved = false;
      fit(true);
    } else if (way) {
      state.moved = true;
      network.moveTo({ scale: network.getScale() * (way === "in" ? 1.4 : 1 / 1.4) });
    }
  });

  network.on("click", ({ nodes: [node], edges: [edge] }) => {
    if (node !== undefined) choose({ node });
    else choose({ edge: edge === undefined ? null : edge });
  });
  network.on("hoverNode", ({ node }) => {
    state.hover = node;
    at("mynetwork").style.cursor = "pointer";
    paint();
  });
  network.on("blurNode", () => {
    state.hover = null;
    at("mynetwork").style.cursor = "";
    paint();
  });
  network.on("dragStart", () => { state.moved = true; });
  network.on("zoom", () => { state.moved = true; });
  let waiting = null;
  network.on("afterDrawing", () => {
    if (Math.abs(network.getScale() / scale - 1) < 0.04 || waiting !== null) return;
    waiting = setTimeout(() => {
      waiting = null;
      scale = network.getScale();
      paint();
    }, 40);
  });
  network.on("resize", () => { if (!state.moved) fit(false); });
  at("svg").addEventListener("click", () => kgExport.save(new Blob([kgExport.svg(scene())], { type: "image/svg+xml" }), "network.svg"));
  at("png").addEventListener("click", () => kgExport.png(scene(), (blob) => kgExport.save(blob, "network.png")));
  dark.addEventListener("change", theme);
  addEventListener("hashchange", follow);

  const drawn = many(data.nodes.length, "entity", "entities");
  const of = data.nodes.length < data.entities ? ` of ${data.entities.toLocaleString("en")}` : "";
  at("summary").textContent = `${drawn}${of} · ${many(data.papers, "paper")} · ${many(data.edges.length, "line")}`;
  if (!data.nodes.length) {
    at("empty").textContent = data.papers ? "No entities to draw: allow more kinds, or entities that fewer papers name." : "No entities here: the papers read so far name none.";
    at("empty").hidden = false;
    at("find").hidden = at("zoom").hidden = at("more").hidden = true;
  }
  legend();
  fit(false);
  scale = network.getScale();
  theme();
  tell();
  follow();
  window.kgView = { scene, state, visible };
})();
