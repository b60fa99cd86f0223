// The panel: the nation, or the chosen region, flow or itinerary, each number with its sources.

import { data, measureName, modeName, placeName, purposeName, registerName, text } from "./data.js";
import { h, replace } from "./dom.js";
import { figureGroups, nowFigure } from "./figures.js";
import { number, period, t, tn } from "./i18n.js";
import { roleText } from "./regions.js";
import { sourceMarks } from "./sources.js";
import { change, state } from "./state.js";

const TOP = 12;

export function drawPanel(element) {
  const { selected } = state;
  element.setAttribute("aria-label", t("Details"));
  const body =
    { region: regionPanel, pair: pairPanel, route: routePanel }[selected?.kind]?.(selected) ??
    nationPanel();
  replace(element, h("div", { class: "panel-body" }, body));
}

function heading(title, ...below) {
  const back = state.selected
    ? h(
        "button",
        {
          type: "button",
          class: "close",
          onclick: () => change({ selected: null }),
          "aria-label": t("Back to the whole country"),
        },
        "×",
      )
    : null;
  return [h("div", { class: "panel-head" }, h("h2", { id: "panel-title" }, title), back), ...below];
}

function nationPanel() {
  const national = data.figures.filter((f) => f.level === "national");
  return [
    heading(
      "Perú",
      h(
        "p",
        { class: "lead" },
        t("Choose a region or an arrow on the map to see its figures, flows and sources."),
      ),
    ),
    h("h3", {}, t("Figures for the whole country")),
    figureGroups(national),
    rankings(data.rankings),
    h("h3", {}, t("Flows named by most sources")),
    pairList(
      [...data.levels[state.level].entries()]
        .sort(([, a], [, b]) => b.evidence - a.evidence)
        .slice(0, TOP),
      null,
    ),
  ];
}

function regionPanel({ id }) {
  const region = data.regions[id];
  const role = data.roles[id];
  const series = data.series[state.series];
  const mine = data.figures.filter((f) => f.region === id);
  const pairs = [...data.levels[state.level].entries()];
  const at = (place) => data.places[place].region === id;
  const into = pairs.filter(([, p]) => at(p.to) && !at(p.from));
  const out = pairs.filter(([, p]) => at(p.from) && !at(p.to));
  const within = pairs.filter(([, p]) => at(p.from) && at(p.to));
  const routes = [...data.itineraries.entries()].filter(([, route]) => route.stops.some(at));
  const notes = data.districts.filter((d) => d.region === id);
  return [
    heading(
      region.name,
      region.people === null
        ? null
        : h(
            "p",
            { class: "small" },
            t("{people} people ({year} census)", {
              people: number(region.people),
              year: region.year,
            }),
            " ",
            region.source === null ? null : sourceMarks([region.source]),
          ),
      h(
        "p",
        { class: "lead" },
        roleText(role?.role),
        role
          ? h(
              "span",
              { class: "small block" },
              t(
                "Sources that name it: {out} as origin, {into} as destination, {within} for flows inside it.",
                { out: role.outflow, into: role.inflow, within: role.internal },
              ),
            )
          : null,
      ),
    ),
    series ? nowFigure(id, series) : null,
    flowSection(t("Reported flows that arrive"), into),
    flowSection(t("Reported flows that leave"), out),
    flowSection(t("Reported flows inside the region"), within),
    routes.length
      ? [
          h("h3", {}, t("Documented itineraries through here")),
          h(
            "ul",
            { class: "plain" },
            routes.map(([n]) => routeItem(n)),
          ),
        ]
      : null,
    h("h3", {}, t("Figures over time")),
    mine.length
      ? figureGroups(mine)
      : h("p", { class: "small" }, t("No figure for this region in the study.")),
    rankings(
      data.rankings.filter((r) => r.regions.includes(id)),
      id,
    ),
    notes.length
      ? [
          h("h3", {}, t("Districts and regions")),
          h(
            "p",
            { class: "small" },
            t("Prosecution and judicial districts do not follow regional boundaries exactly:"),
          ),
          h(
            "ul",
            { class: "small" },
            notes.map((d) => h("li", {}, `${d.name}: ${text(d.note)} `, sourceMarks([d.source]))),
          ),
        ]
      : null,
  ];
}

function rankings(rows, region = null) {
  if (!rows.length) return null;
  return [
    h("h3", {}, t("Named as leading, without counts")),
    h(
      "ul",
      { class: "plain" },
      rows.map((r) =>
        h(
          "li",
          {},
          h(
            "span",
            { class: "small block" },
            `${registerName(r.register)} · ${measureName(r.measure)} · ${period(r.period_start, r.period_end)}`,
          ),
          r.regions.map((n, i) => [
            i ? ", " : "",
            n === region ? h("strong", {}, data.regions[n].name) : data.regions[n].name,
          ]),
          " ",
          sourceMarks([r.source]),
        ),
      ),
    ),
  ];
}

function flowSection(title, pairs) {
  if (!pairs.length) return null;
  const sorted = [...pairs].sort(([, a], [, b]) => b.evidence - a.evidence);
  return [
    h(
      "h3",
      {},
      title,
      h(
        "span",
        { class: "layer-count" },
        number(pairs.reduce((sum, [, p]) => sum + p.flows.length, 0)),
      ),
    ),
    pairList(sorted),
  ];
}

function pairTitle(pair) {
  return pair.from === pair.to
    ? t("Inside {place}", { place: placeName(pair.from) })
    : `${placeName(pair.from)} → ${placeName(pair.to)}`;
}

function pairList(pairs) {
  return h(
    "ul",
    { class: "plain flows" },
    pairs.map(([n, pair]) => {
      const sources = [...new Set(pair.flows.map((flow) => data.flows[flow].source))];
      return h(
        "li",
        {},
        h(
          "button",
          {
            type: "button",
            class: "flow",
            onclick: () => change({ selected: { kind: "pair", id: n, level: state.level } }),
          },
          h("span", {}, pairTitle(pair)),
          h("span", { class: "flow-n" }, tn("{n} source", "{n} sources", pair.evidence)),
        ),
        pair.drawn
          ? null
          : h("span", { class: "small flag" }, t("not drawn: the place has no point")),
        sourceMarks(sources),
      );
    }),
  );
}

function pairPanel({ id, level }) {
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

function regionLinks(places) {
  const regions = [...new Set(places.map((place) => data.places[place].region))].filter(
    (n) => n >= 0,
  );
  return h(
    "p",
    {},
    regions.map((n) =>
      h(
        "button",
        {
          type: "button",
          class: "go",
          onclick: () => change({ selected: { kind: "region", id: n } }),
        },
        data.regions[n].name,
      ),
    ),
  );
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
        onclick: () => change({ selected: { kind: "route", id: n } }),
      },
      h("span", {}, title),
      h("span", { class: "flow-n" }, tn("{n} stop", "{n} stops", route.stops.length)),
    ),
    sourceMarks([route.source]),
  );
}

function routePanel({ id }) {
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
