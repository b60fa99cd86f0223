import assert from "node:assert/strict";
import { test } from "node:test";
import { installFakeDocument } from "./fake-document.mjs";
import { load } from "./modules.mjs";
import { packFlows, packNodes } from "./packed.mjs";

installFakeDocument();
const { Atlas } = await load("core/atlas");
const { legsOf } = await load("core/legs");
const { corridorAccount, corridorList, leftOut } = await load("words/corridors");

const leg = (name, way, share, regions, stops) => ({
  name,
  way: [way, way],
  share,
  regions,
  stops,
});
const place = (name, region) => ({ name: [name, name], region, at: [0, 0] });

const atlas = new Atlas(
  {
    places: [place("A", 0), place("B", 1), place("C", 1)],
    sources: [{ id: "s", origin: "s", publisher: "RPP" }],
    flows: packFlows([
      { from: 0, to: 1, source: 0 },
      { from: 0, to: 2, source: 0 },
      { from: 2, to: 2, source: 0 },
    ]),
    nodes: {},
    corridors: {
      kind: "evidence",
      legs: [
        leg("A – B", "road 1", 0.5, [0, 1], [0, 1]),
        leg("B – C", "road 2", 0.094, [1], [1, 2]),
        leg("A – B", "by river", 0.01, [0], []),
      ],
      // The legs carry the flows 0 and 1, only 1, only 0.
      flows: { count: packNodes([2, 1, 1]), row: packNodes([0, 1, 1, 0]) },
      left: [{ reason: ["es", "it begins and ends in one place"], flows: packNodes([2]) }],
      least: 0.01,
      unshown: { legs: 4, share: 0.026 },
    },
  },
  { language: "en" },
);

const text = (node) => (typeof node === "string" ? node : node.children.map(text).join(" ").trim());

test("legs of a region, a place, a flow and a leg", () => {
  assert.deepEqual(legsOf(atlas, { kind: "region", id: 1 }), [0, 1]);
  assert.deepEqual(legsOf(atlas, { kind: "place", id: 2 }), [1]);
  assert.deepEqual(legsOf(atlas, { kind: "pair", id: 0, level: "place" }), [0, 2]);
  assert.deepEqual(legsOf(atlas, { kind: "pair", id: 1, level: "place" }), [0, 1]);
  assert.deepEqual(legsOf(atlas, { kind: "corridor", id: 1 }), [1]);
  assert.deepEqual(legsOf(atlas, { kind: "route", id: 0 }), []);
});

test("what is not drawn is counted, with its part of the load", () => {
  assert.equal(
    corridorAccount(atlas),
    "3 of 7 inferred legs drawn. The other 4, each with less than 1 % of the expected load, " +
      "make up 2.6 % of load times length. 1 reported flow is on no leg.",
  );
  assert.deepEqual(leftOut(atlas), [
    "On no leg, because it begins and ends in one place: Inside C.",
  ]);
});

test("a road and a river between the same places are told apart; those not among the first fold", () => {
  const [first, rest] = corridorList(atlas, [0, 1, 2], 2);
  assert.deepEqual(first.children.map(text), ["A – B road 1 · 50 %", "B – C 9.4 %"]);
  assert.equal(text(rest), "1 more leg A – B by river · 1 %");
});
