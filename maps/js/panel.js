// The panel: the nation, or the chosen region, flow or itinerary, each number with its sources.

import { data, measureName, modeName, placeName, purposeName, rateText, registerName, shownValue, sourceLabel, text } from "./data.js";
import { h, replace, svg } from "./dom.js";
import { number, period, t, tn } from "./i18n.js";
import { roleText } from "./regions.js";
import { sourceMarks } from "./sources.js";
import { change, state } from "./state.js";

const TOP = 12;

export function drawPanel(element) {
  const { selected } = state;
  element.setAttribute("aria-label", t("Details"));
  const body = { region: regionPanel, pair: pairPanel, route: routePanel }[selected?.kind]?.(selected) ?? nationPanel();
  replace(element, h("div", { class: "panel-body" }, body));
}

function heading(title, ...below) {
  const back = state.selected ? h("button", { type: "button", class: "close", onclick: () => change({ selected: null }), "aria-label": t("Back to the whole country") }, "×") : null;
  return [h("div", { class: "panel-head" }, h("h2", { id: "panel-title" }, title), back), ...below];
}

function nationPanel() {
  const national = data.figures.filter((f) => f.level === "national");
  return [
    heading("Perú", h("p", { class: "lead" }, t("Choose a region or an arrow on the map to see its figures, flows and sources."))),
    h("h3", {}, t("Figures for the whole country")),
    figureGroups(national),
    rankings(data.rankings),
    h("h3", {}, t("Flows named by most sources")),
    pairList([...data.levels[state.level].entries()].sort(([, a], [, b]) => b.evidence - a.evidence).slice(0, TOP), null),
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
      region.people === null ? null : h("p", { class: "small" }, t("{people} people ({year} census)", { people: number(region.people), year: region.year }), " ", region.source === null ? null : sourceMarks([region.source])),
      h("p", { class: "lead" }, roleText(role?.role), role ? h("span", { class: "small block" }, t("Sources that name it: {out} as origin, {into} as destination, {within} for flows inside it.", { out: role.outflow, into: role.inflow, within: role.internal })) : null),
    ),
    series ? nowFigure(id, series) : null,
    flowSection(t("Reported flows that arrive"), into),
    flowSection(t("Reported flows that leave"), out),
    flowSection(t("Reported flows inside the region"), within),
    routes.length ? [h("h3", {}, t("Documented itineraries through here")), h("ul", { class: "plain" }, routes.map(([n]) => routeItem(n)))] : null,
    h("h3", {}, t("Figures over time")),
    mine.length ? figureGroups(mine) : h("p", { class: "small" }, t("No figure for this region in the study.")),
    rankings(data.rankings.filter((r) => r.regions.includes(id)), id),
    notes.length ? [h("h3", {}, t("Districts and regions")), h("p", { class: "small" }, t("Prosecution and judicial districts do not follow regional boundaries exactly:")), h("ul", { class: "small" }, notes.map((d) => h("li", {}, `${d.name}: ${text(d.note)} `, sourceMarks([d.source]))))] : null,
  ];
}

// The figure that colours the region now, large.
function nowFigure(id, series) {
  const shown = shownValue(state.series, id, state.show);
  const context = `${registerName(series.register)} · ${period(series.period_start, series.period_end)}`;
  if (!shown.figures.length) return h("div", { class: "now" }, h("p", { class: "now-value" }, "—"), h("p", { class: "small" }, `${context}: ${t("no figure in this series")}`));
  const ranked = data.regions.map((_, n) => shownValue(state.series, n, state.show)).filter((s) => s.state === "value" || s.state === "zero");
  const rank = shown.value === undefined ? 0 : 1 + ranked.filter((s) => s.value > shown.value).length;
  return h(
    "div",
    { class: "now" },
    shown.figures.map((figure) => [
      h("p", { class: "now-value" }, number(figure.value), " ", h("span", {}, measureName(series.measure).toLowerCase())),
      figure.rate === null ? null : h("p", {}, rateText(figure.rate), rank && shown.state !== "partial" ? h("span", { class: "small" }, ` · ${t("{rank} of {all} regions in this view", { rank: number(rank), all: ranked.length })}`) : null),
      h("p", { class: "small" }, context, " ", sourceMarks(figure.sources)),
      details(figure),
    ]),
  );
}

