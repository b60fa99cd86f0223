// Which way each flow bends: so that it does not run under other symbols and names and follows other
// flows as little as possible. Strong flows choose first. The choice is made once for a set of flows
// in pixels of one zoom, so that no arrow jumps when the map is moved or zoomed.

import { along, bend, distance, loop } from "../core/geometry.js";
import { Crowd } from "../core/grid.js";

// Close to one another, so that a longer flow always bends more than a shorter one.
const ALONE = [1, -1, 1.25, -1.25, 0.8, -0.8, 1.5, -1.5];
const TWO_WAY = [1, 0.8, 1.25, 1.5];
const LOOPS = [-90, -45, -135, 0, 180, 45, 135, 90].map((degrees) => (degrees * Math.PI) / 180);
const CELL = 5;
const MOST_POINTS = 120;
const FLOWS_A_STEP = 16;
const SYMBOL_WEIGHT = 12;
const NAME_WEIGHT = 1.2;
const LINE_WEIGHT = 0.1;
// With more flows than this nobody can follow one by eye, and all bend the same way.
const MOST_CHOOSING = 450;

// flows: [{ from, to, start, end, width }], strongest first, `from` and `to` numbers of places;
// obstacles: [{ id, at, radius, name: box or null }] -> for each flow the turn of its bend, or the
// angle of its loop.
// The work can be done in slices: this yields now and then, and returns the answer.
export function* chooseBends(flows, obstacles, reach) {
  if (flows.length > MOST_CHOOSING)
    return flows.map(({ from, to }) => (from === to ? LOOPS[0] : 1));
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
  // The points of the curve tried and of the best one, written over again and again.
  const line = () => ({
    x: new Float64Array(MOST_POINTS),
    y: new Float64Array(MOST_POINTS),
    count: 0,
    sum: 0,
  });
  let [tried, kept] = [line(), line()];
  for (const flow of flows) {
    if (turns.length % FLOWS_A_STEP === FLOWS_A_STEP - 1) yield;
    const within = flow.from === flow.to;
    const choices = within ? LOOPS : pairs.has(`${flow.to}>${flow.from}`) ? TWO_WAY : ALONE;
    let best = { cost: Infinity, choice: choices[0] };
    for (let rank = 0; rank < choices.length; rank += 1) {
      const price = rank * (within ? 0.15 : 0.35);
      if (price >= best.cost - 1e-9) break;
      const choice = choices[rank];
      const curve = within
        ? loop(flow.start, 17 + flow.width, choice)
        : bend(flow.start, flow.end, reach, choice);
      follow(curve, flow, symbols, crowd, best.cost - price, tried);
      const cost = price + tried.sum;
      if (cost >= best.cost - 1e-9) continue;
      best = { cost, choice };
      [tried, kept] = [kept, tried];
    }
    const weight = LINE_WEIGHT * (1 + flow.width / 3);
    for (let i = 0; i < kept.count; i += 1) crowd.add(kept.x[i], kept.y[i], weight);
    turns.push(best.choice);
  }
  return turns;
}

// Write the points along a curve that lie clear of the symbols at its own ends, and how crowded they
// are in sum; once that is above `most` the rest does not matter.
function follow(curve, { from, to, start, end }, symbols, crowd, most, line) {
  const reach = (place) => ((symbols.get(place)?.radius ?? 0) + CELL) ** 2;
  const [nearStart, nearEnd] = [reach(from), reach(to)];
  const length = distance(start, end) || 100;
  const pieces = Math.max(6, Math.min(MOST_POINTS, Math.ceil((length * 1.1) / CELL)));
  let count = 0;
  let sum = 0;
  for (let i = 1; i < pieces && sum < most; i += 1) {
    const x = along(curve, 0, i / pieces);
    const y = along(curve, 1, i / pieces);
    if ((x - start[0]) ** 2 + (y - start[1]) ** 2 < nearStart) continue;
    if ((x - end[0]) ** 2 + (y - end[1]) ** 2 < nearEnd) continue;
    line.x[count] = x;
    line.y[count] = y;
    sum += crowd.at(x, y);
    count += 1;
  }
  Object.assign(line, { count, sum });
}
