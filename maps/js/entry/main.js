// Start: read the data, build the parts, and draw again whatever a choice changes.

import { readAddress, showAddress } from "../core/address.js";
import { Atlas } from "../core/atlas.js";
import { choose, focusOn } from "../core/focus.js";
import { levelAtZoom } from "../core/levels.js";
import { Basemap } from "../draw/basemap.js";
import { Overlay } from "../draw/overlay.js";
import { Regions } from "../draw/regions.js";
import { applyTheme, onSystemTheme } from "../draw/theme.js";
import { drawControls } from "../ui/controls.js";
import { drawPanel } from "../ui/panel.js";
import { listen } from "../ui/pointer.js";
import { drawSearch } from "../ui/search.js";
import { setUpSources } from "../ui/sources.js";
import { announce, drawMasthead, drawPaper, drawStatus } from "../ui/status.js";
import { setUpTable } from "../ui/table.js";
import { drawTime } from "../ui/time.js";

const WIDE = window.matchMedia("(min-width: 900px)");
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

// How much of the map's width the floating cards cover.
function covered() {
  if (!WIDE.matches || PRINT.matches) return { left: 0, right: 0, bottom: 0 };
  return {
    left: element("controls").getBoundingClientRect().right,
    right: window.innerWidth - element("panel").getBoundingClientRect().left,
    bottom: element("time").offsetHeight,
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

function showFrame(part) {
  moved = false;
  fit(part ?? openingFrame);
  keepAddress();
}

function chooseRegion(id) {
  choose(atlas, { kind: "region", id });
}

// From the search field: go to a region or place and show only its flows.
function goTo(target) {
  const { data, state, change } = atlas;
  if (target.kind === "place" && state.level === "region")
    change({ level: "place", autoLevel: false });
  focusOn(atlas, target);
  choose(atlas, target);
  const { left, right } = covered();
  const place = data.places[target.id];
  const bounds =
    target.kind === "region"
      ? regions.layers[target.id].getBounds()
      : place.at || place.label
        ? L.latLngBounds([place.at ?? place.label]).pad(0.01)
        : null;
  if (!bounds || map.getBounds().contains(bounds)) return;
  map.fitBounds(bounds, {
    paddingTopLeft: [left + 14, 14],
    paddingBottomRight: [right + 14, 14],
    maxZoom: Math.max(map.getZoom(), 6.5),
    animate: false,
  });
}

// Leaflet's own words, in the language of the page.
function nameMap() {
  const { t } = atlas;
  container.setAttribute("role", "region");
  container.setAttribute("aria-label", t("Map"));
  for (const [name, words] of [
    ["in", t("Zoom in")],
    ["out", t("Zoom out")],
  ]) {
    const button = container.querySelector(`.leaflet-control-zoom-${name}`);
    button.title = words;
    button.setAttribute("aria-label", words);
  }
}

function drawAll() {
  applyTheme(atlas, { paper: PRINT.matches });
  drawMasthead(atlas, switchLanguage);
  drawSearch(atlas, element("search"), goTo);
  nameMap();
  regions.draw();
  basemap.draw();
  overlay.redraw();
  drawControls(atlas, element("controls"));
  drawPanel(atlas, element("panel"));
  drawStatus(atlas, element("status"));
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
    if (!WIDE.matches && values.selected)
      element("panel").scrollIntoView({ block: "start", behavior: "auto" });
  }
  if (!only("selected")) {
    drawControls(atlas, element("controls"));
    drawStatus(atlas, element("status"));
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
  if (
    event.key === "Escape" &&
    (atlas.state.selected || atlas.state.focus) &&
    !document.querySelector("dialog[open]")
  )
    choose(atlas, null);
});

// Paper: the map is drawn anew at the size it has there, sharper.
function printing(on) {
  atlas.finish();
  overlay.onPaper = on;
  applyTheme(atlas, { paper: on });
  regions.draw();
  basemap.draw();
  drawControls(atlas, element("controls"));
  if (on) drawPaper(atlas, element("paper"));
  map.invalidateSize({ animate: false });
  fit();
  overlay.redraw();
}
onSystemTheme(atlas, drawAll);
PRINT.addEventListener("change", (event) => printing(event.matches));
window.addEventListener("beforeprint", () => printing(true));
window.addEventListener("afterprint", () => printing(false));

// First what decides how much room the map has and where it stands, then the map, then all else.
applyTheme(atlas, { paper: PRINT.matches });
drawMasthead(atlas, switchLanguage);
drawStatus(atlas, element("status"));
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
  L.control.zoom({ position: "topleft" }).addTo(map);
  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
  nameMap();
  drawSearch(atlas, element("search"), goTo);
  atlas.showFrame = showFrame;
  setUpTable(atlas, element("table"));
});
drawCards();
atlas.later("ready", () => {
  document.documentElement.dataset.ready = "true";
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
WIDE.addEventListener("change", () => {
  map.invalidateSize({ animate: false });
  fit();
});
