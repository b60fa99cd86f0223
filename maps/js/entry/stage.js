// The layers of the atlas on any Leaflet map. A stage holds one study on one map; its layers come and
// go as Leaflet adds and removes them, and its legend follows.

import { Atlas } from "../core/atlas.js";
import { shownValue } from "../core/data.js";
import { h, link, replace } from "../core/dom.js";
import { legFlows } from "../core/legs.js";
import { NO_FILTERS } from "../core/state.js";
import { Overlay } from "../draw/overlay.js";
import { Regions } from "../draw/regions.js";
import { hintLines, listen } from "../ui/pointer.js";
import { corridorLegend } from "../words/corridors.js";
import { flowLegend } from "../words/flowlegend.js";
import { itineraryLegend, placeLegend } from "../words/legend.js";
import { regionLegend } from "../words/regionlegend.js";

export function openStage(map, text, language) {
  const atlas = new Atlas(JSON.parse(text), { language });
  const layers = {
    regions: false,
    flows: false,
    itineraries: false,
    corridors: false,
    places: false,
  };
  Object.assign(atlas.state, { layers, autoLevel: false, theme: "light" });
  return new Stage(atlas, map);
}

class Stage {
  constructor(atlas, map) {
    this.atlas = atlas;
    this.map = map;
    atlas.map = map;
    this.regions = null;
    this.legends = [];
    this.overlay = new Overlay(atlas, map, null, { background: false });
    const hint = h("div", { class: "corredor-hint", "aria-hidden": "true" });
    map.getContainer().append(hint);
    listen(atlas, map, this.overlay, hint, (hit, event) => {
      this.tell(hit, hit && map.mouseEventToLatLng(event));
    });
    this.atlas.onChange(() => this.draw());
    this.overlay.canvas.release();
  }

  show(kind, { top = 0, ...settings }) {
    const { state, change } = this.atlas;
    Object.assign(state, settings);
    if (kind === "flows") state.filters = { ...NO_FILTERS, top };
    if (kind === "regions") {
      this.regions ??= new Regions(
        this.atlas,
        this.map,
        (id) => this.tell({ kind: "region", id }),
        { land: [] },
      );
      this.regions.show(true);
    }
    change({ layers: { ...state.layers, [kind]: true } });
  }

  hide(kind) {
    const { state, change } = this.atlas;
    if (kind === "regions") this.regions?.show(false);
    change({ layers: { ...state.layers, [kind]: false } });
  }

  draw() {
    if (this.atlas.state.layers.regions) this.regions?.draw();
    this.overlay.redraw();
    this.legends.forEach(({ element, caveat }) => replace(element, blocks(this.atlas, caveat)));
  }

  legend(element, caveat) {
    this.legends.push({ element, caveat });
    this.draw();
  }

  // What was clicked or chosen, in a popup: what is reported, and by whom.
  tell(hit, at = null) {
    const { data, change } = this.atlas;
    change({ selected: hit });
    if (!hit) return;
    const lines = hintLines(this.atlas, hit).filter(Boolean);
    const content = h(
      "div",
      { class: "corredor-popup" },
      lines.map((line, i) => h(i ? "p" : "strong", {}, line)),
      h(
        "ul",
        {},
        sourcesOf(this.atlas, hit).map((one) => sourceItem(this.atlas, one)),
      ),
    );
    const spot = at ?? data.regions[hit.id].at;
    L.popup({ maxWidth: 340 }).setLatLng(spot).setContent(content).openOn(this.map);
  }
}

function sourcesOf(atlas, { kind, id, level }) {
  const { data, state } = atlas;
  if (kind === "region") {
    const shown = shownValue(atlas, state.series, id, state.show);
    return [...new Set(shown.figures.flatMap((figure) => figure.sources))];
  }
  if (kind === "route") return [data.itineraries[id].source];
  if (kind === "corridor")
    return [...new Set([...legFlows(atlas, id)].map((row) => data.flows[row].source))];
  return [...new Set(data.levels[level][id].rows.map((row) => data.flows[row].source))];
}

function sourceItem(atlas, id) {
  const { publisher, title, date, url } = atlas.data.sources[id];
  return h("li", {}, `${publisher}${date ? `, ${date}` : ""}: `, link(url, title));
}

function blocks(atlas, caveat) {
  const { state, t } = atlas;
  const { regions, flows, itineraries, places, corridors } = state.layers;
  const block = (title, content) => h("section", {}, h("h2", {}, title), content);
  return [
    regions ? block(t("Figures by region"), regionLegend(atlas)) : null,
    flows ? block(t("Reported flows"), flowLegend(atlas)) : null,
    itineraries ? block(t("Documented itineraries"), itineraryLegend(atlas)) : null,
    corridors ? block(t("Inferred corridors"), corridorLegend(atlas)) : null,
    places ? block(t("Places and mining zones"), placeLegend(atlas)) : null,
    caveat
      ? h("p", {}, t("Reported complaints, not prevalence: more reports may mean more reporting."))
      : null,
  ];
}
