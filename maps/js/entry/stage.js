// The layers of the atlas on any Leaflet map. A stage holds one study on one map; its layers come and
// go as Leaflet adds and removes them, and its legend follows.

import { corridorLegend } from "../words/corridors.js";
import { data, readData, shownValue } from "../core/data.js";
import { h, link, replace } from "../core/dom.js";
import { flowLegend } from "../words/flowlegend.js";
import { setLanguage, setMessages, t } from "../core/i18n.js";
import { legFlows } from "../core/legs.js";
import { itineraryLegend, placeLegend } from "../words/legend.js";
import { Overlay } from "../draw/overlay.js";
import { hintLines, listen } from "../ui/pointer.js";
import { regionLegend } from "../words/regionlegend.js";
import { Regions } from "../draw/regions.js";
import { NO_FILTERS, change, onChange, state } from "../core/state.js";

export function openStage(map, text, language) {
  readData(text);
  setMessages(data.messages);
  setLanguage(language);
  const layers = { regions: false, flows: false, itineraries: false, corridors: false, places: false };
  const opening = { series: data.study.series, show: data.study.show };
  Object.assign(state, { ...opening, layers, autoLevel: false, theme: "light" });
  return new Stage(map);
}

class Stage {
  constructor(map) {
    this.map = map;
    this.regions = null;
    this.legends = [];
    this.overlay = new Overlay(map, null, { background: false });
    const hint = h("div", { class: "corredor-hint", "aria-hidden": "true" });
    map.getContainer().append(hint);
    listen(map, this.overlay, hint, (hit, event) => {
      this.tell(hit, hit && map.mouseEventToLatLng(event));
    });
    onChange(() => this.draw());
    this.overlay.canvas.release();
  }

  show(kind, { top = 0, ...settings }) {
    Object.assign(state, settings);
    if (kind === "flows") state.filters = { ...NO_FILTERS, top };
    if (kind === "regions") {
      this.regions ??= new Regions(this.map, (id) => this.tell({ kind: "region", id }), { land: [] });
      this.regions.show(true);
    }
    change({ layers: { ...state.layers, [kind]: true } });
  }

  hide(kind) {
    if (kind === "regions") this.regions?.show(false);
    change({ layers: { ...state.layers, [kind]: false } });
  }

  draw() {
    if (state.layers.regions) this.regions?.draw();
    this.overlay.redraw();
    this.legends.forEach(({ element, caveat }) => replace(element, blocks(caveat)));
  }

  legend(element, caveat) {
    this.legends.push({ element, caveat });
    this.draw();
  }

  // What was clicked or chosen, in a popup: what is reported, and by whom.
  tell(hit, at = null) {
    change({ selected: hit });
    if (!hit) return;
    const lines = hintLines(hit).filter(Boolean);
    const content = h(
      "div",
      { class: "corredor-popup" },
      lines.map((line, i) => h(i ? "p" : "strong", {}, line)),
      h("ul", {}, sourcesOf(hit).map(sourceItem)),
    );
    const spot = at ?? data.regions[hit.id].at;
    L.popup({ maxWidth: 340 }).setLatLng(spot).setContent(content).openOn(this.map);
  }
}

function sourcesOf({ kind, id, level }) {
  if (kind === "region") {
    const shown = shownValue(state.series, id, state.show);
    return [...new Set(shown.figures.flatMap((figure) => figure.sources))];
  }
  if (kind === "route") return [data.itineraries[id].source];
  if (kind === "corridor")
    return [...new Set([...legFlows(id)].map((row) => data.flows[row].source))];
  return [...new Set(data.levels[level][id].rows.map((row) => data.flows[row].source))];
}

function sourceItem(id) {
  const { publisher, title, date, url } = data.sources[id];
  return h("li", {}, `${publisher}${date ? `, ${date}` : ""}: `, link(url, title));
}

function blocks(caveat) {
  const { regions, flows, itineraries, places, corridors } = state.layers;
  const block = (title, content) => h("section", {}, h("h2", {}, title), content);
  return [
    regions ? block(t("Complaints by region"), regionLegend()) : null,
    flows ? block(t("Reported flows"), flowLegend()) : null,
    itineraries ? block(t("Documented itineraries"), itineraryLegend()) : null,
    corridors ? block(t("Inferred corridors"), corridorLegend()) : null,
    places ? block(t("Places and mining zones"), placeLegend()) : null,
    caveat
      ? h("p", {}, t("Reported complaints, not prevalence: more reports may mean more reporting."))
      : null,
  ];
}
