import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { load } from "./modules.mjs";

const { Atlas } = await load("core/atlas");
const data = await load("core/data");

let atlas;

const figure = (region, value, more = {}) => ({
  series: 0,
  level: "region",
  region,
  value,
  rate: value / 10,
  whole: true,
  disputed: false,
  shown: true,
  sources: [0],
  ...more,
});

beforeEach(() => {
  atlas = new Atlas(
    {
      series: [{}, {}, { withheld: true }],
      figures: [
        figure(0, 5),
        figure(1, 0),
        figure(2, 7, { disputed: true, shown: false }),
        figure(2, 8, { disputed: true, shown: false }),
        figure(3, 4, { rate: null, whole: false }),
        figure(4, 6, { rate: null }),
        figure(0, 99, { level: "city" }),
        figure(0, 50, { series: 1 }),
      ],
      places: [{ name: ["Costa", "Coast"] }],
      registers: { MP: { name: ["Fiscalía", "Prosecutors"] } },
      sources: [
        { publisher: "El Comercio (Lima)", date: "2018-07" },
        { publisher: "Observatorio de la Criminalidad del Ministerio", date: "" },
      ],
      texts: [["nota", "note"]],
      levels: {
        region: [
          { drawn: true, rows: [0, 1, 2] },
          { drawn: false, rows: [3] },
        ],
      },
    },
    { language: "en" },
  );
});

test("a value belongs to the first class whose bound it does not exceed", () => {
  const breaks = [1, 2.5, 9.32];
  assert.equal(data.classOf(0.2, breaks), 0);
  assert.equal(data.classOf(1, breaks), 0);
  assert.equal(data.classOf(1.01, breaks), 1);
  assert.equal(data.classOf(2.5, breaks), 1);
  assert.equal(data.classOf(9.32, breaks), 2);
});

test("a value on a bound is not moved up by the last digit of a division", () => {
  assert.equal(data.classOf(0.1 + 0.2, [0.3, 1]), 0);
});

test("a value above all bounds belongs to the last class", () => {
  assert.equal(data.classOf(100, [1, 2]), 1);
});

for (const n of [1, 2, 3, 4, 5])
  test(`${n} classes have ${n} colours, from light to dark`, () => {
    const colours = data.classColours(atlas, n);
    assert.equal(new Set(colours).size, n);
    const light = colours.map((c) =>
      [1, 3, 5].reduce((sum, i) => sum + parseInt(c.slice(i, i + 2), 16), 0),
    );
    assert.deepEqual(
      light,
      [...light].sort((a, b) => b - a),
    );
  });

test("a region shows a value, zero, a dispute, a part, no rate or nothing", () => {
  const state = (region, show = "count") => data.shownValue(atlas, 0, region, show).state;
  assert.equal(state(0), "value");
  assert.equal(data.shownValue(atlas, 0, 0, "count").value, 5);
  assert.equal(data.shownValue(atlas, 0, 0, "rate").value, 0.5);
  assert.equal(state(1), "zero");
  assert.equal(state(2), "disputed");
  assert.equal(state(3, "rate"), "partial");
  assert.equal(state(4, "rate"), "nopeople");
  assert.equal(state(4), "value");
  assert.equal(state(5), "nodata");
  assert.equal(data.shownValue(atlas, 2, 5, "count").state, "withheld");
});

test("figures of cities and of other series are kept apart", () => {
  assert.equal(data.figuresOf(atlas, 0, 0).length, 1);
  assert.equal(data.figuresOf(atlas, 1, 0)[0].value, 50);
});

test("a source is called by its publisher without brackets, shortened, and its year", () => {
  assert.equal(data.sourceLabel(atlas, 0), "El Comercio, 2018");
  assert.equal(data.sourceLabel(atlas, 1), "Observatorio de la Criminalidad d…");
  assert.ok(data.sourceLabel(atlas, 1).length <= 34);
});

test("names that are on every object are names like others", () => {
  for (const name of ["__proto__", "constructor", "toString"]) {
    assert.equal(data.purposeName(atlas, name), name);
    assert.equal(data.modeName(atlas, name), name);
    assert.equal(data.registerName(atlas, name), name);
  }
  assert.equal(data.registerName(atlas, "MP"), "Prosecutors");
  assert.equal(data.purposeName(atlas, "sexual"), "sexual exploitation");
});

test("one complaint is told from many, complaints from people", () => {
  assert.equal(data.measureText(atlas, "complaints", 1), "1 reported complaint");
  assert.equal(data.measureText(atlas, "complaints", 1433), "1,433 reported complaints");
  assert.equal(data.measureText(atlas, "victims", 2), "2 people reported as victims");
  assert.equal(data.measureText(atlas, "rescued", 1), "1 person reported as rescued");
});

test("rates name their denominator", () => {
  assert.equal(data.rateText(atlas, 9.3166), "9.32 per 100,000 people and year");
  assert.equal(data.rateText(atlas, 12.34), "12.3 per 100,000 people and year");
});

test("texts follow the language, and a missing one is empty", () => {
  assert.equal(data.text(atlas, 0), "note");
  atlas.language = "es";
  assert.equal(data.text(atlas, 0), "nota");
  assert.equal(data.text(atlas, null), "");
  assert.equal(data.placeName(atlas, 0), "Costa");
});
