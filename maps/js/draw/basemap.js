// The base map: rivers, lakes, roads and capitals, quiet, over the regions and under the data.

import { h, svg } from "../core/dom.js";
import { unpack } from "../core/geometry.js";

const BASE_SCALE = 1000;
const RANK_ZOOM = [0, 0, 5.75, 6.5]; // by rank: the zoom from which a water is drawn
const ROAD_ZOOM = 6;
const NAME_ZOOM = 6.25;
const BASE_FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';

export class Basemap {
  constructor(atlas, map) {
    this.atlas = atlas;
    this.map = map;
    const pane = map.createPane("basemap");
    pane.style.zIndex = 400;
    pane.style.pointerEvents = "none";
    const renderer = L.canvas({ pane: "basemap", padding: 0.35 });
    const common = { renderer, interactive: false, pane: "basemap", smoothFactor: 1 };
    const { rivers, lakes, roads, capitals } = atlas.data.basemap;
    const line = (packed, style) => L.polyline(unpack(packed, BASE_SCALE), { ...common, ...style });
    const lake = ({ rings }) =>
      L.polygon(
        rings.map((ring) => unpack(ring, BASE_SCALE)),
        { ...common, weight: 0.7, fillOpacity: 1, fill: true },
      );
    this.pieces = [
      ...roads.map((packed) => ({
        zoom: ROAD_ZOOM,
        kind: "road",
        shape: line(packed, { weight: 0.9, opacity: 0.75 }),
      })),
      ...rivers.flatMap((river) =>
        river.lines.map((packed) => ({
          zoom: RANK_ZOOM[river.rank],
          kind: "river",
          shape: line(packed, { weight: river.rank === 1 ? 1.6 : 1, opacity: 0.8 }),
        })),
      ),
      ...lakes.map((row) => ({ zoom: RANK_ZOOM[row.rank], kind: "lake", shape: lake(row) })),
      ...capitals.map(({ at }) => ({
        zoom: NAME_ZOOM,
        kind: "capital",
        shape: L.circleMarker(at, { ...common, radius: 2, stroke: false, fillOpacity: 1 }),
      })),
    ];
    this.listening = false;
  }

  draw() {
    const { state, colours } = this.atlas;
    if (!this.listening) this.map.on("zoomend", () => this.draw());
    this.listening = true;
    const zoom = this.map.getZoom();
    for (const { zoom: from, kind, shape } of this.pieces) {
      const wanted = state.layers.basemap && zoom >= from;
      const color = kind === "road" ? colours.road : colours.water;
      const fillColor = kind === "capital" ? colours.muted : colours.lake;
      if (wanted) shape.setStyle({ color, fillColor });
      if (wanted !== this.map.hasLayer(shape)) {
        if (wanted) shape.addTo(this.map);
        else shape.remove();
      }
    }
  }

  // On paper, where the canvas of the data carries everything.
  paint(ctx, point) {
    for (const { shape } of this.pieces) {
      if (!this.map.hasLayer(shape) || !shape.getLatLngs) continue;
      const { color, weight, opacity, fill, fillColor } = shape.options;
      const parts = fill ? shape.getLatLngs() : [shape.getLatLngs()];
      ctx.beginPath();
      for (const part of parts)
        part.forEach((at, i) => (i ? ctx.lineTo(...point(at)) : ctx.moveTo(...point(at))));
      ctx.globalAlpha = opacity;
      if (fill) {
        ctx.closePath();
        ctx.fillStyle = fillColor;
        ctx.fill();
      }
      ctx.strokeStyle = color;
      ctx.lineWidth = weight;
      ctx.stroke();
      ctx.globalAlpha = 1;
    }
  }

  // Names of capitals and waters, where there is room for them.
  names() {
    const { data, state, colours, pick } = this.atlas;
    const zoom = this.map.getZoom();
    if (!state.layers.basemap || zoom < NAME_ZOOM) return [];
    const { rivers, lakes, capitals } = data.basemap;
    return [
      ...capitals.map(({ name, at }) => ({
        text: name,
        at,
        gap: 4,
        height: 12,
        font: `10.5px ${BASE_FONT}`,
        colour: colours.muted,
      })),
      ...[...lakes, ...rivers]
        .filter(({ rank }) => zoom >= RANK_ZOOM[rank] + 0.5)
        .map(({ name, at }) => ({
          text: pick(name),
          at,
          centred: true,
          height: 12,
          font: `italic 10.5px ${BASE_FONT}`,
          colour: colours.waterName,
        })),
    ];
  }
}

// Tiles of another host, only where the map offers them and only after the reader asked for them.
function toggleTiles(atlas) {
  const { data, state, change } = atlas;
  const { map } = atlas;
  if (atlas.tiles) {
    atlas.tiles.remove();
    atlas.tiles = null;
  } else {
    const pane = map.getPane("tiles") ?? map.createPane("tiles");
    pane.style.zIndex = 260;
    atlas.tiles = L.tileLayer(data.tiles.url, { pane: "tiles" }).addTo(map);
  }
  map.getPane("regions").style.opacity = atlas.tiles ? 0.6 : "";
  change({ layers: { ...state.layers } });
  document.getElementById("tiles")?.focus();
}

function tileOffer(atlas) {
  const { data, t } = atlas;
  if (!data.tiles) return null;
  const { host, credit } = data.tiles;
  const on = Boolean(atlas.tiles);
  return h(
    "div",
    { class: "tiles" },
    on
      ? h("p", { class: "small" }, t("Map pictures: {credit}", { credit: credit || host }))
      : h(
          "p",
          { class: "small" },
          t(
            "A detailed map can be loaded from {host}. That host then learns your address and which places you look at.",
            { host },
          ),
        ),
    h(
      "button",
      { type: "button", id: "tiles", class: "go", onclick: () => toggleTiles(atlas) },
      on ? t("Take the detailed map away") : t("Load the detailed map"),
    ),
  );
}

export function hasBasemap(atlas) {
  if (atlas.data.tiles) return true;
  return Object.values(atlas.data.basemap).some((rows) => rows.length);
}

export function basemapLegend(atlas) {
  const { data, colours, t } = atlas;
  const row = (mark, label) =>
    h(
      "li",
      {},
      svg("svg", { width: 26, height: 12, "aria-hidden": "true" }, mark),
      h("span", { class: "legend-label" }, label),
    );
  const line = (stroke) => svg("path", { d: "M1,6L25,6", stroke, "stroke-width": 1.6 });
  const { rivers, lakes, roads } = data.basemap;
  const rows = h(
    "ul",
    { class: "legend-rows legend-symbols" },
    rivers.length || lakes.length ? row(line(colours.water), t("river, lake")) : null,
    roads.length ? row(line(colours.road), t("road of the network")) : null,
  );
  return [rows, tileOffer(atlas)];
}
