import assert from "node:assert/strict";
import { test } from "node:test";
import { installFakeDocument } from "./fake-document.mjs";
import { load } from "./modules.mjs";

installFakeDocument();
const { Atlas } = await load("core/atlas");
const { figureChart, roundUp, yearly } = await load("words/charts");

const atlas = new Atlas({}, { language: "en" });

const figure = (period_start, period_end, value, more = {}) => ({
  period_start,
  period_end,
  value,
  whole: true,
  ...more,
});

test("a count is brought to a year", () => {
  assert.equal(yearly(figure("2017-01", "2017-12", 30)), 30);
  assert.equal(yearly(figure("2017-01", "2018-12", 30)), 15);
  assert.equal(yearly(figure("2018-01", "2018-09", 30)), 40);
});

test("the axis ends at a round number", () => {
  assert.deepEqual([0.35, 1, 1.1, 44, 51, 420].map(roundUp), [0.4, 1, 1.5, 50, 60, 500]);
});

function all(node, name) {
  const own = node.localName === name ? [node] : [];
  return own.concat(...(node.children ?? []).map((child) => all(child, name)));
}

test("bars are as long as their periods and as high as their counts per year", () => {
  const chart = figureChart(atlas, [
    figure("2010-01", "2013-12", 400),
    figure("2014-01", "2014-12", 50),
  ]);
  const [long, short] = all(chart, "rect").map(({ attributes }) => attributes);
  assert.ok(Math.abs(long.width / short.width - 4) < 0.02);
  assert.ok(Math.abs(long.height / short.height - 2) < 0.02);
  assert.match(chart.attributes["aria-label"], /2010–2013: 400; 2014: 50/);
});

test("one figure or nothing but zeros needs no chart", () => {
  assert.equal(figureChart(atlas, [figure("2010-01", "2010-12", 4)]), null);
  assert.equal(
    figureChart(atlas, [figure("2010-01", "2010-12", 0), figure("2011-01", "2011-12", 0)]),
    null,
  );
});
