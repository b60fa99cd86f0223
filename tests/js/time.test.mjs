import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { load } from "./modules.mjs";

const { Atlas } = await load("core/atlas");
const { flowSpans, lanesOf, timeSteps } = await load("ui/time");

let atlas;

const series = (family, period_start, period_end) => ({
  family,
  period_start,
  period_end,
  covered: 3,
});
const flow = (start, end) => ({ start, end });

beforeEach(() => {
  atlas = new Atlas({
    series: [
      series(0, "2016-01", "2016-12"),
      series(1, "2001-01", "2001-12"),
      series(0, "2007-01", "2014-04"),
      series(0, "2007-01", "2010-12"),
    ],
    flows: [flow("2011-01", ""), flow("", ""), flow("2011-01", "2011-03"), flow("", "2011-01")],
  });
  atlas.state.series = 0;
});

test("steps are the periods of the register that is shown, in order", () => {
  assert.deepEqual(
    timeSteps(atlas).map((step) => step.series),
    [3, 2, 0],
  );
});

test("without figures the steps are the periods of the flows", () => {
  atlas = new Atlas({ series: [], flows: [flow("2011-01", "2011-03"), flow("2010-01", "")] });
  assert.deepEqual(
    timeSteps(atlas).map((step) => [step.start, step.end]),
    [
      ["2010-01", "2010-01"],
      ["2011-01", "2011-03"],
    ],
  );
});

test("flows with one stated end count at that month, those without any nowhere", () => {
  assert.deepEqual(flowSpans(atlas), [
    { start: "2011-01", end: "2011-01", n: 2 },
    { start: "2011-01", end: "2011-03", n: 1 },
  ]);
});

test("spans that overlap lie in different lanes, those that only touch in one", () => {
  const span = (start, end) => ({ start, end });
  assert.deepEqual(
    lanesOf([span("2007-01", "2014-04"), span("2009-01", "2014-12"), span("2014-05", "2016-01")]),
    [0, 1, 0],
  );
});
