// The legend: what is on the map now, with real colours, widths and numbers.

import { h, svg } from "../core/dom.js";

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
