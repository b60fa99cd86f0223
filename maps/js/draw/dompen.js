// Elements of the page drawn on a picture: their texts, line by line where the browser broke them, and
// the small drawings of legends. What a legend says is then written once, on the page.

const PATTERN_STEP = 5;

// Draw an element that stands somewhere on the page, with its top left corner at (left, top).
export function drawElement(atlas, ctx, element, left, top) {
  const box = element.getBoundingClientRect();
  const shift = [left - box.left, top - box.top];
  ctx.globalAlpha = 1;
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  for (const node of textsOf(element)) drawText(ctx, node, shift);
  for (const svg of element.querySelectorAll("svg")) drawSvg(atlas, ctx, svg, shift);
}

function textsOf(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode())
    if (walker.currentNode.data.trim() && !walker.currentNode.parentElement.closest("svg"))
      found.push(walker.currentNode);
  return found;
}

// The pieces of a text that the browser put into one line each.
function drawText(ctx, node, [dx, dy]) {
  const style = getComputedStyle(node.parentElement);
  const italic = style.fontStyle === "italic" ? "italic " : "";
  ctx.font = `${italic}${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  ctx.fillStyle = style.color;
  const range = document.createRange();
  const words = [...node.data.matchAll(/\S+\s*/g)];
  let line = null;
  const flush = () => {
    if (line) ctx.fillText(line.text.trimEnd(), line.x + dx, line.y + dy);
    line = null;
  };
  for (const word of words) {
    range.setStart(node, word.index);
    range.setEnd(node, word.index + word[0].trimEnd().length);
    const rect = range.getClientRects()[0];
    if (!rect) continue;
    const y = rect.bottom - rect.height * 0.22;
    if (line && Math.abs(line.y - y) < 2) line.text += word[0];
    else {
      flush();
      line = { text: word[0], x: rect.left, y };
    }
  }
  flush();
}

function drawSvg(atlas, ctx, svg, [dx, dy]) {
  const box = svg.getBoundingClientRect();
  const at = [box.left + dx, box.top + dy];
  for (const shape of svg.querySelectorAll("rect, path, circle, polygon, text")) {
    if (!shape.closest("defs, pattern")) drawShape(atlas, ctx, shape, at);
  }
}

function drawShape(atlas, ctx, shape, [left, top]) {
  const style = getComputedStyle(shape);
  const n = (name) => Number(shape.getAttribute(name) ?? 0);
  const pieces = tracing[shape.localName]?.(shape, n) ?? null;
  if (shape.localName === "text") {
    ctx.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    ctx.fillStyle = style.fill;
    return ctx.fillText(shape.textContent, left + n("x"), top + n("y"));
  }
  if (!pieces) return undefined;
  const trace = () => {
    ctx.beginPath();
    for (const [name, ...values] of pieces)
      ctx[name](
        ...values.map((value, i) =>
          name === "arc" && i > 1 ? value : value + (i % 2 ? top : left),
        ),
      );
  };
  ctx.globalAlpha = Number(style.opacity);
  const { fill, stroke } = style;
  if (fill !== "none") {
    const pattern = fill.startsWith("url");
    trace();
    const alpha = ctx.globalAlpha;
    ctx.globalAlpha = alpha * Number(style.fillOpacity);
    ctx.fillStyle = pattern ? groundOf(atlas, fill) : fill;
    ctx.fill();
    ctx.globalAlpha = alpha;
    if (pattern) hatchOver(atlas, ctx, shape, trace, [left, top], fill);
  }
  if (stroke !== "none") {
    trace();
    ctx.strokeStyle = stroke;
    ctx.lineWidth = parseFloat(style.strokeWidth);
    ctx.setLineDash(
      style.strokeDasharray === "none" ? [] : style.strokeDasharray.split(/[ ,]+/).map(parseFloat),
    );
    ctx.stroke();
    ctx.setLineDash([]);
  }
  ctx.globalAlpha = 1;
  return undefined;
}

const groundOf = ({ colours }, fill) =>
  fill.includes("unstable") ? colours.classes[2] : colours.nodata;

function hatchOver({ colours }, ctx, shape, trace, [left, top], fill) {
  const [w, h] = ["width", "height"].map((name) => Number(shape.getAttribute(name) ?? 24));
  ctx.save();
  trace();
  ctx.clip();
  ctx.strokeStyle = fill.includes("unstable") ? colours.casing : colours.hatch;
  ctx.lineWidth = 1;
  ctx.beginPath();
  for (let x = -h; x < w; x += PATTERN_STEP) {
    ctx.moveTo(left + x, top + h + 1);
    ctx.lineTo(left + x + h, top + 1);
  }
  ctx.stroke();
  ctx.restore();
}

// The outline of a shape as calls of a pen.
const tracing = {
  rect: (shape, n) => [
    ["moveTo", n("x"), n("y")],
    ["lineTo", n("x") + n("width"), n("y")],
    ["lineTo", n("x") + n("width"), n("y") + n("height")],
    ["lineTo", n("x"), n("y") + n("height")],
    ["closePath"],
  ],
  circle: (shape, n) => [["arc", n("cx"), n("cy"), n("r"), 0, 2 * Math.PI]],
  polygon: (shape) => {
    const numbers = shape.getAttribute("points").trim().split(/[ ,]+/).map(Number);
    const points = [];
    for (let i = 0; i < numbers.length; i += 2)
      points.push([i ? "lineTo" : "moveTo", numbers[i], numbers[i + 1]]);
    return [...points, ["closePath"]];
  },
  // As our own drawings write them: absolute M, L, H, V, C and Z.
  path: (shape) => {
    const calls = [];
    let [x, y] = [0, 0];
    for (const [, sign, list] of shape.getAttribute("d").matchAll(/([MLHVCZ])([^MLHVCZ]*)/g)) {
      const v = (list.match(/-?[\d.]+/g) ?? []).map(Number);
      if (sign === "Z") calls.push(["closePath"]);
      else if (sign === "C") calls.push(["bezierCurveTo", ...v]);
      else if (sign === "H") calls.push(["lineTo", v[0], y]);
      else if (sign === "V") calls.push(["lineTo", x, v[0]]);
      else calls.push([sign === "M" ? "moveTo" : "lineTo", v[0], v[1]]);
      if (sign === "H") [x] = v;
      else if (sign === "V") [y] = v;
      else if (v.length) [x, y] = v.slice(-2);
    }
    return calls;
  },
};
