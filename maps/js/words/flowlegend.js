// The legend of the flows: real widths with the numbers they stand for.

import { h, svg } from "../core/dom.js";
import { visiblePairs } from "../core/filters.js";
import { arrow } from "../core/geometry.js";
import { number } from "../core/i18n.js";
import { isAbroad, strength } from "../core/pairs.js";
import { FLOW_DASHES, flowAlpha } from "../draw/marks.js";

const KEY_WIDTH = 58;

// What widths can speak by in this study, each with its name. Kinds without a value are not offered.
export function widthKinds(atlas) {
  const { data, t } = atlas;
  return [
    ["evidence", t("number of sources")],
    ["count", t("people counted")],
    ["share_of_origin", t("share at origin")],
    ["share_of_destination", t("share at destination")],
  ].filter(([by]) => Object.hasOwn(data.widths, by));
}

// The level at which flows end, and what their width speaks by where there is a choice.
export function flowLegend(atlas) {
  const { data, state, t, tn } = atlas;
  const by = state.widthBy;
  const { px, legend } = data.widths[by];
  const drawn = visiblePairs(atlas, state.level).pairs.filter((pair) => pair.drawn);
  const looks = endsOf(atlas, drawn);
  const unvalued =
    by === "evidence" ? 0 : drawn.filter((pair) => !strength(pair, by, data.columns)).length;
  const rows = [
    ...legend.map((n) => keyRow(atlas, { width: Math.max(1, n * px) }, amount(atlas, by, n))),
    looks.has("area")
      ? keyRow(atlas, { looks: "area" }, t("towards an area, no place named"))
      : null,
    looks.has("border") ? keyRow(atlas, { looks: "border" }, t("across the border")) : null,
    unvalued
      ? keyRow(
          atlas,
          { valued: false },
          tn("{n} flow without such a number", "{n} flows without such a number", unvalued),
        )
      : null,
  ];
  return h(
    "div",
    { class: "legend-block" },
    h("ul", { class: "legend-rows" }, rows),
    h("p", { class: "small" }, explain(atlas, by)),
  );
}

function explain(atlas, by) {
  const { t } = atlas;
  if (by === "count")
    return t(
      "Width: people counted by one source for the pair; where sources differ, the largest number. Sources are never added up.",
    );
  if (by !== "evidence")
    return t(
      "Width: the share that a source gives for the pair; where sources differ, the largest.",
    );
  return t("Width: how many independent sources name the pair. It is evidence, not volume.");
}

function amount(atlas, by, n) {
  const { tn } = atlas;
  if (by === "evidence") return tn("{n} independent source", "{n} independent sources", n);
  if (by === "count") return tn("{n} person", "{n} people", n);
  return `${number(n, n % 1 ? 1 : 0)} %`;
}

// Which looks the ends of the drawn flows have.
function endsOf(atlas, pairs) {
  const looks = new Set();
  for (const { from, to } of pairs) {
    const [a, b] = [atlas.data.places[from], atlas.data.places[to]];
    if (!a.at || !b.at) looks.add("area");
    else if (isAbroad(a) !== isAbroad(b)) looks.add("border");
  }
  return looks;
}

function keyRow(atlas, { width = 1.6, looks = "plain", valued = true }, label) {
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
        stroke: atlas.colours.flow,
        "stroke-width": width,
        "stroke-dasharray": FLOW_DASHES[valued ? looks : "unvalued"].join(" ") || null,
        fill: "none",
        ...look,
      }),
      svg("polygon", { points: head.map(round).join(" "), fill: atlas.colours.flow, ...look }),
    ),
    h("span", { class: "legend-label" }, label),
  );
}
