// What is shown: the series of the regions, the layers, and under each layer its legend.

import { h, replace } from "../core/dom.js";
import { visiblePairs } from "../core/filters.js";
import { number } from "../core/i18n.js";
import { basemapLegend, hasBasemap } from "../draw/basemap.js";
import { UNITS } from "../draw/marks.js";
import { closureLegend, corridorLegend, hasCorridors } from "../words/corridors.js";
import { flowLegend } from "../words/flowlegend.js";
import { itineraryLegend, leadingLegend, orderName, placeLegend } from "../words/legend.js";
import { regionLegend } from "../words/regionlegend.js";
import { select } from "./fields.js";
import { filterBox, restButton } from "./filterbox.js";
import { seriesFields } from "./seriesfields.js";

export function drawControls(atlas, element) {
  const { data, state, t } = atlas;
  const open = element.querySelector("details")?.open ?? true;
  const seriesOpen = element.querySelector("#series-fold")?.open ?? false;
  const filtersOpen = element.querySelector("#filters")?.open ?? false;
  element.setAttribute("aria-label", t("Layers and legend"));
  const focused = element.contains(document.activeElement) ? document.activeElement.id : "";
  replace(
    element,
    h(
      "details",
      { open },
      h("summary", {}, h("h2", {}, t("Layers and legend"))),
      data.series.length
        ? layer(atlas, "regions", t("Figures by region"), [
            regionLegend(atlas),
            fold("series-fold", t("Change register, period or classes"), seriesOpen, [
              seriesFields(atlas),
            ]),
          ])
        : null,
      data.flows.length
        ? layer(
            atlas,
            "flows",
            t("Reported flows"),
            [flowLegend(atlas), restButton(atlas), filterBox(atlas, filtersOpen)],
            number(visiblePairs(atlas, state.level).flows.drawn),
          )
        : null,
      data.itineraries.length
        ? layer(
            atlas,
            "itineraries",
            t("Documented itineraries"),
            [itineraryLegend(atlas)],
            number(data.itineraries.length),
          )
        : null,
      hasCorridors(atlas)
        ? layer(atlas, "corridors", t("Inferred corridors"), [corridorLegend(atlas)], t("inferred"))
        : null,
      data.closure
        ? layer(atlas, "closure", atlas.pick(data.closure.title), [closureLegend(atlas)], t("inferred"))
        : null,
      data.places.some(({ kind }) => !UNITS.includes(kind))
        ? layer(atlas, "places", t("Places and mining zones"), [placeLegend(atlas)])
        : null,
      data.rankings?.length
        ? layer(atlas, "leading", t("Named as leading, without counts"), [
            leadingLegend(atlas),
            data.rankings.length > 1
              ? select(
                  "leading",
                  t("Order published by"),
                  data.rankings.map((order, n) => [n, orderName(atlas, order)]),
                  state.leading,
                  (n) => atlas.change({ leading: Number(n) }),
                )
              : null,
          ], t("context"))
        : null,
      hasBasemap(atlas)
        ? layer(atlas, "basemap", t("Rivers, lakes, roads and capitals"), [basemapLegend(atlas)])
        : null,
    ),
  );
  if (focused) document.getElementById(focused)?.focus();
}

function fold(id, label, open, content) {
  return h(
    "details",
    { class: "filters", id, open },
    h("summary", { id: `${id}-summary` }, label),
    content,
  );
}

function layer(atlas, name, label, content, count = "") {
  const { state, change } = atlas;
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
