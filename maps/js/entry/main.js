// Start: read the data, build the parts, and draw again whatever a choice changes.

import { readAddress, showAddress } from "../core/address.js";
import { Atlas } from "../core/atlas.js";
import { internalMark } from "../core/data.js";
import { h, replace } from "../core/dom.js";
import { choose, focusOn } from "../core/focus.js";
import { levelAtZoom } from "../core/levels.js";
import { mapReference } from "../core/citations.js";
import { Basemap } from "../draw/basemap.js";
import { Overlay } from "../draw/overlay.js";
import { Regions } from "../draw/regions.js";
import { applyTheme, onSystemTheme } from "../draw/theme.js";
import { drawControls } from "../ui/controls.js";
import { setUpCopy } from "../ui/copy.js";
import { drawFinding } from "../ui/finding.js";
import { addMapTools, nameMapTools } from "../ui/maptools.js";
import { drawPanel } from "../ui/panel.js";
import { openSheet, setSheet, setUpSheet, sheetCovers } from "../ui/sheet.js";
import { drawSaveMenu } from "../ui/picture.js";
import { listen } from "../ui/pointer.js";
import { drawSearch } from "../ui/search.js";
import { setUpSources } from "../ui/sources.js";
import { announce, drawMasthead, drawPaper, drawStatus } from "../ui/status.js";
import { setUpTable } from "../ui/table.js";
import { drawTime } from "../ui/time.js";

const WIDE = window.matchMedia("(min-width: 900px)");
const NEAR_PLACE = 8;
const NEAR_REGION = 6.5;
const PRINT = window.matchMedia("print");

