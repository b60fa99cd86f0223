// Figures: the one that colours a region now, and all of them over time, each with its sources.

import {
  measureName,
  measureText,
  purposeName,
  rateText,
  registerName,
  seriesPeriod,
  shownValue,
  sourceLabel,
  text,
} from "../core/data.js";
import { sourceReference } from "../core/citations.js";
import { h } from "../core/dom.js";
import { number } from "../core/i18n.js";
import { isUnstable } from "../core/regionview.js";
import { intervalText } from "../draw/regions.js";
import { figureChart } from "./charts.js";
import { sourceMarks } from "./sourcemarks.js";

// The figure that colours the region now, large.
export function nowFigure(atlas, id, series) {
  const { data, state, t } = atlas;
  const show = state.show === "count" ? "count" : "rate";
  const shown = shownValue(atlas, state.series, id, show);
  const context = `${registerName(atlas, series.register)} · ${seriesPeriod(atlas, series)}`;
  if (!shown.figures.length)
    return h(
      "div",
      { class: "now" },
      h("p", { class: "now-value" }, "—"),
      h("p", { class: "small" }, `${context}: ${t("no figure in this series")}`),
      orderText(atlas, id, series),
    );
  const ranked = data.regions
    .map((_, n) => shownValue(atlas, state.series, n, show))
    .filter((s) => s.state === "value" || s.state === "zero");
  const rank =
    shown.value === undefined ? 0 : 1 + ranked.filter((s) => s.value > shown.value).length;
  return h(
    "div",
    { class: "now" },
    shown.figures.map((figure) => [
      h(
        "p",
        { class: "now-value" },
        number(figure.value),
        " ",
        h("span", {}, measureName(atlas, series.measure).toLowerCase()),
      ),
      figure.rate === null
        ? null
        : h(
            "p",
            {},
            rateText(atlas, figure.rate),
            rank && shown.state !== "partial"
              ? h(
                  "span",
                  { class: "small" },
                  ` · ${t("{rank} of {all} regions in this view", { rank: number(rank), all: ranked.length })}`,
                )
              : null,
            h(
              "span",
              { class: "small block" },
              intervalText(atlas, figure),
              unstableText(atlas, shown),
            ),
          ),
      h("p", { class: "small" }, context, " ", sourceMarks(atlas, figure.sources)),
      h(
        "button",
        {
          type: "button",
          class: "mark",
          onclick: () => atlas.copy(figureCitation(atlas, id, figure, series)),
        },
        t("Copy the figure with its source"),
      ),
      details(atlas, figure),
    ]),
  );
}

// Of a region without a figure: its place in an order that was published without counts.
export function orderText(atlas, id, { register, measure, period_start: start, period_end: end }) {
  const { data, t, period } = atlas;
  const order = data.rankings.find(
    (row) =>
      row.register === register &&
      row.measure === measure &&
      row.period_start === start &&
      row.period_end === end &&
      row.regions.includes(id),
  );
  if (!order) return null;
  const counted = data.figures.some(
    (figure) =>
      figure.region === id &&
      figure.register === register &&
      figure.measure === measure &&
      figure.period_start === start &&
      figure.period_end === end,
  );
  const values = {
    register: registerName(atlas, register),
    region: data.regions[id].name,
    period: period(start, end),
    n: number(order.regions.indexOf(id) + 1),
  };
  return h(
    "p",
    { class: "small" },
    counted
      ? t("Number {n} in the published order of {period}.", values)
      : t(
          "No figure of {register} for {region} in {period}; number {n} in the published order.",
          values,
        ),
    " ",
    sourceMarks(atlas, [order.source]),
  );
}

// A figure as one quotes it: what, where, when, who counted, who published.
function figureCitation(atlas, id, figure, series) {
  const { data } = atlas;
  const what = measureText(atlas, figure.measure, figure.value);
  const rate = figure.rate === null ? "" : ` (${rateText(atlas, figure.rate)})`;
  const who = `${registerName(atlas, figure.register)}, ${seriesPeriod(atlas, { ...series, ...figure })}`;
  const references = figure.sources.map((source) => sourceReference(atlas, source));
  return `${data.regions[id].name}: ${what}${rate}; ${who}. ${references.join(" ")}`;
}

