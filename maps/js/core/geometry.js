// Curves in screen pixels. Points are [x, y].

const SHORT_PX = 4; // a piece of a curve this long is as good as straight

// Rings packed as differences of whole numbers -> [[lat, lon], ...].
export function unpack(ring, scale) {
  const points = [];
  let lon = 0;
  let lat = 0;
  for (let i = 0; i < ring.length; i += 2) {
    lon += ring[i];
    lat += ring[i + 1];
    points.push([lat / scale, lon / scale]);
  }
  return points;
}

// Rings from the borders that shapes have in common: numbers of borders, ~n for n turned round.
export function joinBorders({ scale, lines }) {
  const unpacked = lines.map((line) => unpack(line, scale));
  return (ring) =>
    ring.flatMap((n) => (n < 0 ? unpacked[~n].toReversed() : unpacked[n]).slice(0, -1));
}

export function distance(a, b) {
  const [x, y] = [a[0] - b[0], a[1] - b[1]];
  return Math.sqrt(x * x + y * y); // many times as fast as Math.hypot
}

// Curves are cubic: [x0, y0, x1, y1, x2, y2, x3, y3].

// How far a curve leaves the straight line, as a share of it: longer flows curve more, up to `reach`.
export function bulge(length, reach) {
  return 0.1 + 0.17 * Math.min(1, length / reach);
}

// A curve to the left of the direction of travel, so that A -> B and B -> A lie apart. `turn` makes
// the bend larger or smaller, a negative one puts it to the right.
export function bend(a, b, reach, turn = 1) {
  const share = turn * bulge(distance(a, b), reach);
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const control = [(a[0] + b[0]) / 2 + dy * share, (a[1] + b[1]) / 2 - dx * share];
  const part = (end, axis) => end[axis] + ((control[axis] - end[axis]) * 2) / 3;
  return [a[0], a[1], part(a, 0), part(a, 1), part(b, 0), part(b, 1), b[0], b[1]];
}

// A loop that leaves a place towards `angle` (upwards unless told) and comes back to it.
export function loop([x, y], size, angle = -Math.PI / 2) {
  const reach = size * 2.4;
  const out = (turn) => [x + reach * Math.cos(angle + turn), y + reach * Math.sin(angle + turn)];
  return [x, y, ...out(0.67), ...out(-0.67), x, y];
}

// One coordinate (0: x, 1: y) of the point of a curve at a parameter.
export function along(curve, axis, s) {
  const r = 1 - s;
  return (
    r * r * r * curve[axis] +
    3 * s * r * r * curve[axis + 2] +
    3 * s * s * r * curve[axis + 4] +
    s * s * s * curve[axis + 6]
  );
}

export function pointOn(curve, s) {
  return [along(curve, 0, s), along(curve, 1, s)];
}

// The piece of a curve between two of its parameters.
export function between(curve, from, to) {
  const right = from > 0 ? splitCurve(curve, from)[1] : curve;
  return to < 1 ? splitCurve(right, (to - from) / (1 - from))[0] : right;
}

function splitCurve(curve, s) {
  const mix = (a, b) => a + (b - a) * s;
  const [x0, y0, x1, y1, x2, y2, x3, y3] = curve;
  const [ax, ay, bx, by] = [mix(x0, x1), mix(y0, y1), mix(x1, x2), mix(y1, y2)];
  const [cx, cy] = [mix(x2, x3), mix(y2, y3)];
  const [dx, dy, ex, ey] = [mix(ax, bx), mix(ay, by), mix(bx, cx), mix(by, cy)];
  const [mx, my] = [mix(dx, ex), mix(dy, ey)];
  return [
    [x0, y0, ax, ay, dx, dy, mx, my],
    [mx, my, ex, ey, cx, cy, x3, y3],
  ];
}

// The parameter at which a curve is `gap` away from its start (or, with `back`, from its end). It is
// looked for in the half that belongs to that end, so a loop has two answers.
function leaves(curve, gap, back) {
  if (gap <= 0) return back ? 1 : 0;
  const [x, y] = back ? [curve[6], curve[7]] : curve;
  let [near, far] = back ? [1, 0.5] : [0, 0.5];
  for (let i = 0; i < 14; i += 1) {
    const middle = (near + far) / 2;
    const [dx, dy] = [along(curve, 0, middle) - x, along(curve, 1, middle) - y];
    if (dx * dx + dy * dy < gap * gap) near = middle;
    else far = middle;
  }
  return (near + far) / 2;
}

