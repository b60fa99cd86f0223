// Which way each flow bends: so that it does not run under other symbols and names and follows other
// flows as little as possible. Strong flows choose first. The choice is made once for a set of flows
// in pixels of one zoom, so that no arrow jumps when the map is moved or zoomed.

import { bend, distance, loop, pointOn } from "./geometry.js";
import { Crowd } from "./grid.js";

const ALONE = [1, 0.6, 1.4, 0.25, -0.6, -1, 1.75, -1.4];
const TWO_WAY = [1, 0.7, 1.35, 1.75];
const LOOPS = [-90, -45, -135, 0, 180, 45, 135, 90].map((degrees) => (degrees * Math.PI) / 180);
const CELL = 5;
const FLOWS_A_STEP = 16;
const SYMBOL_WEIGHT = 4;
const NAME_WEIGHT = 0.55;
const LINE_WEIGHT = 0.1;
// With more flows than this nobody can follow one by eye, and all bend the same way.
const MOST_CHOOSING = 450;

// flows: [{ from, to, start, end, width }], strongest first, `from` and `to` numbers of places;
// obstacles: [{ id, at, radius, name: box or null }] -> for each flow the turn of its bend, or the
// angle of its loop.
// The work can be done in slices: this yields now and then, and returns the answer.
export function* chooseBends(flows, obstacles, reach) {
  if (flows.length > MOST_CHOOSING) return flows.map(({ from, to }) => (from === to ? LOOPS[0] : 1));
  const crowd = new Crowd(CELL);
  const symbols = new Map();
  for (const { id, at, radius, name } of obstacles) {
    const box = [at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius];
    symbols.set(id, { at, radius });
    crowd.addBox(box, SYMBOL_WEIGHT);
    if (name) crowd.addBox(name, NAME_WEIGHT);
  }
  const pairs = new Set(flows.map(({ from, to }) => `${from}>${to}`));
  const turns = [];
  for (const flow of flows) {
    if (turns.length % FLOWS_A_STEP === FLOWS_A_STEP - 1) yield;
    const within = flow.from === flow.to;
    const choices = within ? LOOPS : pairs.has(`${flow.to}>${flow.from}`) ? TWO_WAY : ALONE;
    let best = null;
    choices.forEach((choice, rank) => {
      const curve = within
        ? loop(flow.start, 17 + flow.width, choice)
        : bend(flow.start, flow.end, reach, choice);
      const points = inner(curve, flow, symbols);
      const cost = rank * (within ? 0.15 : 0.35) + points.reduce((sum, p) => sum + crowd.at(...p), 0);
      if (!best || cost < best.cost - 1e-9) best = { cost, choice, points };
    });
    for (const [x, y] of best.points) crowd.add(x, y, LINE_WEIGHT * (1 + flow.width / 3));
    turns.push(best.choice);
  }
  return turns;
}

// Points along a curve that lie clear of the symbols at its own ends.
function inner(curve, flow, symbols) {
  const reach = (place) => (symbols.get(place)?.radius ?? 0) + CELL;
  const length = distance(flow.start, flow.end) || 100;
  const pieces = Math.max(6, Math.min(120, Math.ceil((length * 1.1) / CELL)));
  const points = [];
  for (let i = 1; i < pieces; i += 1) {
    const point = pointOn(curve, i / pieces);
    if (distance(point, flow.start) < reach(flow.from)) continue;
    if (distance(point, flow.end) < reach(flow.to)) continue;
    points.push(point);
  }
  return points;
}
