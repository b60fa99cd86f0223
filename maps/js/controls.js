// What is shown: the series of the regions, the layers, and under each layer its legend.

import { basemapLegend, hasBasemap } from "./basemap.js";
import { data, measureName, purposeName, registerName } from "./data.js";
import { h, replace } from "./dom.js";
import { group, select } from "./fields.js";
import { filterBox } from "./filterbox.js";
import { visiblePairs } from "./filters.js";
import { number, period, t } from "./i18n.js";
import { flowChoices, flowLegend } from "./flowlegend.js";
import { itineraryLegend, placeLegend, regionLegend, schemeName } from "./legend.js";
import { change, state } from "./state.js";

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
      layer("regions", t("Complaints by region"), [choices(), regionLegend()]),
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

function choices() {
  const series = data.series[state.series];
  if (!series) return null;
  const used = new Set(data.series.map((s) => s.register));
  const registers = Object.keys(data.registers).filter((r) => used.has(r));
  const ofRegister = data.series.filter((s) => s.register === series.register);
  const measures = [...new Set(ofRegister.map((s) => s.measure))];
  const periods = ofRegister.filter((s) => s.measure === series.measure);
  return [
    select(
      "register",
      t("Register"),
      registers.map((r) => [r, registerName(r)]),
      series.register,
      (register) => chooseSeries({ register }),
    ),
    select(
      "measure",
      t("Measure"),
      measures.map((m) => [m, measureName(m)]),
      series.measure,
      (measure) => chooseSeries({ register: series.register, measure }),
    ),
    select(
      "period",
      t("Period"),
      periods.map((s) => [data.series.indexOf(s), periodLabel(s)]),
      state.series,
      (index) => change({ series: Number(index) }),
    ),
    h(
      "div",
      { class: "pair" },
      group(
        "show",
        t("Show"),
        [
          ["rate", t("rate")],
          ["count", t("count")],
        ],
        state.show,
        (show) => change({ show }),
      ),
      select(
        "scheme",
        t("Classes"),
        ["jenks", "quantiles", "equal"].map((s) => [s, schemeName(s)]),
        state.scheme,
        (scheme) => change({ scheme }),
      ),
    ),
  ];
}

// The series of a register (and measure) that covers most regions, the latest of those.
function chooseSeries(wanted) {
  const found = data.series
    .map((s, index) => ({ s, index }))
    .filter(({ s }) => Object.entries(wanted).every(([key, value]) => s[key] === value))
    .sort((a, b) => b.s.covered - a.s.covered || b.s.period_end.localeCompare(a.s.period_end));
  if (found.length) change({ series: found[0].index });
}

function periodLabel(series) {
  const purpose = purposeName(series.purpose);
  const covered = t("{n} of {all} regions", { n: series.covered, all: data.regions.length });
  return `${period(series.period_start, series.period_end)}${purpose ? ` · ${purpose}` : ""} · ${covered}`;
}