// The curve as a line of points, for hits and for what is drawn piece by piece.
export function flatten(curve, pieces = 24) {
  return Array.from({ length: pieces + 1 }, (_, i) => pointOn(curve, i / pieces));
}

// Cut a line `gap` pixels (along itself) before its end; returns the shorter line.
export function cutEnd(line, gap) {
  const rest = [...line];
  let left = gap;
  while (rest.length > 1) {
    const last = rest[rest.length - 1];
    const before = rest[rest.length - 2];
    const step = distance(last, before);
    if (step > left) {
      const share = left / step;
      rest[rest.length - 1] = [
        last[0] + (before[0] - last[0]) * share,
        last[1] + (before[1] - last[1]) * share,
      ];
      return rest;
    }
    left -= step;
    rest.pop();
  }
  return rest;
}

// How long and (to each side) how wide the head of an arrow is where it has room.
export const headSize = (width) => ({ size: 5 + 1.15 * width, half: 2.6 + 0.72 * width });

// An arrow along a curve: the shaft, and a barbed head whose tip stops `endGap` from the end. Where
// there is little room the head shrinks, so that something of the shaft is left.
export function arrow(curve, { width, startGap, endGap }) {
  const from = leaves(curve, startGap, false);
  const to = leaves(curve, endGap, true);
  const whole = between(curve, from, Math.max(from, to));
  const room = distance([whole[0], whole[1]], [whole[6], whole[7]]);
  const closed = distance([curve[0], curve[1]], [curve[6], curve[7]]) < 1e-6;
  const { size: full, half: wide } = headSize(width);
  const size = closed ? full : Math.min(full, Math.max(room * 0.55, 2));
  const half = wide * (0.4 + (0.6 * size) / full);
  const tip = [whole[6], whole[7]];
  const base = pointOn(whole, leaves(whole, size, true));
  const length = distance(tip, base) || 1;
  const [ux, uy] = [(tip[0] - base[0]) / length, (tip[1] - base[1]) / length];
  const notch = [tip[0] - ux * size * 0.78, tip[1] - uy * size * 0.78];
  const head = [
    tip,
    [base[0] - uy * half, base[1] + ux * half],
    notch,
    [base[0] + uy * half, base[1] - ux * half],
  ];
  const shaft = between(whole, 0, leaves(whole, size * 0.7, true));
  return { shaft, head };
}

// Distance from a point to a curve, or Infinity where that is clearly more than `most`: only the halves
// whose control points come near are halved again, so a curve far off costs one look.
export function distanceToCurve(point, curve, most) {
  const [x, y] = point;
  const [x0, y0, x1, y1, x2, y2, x3, y3] = curve;
  const [left, right] = [Math.min(x0, x1, x2, x3), Math.max(x0, x1, x2, x3)];
  const [top, bottom] = [Math.min(y0, y1, y2, y3), Math.max(y0, y1, y2, y3)];
  if (x < left - most || x > right + most || y < top - most || y > bottom + most) return Infinity;
  const long = Math.max(right - left, bottom - top) > SHORT_PX;
  if (!long)
    return distanceToLine(point, [
      [x0, y0],
      [x3, y3],
    ]);
  const [one, other] = splitCurve(curve, 0.5);
  const d = distanceToCurve(point, one, most);
  return Math.min(d, distanceToCurve(point, other, Math.min(most, d)));
}

// Distance from a point to a line of points.
export function distanceToLine(point, line) {
  let nearest = Infinity;
  for (let i = 1; i < line.length; i += 1) {
    const [ax, ay] = line[i - 1];
    const [dx, dy] = [line[i][0] - ax, line[i][1] - ay];
    const share = ((point[0] - ax) * dx + (point[1] - ay) * dy) / (dx * dx + dy * dy || 1);
    const s = Math.max(0, Math.min(1, share));
    nearest = Math.min(nearest, Math.hypot(point[0] - ax - s * dx, point[1] - ay - s * dy));
  }
  return nearest;
}
