"use strict";

// While a large picture moves, and to draw it takes long, a copy of it is shifted and scaled; it is drawn anew once it
// rests. Where it is drawn fast enough, each step is drawn.
const kgSlide = (renderer) => {
  const SLOW = 100; // milliseconds for three frames
  const [REST, HELD] = [200, 600]; // milliseconds without a step, and with the button still down
  const camera = renderer.getCamera();
  const { edgeLabels, edges, hovers, hoverNodes, labels, mouse, nodes } = renderer.getCanvases();
  const layers = [edges, nodes, labels, hovers, hoverNodes];
  const copy = document.createElement("canvas");
  const draw = renderer.scheduleRender.bind(renderer);
  const under = renderer.getNodeAtPosition.bind(renderer);
  const state = { cost: Infinity, keep, moving: false };
  let drawn = camera.getState();
  let waiting = null;
  let frame = null;

  // Where two places of the picture are on the screen tells how all of it lies.
  const ends = (cameraState) => [{ x: 0, y: 0 }, { x: 1, y: 1 }].map((place) => renderer.framedGraphToViewport(place, { cameraState }));

  function matrix() {
    const [[a, b], [c, d]] = [ends(drawn), ends(camera.getState())];
    const [x, y, wide, high] = [b.x - a.x, b.y - a.y, d.x - c.x, d.y - c.y];
    const size = x * x + y * y;
    const [along, across] = [(wide * x + high * y) / size, (high * x - wide * y) / size];
    return [along, across, -across, along, c.x - along * a.x + across * a.y, c.y - across * a.x - along * a.y];
  }

  function show(moving) {
    state.moving = moving;
    copy.hidden = !moving;
    layers.forEach(({ style }) => { style.visibility = moving ? "hidden" : ""; });
  }

  function slide() {
    clearTimeout(waiting);
    waiting = setTimeout(draw, renderer.getMouseCaptor().isMouseDown ? HELD : REST);
    frame ??= requestAnimationFrame(() => {
      frame = null;
      copy.style.transform = `matrix(${matrix().join()})`;
      if (!state.moving) show(true);
    });
  }

  // What WebGL drew can be copied in the same turn only.
  function keep() {
    const { width, height } = nodes;
    if (state.cost <= SLOW || !width || !height) return;
    Object.assign(copy, { width, height });
    Object.assign(copy.style, { width: nodes.style.width, height: nodes.style.height });
    const pen = copy.getContext("2d", { willReadFrequently: true });
    for (const layer of [edges, nodes, labels]) pen.drawImage(layer, 0, 0);
  }

  function measure() {
    const begun = performance.now();
    const frames = (left) => requestAnimationFrame(() => {
      if (left) frames(left - 1);
      else state.cost = performance.now() - begun;
    });
    frames(2);
  }

  copy.hidden = true;
  Object.assign(copy.style, { position: "absolute", transformOrigin: "0 0", willChange: "transform", pointerEvents: "none" });
  mouse.before(copy);
  // Empty layers would be laid over the picture in each frame.
  mouse.style.opacity = "0";
  edgeLabels.style.display = "none";
  renderer.scheduleRender = () => {
    const now = camera.getState();
    const same = ["x", "y", "ratio", "angle"].every((name) => now[name] === drawn[name]);
    if (same || state.cost <= SLOW) draw();
    else slide();
    return renderer;
  };
  renderer.getNodeAtPosition = (place) => (state.moving ? null : under(place)); // it is read from what is drawn
  renderer.on("beforeRender", () => {
    clearTimeout(waiting);
    cancelAnimationFrame(frame);
    frame = null;
    drawn = camera.getState();
    if (state.moving) show(false);
  });
  renderer.on("afterRender", measure);
  measure();
  return state;
};
