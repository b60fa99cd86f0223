// Light and dark: the palette of the canvas, and the mark by which the stylesheet chooses its own.

import { COLOURS } from "../core/data.js";
import { state } from "../core/state.js";

const SYSTEM = window.matchMedia("(prefers-color-scheme: dark)");
const LIGHT = { ...COLOURS };
// More is lighter here, so that it stands out from the ground as it does by day.
const DARK = {
  sea: "#182631",
  land: "#20292f",
  coast: "#47525a",
  border: "#1b242a",
  ink: "#e9edef",
  muted: "#aab5bc",
  classes: ["#1f463c", "#2c655c", "#438e83", "#74bca9", "#ccf0d3"],
  flow: "#dcc0f7",
  itinerary: "#f2a65e",
  casing: "#141c22",
  water: "#56788a",
  lake: "#22394a",
  road: "#766f61",
  waterName: "#9dbccb",
  zero: "#0f1519",
  empty: "#2a343a",
  nodata: "#403d44",
  hatch: "#6b666f",
  quiet: "#59636a",
  dots: "#6fb1a4",
  swatch: "#7c878e",
  country: "#8e989e",
  seaName: "#7d9bab",
  halo: "rgba(20, 28, 34, 0.85)",
  corridor: "#5d5223",
  corridorHatch: "#e3cf86",
  less: ["#2f5578", "#74aede"],
  more: ["#6b5423", "#c49a45"],
  same: "#2f3940",
  circle: "#cfe3ee",
};

export function isDark() {
  return state.theme ? state.theme === "dark" : SYSTEM.matches;
}

// Paper is always light.
export function applyTheme({ paper = false } = {}) {
  const dark = isDark() && !paper;
  Object.assign(COLOURS, dark ? DARK : LIGHT);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}

// Tell when the reader's system changes between day and night, unless the reader has chosen.
export function onSystemTheme(tell) {
  SYSTEM.addEventListener("change", () => state.theme || tell());
}
