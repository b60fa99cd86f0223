// Arrow heads around a place: turned apart so that none covers another. Only the last part of a curve
// turns, so that an arrow still goes where it goes; lines that leave the place stay as they are.

import { headSize } from "../core/geometry.js";

const ROUNDS = 24;
const MOST_TURN = 0.85; // radians, about 50 degrees

// placed: [{ item: { from, to, width }, curve }] on the screen; `radiusOf` gives the symbol of a place.
// The curves are changed in place.
export function spreadHeads(placed, radiusOf) {
  const around = new Map();
  const at = (place) => {
    if (!around.has(place)) around.set(place, []);
    return around.get(place);
  };
  for (const one of placed) {
    const { from, to, width } = one.item;
    if (from === to) continue;
    const [x0, y0, x1, y1, x2, y2, x3, y3] = one.curve;
    const { size, half } = headSize(width);
    const reach = radiusOf(to) + 2.5 + size * 0.7;
    at(to).push({ one, angle: Math.atan2(y2 - y3, x2 - x3), need: half / reach, turn: 0 });
    at(from).push({
      one: null,
      angle: Math.atan2(y1 - y0, x1 - x0),
      need: (width / 2 + 0.5) / (radiusOf(from) + 6),
      turn: 0,
    });
  }
  for (const ends of around.values())
    if (ends.some(({ one }) => one) && ends.length > 1) spread(ends);
}

function spread(ends) {
  const full = ends.reduce((sum, { need }) => sum + 2 * need, 0);
  // Where there is no room for all, each gets its share of what there is.
  const scale = Math.min(1, (2 * Math.PI * 0.9) / full);
  for (let round = 0; round < ROUNDS; round += 1) {
    let moved = 0;
    ends.sort((a, b) => a.angle + a.turn - b.angle - b.turn);
    ends.forEach((a, i) => {
      const b = ends[(i + 1) % ends.length];
      if (a === b || (!a.one && !b.one)) return;
      let between = b.angle + b.turn - a.angle - a.turn;
      if (i === ends.length - 1) between += 2 * Math.PI;
      const lack = (a.need + b.need) * scale - between;
      if (lack <= 0.005) return;
      const both = a.one && b.one ? 0.5 : 1;
      if (a.one) a.turn = Math.max(-MOST_TURN, a.turn - lack * both);
      if (b.one) b.turn = Math.min(MOST_TURN, b.turn + lack * both);
      moved += lack;
    });
    if (moved < 0.02) break;
  }
  for (const { one, turn } of ends) if (one && turn) turnEnd(one.curve, turn);
}

// Turn the second handle of a curve around its end.
function turnEnd(curve, turn) {
  const [dx, dy] = [curve[4] - curve[6], curve[5] - curve[7]];
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  curve[4] = curve[6] + dx * cos - dy * sin;
  curve[5] = curve[7] + dx * sin + dy * cos;
}
