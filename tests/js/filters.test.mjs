import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { load } from "./modules.mjs";
import { packFlows } from "./packed.mjs";

const { Atlas } = await load("core/atlas");
const { NO_FILTERS } = await load("core/state");
const { activeFilters, countEvidence, choosePairs, overlaps, rankPairs, visiblePairs } =
  await load("core/filters");

let atlas;

// Places: two towns of region 0, one of region 1, one across the border without a point, an area.
const PLACES = [
  { region: 0, kind: "city", at: [0, 0] },
  { region: 0, kind: "region", at: [0, 1] },
  { region: 1, kind: "region", at: [1, 1] },
  { region: -1, kind: "border" },
  { region: -1, kind: "area", label: [2, 2] },
];
const flow = (from, to, source, more = {}) => ({ from, to, source, purpose: "sexual", ...more });

function study(...others) {
  return {
    places: PLACES,
    sources: [
      { origin: "a", publisher: "RPP" },
      { origin: "a", publisher: "Andina" }, // retells the first
      { origin: "c", publisher: "RPP" },
    ],
    flows: packFlows([
      flow(0, 2, 0, { start: "2011-01", end: "2011-03" }),
      flow(0, 2, 1),
      flow(0, 2, 2, { purpose: "labour" }),
      flow(2, 0, 2, { purpose: "", start: "2016-01", end: "2018-06" }),
      flow(0, 1, 0, { start: "2020-01" }),
      flow(2, 3, 2),
      ...others,
    ]),
    nodes: {},
  };
}

beforeEach(() => {
  atlas = new Atlas(study());
});

const choose = (filters = {}, more = {}) =>
  choosePairs(atlas, "place", { filters: { ...NO_FILTERS, ...filters }, ...more });
const ids = (answer) => answer.pairs.map((p) => p.id);

test("without filters every pair is there, and what has no spot is counted as not drawn", () => {
  const all = choose();
  assert.deepEqual(ids(all), [0, 1, 2, 3]);
  assert.deepEqual(all.flows, { drawn: 5, kept: 6, all: 6 });
  assert.deepEqual(all.evidence, { drawn: 4, kept: 5, all: 5 });
  assert.equal(all.share, 0.8);
});

test("two retellings of one publication are one independent source", () => {
  assert.equal(countEvidence(atlas, [0, 1]), 1);
  assert.equal(countEvidence(atlas, [0, 1, 2]), 2);
});

test("a purpose keeps its flows only, and the evidence is counted again", () => {
  const sexual = choose({ purpose: "sexual" });
  assert.deepEqual(
    sexual.pairs.map((p) => [p.id, p.flows, p.evidence]),
    [
      [0, [0, 1], 1],
      [2, [4], 1],
      [3, [5], 1],
    ],
  );
  assert.deepEqual(ids(choose({ purpose: "" })), [1]);
});

test("a publisher keeps what it published", () => {
  assert.deepEqual(
    choose({ publisher: "Andina" }).pairs.map((p) => [p.id, p.flows]),
    [[0, [1]]],
  );
});

test("a grade asks for so many independent publications after the other filters", () => {
  assert.deepEqual(ids(choose({ grade: 2 })), [0]);
  assert.deepEqual(ids(choose({ grade: 2, purpose: "sexual" })), []);
});

test("top-n keeps the pairs with most evidence and counts the rest as kept, not drawn", () => {
  const top = choose({ top: 2 });
  assert.deepEqual(ids(top), [0, 1]);
  assert.deepEqual(top.flows, { drawn: 4, kept: 6, all: 6 });
});

test("top-n ranks by what the width shows, and what has no such number has no rank", () => {
  const valued = (from, to, kind, value) => flow(from, to, 0, { kind, value, purpose: "" });
  atlas = new Atlas(
    study(valued(1, 2, "count", 5), valued(2, 1, "count", 40), valued(1, 0, "share_of_origin", 99)),
  );
  const byCount = choose({ top: 1 }, { widthBy: "count" });
  assert.deepEqual(ids(byCount), [5]); // 40 people by one source, not the pair with two sources
  assert.equal(byCount.unranked, 7);
  assert.deepEqual(byCount.flows, { drawn: 1, kept: 9, all: 9 });
  assert.deepEqual(ids(choose({ top: 9 }, { widthBy: "count" })), [4, 5]);
  assert.deepEqual(ids(choose({ top: 9 }, { widthBy: "share_of_origin" })), [6]);
  assert.deepEqual(ids(choose({ top: 1 })), [0]);
  assert.equal(choose({ top: 1 }).unranked, 0);
  // Without a number asked for, all are drawn, those without a value too.
  assert.equal(choose({}, { widthBy: "count" }).pairs.length, 7);
});

