// The panel of a reported flow and of a documented itinerary: what exactly was published.

import { modeName, placeName, purposeName, text } from "../core/data.js";
import { h } from "../core/dom.js";
import { number } from "../core/i18n.js";
import { legsOf } from "../core/legs.js";
import { corridorSection } from "./corridors.js";
import { heading, pairTitle, regionLinks } from "./lists.js";
import { sourceMarks } from "./sourcemarks.js";

const FEW_LEGS = 5;

export function pairPanel(atlas, { id, level }) {
  const { data, t, tn, period } = atlas;
  const pair = data.levels[level][id];
  const reports = pair.flows.map((flow) => data.flows[flow]);
  return [
    heading(
      atlas,
      pairTitle(atlas, pair),
      h(
        "p",
        { class: "lead" },
        tn(
          "Reported flow, named by {n} independent source",
          "Reported flow, named by {n} independent sources",
          pair.evidence,
        ),
      ),
      h(
        "p",
        { class: "small" },
        t(
          "Reported: somebody published that people are taken from one place to the other. The arrow is not a route.",
        ),
      ),
    ),
    h("h3", {}, tn("{n} report", "{n} reports", reports.length)),
    h(
      "ul",
      { class: "plain" },
      reports.map((flow) =>
        h(
          "li",
          { class: "report" },
          h(
            "p",
            {},
            h(
              "strong",
              {},
              flow.from === flow.to
                ? placeName(atlas, flow.from)
                : `${placeName(atlas, flow.from)} → ${placeName(atlas, flow.to)}`,
            ),
          ),
          h(
            "p",
            { class: "small" },
            `${purposeName(atlas, flow.purpose)} · ${period(flow.start, flow.end)}`,
          ),
          flow.value === null ? null : h("p", {}, flowValue(atlas, flow)),
          text(atlas, flow.note) ? h("p", { class: "small note" }, text(atlas, flow.note)) : null,
          sourceMarks(atlas, [flow.source]),
        ),
      ),
    ),
    corridorSection(
      atlas,
      t("Inferred corridors that it may follow"),
      legsOf(atlas, { kind: "pair", id, level }),
      FEW_LEGS,
    ),
    regionLinks(atlas, [pair.from, pair.to]),
  ];
}

function flowValue(atlas, flow) {
  const { t, tn } = atlas;
  const share = number(flow.value);
  if (flow.kind === "share_of_destination")
    return t("{share} % of those the source counts at the destination", { share });
  if (flow.kind === "share_of_origin")
    return t("{share} % of those the source counts at the origin", { share });
  return tn("{n} person", "{n} people", flow.value);
}

export function routePanel(atlas, { id }) {
  const { data, t } = atlas;
  const route = data.itineraries[id];
  return [
    heading(
      atlas,
      `${placeName(atlas, route.stops[0])} – ${placeName(atlas, route.stops[route.stops.length - 1])}`,
      h("p", { class: "lead" }, t("Documented itinerary, as published")),
      h(
        "p",
        { class: "small" },
        t(
          "Stops in the order of the source. The lines between them are not the road or river itself.",
        ),
        " ",
        sourceMarks(atlas, [route.source]),
      ),
    ),
    h(
      "ol",
      { class: "stops" },
      route.stops.map((stop, i) =>
        h(
          "li",
          {},
          placeName(atlas, stop),
          i < route.modes.length
            ? h("span", { class: "small block" }, modeName(atlas, route.modes[i] || "unknown"))
            : null,
        ),
      ),
    ),
    text(atlas, data.sources[route.source].note)
      ? h("p", { class: "small note" }, text(atlas, data.sources[route.source].note))
      : null,
    regionLinks(atlas, route.stops),
  ];
}
