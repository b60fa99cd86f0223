// Which legs of inferred corridors belong to a flow, a place or a region, and which flows to a leg.

import { data } from "./data.js";
import { unpackPositions } from "./pack.js";

let unpacked = null;

// The flows of a leg, as positions.
export function legFlows(id) {
  if (unpacked?.of !== data.corridors) {
    const counts = unpackPositions(data.corridors.flows.count);
    const rows = unpackPositions(data.corridors.flows.row);
    let at = 0;
    const legs = Array.from(counts, (n) => rows.subarray(at, (at += n)));
    unpacked = { of: data.corridors, legs };
  }
  return unpacked.legs[id];
}

// The legs of what is chosen, those with most load first: of a region or place those that pass it, of
// a flow those that it would likely follow.
export function legsOf({ kind, id, level }) {
  const legs = data.corridors?.legs ?? [];
  const those = (test) => [...legs.keys()].filter(test);
  if (kind === "corridor") return [id];
  if (kind === "region") return those((n) => legs[n].regions.includes(id));
  if (kind === "place") return those((n) => legs[n].stops.includes(id));
  if (kind !== "pair") return [];
  const rows = new Set(data.levels[level][id].rows);
  return those((n) => legFlows(n).some((row) => rows.has(row)));
}
