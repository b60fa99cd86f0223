import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { load } from "./modules.mjs";

const { Atlas } = await load("core/atlas");
const { comparePoisson, holm, isSure, logGamma } = await load("core/chance");
const view = await load("core/regionview");

let atlas;

const near = (a, b, digits = 9) => assert.ok(Math.abs(a - b) < 10 ** -digits, `${a} is not ${b}`);

test("the logarithm of the gamma function, by factorials and by a half", () => {
  near(logGamma(1), 0);
  near(logGamma(6), Math.log(120));
  near(logGamma(171), 706.5730622457874, 8);
  near(logGamma(0.5), Math.log(Math.PI) / 2);
});

test("two equal counts over equal times differ by chance only", () => {
  near(comparePoisson(7, 7, 12, 12), 1);
  assert.equal(comparePoisson(0, 0, 12, 12), 1);
});

test("five against none in equal times: one of 32 splits at each end", () => {
  near(comparePoisson(5, 0, 12, 12), 2 / 32);
  near(comparePoisson(0, 5, 12, 12), 2 / 32);
});

test("exposure counts: ten in ten years and one in one year are the same rate", () => {
  near(comparePoisson(10, 1, 120, 12), 1);
  assert.ok(comparePoisson(10, 10, 120, 12) < 1e-4);
});

test("Holm's correction by hand", () => {
  assert.deepEqual(
    holm([0.01, 0.04, 0.03]).map((p) => Number(p.toFixed(6))),
    [0.03, 0.06, 0.06],
  );
  assert.deepEqual(holm([]), []);
  assert.ok(isSure(0.049) && !isSure(0.05));
});

const series = (family, start, end, more = {}) => ({
  family,
  period_start: start,
  period_end: end,
  breaks: {
    rate: { jenks: [1, 5], quantiles: [1, 2, 5], equal: [2, 5] },
    count: { jenks: [10], quantiles: [10], equal: [10] },
  },
  ...more,
});
const figure = (n, region, value, rate, more = {}) => ({
  series: n,
  level: "region",
  region,
  value,
  rate,
  interval: [value / 2, value * 2],
  whole: true,
  shown: true,
  sources: [0],
  period_start: n ? "2018-01" : "2016-01",
  period_end: n ? "2018-12" : "2017-12",
  ...more,
});

