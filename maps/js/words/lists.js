// Pieces of the panel: its heading, and lists of flows, itineraries and places to go on to.

import { placeName } from "../core/data.js";
import { h } from "../core/dom.js";
import { rankPairs } from "../core/filters.js";
import { choose, nameOf } from "../core/focus.js";
import { number } from "../core/i18n.js";
import { filterPairs, strength } from "../core/pairs.js";
import { sourceMarks } from "./sourcemarks.js";

const LISTED = 60;

export function heading(atlas, title, ...below) {
  const { state, t } = atlas;
  const back = state.selected
    ? h(
        "button",
        {
          type: "button",
          class: "close",
          onclick: () => choose(atlas, null),
          "aria-label": t("Back to the whole country"),
        },
        "×",
      )
    : null;
  return [
    h("div", { class: "panel-head" }, h("h2", { id: "panel-title", tabindex: "-1" }, title), back),
    ...below,
  ];
}

export function flowSection(atlas, title, pairs) {
  if (!pairs.length) return null;
  return [
    h(
      "h3",
      {},
      title,
      h(
        "span",
        { class: "layer-count" },
        number(pairs.reduce((sum, pair) => sum + pair.flows.length, 0)),
      ),
    ),
    pairList(atlas, pairs),
  ];
}

export function pairTitle(atlas, pair) {
  const { t } = atlas;
  return pair.from === pair.to
    ? t("Inside {place}", { place: placeName(atlas, pair.from) })
    : `${placeName(atlas, pair.from)} → ${placeName(atlas, pair.to)}`;
}

// The pairs with most evidence, each with its sources.
export function pairList(atlas, pairs, most = LISTED) {
  const left = pairs.length - most;
  return [
    h(
      "ul",
      { class: "plain flows" },
      rankPairs(atlas, pairs, most, listedBy(atlas)).map((one) => pairItem(atlas, one)),
    ),
    left > 0 && most === LISTED
      ? h(
          "p",
          { class: "small" },
          atlas.tn("and {n} more, in the table", "and {n} more, in the table", left),
        )
      : null,
  ];
}

// What pairs are listed by: people where the study opens with them, else sources.
export function listedBy(atlas) {
  return atlas.data.study.opening?.widthBy === "count" ? "count" : "evidence";
}

// People of all pairs of a list together: such a study has one source, so nothing is added twice.
export function peopleOf({ data }, pairs) {
  return pairs.reduce((sum, pair) => sum + (strength(pair, "count", data.columns)?.[1] ?? 0), 0);
}

export function weightOf(atlas, pair) {
  const { tn } = atlas;
  if (listedBy(atlas) === "count")
    return tn("{n} person", "{n} people", peopleOf(atlas, [pair]));
  return tn("{n} source", "{n} sources", pair.evidence);
}

function pairItem(atlas, pair) {
  const { data, state, t } = atlas;
  const sources = [...new Set(pair.flows.map((flow) => data.flows[flow].source))];
  return h(
    "li",
    {},
    h(
      "button",
      {
        type: "button",
        class: "flow",
        onclick: () => choose(atlas, { kind: "pair", id: pair.id, level: state.level }),
      },
      h("span", {}, pairTitle(atlas, pair)),
      h("span", { class: "flow-n" }, weightOf(atlas, pair)),
    ),
    pair.drawn ? null : h("span", { class: "small flag" }, t("not drawn: the place has no point")),
    sourceMarks(atlas, sources),
  );
}

// Single flows by their pairs, whatever the filters: of a pair only these flows count.
export function flowList(atlas, rows) {
  const { data, state } = atlas;
  const keep = new Uint8Array(data.columns.count);
  for (const row of rows) keep[row] = 1;
  return pairList(atlas, filterPairs(data.levels[state.level], keep, data.columns, data.origins));
}

// Regions and places to go on to.
export function regionLinks(atlas, places) {
  const targets = new Map();
  for (const id of places) {
    const { kind, region } = atlas.data.places[id];
    if (kind !== "region") targets.set(`place ${id}`, { kind: "place", id });
    if (region >= 0) targets.set(`region ${region}`, { kind: "region", id: region });
  }
  return targetLinks(atlas, [...targets.values()]);
}

export function targetLinks(atlas, targets) {
  return h(
    "p",
    {},
    targets.map((target) =>
      h(
        "button",
        { type: "button", class: "go", onclick: () => choose(atlas, target) },
        nameOf(atlas, target),
      ),
    ),
  );
}

export function routeList(atlas, through) {
  const { data, t } = atlas;
  const routes = [...data.itineraries.entries()].filter(([, route]) => route.stops.some(through));
  if (!routes.length) return null;
  return [
    h("h3", {}, t("Documented itineraries through here")),
    h(
      "ul",
      { class: "plain" },
      routes.map(([n]) => routeItem(atlas, n)),
    ),
  ];
}

function routeItem(atlas, n) {
  const { data, tn } = atlas;
  const route = data.itineraries[n];
  const title = `${placeName(atlas, route.stops[0])} – ${placeName(atlas, route.stops[route.stops.length - 1])}`;
  return h(
    "li",
    {},
    h(
      "button",
      {
        type: "button",
        class: "flow",
        onclick: () => choose(atlas, { kind: "route", id: n }),
      },
      h("span", {}, title),
      h("span", { class: "flow-n" }, tn("{n} stop", "{n} stops", route.stops.length)),
    ),
    sourceMarks(atlas, [route.source]),
  );
}
