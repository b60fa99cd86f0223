// What flows, itineraries and symbols look like on a canvas.

function trace(ctx, line) {
  ctx.beginPath();
  line.forEach(([x, y], i) => (i ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
}

function traceCurve(ctx, [x0, y0, x1, y1, x2, y2, x3, y3]) {
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.bezierCurveTo(x1, y1, x2, y2, x3, y3);
}

// Ends of flows that are not two places of the country, and flows without a value of the chosen kind.
export const FLOW_DASHES = { plain: [], area: [6, 4], border: [10, 3, 2, 3], unvalued: [1.5, 3] };

// Thin flows are paler than strong ones, so that the picture has depth.
export function flowAlpha(width) {
  return Math.min(0.94, 0.6 + 0.11 * width);
}

// In a crowd, where halos would cover more than they part, thin lines go without.
export function drawArrow(
  atlas,
  ctx,
  { shaft, head, width, looks, valued },
  alpha,
  crowded = false,
) {
  const { colours } = atlas;
  const dash = FLOW_DASHES[valued ? looks : "unvalued"];
  ctx.lineCap = "butt";
  ctx.lineJoin = "round";
  if (!crowded || width > 1.5) {
    ctx.globalAlpha = Math.min(1, alpha * 1.05);
    ctx.strokeStyle = colours.casing;
    traceCurve(ctx, shaft);
    ctx.lineWidth = width + (width < 1.5 ? 1.6 : 2.2);
    ctx.stroke();
    trace(ctx, head);
    ctx.closePath();
    ctx.lineWidth = 2;
    ctx.stroke();
  }
  ctx.globalAlpha = alpha;
  ctx.strokeStyle = colours.flow;
  ctx.fillStyle = colours.flow;
  if (dash.length) ctx.setLineDash(dash);
  traceCurve(ctx, shaft);
  ctx.lineWidth = width;
  ctx.stroke();
  if (dash.length) ctx.setLineDash([]);
  trace(ctx, head);
  ctx.closePath();
  ctx.fill();
  ctx.globalAlpha = 1;
}

// A flow that few sources name, drawn on request under those that many name.
export function drawHairline(atlas, ctx, { shaft, head }) {
  const { colours } = atlas;
  ctx.globalAlpha = 0.3;
  ctx.strokeStyle = colours.flow;
  ctx.fillStyle = colours.flow;
  ctx.lineWidth = 0.7;
  traceCurve(ctx, shaft);
  ctx.stroke();
  trace(ctx, head);
  ctx.closePath();
  ctx.fill();
  ctx.globalAlpha = 1;
}

const DASHES = { road: [], river: [9, 5], air: [2, 6], border: [], unknown: [2, 4] };

// A leg of a documented itinerary: a cased line, dashed by means of travel; fine where bands of
// corridors lie below, which it must not hide.
export function drawLeg(atlas, ctx, line, mode, alpha, fine = false) {
  ctx.globalAlpha = alpha;
  ctx.lineCap = "round";
  trace(ctx, line);
  ctx.strokeStyle = atlas.colours.casing;
  ctx.lineWidth = fine ? 3.2 : 6;
  ctx.stroke();
  trace(ctx, line);
  ctx.strokeStyle = atlas.colours.itinerary;
  ctx.lineWidth = fine ? 1.6 : 2.6;
  ctx.setLineDash(DASHES[mode] ?? []);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

export function drawStop(atlas, ctx, [x, y], alpha, fine = false) {
  ctx.globalAlpha = alpha;
  ctx.beginPath();
  ctx.arc(x, y, fine ? 2.8 : 4, 0, 2 * Math.PI);
  ctx.fillStyle = atlas.colours.casing;
  ctx.fill();
  ctx.lineWidth = fine ? 1.5 : 2;
  ctx.strokeStyle = atlas.colours.itinerary;
  ctx.stroke();
  ctx.globalAlpha = 1;
}

// Units of the hierarchy, which stand for all places in them.
export const UNITS = ["region", "province", "district"];

// Symbols: a ring for a region (province, district) as a whole, a dot for a town, a diamond for a mining zone, a square
// for a river port, a triangle for a border crossing.
export function drawSymbol(atlas, ctx, [x, y], kind, alpha = 1) {
  const { colours } = atlas;
  ctx.globalAlpha = alpha;
  ctx.beginPath();
  const r = symbolRadius(kind);
  if (kind === "mining_zone") {
    ctx.moveTo(x, y - r);
    ctx.lineTo(x + r, y);
    ctx.lineTo(x, y + r);
    ctx.lineTo(x - r, y);
    ctx.closePath();
  } else if (kind === "river_port") {
    ctx.rect(x - r * 0.8, y - r * 0.8, r * 1.6, r * 1.6);
  } else if (kind === "border") {
    ctx.moveTo(x, y - r);
    ctx.lineTo(x + r, y + r * 0.8);
    ctx.lineTo(x - r, y + r * 0.8);
    ctx.closePath();
  } else {
    ctx.arc(x, y, r, 0, 2 * Math.PI);
  }
  const hollow = UNITS.includes(kind);
  ctx.fillStyle = hollow ? colours.casing : colours.ink;
  ctx.strokeStyle = hollow ? colours.flow : colours.casing;
  ctx.lineWidth = hollow ? 1.8 : 1.3;
  ctx.fill();
  ctx.stroke();
  ctx.globalAlpha = 1;
}

export function symbolRadius(kind) {
  return (
    { region: 4.2, province: 3.8, district: 3.4, mining_zone: 5.2, border: 4.6, river_port: 4 }[
      kind
    ] ?? 3.4
  );
}

// The place of a region in an order that was published without counts: a small tag in grey with a
// dotted edge, beside the region's own mark. It is no figure, so it has no colour and no size of one.
export function drawTag(atlas, ctx, [x, y], text) {
  const { colours } = atlas;
  ctx.beginPath();
  ctx.rect(x - 8, y - 8, 16, 16);
  ctx.fillStyle = colours.casing;
  ctx.strokeStyle = colours.muted;
  ctx.lineWidth = 1.4;
  ctx.fill();
  ctx.setLineDash([1.5, 2.5]);
  ctx.stroke();
  ctx.setLineDash([]);
  drawLabel(atlas, ctx, {
    text,
    x,
    y: y + 0.5,
    font: "600 11px system-ui, sans-serif",
    colour: colours.muted,
    plain: true,
  });
}

// The ring around what was searched for.
export function drawRing(atlas, ctx, [x, y]) {
  const { colours } = atlas;
  for (const [style, width] of [
    [colours.casing, 5],
    [colours.ink, 2.2],
  ]) {
    ctx.beginPath();
    ctx.arc(x, y, 11, 0, 2 * Math.PI);
    ctx.strokeStyle = style;
    ctx.lineWidth = width;
    ctx.stroke();
  }
}

export function drawLabel(atlas, ctx, label) {
  ctx.font = label.font;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  if ("letterSpacing" in ctx) ctx.letterSpacing = label.spacing ?? "0px";
  ctx.globalAlpha = label.alpha ?? 1;
  ctx.lineJoin = "round";
  ctx.lineWidth = 3;
  ctx.strokeStyle = label.halo ?? atlas.colours.halo;
  if (!label.plain) ctx.strokeText(label.text, label.x, label.y);
  ctx.fillStyle = label.colour ?? atlas.colours.ink;
  ctx.fillText(label.text, label.x, label.y);
  ctx.globalAlpha = 1;
  if ("letterSpacing" in ctx) ctx.letterSpacing = "0px";
}
