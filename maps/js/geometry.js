// Curves in screen pixels. Points are [x, y].

const SAMPLES = 36;

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

export function distance(a, b) {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

// A quadratic curve to the left of the direction of travel, so that A -> B and B -> A lie apart.
// Longer flows curve more: `reach` is the length at which the bend is strongest.
export function bend(a, b, reach) {
  const length = distance(a, b);
  const share = 0.13 + 0.12 * Math.min(1, length / reach);
  const control = [
    (a[0] + b[0]) / 2 + (b[1] - a[1]) * share,
    (a[1] + b[1]) / 2 - (b[0] - a[0]) * share,
  ];
  return sample((s) => [
    (1 - s) ** 2 * a[0] + 2 * s * (1 - s) * control[0] + s ** 2 * b[0],
    (1 - s) ** 2 * a[1] + 2 * s * (1 - s) * control[1] + s ** 2 * b[1],
  ]);
}

// A loop that leaves a place upwards and comes back to it.
export function loop(centre, size) {
  const [x, y] = centre;
  const points = [
    [x, y],
    [x + size * 1.5, y - size * 1.9],
    [x - size * 1.5, y - size * 1.9],
    [x, y],
  ];
  return sample((s) => {
    const weights = [(1 - s) ** 3, 3 * s * (1 - s) ** 2, 3 * s ** 2 * (1 - s), s ** 3];
    return [0, 1].map((axis) => weights.reduce((sum, w, i) => sum + w * points[i][axis], 0));
  });
}

function sample(curve) {
  return Array.from({ length: SAMPLES + 1 }, (_, i) => curve(i / SAMPLES));
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

// An arrow along a line: the shaft, and a head whose tip stops `endGap` before the end.
export function arrow(line, { width, startGap, endGap }) {
  const cutStart = cutEnd([...line].reverse(), startGap).reverse();
  const toTip = cutEnd(cutStart, endGap);
  const headLength = 4.6 + 1.25 * width;
  const headHalf = 2.5 + 0.8 * width;
  const shaft = cutEnd(toTip, headLength);
  const tip = toTip[toTip.length - 1];
  const base = shaft[shaft.length - 1];
  const length = distance(tip, base) || 1;
  const [ux, uy] = [(tip[0] - base[0]) / length, (tip[1] - base[1]) / length];
  const head = [
    tip,
    [base[0] - uy * headHalf, base[1] + ux * headHalf],
    [base[0] + uy * headHalf, base[1] - ux * headHalf],
  ];
  return { shaft, head };
}

// Distance from a point to a line of points.
export function distanceToLine(point, line) {
  let nearest = Infinity;
  for (let i = 1; i < line.length; i += 1) {
    const [ax, ay] = line[i - 1];
    const [dx, dy] = [line[i][0] - ax, line[i][1] - ay];
    const along = ((point[0] - ax) * dx + (point[1] - ay) * dy) / (dx * dx + dy * dy || 1);
    const s = Math.max(0, Math.min(1, along));
    nearest = Math.min(nearest, Math.hypot(point[0] - ax - s * dx, point[1] - ay - s * dy));
  }
  return nearest;
}
