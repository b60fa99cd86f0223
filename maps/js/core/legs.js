// Which legs of inferred corridors belong to a flow, a place or a region, and which flows to a leg.

import { unpackPositions } from "./pack.js";

// The flows of a leg, as positions.
export function legFlows(atlas, id) {
  return atlas.recall("legs", [atlas.data.corridors], () => unpackLegs(atlas))[id];
}

function unpackLegs(atlas) {
  const counts = unpackPositions(atlas.data.corridors.flows.count);
  const rows = unpackPositions(atlas.data.corridors.flows.row);
  let at = 0;
  return Array.from(counts, (n) => rows.subarray(at, (at += n)));
}

// The legs of what is chosen, those with most load first: of a region or place those that pass it, of
// a flow those that it would likely follow.
export function legsOf(atlas, { kind, id, level }) {
  const legs = atlas.data.corridors?.legs ?? [];
  const those = (test) => [...legs.keys()].filter(test);
  if (kind === "corridor") return [id];
  if (kind === "region") return those((n) => legs[n].regions.includes(id));
  if (kind === "place") return those((n) => legs[n].stops.includes(id));
  if (kind !== "pair") return [];
  const rows = new Set(atlas.data.levels[level][id].rows);
  return those((n) => legFlows(atlas, n).some((row) => rows.has(row)));
}