test("ranking keeps the order of the table among equals and puts what has no value last", () => {
  const pairs = [3, 1, 3, 2].map((evidence, id) => ({ id, evidence, rows: [] }));
  const order = (top, by) => rankPairs(atlas, pairs, top, by).map(({ id }) => id);
  assert.deepEqual(order(3), [0, 2, 3]);
  assert.deepEqual(order(1), [0]);
  assert.deepEqual(order(9), [0, 2, 3, 1]);
  assert.deepEqual(order(Infinity), [0, 2, 3, 1]);
  assert.deepEqual(order(2, "count"), [0, 1]);
});

test("directions without a place in focus", () => {
  assert.deepEqual(ids(choose({ direction: "within" })), [2]);
  assert.deepEqual(ids(choose({ direction: "between" })), [0, 1]);
  assert.deepEqual(ids(choose({ direction: "border" })), [3]);
  // "Arriving" means nothing without a place.
  assert.equal(choose({ direction: "in" }).pairs.length, 4);
});

test("an area such as the coast is not abroad", () => {
  atlas = new Atlas(study(flow(0, 4, 0)));
  assert.deepEqual(ids(choose({ direction: "border" })), [3]);
});

test("directions of a place in focus", () => {
  const of = (direction, focus) => ids(choose({ direction }, { focus: [].concat(focus) }));
  const region = { kind: "region", id: 0 };
  assert.deepEqual(of("all", region), [0, 1, 2]);
  assert.deepEqual(of("in", region), [1]);
  assert.deepEqual(of("out", region), [0]);
  assert.deepEqual(of("within", region), [2]);
  assert.deepEqual(of("border", { kind: "region", id: 1 }), [3]);
  const town = { kind: "place", id: 0 };
  assert.deepEqual(of("out", town), [0, 2]);
  assert.deepEqual(of("in", town), [1]);
  // Of several places, what goes from one to the other leaves the one and arrives in the other.
  const both = [region, { kind: "region", id: 1 }];
  assert.deepEqual(of("out", both), [0, 1, 3]);
  assert.deepEqual(of("in", both), [0, 1]);
  assert.deepEqual(of("within", both), [2]);
});

test("a period keeps the flows it touches and says how many state none", () => {
  const some = choose({}, { period: ["2011-03", "2016-01"] });
  assert.deepEqual(
    some.pairs.map((p) => [p.id, p.flows]),
    [
      [0, [0]],
      [1, [3]],
    ],
  );
  assert.equal(some.undated, 3);
  const more = choose({ undated: true }, { period: ["2011-03", "2016-01"] });
  assert.deepEqual(more.pairs[0].flows, [0, 1, 2]);
  assert.equal(more.undated, 0);
});

test("an open end of a period reaches for ever", () => {
  assert.ok(overlaps({ start: "2020-01", end: "" }, ["2024-01", "2024-12"]));
  assert.ok(!overlaps({ start: "2020-01", end: "" }, ["2019-01", "2019-12"]));
  assert.ok(overlaps({ start: "", end: "2011-01" }, ["2004-01", "2011-01"]));
});

test("the answer is found once for each choice and anew for other data", () => {
  Object.assign(atlas.state, { filters: { ...NO_FILTERS }, period: null, focus: null });
  const first = visiblePairs(atlas, "place");
  assert.equal(visiblePairs(atlas, "place"), first);
  atlas.state.filters = { ...NO_FILTERS, grade: 2 };
  assert.deepEqual(ids(visiblePairs(atlas, "place")), [0]);
  atlas.state.filters = { ...NO_FILTERS };
  assert.deepEqual(ids(visiblePairs(atlas, "place")), [0, 1, 2, 3]);
  atlas = new Atlas({ ...study(), flows: packFlows([]) });
  assert.deepEqual(ids(visiblePairs(atlas, "place")), []);
});

test("set filters are counted", () => {
  assert.equal(activeFilters({ filters: NO_FILTERS }), 0);
  assert.equal(activeFilters({ filters: { ...NO_FILTERS, purpose: "", grade: 2 } }), 2);
});
