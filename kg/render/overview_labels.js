"use strict";

// The names in a large picture: those of the leading members of communities, then those in most papers, none over another.
const kgLabels = (() => {
  const { data } = kgPanel;
  const LEADING = 24; // communities whose first member goes before all
  const ROOM = 11000; // square pixels of picture for each name
  const TRIES = 1500;
  const GAP = 5;
  const FONT = "system-ui, -apple-system, \"Segoe UI\", Roboto, sans-serif";
  const LONGEST = 42;
  let written = [];

  const short = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);
  const texts = data.labels.map(short);
  const wide = new Map(); // of names that were measured, at one pixel

  // Communities and entities both stand in order, the largest first.
  function ranked() {
    const seen = new Set();
    const leaders = [];
    for (let number = 0; number < data.labels.length && leaders.length < LEADING; number += 1) {
      const group = data.community[number];
      if (group >= LEADING || seen.has(group)) continue;
      seen.add(group);
      leaders.push(number);
    }
    const lead = new Set(leaders);
    return [...leaders, ...[...data.labels.keys()].filter((number) => !lead.has(number))];
  }
  const order = ranked();

  function width(pen, number) {
    if (!wide.has(number)) {
      pen.font = `500 100px ${FONT}`;
      wide.set(number, pen.measureText(texts[number]).width / 100);
    }
    return wide.get(number);
  }

  function draw(pen, text, { x, y, size }, { ground, ink }, weight = 500) {
    pen.font = `${weight} ${size}px ${FONT}`;
    pen.lineJoin = "round";
    pen.lineWidth = 4;
    pen.strokeStyle = ground;
    pen.fillStyle = ink;
    pen.strokeText(text, x, y);
    pen.fillText(text, x, y);
  }

  // `first` are numbers that come before all others; `shows` tells which may be named at all.
  function write(renderer, { radius, first, shows, theme }) {
    const pen = renderer.getCanvases().labels.getContext("2d");
    const view = renderer.getDimensions();
    const origin = renderer.graphToViewport({ x: 0, y: 0 });
    const far = renderer.graphToViewport({ x: 1000, y: 1000 });
    const [across, down] = [(far.x - origin.x) / 1000, (far.y - origin.y) / 1000];
    const scale = renderer.scaleSize(1);
    const most = Math.max(12, Math.floor((view.width * view.height) / ROOM));
    let tries = 0;
    written = [];
    const seen = new Set();

    function put(number) {
      if (seen.has(number) || !shows(number)) return;
      const [x, y] = [origin.x + across * data.x[number], origin.y + down * data.y[number]];
      if (x < 0 || y < 0 || x > view.width || y > view.height) return;
      seen.add(number);
      tries += 1;
      const half = radius(number) * scale;
      const size = Math.min(17, Math.max(11, 8 + half * 0.7));
      const box = { number, text: texts[number], size, x: x + half + 3, y: y + size / 3 };
      box.right = box.x + size * width(pen, number);
      const covers = (one) => one.x < box.right + GAP && box.x < one.right + GAP && Math.abs(one.y - box.y) < (one.size + size) / 2 + GAP;
      if (box.right > view.width - 4 || written.some(covers)) return;
      written.push(box);
    }

    first.forEach(put);
    for (let place = 0; place < order.length && written.length < most && tries < TRIES; place += 1) put(order[place]);
    for (const box of written) draw(pen, box.text, box, theme);
  }

  return { draw, names: () => written, write };
})();
