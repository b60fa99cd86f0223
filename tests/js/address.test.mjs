import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { load } from "./modules.mjs";

const { Atlas } = await load("core/atlas");
const { NO_FILTERS } = await load("core/state");
const { readAddress, writeAddress, openingView, storyView } = await load("core/address");

let atlas;

const series = (register, period_start, period_end) => ({
  register,
  measure: "complaints",
  purpose: "all",
  period_start,
  period_end,
});

beforeEach(() => {
  atlas = new Atlas({
    series: [series("MP", "2016-01", "2016-12"), series("P.N~P", "2017-01", "2023-12")],
    regions: [{ id: "01" }, { id: "16" }],
    places: [{ id: "16" }, { id: "la costa~1" }],
    levels: { region: [{ from: 0, to: 1 }], place: [] },
    widths: { evidence: {}, count: {} },
    itineraries: [{}, {}],
    stories: [
      { state: { layers: ["flows"], direction: "out", grade: 2, series: 1, level: "place" } },
    ],
  });
  Object.assign(atlas.state, {
    series: 0,
    show: "rate",
    ground: "rate",
    scheme: "jenks",
    bounds: null,
    classes: "own",
    base: null,
    level: "region",
    autoLevel: true,
    widthBy: "evidence",
    period: null,
    filters: { ...NO_FILTERS },
    focus: null,
    layers: { regions: true, flows: true, basemap: true },
    selected: null,
    story: null,
    hover: null,
    theme: null,
  });
  atlas.keepOpening();
});

const CHOICES = {
  series: 1,
  show: "change",
  ground: "plain",
  scheme: "manual",
  bounds: [0.5, 2],
  classes: "shared",
  base: 0,
  period: ["2011-01", "2012-06"],
  widthBy: "count",
  focus: [
    { kind: "region", id: 1 },
    { kind: "place", id: 1 },
  ],
  selected: { kind: "pair", id: 0, level: "region" },
  story: 0,
  theme: "dark",
  level: "place",
  autoLevel: false,
  layers: { regions: false, flows: true, basemap: true },
  filters: {
    purpose: "",
    publisher: "Ñ & = #",
    grade: 3,
    direction: "border",
    undated: true,
    top: 25,
  },
};

test("the opening view needs no words", () => {
  assert.equal(writeAddress(atlas), "");
  assert.deepEqual(readAddress(atlas, "").view, { ...atlas.state });
});

test("every choice comes back from the address", () => {
  Object.assign(atlas.state, structuredClone(CHOICES));
  const text = writeAddress(atlas, { at: "-9.5 -75 6.25" });
  const { view, frame } = readAddress(atlas, `#${text}`);
  for (const [name, value] of Object.entries(CHOICES)) assert.deepEqual(view[name], value, name);
  assert.deepEqual(frame, { at: [-9.5, -75], zoom: 6.25 });
});

for (const selected of [
  { kind: "region", id: 0 },
  { kind: "place", id: 1 },
  { kind: "route", id: 1 },
])
  test(`a chosen ${selected.kind} comes back`, () => {
    atlas.state.selected = selected;
    assert.deepEqual(readAddress(atlas, writeAddress(atlas)).view.selected, selected);
  });

test("nonsense is left out and harms nothing", () => {
  for (const text of [
    "#series=x&show=volume&focus=region~99&period=2020-13~2021-01&selected=pair~x~y&top=-1",
    "#%E0%A4%A&grade=1e9&story=7&bounds=3 2&layers&level=__proto__&widthBy=constructor",
    "#selected=route~99&at=1 2&focus=&series=%&purpose",
    "#at=91 0 5",
    "#at=NaN NaN NaN",
  ]) {
    const { view, frame } = readAddress(atlas, text);
    assert.equal(frame, null, text);
    const same = openingView(atlas);
    view.filters.purpose = null;
    view.layers = same.layers;
    assert.deepEqual(view, same, text);
  }
});

test("a story is the opening view with what it sets", () => {
  atlas.state.show = "count";
  const view = storyView(atlas, 0);
  assert.equal(view.show, "rate");
  assert.deepEqual(view.layers, { regions: false, flows: true, basemap: true });
  assert.deepEqual([view.series, view.level, view.autoLevel, view.story], [1, "place", false, 0]);
  assert.deepEqual([view.filters.direction, view.filters.grade], ["out", 2]);
});

test("the address of a story is its number, and what the reader changed in it", () => {
  Object.assign(atlas.state, storyView(atlas, 0));
  assert.equal(writeAddress(atlas), "story=0");
  assert.deepEqual(readAddress(atlas, "#story=0").view, storyView(atlas, 0));
  Object.assign(atlas.state, { focus: null, autoLevel: true });
  atlas.state.filters = { ...atlas.state.filters, grade: 1 };
  const { view } = readAddress(atlas, writeAddress(atlas));
  assert.equal(view.autoLevel, true);
  assert.equal(view.filters.grade, 1);
  assert.equal(view.filters.direction, "out");
});
