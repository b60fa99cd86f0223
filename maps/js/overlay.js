// One canvas over the regions: flows, documented itineraries, symbols and names. Leaflet moves it
// with the map; it is drawn again only when a movement ends or something is chosen.

import { COLOURS, data, placeName, sourceLabel } from "./data.js";
import { arrow, bend, cutEnd, distance, distanceToLine, loop } from "./geometry.js";
import { drawArrow, drawLabel, drawLeg, drawStop, drawSymbol, symbolRadius } from "./draw.js";
import { pick, t } from "./i18n.js";
import { visiblePairs } from "./filters.js";
import { placeLabels } from "./labels.js";
import { state } from "./state.js";

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';
const REACH_ZOOM = 5.5;
const REACH_PX = 420;
const TOWN_ZOOM = 6.25;
const SEA = [-15.6, -80];

export class Overlay {
  constructor(map, regions) {
    this.map = map;
    this.regions = regions;
    this.onPaper = false;
    this.covered = () => ({ left: 0, right: 0 });
    this.arrows = []; // { pair, line, width, drawing }
    this.legs = []; // { route, line }
    this.symbols = []; // { id, at, kind, named }
    const overlay = this;
    const Layer = L.Renderer.extend({
      options: { padding: 0.35, pane: "flows" },
      _initContainer() {
        this._container = document.createElement("canvas");
        this._container.setAttribute("aria-hidden", "true");
        this._ctx = this._container.getContext("2d");
      },
      _destroyContainer() {
        this._container.remove();
      },
      _updatePaths() {},
      _update() {
        if (this._map._animatingZoom && this._bounds) return;
        L.Renderer.prototype._update.call(this);
        const { min } = this._bounds;
        const size = this._bounds.getSize();
        const ratio = overlay.onPaper ? 3 : window.devicePixelRatio || 1;
        this._container.width = Math.round(size.x * ratio);
        this._container.height = Math.round(size.y * ratio);
        this._container.style.width = `${size.x}px`;
        this._container.style.height = `${size.y}px`;
        L.DomUtil.setPosition(this._container, min);
        this._ctx.setTransform(ratio, 0, 0, ratio, -min.x * ratio, -min.y * ratio);
        overlay.draw(this._ctx);
      },
    });
    this.layer = new Layer().addTo(map);
  }

  redraw() {
    this.layer._update();
  }

  point(at) {
    const { x, y } = this.map.latLngToLayerPoint(at);
    return [x, y];
  }

  draw(ctx) {
    this.arrows = [];
    this.legs = [];
    // A browser prints a canvas without its transparency, so on paper it carries the polygons too.
    if (this.onPaper) {
      this.regions.paint(ctx, (at) => this.point(at), this.layer._bounds);
      this.basemap?.paint(ctx, (at) => this.point(at));
    }
    this.drawBackground(ctx);
    if (state.layers.itineraries) this.drawItineraries(ctx);
    if (state.layers.flows) this.drawFlows(ctx);
    this.symbols = this.drawSymbols(ctx);
    this.drawLabels(ctx, this.symbols);
  }

  drawFlows(ctx) {
    const scale = 2 ** (this.map.getZoom() - REACH_ZOOM);
    const reach = REACH_PX * scale;
    const pairs = visiblePairs(state.level).pairs.filter((pair) => pair.drawn);
    for (const pair of [...pairs].sort((a, b) => a.evidence - b.evidence)) {
      const [from, to] = [data.places[pair.from], data.places[pair.to]];
      const width = Math.max(1, pair.evidence * data.widths.evidence.px);
      const start = this.point(from.at ?? from.label);
      const end = this.point(to.at ?? to.label);
      const within = pair.from === pair.to;
      const line = within ? loop(start, 17 + width) : bend(start, end, reach);
      const drawing = arrow(line, {
        width,
        startGap: from.at ? symbolRadius(from.kind) + 1.5 : 0,
        endGap: to.at ? symbolRadius(to.kind) + 2.5 : 14,
      });
      const entry = { pair, line: [...drawing.shaft, drawing.head[0]], width };
      this.arrows.push(entry);
      drawArrow(ctx, drawing, { width, alpha: this.alphaOfPair(pair), dashed: !to.at || !from.at });
    }
  }

