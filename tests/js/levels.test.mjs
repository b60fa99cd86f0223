import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./modules.mjs";

const { nextUnit } = await load("draw/regions");
const { unitsToName } = await load("draw/names");
const { wordsOf } = await load("core/i18n");

const UNITS = [
  { name: "Anta", at: [-13, -72], wide: 1 },
  { name: "Calca", at: [-12, -72.1], wide: 0.01 },
  { name: "Canas", at: [-14, -71.9], wide: 1 },
  { name: "Acomayo", at: [-13.1, -70], wide: 1 },
];

test("arrow keys go to the nearest unit in their direction", () => {
  const ways = { up: [1, 0], down: [-1, 0], right: [0, 1], left: [0, -1] };
  assert.equal(nextUnit(UNITS, 0, ways.up), 1);
  assert.equal(nextUnit(UNITS, 0, ways.down), 2);
  assert.equal(nextUnit(UNITS, 0, ways.right), 3);
  assert.equal(nextUnit(UNITS, 0, ways.left), -1);
  assert.equal(nextUnit(UNITS, 1, ways.up), -1);
});

test("of provinces those are named that have room, and the regions they make up first", () => {
  const places = [
    { id: "08", name: ["Cusco", "Cusco"], kind: "region", region: -2, at: [-13, -72] },
    { id: "bo", name: ["Bolivia", "Bolivia"], kind: "city", region: -1, at: [-15, -68] },
  ];
  const frame = { left: 0, top: 0, right: 1000, bottom: 1000 };
  const point = ([lat, lon]) => [(lon + 75) * 100, -lat * 10];
  const named = unitsToName({ level: "province", regions: UNITS, places }, { point, frame });
  assert.deepEqual(
    named.map(({ name }) => name),
    ["Cusco", "Anta", "Canas", "Acomayo"],
  );
  const regions = unitsToName({ level: "region", regions: UNITS, places }, { point, frame });
  assert.equal(regions.length, 4);
});

test("a study of provinces speaks of provinces, in both languages", () => {
  const messages = { "{n} of {all} provinces": "{n} de {all} provincias" };
  const say = (level, language) =>
    wordsOf({ language, data: { level, messages } }).t("{n} of {all} regions", { n: 3, all: 196 });
  assert.equal(say("province", "es"), "3 de 196 provincias");
  assert.equal(say("province", "en"), "3 of 196 provinces");
  assert.equal(say("region", "en"), "3 of 196 regions");
});
