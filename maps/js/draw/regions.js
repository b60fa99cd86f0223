// The choropleth: one polygon a region, coloured by the chosen series.

import { measureText, rateText } from "../core/data.js";
import { svg } from "../core/dom.js";
import { joinBorders, unpack } from "../core/geometry.js";
import { number } from "../core/i18n.js";
import { fillOf, isUnstable, rateInterval, regionView } from "../core/regionview.js";

const LAND_SCALE = 100;
// Borders of more units than this are hairlines, or they would hide what they part.
const MANY = 300;
// More units than this, and the tab key stops at one of them.
const MOST_STOPS = 60;
const WAYS = { ArrowUp: [1, 0], ArrowDown: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };
export const PART_DASH = "4 3";

export class Regions {
  constructor(atlas, map, choose, { land = atlas.data.land } = {}) {
    this.atlas = atlas;
    this.map = map;
    map.createPane("land").style.zIndex = 250;
    map.createPane("regions").style.zIndex = 390;
    this.land = land.map((land) => {
      const rings = land.rings.map((ring) => unpack(ring, LAND_SCALE));
      return L.polygon(rings, {
        pane: "land",
        interactive: false,
        weight: 0.8,
        fillOpacity: 1,
        smoothFactor: 0.7,
      });
    });
    const joined = joinBorders(atlas.data.borders);
    const many = atlas.data.regions.length > MOST_STOPS;
    this.layers = atlas.data.regions.map((region, id) => {
      const rings = region.rings.map(joined);
      const layer = L.polygon(rings, {
        pane: "regions",
        smoothFactor: 0.5,
        bubblingMouseEvents: false,
      });
      layer.on("add", () => {
        dress(layer.getElement(), region, () => choose(id));
        if (many) this.rove(layer.getElement(), id);
      });
      return layer;
    });
    this.unstable = null;
  }

  // Of many units one at a time is a stop of the tab key, and arrow keys go to the next in their
  // direction: nobody tabs through 1,874 districts.
  rove(element, id) {
    if (id) element.setAttribute("tabindex", "-1");
    element.addEventListener("keydown", (event) => {
      const way = WAYS[event.key];
      const next = way === undefined ? -1 : nextUnit(this.atlas.data.regions, id, way);
      if (next < 0) return;
      event.preventDefault();
      event.stopPropagation();
      element.setAttribute("tabindex", "-1");
      const other = this.layers[next].getElement();
      other.setAttribute("tabindex", "0");
      other.focus({ preventScroll: true });
      if (!this.map.getBounds().contains(this.atlas.data.regions[next].at))
        this.map.panTo(this.atlas.data.regions[next].at);
    });
  }

  // On the map from now on, or not: whoever puts the map in place first saves drawing all twice.
  show(on) {
    const all = [...this.land, ...this.layers];
    all.forEach((layer) => (on ? layer.addTo(this.map) : layer.remove()));
    if (this.unstable || !on) return;
    const root = this.layers[0]?.getElement().ownerSVGElement;
    addPatterns(root, "fill");
    this.unstable = addUnstable(root, "unstable");
    root.setAttribute("role", "group");
    this.root = root;
    const ground = this.land[0]?.getElement().ownerSVGElement;
    ground?.setAttribute("aria-hidden", "true");
  }

  paint(ctx, point, { min, max }) {
    ctx.fillStyle = this.atlas.colours.sea;
    ctx.fillRect(min.x, min.y, max.x - min.x, max.y - min.y);
    [...this.land, ...this.layers].forEach((layer) => paintPolygon(this.atlas, ctx, layer, point));
  }

