// The pointer on the map: what lies under it, the hint beside it, and what a click chooses.

import { placeName } from "../core/data.js";
import { h, replace } from "../core/dom.js";
import { routeTitle } from "../draw/overlay.js";
import { regionText } from "../draw/regions.js";
import { corridorHint, corridorTitle } from "../words/corridors.js";

const MOUSE_SLACK = 4;
const FINGER_SLACK = 14;
const CLICK_PX = 6;

// `pick(hit, event)` is called with what was clicked, or null.
export function listen(atlas, map, overlay, hint, pick) {
  const { state, change } = atlas;
  const container = map.getContainer();
  const at = (event, slack) =>
    event.target.closest(".leaflet-control, .leaflet-popup")
      ? null
      : hitAt(atlas, map, overlay, event, slack);
  let pressed = null;
  let quiet = false; // after a click, until the pointer has moved on to something else
  let last = null;
  container.addEventListener("pointerdown", (event) => {
    pressed = [event.clientX, event.clientY];
  });
  container.addEventListener("click", (event) => {
    const moved =
      pressed && Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]) > CLICK_PX;
    if (moved || event.target.closest(".leaflet-control, .leaflet-popup")) return;
    showHint(atlas, container, hint, null);
    quiet = true;
    pick(at(event, event.pointerType === "touch" ? FINGER_SLACK : MOUSE_SLACK), event);
  });
  container.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch" || event.buttons) return;
    const hit = at(event, MOUSE_SLACK);
    if (!same(hit, last)) quiet = false;
    last = hit;
    showHint(atlas, container, hint, quiet ? null : hit, event);
    const focus = hit && hit.kind !== "region" ? hit : null;
    if (!same(focus, state.hover)) change({ hover: focus });
  });
  container.addEventListener("pointerleave", () => {
    showHint(atlas, container, hint, null);
    if (state.hover) change({ hover: null });
  });
}

// A flow or leg under the pointer comes first, then the region.
function hitAt(atlas, map, overlay, event, slack) {
  const point = map.mouseEventToLayerPoint(event);
  const found = overlay.find([point.x, point.y], slack);
  if (found) return found;
  const code = event.target.closest?.("[data-region]")?.dataset.region;
  const id = atlas.data.regions.findIndex((region) => region.id === code);
  return id < 0 ? null : { kind: "region", id };
}

function same(a, b) {
  return a === b || (a && b && a.kind === b.kind && a.id === b.id && a.level === b.level);
}

function showHint(atlas, container, hint, hit, event) {
  hint.classList.toggle("visible", Boolean(hit));
  container.classList.toggle("pointing", Boolean(hit));
  if (!hit) return;
  const [title, line] = hintLines(atlas, hit);
  replace(hint, h("strong", {}, title), line ? h("span", {}, line) : null);
  const box = container.getBoundingClientRect();
  const side = document.getElementById("panel")?.getBoundingClientRect().left ?? 0;
  const room = (side > box.left + box.width / 2 ? side : box.right) - box.left;
  const x = Math.min(event.clientX - box.left + 14, room - hint.offsetWidth - 8);
  const y = event.clientY - box.top + 18;
  const top = y + hint.offsetHeight > box.height ? y - hint.offsetHeight - 30 : y;
  hint.style.transform = `translate(${Math.max(8, x)}px, ${top}px)`;
}

// The hint at the pointer, for a region, a pair or an itinerary.
export function hintLines(atlas, hit) {
  const { data, state, t, tn } = atlas;
  if (hit.kind === "region") {
    return [data.regions[hit.id].name, state.layers.regions ? regionText(atlas, hit.id) : ""];
  }
  if (hit.kind === "route") return [t("Documented itinerary"), routeTitle(atlas, hit.id)];
  if (hit.kind === "corridor") return [corridorTitle(atlas, hit.id), corridorHint(atlas, hit.id)];
  const pair = data.levels[hit.level][hit.id];
  const title =
    pair.from === pair.to
      ? t("Inside {place}", { place: placeName(atlas, pair.from) })
      : `${placeName(atlas, pair.from)} → ${placeName(atlas, pair.to)}`;
  return [
    title,
    tn(
      "Reported flow, named by {n} independent source",
      "Reported flow, named by {n} independent sources",
      pair.evidence,
    ),
  ];
}
