// Which flows are on the map: one answer for the drawing, the legend, the panel and the table.

import { filterPairs, isAbroad, strength } from "./pairs.js";
import { NO_FILTERS } from "./state.js";

// More arrows than this nobody can read at once: a map opens with the strongest, and says so.
export const MOST_OPEN = 100;
// More than this are a blot, however fast they are drawn.
export const MOST_DRAWN = 1000;

// The pairs of a level ("region" or "place") to draw, each { id, from, to, evidence, flows, drawn }
// with the evidence and the flows that the filters leave, and what they stand for:
// flows and evidence { drawn, kept, all } (kept: drawn or without a spot on the map), share of the
// evidence drawn, how many flows are missing because they state no period, and how many because they
// have no number of the kind by which the strongest are asked for; `faint`: the ids of those to draw
// as hairlines; `rest`: how many have too few sources to be drawn unasked; `limit`: how many of the
// strongest are drawn because more would be too many, or null.
// `id` is the position of the pair in data.levels[level].
export function visiblePairs(atlas, level) {
  const { data, state } = atlas;
  const { filters, period, focus, widthBy, main, rest, selected } = state;
  const choices = [filters, period, focus, widthBy, main, rest, main > 1 ? selected : null];
  return atlas.recall(`pairs ${level}`, [data, JSON.stringify(choices)], () =>
    choosePairs(atlas, level, state),
  );
}

// The pairs that the filters leave, whether the map draws all of them or only the main ones.
export function listedPairs(atlas, level) {
  const { data, state } = atlas;
  const { filters, period, focus, widthBy } = state;
  const choices = { filters, period, focus, widthBy, most: MOST_DRAWN };
  return atlas.recall(`listed ${level}`, [data, JSON.stringify(choices)], () =>
    choosePairs(atlas, level, choices),
  ).pairs;
}

// The pairs for lists: as reported in the period, for the purpose and by the publisher asked for,
// wherever they are and however many.
export function toldPairs(atlas, level) {
  const { data, state } = atlas;
  const { purpose, publisher, undated } = state.filters;
  const filters = { ...NO_FILTERS, purpose, publisher, undated, top: Infinity };
  const key = [data, JSON.stringify([filters, state.period])];
  return atlas.recall(`all pairs ${level}`, key, () =>
    choosePairs(atlas, level, { filters, period: state.period }),
  ).pairs;
}

// The strongest are those with most of what the width shows.
export function choosePairs(atlas, level, choice) {
  const { data } = atlas;
  const { filters = NO_FILTERS, period = null, focus = null, widthBy = "evidence" } = choice;
  const { main = 1, rest = false, selected = null, most = MOST_OPEN } = choice;
  const all = data.levels[level];
  const keep = flowTest(atlas, filters, period);
  let pairs = all;
  if (focus || filters.direction !== "all")
    pairs = pairs.filter(directionTest(atlas, filters.direction, focus));
  if (keep) pairs = filterPairs(pairs, keep, data.columns, data.origins);
  if (filters.grade > 1) pairs = pairs.filter((pair) => pair.evidence >= filters.grade);
  const kept = pairs;
  if (filters.top > 0 && widthBy !== "evidence")
    pairs = pairs.filter((pair) => strength(pair, widthBy, data.columns));
  const unranked = sumOf(kept).flows - sumOf(pairs).flows;
  const [front, back] = splitMain(atlas, pairs, level, { main, focus, filters, selected });
  pairs = rest ? pairs : front;
  const limit = filters.top > 0 ? filters.top : most;
  const limited = pairs.length > limit;
  if (limited) pairs = strongest(atlas, pairs, limit, widthBy);
  const drawn = pairs.every((pair) => pair.drawn) ? pairs : pairs.filter((pair) => pair.drawn);
  const [a, b, c] = [sumOf(drawn), sumOf(kept), sumOf(all)];
  return {
    pairs,
    flows: { drawn: a.flows, kept: b.flows, all: c.flows },
    evidence: { drawn: a.evidence, kept: b.evidence, all: c.evidence },
    share: c.evidence ? a.evidence / c.evidence : 1,
    undated: period && !filters.undated ? undatedFlows(atlas) : 0,
    unranked,
    faint: new Set(back.map(({ id }) => id)),
    rest: back.filter((pair) => pair.drawn).length,
    limit: limited && !filters.top ? limit : null,
  };
}

// The main pairs and the rest: those with fewer sources than the study's map opens with. A reader who
// asks for a place, a grade or a number of flows gets all of them; what is chosen is never hidden.
function splitMain(atlas, pairs, level, { main, focus, filters, selected }) {
  if (main <= 1 || focus || filters.grade > 1 || filters.top > 0) return [pairs, []];
  const mine = touches(atlas, level, selected);
  const isMain = (pair) => pair.evidence >= main || mine(pair);
  const front = pairs.filter(isMain);
  if (!pairs.some((pair) => pair.evidence >= main)) return [pairs, []];
  return [front, pairs.filter((pair) => !isMain(pair))];
}

