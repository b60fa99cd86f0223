// What the reader has chosen. Parts register to be drawn again when it changes.

export const state = {
  series: 0,
  show: "rate",
  scheme: "jenks",
  level: "region",
  layers: { regions: true, flows: true, itineraries: true, places: true },
  selected: null, // { kind: "region" | "pair" | "route", id }
  hover: null,
};

const parts = [];

export function onChange(part) {
  parts.push(part);
}

export function change(values) {
  Object.assign(state, values);
  parts.forEach((part) => part(values));
}
