"use strict";

// The picture as a file: the same marks, lines and names as on the screen, as SVG or painted on a canvas.
const kgExport = (() => {
  const escaped = (text) => text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "")
    .replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
  const fixed = (value) => String(Math.round(value * 100) / 100);

  function save(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  // The corners of a mark that is no disc.
  function corners({ x, y, r, shape }) {
    if (shape === "square") return [[x - r, y - r], [x + r, y - r], [x + r, y + r], [x - r, y + r]];
    if (shape === "triangle") return [[x, y - r], [x + r, y + 0.75 * r], [x - r, y + 0.75 * r]];
    if (shape === "diamond") return [[x, y - r], [x + r, y], [x, y + r], [x - r, y]];
    if (shape === "hexagon") return [0, 1, 2, 3, 4, 5].map((turn) => [x + r * Math.cos((turn * Math.PI) / 3), y + r * Math.sin((turn * Math.PI) / 3)]);
    return null;
  }

  function shaped(mark) {
    const edge = corners(mark);
    const [tag, place] = edge ? ["polygon", `points="${edge.map((one) => one.map(fixed).join(",")).join(" ")}"`]
      : ["circle", `cx="${fixed(mark.x)}" cy="${fixed(mark.y)}" r="${fixed(mark.r)}"`];
    const faint = mark.opacity < 1 ? ` opacity="${fixed(mark.opacity)}"` : "";
    return `<${tag} ${place} fill="${mark.colour}"${faint}><title>${escaped(`${mark.name} (${mark.kind})`)}</title></${tag}>`;
  }

  function svg({ width, height, ground, ink, lines, marks, names }) {
    const parts = [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
      `<rect width="100%" height="100%" fill="${ground}"/>`,
      ...lines.map(({ x1, y1, x2, y2, colour, wide, opacity = 1 }) =>
        `<path d="M${fixed(x1)} ${fixed(y1)}L${fixed(x2)} ${fixed(y2)}" stroke="${colour}" stroke-width="${fixed(wide)}"${opacity < 1 ? ` opacity="${fixed(opacity)}"` : ""}/>`),
      ...marks.map(shaped),
      `<g font-family="system-ui, sans-serif" fill="${ink}" stroke="${ground}" stroke-width="3" paint-order="stroke">`,
      ...names.map(({ x, y, size, text, middle }) => `<text x="${fixed(x)}" y="${fixed(y)}" font-size="${fixed(size)}"${middle ? ' text-anchor="middle"' : ""}>${escaped(text)}</text>`),
      "</g></svg>\n",
    ];
    return parts.join("\n");
  }

  function png({ width, height, ground, ink, lines, marks, names }, done) {
    const canvas = document.createElement("canvas");
    const scale = 2;
    Object.assign(canvas, { width: width * scale, height: height * scale });
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    pen.fillStyle = ground;
    pen.fillRect(0, 0, width, height);
    for (const { x1, y1, x2, y2, colour, wide, opacity = 1 } of lines) {
      pen.globalAlpha = opacity;
      pen.strokeStyle = colour;
      pen.lineWidth = wide;
      pen.beginPath();
      pen.moveTo(x1, y1);
      pen.lineTo(x2, y2);
      pen.stroke();
    }
    for (const mark of marks) {
      const edge = corners(mark);
      pen.globalAlpha = mark.opacity ?? 1;
      pen.fillStyle = mark.colour;
      pen.beginPath();
      if (edge) edge.forEach(([x, y]) => pen.lineTo(x, y));
      else pen.arc(mark.x, mark.y, mark.r, 0, 2 * Math.PI);
      pen.fill();
    }
    pen.globalAlpha = 1;
    pen.lineJoin = "round";
    for (const { x, y, size, text, middle } of names) {
      pen.textAlign = middle ? "center" : "start";
      pen.font = `${size}px system-ui, sans-serif`;
      pen.lineWidth = 3;
      pen.strokeStyle = ground;
      pen.strokeText(text, x, y);
      pen.fillStyle = ink;
      pen.fillText(text, x, y);
    }
    canvas.toBlob(done, "image/png");
  }

  return { png, save, svg };
})();