function unstableText(atlas, shown) {
  const { t } = atlas;
  return isUnstable(shown) ? ` · ${t("fewer than 20 reports: the rate is unstable")}` : null;
}

function details(atlas, figure) {
  const { t } = atlas;
  const parts =
    figure.parts.length > 1 || figure.level === "city"
      ? figure.parts.map(([place, value]) => `${place} ${number(value)}`).join(" + ")
      : "";
  return [
    figure.disputed
      ? h("p", { class: "small flag" }, t("Sources differ for the same period."))
      : null,
    figure.whole
      ? null
      : h(
          "p",
          { class: "small flag" },
          figure.level === "city"
            ? t("Only a part of the region: {parts}", { parts })
            : t("Not the whole region: only {parts}", {
                parts: figure.parts.map(([place]) => place).join(", "),
              }),
        ),
    figure.whole && parts ? h("p", { class: "small" }, t("Districts: {parts}", { parts })) : null,
    figure.basis === "derived"
      ? h("p", { class: "small" }, t("Derived from what was published"))
      : null,
    figure.basis === "partial"
      ? h("p", { class: "small flag" }, t("The last year of the period is not complete"))
      : null,
    figure.basis === "rounded"
      ? h("p", { class: "small" }, t("Published as a round number"))
      : null,
    figure.notes.map(([source, note]) =>
      h(
        "p",
        { class: "small note" },
        text(atlas, note),
        figure.notes.length > 1 ? ` (${sourceLabel(atlas, source)})` : "",
      ),
    ),
  ];
}

// Figures by register and measure, each with a chart over time.
export function figureGroups(atlas, figures) {
  const { data, t } = atlas;
  const groups = new Map();
  const order = Object.keys(data.registers);
  const byRegister = [...figures].sort(
    (a, b) => order.indexOf(a.register) - order.indexOf(b.register),
  );
  for (const figure of byRegister) {
    const key = `${figure.register}\u0000${figure.measure}\u0000${figure.purpose}`;
    groups.set(key, [...(groups.get(key) ?? []), figure]);
  }
  return [...groups.values()].map((group) => {
    const [{ register, measure, purpose }] = group;
    const sorted = [...group].sort(
      (a, b) =>
        a.period_start.localeCompare(b.period_start) || a.period_end.localeCompare(b.period_end),
    );
    const caption = `${registerName(atlas, register)} · ${measureName(atlas, measure)}${purposeName(atlas, purpose) ? ` (${purposeName(atlas, purpose)})` : ""}`;
    return h(
      "table",
      { class: "figures" },
      h("caption", {}, caption, figureChart(atlas, sorted)),
      h(
        "thead",
        { class: "sr" },
        h(
          "tr",
          {},
          [t("Period"), t("Count"), t("Source")].map((name) => h("th", { scope: "col" }, name)),
        ),
      ),
      h(
        "tbody",
        {},
        sorted.map((one) => figureRow(atlas, one)),
      ),
    );
  });
}

function figureRow(atlas, figure) {
  const approx = figure.basis === "rounded" ? "≈ " : "";
  const more = details(atlas, figure).flat().filter(Boolean);
  return [
    h(
      "tr",
      { class: "figure" },
      h("th", { scope: "row" }, atlas.period(figure.period_start, figure.period_end)),
      h("td", { class: "num" }, `${approx}${number(figure.value)}`),
      h("td", {}, sourceMarks(atlas, figure.sources)),
    ),
    more.length ? h("tr", { class: "more" }, h("td", { colspan: 3 }, more)) : null,
  ];
}

// The chosen series in numbers: the sum on the page and the total that was published.
export function sumText(atlas, index) {
  const { data, t } = atlas;
  const series = data.series[index];
  const sum = t("Sum of the regions: {sum}.", { sum: number(series.total) });
  if (!series.national.length) return sum;
  return `${sum} ${t("Published for the country: {total}.", { total: series.national.map((n) => number(n)).join(" / ") })}`;
}
