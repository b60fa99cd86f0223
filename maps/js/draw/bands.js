// Inferred corridors as bands along the network. Nothing here knows of the page, so that a layer can
// use it alone; what makes a band unlike an arrow is its broken middle, and that it has no head.

import { distanceToLine } from "../core/geometry.js";
import { HitGrid } from "../core/grid.js";
import { REACH_ZOOM, toReference } from "./flows.js";

const LINE_SCALE = 10_000;
const LEAST_BAND = 2;
const MIDDLE = [6, 4];
const SMOOTH_STEPS = 6;
const FINE = 5;
const RUNGS = [3, 3];

export class Bands {
  // legs: [{ line, load, ... }], strongest first; px: pixels for each unit of load.
  constructor(legs, px) {
    this.items = legs.map((leg, id) => ({
      id,
      width: bandWidth(leg.load, px),
      line: smooth(unpackLine(leg.line).map(toReference)),
    }));
    this.placed = [];
  }

  // The bands on the screen, the weakest first.
  place({ scale, origin }) {
    this.hits = null;
    this.placed = this.items
      .filter(({ line }) => line.length > 1)
      .map(({ id, width, line }) => ({
        id,
        width,
        line: line.map(([x, y]) => [x * scale - origin[0], y * scale - origin[1]]),
      }))
      .reverse();
    return this.placed;
  }

  // The band under a point: the strongest of those within reach.
  find(point, slack) {
    if (!this.hits) {
      this.hits = new HitGrid(32);
      for (const band of this.placed) this.hits.add(band, dense(band.line, 24));
    }
    const near = this.hits
      .near(point, slack + 32)
      .filter(({ line, width }) => distanceToLine(point, line) - width / 2 < slack);
    return near.reduce((best, band) => (best?.width >= band.width ? best : band), null);
  }
}

export function bandWidth(load, px) {
  return Math.max(LEAST_BAND, load * px);
}

// [lon, lat, dlon, dlat, ...] in ten-thousandths of a degree -> [[lat, lon], ...]
export function unpackLine(packed) {
  const points = [];
  let [lon, lat] = [0, 0];
  for (let i = 0; i < packed.length; i += 2) {
    lon += packed[i];
    lat += packed[i + 1];
    points.push([lat / LINE_SCALE, lon / LINE_SCALE]);
  }
  return points;
}

// A smooth line through all points (Catmull-Rom), so that straight pieces from place to place do not
// look like a surveyed course.
export function smooth(points) {
  if (points.length < 3) return points;
  const line = [points[0]];
  for (let i = 0; i < points.length - 1; i += 1) {
    const [p0, p1, p2, p3] = [-1, 0, 1, 2].map(
      (n) => points[Math.max(0, Math.min(points.length - 1, i + n))],
    );
    for (let step = 1; step <= SMOOTH_STEPS; step += 1) {
      const s = step / SMOOTH_STEPS;
      line.push(
        [0, 1].map(
          (axis) =>
            p1[axis] +
            0.5 *
              s *
              (p2[axis] -
                p0[axis] +
                s *
                  (2 * p0[axis] -
                    5 * p1[axis] +
                    4 * p2[axis] -
                    p3[axis] +
                    s * (3 * (p1[axis] - p2[axis]) + p3[axis] - p0[axis]))),
        ),
      );
    }
  }
  return line;
}

function dense(line, step) {
  const points = [];
  for (let i = 1; i < line.length; i += 1) {
    const [a, b] = [line[i - 1], line[i]];
    const pieces = Math.max(1, Math.ceil(Math.hypot(b[0] - a[0], b[1] - a[1]) / step));
    for (let n = 0; n <= pieces; n += 1)
      points.push([a[0] + ((b[0] - a[0]) * n) / pieces, a[1] + ((b[1] - a[1]) * n) / pieces]);
  }
  return points;
}

// All casings first, then all bands, then the broken lines along their middle: so bands that meet
// become one. The broken middle is what makes a band inferred, also in grey; a narrow one is only that.
export function drawBands(ctx, bands, colours, { alphaOf }) {
  stroke(ctx, bands, alphaOf, [
    { style: colours.casing, size: (width) => width + 2.4, dash: [] },
    { style: colours.corridor, size: (width) => width, dash: [] },
    { style: colours.corridorLine, size: (width) => (width < FINE ? 1 : 1.4), dash: MIDDLE },
  ]);
}

// What a closure would change: ladders where more would pass, hollow ones where less would. Neither
// is filled like a band or ends in a head like an arrow.
export function drawDifference(ctx, bands, colours, isMore) {
  const { casing, corridorLine: style } = colours;
  const those = (more) => bands.filter(({ id }) => isMore(id) === more);
  stroke(ctx, those(false), () => 1, [
    { style, size: (width) => width + 3, dash: RUNGS },
    { style: casing, size: (width) => width, dash: [] },
  ]);
  stroke(ctx, those(true), () => 1, [
    { style: casing, size: (width) => width + 2.4, dash: [] },
    { style, size: (width) => width, dash: RUNGS },
  ]);
}

function stroke(ctx, bands, alphaOf, passes) {
  ctx.lineCap = "butt";
  ctx.lineJoin = "round";
  for (const { style, size, dash } of passes) {
    ctx.setLineDash(dash);
    ctx.strokeStyle = style;
    for (const { id, line, width } of bands) {
      ctx.globalAlpha = alphaOf(id);
      ctx.lineWidth = size(width);
      ctx.beginPath();
      line.forEach(([x, y], i) => (i ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
      ctx.stroke();
    }
  }
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

export const bandView = (map) => {
  const { x, y } = map.getPixelOrigin();
  return { scale: 2 ** (map.getZoom() - REACH_ZOOM), origin: [x, y] };
};
