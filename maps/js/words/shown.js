// Which sources stand behind what the map shows now.

import { visiblePairs } from "../core/filters.js";
import { corridorSources } from "./corridors.js";

// { figures, others }: positions of sources, of the figures by region and of flows, routes, corridors.
export function shownSources(atlas) {
  const { data, state } = atlas;
  const { layers } = state;
  const figures = layers.regions ? data.figures.filter((f) => f.series === state.series) : [];
  const pairs = layers.flows && data.flows.length ? visiblePairs(atlas, state.level).pairs : [];
  const others = [
    ...pairs.flatMap((pair) => Array.from(pair.rows, (row) => data.columns.source[row])),
    ...(layers.itineraries ? data.itineraries.map(({ source }) => source) : []),
    ...(layers.corridors && data.corridors ? corridorSources(atlas) : []),
  ];
  return {
    figures: [...new Set(figures.flatMap(({ sources }) => sources))],
    others: [...new Set(others)],
  };
}
