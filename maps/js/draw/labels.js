// Names on the map: placed greedily, most important first, never one over another.

const OFFSETS = [
  [1, 0],
  [-1, 0],
  [0, -1],
  [0, 1],
  [1, -1],
  [-1, 1],
  [1, 1],
  [-1, -1],
];

// A name that belongs to an area may move a line up or down, out of the way of an arrow.
const CENTRED = [
  [0, 0],
  [0, -2],
  [0, 2],
];

// What a less usual spot costs, in the measure of the crowd of lines.
const RANK_COST = 0.9;

// wanted: [{ text, at: [x, y], gap, font, centred }] -> those that fit, with x, y (middle), width and box.
// Among the spots that are free the one that covers least of the `crowd` of lines is taken.
export function placeLabels(wanted, measure, taken = [], frame = null, crowd = null) {
  const boxes = [...taken];
  const placed = [];
  for (const label of wanted) {
    const width = measure(label.text, label.font) + 4;
    const height = label.height ?? 14;
    const spots = label.centred ? CENTRED : OFFSETS;
    let best = null;
    spots.forEach(([dx, dy], rank) => {
      const x = label.at[0] + dx * (width / 2 + (label.gap ?? 6));
      const y = label.at[1] + dy * (height / 2 + (label.gap ?? 6) * (dx ? 0.4 : 1));
      const box = [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
      if (boxes.some((other) => overlap(box, other)) || cut(box, frame)) return;
      const cost = rank * RANK_COST + (crowd?.inBox(box) ?? 0);
      if (!best || cost < best.cost) best = { cost, x, y, box };
    });
    if (!best) continue;
    boxes.push(best.box);
    placed.push({ ...label, x: best.x, y: best.y, width, box: best.box });
  }
  return placed;
}

function overlap(a, b) {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}

// Whether a box crosses the edge of the frame (one wholly outside may be panned to, so it stays).
function cut(box, frame) {
  if (!frame) return false;
  const edges = [frame.left, frame.top, frame.right, frame.bottom];
  if (!overlap(box, edges)) return false;
  return box[0] < edges[0] || box[1] < edges[1] || box[2] > edges[2] || box[3] > edges[3];
}
