// The panel: the nation, or the chosen region, flow or itinerary, each number with its sources.

import { placeName, text } from "../core/data.js";
import { h, replace } from "../core/dom.js";
import { toldPairs } from "../core/filters.js";
import { number } from "../core/i18n.js";
import { legsOf } from "../core/legs.js";
import { roleText } from "../draw/regions.js";
import { corridorPanel, corridorSection, hubSection } from "../words/corridors.js";
import { figureGroups, nowFigure, orderText } from "../words/figures.js";
import { pairPanel, routePanel } from "../words/flowpanels.js";
import { orderName } from "../words/legend.js";
import {
  flowSection,
  heading,
  listedBy,
  pairList,
  peopleOf,
  regionLinks,
  routeList,
} from "../words/lists.js";
import { sourceMarks } from "../words/sourcemarks.js";
import { findingWords } from "./finding.js";
import { focusField } from "./focusfield.js";
import { placeKind } from "./search.js";
import { sheetHandle } from "./sheet.js";
import { storyList, storyStrip } from "./story.js";

const TOP = 12;
const FEW = 5;

export function drawPanel(atlas, element) {
  const { state, t } = atlas;
  const { selected } = state;
  element.setAttribute("aria-label", t("Details"));
  const body =
    {
      region: (one) => regionPanel(atlas, one),
      place: (one) => placePanel(atlas, one),
      pair: (one) => pairPanel(atlas, one),
      route: (one) => routePanel(atlas, one),
      corridor: (one) => corridorPanel(atlas, one),
    }[selected?.kind]?.(selected) ?? nationPanel(atlas);
  replace(
    element,
    sheetHandle(atlas, element),
    h("div", { class: "panel-body" }, storyStrip(atlas), body),
  );
}

function nationPanel(atlas) {
  const { data, state, t } = atlas;
  const national = data.figures.filter((f) => f.level === "national");
  const finding = findingWords(atlas);
  return [
    heading(
      atlas,
      data.study.part ?? t("Peru"),
      finding ? h("p", { class: "finding-small" }, finding) : null,
      h(
        "p",
        { class: "lead" },
        data.flows.length
          ? t("Choose a region or an arrow on the map to see its figures, flows and sources.")
          : t("Choose a region on the map to see its figures and sources."),
      ),
    ),
    storyList(atlas),
    state.layers.corridors && data.corridors
      ? [
          corridorSection(atlas, t("Busiest inferred stretches"), [...data.corridors.legs.keys()]),
          hubSection(atlas),
        ]
      : null,
    data.flows.length
      ? [
          h(
            "h3",
            {},
            listedBy(atlas) === "count"
              ? t("Flows with most people")
              : t("Flows named by most sources"),
          ),
          pairList(atlas, toldPairs(atlas, state.level), TOP),
        ]
      : null,
    national.length
      ? [h("h3", {}, t("Figures for the whole country")), figureGroups(atlas, national)]
      : null,
    rankings(atlas, data.rankings),
    contextFacts(atlas, -1),
  ];
}

function regionPanel(atlas, { id }) {
  const { data, state, t } = atlas;
  const region = data.regions[id];
  const role = data.roles[id];
  const series = data.series[state.series];
  const mine = data.figures.filter((f) => f.region === id);
  const at = (place) => data.places[place].region === id;
  const notes = data.districts.filter((d) => d.region === id);
  return [
    heading(
      atlas,
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
            region.source === null ? null : sourceMarks(atlas, [region.source]),
          ),
      h(
        "p",
        { class: "lead" },
        roleText(atlas, role?.role),
        role ? h("span", { class: "small block" }, rolesOf(atlas, role, at)) : null,
      ),
      h(
        "button",
        { type: "button", class: "mark", id: "print-sheet", onclick: () => window.print() },
        t("Print this sheet"),
      ),
    ),
    series ? nowFigure(atlas, id, series) : null,
    contextFacts(atlas, id),
    flowSections(atlas, { kind: "region", id }, state.level, at),
    routeList(atlas, at),
    corridorsThrough(atlas, { kind: "region", id }),
    h("h3", {}, t("Figures over time")),
    data.rankings.map((row) => orderText(atlas, id, row)),
    mine.length
      ? figureGroups(atlas, mine)
      : h("p", { class: "small" }, t("No figure for this region in the study.")),
    rankings(
      atlas,
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
            notes.map((d) =>
              h("li", {}, `${d.name}: ${text(atlas, d.note)} `, sourceMarks(atlas, [d.source])),
            ),
          ),
        ]
      : null,
  ];
}

