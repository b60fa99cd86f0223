// What the regions show now: the value of each, and by which breaks and colours.

import { comparePoisson, holm, isSure } from "./chance.js";
import { classColours, classOf, shownValue } from "./data.js";

const MOST_CLASSES = 5;
const WIDEST = 32; // radius of the largest circle, in pixels
const LINE_PX = 9; // between two numbers of the legend
const ROOMY = 30; // so many units have room for circles of that size
const UNSTABLE = 20; // as geodata/chance.py says
const HALVED = 0.5;
const DOUBLED = 2;

// { series, areas, circles, shown, counts, breaks, colours, base }: `areas` says what colours the
// regions ("rate", "count", "change" or null); `shown` is what each region shows in that, `counts`
// what its circle shows.
export function regionView(atlas) {
  const { data, state } = atlas;
  const { series, show, ground, scheme, classes, bounds, base, layers } = state;
  const key = [data, series, show, ground, scheme, classes, bounds, base, layers.regions];
  const view = atlas.recall("regions", key, () => build(atlas));
  // The colours change with the theme.
  return {
    ...view,
    colours: view.areas === "change" ? [] : classColours(atlas, view.breaks.length),
  };
}

function build(atlas) {
  const { data, state } = atlas;
  const { series: index, show, ground } = state;
  const series = data.series[index] ?? null;
  const plain = { series, index, areas: null, circles: false, breaks: [], base: null, counts: [] };
  if (!series)
    return { ...plain, shown: data.regions.map(() => ({ state: "nodata", figures: [] })) };
  if (show === "change") return { ...plain, areas: "change", ...changeView(atlas, index) };
  const circles = show === "count" && ground !== "count";
  const areas = show === "count" && ground === "count" ? "count" : "rate";
  const valuesOf = (what) => data.regions.map((_, id) => shownValue(atlas, index, id, what));
  const counts = circles ? valuesOf("count") : [];
  const found = valuesOf(areas);
  // Under circles a ground of which nothing is known would only be noise.
  const bare = circles && (ground === "plain" || !found.some(hasNumber));
  const shown = bare ? counts : found;
  const breaks = breaksOf(atlas, index, areas);
  return { ...plain, areas: bare ? null : areas, circles, shown, counts, breaks };
}

const hasNumber = ({ state }) => state === "value" || state === "zero";

// Upper bounds of the classes; above the last there is nothing.
export function breaksOf(atlas, index, show) {
  const { data, state } = atlas;
  const series = data.series[index];
  const family = data.families[series.family];
  const shared = state.classes === "shared";
  if (state.scheme !== "manual") return (shared ? family : series).breaks[show][state.scheme];
  const bounds = manualBounds(atlas, show);
  const most = Math.max(0, ...(shared ? family : series).breaks[show].equal);
  return most > bounds[bounds.length - 1] ? [...bounds, most] : bounds;
}

// The bounds the reader gave, else those of the study, else round ones near the quantiles.
export function manualBounds(atlas, show) {
  const { data, state } = atlas;
  if (state.bounds?.length) return state.bounds;
  if (data.study.classes?.[show]?.length) return data.study.classes[show];
  const { family } = data.series[state.series];
  const quantiles = data.families[family].breaks[show].quantiles.slice(0, -1);
  return [...new Set(quantiles.map(rounded))].filter((n) => n > 0).slice(0, MOST_CLASSES - 1);
}

function rounded(value) {
  if (value <= 0) return 0;
  const step = 10 ** Math.floor(Math.log10(value));
  return Number((Math.round(value / step) * step).toPrecision(2));
}

// Numbers as people write them, "0.5; 1; 2,5", or null if these are no ascending bounds.
export function readBounds(text) {
  const separator = /[;\n]|\s+/;
  const parts = text
    .split(separator)
    .flatMap((part) => (/^\d+(,\d+){2,}$/.test(part) ? part.split(",") : part));
  const numbers = parts
    .filter((part) => part.trim() !== "")
    .map((part) => Number(part.replace(",", ".").replace(/[,;]$/, "").replace(/\.$/, "")));
  const good =
    numbers.length > 0 &&
    numbers.length < MOST_CLASSES &&
    numbers.every((n, i) => Number.isFinite(n) && n > (i ? numbers[i - 1] : 0));
  return good ? numbers : null;
}

export function isUnstable(shown) {
  return (
    shown.state === "value" && shown.figures[0].rate !== null && shown.figures[0].value < UNSTABLE
  );
}

// The interval of a rate: that of its count, over the same people and months.
export function rateInterval(atlas, figure) {
  if (!figure.interval || figure.rate === null) return null;
  if (figure.value > 0) return figure.interval.map((bound) => (bound / figure.value) * figure.rate);
  const { people } = atlas.data.regions[figure.region];
  return figure.interval.map((n) => ((n / people) * 1200000) / monthsOf(figure));
}

export function monthsOf({ period_start: start, period_end: end }) {
  const [a, b] = [start, end].map(
    (text) => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7)),
  );
  return b - a + 1;
}

// Series that count the same thing (one family: register, measure and purpose) for another time, both
// whole or both incomplete: a year that still grows would look like a fall.
export function comparableSeries(atlas, index) {
  const { data } = atlas;
  const series = data.series[index];
  return data.series.flatMap((other, n) =>
    other.family === series.family &&
    Boolean(other.partial) === Boolean(series.partial) &&
    (other.period_end < series.period_start || other.period_start > series.period_end) &&
    data.regions.some((_, id) => hasRate(atlas, index, id) && hasRate(atlas, n, id))
      ? [n]
      : [],
  );
}

