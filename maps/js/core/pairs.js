// Flows as columns, and gathered by origin and destination at each level of the hierarchy.

import { Column, Ids, unpackPositions } from "./pack.js";

// Whether a place lies outside the country (or is an area); -2 is one in a unit that is not drawn.
export const isAbroad = ({ region }) => region === -1;

// One reported flow; its values stay in the columns.
class Flow {
  constructor(columns, row) {
    this.columns = columns;
    this.row = row;
  }
  get id() {
    return this.columns.id.at(this.row);
  }
  get from() {
    return this.columns.from[this.row];
  }
  get to() {
    return this.columns.to[this.row];
  }
  get value() {
    return this.columns.value.at(this.row);
  }
  get kind() {
    return this.columns.kind.at(this.row);
  }
  get start() {
    return this.columns.start.at(this.row);
  }
  get end() {
    return this.columns.end.at(this.row);
  }
  get purpose() {
    return this.columns.purpose.at(this.row);
  }
  get source() {
    return this.columns.source[this.row];
  }
  get note() {
    return this.columns.note.at(this.row);
  }
}

export function unpackFlows(packed) {
  const columns = {
    id: new Ids(packed.id),
    from: unpackPositions(packed.from),
    to: unpackPositions(packed.to),
    source: unpackPositions(packed.source),
  };
  for (const name of ["value", "kind", "start", "end", "purpose", "note"])
    columns[name] = new Column(packed[name]);
  columns.count = columns.from.length;
  return columns;
}

export function listFlows(columns) {
  return Array.from({ length: columns.count }, (_, row) => new Flow(columns, row));
}

// The flows from one place to another. `rows` are their positions, as a typed array.
class Pair {
  constructor(id, from, to, rows, evidence, drawn) {
    Object.assign(this, { id, from, to, rows, evidence, drawn });
  }
  get flows() {
    return Array.from(this.rows);
  }
}

// The pairs of a level in order of first mention. `nodes` says what each place is rolled up to (null:
// itself); `origins` to which publication each source goes back.
export function groupPairs(columns, nodes, places, origins) {
  const { count, from, to } = columns;
  const number = new Map();
  const pairOf = new Int32Array(count);
  const size = [];
  const ends = [];
  for (let row = 0; row < count; row += 1) {
    const a = nodes ? nodes[from[row]] : from[row];
    const b = nodes ? nodes[to[row]] : to[row];
    const key = a * places.length + b;
    let pair = number.get(key);
    if (pair === undefined) {
      pair = size.length;
      number.set(key, pair);
      size.push(0);
      ends.push(a, b);
    }
    pairOf[row] = pair;
    size[pair] += 1;
  }
  const next = new Int32Array(size.length + 1);
  for (let pair = 0; pair < size.length; pair += 1) next[pair + 1] = next[pair] + size[pair];
  const start = next.slice();
  const rows = new Int32Array(count);
  for (let row = 0; row < count; row += 1) rows[next[pairOf[row]]++] = row;
  const spot = places.map((place) => Boolean(place.at || place.label));
  const counter = new OriginCounter(columns, origins);
  return size.map((n, pair) => {
    const [a, b] = [ends[2 * pair], ends[2 * pair + 1]];
    const mine = rows.subarray(start[pair], start[pair] + n);
    return new Pair(pair, a, b, mine, counter.count(mine), spot[a] && spot[b]);
  });
}

// What is left of pairs when only some flows count (`keep`: one number a flow, 0 for no). Evidence is
// counted anew; a pair keeps its id, and one without flows is left out.
export function filterPairs(pairs, keep, columns, origins) {
  const counter = new OriginCounter(columns, origins);
  const left = [];
  for (const pair of pairs) {
    const rows = pair.rows.filter((row) => keep[row]);
    if (!rows.length) continue;
    const evidence = rows.length === pair.rows.length ? pair.evidence : counter.count(rows);
    left.push(new Pair(pair.id, pair.from, pair.to, rows, evidence, pair.drawn));
  }
  return left;
}

class OriginCounter {
  constructor(columns, origins) {
    this.source = columns.source;
    this.origins = origins;
    this.seen = new Int32Array(2 * origins.length);
    this.turn = 0;
  }

  count(rows) {
    this.turn += 1;
    let n = 0;
    for (let i = 0; i < rows.length; i += 1) {
      const origin = this.origins[this.source[rows[i]]];
      if (this.seen[origin] === this.turn) continue;
      this.seen[origin] = this.turn;
      n += 1;
    }
    return n;
  }
}

// What a width speaks by for one pair: [low, high], or null where no flow of it has such a value.
// Sources are never added up; of one source, periods are, unless they overlap.
export function strength(pair, by, columns) {
  if (by === "evidence") return [pair.evidence, pair.evidence];
  const spans = new Map();
  const shares = [];
  for (const row of pair.rows) {
    const value = columns.value.at(row);
    if (columns.kind.at(row) !== by || value === null) continue;
    if (by !== "count") {
      shares.push(value);
      continue;
    }
    const source = columns.source[row];
    if (!spans.has(source)) spans.set(source, new Map());
    const ofSource = spans.get(source);
    const span = `${columns.start.at(row)}/${columns.end.at(row)}`;
    ofSource.set(span, (ofSource.get(span) ?? 0) + value);
  }
  const totals = by === "count" ? [...spans.values()].map(totalOfSource) : shares;
  return totals.length ? [Math.min(...totals), Math.max(...totals)] : null;
}

function totalOfSource(spans) {
  const periods = [...spans]
    .map(([span, value]) => {
      const [start, end] = span.split("/");
      return { start: start || "0001-01", end: end || "9999-12", value };
    })
    .sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  let reached = "";
  let overlap = false;
  let sum = 0;
  for (const { start, end, value } of periods) {
    if (start <= reached) overlap = true;
    if (end > reached) reached = end;
    sum += value;
  }
  return overlap ? Math.max(...periods.map(({ value }) => value)) : sum;
}
