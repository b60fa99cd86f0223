// Which flows are on the map: one answer for the drawing, the legend, the panel and the table.

import { data } from "./data.js";
import { NO_FILTERS, state } from "./state.js";

const remembered = new Map(); // level -> { key, answer }

// The pairs of a level ("region" or "place") to draw, each { id, from, to, evidence, flows, drawn }
// with the evidence and the flows that the filters leave, and what they stand for:
// flows and evidence { drawn, kept, all } (kept: drawn or without a spot on the map), share of the
// evidence drawn, and how many flows are missing because they state no period.
// `id` is the position of the pair in data.levels[level].
export function visiblePairs(level) {
  const key = JSON.stringify([state.filters, state.period, state.focus]);
  const known = remembered.get(level);
  if (known?.key === key && known.source === data) return known.answer;
  const answer = choosePairs(level, state);
  remembered.set(level, { key, source: data, answer });
  return answer;
}

export function choosePairs(level, { filters = NO_FILTERS, period = null, focus = null }) {
  const all = data.levels[level];
  const wanted = flowTest(filters, period);
  const place = directionTest(filters.direction, focus);
  let pairs = [];
  all.forEach((pair, id) => {
    if (!place(pair)) return;
    const flows = wanted ? pair.flows.filter(wanted) : pair.flows;
    if (!flows.length) return;
    const evidence = flows === pair.flows ? pair.evidence : countEvidence(flows);
    if (evidence >= filters.grade) pairs.push({ ...pair, id, flows, evidence });
  });
  const kept = pairs;
  if (filters.top > 0 && pairs.length > filters.top) pairs = strongest(pairs, filters.top);
  const drawn = pairs.filter((pair) => pair.drawn);
  return {
    pairs,
    flows: { drawn: flowsIn(drawn), kept: flowsIn(kept), all: flowsIn(all) },
    evidence: { drawn: evidenceIn(drawn), kept: evidenceIn(kept), all: evidenceIn(all) },
    share: evidenceIn(all) ? evidenceIn(drawn) / evidenceIn(all) : 1,
    undated: period && !filters.undated ? data.flows.filter((f) => !f.start && !f.end).length : 0,
  };
}

// How many filters are set, not counting the place in focus and the period.
export function activeFilters({ filters }) {
  return Object.keys(NO_FILTERS).filter(
    (name) => name !== "undated" && filters[name] !== NO_FILTERS[name],
  ).length;
}

// Independent publications: retellings of one report count once.
export function countEvidence(flows) {
  return new Set(flows.map((flow) => data.sources[data.flows[flow].source].origin)).size;
}

export function overlaps(flow, [start, end]) {
  return (!flow.start || flow.start <= end) && (!flow.end || flow.end >= start);
}

function flowTest({ purpose, publisher, undated }, period) {
  if (purpose === null && publisher === null && !period) return null;
  return (id) => {
    const flow = data.flows[id];
    if (purpose !== null && flow.purpose !== purpose) return false;
    if (publisher !== null && data.sources[flow.source].publisher !== publisher) return false;
    if (!period) return true;
    return flow.start || flow.end ? overlaps(flow, period) : undated;
  };
}

function directionTest(direction, focus) {
  const region = (place) => data.places[place].region;
  const inside = (place) =>
    focus.kind === "region" ? region(place) === focus.id : place === focus.id;
  const tests = focus && {
    all: ({ from, to }) => inside(from) || inside(to),
    in: ({ from, to }) => inside(to) && !inside(from),
    out: ({ from, to }) => inside(from) && !inside(to),
    within: ({ from, to }) => inside(from) && inside(to),
  };
  const local = ({ from, to }) => region(from) >= 0 && region(from) === region(to);
  const anywhere = {
    within: local,
    between: ({ from, to }) => region(from) >= 0 && region(to) >= 0 && !local({ from, to }),
    border: ({ from, to }) => abroad(from) !== abroad(to),
  };
  const near = tests ? (tests[direction] ?? tests.all) : null;
  const far = near && direction in tests ? null : anywhere[direction];
  return (pair) => (!near || near(pair)) && (!far || far(pair));
}

// A place across the border: outside all regions, and not an area such as "the coast".
function abroad(place) {
  const { region, kind } = data.places[place];
  return region < 0 && kind !== "area";
}

// Those with most evidence, in the order in which they came.
function strongest(pairs, top) {
  const ranked = [...pairs].sort((a, b) => b.evidence - a.evidence || a.id - b.id).slice(0, top);
  return ranked.sort((a, b) => a.id - b.id);
}

function flowsIn(pairs) {
  return pairs.reduce((sum, pair) => sum + pair.flows.length, 0);
}

function evidenceIn(pairs) {
  return pairs.reduce((sum, pair) => sum + pair.evidence, 0);
}