const openingLanguage = document.documentElement.lang;
const atlas = new Atlas(JSON.parse(document.getElementById("corredor-data").textContent), {
  language: /[#&]lang=(es|en)\b/.exec(window.location.hash)?.[1] ?? openingLanguage,
});
const asked = readAddress(atlas, window.location.hash);
Object.assign(atlas.state, asked.view);

const map = window.corredorMap;
atlas.map = map;
const container = map.getContainer();
const element = (id) => document.getElementById(id);
const regions = new Regions(atlas, map, chooseRegion);
const basemap = new Basemap(atlas, map);
const overlay = new Overlay(atlas, map, regions);
overlay.basemap = basemap;
setUpSources(atlas, element("sources"));
setUpCopy(atlas, element("said"));

// How much of the map's width the floating cards cover.
function covered() {
  if (PRINT.matches) return { left: 0, right: 0, bottom: 0 };
  if (!WIDE.matches) return sheetCovers(element("panel"), container);
  return {
    left: element("controls").getBoundingClientRect().right,
    right: window.innerWidth - element("panel").getBoundingClientRect().left,
    bottom: element("time").hidden
      ? 0
      : container.getBoundingClientRect().bottom - element("time").getBoundingClientRect().top,
  };
}
overlay.covered = covered;

// Show all regions, or a part of the map, clear of the cards.
function fit(part = null) {
  const [first, ...others] = regions.layers.map((layer) => layer.getBounds());
  const all = L.latLngBounds(first.getSouthWest(), first.getNorthEast());
  others.forEach((bounds) => all.extend(bounds));
  const { left, right, bottom } = covered();
  map.fitBounds(part ? L.latLngBounds(part) : all, {
    paddingTopLeft: [left + 14, 14],
    paddingBottomRight: [right + 14, bottom + 14],
    animate: false,
  });
}

// What the study opens with: a part of the map, or all regions.
const openingFrame = atlas.data.study.opening.frame ?? null;

// The address holds the frame of the map once the reader has moved it.
let moved = false;
function keepAddress() {
  const { lat, lng } = map.getCenter();
  const at = `${lat.toFixed(3)} ${lng.toFixed(3)} ${map.getZoom()}`;
  showAddress(atlas, {
    at: moved ? at : "",
    lang: atlas.language === openingLanguage ? "" : atlas.language,
  });
}

// What was chosen on a small screen stays in sight above the sheet.
function showAbove({ kind, id, level }) {
  const { places, regions: rows, levels } = atlas.data;
  const spotOf = (place) => places[place].at ?? places[place].label;
  const spots = {
    region: () => [rows[id].at],
    place: () => [spotOf(id)],
    pair: () => [spotOf(levels[level][id].from), spotOf(levels[level][id].to)],
  }[kind]?.();
  if (!spots?.every(Boolean)) return;
  const { right, bottom } = covered();
  const [x, y] = [map.getSize().x - right, map.getSize().y - bottom];
  const points = spots.map((at) => map.latLngToContainerPoint(at));
  const inside = points.every((p) => p.x > 30 && p.y > 30 && p.x < x - 30 && p.y < y - 20);
  if (inside) return;
  const mean = points.reduce((sum, p) => sum.add(p), L.point(0, 0)).divideBy(points.length);
  map.panBy(mean.subtract(L.point(x / 2, y / 2)), { animate: false });
}

function showFrame(part) {
  moved = false;
  fit(part ?? openingFrame);
  keepAddress();
}

// By keyboard: on to the panel, where the figures are; Esc leads back to the region.
function chooseRegion(id) {
  choose(atlas, { kind: "region", id });
  element("panel-title")?.focus({ preventScroll: true });
}

// From the search field: go to a region or place, near enough to see it, and show its flows; those of
// its region where none names the place itself.
function goTo(target) {
  const { data, state, change } = atlas;
  const place = target.kind === "place" ? data.places[target.id] : null;
  const named = ({ from, to }) => from === target.id || to === target.id;
  if (!place) {
    focusOn(atlas, target);
    choose(atlas, target);
  } else if (data.flows.length && data.levels.place.some(named)) {
    if (state.level === "region") change({ level: "place", autoLevel: false });
    focusOn(atlas, target);
    choose(atlas, target);
  } else {
    const focus = place.region < 0 ? null : [{ kind: "region", id: place.region }];
    change({ selected: target, focus, filters: { ...state.filters, direction: "all" } });
  }
  const spot = place && (place.at ?? place.label);
  if (place && !spot) return;
  const bounds = place ? L.latLngBounds([spot]).pad(0.01) : regions.layers[target.id].getBounds();
  const { left, right, bottom } = covered();
  map.fitBounds(bounds, {
    paddingTopLeft: [left + 14, 14],
    paddingBottomRight: [right + 14, bottom + 14],
    maxZoom: Math.max(map.getZoom(), place ? NEAR_PLACE : NEAR_REGION),
    animate: false,
  });
}

// Of own counts as they are: whoever sees the map, or a picture of it, sees that it may not go on.
function drawMark() {
  const mark = internalMark(atlas);
  replace(element("internal"), h("span", { class: "sr" }, mark)); // read aloud; what is seen is faint
  element("internal").dataset.mark = mark;
  element("internal").hidden = !mark;
}

function drawAll() {
  applyTheme(atlas, { paper: PRINT.matches });
  drawMasthead(atlas, switchLanguage);
  drawSearch(atlas, element("search"), goTo);
  if (atlas.toolbar) {
    nameMapTools(atlas, map);
    drawSaveMenu(atlas, element("saving"), view);
  }
  regions.draw();
  basemap.draw();
  overlay.redraw();
  drawControls(atlas, element("controls"));
  drawPanel(atlas, element("panel"));
  drawStatus(atlas, element("status"));
  drawFinding(atlas, element("finding"));
  drawMark();
  drawTime(atlas, element("time"));
}

function switchLanguage(language) {
  atlas.language = language;
  drawAll();
  keepAddress();
  element("languages").querySelector(`[lang=${language}]`).focus();
}

atlas.onChange((values) => {
  const only = (...names) => Object.keys(values).every((name) => names.includes(name));
  if (only("hover")) return overlay.redraw();
  if (only("theme")) {
    drawAll();
    return keepAddress();
  }
  if (only("level")) return drawLevel();
  if ("theme" in values) applyTheme(atlas, { paper: PRINT.matches });
  regions.draw();
  basemap.draw();
  overlay.redraw();
  drawPanel(atlas, element("panel"));
  if ("selected" in values) {
    element("panel").scrollTop = 0;
    setSheet(
      atlas,
      element("panel"),
      values.selected || atlas.state.story !== null ? "half" : "peek",
    );
  }
  if (!only("selected")) {
    drawControls(atlas, element("controls"));
    drawStatus(atlas, element("status"));
    drawFinding(atlas, element("finding"));
    drawTime(atlas, element("time"));
  }
  keepAddress();
  announce(atlas, element("said"), values);
  return undefined;
});

// Another level by the zoom: the map is drawn by the movement that brought it, the rest in its turn.
function drawLevel() {
  drawCards();
  atlas.later("status", () => {
    drawStatus(atlas, element("status"));
    announce(atlas, element("said"), {});
  });
}

function drawCards() {
  atlas.later("panel", () => drawPanel(atlas, element("panel")));
  atlas.later("controls", () => drawControls(atlas, element("controls")));
}

listen(atlas, map, overlay, element("hint"), (one) => choose(atlas, one));

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") element("hint").classList.remove("visible");
  if (
    event.key === "Escape" &&
    (atlas.state.selected || atlas.state.focus) &&
    !document.querySelector("dialog[open]")
  )
    goBack();
});

