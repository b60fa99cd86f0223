// What is drawn, as rows and columns.

import { toCsv } from "../core/csv.js";
import { measureName, modeName, placeName, purposeName, registerName, text } from "../core/data.js";
import { listedPairs, rankPairs } from "../core/filters.js";
import { legFlows } from "../core/legs.js";
import { isUnstable, rateInterval, regionView } from "../core/regionview.js";
import { changeText, valueText } from "../draw/regions.js";
import { hasCorridors, yearsText } from "./corridors.js";
import { byEvidence, matrixTable } from "./matrix.js";
import { multiplesTable } from "./multiples.js";

// The tables there are: for each its columns [id, label, isNumber], and rows of values, each with
// what to choose on the map. Columns without a label are for the CSV only.
export function tableOf(atlas, name) {
  return {
    regions: () => regionTable(atlas),
    flows: () => flowTable(atlas),
    itineraries: () => routeTable(atlas),
    corridors: () => legTable(atlas),
    matrix: () => matrixTable(atlas),
    ends: () => endTable(atlas),
    multiples: () => multiplesTable(atlas),
  }[name]();
}

const sourceIds = (atlas, list) =>
  [...new Set(list)].map((n) => atlas.data.sources[n].id).join(" ");

// For the file only: who published it, in full, so that a row can be cited without the page.
const SOURCE_COLUMNS = ["publishers", "titles", "dates", "addresses"].map((id) => [id, null]);
const sourceCells = (atlas, list) => {
  const rows = [...new Set(list)].map((n) => atlas.data.sources[n]);
  return ["publisher", "title", "date", "url"].map((key) =>
    rows.map((row) => row[key]).join(" | "),
  );
};

const caveat = ({ t }) =>
  t("Reported complaints, not prevalence: more reports may mean more reporting.");

const evidenceCaveat = ({ t }) =>
  t("Evidence is how many independent sources name the pair. It is not volume.");

function regionTable(atlas) {
  const { data, state, pick, t, period } = atlas;
  const view = regionView(atlas);
  const { series } = view;
  const columns = [
    ["region", t("Region")],
    ["ubigeo", "ubigeo"],
    ["count", t("Count"), true],
    ["rate", t("Rate per 100,000 and year"), true],
    ["low", t("95 % from"), true],
    ["high", t("95 % to"), true],
    ["note", t("Note")],
    ["register", null],
    ["period", null],
    ["source_ids", t("Sources")],
    ["unit", null],
    ["people", null],
    ["caveat", null],
    ...SOURCE_COLUMNS,
  ];
  if (!series || !state.layers.regions) return { columns, rows: [] };
  const rows = data.regions.flatMap((region, id) => {
    const shown = view.circles ? view.counts[id] : view.shown[id];
    const figures = shown.figures.length ? shown.figures : [null];
    return figures.map((figure) => {
      const [low, high] = (figure && rateInterval(atlas, figure)) ?? [null, null];
      return {
        target: { kind: "region", id },
        values: [
          region.name,
          region.id,
          figure?.value ?? null,
          round(figure?.rate ?? null),
          round(low),
          round(high),
          noteOf(atlas, shown, view),
          `${registerName(atlas, series.register)} · ${measureName(atlas, series.measure)}`,
          figure
            ? period(figure.period_start, figure.period_end)
            : period(series.period_start, series.period_end),
          figure ? sourceIds(atlas, figure.sources) : "",
          pick(data.registers[series.register].counts),
          region.people,
          [caveat(atlas), text(atlas, series.note)].filter(Boolean).join(" "),
          ...sourceCells(atlas, figure?.sources ?? []),
        ],
      };
    });
  });
  return { columns, rows };
}

const round = (value) => (value === null ? null : Number(value.toPrecision(6)));

function noteOf(atlas, shown, view) {
  const { t } = atlas;
  if (view.areas === "change") return changeText(atlas, shown, view);
  if (shown.state === "value" && !isUnstable(shown) && shown.figures[0].whole) return "";
  if (shown.state === "value")
    return shown.figures[0].whole
      ? t("fewer than 20 reports: the rate is unstable")
      : t("covers only part of the region");
  return shown.state === "zero" ? t("zero reported") : valueText(atlas, shown, view.series);
}

function flowTable(atlas) {
  const { data, state, t, period } = atlas;
  const columns = [
    ["origin", t("From")],
    ["destination", t("To")],
    ["evidence", t("Independent sources"), true],
    ["opposite", t("Sources of the opposite direction"), true],
    ["reports", t("Reports"), true],
    ["purposes", t("Purpose")],
    ["periods", t("Period")],
    ["note", t("Note")],
    ["flow_ids", null],
    ["source_ids", t("Sources")],
    ["caveat", null],
    ...SOURCE_COLUMNS,
  ];
  const pairs = state.layers.flows ? listedPairs(atlas, state.level) : [];
  const known = new Map(pairs.map((pair) => [`${pair.from} ${pair.to}`, pair.evidence]));
  const rows = rankPairs(atlas, pairs, Infinity, state.widthBy).map((pair) => {
    const flows = pair.flows.map((row) => data.flows[row]);
    const distinct = (values) => [...new Set(values)].filter(Boolean).join("; ");
    return {
      target: { kind: "pair", id: pair.id, level: state.level },
      values: [
        placeName(atlas, pair.from),
        placeName(atlas, pair.to),
        pair.evidence,
        pair.from === pair.to ? null : (known.get(`${pair.to} ${pair.from}`) ?? 0),
        flows.length,
        distinct(flows.map((flow) => purposeName(atlas, flow.purpose))),
        distinct(flows.map((flow) => period(flow.start, flow.end))),
        pair.drawn ? "" : t("not drawn: the place has no point"),
        flows.map((flow) => flow.id).join(" "),
        sourceIds(
          atlas,
          flows.map((flow) => flow.source),
        ),
        evidenceCaveat(atlas),
        ...sourceCells(
          atlas,
          flows.map((flow) => flow.source),
        ),
      ],
    };
  });
  return { columns, rows };
}

