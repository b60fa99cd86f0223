import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./modules.mjs";

const { arrow, bend, between, cutEnd, distance, distanceToCurve, distanceToLine, flatten, loop } =
  await load("core/geometry");
const { joinBorders, pointOn, unpack } = await load("core/geometry");

const A = [100, 100];
const B = [300, 140];
const REACH = 420;

const lengthOf = (line) =>
  line.slice(1).reduce((sum, point, i) => sum + distance(point, line[i]), 0);
const near = (value, wanted, within = 1e-6) =>
  assert.ok(Math.abs(value - wanted) <= within, `${value} is not ${wanted}`);
const ends = (curve) => [curve.slice(0, 2), curve.slice(6)];
// How far a curve lies from the straight line between its ends, as a share of that line.
const bulgeOf = (curve) =>
  Math.max(...flatten(curve, 60).map((point) => distanceToLine(point, ends(curve)))) /
  distance(...ends(curve));
const straight = (x) => [0, 0, x / 3, 0, (2 * x) / 3, 0, x, 0];

test("rings are joined from borders, of which some are turned round", () => {
  const join = joinBorders({ scale: 10, lines: [[0, 0, 10, 0, 0, 10], [0, 0, 0, 10, 10, 0]] });
  const square = [[0, 0], [0, 1], [1, 1], [1, 0]];
  assert.deepEqual(join([0, ~1]), square);
  assert.equal(join([1, ~0]).length, 4);
});

test("packed rings are differences of whole numbers, longitude first", () => {
  const ring = [-75200, -9300, 10, 20, -5, 0];
  assert.deepEqual(unpack(ring, 1000), [
    [-9.3, -75.2],
    [-9.28, -75.19],
    [-9.28, -75.195],
  ]);
  assert.deepEqual(unpack([], 1000), []);
});

test("a bend starts and ends where the flow does", () => {
  const [start, end] = ends(bend(A, B, REACH));
  assert.deepEqual(start, A);
  assert.deepEqual(end, B);
});

test("the two directions of a pair lie apart, on either side of the straight line", () => {
  const [there, back] = [pointOn(bend(A, B, REACH), 0.5), pointOn(bend(B, A, REACH), 0.5)];
  assert.ok(distance(there, back) > 20);
  near(there[0] + back[0], A[0] + B[0]);
  near(there[1] + back[1], A[1] + B[1]);
});

test("a flow bends to the left of its travel, with a negative turn to the right", () => {
  assert.ok(pointOn(bend([0, 0], [100, 0], REACH), 0.5)[1] < 0, "up: y grows downwards");
  assert.ok(pointOn(bend([0, 0], [100, 0], REACH, -1), 0.5)[1] > 0);
  near(pointOn(bend([0, 0], [100, 0], REACH, 0), 0.5)[1], 0);
});

test("longer flows bend more, up to their reach", () => {
  const shares = [60, 120, 240, REACH, 2 * REACH].map((x) => bulgeOf(bend([0, 0], [x, 0], REACH)));
  assert.ok(shares[0] < shares[1] && shares[1] < shares[2] && shares[2] < shares[3]);
  near(shares[3], shares[4]);
});

test("a bend looks the same at every zoom", () => {
  const small = bend(A, B, REACH, 1.4);
  const large = bend(
    A.map((v) => 2 * v),
    B.map((v) => 2 * v),
    2 * REACH,
    1.4,
  );
  small.forEach((v, i) => near(2 * v, large[i]));
});

test("a loop leaves a place upwards, or where it is told to, and comes back to it", () => {
  const line = flatten(loop(A, 20));
  assert.deepEqual(line[0], A);
  near(distance(line.at(-1), A), 0);
  assert.ok(line.slice(1, -1).every(([, y]) => y < A[1]));
  near(Math.min(...line.map(([x]) => x)) + Math.max(...line.map(([x]) => x)), 2 * A[0]);
  assert.ok(lengthOf(flatten(loop(A, 40))) > 1.9 * lengthOf(line));
  assert.ok(flatten(loop(A, 20, 0)).slice(1, -1).every(([x]) => x > A[0]));
});