  draw() {
    const { data, state, colours } = this.atlas;
    const focused = document.activeElement;
    const ground = { color: colours.coast, fillColor: colours.land };
    this.land.forEach((land) => land.setStyle(ground));
    this.root?.setAttribute("aria-label", this.atlas.t("Regions"));
    const view = regionView(this.atlas);
    colourUnstable(this.atlas, this.unstable, view.colours);
    this.layers.forEach((layer, id) => {
      const shown = view.shown[id];
      const part = state.layers.regions && view.areas === "count" && coversPart(shown);
      const chosen = state.selected?.kind === "region" && state.selected.id === id;
      layer.setStyle({
        fillColor: state.layers.regions ? fillOf(this.atlas, view, id) : colours.empty,
        fillOpacity: 1,
        color: chosen
          ? colours.ink
          : shown.state === "nodata" || !view.areas || !state.layers.regions
            ? colours.quiet
            : colours.border,
        weight: chosen ? 2.6 : data.regions.length > MANY ? 0.4 : 1,
        dashArray: null,
        ...(part && !chosen && { color: colours.muted, weight: 1.4, dashArray: PART_DASH }),
      });
      if (part) layer.bringToFront();
      const element = layer.getElement();
      element.setAttribute("aria-label", `${data.regions[id].name}: ${regionText(this.atlas, id)}`);
      element.setAttribute("aria-pressed", String(chosen));
    });
    // Moving a path to the front takes the focus from it.
    if (state.selected?.kind === "region") this.layers[state.selected.id].bringToFront();
    if (focused?.dataset?.region) focused.focus({ preventScroll: true });
  }
}

// The nearest unit in a direction, [north, east]; -1 where there is none. Sideways counts double.
export function nextUnit(regions, id, [north, east]) {
  const [lat, lon] = regions[id].at;
  let best = -1;
  let least = Infinity;
  regions.forEach(({ at }, other) => {
    const [up, right] = [at[0] - lat, at[1] - lon];
    const along = up * north + right * east;
    const aside = Math.abs(up * east) + Math.abs(right * north);
    if (other === id || along <= 0 || aside > 2 * along) return;
    const far = along + 2 * aside;
    if (far < least) [best, least] = [other, far];
  });
  return best;
}

// A region is a button: it has a place in the order of the tab key.
function dress(element, region, choose) {
  element.setAttribute("tabindex", "0");
  element.setAttribute("role", "button");
  element.dataset.region = region.id;
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    choose();
  });
}

