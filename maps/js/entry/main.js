// Start: read the data, build the parts, and draw again whatever a choice changes.

import { data, readData } from "../core/data.js";
import { getLanguage, setLanguage, setMessages, t } from "../core/i18n.js";
import { readAddress, rememberOpening, showAddress } from "../core/address.js";
import { Basemap } from "../draw/basemap.js";
import { drawControls } from "../ui/controls.js";
import { choose, focusOn } from "../core/focus.js";
import { finish, later } from "../core/later.js";
import { levelAtZoom } from "../core/levels.js";
import { Overlay } from "../draw/overlay.js";
import { drawPanel } from "../ui/panel.js";
import { Regions } from "../draw/regions.js";
import { setUpSources } from "../ui/sources.js";
import { drawSearch } from "../ui/search.js";
import { state, change, onChange } from "../core/state.js";
import { listen } from "../ui/pointer.js";
import { announce, drawMasthead, drawPaper, drawStatus } from "../ui/status.js";
import { setUpStories } from "../ui/story.js";
import { setUpTable } from "../ui/table.js";
import { applyTheme, onSystemTheme } from "../draw/theme.js";
import { drawTime } from "../ui/time.js";

const WIDE = window.matchMedia("(min-width: 900px)");
const PRINT = window.matchMedia("print");

readData(document.getElementById("corredor-data").textContent);
setMessages(data.messages);
const openingLanguage = document.documentElement.lang;
setLanguage(/[#&]lang=(es|en)\b/.exec(window.location.hash)?.[1] ?? document.documentElement.lang);
Object.assign(state, { series: data.study.series, show: data.study.show });
rememberOpening();
const asked = readAddress(window.location.hash);
Object.assign(state, asked.view);

const map = window.corredorMap;
const container = map.getContainer();
const element = (id) => document.getElementById(id);
const regions = new Regions(map, chooseRegion);
const basemap = new Basemap(map);
const overlay = new Overlay(map, regions);
overlay.basemap = basemap;
setUpSources(element("sources"));

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

// The address holds the frame of the map once the reader has moved it.
let moved = false;
function keepAddress() {
  const { lat, lng } = map.getCenter();
  const at = `${lat.toFixed(3)} ${lng.toFixed(3)} ${map.getZoom()}`;
  const language = getLanguage();
  showAddress({ at: moved ? at : "", lang: language === openingLanguage ? "" : language });
}

function showFrame(part) {
  moved = false;
  fit(part);
  keepAddress();
}

function chooseRegion(id) {
  choose({ kind: "region", id });
}

// From the search field: go to a region or place and show only its flows.
function goTo(target) {
  if (target.kind === "place" && state.level === "region")
    change({ level: "place", autoLevel: false });
  focusOn(target);
  choose(target);
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
  applyTheme({ paper: PRINT.matches });
  drawMasthead(switchLanguage);
  drawSearch(element("search"), goTo);
  nameMap();
  regions.draw();
  basemap.draw();
  overlay.redraw();
  drawControls(element("controls"));
  drawPanel(element("panel"));
  drawStatus(element("status"));
  drawTime(element("time"));
}

function switchLanguage(language) {
  setLanguage(language);
  drawAll();
  keepAddress();
  element("languages").querySelector(`[lang=${language}]`).focus();
}

onChange((values) => {
  const only = (...names) => Object.keys(values).every((name) => names.includes(name));
  if (only("hover")) return overlay.redraw();
  if (only("theme")) {
    drawAll();
    return keepAddress();
  }
  if (only("level")) return drawLevel();
  if ("theme" in values) applyTheme({ paper: PRINT.matches });
  regions.draw();
  basemap.draw();
  overlay.redraw();
  drawPanel(element("panel"));
  if ("selected" in values) {
    element("panel").scrollTop = 0;
    if (!WIDE.matches && values.selected)
      element("panel").scrollIntoView({ block: "start", behavior: "auto" });
  }
  if (!only("selected")) {
    drawControls(element("controls"));
    drawStatus(element("status"));
    drawTime(element("time"));
  }
  keepAddress();
  announce(element("said"), values);
  return undefined;
});

// Another level by the zoom: the map is drawn by the movement that brought it, the rest in its turn.
function drawLevel() {
  drawCards();
  later("status", () => {
    drawStatus(element("status"));
    announce(element("said"), {});
  });
}

function drawCards() {
  later("panel", () => drawPanel(element("panel")));
  later("controls", () => drawControls(element("controls")));
}

listen(map, overlay, element("hint"), choose);

document.addEventListener("keydown", (event) => {
  if (
    event.key === "Escape" &&
    (state.selected || state.focus) &&
    !document.querySelector("dialog[open]")
  )
    choose(null);
});

// Paper: the map is drawn anew at the size it has there, sharper.
function printing(on) {
  finish();
  overlay.onPaper = on;
  applyTheme({ paper: on });
  regions.draw();
  basemap.draw();
  drawControls(element("controls"));
  if (on) drawPaper(element("paper"));
  map.invalidateSize({ animate: false });
  fit();
  overlay.redraw();
}
onSystemTheme(drawAll);
PRINT.addEventListener("change", (event) => printing(event.matches));
window.addEventListener("beforeprint", () => printing(true));
window.addEventListener("afterprint", () => printing(false));

// First what decides how much room the map has and where it stands, then the map, then all else.
applyTheme({ paper: PRINT.matches });
drawMasthead(switchLanguage);
drawStatus(element("status"));
drawTime(element("time"));
map.invalidateSize({ animate: false });
const goToFrame = ({ at, zoom }) => map.setView(at, zoom, { animate: false });
if (asked.frame) goToFrame(asked.frame);
else fit(data.stories?.[state.story]?.state.frame ?? null);
moved = Boolean(asked.frame);
if (state.autoLevel) state.level = levelAtZoom(map.getZoom());
regions.show(true);
regions.draw();
overlay.canvas.release();

later("basemap", () => basemap.draw());
later("tools", () => {
  L.control.zoom({ position: "topleft" }).addTo(map);
  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
  nameMap();
  drawSearch(element("search"), goTo);
  setUpStories(showFrame);
  setUpTable(element("table"));
});
drawCards();
later("ready", () => {
  document.documentElement.dataset.ready = "true";
});

let gliding = false;
map.on("zoomanim", () => {
  gliding = true;
});
map.on("zoomend", () => {
  const level = levelAtZoom(map.getZoom());
  if (state.autoLevel && level !== state.level) change({ level });
  if (!gliding) finish(); // a jump: no motion to keep smooth
  gliding = false;
});
map.on("dragend", () => {
  moved = true;
});
for (const name of ["wheel", "dblclick", "keydown", "click"])
  container.addEventListener(name, (event) => {
    if (name !== "click" || event.target.closest(".leaflet-control-zoom")) moved = true;
  });
map.on("moveend", () => moved && later("address", keepAddress));
window.addEventListener("hashchange", () => {
  const { view, frame } = readAddress(window.location.hash);
  change({ ...view, hover: null });
  if (frame) goToFrame(frame);
});
WIDE.addEventListener("change", () => {
  map.invalidateSize({ animate: false });
  fit();
});
