// The legend: what is on the map now, with real colours, widths and numbers.

import {
  COLOURS,
  classColours,
  classOf,
  data,
  measureName,
  registerName,
  shownValue,
} from "./data.js";
import { h, svg } from "./dom.js";
import { number, period, pick, t, tn } from "./i18n.js";
import { PART_DASH, addPatterns, coversPart } from "./regions.js";
import { state } from "./state.js";

const SCHEMES = () => ({
  jenks: [t("Jenks"), t("natural breaks (Jenks)")],
  quantiles: [t("quantiles"), t("quantiles")],
  equal: [t("equal"), t("equal intervals")],
});

export function schemeName(scheme, long = false) {
  return SCHEMES()[scheme][long ? 1 : 0];
}

export function regionLegend() {
  const series = data.series[state.series];
  if (!series) return h("p", { class: "small" }, t("The study has no figures by region."));
  const breaks = series.breaks[state.show][state.scheme];
  const colours = classColours(breaks.length);
  const shown = data.regions.map((_, id) => shownValue(state.series, id, state.show));
  const values = shown.filter((s) => s.state === "value" || s.state === "zero").map((s) => s.value);
  const rows = breaks.map((bound, i) => {
    const members = values.filter((v) => v !== 0 && classOf(v, breaks) === i);
    if (!members.length) return null;
    return row(
      swatch(colours[i]),
      range(Math.min(...members), Math.max(...members)),
      members.length,
    );
  });
  const special = [
    ["zero", t("zero reported"), swatch(COLOURS.zero)],
    ["nodata", t("no figure in this series"), swatch("", { pattern: "nodata" })],
    ["partial", t("covers only part of the region: no rate"), swatch("", { pattern: "partial" })],
    ["nopeople", t("no population in the study: no rate"), swatch("", { pattern: "partial" })],
    ["disputed", t("sources differ"), swatch("", { pattern: "disputed" })],
  ].map(([name, label, mark]) => {
    const n = shown.filter((s) => s.state === name).length;
    return n ? row(mark, label, n) : null;
  });
  const parts = shown.filter(coversPart).length;
  if (parts)
    special.push(row(swatch(COLOURS.zero, { part: true }), t("covers only part of the region"), parts));
  const unit = state.show === "rate" ? t("per 100,000 people and year") : t("count");
  return h(
    "div",
    { class: "legend-block" },
    h("p", { class: "legend-title" }, `${measureName(series.measure)}, ${unit}`),
    h(
      "p",
      { class: "small" },
      `${registerName(series.register)} · ${period(series.period_start, series.period_end)}`,
    ),
    h(
      "details",
      { class: "small" },
      h("summary", {}, t("What does this register count?")),
      pick(data.registers[series.register].counts),
    ),
    h("ul", { class: "legend-rows" }, rows.reverse(), special),
    h(
      "p",
      { class: "small" },
      t("{scheme}; lowest and highest value of each class", {
        scheme: schemeName(state.scheme, true),
      }),
    ),
  );
}

function range(low, high) {
  const digits = state.show === "rate" ? 2 : 0;
  return low === high ? number(low, digits) : `${number(low, digits)} – ${number(high, digits)}`;
}

function row(mark, label, n) {
  return h(
    "li",
    {},
    mark,
    h("span", { class: "legend-label" }, label),
    h("span", { class: "legend-n" }, tn("{n} region", "{n} regions", n)),
  );
}

// A patch of a colour, of one of the patterns (by name), or with the outline of a part.
function swatch(fill, { pattern = null, part = false } = {}) {
  const picture = svg(
    "svg",
    { width: 26, height: 16, "aria-hidden": "true", class: "swatch" },
    svg("rect", {
      x: 1,
      y: 1,
      width: 24,
      height: 14,
      fill: pattern ? `url(#legend-${pattern})` : fill,
      stroke: part ? COLOURS.muted : COLOURS.swatch,
      "stroke-width": part ? 1.4 : 0.8,
      "stroke-dasharray": part ? PART_DASH : null,
    }),
  );
  if (pattern) addPatterns(picture, "legend", [pattern]);
  return picture;
}

export function itineraryLegend() {
  const modes = [
    ["road", t("by road"), null],
    ["river", t("by river"), "9 5"],
    ["unknown", t("means not stated"), "2 4"],
  ];
  return h(
    "ul",
    { class: "legend-rows" },
    modes.map(([, label, dash]) =>
      h(
        "li",
        {},
        svg(
          "svg",
          { width: 58, height: 14, "aria-hidden": "true" },
          svg("path", {
            d: "M4,7L54,7",
            stroke: COLOURS.itinerary,
            "stroke-width": 2.6,
            "stroke-dasharray": dash,
            "stroke-linecap": "round",
          }),
          svg("circle", {
            cx: 5,
            cy: 7,
            r: 3.5,
            fill: COLOURS.casing,
            stroke: COLOURS.itinerary,
            "stroke-width": 2,
          }),
          svg("circle", {
            cx: 53,
            cy: 7,
            r: 3.5,
            fill: COLOURS.casing,
            stroke: COLOURS.itinerary,
            "stroke-width": 2,
          }),
        ),
        h("span", { class: "legend-label" }, label),
      ),
    ),
  );
}

export function placeLegend() {
  const shapes = [
    [
      svg("circle", {
        cx: 8,
        cy: 8,
        r: 4.2,
        fill: COLOURS.casing,
        stroke: COLOURS.flow,
        "stroke-width": 1.8,
      }),
      t("region as a whole"),
    ],
    [svg("circle", { cx: 8, cy: 8, r: 3.4, fill: COLOURS.ink }), t("town")],
    [svg("rect", { x: 4.8, y: 4.8, width: 6.4, height: 6.4, fill: COLOURS.ink }), t("river port")],
    [svg("polygon", { points: "8,2.5 13.5,8 8,13.5 2.5,8", fill: COLOURS.ink }), t("mining zone")],
    [
      svg("polygon", { points: "8,3.4 12.6,11.7 3.4,11.7", fill: COLOURS.ink }),
      t("border crossing"),
    ],
  ];
  return h(
    "ul",
    { class: "legend-rows legend-symbols" },
    shapes.map(([shape, label]) =>
      h(
        "li",
        {},
        svg("svg", { width: 16, height: 16, "aria-hidden": "true" }, shape),
        h("span", { class: "legend-label" }, label),
      ),
    ),
  );
}
