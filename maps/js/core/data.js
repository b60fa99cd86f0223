// The data block of the page, read once, and the few look-ups that several parts need.

import { pick, t, tn, number } from "./i18n.js";
import { unpackPositions } from "./pack.js";
import { groupPairs, listFlows, unpackFlows } from "./pairs.js";

export let data = null;
let figureIndex = null;

// `flows` become a list of rows over packed `columns`, and `levels` their pairs at each level, made
// when they are first asked for.
export function readData(text) {
  data = JSON.parse(text);
  figureIndex = null;
  if (data.nodes) {
    data.columns = unpackFlows(data.flows);
    data.flows = listFlows(data.columns);
    data.origins = originNumbers();
    data.levels = {};
    for (const level of [...Object.keys(data.nodes), "place"]) addLevel(level);
  }
  return data;
}

function addLevel(level) {
  let pairs = null;
  const make = () =>
    groupPairs(
      data.columns,
      level === "place" ? null : unpackPositions(data.nodes[level]),
      data.places,
      data.origins,
    );
  Object.defineProperty(data.levels, level, { enumerable: true, get: () => (pairs ??= make()) });
}

// For each source the number of the publication it goes back to.
function originNumbers() {
  const numbers = new Map(data.sources.map((source, n) => [source.id, n]));
  const others = new Map();
  return data.sources.map(({ origin }) => {
    if (numbers.has(origin)) return numbers.get(origin);
    if (!others.has(origin)) others.set(origin, data.sources.length + others.size);
    return others.get(origin);
  });
}

// The colours of the canvas and of pictures in the cards; theme.js puts the dark ones in their place.
export const COLOURS = {
  sea: "#dfe8ec",
  land: "#f1efe9",
  coast: "#c9c6bc",
  border: "#ffffff",
  ink: "#23303a",
  muted: "#66727b",
  classes: ["#dfe8c2", "#a4cab0", "#6fafaa", "#3a8596", "#154f6c"],
  flow: "#3c1f52",
  itinerary: "#b3560b",
  casing: "#ffffff",
  water: "#8fb0bf",
  lake: "#d3e1e7",
  waterName: "#4a6c7b",
  zero: "#ffffff",
  empty: "#f7f5ef",
  nodata: "#f4f2ec",
  hatch: "#c3bfb3",
  quiet: "#b9b5a8",
  dots: "#6fafaa",
  swatch: "#8a9398",
  country: "#8f8c82",
  seaName: "#7f9aa6",
  halo: "rgba(255, 255, 255, 0.85)",
  less: ["#bcd5ea", "#4f86b8"],
  more: ["#ecd6a4", "#b9853a"],
  same: "#ebe8e0",
  circle: "#2a4b63",
  road: "#a79c8a",
  corridor: "#f3e3a4",
  corridorHatch: "#75631b",
};

export function classColours(n) {
  const chosen = { 1: [2], 2: [1, 3], 3: [0, 2, 4], 4: [0, 1, 3, 4] }[n] ?? [0, 1, 2, 3, 4];
  return chosen.map((i) => COLOURS.classes[i]);
}

// Number of the class of a value: the first whose upper bound it does not exceed.
export function classOf(value, breaks) {
  const found = breaks.findIndex((bound) => value <= bound + 1e-9);
  return found < 0 ? breaks.length - 1 : found;
}

// The figures of one region in one series.
export function figuresOf(series, region) {
  figureIndex ??= indexFigures();
  return figureIndex.get(`${series} ${region}`) ?? [];
}

function indexFigures() {
  const index = new Map();
  for (const figure of data.figures) {
    if (figure.level !== "region") continue;
    const key = `${figure.series} ${figure.region}`;
    if (!index.has(key)) index.set(key, []);
    index.get(key).push(figure);
  }
  return index;
}

// What a region shows in a series: { state: value | zero | nodata | withheld | partial | nopeople | disputed }.
export function shownValue(series, region, show) {
  const told = figuresOf(series, region);
  if (!told.length) return { state: "nodata", figures: [] };
  if (told.some((f) => f.withheld)) return { state: "withheld", figures: [] };
  const figure = told.find((f) => f.shown);
  if (!figure) return { state: "disputed", figures: told };
  const value = show === "rate" ? figure.rate : figure.value;
  const figures = [figure];
  if (value === null) return { state: figure.whole ? "nopeople" : "partial", figures };
  return { state: value === 0 ? "zero" : "value", value, figures };
}

export function placeName(place) {
  return pick(data.places[place].name);
}

export function measureText(measure, n) {
  if (measure === "complaints") return tn("{n} reported complaint", "{n} reported complaints", n);
  if (measure === "victims")
    return tn("{n} person reported as a victim", "{n} people reported as victims", n);
  return tn("{n} person reported as rescued", "{n} people reported as rescued", n);
}

export function measureName(measure) {
  if (measure === "complaints") return t("Reported complaints");
  if (measure === "victims") return t("People reported as victims");
  return t("People reported as rescued");
}

export function purposeName(purpose) {
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

export function modeName(mode) {
  const names = {
    road: t("by road"),
    river: t("by river"),
    air: t("by air"),
    border: t("across the border"),
    unknown: t("means not stated"),
  };
  return Object.hasOwn(names, mode) ? names[mode] : mode;
}

export function rateText(rate) {
  return t("{rate} per 100,000 people and year", { rate: number(rate, rate < 10 ? 2 : 1) });
}

export function registerName(register) {
  return Object.hasOwn(data.registers, register) ? pick(data.registers[register].name) : register;
}

export function sourceLabel(source) {
  const row = data.sources[source];
  const publisher = row.publisher.replace(/ \(.*\)$/, "");
  const short = publisher.length > 34 ? `${publisher.slice(0, 33)}…` : publisher;
  return row.date ? `${short}, ${row.date.slice(0, 4)}` : short;
}

export function text(index) {
  return index === null || index === undefined ? "" : pick(data.texts[index]);
}
