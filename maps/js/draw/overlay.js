// What lies over the regions: flows, documented itineraries, symbols and names, on one canvas.

import { placeName, sourceLabel } from "../core/data.js";
import { visiblePairs } from "../core/filters.js";
import { cutEnd, distance, distanceToLine } from "../core/geometry.js";
import { legFlows, legsOf } from "../core/legs.js";
import { strength } from "../core/pairs.js";
import { radiusOf } from "../core/regionview.js";
import { Bands, bandView, drawBands, drawDifference } from "./bands.js";
import { CanvasLayer, ENOUGH } from "./canvas.js";
import { drawChanges, drawCircles } from "./circles.js";
import { Flows, REACH_ZOOM } from "./flows.js";
import {
  drawArrow,
  drawHairline,
  drawLeg,
  drawRing,
  drawStop,
  drawSymbol,
  drawTag,
  flowAlpha,
  symbolRadius,
} from "./marks.js";
import { TOWN_ZOOM, drawBackgroundNames, drawNames, legEnds } from "./names.js";

// With more arrows than this a drawing is made in slices.
const LONG = 350;
const ARROWS_A_STEP = 5;
const FADED = 0.09;
const NAMED_LEGS = 10;
// Tags stand to the upper left of what marks their region.
const TAG = [-14, -14];

export class Overlay {
  // `background`: whether the names of countries and of all regions are drawn.
  constructor(atlas, map, regions, { background = true } = {}) {
    this.atlas = atlas;
    const { data } = atlas;
    this.map = map;
    this.regions = regions;
    this.background = background;
    const pane = map.createPane("flows");
    pane.style.zIndex = 450;
    pane.style.pointerEvents = "none";
    this.onPaper = false;
    this.covered = () => ({ left: 0, right: 0 });
    this.flows = new Flows(data.places, (one, other) => edgeOf(atlas, one, other));
    this.bands = new Bands(data.corridors?.legs ?? [], data.corridors?.scale.px ?? 0);
    this.changes = new Bands(data.closure?.legs ?? [], data.closure?.scale.px ?? 0);
    this.legs = []; // { route, line }
    this.symbols = []; // { id, at, kind, named }
    this.canvas = new CanvasLayer(atlas, map, "flows", {
      paint: (ctx, bounds) => this.paint(ctx, bounds),
      isLong: () => !this.onPaper && this.pairs().length > LONG,
      ratio: () => this.ratio(),
    });
  }

  ratio() {
    return this.onPaper ? 3 : window.devicePixelRatio || 1;
  }

  redraw() {
    this.canvas.update();
  }

  point(at) {
    const { x, y } = this.map.latLngToLayerPoint(at);
    return [x, y];
  }

  pairs() {
    return this.atlas.state.layers.flows
      ? visiblePairs(this.atlas, this.atlas.state.level).pairs
      : [];
  }

  // The flows to draw, chosen anew only when the choice changes.
  *choose() {
    const { data, state } = this.atlas;
    const pairs = this.pairs();
    if (this.choice?.pairs === pairs && this.choice.widthBy === state.widthBy) return;
    const { widthBy } = state;
    const names = data.regions.map(({ at, name }) => ({ at, text: name }));
    yield* this.flows.choose(pairs, (one) => widthOf(this.atlas, one), names);
    this.choice = { pairs, widthBy };
  }

