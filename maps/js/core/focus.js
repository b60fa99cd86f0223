// What is chosen and what is in focus: a region or place whose flows alone are on the map.

import { placeName } from "./data.js";

// Choose something, and draw corridors if it is one; the focus moves along from place to place and ends with the choice.
export function choose(atlas, target) {
  const { state, change } = atlas;
  const isPlace = target?.kind === "region" || target?.kind === "place";
  if (!target) return change({ selected: null, ...unfocused(atlas) });
  if (target.kind === "corridor" && !state.layers.corridors)
    return change({ selected: target, layers: { ...state.layers, corridors: true } });
  if (isPlace && state.focus) return change({ selected: target, focus: [target] });
  return change({ selected: target });
}

// Show only the flows of a region or place, in one direction or in all.
export function focusOn(atlas, target, direction = "all") {
  const { state, change } = atlas;
  change({ focus: [target], filters: { ...state.filters, direction } });
}

export function unfocus(atlas) {
  atlas.change(unfocused(atlas));
}

function unfocused(atlas) {
  const { state } = atlas;
  const direction = ["in", "out"].includes(state.filters.direction)
    ? "all"
    : state.filters.direction;
  return { focus: null, filters: { ...state.filters, direction } };
}

export function nameOf(atlas, { kind, id }) {
  return kind === "region" ? atlas.data.regions[id].name : placeName(atlas, id);
}

// In words, for the legend: "only the flows that leave Loreto".
export function focusText(atlas) {
  const { state, t } = atlas;
  const place = state.focus.map((one) => nameOf(atlas, one)).join(", ");
  const texts = {
    in: t("Only the flows that arrive in {place}", { place }),
    out: t("Only the flows that leave {place}", { place }),
    within: t("Only the flows inside {place}", { place }),
  };
  return texts[state.filters.direction] ?? t("Only the flows of {place}", { place });
}
