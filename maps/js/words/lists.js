// Pieces of the panel: its heading, and lists of flows, itineraries and places to go on to.

import { data, placeName } from "../core/data.js";
import { h } from "../core/dom.js";
import { rankPairs } from "../core/filters.js";
import { choose, nameOf } from "../core/focus.js";
import { number, t, tn } from "../core/i18n.js";
import { filterPairs } from "../core/pairs.js";
import { sourceMarks } from "../ui/sources.js";
import { state } from "../core/state.js";

const LISTED = 60;

export function heading(title, ...below) {
  const back = state.selected
    ? h(
        "button",
        {
          type: "button",
          class: "close",
          onclick: () => choose(null),
          "aria-label": t("Back to the whole country"),
        },
        "×",
      )
    : null;
  return [h("div", { class: "panel-head" }, h("h2", { id: "panel-title" }, title), back), ...below];
}

export function flowSection(title, pairs) {
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
    pairList(pairs),
  ];
}

export function pairTitle(pair) {
  return pair.from === pair.to
    ? t("Inside {place}", { place: placeName(pair.from) })
    : `${placeName(pair.from)} → ${placeName(pair.to)}`;
}

// The pairs with most evidence, each with its sources.
export function pairList(pairs, most = LISTED) {
  const left = pairs.length - most;
  return [
    h("ul", { class: "plain flows" }, rankPairs(pairs, most).map(pairItem)),
    left > 0 && most === LISTED
      ? h(
          "p",
          { class: "small" },
          tn("and {n} more, in the table", "and {n} more, in the table", left),
        )
      : null,
  ];
}

function pairItem(pair) {
  const sources = [...new Set(pair.flows.map((flow) => data.flows[flow].source))];
  return h(
    "li",
    {},
    h(
      "button",
      {
        type: "button",
        class: "flow",
        onclick: () => choose({ kind: "pair", id: pair.id, level: state.level }),
      },
      h("span", {}, pairTitle(pair)),
      h("span", { class: "flow-n" }, tn("{n} source", "{n} sources", pair.evidence)),
    ),
    pair.drawn ? null : h("span", { class: "small flag" }, t("not drawn: the place has no point")),
    sourceMarks(sources),
  );
}

// Single flows by their pairs, whatever the filters: of a pair only these flows count.
export function flowList(rows) {
  const keep = new Uint8Array(data.columns.count);
  for (const row of rows) keep[row] = 1;
  return pairList(filterPairs(data.levels[state.level], keep, data.columns, data.origins));
}

// Regions and places to go on to.
export function regionLinks(places) {
  const targets = new Map();
  for (const id of places) {
    const { kind, region } = data.places[id];
    if (kind !== "region") targets.set(`place ${id}`, { kind: "place", id });
    if (region >= 0) targets.set(`region ${region}`, { kind: "region", id: region });
  }
  return targetLinks([...targets.values()]);
}

export function targetLinks(targets) {
  return h(
    "p",
    {},
    targets.map((target) =>
      h("button", { type: "button", class: "go", onclick: () => choose(target) }, nameOf(target)),
    ),
  );
}

export function routeList(through) {
  const routes = [...data.itineraries.entries()].filter(([, route]) => route.stops.some(through));
  if (!routes.length) return null;
  return [
    h("h3", {}, t("Documented itineraries through here")),
    h(
      "ul",
      { class: "plain" },
      routes.map(([n]) => routeItem(n)),
    ),
  ];
}

function routeItem(n) {
  const route = data.itineraries[n];
  const title = `${placeName(route.stops[0])} – ${placeName(route.stops[route.stops.length - 1])}`;
  return h(
    "li",
    {},
    h(
      "button",
      {
        type: "button",
        class: "flow",
        onclick: () => choose({ kind: "route", id: n }),
      },
      h("span", {}, title),
      h("span", { class: "flow-n" }, tn("{n} stop", "{n} stops", route.stops.length)),
    ),
    sourceMarks([route.source]),
  );
}