function touches(atlas, level, selected) {
  const { places, levels } = atlas.data;
  if (selected?.kind === "region")
    return ({ from, to }) =>
      places[from].region === selected.id || places[to].region === selected.id;
  if (selected?.kind === "place")
    return ({ from, to }) => from === selected.id || to === selected.id;
  if (selected?.kind !== "pair") return () => false;
  if (selected.level === level) return ({ id }) => id === selected.id;
  const rows = new Set(levels[selected.level][selected.id].rows);
  return (pair) => pair.rows.some((row) => rows.has(row));
}

function undatedFlows(atlas) {
  const { start, end } = atlas.data.columns;
  let n = 0;
  for (let row = 0; row < atlas.data.columns.count; row += 1)
    if (!start.at(row) && !end.at(row)) n += 1;
  return n;
}

// How many filters are set, not counting the place in focus and the period.
export function activeFilters({ filters }) {
  return Object.keys(NO_FILTERS).filter(
    (name) => name !== "undated" && filters[name] !== NO_FILTERS[name],
  ).length;
}

// Independent publications: retellings of one report count once.
export function countEvidence(atlas, flows) {
  return new Set(flows.map((flow) => atlas.data.sources[atlas.data.flows[flow].source].origin))
    .size;
}

export function overlaps(flow, [start, end]) {
  return (!flow.start || flow.start <= end) && (!flow.end || flow.end >= start);
}

// One number a flow, 0 where the filters leave it out; null where they leave out none. What the
// distinct values of a column mean is asked once each, so that this is quick for any number of flows.
function flowTest(atlas, { purpose, publisher, undated }, period) {
  if (purpose === null && publisher === null && !period) return null;
  const { columns, sources } = atlas.data;
  const keep = new Uint8Array(columns.count).fill(1);
  const leave = (codes, good) => {
    for (let row = 0; row < keep.length; row += 1) if (!good[codes[row]]) keep[row] = 0;
  };
  if (purpose !== null)
    leave(
      columns.purpose.codes,
      columns.purpose.words.map((p) => p === purpose),
    );
  if (publisher !== null)
    leave(
      columns.source,
      sources.map((s) => s.publisher === publisher),
    );
  for (let row = 0; period && row < keep.length; row += 1) {
    const [start, end] = [columns.start.at(row), columns.end.at(row)];
    if (start || end ? !overlaps({ start, end }, period) : !undated) keep[row] = 0;
  }
  return keep;
}

function directionTest(atlas, direction, focus) {
  const region = (place) => atlas.data.places[place].region;
  // Which of the places in focus a place belongs to, -1 for none.
  const owner = (place) =>
    focus.findIndex(({ kind, id }) => (kind === "region" ? region(place) : place) === id);
  const tests = focus && {
    all: ({ from, to }) => owner(from) >= 0 || owner(to) >= 0,
    in: ({ from, to }) => owner(to) >= 0 && owner(to) !== owner(from),
    out: ({ from, to }) => owner(from) >= 0 && owner(to) !== owner(from),
    within: ({ from, to }) => owner(from) >= 0 && owner(to) === owner(from),
  };
  const local = ({ from, to }) => region(from) >= 0 && region(from) === region(to);
  const anywhere = {
    within: local,
    between: ({ from, to }) =>
      !isAbroad(atlas.data.places[from]) &&
      !isAbroad(atlas.data.places[to]) &&
      !local({ from, to }),
    border: ({ from, to }) => abroad(atlas, from) !== abroad(atlas, to),
  };
  const near = tests ? (tests[direction] ?? tests.all) : null;
  const far = near && direction in tests ? null : anywhere[direction];
  return (pair) => (!near || near(pair)) && (!far || far(pair));
}

// A place across the border: outside all regions, and not an area such as "the coast".
function abroad(atlas, place) {
  return isAbroad(atlas.data.places[place]) && atlas.data.places[place].kind !== "area";
}

// Those with most of what the width shows, in the order in which they came.
function strongest(atlas, pairs, top, by) {
  return rankPairs(atlas, pairs, top, by).sort((a, b) => a.id - b.id);
}

// The first so many by what a width can show, without sorting all the others. Those that have no such
// value come last.
export function rankPairs(atlas, pairs, top, by = "evidence") {
  const valueOf = (pair) =>
    by === "evidence" ? pair.evidence : (strength(pair, by, atlas.data.columns)?.[1] ?? -1);
  const values = Float64Array.from(pairs, valueOf);
  const least = pairs.length > top ? values.slice().sort()[pairs.length - top] : -1;
  return [...pairs.keys()]
    .filter((n) => values[n] >= least)
    .sort((a, b) => values[b] - values[a] || pairs[a].id - pairs[b].id)
    .slice(0, top)
    .map((n) => pairs[n]);
}

// Flows and evidence of a list of pairs, which is added up once.
const sums = new WeakMap();
function sumOf(pairs) {
  if (!sums.has(pairs)) {
    const sum = { flows: 0, evidence: 0 };
    for (const { rows, evidence } of pairs) {
      sum.flows += rows.length;
      sum.evidence += evidence;
    }
    sums.set(pairs, sum);
  }
  return sums.get(pairs);
}
