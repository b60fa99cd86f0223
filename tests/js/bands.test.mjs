import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./modules.mjs";

const { Bands, bandWidth, smooth, unpackLine } = await load("draw/bands");
const { toReference } = await load("draw/flows");
const { distanceToLine } = await load("core/geometry");

// Lima, Pisco, Nazca, and a weak leg across.
const STRONG = { load: 10, line: [-770000, -120000, 8000, -17000, 13000, -11000] };
const WEAK = { load: 0.1, line: [-770000, -137000, 30000, 0] };
const VIEW = { scale: 1, origin: [0, 0] };
const placed = () => {
  const bands = new Bands([STRONG, WEAK], 1.2);
  bands.place(VIEW);
  return bands;
};

test("lines are differences in ten-thousandths of a degree, longitude first", () => {
  assert.deepEqual(unpackLine(STRONG.line), [
    [-12, -77],
    [-13.7, -76.2],
    [-14.8, -74.9],
  ]);
});

test("a smooth line goes through all its points and no other way round", () => {
  const points = [[0, 0], [10, 0], [20, 10], [20, 30]];
  const line = smooth(points);
  for (const point of points) assert.ok(distanceToLine(point, line) < 1e-9);
  assert.deepEqual([line[0], line.at(-1)], [points[0], points.at(-1)]);
  assert.deepEqual(smooth(points.slice(0, 2)), points.slice(0, 2));
  for (const point of line) assert.ok(distanceToLine(point, points) < 2.5);
});

test("width is in proportion to the load, and a weak leg can still be seen", () => {
  assert.equal(bandWidth(10, 1.2), 12);
  assert.ok(bandWidth(0.01, 1.2) >= 2);
});

test("strong bands lie on top and win under the pointer", () => {
  const bands = placed();
  assert.deepEqual(bands.placed.map(({ id }) => id), [1, 0]);
  const [x, y] = toReference([-13.7, -76.2]);
  assert.equal(bands.find([x, y], 4).id, 0);
  const [a, b] = toReference([-13.7, -74.5]);
  assert.equal(bands.find([a, b], 4).id, 1);
  assert.equal(bands.find([a, b + 60], 4), null);
});

test("a leg without a line is not drawn", () => {
  const bands = new Bands([{ load: 3, line: [] }], 1);
  assert.deepEqual(bands.place(VIEW), []);
});
