// Names on the map: regions, places, areas without a point, and the countries and the sea behind.

import { placeName } from "../core/data.js";
import { unpackLine } from "./bands.js";
import { placeLabels } from "./labels.js";
import { UNITS, drawLabel } from "./marks.js";

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';
const SEA = [-15.6, -80];
export const TOWN_ZOOM = 6.25;
const MOST_NAMES = 250;
const LETTER_PX = 5;
const NAMES_A_STEP = 25;

const measureOn = (ctx) => (text, font) => {
  ctx.font = font;
  return ctx.measureText(text).width;
};

// symbols: [{ id, at, kind, named }] as drawn; others: more names, [{ text, at: [lat, lon], ... }].
// areas: the places without a point that drawn flows lead to, or null.
// With very many symbols only the first so many names are tried; the others would find no room.
// taken: boxes that names keep clear of.
export function* drawNames(atlas, ctx, view) {
  const { zoom, point, frame, symbols, crowd, others, areas, taken: kept = [] } = view;
  const drawn = new Map(symbols.map((symbol) => [atlas.data.places[symbol.id].id, symbol]));
  const wanted = unitsToName(atlas.data, { point, frame }).map((region) =>
    regionName(region, drawn.get(region.id), zoom, point),
  );
  for (const symbol of symbols) {
    const label = symbolName(atlas, symbol, zoom);
    const chosen = others.some(({ rank, text }) => rank < 0 && text === label?.text);
    if (label && !chosen) wanted.push(label);
  }
  const written = new Set(wanted.map(({ text }) => text));
  for (const name of others) {
    if (written.has(name.text)) continue;
    written.add(name.text);
    wanted.push({ rank: 4, ...name, at: point(name.at) });
  }
  wanted.sort((a, b) => a.rank - b.rank);
  const fixed = areas ? areaNames(atlas, measureOn(ctx), { point, frame, areas }) : [];
  const taken = [
    ...kept,
    ...symbols.map(({ at: [x, y] }) => [x - 5, y - 5, x + 5, y + 5]),
    ...fixed.map(({ x, y, width }) => [x - width / 2, y - 7, x + width / 2, y + 7]),
  ];
  const last = Math.min(wanted.length, MOST_NAMES);
  for (let n = 0; n < last; n += NAMES_A_STEP) {
    yield;
    const some = wanted.slice(n, Math.min(last, n + NAMES_A_STEP));
    for (const label of placeLabels(some, measureOn(ctx), taken, frame, crowd)) {
      drawLabel(atlas, ctx, label);
      taken.push(label.box);
    }
  }
  for (const label of fixed) drawLabel(atlas, ctx, label);
}

// All regions; of provinces and districts those whose name finds room in them, and before them the
// regions that they make up.
export function unitsToName({ level, regions, places }, { point, frame }) {
  if (level === "region") return regions;
  const inSight = ({ at: [lat, lon], wide, name }) => {
    const [x, y] = point([lat, lon - wide / 2]);
    const [right] = point([lat, lon + wide / 2]);
    const seen = right > frame.left && x < frame.right && y > frame.top && y < frame.bottom;
    return seen && right - x > name.length * LETTER_PX;
  };
  const above = places.filter(({ kind, region }) => kind === "region" && region < -1);
  const units = regions.filter(inSight).map((unit) => ({ ...unit, rank: 2.2 }));
  return [...above.map(({ id, name, at }) => ({ id, name: name[0], at })), ...units];
}

function regionName(region, ring, zoom, point) {
  return {
    text: region.name,
    at: point(region.at),
    gap: ring ? 6 : 0,
    centred: !ring && zoom < 7,
    font: region.rank ? `11px ${FONT}` : `600 ${zoom < 5.5 ? 11 : 12.5}px ${FONT}`,
    rank: region.rank ?? 1,
  };
}

function symbolName(atlas, { id, at, kind, named }, zoom) {
  if (kind === "region" || zoom < 5.25) return null;
  const rank = named ? 2 : kind === "mining_zone" ? 2.5 : 3;
  if (rank > 2 && zoom < TOWN_ZOOM) return null;
  const style = kind === "mining_zone" ? "italic " : UNITS.includes(kind) ? "500 " : "";
  return { text: placeName(atlas, id), at, gap: 5, font: `${style}11px ${FONT}`, height: 12, rank };
}

// The two ends of a leg: of the one chosen before all other names.
export function legEnds({ places, line }, rank = 0) {
  const points = unpackLine(line);
  return [0, -1].map((end) => ({
    text: places.at(end),
    at: points.at(end),
    gap: 8,
    height: 12,
    font: `600 11px ${FONT}`,
    rank,
  }));
}

// Areas without a point: a name near the end of the dashed arrows, never a symbol.
function areaNames(atlas, measure, { point, frame, areas }) {
  const { data, colours, pick } = atlas;
  const labels = [];
  for (const [id, place] of data.places.entries()) {
    if (!place.label || place.at || !areas.has(id)) continue;
    const [x, y] = point(place.label);
    const [name, detail] = pick(place.name).split(" (");
    const lines = [
      [name, `italic 600 13px ${FONT}`],
      [detail && `(${detail}`, `italic 600 11px ${FONT}`],
    ];
    lines.forEach(([text, font], i) => {
      if (!text) return;
      const width = measure(text, font) + 12;
      const label = { text, font, y: y + i * 15, width, colour: colours.flow };
      labels.push({ ...label, x: keepInside(x, y, width, frame) });
    });
  }
  return labels;
}

// Countries and the sea, behind everything, where they fit.
export function drawBackgroundNames(atlas, ctx, { zoom, point, frame }) {
  const { data, colours, pick, t } = atlas;
  const { left, top, right, bottom } = frame;
  const size = zoom < 5.5 ? 11 : 13;
  const names = data.land
    .filter((land) => land.at)
    .map((land) => ({
      text: pick(land.name).toUpperCase(),
      at: land.at,
      font: `500 ${size}px ${FONT}`,
      colour: colours.country,
      spacing: 3,
    }));
  const sea = { text: t("Pacific Ocean"), at: SEA, font: `italic ${size + 1}px ${FONT}` };
  for (const label of [...names, { ...sea, colour: colours.seaName, spacing: 2 }]) {
    const [x, y] = point(label.at);
    ctx.font = label.font;
    const half = (ctx.measureText(label.text).width + label.text.length * label.spacing) / 2 + 4;
    const fits = x - half > left && x + half < right && y - 8 > top && y + 8 < bottom;
    if (fits) drawLabel(atlas, ctx, { ...label, x, y, spacing: `${label.spacing}px`, plain: true });
  }
}

// Move a name that the edge of the map would cut; one that is wholly outside stays there.
function keepInside(x, y, width, { left, top, right, bottom }) {
  const half = width / 2;
  if (x + half < left || x - half > right || y < top || y > bottom) return x;
  return Math.max(left + half, Math.min(right - half, x));
}
