// The arrows of a flow map. Nothing here knows of the page: places, pairs and colours are given, so
// that a layer can use it alone.

import { arrow, bend, distanceToCurve, distanceToLine, flatten, loop } from "../core/geometry.js";
import { isAbroad } from "../core/pairs.js";
import { Crowd } from "../core/grid.js";
import { chooseBends } from "./bends.js";
import { spreadHeads } from "./heads.js";

// Curves are chosen in the pixels of this zoom; at others they are the same curves, larger or smaller.
export const REACH_ZOOM = 5.5;
const REACH_PX = 420;
const LEAST_PX = 1;
const LOOP_PX = 15;
const AREA_GAP = 22;
// With more arrows than this their heads cover each other whatever is done.
const MOST_SPREAD = 400;

// A point of the earth in pixels of the reference zoom.
export function toReference([lat, lon]) {
  const world = 256 * 2 ** REACH_ZOOM;
  const angle = Math.PI / 4 + (lat * Math.PI) / 360;
  return [((lon + 180) / 360) * world, (0.5 - Math.log(Math.tan(angle)) / (2 * Math.PI)) * world];
}

export class Flows {
  constructor(places, radiusOf) {
    this.places = places;
    this.radiusOf = radiusOf;
    this.spots = places.map((place) => {
      const at = place.at ?? place.label;
      return at ? toReference(at) : null;
    });
    this.items = [];
    this.arrows = [];
  }

  // Choose the pairs to draw, with the width of each (null: it has no value of the kind that widths
  // show) and the names they should keep clear of: [{ at: [lat, lon], text }].
  *choose(pairs, widthOf, names = []) {
    const items = pairs
      .filter(({ from, to }) => this.spots[from] && this.spots[to])
      .map((pair) => {
        const value = widthOf(pair);
        const width = Math.max(LEAST_PX, value ?? 0);
        const { from, to } = pair;
        return { pair, from, to, width, valued: value !== null, looks: this.looks(from, to) };
      })
      .sort((a, b) => b.width - a.width || a.pair.id - b.pair.id);
    for (const item of items)
      Object.assign(item, { start: this.spots[item.from], end: this.spots[item.to] });
    const turns = yield* chooseBends(items, this.obstacles(items, names), REACH_PX);
    items.forEach((item, n) => Object.assign(item, { turn: turns[n] }));
    this.items = items;
  }

  // What kind of ends a flow has: towards an area, over the border, or neither.
  looks(from, to) {
    const [a, b] = [this.places[from], this.places[to]];
    if (!a.at || !b.at) return "area";
    return isAbroad(a) !== isAbroad(b) ? "border" : "plain";
  }

  obstacles(items, names) {
    const shown = new Set(items.flatMap(({ from, to }) => [from, to]));
    this.places.forEach(({ kind }, id) => kind === "mining_zone" && shown.add(id));
    const symbols = [...shown]
      .filter((id) => this.places[id].at)
      .map((id) => ({ id, at: this.spots[id], radius: this.radiusOf(this.places[id].kind) + 2 }));
    const texts = names.map(({ at, text }, n) => {
      const [x, y] = toReference(at);
      const name = [x + 6, y - 6, x + 10 + 6.4 * text.length, y + 6];
      return { id: `name ${n}`, at: [x, y], radius: 0, name };
    });
    return [...symbols, ...texts];
  }

  // Put the arrows that touch a frame on the screen: `scale` and `origin` lead from the pixels of the
  // reference zoom to those of the layer.
  place({ scale, origin }, frame) {
    this.arrows = [];
    const placed = [];
    const onScreen = ([x, y]) => [x * scale - origin[0], y * scale - origin[1]];
    // The thinnest first, so that the strongest lie on top.
    for (let n = this.items.length - 1; n >= 0; n -= 1) {
      const item = this.items[n];
      const { from, to, width, turn } = item;
      const [start, end] = [onScreen(item.start), onScreen(item.end)];
      const curve =
        from === to ? loop(start, LOOP_PX + width, turn) : bend(start, end, REACH_PX * scale, turn);
      if (inFrame(curve, frame, width + 12)) placed.push({ item, curve });
    }
    if (placed.length <= MOST_SPREAD) spreadHeads(placed, (place) => this.gapAt(place));
    for (const { item, curve } of placed) {
      const { from, to, width } = item;
      const gap = (place, rest, area) => (this.places[place].at ? this.gapAt(place) + rest : area);
      const drawing = arrow(curve, {
        width,
        startGap: gap(from, 1.5, 0),
        endGap: gap(to, 2.5, AREA_GAP),
      });
      this.arrows.push({ ...item, ...drawing });
    }
    return this.arrows;
  }

  gapAt(place) {
    return this.radiusOf(this.places[place].kind, this.places[place].region);
  }

  // How crowded the screen is with arrows, for whoever places names.
  crowd() {
    const crowd = new Crowd(6);
    for (const { shaft, width } of this.arrows)
      for (const [x, y] of flatten(shaft, 40)) crowd.add(x, y, 0.5 + width / 4);
    return crowd;
  }

  // The arrow nearest to a point, among those within `slack` of it: { d, arrow } or null. Of those
  // that cover the point it is the one on top.
  find(point, slack) {
    let best = null;
    for (let n = this.arrows.length - 1; n >= 0; n -= 1) {
      const arrow = this.arrows[n];
      const { shaft, head, width } = arrow;
      const most = width / 2 + (best?.d ?? slack);
      const along = distanceToCurve(point, shaft, most);
      const ahead = distanceToLine(point, [shaft.slice(6), head[0]]);
      const d = Math.max(0, Math.min(along, ahead) - width / 2);
      if (d < (best?.d ?? slack)) best = { d, arrow };
    }
    return best;
  }
}

function inFrame(curve, { left, top, right, bottom }, margin) {
  const xs = [curve[0], curve[2], curve[4], curve[6]];
  const ys = [curve[1], curve[3], curve[5], curve[7]];
  return (
    Math.max(...xs) > left - margin &&
    Math.min(...xs) < right + margin &&
    Math.max(...ys) > top - margin &&
    Math.min(...ys) < bottom + margin
  );
}
