import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./modules.mjs";

const { arrow, bend, cutEnd, distance, distanceToLine, loop, unpack } = await load("geometry");

const A = [100, 100];
const B = [300, 140];
const REACH = 420;

const lengthOf = (line) =>
  line.slice(1).reduce((sum, point, i) => sum + distance(point, line[i]), 0);
const near = (value, wanted, within = 1e-6) =>
  assert.ok(Math.abs(value - wanted) <= within, `${value} is not ${wanted}`);
// How far a curve lies from the straight line between its ends, as a share of that line.
const bulge = (line) =>
  Math.max(...line.map((point) => distanceToLine(point, [line[0], line.at(-1)]))) /
  distance(line[0], line.at(-1));

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
  const line = bend(A, B, REACH);
  assert.deepEqual(line[0], A);
  near(distance(line.at(-1), B), 0);
});

test("the two directions of a pair lie apart, on either side of the straight line", () => {
  const there = bend(A, B, REACH);
  const back = bend(B, A, REACH);
  const middle = (line) => line[Math.floor(line.length / 2)];
  assert.ok(distance(middle(there), middle(back)) > 20);
  const straight = [(A[0] + B[0]) / 2, (A[1] + B[1]) / 2];
  near(middle(there)[0] + middle(back)[0], 2 * straight[0]);
  near(middle(there)[1] + middle(back)[1], 2 * straight[1]);
});

test("a flow bends to the left of its travel", () => {
  const [, y] = bend([0, 0], [100, 0], REACH)[18];
  assert.ok(y < 0, "up on a screen, whose y grows downwards");
});

test("longer flows bend more, up to their reach", () => {
  const shares = [60, 120, 240, REACH, 2 * REACH].map((x) => bulge(bend([0, 0], [x, 0], REACH)));
  assert.ok(shares[0] < shares[1] && shares[1] < shares[2] && shares[2] < shares[3]);
  near(shares[3], shares[4]);
});

test("a bend looks the same at every zoom", () => {
  const small = bend(A, B, REACH);
  const large = bend(
    A.map((v) => 2 * v),
    B.map((v) => 2 * v),
    2 * REACH,
  );
  small.forEach(([x, y], i) => near(distance([2 * x, 2 * y], large[i]), 0));
});

test("a loop leaves a place upwards and comes back to it", () => {
  const line = loop(A, 20);
  assert.deepEqual(line[0], A);
  near(distance(line.at(-1), A), 0);
  assert.ok(line.slice(1, -1).every(([, y]) => y < A[1]));
  near(Math.min(...line.map(([x]) => x)) + Math.max(...line.map(([x]) => x)), 2 * A[0]);
  assert.ok(lengthOf(loop(A, 40)) > 1.9 * lengthOf(line));
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
  near(lengthOf(cutEnd(bend(A, B, REACH), 30)), lengthOf(bend(A, B, REACH)) - 30, 1e-9);
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
    const { shaft, head } = arrow(
      [
        [0, 0],
        [200, 0],
      ],
      { width, startGap: 6, endGap: 9 },
    );
    const [tip, left, right] = head;
    assert.deepEqual(shaft[0], [6, 0]);
    assert.deepEqual(tip, [191, 0]);
    near(shaft.at(-1)[0], left[0]);
    near(left[0], right[0]);
    near(left[1], -right[1]);
    assert.ok(tip[0] - left[0] >= 5, "the head has a length");
    assert.ok(Math.abs(left[1]) > width / 2, "the head is wider than the shaft");
  });

test("the tip of a bent arrow keeps its gap and does not reach into the symbol", () => {
  const { head } = arrow(bend(A, B, REACH), { width: 3, startGap: 5, endGap: 8 });
  near(distance(head[0], B), 8, 0.1);
});

test("an arrow with no room is still made of numbers", () => {
  for (const end of [
    [0, 0],
    [3, 0],
    [12, 0],
  ]) {
    const { shaft, head } = arrow([[0, 0], end], { width: 4, startGap: 6, endGap: 6 });
    assert.ok([...shaft, ...head].flat().every(Number.isFinite));
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
