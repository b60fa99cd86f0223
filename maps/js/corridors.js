// Inferred corridors in words: legend, hint, panel and list. They are computed, never reported.

import { bandWidth } from "./bands.js";
import { COLOURS, data, legFlows, modeName } from "./data.js";
import { h, svg } from "./dom.js";
import { choose } from "./focus.js";
import { number, pick, t, tn } from "./i18n.js";
import { flowList, heading } from "./lists.js";
import { sourceMarks } from "./sources.js";

const RANKED = 10;

export const hasCorridors = () => Boolean(data.corridors);

export function corridorLegend() {
  const { scale, legs, kind } = data.corridors;
  return h(
    "div",
    { class: "legend-block" },
    h(
      "ul",
      { class: "legend-rows" },
      scale.legend.map((load) =>
        h(
          "li",
          {},
          bandKey(bandWidth(load, scale.px)),
          h("span", { class: "legend-label" }, loadText(kind, load)),
        ),
      ),
    ),
    h(
      "p",
      { class: "small" },
      t(
        "Inferred, not reported: the roads and rivers that the reported flows would most likely follow, by travel time. Width: expected load.",
      ),
    ),
    h("p", { class: "legend-title" }, t("Legs with most expected load")),
    corridorList([...legs.keys()], RANKED),
  );
}

export function corridorList(ids, most) {
  return h(
    "ol",
    { class: "plain flows corridor-list" },
    ids.slice(0, most).map((id) => {
      const leg = data.corridors.legs[id];
      return h(
        "li",
        {},
        h(
          "button",
          { type: "button", class: "flow", onclick: () => choose({ kind: "corridor", id }) },
          h("span", {}, leg.name),
          h("span", { class: "flow-n" }, shareText(leg.share)),
        ),
      );
    }),
  );
}

// The legs that pass a place, by its name on the network.
export function corridorsThrough(names) {
  const wanted = new Set(names);
  return [...data.corridors.legs.keys()].filter((id) =>
    data.corridors.legs[id].places.some((place) => wanted.has(place)),
  );
}

function bandKey(width) {
  const [w, height] = [58, Math.max(14, width + 5)];
  const y = height / 2;
  const ticks = Array.from({ length: 9 }, (_, n) => `M${4 + n * 6},${y + width / 2}l${width},-${width}`);
  const line = (stroke, size) =>
    svg("path", { d: `M4,${y}H54`, stroke, "stroke-width": size, fill: "none" });
  return svg(
    "svg",
    { width: w, height, "aria-hidden": "true" },
    line(COLOURS.corridorHatch, width + 1.8),
    line(COLOURS.corridor, width),
    svg("path", { d: ticks.join(""), stroke: COLOURS.corridorHatch, "stroke-width": 1, fill: "none" }),
  );
}

function loadText(kind, load) {
  const n = number(load, load % 1 ? 1 : 0);
  if (kind === "count") return t("{n} people expected", { n });
  if (kind === "evidence") return t("evidence of {n} sources expected", { n });
  return t("{n} % expected", { n });
}

function shareText(share) {
  return t("{share} %", { share: number(100 * share, 100 * share < 10 ? 1 : 0) });
}

export function corridorTitle(id) {
  return data.corridors.legs[id].name;
}

export function corridorHint(id) {
  const { kind, legs } = data.corridors;
  const leg = legs[id];
  return t("Inferred corridor: {load} (between {low} and {high}), {share} of all", {
    load: loadText(kind, leg.load),
    low: number(leg.low, 1),
    high: number(leg.high, 1),
    share: shareText(leg.share),
  });
}

export function corridorPanel({ id }) {
  const { kind, legs } = data.corridors;
  const leg = legs[id];
  const rows = [...legFlows(id)];
  const sources = [...new Set(rows.map((row) => data.flows[row].source))];
  const facts = [
    [t("Way"), [pick(leg.way), leg.modes.map(modeName).join(", ")].filter(Boolean).join(" · ")],
    [t("Length"), t("{km} km", { km: number(leg.km) })],
    [t("Travel time"), t("{hours} hours", { hours: number(leg.hours, 1) })],
    [t("Expected load"), loadText(kind, leg.load)],
    [
      t("Range"),
      t("{low} to {high}, from few to many alternative ways", {
        low: number(leg.low, 1),
        high: number(leg.high, 1),
      }),
    ],
    [t("Share of all flows"), shareText(leg.share)],
    leg.first ? [t("Years reported"), leg.first === leg.last ? `${leg.first}` : `${leg.first}–${leg.last}`] : null,
  ].filter(Boolean);
  return [
    heading(
      leg.name,
      h("p", { class: "lead" }, t("Inferred corridor, number {rank} by expected load", { rank: id + 1 })),
      h(
        "p",
        { class: "small" },
        t(
          "Nobody reported this way. It follows from the ends of reported flows and from travel times; how it is computed stands in the method.",
        ),
      ),
    ),
    h(
      "dl",
      { class: "facts" },
      facts.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]),
    ),
    leg.places.length > 2 ? h("p", { class: "small" }, leg.places.join(" – ")) : null,
    h("h3", {}, tn("{n} reported flow likely to pass", "{n} reported flows likely to pass", rows.length)),
    flowList(rows),
    h("h3", {}, tn("{n} source", "{n} sources", sources.length)),
    sourceMarks(sources),
  ];
}