  alphaOfPair(pair) {
    const focus = state.hover ?? state.selected;
    if (!focus) return 0.82;
    return touches(focus, pair) ? 0.95 : 0.1;
  }

  drawItineraries(ctx) {
    const seen = new Map();
    for (const [id, route] of data.itineraries.entries()) {
      const alpha = this.alphaOfRoute(id);
      const points = route.stops.map(
        (stop) => data.places[stop].at && this.point(data.places[stop].at),
      );
      route.modes.forEach((mode, i) => {
        const [a, b] = [points[i], points[i + 1]];
        if (!a || !b) return;
        const key = [route.stops[i], route.stops[i + 1]].sort().join("-");
        const lane = seen.get(key) ?? 0;
        seen.set(key, lane + 1);
        const line = aside(a, b, lane * 4);
        this.legs.push({ route: id, line });
        drawLeg(ctx, line, mode || "unknown", alpha);
      });
      points.filter(Boolean).forEach((at) => drawStop(ctx, at, alpha));
    }
  }

  alphaOfRoute(id) {
    const focus = state.hover ?? state.selected;
    if (!focus) return 0.9;
    if (focus.kind === "route") return focus.id === id ? 1 : 0.12;
    if (focus.kind === "region") {
      return data.itineraries[id].stops.some((stop) => data.places[stop].region === focus.id)
        ? 0.9
        : 0.12;
    }
    return 0.12;
  }

  // Symbols of the places that something drawn names; returns what was drawn where.
  drawSymbols(ctx) {
    const named = new Set();
    if (state.layers.flows) {
      visiblePairs(state.level)
        .pairs.filter((p) => p.drawn)
        .forEach((p) => named.add(p.from).add(p.to));
    }
    const stops = new Set(
      state.layers.itineraries ? data.itineraries.flatMap((route) => route.stops) : [],
    );
    const drawn = [];
    data.places.forEach((place, id) => {
      const plain = stops.has(id) && place.kind !== "mining_zone" && !named.has(id);
      if (plain && place.at)
        drawn.push({ id, at: this.point(place.at), kind: place.kind, named: false });
      const near =
        place.kind === "mining_zone" ||
        (place.kind !== "region" && this.map.getZoom() >= TOWN_ZOOM);
      const wanted = !plain && (named.has(id) || (state.layers.places && near));
      if (!wanted || !place.at) return;
      const at = this.point(place.at);
      drawSymbol(ctx, at, place.kind, named.has(id) || place.kind === "mining_zone" ? 1 : 0.75);
      drawn.push({ id, at, kind: place.kind, named: named.has(id) });
    });
    return drawn;
  }

  drawLabels(ctx, symbols) {
    const zoom = this.map.getZoom();
    const measure = (text, font) => {
      ctx.font = font;
      return ctx.measureText(text).width;
    };
    const wanted = [];
    data.regions.forEach((region) => {
      const ring = symbols.find((s) => data.places[s.id].id === region.id);
      wanted.push({
        text: region.name,
        at: this.point(region.at),
        gap: ring ? 6 : 0,
        centred: !ring && zoom < 7,
        font: `600 ${zoom < 5.5 ? 11 : 12.5}px ${FONT}`,
        rank: 1,
      });
    });
    for (const { id, at, kind, named } of symbols) {
      if (kind === "region") continue;
      const rank = named ? 2 : kind === "mining_zone" ? 2.5 : 3;
      if (rank > 2 && zoom < TOWN_ZOOM) continue;
      if (zoom < 5.25) continue;
      const italic = kind === "mining_zone" ? "italic " : "";
      wanted.push({
        text: placeName(id),
        at,
        gap: 5,
        font: `${italic}11px ${FONT}`,
        height: 12,
        rank,
      });
    }
    const written = new Set(wanted.map(({ text }) => text));
    for (const name of this.basemap?.names() ?? [])
      if (!written.has(name.text)) wanted.push({ ...name, at: this.point(name.at), rank: 4 });
    wanted.sort((a, b) => a.rank - b.rank);
    const taken = symbols.map(({ at: [x, y] }) => [x - 5, y - 5, x + 5, y + 5]);
    const frame = this.frame();
    placeLabels(wanted, measure, taken, frame).forEach((label) => drawLabel(ctx, label));
    this.drawAreas(ctx, measure, frame);
  }

