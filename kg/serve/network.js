// The network around an entity, which grows where one clicks; the list beside it does the same by keyboard.
"use strict";
(() => {
  const box = document.getElementById("network"), list = document.getElementById("neighbours");
  if (!box || !list || !window.graphology) return;
  const canvas = document.getElementById("canvas"), status = document.getElementById("status");
  const BASE = "https://w3id.org/ml-kg/", STEP = 12, MOST = 240;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const graph = new graphology.Graph({ type: "undirected" });
  const grown = new Set();
  let picture = null, heat = 0, running = false;

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const edge = () => `${colour("soft")}a0`;
  const size = (papers) => 4 + 2.2 * Math.log10(1 + papers) * 1.4;
  const path = (iri) => "/" + iri.slice(BASE.length).replace(/\?/g, "%3F");
  const tidy = (text) => text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g, " ").slice(0, 60);

  function add(entity, near) {
    if (graph.hasNode(entity.iri)) return false;
    const turn = graph.order * 2.399963, far = 1 + Math.sqrt(graph.order);
    graph.addNode(entity.iri, {
      label: tidy(entity.label), kind: entity.kind, papers: entity.papers, size: size(entity.papers),
      color: colour(entity.kind.toLowerCase()),
      x: (near?.x ?? 0) + Math.cos(turn) * far, y: (near?.y ?? 0) + Math.sin(turn) * far,
    });
    return true;
  }

  // Springs along edges, repulsion between all: Fruchterman and Reingold, 1991, with a pull to the middle.
  function step() {
    const nodes = graph.nodes(), at = nodes.map((node) => graph.getNodeAttributes(node));
    const move = at.map(() => [0, 0]);
    for (let i = 0; i < at.length; i++) {
      for (let j = i + 1; j < at.length; j++) {
        const dx = at[i].x - at[j].x || 0.01, dy = at[i].y - at[j].y || 0.01;
        const push = 9 / Math.max(dx * dx + dy * dy, 0.05);
        move[i][0] += dx * push; move[i][1] += dy * push;
        move[j][0] -= dx * push; move[j][1] -= dy * push;
      }
    }
    const number = new Map(nodes.map((node, i) => [node, i]));
    graph.forEachEdge((_, __, source, target) => {
      const i = number.get(source), j = number.get(target);
      const dx = at[i].x - at[j].x, dy = at[i].y - at[j].y;
      const pull = Math.hypot(dx, dy) / 9;
      move[i][0] -= dx * pull; move[i][1] -= dy * pull;
      move[j][0] += dx * pull; move[j][1] += dy * pull;
    });
    nodes.forEach((node, i) => {
      const dx = move[i][0] - at[i].x * 0.05, dy = move[i][1] - at[i].y * 0.05, far = Math.hypot(dx, dy) || 1;
      const go = Math.min(far, heat);
      graph.mergeNodeAttributes(node, { x: at[i].x + (dx / far) * go, y: at[i].y + (dy / far) * go });
    });
    heat *= 0.975;
  }

  function settle() {
    heat = 2;
    if (still) {
      while (heat > 0.02) step();
      return;
    }
    if (running) return;
    running = true;
    const frame = () => {
      for (let k = 0; k < 3 && heat > 0.02; k++) step();
      if (heat > 0.02) requestAnimationFrame(frame);
      else running = false;
    };
    requestAnimationFrame(frame);
  }

  function tell(text, iri) {
    status.replaceChildren(document.createTextNode(text));
    if (iri) {
      const link = document.createElement("a");
      link.href = path(iri);
      link.textContent = "Open its page";
      status.append(" ", link);
    }
  }

  async function grow(iri) {
    const label = graph.getNodeAttribute(iri, "label");
    if (grown.has(iri)) return tell(`${label} has its neighbours already.`, iri);
    if (graph.order >= MOST) return tell(`The network has ${MOST} nodes, and grows no more.`, iri);
    tell(`Asking what is named together with ${label} …`);
    try {
      const answer = await fetch(`/api/entity/neighbours?limit=${STEP}&iri=${encodeURIComponent(iri)}`);
      if (!answer.ok) throw new Error(String(answer.status));
      const found = await answer.json();
      grown.add(iri);
      const near = graph.getNodeAttributes(iri);
      let fresh = 0;
      for (const each of found.neighbours) {
        if (!each.iri.startsWith(BASE)) continue;
        fresh += add(each, near);
        if (!graph.hasEdge(iri, each.iri)) {
          graph.addEdge(iri, each.iri, { size: 0.6 + Math.log10(each.shared), color: edge() });
        }
      }
      settle();
      tell(`${label}: ${fresh} added, ${graph.order} in all.`, iri === box.dataset.iri ? null : iri);
      return found.neighbours;
    } catch {
      tell(`What is named together with ${label} could not be had.`);
    }
  }

  function hover(context, data, settings) {
    context.font = `${settings.labelSize}px ${settings.labelFont}`;
    const words = `${data.label} · ${graph.getNodeAttribute(data.key, "kind")}, ${graph.getNodeAttribute(data.key, "papers").toLocaleString("en")} papers`;
    const wide = context.measureText(words).width + 12, x = data.x + data.size + 4, y = data.y - 12;
    context.fillStyle = colour("raised");
    context.strokeStyle = colour("line");
    context.beginPath();
    context.rect(x, y, wide, 24);
    context.fill();
    context.stroke();
    context.fillStyle = colour("ink");
    context.fillText(words, x + 6, y + 16);
  }

  // A name stands right of its mark, or left, below or above it, where it covers no other; else it is left out.
  let written = [];
  function name(context, data, settings) {
    const size = settings.labelSize;
    context.font = `${size}px ${settings.labelFont}`;
    const wide = context.measureText(data.label).width, gap = data.size + 4;
    const places = [[gap, size / 3], [-gap - wide, size / 3], [-wide / 2, gap + size], [-wide / 2, -gap]];
    for (const [dx, dy] of places) {
      const box = { x: data.x + dx, y: data.y + dy, right: data.x + dx + wide };
      const covers = (one) => one.x < box.right + 4 && box.x < one.right + 4 && Math.abs(one.y - box.y) < size + 2;
      if (box.x < 2 || box.right > canvas.clientWidth - 2 || written.some(covers)) continue;
      written.push(box);
      context.lineJoin = "round";
      context.lineWidth = 4;
      context.strokeStyle = colour("raised");
      context.fillStyle = colour("ink");
      context.strokeText(data.label, box.x, box.y);
      context.fillText(data.label, box.x, box.y);
      return;
    }
  }

  function draw() {
    picture = new Sigma(graph, canvas, {
      allowInvalidContainer: true, defaultDrawNodeHover: hover, defaultDrawNodeLabel: name, labelFont: "system-ui, sans-serif", labelSize: 12,
      labelRenderedSizeThreshold: 3, labelDensity: 1.2, zIndex: true,
      defaultEdgeColor: edge(), stagePadding: 64,
    });
    picture.on("beforeRender", () => { written = []; });
    picture.on("clickNode", ({ node }) => grow(node));
    picture.on("enterNode", () => canvas.classList.add("over"));
    picture.on("leaveNode", () => canvas.classList.remove("over"));
  }

  function recolour() {
    graph.updateEachNodeAttributes((_, node) => ({ ...node, color: colour(node.kind.toLowerCase()) }));
    graph.updateEachEdgeAttributes((_, line) => ({ ...line, color: edge() }));
    picture?.refresh();
  }

  // A button beside each entity of the list grows the network there, and the list below it.
  function growing(item, entity) {
    const push = document.createElement("button");
    push.className = "grow";
    push.textContent = "+";
    push.title = "Grow the network here";
    push.setAttribute("aria-label", `Grow the network at ${tidy(entity.label)}`);
    push.setAttribute("aria-expanded", "false");
    push.addEventListener("click", async () => {
      add(entity);
      if (!graph.hasEdge(box.dataset.iri, entity.iri) && entity.iri !== box.dataset.iri && graph.degree(entity.iri) === 0) {
        graph.addEdge(box.dataset.iri, entity.iri, { size: 1, color: edge() });
      }
      const found = await grow(entity.iri);
      if (!found || item.querySelector("ol")) return;
      push.setAttribute("aria-expanded", "true");
      const inner = document.createElement("ol");
      for (const each of found) {
        if (!each.iri.startsWith(BASE)) continue;
        const row = document.createElement("li"), link = document.createElement("a"), sign = document.createElement("span");
        link.href = path(each.iri);
        link.textContent = tidy(each.label);
        sign.className = `kind ${each.kind.toLowerCase()}`;
        sign.textContent = each.kind;
        row.append(link, " ", sign);
        inner.append(row);
      }
      item.append(inner);
    });
    item.prepend(push);
  }

  try {
    add({ iri: box.dataset.iri, label: box.dataset.label, kind: box.dataset.kind, papers: Number(box.dataset.papers) });
    box.hidden = false;
    draw();
  } catch {
    picture = null;
    canvas.hidden = true;
    tell("This browser cannot draw the network; the list has the same.");
  }
  for (const item of list.children) {
    const { iri, label, kind, papers } = item.dataset;
    if (iri.startsWith(BASE)) growing(item, { iri, label, kind, papers: Number(papers) });
  }
  grow(box.dataset.iri);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);
  window.kgNetwork = { graph, grow, get picture() { return picture; } };
})();
