// Small multiples: one small map for each period that can stand beside the shown one, all in the same
// classes; and the same as rows and columns, to read without the maps and to take along.

import {
  classColours,
  classOf,
  figuresOf,
  measureName,
  registerName,
  seriesPeriod,
  shownValue,
} from "../core/data.js";
import { h, svg } from "../core/dom.js";
import { joinBorders } from "../core/geometry.js";
import { isUnstable, monthsOf } from "../core/regionview.js";
import { addPatterns, addUnstable, colourUnstable, valueText } from "../draw/regions.js";
import { rangeText, swatch } from "./regionlegend.js";
import { sourceMarks } from "./sourcemarks.js";

const MOST_MAPS = 12;
// Degrees of longitude are shorter than those of latitude by this in the middle of the country.
const NARROWER = Math.cos((9.2 * Math.PI) / 180);

// Series of the same register as long as the shown one, whole or partial like it, one after another,
// each with figures of at least half of the regions; as maps/figure/multiples.py chooses them.
export function sideBySide({ data, state }) {
  const wanted = data.series[state.series];
  const found = [];
  const alike = (one) =>
    one.family === wanted?.family &&
    one.partial === wanted.partial &&
    2 * one.covered >= data.regions.length &&
    monthsOf(one) === monthsOf(wanted);
  const inTime = (a, b) => (a.period_start < b.period_start ? -1 : 1);
  for (const one of data.series.filter(alike).sort(inTime))
    if (!found.length || found.at(-1).period_end < one.period_start) found.push(one);
  return found.length < 2 ? [] : found.slice(-MOST_MAPS).map((one) => data.series.indexOf(one));
}

const shownIn = ({ state }) => (state.show === "count" ? "count" : "rate");

const seriesSources = (atlas, index) => [
  ...new Set(
    atlas.data.regions.flatMap((_, id) => figuresOf(atlas, index, id).flatMap((f) => f.sources)),
  ),
];

export function multiplesTable(atlas) {
  const { data, state, t } = atlas;
  const [series, show, numbers] = [data.series[state.series], shownIn(atlas), sideBySide(atlas)];
  const columns = [
    ["region", t("Region")],
    ["ubigeo", "ubigeo"],
    ...numbers.map((n) => [...Array(2).fill(seriesPeriod(atlas, data.series[n])), true]),
    ["register", null],
    ["what", null],
    ["source_ids", null],
  ];
  const rows = (numbers.length ? data.regions : []).map((region, id) => ({
    target: { kind: "region", id },
    values: [
      region.name,
      region.id,
      ...numbers.map((n) => {
        const shown = shownValue(atlas, n, id, show);
        return shown.value ?? valueText(atlas, shown, data.series[n]);
      }),
      registerName(atlas, series.register),
      `${measureName(atlas, series.measure)}, ${unitText(atlas, show)}`,
      [...new Set(numbers.flatMap((n) => seriesSources(atlas, n)))]
        .map((n) => data.sources[n].id)
        .join(" "),
    ],
  }));
  return { columns, rows };
}

const unitText = ({ t }, show) => (show === "rate" ? t("per 100,000 people and year") : t("count"));

export function multiplesElement(atlas, open) {
  const { data, state, t } = atlas;
  const numbers = sideBySide(atlas);
  if (!numbers.length)
    return h(
      "p",
      {},
      t(
        "No two periods of this register can be compared side by side: they must be equally long, must not overlap, and must each have figures of at least half of the regions.",
      ),
    );
  const [series, show] = [data.series[state.series], shownIn(atlas)];
  const breaks = data.families[series.family].breaks[show].jenks;
  const colours = classColours(atlas, breaks.length);
  const looks = svg("svg", { width: 0, height: 0, "aria-hidden": "true" });
  addPatterns(looks, "multiple");
  colourUnstable(atlas, addUnstable(looks, "multiple-unstable"), colours);
  const plan = outlines(data);
  const fillOf = (shown) => {
    if (shown.state === "zero") return atlas.colours.zero;
    if (shown.state !== "value")
      return `url(#multiple-${shown.state === "nopeople" ? "partial" : shown.state})`;
    const place = classOf(shown.value, breaks);
    return show === "rate" && isUnstable(shown) ? `url(#multiple-unstable-${place})` : colours[place];
  };
  return [
    looks,
    h(
      "p",
      { class: "small" },
      `${registerName(atlas, series.register)} · ${measureName(atlas, series.measure)}, ${unitText(atlas, show)}. `,
      t("{scheme}, the same for all periods of this register", {
        scheme: t("natural breaks (Jenks)"),
      }),
    ),
    h(
      "ul",
      { class: "legend-rows multiples-key" },
      breaks.map((bound, i) =>
        h(
          "li",
          {},
          swatch(atlas, colours[i]),
          h("span", { class: "legend-label" }, rangeText(i ? breaks[i - 1] : 0, bound, show)),
        ),
      ),
    ),
    h(
      "ul",
      { class: "multiples" },
      numbers.map((n) => smallMap(atlas, n, show, plan, fillOf, open)),
    ),
  ];
}

function smallMap(atlas, n, show, plan, fillOf, open) {
  const { data, state } = atlas;
  const fills = new Map();
  data.regions.forEach((_, id) => {
    const fill = fillOf(shownValue(atlas, n, id, show));
    fills.set(fill, (fills.get(fill) ?? "") + plan.paths[id]);
  });
  return h(
    "li",
    {},
    h(
      "button",
      { type: "button", "aria-pressed": String(n === state.series), onclick: () => open(n) },
      svg(
        "svg",
        { viewBox: plan.box.join(" "), "aria-hidden": "true" },
        [...fills].map(([fill, d]) => svg("path", { d, fill, stroke: atlas.colours.border })),
      ),
      h("span", {}, seriesPeriod(atlas, data.series[n])),
    ),
    h("span", { class: "small" }, sourceMarks(atlas, seriesSources(atlas, n))),
  );
}

// The units as paths in hundredths of a degree, and the box around all of them.
function outlines({ borders, regions }) {
  const joined = joinBorders(borders);
  const [low, high] = [
    [Infinity, Infinity],
    [-Infinity, -Infinity],
  ];
  const place = ([lat, lon]) => {
    const at = [Math.round(lon * NARROWER * 100), Math.round(-lat * 100)];
    at.forEach((value, axis) => {
      low[axis] = Math.min(low[axis], value);
      high[axis] = Math.max(high[axis], value);
    });
    return at;
  };
  const paths = regions.map(({ rings }) =>
    rings.map((ring) => `M${joined(ring).map(place).join("L")}Z`).join(""),
  );
  return { paths, box: [...low, high[0] - low[0], high[1] - low[1]] };
}
