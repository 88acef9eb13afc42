"use strict";

// What a large picture does: sigma.js draws it by WebGL, from places that were computed beforehand.
const kgView = (() => {
  const { at, data, el, kind, label, many, mark } = kgPanel;
  const { edges } = data;
  const count = data.labels.length;
  const lines = edges.a.length;
  const MANY = 2000; // more lines than that come after the first picture
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  // Told apart by the colour-blind: Okabe and Ito (2002), and three of Tol's; for a light ground and for a dark one.
  const TINTS = [
    ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#882255", "#999933"],
    ["#3f9bdc", "#e69f00", "#18b487", "#cc79a7", "#8fd0f5", "#f0793a", "#c06a92", "#c2c25a"],
  ];
  const GREY = ["#8b949a", "#7d878e"];
  const SMALL = 5; // a community of fewer is grey
  const theme = {};
  const shown = new Set(data.kinds);
  const state = { node: null, community: null, hover: null, colour: "community", size: "papers", years: null, said: null };

  // The lines of each entity as [line, other end], the strongest first.
  const near = (() => {
    const first = new Uint32Array(count + 1);
    for (const end of [...edges.a, ...edges.b]) first[end + 1] += 1;
    for (let number = 0; number < count; number += 1) first[number + 1] += first[number];
    const [next, held] = [first.slice(), new Uint32Array(2 * lines)];
    for (let edge = 0; edge < lines; edge += 1) {
      for (const end of [edges.a[edge], edges.b[edge]]) {
        held[next[end]] = edge;
        next[end] += 1;
      }
    }
    const lists = [];
    return (number) => {
      lists[number] ??= Array.from(held.subarray(first[number], first[number + 1]), (edge) => [edge, edges.a[edge] === number ? edges.b[edge] : edges.a[edge]])
        .sort((x, y) => edges.value[y[0]] - edges.value[x[0]] || edges.papers[y[0]] - edges.papers[x[0]] || x[1] - y[1]);
      return lists[number];
    };
  })();

  const tint = (group) => (data.communities[group][1] < SMALL ? GREY[theme.dark] : TINTS[theme.dark][group % TINTS[0].length]);
  const fill = (number) => (state.colour === "kind" ? theme[kind(number).toLowerCase()] : tint(data.community[number]));

  const blends = new Map(); // few colours are mixed, for many lines

  function mixed(one, other, share) {
    const key = one + other + share;
    if (!blends.has(key)) {
      const [a, b] = [one, other].map((colour) => [1, 3, 5].map((place) => parseInt(colour.slice(place, place + 2), 16)));
      blends.set(key, `#${a.map((value, index) => Math.round(value * share + b[index] * (1 - share)).toString(16).padStart(2, "0")).join("")}`);
    }
    return blends.get(key);
  }

  function readTheme() {
    theme.dark = dark.matches ? 1 : 0;
    const style = getComputedStyle(document.documentElement);
    for (const name of ["ground", "ink", "soft", "line", "raised", ...data.kindNames.map((name) => name.toLowerCase())]) {
      theme[name] = style.getPropertyValue(`--${name}`).trim();
    }
  }

  // How many papers of the chosen years name an entity, or say of it what was chosen; with both, at most so many do.
  function papers(number) {
    const said = state.said === null ? data.papers[number] : kgPanel.told().said[number][state.said];
    if (!state.years) return said;
    return Math.min(said, kgShared.between(kgPanel.told().years[number], state.years));
  }

  const of = Array.from({ length: count }, (_, number) => data.papers[number]);
  const visible = (number) => shown.has(data.kinds[number]) && of[number] > 0;
  const strength = (number) => near(number).reduce((sum, [edge]) => sum + Math.max(0, edges.value[edge]), 0);

  function radii() {
    const [least, most] = [Math.min(...data.radii), Math.max(...data.radii)];
    if (state.size === "papers" && !state.years && state.said === null) return data.radii;
    const value = of.map({ papers: (one) => one, lines: (_, number) => near(number).length, strength: (_, number) => strength(number) }[state.size]);
    const top = value.reduce((high, one) => Math.max(high, one), 1e-9);
    return value.map((one) => least + (most - least) * Math.sqrt(one / top));
  }

  // Everything stands out; or a chosen entity with its neighbours; or a community.
  function lit() {
    if (state.node !== null) return new Set([state.node, ...near(state.node).map(([, other]) => other)]);
    if (state.community !== null) return { has: (number) => data.community[number] === state.community };
    return null;
  }

  const graph = new graphology.Graph({ type: "undirected", multi: false });
  readTheme();
  data.labels.forEach((text, number) => graph.addNode(number, { x: data.x[number], y: data.y[number], size: data.radii[number], label: text, color: fill(number) }));
  const tie = () => {
    for (let edge = 0; edge < lines; edge += 1) graph.addEdgeWithKey(edge, edges.a[edge], edges.b[edge]);
  };
  if (lines <= MANY) tie();

  const hovered = (context, node, settings) => {
    context.beginPath();
    context.arc(node.x, node.y, node.size + 2.5, 0, 2 * Math.PI);
    context.strokeStyle = theme.ink;
    context.lineWidth = 2;
    context.stroke();
    const size = Math.min(17, Math.max(settings.labelSize, 8 + node.size * 0.7));
    kgLabels.draw(context, `${node.label} · ${node.kind}`, { x: node.x + node.size + 3, y: node.y + size / 3, size }, theme, 600);
  };

  let painted = { lit: null, radii: data.radii };
  const renderer = new Sigma(graph, at("network"), {
    ...kgPrograms,
    allowInvalidContainer: true,
    autoCenter: true,
    defaultDrawNodeHover: hovered,
    itemSizesReference: "positions",
    labelSize: 12,
    maxCameraRatio: 1.6,
    minCameraRatio: 0.01,
    minEdgeThickness: 0.4,
    renderLabels: false,
    stagePadding: 24,
    zIndex: true,
    edgeReducer: drawEdge,
    nodeReducer: drawNode,
  });

  function drawNode(key, about) {
    const number = Number(key);
    const stands = !painted.lit || painted.lit.has(number);
    const size = painted.radii[number];
    return {
      ...about, kind: kind(number), size, hidden: !visible(number),
      color: stands ? fill(number) : mixed(fill(number), theme.ground, 0.18),
      zIndex: stands ? 1 : 0,
    };
  }

  function drawEdge(key) {
    const number = Number(key);
    const [a, b] = [edges.a[number], edges.b[number]];
    const chosen = a === state.node || b === state.node || a === state.hover || b === state.hover;
    const stands = !painted.lit || chosen || (state.node === null && painted.lit.has(a) && painted.lit.has(b));
    const same = data.community[a] === data.community[b];
    const colour = same ? fill(a) : theme.soft;
    const share = chosen ? 0.85 : !stands ? 0.05 : same ? 0.5 : 0.22;
    return { size: chosen ? 1.6 : edges.sure[number] ? 0.6 : 0.4, color: mixed(colour, theme.ground, share), hidden: !visible(a) || !visible(b), zIndex: chosen ? 2 : stands ? 1 : 0 };
  }

  function paint() {
    painted = { lit: lit(), radii: radii() };
    renderer.refresh({ skipIndexation: false });
  }

  // Only what changes is drawn again, so that the mouse meets no delay.
  function hover(number) {
    if (number === state.hover) return;
    if (slide.moving || !graph.size) return;
    const changed = [state.hover, number].filter((one) => one !== null);
    state.hover = number;
    const nodes = new Set(changed.flatMap((one) => [one, ...near(one).map(([, other]) => other)]));
    const touched = new Set(changed.flatMap((one) => near(one).map(([edge]) => edge)));
    renderer.refresh({ partialGraph: { nodes: [...nodes].map(String), edges: [...touched].map(String) }, skipIndexation: true, schedule: true });
    at("network").style.cursor = number === null ? "" : "pointer";
  }

  const camera = renderer.getCamera();
  const slide = kgSlide(renderer);
  const moved = (target) => (still.matches ? camera.setState({ ...camera.getState(), ...target }) : camera.animate(target, { duration: 400 }));

  // Show these nodes as large as they fit.
  function frame(numbers, least = 0.08) {
    const places = numbers.map((number) => renderer.getNodeDisplayData(number)).filter(Boolean);
    if (!places.length) return;
    const [xs, ys] = [places.map(({ x }) => x).sort((a, b) => a - b), places.map(({ y }) => y).sort((a, b) => a - b)];
    const cut = places.length > 60 ? Math.floor(places.length * 0.02) : 0;
    const [left, right, low, high] = [xs[cut], xs.at(-1 - cut), ys[cut], ys.at(-1 - cut)];
    const { width, height } = renderer.getDimensions();
    const ratio = Math.max((right - left) / Math.min(1, width / height), (high - low) / Math.min(1, height / width)) * 1.35;
    moved({ x: (left + right) / 2, y: (low + high) / 2, ratio: Math.min(1, Math.max(least, ratio)), angle: 0 });
  }

  const act = {
    near: (number) => near(number).filter(([, other]) => visible(other)),
    community: () => state.community,
    years: () => state.years || [-Infinity, Infinity],
    tint: (swatch, group) => { swatch.style.background = tint(group); },
    choose,
    clear: () => choose(null),
    focus(group) {
      Object.assign(state, { node: null, community: state.community === group ? null : group });
      location.replace("#");
      paint();
      tell();
      if (state.community === null) moved({ x: 0.5, y: 0.5, ratio: 1, angle: 0 });
      else frame(Object.keys(data.labels).map(Number).filter((number) => data.community[number] === group && visible(number)));
    },
  };

  function tell() {
    if (state.node !== null) kgPanel.node(state.node, act);
    else kgPanel.everything(Object.keys(data.labels).map(Number).filter((number) => visible(number) && (state.community === null || data.community[number] === state.community)), act);
  }

  const address = (number) => `#focus=${encodeURIComponent(data.base + data.ids[number])}`;

  function choose(number, { read = false, move = true, keep = false } = {}) {
    Object.assign(state, { node: number, community: null, hover: null });
    if (number !== null && !visible(number)) {
      shown.add(data.kinds[number]);
      if (!of[number]) unfiltered();
      legend();
    }
    if (!keep) history.replaceState(null, "", number === null ? location.pathname + location.search : address(number));
    paint();
    tell();
    if (number !== null && move) frame([number, ...near(number).map(([, other]) => other).filter(visible)], 0.12);
    if (read) at("panel").querySelector("h2")?.focus({ preventScroll: true });
  }

  // The link of a view names its entity by IRI, or, written by hand, by any of its names.
  function follow() {
    const name = kgShared.focus();
    if (name === null) return;
    const whole = data.ids.findIndex((id) => data.base + id === name);
    const found = whole >= 0 ? whole : kgSearch.exact(name);
    if (found >= 0 && found !== state.node) choose(found, { keep: true });
  }

  function legend() {
    const kinds = [...new Set(data.kinds)].sort();
    at("kinds").replaceChildren(at("kinds").firstElementChild, ...kinds.map((one) => {
      const name = data.kindNames[one];
      const box = el("input", { type: "checkbox", value: name });
      box.checked = shown.has(one);
      box.addEventListener("change", () => {
        if (box.checked) shown.add(one);
        else shown.delete(one);
        if (state.node !== null && !visible(state.node)) choose(null);
        else {
          paint();
          tell();
        }
      });
      return el("label", {}, box, mark(name, name), el("span", { class: "count" }, data.kinds.filter((each) => each === one).length.toLocaleString("en")));
    }));
  }

  function only(chosen) {
    Object.assign(state, chosen);
    for (let number = 0; number < count; number += 1) of[number] = papers(number);
  }

  let resets = [];

  function unfiltered() {
    only({ years: null, said: null });
    resets.forEach((reset) => reset());
  }

  function filters() {
    const { predicates, said, years } = kgPanel.told();
    const change = (chosen) => {
      only(chosen);
      if (state.node !== null && !visible(state.node)) choose(null);
      else {
        paint();
        tell();
      }
    };
    resets = [kgShared.years(years, (chosen) => change({ years: chosen })), kgShared.sayings(predicates, said, (chosen) => change({ said: chosen }))];
  }

  // What is on the screen, for a file.
  function scene() {
    const { width, height } = renderer.getDimensions();
    const place = (number) => renderer.graphToViewport({ x: data.x[number], y: data.y[number] });
    const places = data.x.map((_, number) => place(number));
    const inside = ({ x, y }) => x > -50 && y > -50 && x < width + 50 && y < height + 50;
    const display = data.x.map((_, number) => renderer.getNodeDisplayData(number));
    const by = (one, other) => (one.zIndex || 0) - (other.zIndex || 0);
    return {
      width, height, ground: theme.ground, ink: theme.ink,
      lines: Array.from({ length: lines }, (_, edge) => ({ edge, ...renderer.getEdgeDisplayData(edge) }))
        .filter(({ edge, hidden }) => !hidden && (inside(places[edges.a[edge]]) || inside(places[edges.b[edge]]))).sort(by)
        .map(({ edge, color, size }) => ({ x1: places[edges.a[edge]].x, y1: places[edges.a[edge]].y, x2: places[edges.b[edge]].x, y2: places[edges.b[edge]].y, colour: color, wide: Math.max(0.3, renderer.scaleSize(size)) })),
      marks: display.map((one, number) => ({ ...one, number })).filter(({ hidden, number }) => !hidden && inside(places[number])).sort(by)
        .map(({ number, size, color }) => ({ ...places[number], r: renderer.scaleSize(size), colour: color, name: data.labels[number], kind: kind(number) })),
      names: kgLabels.names(),
    };
  }

  function write() {
    const first = [state.hover, state.node].filter((one) => one !== null).flatMap((one) => [one, ...near(one).slice(0, 15).map(([, other]) => other)]);
    kgLabels.write(renderer, { radius: (number) => painted.radii[number], first, shows: (number) => visible(number) && (!painted.lit || painted.lit.has(number)), theme });
    slide.keep();
  }

  renderer.on("afterRender", write);
  write(); // the first picture was drawn before
  renderer.on("enterNode", ({ node }) => hover(Number(node)));
  renderer.on("leaveNode", () => hover(null));
  renderer.on("clickNode", ({ node }) => choose(Number(node), { move: false }));
  renderer.on("clickStage", () => { if (state.node !== null) choose(null); });

  at("zoom").addEventListener("click", (event) => {
    const way = event.target.dataset.zoom;
    if (way === "fit") moved({ x: 0.5, y: 0.5, ratio: 1, angle: 0 });
    else if (way) moved({ ratio: camera.getBoundedRatio(camera.ratio * (way === "in" ? 1 / 1.5 : 1.5)) });
  });
  at("network").addEventListener("keydown", (event) => {
    const step = 0.12 * camera.ratio;
    const ways = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
    if (ways[event.key]) {
      event.preventDefault();
      camera.setState({ x: camera.x + ways[event.key][0], y: camera.y + ways[event.key][1] });
    } else if (event.key === "+" || event.key === "-") moved({ ratio: camera.getBoundedRatio(camera.ratio * (event.key === "+" ? 1 / 1.5 : 1.5)) });
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof HTMLInputElement && event.target.type === "search";
    if (event.key === "/" && !typing) {
      event.preventDefault();
      at("search").focus();
    } else if (event.key === "Escape" && !typing) {
      at("more").open = false;
      choose(null);
    }
  });
  for (const option of ["colour", "size"]) {
    at(option).value = state[option];
    at(option).addEventListener("change", () => {
      state[option] = at(option).value;
      paint();
    });
  }
  at("svg").addEventListener("click", () => kgExport.save(new Blob([kgExport.svg(scene())], { type: "image/svg+xml" }), "network.svg"));
  at("png").addEventListener("click", () => kgExport.png(scene(), (blob) => kgExport.save(blob, "network.png")));
  dark.addEventListener("change", () => {
    readTheme();
    paint();
    tell();
  });
  addEventListener("hashchange", follow);

  const drawn = many(count, "entity", "entities");
  const all = count < data.of ? ` of ${data.of.toLocaleString("en")}` : "";
  at("summary").textContent = [`${drawn}${all}`, many(data.counted, "paper"), many(lines, "line"), ...data.filters].join(" · ");
  if (!count) {
    at("empty").textContent = "No entities to draw: allow more kinds, other papers, or entities that fewer papers name.";
    at("empty").hidden = false;
    at("find").hidden = at("zoom").hidden = at("tools").hidden = true;
  }
  legend();
  tell();
  const later = window.requestIdleCallback || ((work) => setTimeout(work, 50));
  later(() => {
    if (lines > MANY) tie();
    filters();
    kgSearch.ready(act);
    if (data.focus !== null && !location.hash) choose(data.focus, { keep: true });
    follow();
    document.documentElement.dataset.ready = "yes";
  }, { timeout: 1500 });

  return { act, camera, graph, renderer, scene, slide, state, visible };
})();