// How many sources name a region as what; where people are counted, how many arrive and leave.
function rolesOf(atlas, role, at) {
  const { state, t } = atlas;
  if (listedBy(atlas) !== "count")
    return [
      t(
        "Sources that name it: {out} as origin, {into} as destination, {within} for flows inside it.",
        { out: role.outflow, into: role.inflow, within: role.internal },
      ),
      " ",
      balance(atlas, role.inflow - role.outflow),
    ];
  const { into, out, within } = byDirection(toldPairs(atlas, state.level), at);
  const people = (pairs) => number(peopleOf(atlas, pairs));
  return t("People counted: {into} arrive, {out} leave, {within} stay inside.", {
    into: people(into),
    out: people(out),
    within: people(within),
  });
}

function byDirection(pairs, at) {
  return {
    into: pairs.filter(({ from, to }) => at(to) && !at(from)),
    out: pairs.filter(({ from, to }) => at(from) && !at(to)),
    within: pairs.filter(({ from, to }) => at(from) && at(to)),
  };
}

// More sources name it as one than as the other: by how many. No balance of people.
function balance({ t }, net) {
  if (!net) return t("As many name it as origin as name it as destination.");
  const n = number(Math.abs(net));
  return net > 0
    ? t("{n} more name it as destination than as origin.", { n })
    : t("{n} more name it as origin than as destination.", { n });
}

// The flows of a region or place, and which of them the map shows.
function flowSections(atlas, target, level, at) {
  const { t } = atlas;
  const { into, out, within } = byDirection(toldPairs(atlas, level), at);
  return [
    into.length + out.length + within.length ? focusField(atlas, target) : null,
    flowSection(atlas, t("Reported flows that arrive"), into),
    flowSection(atlas, t("Reported flows that leave"), out),
    flowSection(
      atlas,
      target.kind === "region"
        ? t("Reported flows inside the region")
        : t("Reported flows inside the place"),
      within,
    ),
  ];
}

// A town, port, mining zone or border crossing: what is reported of it by name.
function placePanel(atlas, { id }) {
  const { data, t } = atlas;
  const place = data.places[id];
  const at = (other) => other === id;
  const inside = place.region >= 0 ? data.regions[place.region].name : null;
  const sections = flowSections(atlas, { kind: "place", id }, "place", at);
  const routes = routeList(atlas, at);
  const corridors = corridorsThrough(atlas, { kind: "place", id });
  return [
    heading(
      atlas,
      placeName(atlas, id),
      h(
        "p",
        { class: "lead" },
        inside ? `${placeKind(atlas, place.kind)} · ${inside}` : placeKind(atlas, place.kind),
      ),
      place.at ? null : h("p", { class: "small flag" }, t("This place has no point on the map.")),
    ),
    sections,
    routes,
    corridors,
    sections.every((part) => part === null) && !routes
      ? h("p", { class: "small" }, t("No reported flow and no itinerary names this place."))
      : null,
    place.region >= 0 ? regionLinks(atlas, [id]) : null,
  ];
}

function corridorsThrough(atlas, target) {
  const { t } = atlas;
  return corridorSection(atlas, t("Inferred corridors through here"), legsOf(atlas, target), FEW);
}

// Facts that help to read a place. They are no figure of it, and look like none.
function contextFacts(atlas, region) {
  const { data, t } = atlas;
  const facts = (data.context ?? []).filter((fact) => fact.region === region);
  if (!facts.length) return null;
  return h(
    "section",
    { class: "context" },
    h("h3", {}, t("Context")),
    h(
      "ul",
      {},
      facts.map((fact) =>
        h("li", {}, text(atlas, fact.text), " ", sourceMarks(atlas, [fact.source])),
      ),
    ),
  );
}

function rankings(atlas, rows, region = null) {
  const { data, t } = atlas;
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
          h("span", { class: "small block" }, orderName(atlas, r)),
          r.regions.map((n, i) => [
            i ? ", " : "",
            n === region ? h("strong", {}, data.regions[n].name) : data.regions[n].name,
          ]),
          " ",
          sourceMarks(atlas, [r.source]),
          " ",
          orderSwitch(atlas, r),
        ),
      ),
    ),
  ];
}

// Put an order on the map, or take it away.
function orderSwitch(atlas, order) {
  const { data, state, t, change } = atlas;
  const leading = data.rankings.indexOf(order);
  const on = state.layers.leading && state.leading === leading;
  const toggle = () => change({ leading, layers: { ...state.layers, leading: !on } });
  return h(
    "button",
    { type: "button", class: "mark", "aria-pressed": String(on), onclick: toggle },
    on ? t("Take off the map") : t("Show on the map"),
  );
}