// What arrives at each place and what leaves it. Evidence, like all of it: a difference of sources is
// no balance of people.
function endTable(atlas) {
  const { state, t } = atlas;
  const pairs = state.layers.flows ? listedPairs(atlas, state.level) : [];
  const within = (pair) => pair.from === pair.to;
  const between = pairs.filter((pair) => !within(pair));
  const sides = [
    byEvidence(atlas, between, "to"),
    byEvidence(atlas, between, "from"),
    byEvidence(atlas, pairs.filter(within), "to"),
  ].map((list) => new Map(list.map((end) => [end.id, end])));
  const columns = [
    ["place", t("Place")],
    ["into", t("Sources of what arrives"), true],
    ["out", t("Sources of what leaves"), true],
    ["net", t("Difference"), true],
    ["within", t("Sources of what stays inside"), true],
    ["from_places", t("Places it comes from"), true],
    ["to_places", t("Places it goes to"), true],
    ["reports", t("Reports"), true],
    ["caveat", null],
  ];
  const rows = [...new Set(sides.flatMap((side) => [...side.keys()]))].map((id) => {
    const [into, out, inside] = sides.map((side) => side.get(id)?.evidence ?? 0);
    const { kind, region } = atlas.data.places[id];
    return {
      target:
        kind === "region" && region >= 0 ? { kind: "region", id: region } : { kind: "place", id },
      values: [
        placeName(atlas, id),
        into,
        out,
        into - out,
        inside,
        between.filter((pair) => pair.to === id).length,
        between.filter((pair) => pair.from === id).length,
        sides.reduce((sum, side) => sum + (side.get(id)?.reports ?? 0), 0),
        evidenceCaveat(atlas),
      ],
    };
  });
  const weight = ({ values }) => values[1] + values[2] + values[4];
  return { columns, rows: rows.sort((a, b) => weight(b) - weight(a)) };
}

function routeTable(atlas) {
  const { data, state, t } = atlas;
  const columns = [
    ["route", t("Itinerary")],
    ["stops", t("Stops")],
    ["means", t("Means of travel")],
    ["source_ids", t("Sources")],
    ...SOURCE_COLUMNS,
  ];
  const routes = state.layers.itineraries ? data.itineraries : [];
  const rows = routes.map((route, id) => ({
    target: { kind: "route", id },
    values: [
      `${placeName(atlas, route.stops[0])} – ${placeName(atlas, route.stops.at(-1))}`,
      route.stops.map((one) => placeName(atlas, one)).join(" – "),
      [...new Set(route.modes.map((mode) => modeName(atlas, mode || "unknown")))].join(", "),
      sourceIds(atlas, [route.source]),
      ...sourceCells(atlas, [route.source]),
    ],
  }));
  return { columns, rows };
}

// Computed, not reported: a table of its own, and every row says so.
function legTable(atlas) {
  const { data, state, pick, t } = atlas;
  const columns = [
    ["corridor", t("Leg")],
    ["basis", t("Basis")],
    ["way", t("Way")],
    ["means", t("Means of travel")],
    ["km", t("Kilometres"), true],
    ["hours", t("Hours"), true],
    ["expected_load", t("Expected load"), true],
    ["expected_low", t("Range from"), true],
    ["expected_high", t("Range to"), true],
    ["share_percent", t("% of all load"), true],
    ["load_kind", null],
    ["flows", t("Reported flows"), true],
    ["years", t("Years reported")],
    ["flow_ids", null],
    ["sources", t("Sources"), true],
    ["source_ids", null],
  ];
  const legs = hasCorridors(atlas) && state.layers.corridors ? data.corridors.legs : [];
  const rows = legs.map((leg, id) => {
    const flows = Array.from(legFlows(atlas, id), (row) => data.flows[row]);
    return {
      target: { kind: "corridor", id },
      values: [
        leg.name,
        t("inferred"),
        pick(leg.way),
        leg.modes.map((one) => modeName(atlas, one)).join(", "),
        leg.km,
        leg.hours,
        leg.load,
        leg.low,
        leg.high,
        Number((100 * leg.share).toFixed(2)),
        data.corridors.kind,
        flows.length,
        yearsText(leg),
        flows.map((flow) => flow.id).join(" "),
        new Set(flows.map((flow) => flow.source)).size,
        sourceIds(
          atlas,
          flows.map((flow) => flow.source),
        ),
      ],
    };
  });
  return { columns, rows };
}

// Numbers by size, texts by the alphabet; what has no value comes last either way.
export function sortRows(rows, column, down) {
  const compare = (a, b) => (typeof a === "number" ? a - b : String(a).localeCompare(String(b)));
  return [...rows].sort(({ values: one }, { values: other }) => {
    const [a, b] = [one[column], other[column]];
    const [noA, noB] = [a, b].map((value) => value === null || value === "");
    if (noA || noB) return noA - noB;
    return down ? compare(b, a) : compare(a, b);
  });
}

export function csvOf(table, mark) {
  return toCsv(cellsOf(table, mark));
}

// All rows and columns, those for a file only too, the first row with their names; each row with
// its mark, if there is one.
export function cellsOf({ columns, rows }, mark = "") {
  const [head, cell] = mark ? [["protection"], [mark]] : [[], []];
  return [
    [...columns.map(([id]) => id), ...head],
    ...rows.map(({ values }) => [...values, ...cell]),
  ];
}