  *paint(ctx, bounds) {
    const { data, state } = this.atlas;
    if (!this.background && !Object.values(state.layers).includes(true)) return;
    const point = (at) => this.point(at);
    // A browser prints a canvas without its transparency, so on paper it carries the polygons too.
    if (this.onPaper) {
      this.regions.paint(ctx, point, bounds);
      this.basemap?.paint(ctx, point);
    }
    yield* this.choose();
    const view = { zoom: this.map.getZoom(), point, frame: this.frame() };
    const stops = state.layers.itineraries ? this.placeItineraries() : [];
    this.placeFlows(bounds);
    this.symbols = this.placeSymbols(bounds);
    yield;
    if (this.background) drawBackgroundNames(this.atlas, ctx, view);
    drawCircles(this.atlas, ctx, point);
    if (state.layers.corridors) this.drawCorridors(ctx);
    if (data.closure && state.layers.closure) this.drawClosure(ctx);
    if (state.layers.itineraries) this.drawItineraries(ctx, stops);
    if (state.layers.flows) yield* this.drawFlows(ctx);
    if (state.layers.corridors) this.drawChosenCorridor(ctx);
    for (const { at, kind, strong, shown } of this.symbols)
      if (shown) drawSymbol(this.atlas, ctx, at, kind, strong ? 1 : 0.75);
    drawChanges(this.atlas, ctx, point);
    const tags = this.placeTags(point);
    tags.forEach(({ at, text }) => drawTag(this.atlas, ctx, at, text));
    const chosenPlace = this.placeChosen();
    if (chosenPlace) drawRing(this.atlas, ctx, point(chosenPlace.at));
    yield ENOUGH;
    const crowd =
      state.layers.flows && this.flows.arrows.length <= LONG ? this.flows.crowd() : null;
    const chosen = state.layers.corridors ? this.corridorInFocus() : null;
    const ends = chosen === null ? [] : legEnds(data.corridors.legs[chosen]);
    // The places that the lists of corridors speak of stand on the map too.
    const busy = state.layers.corridors
      ? data.corridors.legs.slice(0, NAMED_LEGS).flatMap((leg) => legEnds(leg, 1.5))
      : [];
    const mine = chosenPlace
      ? [{ ...chosenPlace, gap: 12, rank: -1, font: "700 13px system-ui, sans-serif" }]
      : [];
    const others = [...mine, ...ends, ...busy, ...(this.basemap?.names() ?? [])];
    const areas = state.layers.flows
      ? new Set(this.flows.items.flatMap(({ from, to }) => [from, to]))
      : null;
    const taken = tags.map(({ at: [x, y] }) => [x - 9, y - 9, x + 9, y + 9]);
    const { symbols } = this;
    yield* drawNames(this.atlas, ctx, { ...view, symbols, crowd, others, areas, taken });
  }

  placeFlows({ min, max }) {
    const { x, y } = this.map.getPixelOrigin();
    const scale = 2 ** (this.map.getZoom() - REACH_ZOOM);
    const frame = { left: min.x, top: min.y, right: max.x, bottom: max.y };
    this.flows.place({ scale, origin: [x, y] }, frame);
  }

  drawCorridors(ctx) {
    const { state, colours } = this.atlas;
    const focus = state.hover ?? state.selected;
    const mine = focus && new Set(legsOf(this.atlas, focus));
    const alphaOf = (id) => (!mine || mine.has(id) ? 1 : 0.3);
    this.bands.place(bandView(this.map));
    drawBands(ctx, this.bands.placed, colours, { alphaOf });
  }

  drawClosure(ctx) {
    const { colours, data } = this.atlas;
    const isMore = (id) => data.closure.legs[id].after > data.closure.legs[id].before;
    drawDifference(ctx, this.changes.place(bandView(this.map)), colours, isMore);
  }

  // The regions that a source names as leading, in its order.
  placeTags(point) {
    const { data, state } = this.atlas;
    const order = state.layers.leading ? data.rankings?.[state.leading] : null;
    return (order?.regions ?? []).map((id, n) => {
      const [x, y] = point(data.regions[id].at);
      return { at: [x + TAG[0], y + TAG[1]], text: String(n + 1) };
    });
  }

  // The place that was chosen, to be ringed and named whatever else is drawn.
  placeChosen() {
    const { data, state } = this.atlas;
    if (state.selected?.kind !== "place") return null;
    const { at } = data.places[state.selected.id];
    return at && { at, text: placeName(this.atlas, state.selected.id) };
  }

