// Light and dark: the palette of the canvas, and the mark by which the stylesheet chooses its own.

import { DARK, LIGHT } from "../core/colours.js";

const SYSTEM = window.matchMedia("(prefers-color-scheme: dark)");

export function isDark(atlas) {
  return atlas.state.theme ? atlas.state.theme === "dark" : SYSTEM.matches;
}

// Paper is always light.
export function applyTheme(atlas, { paper = false } = {}) {
  const dark = isDark(atlas) && !paper;
  Object.assign(atlas.colours, dark ? DARK : LIGHT);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}

// Tell when the reader's system changes between day and night, unless the reader has chosen.
export function onSystemTheme(atlas, tell) {
  SYSTEM.addEventListener("change", () => atlas.state.theme || tell());
}