function details(figure) {
  const parts = figure.parts.length > 1 || figure.level === "city" ? figure.parts.map(([place, value]) => `${place} ${number(value)}`).join(" + ") : "";
  return [
    figure.disputed ? h("p", { class: "small flag" }, t("Sources differ for the same period.")) : null,
    figure.whole ? null : h("p", { class: "small flag" }, figure.level === "city" ? t("One city only: {parts}", { parts }) : t("Not the whole region: only {parts}", { parts: figure.parts.map(([place]) => place).join(", ") })),
    figure.whole && parts ? h("p", { class: "small" }, t("Districts: {parts}", { parts })) : null,
    figure.basis === "derived" ? h("p", { class: "small" }, t("Derived from what was published")) : null,
    figure.basis === "rounded" ? h("p", { class: "small" }, t("Published as a round number")) : null,
    figure.notes.map(([source, note]) => h("p", { class: "small note" }, text(note), figure.notes.length > 1 ? ` (${sourceLabel(source)})` : "")),
  ];
}

// Figures by register and measure, each with a bar for the time it spans.
function figureGroups(figures) {
  const years = data.figures.flatMap((f) => [Number(f.period_start.slice(0, 4)), Number(f.period_end.slice(0, 4)) + 1]);
  const [first, last] = [Math.min(...years), Math.max(...years)];
  const groups = new Map();
  const order = Object.keys(data.registers);
  const byRegister = [...figures].sort((a, b) => order.indexOf(a.register) - order.indexOf(b.register));
  for (const figure of byRegister) {
    const key = `${figure.register}\u0000${figure.measure}\u0000${figure.purpose}`;
    groups.set(key, [...(groups.get(key) ?? []), figure]);
  }
  return [...groups.values()].map((group) => {
    const [{ register, measure, purpose }] = group;
    const sorted = [...group].sort((a, b) => a.period_start.localeCompare(b.period_start) || a.period_end.localeCompare(b.period_end));
    const caption = `${registerName(register)} · ${measureName(measure)}${purposeName(purpose) ? ` (${purposeName(purpose)})` : ""}`;
    return h(
      "table",
      { class: "figures" },
      h("caption", {}, caption),
      h("thead", { class: "sr" }, h("tr", {}, [t("Period"), t("Count"), t("Source")].map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, sorted.map((figure) => figureRow(figure, first, last))),
    );
  });
}

function figureRow(figure, first, last) {
  const approx = figure.basis === "rounded" ? "≈ " : "";
  const more = details(figure).flat().filter(Boolean);
  return [
    h(
      "tr",
      { class: "figure" },
      h("th", { scope: "row" }, period(figure.period_start, figure.period_end), span(figure, first, last)),
      h("td", { class: "num" }, `${approx}${number(figure.value)}`),
      h("td", {}, sourceMarks(figure.sources)),
    ),
    more.length ? h("tr", { class: "more" }, h("td", { colspan: 3 }, more)) : null,
  ];
}

function span(figure, first, last) {
  const position = (text, extra) => ((Number(text.slice(0, 4)) + (Number(text.slice(5, 7)) - 1 + extra) / 12 - first) / (last - first)) * 96;
  const x = position(figure.period_start, 0);
  const width = Math.max(1.5, position(figure.period_end, 1) - x);
  return svg("svg", { class: "span", width: 96, height: 6, "aria-hidden": "true" }, svg("rect", { x: 0, y: 2.5, width: 96, height: 1, fill: "#d8d6cf" }), svg("rect", { x: x.toFixed(1), y: 0.5, width: width.toFixed(1), height: 5, rx: 1, fill: "#4f979f" }));
}

function rankings(rows, region = null) {
  if (!rows.length) return null;
  return [
    h("h3", {}, t("Named as leading, without counts")),
    h("ul", { class: "plain" }, rows.map((r) => h("li", {}, h("span", { class: "small block" }, `${registerName(r.register)} · ${measureName(r.measure)} · ${period(r.period_start, r.period_end)}`), r.regions.map((n, i) => [i ? ", " : "", n === region ? h("strong", {}, data.regions[n].name) : data.regions[n].name]), " ", sourceMarks([r.source])))),
  ];
}

function flowSection(title, pairs) {
  if (!pairs.length) return null;
  const sorted = [...pairs].sort(([, a], [, b]) => b.evidence - a.evidence);
  return [h("h3", {}, title, h("span", { class: "layer-count" }, number(pairs.reduce((sum, [, p]) => sum + p.flows.length, 0)))), pairList(sorted)];
}

function pairTitle(pair) {
  return pair.from === pair.to ? t("Inside {place}", { place: placeName(pair.from) }) : `${placeName(pair.from)} → ${placeName(pair.to)}`;
}

function pairList(pairs) {
  return h("ul", { class: "plain flows" }, pairs.map(([n, pair]) => {
    const sources = [...new Set(pair.flows.map((flow) => data.flows[flow].source))];
    return h(
      "li",
      {},
      h("button", { type: "button", class: "flow", onclick: () => change({ selected: { kind: "pair", id: n, level: state.level } }) }, h("span", {}, pairTitle(pair)), h("span", { class: "flow-n" }, tn("{n} source", "{n} sources", pair.evidence))),
      pair.drawn ? null : h("span", { class: "small flag" }, t("not drawn: the place has no point")),
      sourceMarks(sources),
    );
  }));
}

function pairPanel({ id, level }) {
  const pair = data.levels[level][id];
  const reports = pair.flows.map((flow) => data.flows[flow]);
  return [
    heading(
      pairTitle(pair),
      h("p", { class: "lead" }, tn("Reported flow, named by {n} independent source", "Reported flow, named by {n} independent sources", pair.evidence)),
      h("p", { class: "small" }, t("Reported: somebody published that people are taken from one place to the other. The arrow is not a route.")),
    ),
    h("h3", {}, tn("{n} report", "{n} reports", reports.length)),
    h("ul", { class: "plain" }, reports.map((flow) => h(
      "li",
      { class: "report" },
      h("p", {}, h("strong", {}, flow.from === flow.to ? placeName(flow.from) : `${placeName(flow.from)} → ${placeName(flow.to)}`)),
      h("p", { class: "small" }, `${purposeName(flow.purpose)} · ${period(flow.start, flow.end)}`),
      flow.value === null ? null : h("p", {}, flowValue(flow)),
      text(flow.note) ? h("p", { class: "small note" }, text(flow.note)) : null,
      sourceMarks([flow.source]),
    ))),
    regionLinks([pair.from, pair.to]),
  ];
}

function flowValue(flow) {
  const share = number(flow.value);
  if (flow.kind === "share_of_destination") return t("{share} % of those the source counts at the destination", { share });
  if (flow.kind === "share_of_origin") return t("{share} % of those the source counts at the origin", { share });
  return tn("{n} person", "{n} people", flow.value);
}

function regionLinks(places) {
  const regions = [...new Set(places.map((place) => data.places[place].region))].filter((n) => n >= 0);
  return h("p", {}, regions.map((n) => h("button", { type: "button", class: "go", onclick: () => change({ selected: { kind: "region", id: n } }) }, data.regions[n].name)));
}

function routeItem(n) {
  const route = data.itineraries[n];
  const title = `${placeName(route.stops[0])} – ${placeName(route.stops[route.stops.length - 1])}`;
  return h("li", {}, h("button", { type: "button", class: "flow", onclick: () => change({ selected: { kind: "route", id: n } }) }, h("span", {}, title), h("span", { class: "flow-n" }, tn("{n} stop", "{n} stops", route.stops.length))), sourceMarks([route.source]));
}

function routePanel({ id }) {
  const route = data.itineraries[id];
  return [
    heading(
      `${placeName(route.stops[0])} – ${placeName(route.stops[route.stops.length - 1])}`,
      h("p", { class: "lead" }, t("Documented itinerary, as published")),
      h("p", { class: "small" }, t("Stops in the order of the source. The lines between them are not the road or river itself."), " ", sourceMarks([route.source])),
    ),
    h("ol", { class: "stops" }, route.stops.map((stop, i) => h("li", {}, placeName(stop), i < route.modes.length ? h("span", { class: "small block" }, modeName(route.modes[i] || "unknown")) : null))),
    text(data.sources[route.source].note) ? h("p", { class: "small note" }, text(data.sources[route.source].note)) : null,
    regionLinks(route.stops),
  ];
}

// The chosen series in numbers: the sum on the page and the total that was published.
export function sumText(index) {
  const series = data.series[index];
  const sum = t("Sum of the regions: {sum}.", { sum: number(series.total) });
  if (!series.national.length) return sum;
  return `${sum} ${t("Published for the country: {total}.", { total: series.national.map((n) => number(n)).join(" / ") })}`;
}

