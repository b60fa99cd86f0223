// The panel: the nation, or the chosen region, flow or itinerary, each number with its sources.

import { corridorPanel, corridorSection } from "../words/corridors.js";
import { data, measureName, placeName, registerName, text } from "../core/data.js";
import { h, replace } from "../core/dom.js";
import { figureGroups, nowFigure } from "../words/figures.js";
import { toldPairs } from "../core/filters.js";
import { focusField } from "../core/focus.js";
import { number, period, t } from "../core/i18n.js";
import { flowSection, heading, pairList, regionLinks, routeList } from "../words/lists.js";
import { legsOf } from "../core/legs.js";
import { roleText } from "../draw/regions.js";
import { pairPanel, routePanel } from "../words/flowpanels.js";
import { placeKind } from "./search.js";
import { sourceMarks } from "./sources.js";
import { state } from "../core/state.js";
import { storyList, storyStrip } from "./story.js";

const TOP = 12;
const FEW = 5;

export function drawPanel(element) {
  const { selected } = state;
  element.setAttribute("aria-label", t("Details"));
  const body =
    {
      region: regionPanel,
      place: placePanel,
      pair: pairPanel,
      route: routePanel,
      corridor: corridorPanel,
    }[selected?.kind]?.(selected) ?? nationPanel();
  replace(element, h("div", { class: "panel-body" }, storyStrip(), body));
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
    storyList(),
    state.layers.corridors && data.corridors
      ? corridorSection(t("Legs with most expected load"), [...data.corridors.legs.keys()])
      : null,
    h("h3", {}, t("Figures for the whole country")),
    figureGroups(national),
    rankings(data.rankings),
    h("h3", {}, t("Flows named by most sources")),
    pairList(toldPairs(state.level), TOP),
  ];
}

function regionPanel({ id }) {
  const region = data.regions[id];
  const role = data.roles[id];
  const series = data.series[state.series];
  const mine = data.figures.filter((f) => f.region === id);
  const at = (place) => data.places[place].region === id;
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
    flowSections({ kind: "region", id }, state.level, at),
    routeList(at),
    corridorsThrough({ kind: "region", id }),
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

// The flows of a region or place, and which of them the map shows.
function flowSections(target, level, at) {
  const pairs = toldPairs(level);
  const into = pairs.filter(({ from, to }) => at(to) && !at(from));
  const out = pairs.filter(({ from, to }) => at(from) && !at(to));
  const within = pairs.filter(({ from, to }) => at(from) && at(to));
  return [
    into.length + out.length + within.length ? focusField(target) : null,
    flowSection(t("Reported flows that arrive"), into),
    flowSection(t("Reported flows that leave"), out),
    flowSection(
      target.kind === "region"
        ? t("Reported flows inside the region")
        : t("Reported flows inside the place"),
      within,
    ),
  ];
}

// A town, port, mining zone or border crossing: what is reported of it by name.
function placePanel({ id }) {
  const place = data.places[id];
  const at = (other) => other === id;
  const inside = place.region >= 0 ? data.regions[place.region].name : null;
  const sections = flowSections({ kind: "place", id }, "place", at);
  const routes = routeList(at);
  const corridors = corridorsThrough({ kind: "place", id });
  return [
    heading(
      placeName(id),
      h(
        "p",
        { class: "lead" },
        inside ? `${placeKind(place.kind)} · ${inside}` : placeKind(place.kind),
      ),
      place.at ? null : h("p", { class: "small flag" }, t("This place has no point on the map.")),
    ),
    sections,
    routes,
    corridors,
    sections.every((part) => part === null) && !routes
      ? h("p", { class: "small" }, t("No reported flow and no itinerary names this place."))
      : null,
    place.region >= 0 ? regionLinks([id]) : null,
  ];
}

function corridorsThrough(target) {
  return corridorSection(t("Inferred corridors through here"), legsOf(target), FEW);
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