  corridorInFocus() {
    const focus = this.atlas.state.hover ?? this.atlas.state.selected;
    return focus?.kind === "corridor" ? focus.id : null;
  }

  // The leg in focus lies over the flows that use it.
  drawChosenCorridor(ctx) {
    const chosen = this.corridorInFocus();
    if (chosen === null) return;
    const mine = this.bands.placed.filter(({ id }) => id === chosen);
    drawBands(ctx, mine, this.atlas.colours, { alphaOf: () => 1 });
  }

  *drawFlows(ctx) {
    const inFocus = pairTest(this.atlas, this.atlas.state.hover ?? this.atlas.state.selected);
    const front = [];
    const { faint } = visiblePairs(this.atlas, this.atlas.state.level);
    const crowded = this.flows.arrows.length > LONG;
    let drawn = 0;
    for (const arrow of this.flows.arrows) {
      const plain = flowAlpha(arrow.width);
      if (inFocus?.(arrow.pair)) front.push(arrow);
      else if (faint.has(arrow.pair.id)) drawHairline(this.atlas, ctx, arrow);
      else drawArrow(this.atlas, ctx, arrow, inFocus ? FADED : plain, crowded);
      drawn += 1;
      if (drawn % ARROWS_A_STEP === 0) yield;
    }
    for (const arrow of front) drawArrow(this.atlas, ctx, arrow, 0.96);
  }

  // The legs of itineraries, each at its place; returns the stops of each.
  placeItineraries() {
    const { data } = this.atlas;
    this.legs = [];
    const lanes = new Map();
    return data.itineraries.map((route, id) => {
      const points = route.stops.map(
        (stop) => data.places[stop].at && this.point(data.places[stop].at),
      );
      route.modes.forEach((mode, i) => {
        const [a, b] = [points[i], points[i + 1]];
        if (!a || !b) return;
        const key = [route.stops[i], route.stops[i + 1]].sort().join("-");
        const lane = lanes.get(key) ?? 0;
        lanes.set(key, lane + 1);
        this.legs.push({ route: id, mode: mode || "unknown", line: aside(a, b, lane * 4) });
      });
      return points.filter(Boolean);
    });
  }

  drawItineraries(ctx, stops) {
    const { data, state } = this.atlas;
    const alphas = data.itineraries.map((_, id) => alphaOfRoute(this.atlas, id));
    const fine = state.layers.corridors;
    for (const { route, mode, line } of this.legs)
      drawLeg(this.atlas, ctx, line, mode, alphas[route], fine);
    stops.forEach((points, route) =>
      points.forEach((at) => drawStop(this.atlas, ctx, at, alphas[route], fine)),
    );
  }

  // Symbols of the places that something drawn names, and where they are.
  placeSymbols({ min, max }) {
    const { data, state } = this.atlas;
    const named = new Set();
    for (const { from, to } of this.flows.items) named.add(from).add(to);
    const stops = new Set(
      state.layers.itineraries ? data.itineraries.flatMap((route) => route.stops) : [],
    );
    const towns = this.map.getZoom() >= TOWN_ZOOM;
    const symbols = [];
    data.places.forEach(({ kind, at }, id) => {
      if (!at) return;
      const mine = kind === "mining_zone";
      const stop = stops.has(id) && !mine && !named.has(id);
      const near = mine || (towns && !["region", "province", "district"].includes(kind));
      const shown = !stop && (named.has(id) || (state.layers.places && near));
      if (!stop && !shown) return;
      const spot = this.point(at);
      const outside = spot[0] < min.x || spot[0] > max.x || spot[1] < min.y || spot[1] > max.y;
      if (outside) return;
      symbols.push({
        id,
        at: spot,
        kind,
        named: named.has(id),
        strong: named.has(id) || mine,
        shown,
      });
    });
    return symbols;
  }

