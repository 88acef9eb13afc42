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

  function svg({ width, height, ground, ink, lines, marks, names }) {
    const parts = [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
      `<rect width="100%" height="100%" fill="${ground}"/>`,
      ...lines.map(({ x1, y1, x2, y2, colour, wide }) =>
        `<path d="M${fixed(x1)} ${fixed(y1)}L${fixed(x2)} ${fixed(y2)}" stroke="${colour}" stroke-width="${fixed(wide)}"/>`),
      ...marks.map(({ x, y, r, colour, name, kind }) =>
        `<circle cx="${fixed(x)}" cy="${fixed(y)}" r="${fixed(r)}" fill="${colour}"><title>${escaped(`${name} (${kind})`)}</title></circle>`),
      `<g font-family="system-ui, sans-serif" fill="${ink}" stroke="${ground}" stroke-width="3" paint-order="stroke">`,
      ...names.map(({ x, y, size, text }) => `<text x="${fixed(x)}" y="${fixed(y)}" font-size="${fixed(size)}">${escaped(text)}</text>`),
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
    for (const { x1, y1, x2, y2, colour, wide } of lines) {
      pen.strokeStyle = colour;
      pen.lineWidth = wide;
      pen.beginPath();
      pen.moveTo(x1, y1);
      pen.lineTo(x2, y2);
      pen.stroke();
    }
    for (const { x, y, r, colour } of marks) {
      pen.fillStyle = colour;
      pen.beginPath();
      pen.arc(x, y, r, 0, 2 * Math.PI);
      pen.fill();
    }
    pen.lineJoin = "round";
    for (const { x, y, size, text } of names) {
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
