import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./modules.mjs";

const { filterPairs, groupPairs, strength } = await load("core/pairs");

// Two regions (0, 1), a town in each (2 in 0, 3 in 1), an area without a point (4).
const NODES = [0, 1, 0, 1, 4];
const PLACES = [{ at: [0, 0] }, { at: [0, 1] }, { at: [1, 0] }, { at: [1, 1] }, {}];
const ORIGINS = [0, 0, 2]; // source 1 retells source 0

const words = (list) => ({ at: (row) => list[row] });
function table(rows) {
  return {
    count: rows.length,
    from: Int32Array.from(rows, (r) => r[0]),
    to: Int32Array.from(rows, (r) => r[1]),
    source: Int32Array.from(rows, (r) => r[2]),
    value: words(rows.map((r) => r[3] ?? null)),
    kind: words(rows.map((r) => r[4] ?? "none")),
    start: words(rows.map((r) => r[5] ?? "")),
    end: words(rows.map((r) => r[6] ?? "")),
  };
}
const shown = (pairs) => pairs.map((p) => [p.id, p.from, p.to, p.evidence, p.flows, p.drawn]);

const FLOWS = table([
  [2, 3, 0],
  [0, 1, 1],
  [2, 2, 2],
  [2, 3, 2],
  [3, 4, 0],
]);

test("pairs of places, by hand", () => {
  assert.deepEqual(shown(groupPairs(FLOWS, null, PLACES, ORIGINS)), [
    [0, 2, 3, 2, [0, 3], true],
    [1, 0, 1, 1, [1], true],
    [2, 2, 2, 1, [2], true],
    [3, 3, 4, 1, [4], false],
  ]);
});

test("rolled up, a retelling adds no evidence and flows inside stay", () => {
  assert.deepEqual(shown(groupPairs(FLOWS, NODES, PLACES, ORIGINS)), [
    [0, 0, 1, 2, [0, 1, 3], true],
    [1, 0, 0, 1, [2], true],
    [2, 1, 4, 1, [4], false],
  ]);
});

test("a filter keeps ids, counts evidence anew and leaves out what is empty", () => {
  const pairs = groupPairs(FLOWS, NODES, PLACES, ORIGINS);
  const left = filterPairs(pairs, Uint8Array.from([0, 1, 0, 0, 1]), FLOWS, ORIGINS);
  assert.deepEqual(shown(left), [
    [0, 0, 1, 1, [1], true],
    [2, 1, 4, 1, [4], false],
  ]);
  const all = filterPairs(pairs, new Uint8Array(5).fill(1), FLOWS, ORIGINS);
  assert.deepEqual(shown(all), shown(pairs));
});

const ofOne = (rows, by) => {
  const columns = table(rows);
  const [pair] = groupPairs(columns, null, PLACES, ORIGINS);
  return strength(pair, by, columns);
};

test("counts of one source are added, of several sources never", () => {
  assert.deepEqual(
    ofOne(
      [
        [0, 1, 0, 5, "count"],
        [0, 1, 0, 7, "count"],
      ],
      "count",
    ),
    [12, 12],
  );
  assert.deepEqual(
    ofOne(
      [
        [0, 1, 0, 5, "count"],
        [0, 1, 2, 7, "count"],
      ],
      "count",
    ),
    [5, 7],
  );
});

test("periods of one source are added unless they overlap", () => {
  const years = (b) => [
    [0, 1, 0, 5, "count", "2017-01", "2017-12"],
    [0, 1, 0, 7, "count", b, "2018-12"],
  ];
  assert.deepEqual(ofOne(years("2018-01"), "count"), [12, 12]);
  assert.deepEqual(ofOne(years("2017-12"), "count"), [7, 7]);
  assert.deepEqual(
    ofOne(
      [
        [0, 1, 0, 5, "count", "2017-01", "2017-12"],
        [0, 1, 0, 6, "count"],
      ],
      "count",
    ),
    [6, 6],
  );
});

test("kinds of values are never mixed, and none is no strength", () => {
  const rows = [
    [0, 1, 0, 5, "count"],
    [0, 1, 0, 30, "share_of_origin"],
    [0, 1, 2, 40, "share_of_origin"],
    [0, 1, 2],
  ];
  assert.deepEqual(ofOne(rows, "count"), [5, 5]);
  assert.deepEqual(ofOne(rows, "share_of_origin"), [30, 40]);
  assert.equal(ofOne(rows, "share_of_destination"), null);
  assert.deepEqual(ofOne(rows, "evidence"), [2, 2]);
});
