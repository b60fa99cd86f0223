// The panel of a reported flow and of a documented itinerary: what exactly was published.

import { corridorSection } from "./corridors.js";
import { data, modeName, placeName, purposeName, text } from "../core/data.js";
import { h } from "../core/dom.js";
import { number, period, t, tn } from "../core/i18n.js";
import { legsOf } from "../core/legs.js";
import { heading, pairTitle, regionLinks } from "./lists.js";
import { sourceMarks } from "../ui/sources.js";

const FEW_LEGS = 5;

export function pairPanel({ id, level }) {
  const pair = data.levels[level][id];
  const reports = pair.flows.map((flow) => data.flows[flow]);
  return [
    heading(
      pairTitle(pair),
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
                ? placeName(flow.from)
                : `${placeName(flow.from)} → ${placeName(flow.to)}`,
            ),
          ),
          h(
            "p",
            { class: "small" },
            `${purposeName(flow.purpose)} · ${period(flow.start, flow.end)}`,
          ),
          flow.value === null ? null : h("p", {}, flowValue(flow)),
          text(flow.note) ? h("p", { class: "small note" }, text(flow.note)) : null,
          sourceMarks([flow.source]),
        ),
      ),
    ),
    corridorSection(t("Inferred corridors that it may follow"), legsOf({ kind: "pair", id, level }), FEW_LEGS),
    regionLinks([pair.from, pair.to]),
  ];
}

function flowValue(flow) {
  const share = number(flow.value);
  if (flow.kind === "share_of_destination")
    return t("{share} % of those the source counts at the destination", { share });
  if (flow.kind === "share_of_origin")
    return t("{share} % of those the source counts at the origin", { share });
  return tn("{n} person", "{n} people", flow.value);
}

export function routePanel({ id }) {
  const route = data.itineraries[id];
  return [
    heading(
      `${placeName(route.stops[0])} – ${placeName(route.stops[route.stops.length - 1])}`,
      h("p", { class: "lead" }, t("Documented itinerary, as published")),
      h(
        "p",
        { class: "small" },
        t(
          "Stops in the order of the source. The lines between them are not the road or river itself.",
        ),
        " ",
        sourceMarks([route.source]),
      ),
    ),
    h(
      "ol",
      { class: "stops" },
      route.stops.map((stop, i) =>
        h(
          "li",
          {},
          placeName(stop),
          i < route.modes.length
            ? h("span", { class: "small block" }, modeName(route.modes[i] || "unknown"))
            : null,
        ),
      ),
    ),
    text(data.sources[route.source].note)
      ? h("p", { class: "small note" }, text(data.sources[route.source].note))
      : null,
    regionLinks(route.stops),
  ];
}
