// What is chosen and what is in focus: a region or place whose flows alone are on the map.

import { data, placeName } from "./data.js";
import { select } from "../ui/fields.js";
import { t } from "./i18n.js";
import { change, state } from "./state.js";

const OWN = ["all", "in", "out", "within"];

// Choose something, and draw corridors if it is one; the focus moves along from place to place and ends with the choice.
export function choose(target) {
  const isPlace = target?.kind === "region" || target?.kind === "place";
  if (!target) return change({ selected: null, ...unfocused() });
  if (target.kind === "corridor" && !state.layers.corridors)
    return change({ selected: target, layers: { ...state.layers, corridors: true } });
  if (isPlace && state.focus) return change({ selected: target, focus: [target] });
  return change({ selected: target });
}

// Show only the flows of a region or place, in one direction or in all.
export function focusOn(target, direction = "all") {
  change({ focus: [target], filters: { ...state.filters, direction } });
}

export function unfocus() {
  change(unfocused());
}

function unfocused() {
  const direction = ["in", "out"].includes(state.filters.direction)
    ? "all"
    : state.filters.direction;
  return { focus: null, filters: { ...state.filters, direction } };
}

export function nameOf({ kind, id }) {
  return kind === "region" ? data.regions[id].name : placeName(id);
}

// Which flows are drawn, to be chosen in the panel of a region or place.
export function focusField(target) {
  const mine =
    state.focus?.length === 1 &&
    state.focus[0].kind === target.kind &&
    state.focus[0].id === target.id;
  const options = [
    ["none", t("all, its own stand out")],
    ["all", t("only its own")],
    ["in", t("only those that arrive")],
    ["out", t("only those that leave")],
    ["within", t("only those inside it")],
  ];
  const { direction } = state.filters;
  const value = mine ? (OWN.includes(direction) ? direction : "all") : "none";
  return select("focus", t("Flows on the map"), options, value, (picked) =>
    picked === "none" ? unfocus() : focusOn(target, picked),
  );
}

// In words, for the legend: "only the flows that leave Loreto".
export function focusText() {
  const place = state.focus.map(nameOf).join(", ");
  const texts = {
    in: t("Only the flows that arrive in {place}", { place }),
    out: t("Only the flows that leave {place}", { place }),
    within: t("Only the flows inside {place}", { place }),
  };
  return texts[state.filters.direction] ?? t("Only the flows of {place}", { place });
}
