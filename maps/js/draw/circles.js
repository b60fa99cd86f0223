// Marks over the regions: circles for counts, and triangles where a rate changed by more than chance.

import { changeColour, changeStep, circleRadius, regionView } from "../core/regionview.js";
import { COLOURS, data } from "../core/data.js";
import { PART_DASH } from "./regions.js";
import { state } from "../core/state.js";

const FILL = 0.3;

// Under the flows; the largest first, so that none hides another.
export function drawCircles(ctx, point) {
  const { circles: wanted, counts } = regionView();
  if (!state.layers.regions || !wanted) return;
  const circles = counts
    .map((shown, id) => ({ shown, id }))
    .filter(({ shown }) => shown.state === "value")
    .sort((a, b) => b.shown.value - a.shown.value);
  for (const { shown, id } of circles) {
    const part = !shown.figures[0].whole;
    drawCircle(ctx, point(data.regions[id].at), circleRadius(shown.value), part);
  }
}

function drawCircle(ctx, [x, y], radius, part) {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fillStyle = COLOURS.circle;
  ctx.globalAlpha = FILL;
  ctx.fill();
  ctx.globalAlpha = 1;
  ctx.lineWidth = 3;
  ctx.strokeStyle = COLOURS.casing;
  ctx.stroke();
  ctx.lineWidth = 1.4;
  ctx.strokeStyle = COLOURS.circle;
  if (part) ctx.setLineDash(PART_DASH.split(" ").map(Number));
  ctx.stroke();
  ctx.setLineDash([]);
}

// Over the flows.
export function drawChanges(ctx, point) {
  const { areas, shown } = regionView();
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
    ctx.strokeStyle = COLOURS.casing;
    ctx.stroke();
    ctx.fillStyle = COLOURS.ink;
    ctx.fill();
    ctx.lineWidth = 1;
    ctx.strokeStyle = changeColour(step);
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
