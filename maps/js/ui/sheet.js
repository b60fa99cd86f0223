// On small screens the panel is a sheet over the lower part of the map: a line of it, half, or all.

import { h } from "../core/dom.js";

const BESIDE = window.matchMedia("(min-width: 600px) and (max-height: 520px)");
const BESIDE_PX = 290;
const PEEK_PX = 80;
const TOOLS_PX = 34; // the buttons on the map, over which no name should lie
const SIZES = ["peek", "half", "full"];

// Before the map is put in place: as high as what the address asks for needs.
export function openSheet(atlas, panel) {
  panel.dataset.sheet = atlas.state.selected || atlas.state.story !== null ? "half" : "peek";
}

export function setUpSheet(atlas, panel) {
  // A finger that pulls the handle up or down.
  let from = null;
  panel.addEventListener("pointerdown", (event) => {
    from = event.target.closest(".sheet-handle") ? event.clientY : null;
  });
  panel.addEventListener("pointerup", (event) => {
    if (from === null || Math.abs(event.clientY - from) < 12) return;
    const step = event.clientY < from ? 1 : -1;
    const at = SIZES.indexOf(panel.dataset.sheet) + step;
    setSheet(atlas, panel, SIZES[Math.max(0, Math.min(2, at))]);
    from = null;
  });
}

export function setSheet(atlas, panel, size) {
  panel.dataset.sheet = size;
  const handle = panel.querySelector(".sheet-handle");
  if (!handle) return;
  handle.setAttribute("aria-expanded", String(size !== "peek"));
  handle.setAttribute("aria-label", labelOf(atlas, size));
}

// The handle at the top of the panel; only a small screen shows it.
export function sheetHandle(atlas, panel) {
  const size = panel.dataset.sheet ?? "peek";
  return h("button", {
    type: "button",
    class: "sheet-handle",
    "aria-expanded": String(size !== "peek"),
    "aria-label": labelOf(atlas, size),
    onclick: () => {
      const next = { peek: "half", half: "full", full: "peek" }[panel.dataset.sheet ?? "peek"];
      setSheet(atlas, panel, next);
    },
  });
}

function labelOf({ t }, size) {
  return size === "full" ? t("Show less") : t("Show more");
}

// How much of the map the sheet covers: of its height, or of its width where it stands at the side.
// It is reckoned from its size, because the sheet itself may not be drawn yet.
export function sheetCovers(panel, container) {
  const map = container.getBoundingClientRect();
  const size = panel.dataset.sheet ?? "peek";
  const high = window.innerHeight;
  if (BESIDE.matches)
    return {
      left: TOOLS_PX,
      right: size === "peek" ? 0 : BESIDE_PX,
      bottom: size === "peek" ? 62 : 0,
    };
  const part = { peek: PEEK_PX, half: 0.46 * high, full: 0.88 * high }[size];
  const bottom = Math.min(map.bottom, high) - (high - part);
  return { left: TOOLS_PX, right: 0, bottom: Math.max(0, Math.min(bottom, map.height * 0.6)) };
}