// All pairs of periods of one length that can be compared: { from, to, common }, the earlier first and
// with how many regions.
export function comparablePairs(atlas) {
  const { series, regions } = atlas.data;
  const both = (from, to) => (_, id) => hasRate(atlas, from, id) && hasRate(atlas, to, id);
  return atlas.recall("comparable", [atlas.data], () =>
    series.flatMap((one, to) =>
      one.covered
        ? comparableSeries(atlas, to)
            .filter((n) => series[n].period_end < one.period_start)
            .filter((n) => monthsOf(series[n]) === monthsOf(one))
            .map((from) => ({ from, to, common: regions.filter(both(from, to)).length }))
        : [],
    ),
  );
}

const hasRate = (atlas, index, id) =>
  hasNumber(shownValue(atlas, index, id, "rate"));

// The period to compare with: the reader's choice, else the nearest of those that have at least half
// as many regions in common as the best; of equally near ones the one as long, then the earlier.
export function baseSeries(atlas, index) {
  const { data, state } = atlas;
  const others = comparableSeries(atlas, index);
  if (others.includes(state.base)) return state.base;
  const series = data.series[index];
  const ranked = others.map((n) => {
    const other = data.series[n];
    const both = (_, id) => hasRate(atlas, index, id) && hasRate(atlas, n, id);
    const before = other.period_end < series.period_start;
    const [first, second] = before ? [other, series] : [series, other];
    return {
      n,
      before,
      common: data.regions.filter(both).length,
      gap: monthsOf({ period_start: first.period_end, period_end: second.period_start }),
      longer: Math.abs(monthsOf(other) - monthsOf(series)),
    };
  });
  const most = Math.max(0, ...ranked.map(({ common }) => common));
  const near = ranked.filter(({ common }) => 2 * common >= most);
  near.sort((a, b) => a.gap - b.gap || a.longer - b.longer || b.before - a.before);
  return near.length ? near[0].n : null;
}

// From the earlier to the later of both periods.
function changeView(atlas, index) {
  const { data } = atlas;
  const base = baseSeries(atlas, index);
  if (base === null)
    return { shown: data.regions.map(() => ({ state: "nodata", figures: [] })), span: null };
  const later = data.series[base].period_start < data.series[index].period_start;
  const [from, to] = later ? [base, index] : [index, base];
  const shown = data.regions.map((_, id) => {
    const [before, after] = [from, to].map((n) => shownValue(atlas, n, id, "rate"));
    const bad = [after, before].find((s) => s.state !== "value" && s.state !== "zero");
    if (bad) return { ...bad, figures: after.figures };
    const [a, b] = [before.figures[0], after.figures[0]];
    const p = comparePoisson(a.value, b.value, monthsOf(a), monthsOf(b));
    return { state: "change", value: b.rate / a.rate, before: a, figures: [b], p };
  });
  const tested = shown.filter((s) => s.state === "change");
  holm(tested.map((s) => s.p)).forEach((p, i) => Object.assign(tested[i], { p, sure: isSure(p) }));
  return { shown, base, span: [from, to], tested: tested.length };
}

// Which of the five looks of change: -2 halved or less, -1 less, 0 no more than chance, 1, 2.
export function changeStep({ sure, value }) {
  if (!sure) return 0;
  if (value <= HALVED) return -2;
  if (value < 1) return -1;
  return value < DOUBLED ? 1 : 2;
}

export function changeColour(atlas, step) {
  const { less, more, same } = atlas.colours;
  return { "-2": less[1], "-1": less[0], 0: same, 1: more[0], 2: more[1] }[step];
}

export function fillOf(atlas, view, id) {
  const shown = view.shown[id];
  if (shown.state === "change") return changeColour(atlas, changeStep(shown));
  if (shown.state === "value") {
    if (!view.areas) return atlas.colours.empty;
    const place = classOf(shown.value, view.breaks);
    return isUnstable(shown) && view.areas === "rate"
      ? `url(#unstable-${place})`
      : view.colours[place];
  }
  if (!view.series) return atlas.colours.empty; // the study has no figures: nothing is missing
  if (shown.state === "zero") return atlas.colours.zero;
  return `url(#fill-${shown.state === "nopeople" ? "partial" : shown.state})`;
}

// Circles have areas true to their counts, on one scale for all periods of a register.
export function circleRadius(atlas, value) {
  const { data, state } = atlas;
  const series = data.series[state.series];
  const most = series ? data.families[series.family].most : 0;
  // Where units are many, smaller, so that circles stand apart; never a dot that nobody sees.
  const widest = WIDEST * Math.min(1, Math.max(0.2, (ROOMY / data.regions.length) ** 0.7));
  return most > 0 && value > 0 ? widest * Math.sqrt(value / most) : 0;
}

// The circle of a region as it is drawn now, 0 where there is none.
export function radiusOf(atlas, region) {
  if (!atlas.state.layers.regions || region < 0) return 0;
  const { circles, counts } = regionView(atlas);
  return circles && counts[region].state === "value"
    ? circleRadius(atlas, counts[region].value)
    : 0;
}

// Two or three round counts for the legend, the highest near the largest circle.
export function circleSteps(atlas) {
  const { data, state } = atlas;
  const { most } = data.families[data.series[state.series].family];
  const rounds = [];
  for (let unit = 1; unit <= most; unit *= 10)
    for (const n of [unit, 2 * unit, 5 * unit]) if (n <= most) rounds.push(n);
  const large = rounds[rounds.length - 1];
  const steps = [
    ...new Set([0.04, 0.25, 1].map((part) => rounds.filter((n) => n <= part * large).pop())),
  ].filter(Boolean);
  // Of small circles those only whose numbers find room one above the other.
  const top = (n) => 2 * circleRadius(atlas, n);
  const kept = steps.slice(-1);
  for (const n of steps.toReversed()) if (top(kept[0]) - top(n) >= LINE_PX) kept.unshift(n);
  return kept;
}
