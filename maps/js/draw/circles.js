// Marks over the regions: circles for counts, and triangles where a rate changed by more than chance.

import { changeColour, changeStep, circleRadius, regionView } from "../core/regionview.js";
import { PART_DASH } from "./regions.js";

const FILL = 0.3;

// Under the flows; the largest first, so that none hides another.
export function drawCircles(atlas, ctx, point) {
  const { data, state } = atlas;
  const { circles: wanted, counts } = regionView(atlas);
  if (!state.layers.regions || !wanted) return;
  const circles = counts
    .map((shown, id) => ({ shown, id }))
    .filter(({ shown }) => shown.state === "value")
    .sort((a, b) => b.shown.value - a.shown.value);
  for (const { shown, id } of circles) {
    const part = !shown.figures[0].whole;
    drawCircle(atlas, ctx, point(data.regions[id].at), circleRadius(atlas, shown.value), part);
  }
}

function drawCircle(atlas, ctx, [x, y], radius, part) {
  const { colours } = atlas;
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fillStyle = colours.circle;
  ctx.globalAlpha = FILL;
  ctx.fill();
  ctx.globalAlpha = 1;
  ctx.lineWidth = 3;
  ctx.strokeStyle = colours.casing;
  ctx.stroke();
  ctx.lineWidth = 1.4;
  ctx.strokeStyle = colours.circle;
  if (part) ctx.setLineDash(PART_DASH.split(" ").map(Number));
  ctx.stroke();
  ctx.setLineDash([]);
}

// Over the flows.
export function drawChanges(atlas, ctx, point) {
  const { data, state, colours } = atlas;
  const { areas, shown } = regionView(atlas);
  if (!state.layers.regions || areas !== "change") return;
  shown.forEach((change, id) => {
    if (change.state !== "change" || !change.sure) return;
    const step = changeStep(change);
    const [x, y] = point(data.regions[id].at);
    ctx.beginPath();
    trianglePoints(x, y, step).forEach((at, i) => (i ? ctx.lineTo(...at) : ctx.moveTo(...at)));
    ctx.closePath();
    ctx.lineJoin = "round";
    ctx.lineWidth = 3;
    ctx.strokeStyle = colours.casing;
    ctx.stroke();
    ctx.fillStyle = colours.ink;
    ctx.fill();
    ctx.lineWidth = 1;
    ctx.strokeStyle = changeColour(atlas, step);
    ctx.stroke();
  });
}

// Up for more, down for less, larger for a doubling or halving; above the point of the region.
export function trianglePoints(x, y, step) {
  const size = Math.abs(step) > 1 ? 7.5 : 5.5;
  const up = step > 0 ? -1 : 1;
  const middle = y - 16;
  return [
    [x - size, middle - up * size * 0.75],
    [x + size, middle - up * size * 0.75],
    [x, middle + up * size * 0.75],
  ];
}
