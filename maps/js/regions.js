// The choropleth: one polygon a region, coloured by the chosen series.

import { COLOURS, classColours, classOf, data, measureText, rateText, shownValue } from "./data.js";
import { svg } from "./dom.js";
import { unpack } from "./geometry.js";
import { pick, t } from "./i18n.js";
import { state } from "./state.js";

const LAND_SCALE = 100;
const REGION_SCALE = 1000;
export const PART_DASH = "4 3";

export class Regions {
  constructor(map, choose) {
    this.map = map;
    map.createPane("land").style.zIndex = 250;
    map.createPane("regions").style.zIndex = 390;
    map.createPane("flows").style.zIndex = 450;
    map.getPane("flows").style.pointerEvents = "none";
    this.land = data.land.map((land) => {
      const rings = land.rings.map((ring) => unpack(ring, LAND_SCALE));
      return L.polygon(rings, {
        pane: "land",
        interactive: false,
        weight: 0.8,
        fillOpacity: 1,
        smoothFactor: 0.7,
      }).addTo(map);
    });
    this.layers = data.regions.map((region, id) => {
      const rings = region.rings.map((ring) => unpack(ring, REGION_SCALE));
      const layer = L.polygon(rings, {
        pane: "regions",
        smoothFactor: 0.5,
        bubblingMouseEvents: false,
      }).addTo(map);
      const element = layer.getElement();
      element.setAttribute("tabindex", "0");
      element.setAttribute("role", "button");
      element.dataset.region = region.id;
      element.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        choose(id);
      });
      return layer;
    });
    addPatterns(this.layers[0]?.getElement().ownerSVGElement, "fill");
  }

  paint(ctx, point, { min, max }) {
    ctx.fillStyle = COLOURS.sea;
    ctx.fillRect(min.x, min.y, max.x - min.x, max.y - min.y);
    [...this.land, ...this.layers].forEach((layer) => paintPolygon(ctx, layer, point));
  }

  draw() {
    const focused = document.activeElement;
    const ground = { color: COLOURS.coast, fillColor: COLOURS.land };
    this.land.forEach((land) => land.setStyle(ground));
    const series = data.series[state.series];
    const breaks = series ? series.breaks[state.show][state.scheme] : [];
    const colours = classColours(breaks.length);
    this.layers.forEach((layer, id) => {
      const shown = series ? shownValue(state.series, id, state.show) : { state: "nodata" };
      const part = state.layers.regions && coversPart(shown);
      const chosen = state.selected?.kind === "region" && state.selected.id === id;
      layer.setStyle({
        fillColor: state.layers.regions ? fillOf(shown, breaks, colours) : COLOURS.empty,
        fillOpacity: 1,
        color: chosen
          ? COLOURS.ink
          : shown.state === "nodata" || !state.layers.regions
            ? COLOURS.quiet
            : COLOURS.border,
        weight: chosen ? 2.6 : 1,
        dashArray: null,
        ...(part && !chosen && { color: COLOURS.muted, weight: 1.4, dashArray: PART_DASH }),
      });
      if (part) layer.bringToFront();
      const element = layer.getElement();
      element.setAttribute("aria-label", `${data.regions[id].name}: ${valueText(shown, series)}`);
      element.setAttribute("aria-pressed", String(chosen));
    });
    // Moving a path to the front takes the focus from it.
    if (state.selected?.kind === "region") this.layers[state.selected.id].bringToFront();
    if (focused?.dataset?.region) focused.focus({ preventScroll: true });
  }
}

// A polygon on a canvas, as it looks on the map.
function paintPolygon(ctx, layer, point) {
  const { fillColor, color, weight, dashArray } = layer.options;
  ctx.beginPath();
  layer.getLatLngs().forEach((ring) => {
    ring.forEach((at, i) => (i ? ctx.lineTo(...point(at)) : ctx.moveTo(...point(at))));
    ctx.closePath();
  });
  ctx.fillStyle = fillColor.startsWith("url") ? COLOURS.nodata : fillColor;
  ctx.fill("evenodd");
  if (fillColor.startsWith("url"))
    hatch(ctx, layer, point, fillColor.includes("partial") ? COLOURS.dots : COLOURS.hatch);
  ctx.strokeStyle = color;
  ctx.lineWidth = weight;
  if (dashArray) ctx.setLineDash(dashArray.split(" ").map(Number));
  ctx.stroke();
  ctx.setLineDash([]);
}

function hatch(ctx, layer, point, colour) {
  const bounds = layer.getBounds();
  const [left, top] = point(bounds.getNorthWest());
  const [right, bottom] = point(bounds.getSouthEast());
  ctx.save();
  ctx.clip("evenodd");
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1;
  for (let x = left - (bottom - top); x < right; x += 7) {
    ctx.beginPath();
    ctx.moveTo(x, bottom);
    ctx.lineTo(x + bottom - top, top);
    ctx.stroke();
  }
  ctx.restore();
}

// Whether a count is shown that covers only part of its region.
export function coversPart(shown) {
  return shown.state === "value" && !shown.figures[0].whole;
}

export function fillOf(shown, breaks, colours) {
  if (shown.state === "value") return colours[classOf(shown.value, breaks)];
  if (shown.state === "zero") return COLOURS.zero;
  return `url(#fill-${shown.state === "nopeople" ? "partial" : shown.state})`;
}

// One line that says what a region shows, for hints and screen readers.
export function valueText(shown, series) {
  if (shown.state === "nodata") return t("no figure in this series");
  const count = () => measureText(series.measure, shown.figures[0].value);
  if (shown.state === "partial")
    return t("{count}; the figure covers only part of the region, so no rate", { count: count() });
  if (shown.state === "nopeople")
    return t("{count}; no population in the study, so no rate", { count: count() });
  if (shown.state === "disputed")
    return t("sources differ: {values}", { values: shown.figures.map((f) => f.value).join(" / ") });
  const figure = shown.figures[0];
  return figure.rate === null ? count() : `${rateText(figure.rate)} (${count()})`;
}

// Fills that are not a class: no data, part of a region, sources that differ.
export function addPatterns(root, prefix, names = ["nodata", "partial", "disputed"]) {
  if (!root) return;
  const line = (d) => svg("path", { d, class: "pattern-line" });
  const dot = (c) => svg("circle", { cx: c, cy: c, r: 1, class: "pattern-dot" });
  const marks = {
    nodata: () => [line("M-1,8 L8,-1")],
    partial: () => [dot(2), dot(5.5)],
    disputed: () => [line("M-1,8 L8,-1"), line("M-1,-1 L8,8")],
  };
  const size = { width: 7, height: 7 };
  const patterns = names.map((name) =>
    svg(
      "pattern",
      { id: `${prefix}-${name}`, ...size, patternUnits: "userSpaceOnUse" },
      svg("rect", { ...size, class: "pattern-base" }),
      marks[name](),
    ),
  );
  root.prepend(svg("defs", {}, patterns));
}

export function roleText(role) {
  const texts = {
    mainly_origin: t("Named mainly as a place of origin"),
    mainly_destination: t("Named mainly as a destination"),
    both: t("Named both as origin and as destination"),
    within: t("Named only for flows inside the region"),
    none: t("Not named by any reported flow"),
  };
  return texts[role] ?? texts.none;
}

export function boundariesNote() {
  return pick(data.study.boundaries);
}