// A polygon on a canvas, as it looks on the map.
function paintPolygon(atlas, ctx, layer, point) {
  const { colours } = atlas;
  const { fillColor, color, weight, dashArray } = layer.options;
  const trace = () => {
    ctx.beginPath();
    layer.getLatLngs().forEach((ring) => {
      ring.forEach((at, i) => (i ? ctx.lineTo(...point(at)) : ctx.moveTo(...point(at))));
      ctx.closePath();
    });
  };
  trace();
  const unstable = fillColor.match(/^url\(#unstable-(\d)\)$/);
  const pattern = fillColor.startsWith("url");
  ctx.fillStyle = unstable
    ? regionView(atlas).colours[unstable[1]]
    : pattern
      ? colours.nodata
      : fillColor;
  ctx.fill("evenodd");
  if (unstable) hatch(ctx, layer, point, colours.casing);
  else if (pattern)
    hatch(ctx, layer, point, fillColor.includes("partial") ? colours.dots : colours.hatch);
  trace(); // the hatch has left its last line
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

// One line that says what a region shows, for hints and screen readers.
export function regionText(atlas, id) {
  const { t } = atlas;
  const view = regionView(atlas);
  if (!view.series) return t("no figure in this series");
  if (view.areas === "change") return changeText(atlas, view.shown[id], view);
  return valueText(atlas, view.circles ? view.counts[id] : view.shown[id], view.series);
}

export function valueText(atlas, shown, series) {
  const { t } = atlas;
  if (shown.state === "nodata") return t("no figure in this series");
  if (shown.state === "withheld") return withheldText(atlas);
  const count = () => measureText(atlas, series.measure, shown.figures[0].value);
  if (shown.state === "partial")
    return t("{count}; the figure covers only part of the region, so no rate", { count: count() });
  if (shown.state === "nopeople")
    return t("{count}; no population in the study, so no rate", { count: count() });
  if (shown.state === "disputed")
    return t("sources differ: {values}", { values: shown.figures.map((f) => f.value).join(" / ") });
  const figure = shown.figures[0];
  if (figure.rate === null) return count();
  const rate = `${rateText(atlas, figure.rate)} (${count()})`;
  return isUnstable(shown)
    ? `${rate}; ${t("few reports, so the rate is unstable: {interval}", { interval: intervalText(atlas, figure) })}`
    : rate;
}

export function withheldText({ data, t }) {
  return t("withheld: fewer than {k}, nobody included, or a small count could be computed from it", {
    k: data.study.threshold,
  });
}

// "95 % interval 1.70 to 2.43", of a rate.
export function intervalText(atlas, figure) {
  const { t } = atlas;
  const interval = rateInterval(atlas, figure);
  if (!interval) return "";
  const digits = figure.rate < 10 ? 2 : 1;
  const [low, high] = interval.map((bound) => number(bound, digits));
  return t("95 % interval {low} to {high}", { low, high });
}

// "From 2.10 to 4.30 per 100,000 people and year: 2.0 times as much; more than chance (p = 0.003)."
export function changeText(atlas, shown, { base, span }) {
  const { data, t, period } = atlas;
  if (base === null) return t("no other period to compare with");
  if (shown.state === "nodata") return t("no figure in one of the two periods");
  if (shown.state !== "change") return t("no rate in one of the two periods");
  const [before, after] = [shown.before.rate, shown.figures[0].rate];
  const [first, last] = span.map((n) =>
    period(data.series[n].period_start, data.series[n].period_end),
  );
  const values = { before: number(before, 2), after: number(after, 2), first, last };
  const words = t("{before} ({first}) to {after} ({last}) per 100,000 people and year", values);
  return `${words}: ${factorText(atlas, shown)}; ${sureText(atlas, shown)}`;
}

function factorText(atlas, { value }) {
  const { t } = atlas;
  if (!Number.isFinite(value)) return Number.isNaN(value) ? t("zero in both") : t("from zero");
  const percent = Math.round((value - 1) * 100);
  return `${percent > 0 ? "+" : "−"}${number(Math.abs(percent))} %`;
}

function sureText(atlas, { sure, p }) {
  const { t } = atlas;
  const shownP = p < 0.001 ? "< 0.001" : `= ${number(p, p < 0.01 ? 3 : 2)}`;
  return sure
    ? t("more than chance (p {p})", { p: shownP })
    : t("no more than chance (p {p})", { p: shownP });
}

// Fills that are not a class: no data, part of a region, sources that differ.
export function addPatterns(root, prefix, names = ["nodata", "withheld", "partial", "disputed"]) {
  if (!root) return;
  const line = (d) => svg("path", { d, class: "pattern-line" });
  const dot = (c) => svg("circle", { cx: c, cy: c, r: 1, class: "pattern-dot" });
  const marks = {
    nodata: () => [line("M-1,8 L8,-1")],
    withheld: () => [line("M2,0 L2,7"), line("M5.5,0 L5.5,7")],
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

// Class colours under white lines, for rates that few reports make unstable; five, by class.
export function addUnstable(root, prefix, n = 5) {
  if (!root) return [];
  const size = { width: 6, height: 6 };
  const patterns = Array.from({ length: n }, (_, i) =>
    svg(
      "pattern",
      { id: `${prefix}-${i}`, ...size, patternUnits: "userSpaceOnUse" },
      svg("rect", size),
      svg("path", { d: "M-1,1 L1,-1 M0,6 L6,0 M5,7 L7,5", class: "pattern-unstable" }),
    ),
  );
  root.prepend(svg("defs", {}, patterns));
  return patterns;
}

export function colourUnstable(atlas, patterns, colours) {
  patterns.forEach((pattern, i) =>
    pattern.firstChild.setAttribute("fill", colours[i] ?? atlas.colours.empty),
  );
}

export function roleText(atlas, role) {
  const { t } = atlas;
  const texts = {
    mainly_origin: t("Named mainly as a place of origin"),
    mainly_destination: t("Named mainly as a destination"),
    both: t("Named both as origin and as destination"),
    within: t("Named only for flows inside the region"),
    none: t("Not named by any reported flow"),
  };
  return texts[role] ?? texts.none;
}

export function boundariesNote(atlas) {
  const { data, pick } = atlas;
  return pick(data.study.boundaries);
}
