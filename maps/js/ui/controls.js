// What is shown: the series of the regions, the layers, and under each layer its legend.

import { basemapLegend, hasBasemap } from "../draw/basemap.js";
import { corridorLegend, hasCorridors } from "../words/corridors.js";
import { data } from "../core/data.js";
import { h, replace } from "../core/dom.js";
import { filterBox } from "./filterbox.js";
import { visiblePairs } from "../core/filters.js";
import { number, t } from "../core/i18n.js";
import { flowChoices, flowLegend } from "../words/flowlegend.js";
import { itineraryLegend, placeLegend } from "../words/legend.js";
import { regionLegend } from "../words/regionlegend.js";
import { seriesFields } from "./seriesfields.js";
import { change, state } from "../core/state.js";

export function drawControls(element) {
  const open = element.querySelector("details")?.open ?? true;
  const filtersOpen = element.querySelector("#filters")?.open ?? false;
  element.setAttribute("aria-label", t("Layers and legend"));
  const focused = element.contains(document.activeElement) ? document.activeElement.id : "";
  replace(
    element,
    h(
      "details",
      { open },
      h("summary", {}, h("h2", {}, t("Layers and legend"))),
      layer("regions", t("Complaints by region"), [seriesFields(), regionLegend()]),
      layer(
        "flows",
        t("Reported flows"),
        [flowChoices(), flowLegend(), filterBox(filtersOpen)],
        number(visiblePairs(state.level).flows.drawn),
      ),
      layer(
        "itineraries",
        t("Documented itineraries"),
        [itineraryLegend()],
        number(data.itineraries.length),
      ),
      hasCorridors()
        ? layer("corridors", t("Inferred corridors"), [corridorLegend()], t("inferred"))
        : null,
      layer("places", t("Places and mining zones"), [placeLegend()]),
      hasBasemap()
        ? layer("basemap", t("Rivers, lakes, roads and capitals"), [basemapLegend()])
        : null,
    ),
  );
  if (focused) document.getElementById(focused)?.focus();
}

function layer(name, label, content, count = "") {
  const on = state.layers[name];
  const toggle = () => change({ layers: { ...state.layers, [name]: !on } });
  return h(
    "section",
    { class: "layer" },
    h(
      "label",
      { class: "layer-switch" },
      h("input", { type: "checkbox", id: `layer-${name}`, checked: on, onchange: toggle }),
      h("span", { class: "layer-name" }, label),
      count ? h("span", { class: "layer-count" }, count) : null,
    ),
    on ? content : null,
  );
}
