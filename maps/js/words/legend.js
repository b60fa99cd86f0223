// The legend: what is on the map now, with real colours, widths and numbers.

import { measureName, registerName } from "../core/data.js";
import { h, svg } from "../core/dom.js";
import { sourceMarks } from "./sourcemarks.js";

export function itineraryLegend(atlas) {
  const { colours, t } = atlas;
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
            stroke: colours.itinerary,
            "stroke-width": 2.6,
            "stroke-dasharray": dash,
            "stroke-linecap": "round",
          }),
          svg("circle", {
            cx: 5,
            cy: 7,
            r: 3.5,
            fill: colours.casing,
            stroke: colours.itinerary,
            "stroke-width": 2,
          }),
          svg("circle", {
            cx: 53,
            cy: 7,
            r: 3.5,
            fill: colours.casing,
            stroke: colours.itinerary,
            "stroke-width": 2,
          }),
        ),
        h("span", { class: "legend-label" }, label),
      ),
    ),
  );
}

export function placeLegend(atlas) {
  const { colours, t } = atlas;
  const shapes = [
    [
      svg("circle", {
        cx: 8,
        cy: 8,
        r: 4.2,
        fill: colours.casing,
        stroke: colours.flow,
        "stroke-width": 1.8,
      }),
      t("region as a whole"),
    ],
    [svg("circle", { cx: 8, cy: 8, r: 3.4, fill: colours.ink }), t("town")],
    [svg("rect", { x: 4.8, y: 4.8, width: 6.4, height: 6.4, fill: colours.ink }), t("river port")],
    [svg("polygon", { points: "8,2.5 13.5,8 8,13.5 2.5,8", fill: colours.ink }), t("mining zone")],
    [
      svg("polygon", { points: "8,3.4 12.6,11.7 3.4,11.7", fill: colours.ink }),
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

// An order of regions that was published without counts, and what its tags are not.
export function orderName(atlas, { register, measure, period_start: start, period_end: end }) {
  return `${registerName(atlas, register)} · ${measureName(atlas, measure)} · ${atlas.period(start, end)}`;
}

export function leadingLegend(atlas) {
  const { colours, data, state, t } = atlas;
  const order = data.rankings[state.leading];
  const number = svg("text", {
    x: 10,
    y: 14,
    "text-anchor": "middle",
    fill: colours.muted,
    class: "legend-number",
  });
  number.append("1");
  return [
    h(
      "ul",
      { class: "legend-rows" },
      h(
        "li",
        {},
        svg(
          "svg",
          { width: 20, height: 20, "aria-hidden": "true" },
          svg("rect", {
            x: 2,
            y: 2,
            width: 16,
            height: 16,
            fill: colours.casing,
            stroke: colours.muted,
            "stroke-width": 1.4,
            "stroke-dasharray": "1.5 2.5",
          }),
          number,
        ),
        h(
          "span",
          { class: "legend-label" },
          t("place in an order that a source published without counts; no figure"),
        ),
      ),
    ),
    h("p", { class: "small" }, orderName(atlas, order), " ", sourceMarks(atlas, [order.source])),
    h(
      "p",
      { class: "small" },
      order.regions.map((id, n) => `${n + 1} ${data.regions[id].name}`).join(" · "),
    ),
  ];
}