test("a piece of a curve is that curve, between two of its points", () => {
  const curve = bend(A, B, REACH);
  const piece = between(curve, 0.2, 0.7);
  for (const s of [0, 0.3, 1]) near(distance(pointOn(piece, s), pointOn(curve, 0.2 + s * 0.5)), 0);
  assert.deepEqual(between(curve, 0, 1), curve);
});

test("a line is cut by a length along itself", () => {
  const line = [
    [0, 0],
    [10, 0],
    [10, 10],
  ];
  assert.deepEqual(cutEnd(line, 4), [
    [0, 0],
    [10, 0],
    [10, 6],
  ]);
  assert.deepEqual(cutEnd(line, 13), [
    [0, 0],
    [7, 0],
  ]);
  assert.deepEqual(cutEnd(line, 0), line);
  const bent = flatten(bend(A, B, REACH));
  near(lengthOf(cutEnd(bent, 30)), lengthOf(bent) - 30, 1e-9);
});

test("cutting more than there is leaves one point, and the given line as it was", () => {
  const line = [
    [0, 0],
    [10, 0],
  ];
  assert.deepEqual(cutEnd(line, 50), [[0, 0]]);
  assert.equal(line.length, 2);
});

for (const width of [1, 5, 12])
  test(`an arrow of ${width} px stops at its gaps and its head fits its shaft`, () => {
    const { shaft, head } = arrow(straight(200), { width, startGap: 6, endGap: 9 });
    const [tip, left, notch, right] = head;
    near(shaft[0], 6, 0.05);
    near(tip[0], 191, 0.05);
    near(left[0], right[0]);
    near(left[1], -right[1]);
    assert.ok(tip[0] - left[0] >= 5, "the head has a length");
    assert.ok(Math.abs(left[1]) > width / 2, "the head is wider than the shaft");
    assert.ok(shaft[6] > notch[0] && shaft[6] < tip[0], "the shaft reaches into the head");
  });

test("the tip of a bent arrow keeps its gap and does not reach into the symbol", () => {
  const { head } = arrow(bend(A, B, REACH), { width: 3, startGap: 5, endGap: 8 });
  near(distance(head[0], B), 8, 0.1);
});

test("a loop has both its gaps", () => {
  const { shaft, head } = arrow(loop(A, 20), { width: 2, startGap: 5, endGap: 7 });
  near(distance(shaft.slice(0, 2), A), 5, 0.1);
  near(distance(head[0], A), 7, 0.1);
});

test("an arrow with little room has a smaller head and keeps some shaft", () => {
  const sizes = [200, 24, 18].map((x) => {
    const { shaft, head } = arrow(straight(x), { width: 4, startGap: 4, endGap: 4 });
    assert.ok(shaft[6] - shaft[0] > 1);
    return head[0][0] - head[1][0];
  });
  assert.ok(sizes[0] > sizes[1] && sizes[1] > sizes[2]);
});

test("an arrow with no room is still made of numbers", () => {
  for (const x of [0, 3, 12]) {
    const { shaft, head } = arrow(straight(x), { width: 4, startGap: 6, endGap: 6 });
    assert.ok([...shaft, ...head.flat()].every(Number.isFinite));
  }
});

test("the distance to a line is that to its nearest point", () => {
  const line = [
    [0, 0],
    [10, 0],
    [10, 10],
  ];
  assert.equal(distanceToLine([5, 3], line), 3);
  assert.equal(distanceToLine([14, 5], line), 4);
  assert.equal(distanceToLine([-3, -4], line), 5);
  assert.equal(distanceToLine([10, 0], line), 0);
  assert.equal(
    distanceToLine(
      [3, 4],
      [
        [0, 0],
        [0, 0],
      ],
    ),
    5,
  );
  assert.equal(distanceToLine([3, 4], [[0, 0]]), Infinity);
});

test("the distance to a curve is that to its points, and Infinity far off", () => {
  for (const curve of [bend(A, B, REACH), loop(A, 20), bend([0, 0], [4000, 900], REACH)]) {
    const points = flatten(curve, 4000);
    for (const point of [[100, 100], [210, 60], [205, 140], [90, 60], [1800, 300]]) {
      const wanted = distanceToLine(point, points);
      near(distanceToCurve(point, curve, wanted + 5), wanted, 0.2);
      if (wanted > 300) assert.equal(distanceToCurve(point, curve, 4), Infinity);
    }
  }
});