beforeEach(() => {
  atlas = new Atlas({
    study: { classes: { rate: [], count: [] } },
    regions: [{ people: 100000 }, { people: 200000 }, { people: 300000 }],
    series: [
      series(0, "2016-01", "2017-12"),
      series(0, "2018-01", "2018-12"),
      series(0, "2017-01", "2018-06"),
      series(1, "2020-01", "2020-12"),
    ],
    families: [
      { most: 100, breaks: series(0).breaks },
      { most: 9, breaks: series(0).breaks },
    ],
    figures: [
      figure(0, 0, 10, 5),
      figure(0, 1, 40, 10),
      figure(0, 2, 0, 0),
      figure(1, 0, 100, 100),
      figure(1, 1, 20, 10),
      figure(1, 2, 9, 3),
      figure(2, 0, 5, 3),
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
    layers: { regions: true },
  });
});

test("only other periods of the same register that do not overlap can be compared", () => {
  assert.deepEqual(view.comparableSeries(atlas, 0), [1]);
  assert.deepEqual(view.comparableSeries(atlas, 2), []);
  assert.deepEqual(view.comparableSeries(atlas, 3), []);
});

test("change goes from the earlier to the later period and knows what is more than chance", () => {
  atlas.state.show = "change";
  for (const [now, base] of [
    [0, 1],
    [1, 0],
  ]) {
    atlas.state.series = now;
    const { shown, span, base: found, tested } = view.regionView(atlas);
    assert.equal(found, base);
    assert.deepEqual(span, [0, 1]);
    assert.equal(tested, 3);
    assert.equal(shown[0].value, 20);
    assert.ok(shown[0].sure);
    assert.equal(view.changeStep(shown[0]), 2);
    // 40 in two years and 20 in one are the same rate.
    assert.equal(shown[1].value, 1);
    assert.equal(view.changeStep(shown[1]), 0);
    // From zero: more, without a factor.
    assert.equal(shown[2].value, Infinity);
    assert.ok(shown[2].sure);
  }
});

test("steps of change", () => {
  const step = (value, sure = true) => view.changeStep({ value, sure });
  assert.deepEqual(
    [0.5, 0.9, 1.5, 2].map((v) => step(v)),
    [-2, -1, 1, 2],
  );
  assert.equal(step(9, false), 0);
});

test("counts are circles over rates, over nothing, or colours", () => {
  atlas.state.show = "count";
  assert.equal(view.regionView(atlas).areas, "rate");
  assert.equal(view.radiusOf(atlas, 1), view.circleRadius(atlas, 40));
  atlas.state.ground = "plain";
  assert.equal(view.regionView(atlas).areas, null);
  atlas.state.ground = "count";
  assert.equal(view.regionView(atlas).areas, "count");
  assert.equal(view.radiusOf(atlas, 1), 0);
});

test("the area of a circle is true to its count, on the scale of the register", () => {
  near((view.circleRadius(atlas, 40) / view.circleRadius(atlas, 10)) ** 2, 4);
  assert.equal(view.circleRadius(atlas, 100), 32);
  assert.equal(view.circleRadius(atlas, 0), 0);
  assert.deepEqual(view.circleSteps(atlas), [2, 20, 100]);
});

test("rates of few reports are unstable", () => {
  assert.deepEqual(view.regionView(atlas).shown.map(view.isUnstable), [true, false, false]);
});

test("the interval of a rate is that of its count; of zero it comes from the people", () => {
  const [ten, , none] = view.regionView(atlas).shown.map((s) => s.figures[0]);
  assert.deepEqual(view.rateInterval(atlas, ten), [2.5, 10]);
  const some = { ...none, interval: [0, 3.69] };
  // 3.69 in 300,000 people over 24 months.
  near(view.rateInterval(atlas, some)[1], (3.69 / 300000) * 0.5 * 100000);
});

test("shared classes are those of the register, manual ones get what is above", () => {
  atlas.state.scheme = "manual";
  atlas.state.bounds = [1, 2];
  assert.deepEqual(view.breaksOf(atlas, 0, "rate"), [1, 2, 5]);
  atlas.state.bounds = [1, 9];
  assert.deepEqual(view.breaksOf(atlas, 0, "rate"), [1, 9]);
  atlas.state.bounds = null;
  assert.deepEqual(view.manualBounds(atlas, "rate"), [1, 2]);
});

test("bounds as people write them", () => {
  assert.deepEqual(view.readBounds("1 2.5 5"), [1, 2.5, 5]);
  assert.deepEqual(view.readBounds("1; 2,5; 5"), [1, 2.5, 5]);
  assert.deepEqual(view.readBounds("1, 2, 5"), [1, 2, 5]);
  assert.deepEqual(view.readBounds("1,2,5"), [1, 2, 5]);
  for (const bad of ["", "a", "2 1", "0 1", "1 1", "1 2 3 4 5", "Infinity", "-1 2"])
    assert.equal(view.readBounds(bad), null, bad);
});

test("pairs of periods that can be compared are of one length, the earlier first", () => {
  atlas.data.series.forEach((one) => (one.covered = 3));
  assert.deepEqual(view.comparablePairs(atlas), []); // two years and one
  Object.assign(atlas.data.series[0], { period_start: "2017-01" });
  atlas.known.clear();
  assert.deepEqual(view.comparablePairs(atlas), [{ from: 0, to: 1, common: 3 }]);
  atlas.data.series[1].partial = true;
  atlas.known.clear();
  assert.deepEqual(view.comparablePairs(atlas), []);
});
