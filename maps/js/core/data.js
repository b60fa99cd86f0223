// The study of a map, read once, and the few look-ups that several parts need.

import { number } from "./i18n.js";
import { unpackPositions } from "./pack.js";
import { groupPairs, listFlows, unpackFlows } from "./pairs.js";

// `flows` become a list of rows over packed `columns`, and `levels` their pairs at each level, made
// when they are first asked for.
export function readData(raw) {
  const study = { ...raw };
  if (study.nodes) {
    study.columns = unpackFlows(study.flows);
    study.flows = listFlows(study.columns);
    study.origins = originNumbers(study.sources);
    study.levels = {};
    for (const level of [...Object.keys(study.nodes), "place"]) addLevel(study, level);
  }
  return study;
}

function addLevel(study, level) {
  let pairs = null;
  const make = () =>
    groupPairs(
      study.columns,
      level === "place" ? null : unpackPositions(study.nodes[level]),
      study.places,
      study.origins,
    );
  Object.defineProperty(study.levels, level, { enumerable: true, get: () => (pairs ??= make()) });
}

// For each source the number of the publication it goes back to.
function originNumbers(sources) {
  const numbers = new Map(sources.map((source, n) => [source.id, n]));
  const others = new Map();
  return sources.map(({ origin }) => {
    if (numbers.has(origin)) return numbers.get(origin);
    if (!others.has(origin)) others.set(origin, sources.length + others.size);
    return others.get(origin);
  });
}

export function classColours(atlas, n) {
  const chosen = { 1: [2], 2: [1, 3], 3: [0, 2, 4], 4: [0, 1, 3, 4] }[n] ?? [0, 1, 2, 3, 4];
  return chosen.map((i) => atlas.colours.classes[i]);
}

// Number of the class of a value: the first whose upper bound it does not exceed.
export function classOf(value, breaks) {
  const found = breaks.findIndex((bound) => value <= bound + 1e-9);
  return found < 0 ? breaks.length - 1 : found;
}

// The figures of one region in one series.
export function figuresOf(atlas, series, region) {
  const index = atlas.recall("figures", [atlas.data], () => indexFigures(atlas));
  return index.get(`${series} ${region}`) ?? [];
}

function indexFigures(atlas) {
  const index = new Map();
  for (const figure of atlas.data.figures) {
    if (figure.level !== "region") continue;
    const key = `${figure.series} ${figure.region}`;
    if (!index.has(key)) index.set(key, []);
    index.get(key).push(figure);
  }
  return index;
}

// What a region shows in a series: { state: value | zero | nodata | withheld | partial | nopeople | disputed }.
export function shownValue(atlas, series, region, show) {
  const told = figuresOf(atlas, series, region);
  if (!told.length)
    return { state: atlas.data.series[series]?.withheld ? "withheld" : "nodata", figures: [] };
  const figure = told.find((f) => f.shown);
  if (!figure) return { state: "disputed", figures: told };
  const value = show === "rate" ? figure.rate : figure.value;
  const figures = [figure];
  if (value === null) return { state: figure.whole ? "nopeople" : "partial", figures };
  return { state: value === 0 ? "zero" : "value", value, figures };
}

// What stands across a map of own counts as they are; empty for any other.
export function internalMark({ data, t }) {
  return data.study.protection?.mode === "internal" ? t("Internal: not to be handed on") : "";
}

// How own counts were treated, for every row that leaves the page; empty where all is public.
export function protectionMark({ data, pick }) {
  const { protection } = data.study;
  return protection ? pick(data.texts[protection.mark]) : "";
}

export function placeName(atlas, place) {
  const { data, pick } = atlas;
  return pick(data.places[place].name);
}

export function measureText(atlas, measure, n) {
  const { tn } = atlas;
  if (measure === "complaints") return tn("{n} reported complaint", "{n} reported complaints", n);
  if (measure === "records") return tn("{n} record of a victim", "{n} records of victims", n);
  if (measure === "victims")
    return tn("{n} person reported as a victim", "{n} people reported as victims", n);
  return tn("{n} person reported as rescued", "{n} people reported as rescued", n);
}

export function measureName(atlas, measure) {
  const { t } = atlas;
  if (measure === "complaints") return t("Reported complaints");
  if (measure === "records") return t("Records of victims");
  if (measure === "victims") return t("People reported as victims");
  return t("People reported as rescued");
}

export function purposeName(atlas, purpose) {
  const { t } = atlas;
  const names = {
    all: "",
    "": t("purpose not stated"),
    unknown: t("purpose not stated"),
    mixed: t("several purposes"),
    sexual: t("sexual exploitation"),
    labour: t("labour exploitation"),
    broader: t("related crimes included"),
  };
  return Object.hasOwn(names, purpose) ? names[purpose] : purpose;
}

export function modeName(atlas, mode) {
  const { t } = atlas;
  const names = {
    road: t("by road"),
    river: t("by river"),
    air: t("by air"),
    border: t("across the border"),
    unknown: t("means not stated"),
  };
  return Object.hasOwn(names, mode) ? names[mode] : mode;
}

export function rateText(atlas, rate) {
  const { t } = atlas;
  return t("{rate} per 100,000 people and year", { rate: number(rate, rate < 10 ? 2 : 1) });
}

export function registerName(atlas, register) {
  const { data, pick } = atlas;
  return Object.hasOwn(data.registers, register) ? pick(data.registers[register].name) : register;
}

// The period of a series, and that its last year is not complete where a source says so.
export function seriesPeriod(atlas, { period_start: start, period_end: end, partial }) {
  const { t, period } = atlas;
  const when = period(start, end);
  return partial ? `${when} (${t("{year} partial", { year: end.slice(0, 4) })})` : when;
}

export function sourceLabel(atlas, source) {
  const row = atlas.data.sources[source];
  const publisher = row.publisher.replace(/ \(.*\)$/, "");
  const short = publisher.length > 34 ? `${publisher.slice(0, 33)}…` : publisher;
  return row.date ? `${short}, ${row.date.slice(0, 4)}` : short;
}

export function text(atlas, index) {
  const { data, pick } = atlas;
  return index === null || index === undefined ? "" : pick(data.texts[index]);
}