function goBack() {
  const { selected } = atlas.state;
  const inPanel = element("panel").contains(document.activeElement);
  choose(atlas, null);
  const region = selected?.kind === "region" && inPanel ? regions.layers[selected.id] : null;
  region?.getElement().focus({ preventScroll: true });
}

// Paper: the map is drawn anew at the size it has there, sharper.
function printing(on) {
  atlas.finish();
  inLight(on);
  if (on) drawPaper(atlas, element("paper"));
  map.invalidateSize({ animate: false });
  fit();
  overlay.redraw();
}

// The colours of paper, which is always light, and the canvas with the polygons on it.
function inLight(on) {
  overlay.onPaper = on;
  applyTheme(atlas, { paper: on });
  regions.draw();
  basemap.draw();
  drawControls(atlas, element("controls"));
}

const view = {
  map,
  overlay,
  covered,
  onPaper: (work) => {
    atlas.finish();
    inLight(true);
    try {
      work();
    } finally {
      inLight(PRINT.matches);
    }
  },
  citation: () => mapReference(atlas, window.location.href),
};
onSystemTheme(atlas, drawAll);
PRINT.addEventListener("change", (event) => printing(event.matches));
window.addEventListener("beforeprint", () => printing(true));
window.addEventListener("afterprint", () => printing(false));

// First what decides how much room the map has and where it stands, then the map, then all else.
applyTheme(atlas, { paper: PRINT.matches });
drawMasthead(atlas, switchLanguage);
drawSearch(atlas, element("search"), goTo);
drawSaveMenu(atlas, element("saving"), view);
drawStatus(atlas, element("status"));
drawFinding(atlas, element("finding"));
drawMark();
openSheet(atlas, element("panel"));
drawTime(atlas, element("time"));
map.invalidateSize({ animate: false });
const goToFrame = ({ at, zoom }) => map.setView(at, zoom, { animate: false });
if (asked.frame) goToFrame(asked.frame);
else fit(atlas.data.stories?.[atlas.state.story]?.state.frame ?? openingFrame);
moved = Boolean(asked.frame);
if (atlas.state.autoLevel) atlas.state.level = levelAtZoom(atlas, map.getZoom());
regions.show(true);
regions.draw();
overlay.canvas.release();

atlas.later("basemap", () => basemap.draw());
atlas.later("tools", () => {
  addMapTools(atlas, map, showFrame);
  nameMapTools(atlas, map);
  atlas.showFrame = showFrame;
  setUpTable(atlas, element("table"));
  setUpSheet(atlas, element("panel"));
});
drawCards();
atlas.later("ready", () => {
  document.documentElement.dataset.ready = "true";
  document.dispatchEvent(new Event("corredor-ready"));
});

let gliding = false;
map.on("zoomanim", () => {
  gliding = true;
});
map.on("zoomend", () => {
  const level = levelAtZoom(atlas, map.getZoom());
  if (atlas.state.autoLevel && level !== atlas.state.level) atlas.change({ level });
  if (!gliding) atlas.finish(); // a jump: no motion to keep smooth
  gliding = false;
});
map.on("dragend", () => {
  moved = true;
});
for (const name of ["wheel", "dblclick", "keydown", "click"])
  container.addEventListener(name, (event) => {
    if (name !== "click" || event.target.closest(".leaflet-control-zoom")) moved = true;
  });
map.on("moveend", () => moved && atlas.later("address", keepAddress));
window.addEventListener("hashchange", () => {
  const { view, frame } = readAddress(atlas, window.location.hash);
  atlas.change({ ...view, hover: null });
  if (frame) goToFrame(frame);
});
// Who shows the map in a frame may ask for its view, to make a story of it.
window.addEventListener("message", (event) => {
  if (event.source === window.parent && event.data === "corredor:view")
    event.source.postMessage({ view: writeAddress(atlas) }, "*");
});
WIDE.addEventListener("change", () => {
  map.invalidateSize({ animate: false });
  fit();
});