  // The part of the map that no card covers, in the pixels of the layer.
  frame() {
    const { x, y } = this.map.getSize();
    const [left, top] = this.point(this.map.containerPointToLatLng([0, 0]));
    const { left: under, right: over } = this.covered();
    return { left: left + under, top, right: left + x - over, bottom: top + y };
  }

  // What lies under a point of the map: a flow first, then a leg of an itinerary.
  find(point, slack) {
    const { data, state } = this.atlas;
    const ring = this.symbols.find(
      ({ at, kind, named }) =>
        kind === "region" && named && distance(at, point) <= symbolRadius(kind),
    );
    const region = ring && data.places[ring.id].region;
    if (ring) return region < 0 ? { kind: "place", id: ring.id } : { kind: "region", id: region };
    const found = this.flows.find(point, slack);
    if (found) return { kind: "pair", id: found.arrow.pair.id, level: state.level };
    let best = null;
    for (const { route, line } of state.layers.itineraries ? this.legs : []) {
      const d = distanceToLine(point, line);
      if (d < slack && (!best || d < best.d)) best = { d, hit: { kind: "route", id: route } };
    }
    if (best) return best.hit;
    const band = state.layers.corridors ? this.bands.find(point, slack) : null;
    return band && { kind: "corridor", id: band.id };
  }
}

// The width of a pair by what the reader chose; null if no flow of it has such a value.
export function widthOf(atlas, pair) {
  const { data, state } = atlas;
  const value = strength(pair, state.widthBy, data.columns);
  return value && value[1] * data.widths[state.widthBy].px;
}

// Where arrows start and end: at the edge of the symbol, or of the circle of its region.
function edgeOf(atlas, kind, region = -1) {
  const symbol = symbolRadius(kind);
  return kind === "region" ? Math.max(symbol, radiusOf(atlas, region)) : symbol;
}

// Whether a pair belongs to what is in focus; null where nothing is.
function pairTest(atlas, focus) {
  const { data, state } = atlas;
  if (!focus) return null;
  const ends = (wanted) => (pair) => wanted(pair.from) || wanted(pair.to);
  if (focus.kind === "region") return ends((place) => data.places[place].region === focus.id);
  if (focus.kind === "place") {
    const { region } = data.places[focus.id];
    const named = data.levels.place.some(({ from, to }) => from === focus.id || to === focus.id);
    // Of a place that no flow names, those of its region stay in sight.
    return ends((place) =>
      named ? place === focus.id : region >= 0 && data.places[place].region === region,
    );
  }
  if (focus.kind === "corridor") {
    const flows = new Set(legFlows(atlas, focus.id));
    return (pair) => pair.rows.some((flow) => flows.has(flow));
  }
  if (focus.kind !== "pair") return () => false;
  if (focus.level === state.level) return (pair) => pair.id === focus.id;
  const flows = new Set(data.levels[focus.level][focus.id].rows);
  return (pair) => pair.rows.some((flow) => flows.has(flow));
}

function alphaOfRoute(atlas, id) {
  const { data, state } = atlas;
  const focus = state.hover ?? state.selected;
  if (!focus) return 0.9;
  if (focus.kind === "route") return focus.id === id ? 1 : 0.12;
  const { stops } = data.itineraries[id];
  const through =
    focus.kind === "region" && stops.some((stop) => data.places[stop].region === focus.id);
  return through ? 0.9 : 0.12;
}

export function routeTitle(atlas, id) {
  const route = atlas.data.itineraries[id];
  return `${placeName(atlas, route.stops[0])} – ${placeName(atlas, route.stops[route.stops.length - 1])} (${sourceLabel(atlas, route.source)})`;
}

// A straight leg moved sideways, so that legs named by several sources lie beside each other.
function aside(a, b, offset) {
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
  const [nx, ny] = [-(b[1] - a[1]) / length, (b[0] - a[0]) / length];
  const shifted = [a, b].map(([x, y]) => [x + nx * offset, y + ny * offset]);
  return cutEnd(shifted, 0);
}