  // Areas without a point: a name near the end of the dashed arrows, never a symbol.
  drawAreas(ctx, measure, frame) {
    if (!state.layers.flows) return;
    for (const place of data.places) {
      if (!place.label || place.at) continue;
      const [x, y] = this.point(place.label);
      const [name, detail] = pick(place.name).split(" (");
      const lines = [
        [name, `italic 600 13px ${FONT}`],
        [detail && `(${detail}`, `italic 600 11px ${FONT}`],
      ];
      lines.forEach(([text, font], i) => {
        if (!text) return;
        const inside = keepInside(x, y, measure(text, font) + 12, frame);
        drawLabel(ctx, { text, x: inside, y: y + i * 15, font, colour: COLOURS.flow });
      });
    }
  }

  // Countries and the sea, behind everything, where they fit.
  drawBackground(ctx) {
    const { left, top, right, bottom } = this.frame();
    const size = this.map.getZoom() < 5.5 ? 11 : 13;
    const names = data.land
      .filter((land) => land.at)
      .map((land) => ({
        text: pick(land.name).toUpperCase(),
        at: land.at,
        font: `500 ${size}px ${FONT}`,
        colour: COLOURS.country,
        spacing: 3,
      }));
    const sea = { text: t("Pacific Ocean"), at: SEA, font: `italic ${size + 1}px ${FONT}` };
    for (const label of [...names, { ...sea, colour: COLOURS.seaName, spacing: 2 }]) {
      const [x, y] = this.point(label.at);
      ctx.font = label.font;
      const half = (ctx.measureText(label.text).width + label.text.length * label.spacing) / 2 + 4;
      const fits = x - half > left && x + half < right && y - 8 > top && y + 8 < bottom;
      if (fits) drawLabel(ctx, { ...label, x, y, spacing: `${label.spacing}px`, plain: true });
    }
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
    const ring = this.symbols.find(
      ({ at, kind, named }) =>
        kind === "region" && named && distance(at, point) <= symbolRadius(kind),
    );
    if (ring) return { kind: "region", id: data.places[ring.id].region };
    let best = null;
    for (const { pair, line, width } of this.arrows) {
      const d = distanceToLine(point, line) - width / 2;
      if (d < slack && (!best || d < best.d))
        best = {
          d,
          hit: { kind: "pair", id: pair.id, level: state.level },
        };
    }
    if (best) return best.hit;
    for (const { route, line } of this.legs) {
      const d = distanceToLine(point, line);
      if (d < slack && (!best || d < best.d)) best = { d, hit: { kind: "route", id: route } };
    }
    return best?.hit ?? null;
  }
}

// Whether a pair belongs to what is in focus.
export function touches(focus, pair) {
  if (focus.kind === "region") {
    return [pair.from, pair.to].some((end) => data.places[end].region === focus.id);
  }
  if (focus.kind !== "pair") return false;
  const chosen = data.levels[focus.level][focus.id];
  if (focus.level === state.level) return focus.id === pair.id;
  return chosen.flows.some((flow) => pair.flows.includes(flow));
}

export function routeTitle(id) {
  const route = data.itineraries[id];
  return `${placeName(route.stops[0])} – ${placeName(route.stops[route.stops.length - 1])} (${sourceLabel(route.source)})`;
}

// A straight leg moved sideways, so that legs named by several sources lie beside each other.
function aside(a, b, offset) {
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
  const [nx, ny] = [-(b[1] - a[1]) / length, (b[0] - a[0]) / length];
  const shifted = [a, b].map(([x, y]) => [x + nx * offset, y + ny * offset]);
  return cutEnd(shifted, 0);
}

// Move a name that the edge of the map would cut; one that is wholly outside stays there.
function keepInside(x, y, width, { left, top, right, bottom }) {
  const half = width / 2;
  if (x + half < left || x - half > right || y < top || y > bottom) return x;
  return Math.max(left + half, Math.min(right - half, x));
}
