// The choices of the flow layer and its legend: real widths with the numbers they stand for.

import { COLOURS, data } from "../core/data.js";
import { FLOW_DASHES, flowAlpha } from "../draw/marks.js";
import { arrow } from "../core/geometry.js";
import { visiblePairs } from "../core/filters.js";
import { h, svg } from "../core/dom.js";
import { select } from "../ui/fields.js";
import { number, t, tn } from "../core/i18n.js";
import { levelAtZoom, levelName } from "../core/levels.js";
import { strength } from "../core/pairs.js";
import { change, state } from "../core/state.js";

const KEY_WIDTH = 58;

// What widths can speak by in this study, each with its name. Kinds without a value are not offered.
export function widthKinds() {
  return [
    ["evidence", t("evidence")],
    ["count", t("people counted")],
    ["share_of_origin", t("share at origin")],
    ["share_of_destination", t("share at destination")],
  ].filter(([by]) => Object.hasOwn(data.widths, by));
}

// The level at which flows end, and what their width speaks by where there is a choice.
export function flowChoices() {
  const automatic = t("with the zoom ({level})", { level: levelName(state.level) });
  const levels = Object.keys(data.levels).map((level) => [level, levelName(level)]);
  const kinds = widthKinds();
  return [
    select(
      "level",
      t("Ends of the flows"),
      [["auto", automatic], ...levels],
      state.autoLevel ? "auto" : state.level,
      (level) => change(level === "auto" ? followZoom() : { level, autoLevel: false }),
    ),
    kinds.length > 1
      ? select("width", t("Width of the arrows"), kinds, state.widthBy, (widthBy) =>
          change({ widthBy }),
        )
      : null,
  ];
}

function followZoom() {
  return { autoLevel: true, level: levelAtZoom(window.corredorMap.getZoom()) };
}

export function flowLegend() {
  const by = state.widthBy;
  const { px, legend } = data.widths[by];
  const drawn = visiblePairs(state.level).pairs.filter((pair) => pair.drawn);
  const looks = endsOf(drawn);
  const unvalued =
    by === "evidence" ? 0 : drawn.filter((pair) => !strength(pair, by, data.columns)).length;
  const rows = [
    ...legend.map((n) => keyRow({ width: Math.max(1, n * px) }, amount(by, n))),
    looks.has("area") ? keyRow({ looks: "area" }, t("towards an area, no place named")) : null,
    looks.has("border") ? keyRow({ looks: "border" }, t("across the border")) : null,
    unvalued
      ? keyRow(
          { valued: false },
          tn("{n} flow without such a number", "{n} flows without such a number", unvalued),
        )
      : null,
  ];
  return h(
    "div",
    { class: "legend-block" },
    h("ul", { class: "legend-rows" }, rows),
    h("p", { class: "small" }, explain(by)),
  );
}

function explain(by) {
  if (by === "count")
    return t(
      "Width: people counted by one source for the pair; where sources differ, the largest number. Sources are never added up.",
    );
  if (by !== "evidence")
    return t("Width: the share that a source gives for the pair; where sources differ, the largest.");
  return t("Width: how many independent sources name the pair. It is evidence, not volume.");
}

function amount(by, n) {
  if (by === "evidence") return tn("{n} independent source", "{n} independent sources", n);
  if (by === "count") return tn("{n} person", "{n} people", n);
  return `${number(n, n % 1 ? 1 : 0)} %`;
}

// Which looks the ends of the drawn flows have.
function endsOf(pairs) {
  const looks = new Set();
  for (const { from, to } of pairs) {
    const [a, b] = [data.places[from], data.places[to]];
    if (!a.at || !b.at) looks.add("area");
    else if (a.region < 0 !== b.region < 0) looks.add("border");
  }
  return looks;
}

function keyRow({ width = 1.6, looks = "plain", valued = true }, label) {
  const y = Math.max(7.5, width * 0.8 + 4);
  const third = (KEY_WIDTH - 6) / 3;
  const { shaft, head } = arrow([2, y, 2 + third, y, 2 + 2 * third, y, KEY_WIDTH - 4, y], {
    width,
    startGap: 0,
    endGap: 1,
  });
  const round = (values) => values.map((v) => v.toFixed(1)).join(",");
  const look = { opacity: flowAlpha(width) };
  return h(
    "li",
    {},
    svg(
      "svg",
      { width: KEY_WIDTH, height: 2 * y, "aria-hidden": "true" },
      svg("path", {
        d: `M${round(shaft.slice(0, 2))}C${round(shaft.slice(2))}`,
        stroke: COLOURS.flow,
        "stroke-width": width,
        "stroke-dasharray": FLOW_DASHES[valued ? looks : "unvalued"].join(" ") || null,
        fill: "none",
        ...look,
      }),
      svg("polygon", { points: head.map(round).join(" "), fill: COLOURS.flow, ...look }),
    ),
    h("span", { class: "legend-label" }, label),
  );
}
