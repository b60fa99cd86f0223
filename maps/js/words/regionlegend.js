// The legend of the regions: classes, circles or change, with what has no class.

import { classOf, measureName, registerName, seriesPeriod, text } from "../core/data.js";
import { h, svg } from "../core/dom.js";
import { number } from "../core/i18n.js";
import {
  changeColour,
  changeStep,
  circleRadius,
  circleSteps,
  isUnstable,
  regionView,
} from "../core/regionview.js";
import { trianglePoints } from "../draw/circles.js";
import {
  PART_DASH,
  addPatterns,
  addUnstable,
  colourUnstable,
  coversPart,
} from "../draw/regions.js";

const SCHEMES = (atlas) => ({
  jenks: [atlas.t("natural breaks"), atlas.t("natural breaks (Jenks)")],
  quantiles: [atlas.t("quantiles"), atlas.t("quantiles")],
  equal: [atlas.t("equal"), atlas.t("equal intervals")],
  manual: [atlas.t("custom"), atlas.t("bounds chosen by hand")],
});

export function schemeName(atlas, scheme, long = false) {
  return SCHEMES(atlas)[scheme][long ? 1 : 0];
}

export function regionLegend(atlas) {
  const { data, pick, t } = atlas;
  const view = regionView(atlas);
  const { series } = view;
  if (!series) return h("p", { class: "small" }, t("The study has no figures by region."));
  return h(
    "div",
    { class: "legend-block" },
    view.circles ? circleLegend(atlas, view) : null,
    view.areas === "change"
      ? changeLegend(atlas, view)
      : view.areas
        ? classLegend(atlas, view)
        : null,
    view.areas === "change" ? null : specialRows(atlas, view),
    h(
      "details",
      { class: "small" },
      h("summary", {}, t("What does this register count?")),
      pick(data.registers[series.register].counts),
    ),
  );
}

function legendHead(atlas, series, unit, when) {
  return [
    h("p", { class: "legend-title" }, `${measureName(atlas, series.measure)}, ${unit}`),
    h("p", { class: "small" }, `${registerName(atlas, series.register)} · ${when}`),
    series.note === null || series.note === undefined
      ? null
      : h("p", { class: "small flag" }, text(atlas, series.note)),
  ];
}

const periodOf = (atlas, index) => seriesPeriod(atlas, atlas.data.series[index]);

function classLegend(atlas, view) {
  const { state, t } = atlas;
  const { series, breaks, colours, shown, areas } = view;
  const fixed = state.scheme === "manual" || state.classes === "shared";
  const values = shown.filter((s) => s.state === "value").map((s) => s.value);
  const rows = breaks.map((bound, i) => {
    const members = values.filter((v) => classOf(v, breaks) === i);
    if (!members.length && !fixed) return null;
    const range = fixed
      ? [i ? breaks[i - 1] : 0, bound]
      : [Math.min(...members), Math.max(...members)];
    return row(atlas, swatch(atlas, colours[i]), rangeText(...range, areas), members.length);
  });
  const unit = areas === "rate" ? t("per 100,000 people and year") : t("count");
  const scheme = schemeName(atlas, state.scheme, true);
  return [
    view.circles
      ? h("p", { class: "legend-title" }, `${t("Colours")}: ${unit}`)
      : legendHead(atlas, series, unit, periodOf(atlas, view.index)),
    h("ul", { class: "legend-rows" }, rows.reverse()),
    h(
      "p",
      { class: "small" },
      state.classes === "shared"
        ? t("{scheme}, the same for all periods of this register", { scheme })
        : fixed
          ? scheme
          : t("{scheme}; lowest and highest value of each class", { scheme }),
    ),
    areas === "count"
      ? h(
          "p",
          { class: "small flag" },
          t("Counts as colours mislead: regions with more people have more."),
        )
      : null,
  ];
}

export function rangeText(low, high, show) {
  const digits = show === "rate" ? 2 : 0;
  return low === high ? number(low, digits) : `${number(low, digits)} – ${number(high, digits)}`;
}

// What has no class, each with its look; regions are counted so that all of them are in the legend.
function specialRows(atlas, view) {
  const { colours, t, tn } = atlas;
  const { shown } = view;
  const rows = [
    ["zero", t("zero reported"), () => swatch(atlas, colours.zero)],
    ["nodata", t("no figure in this series"), () => swatch(atlas, "", { pattern: "nodata" })],
    ["withheld", t("withheld: fewer than {k}, or protects others", { k: atlas.data.study.threshold }), () => swatch(atlas, "", { pattern: "withheld" })],
    [
      "partial",
      t("covers only part of the region: no rate"),
      () => swatch(atlas, "", { pattern: "partial" }),
    ],
    [
      "nopeople",
      t("no population in the study: no rate"),
      () => swatch(atlas, "", { pattern: "partial" }),
    ],
    ["disputed", t("sources differ"), () => swatch(atlas, "", { pattern: "disputed" })],
  ].map(([name, label, mark]) => {
    const n = shown.filter((s) => s.state === name).length;
    return n ? row(atlas, mark(), label, n) : null;
  });
  const parts = shown.filter(coversPart).length;
  if (parts && view.areas === "count")
    rows.push(
      row(
        atlas,
        swatch(atlas, colours.zero, { part: true }),
        t("covers only part of the region"),
        parts,
      ),
    );
  const unstable = view.areas === "rate" ? shown.filter(isUnstable).length : 0;
  if (unstable)
    rows.push(
      h(
        "li",
        {},
        swatch(atlas, "", { unstable: view.colours[Math.min(2, view.colours.length - 1)] }),
        h(
          "span",
          { class: "legend-label" },
          tn(
            "{n} of them with fewer than 20 reports: the rate is unstable",
            "{n} of them with fewer than 20 reports: the rate is unstable",
            unstable,
          ),
        ),
      ),
    );
  const found = rows.filter(Boolean);
  return found.length ? h("ul", { class: "legend-rows" }, found) : null;
}

// Circles within each other, standing on one line, as large as on the map.
function circleLegend(atlas, { series, counts }) {
  const { state, colours, t } = atlas;
  const parts = counts.some(coversPart);
  const steps = circleSteps(atlas);
  const radii = steps.map((one) => circleRadius(atlas, one));
  const widest = radii[radii.length - 1] ?? 0;
  const [width, height] = [2 * widest + 84, 2 * widest + 12];
  const lines = radii.map((r, i) => {
    const y = height - 2 - 2 * r;
    const label = svg("text", { x: 2 * widest + 28, y: y + 4, class: "legend-number" });
    label.append(number(steps[i]));
    return [
      svg("circle", {
        cx: widest + 2,
        cy: height - 2 - r,
        r,
        fill: colours.circle,
        "fill-opacity": 0.16,
        stroke: colours.circle,
        "stroke-width": 1.4,
      }),
      svg("path", { d: `M${widest + 2},${y}H${2 * widest + 24}`, stroke: colours.swatch }),
      label,
    ];
  });
  return [
    legendHead(atlas, series, t("count"), periodOf(atlas, state.series)),
    svg("svg", { width, height, class: "legend-circles", "aria-hidden": "true" }, lines),
    h(
      "p",
      { class: "small" },
      t("Areas true to the counts, on one scale for all periods of this register."),
      parts ? ` ${t("Dashed: covers only part of the region.")}` : null,
    ),
  ];
}

function changeLegend(atlas, view) {
  const { t, tn } = atlas;
  const { series, base, span, shown, tested } = view;
  if (base === null)
    return h(
      "p",
      { class: "small" },
      t(
        "No change is drawn: {register} has no other figures of the same thing ({measure}) for another complete period. What counts something else, or only part of a year, would look like a rise or a fall.",
        {
          register: registerName(atlas, series.register),
          measure: measureName(atlas, series.measure).toLowerCase(),
        },
      ),
    );
  const labels = [
    [2, t("doubled or more")],
    [1, t("more, less than double")],
    [0, t("no clear change (may be chance)")],
    [-1, t("less, more than half")],
    [-2, t("halved or less")],
  ];
  const sure = shown.filter((s) => s.state === "change");
  const none = shown.length - sure.length;
  return [
    legendHead(
      atlas,
      series,
      t("change in the rate"),
      `${periodOf(atlas, span[0])} → ${periodOf(atlas, span[1])}`,
    ),
    h(
      "ul",
      { class: "legend-rows" },
      labels.map(([step, label]) =>
        row(
          atlas,
          swatch(atlas, changeColour(atlas, step), { step }),
          label,
          sure.filter((s) => changeStep(s) === step).length,
        ),
      ),
      none
        ? row(
            atlas,
            swatch(atlas, "", { pattern: "nodata" }),
            t("no rate in one of the two periods"),
            none,
          )
        : null,
    ),
    h(
      "p",
      { class: "small" },
      tn(
        "Marked only where it is more than chance: exact conditional test of two Poisson counts, two-sided, p < 0.05 after Holm's correction for {n} region.",
        "Marked only where it is more than chance: exact conditional test of two Poisson counts, two-sided, p < 0.05 after Holm's correction for {n} regions.",
        tested,
      ),
    ),
  ];
}

function row(atlas, mark, label, n) {
  return h(
    "li",
    {},
    mark,
    h("span", { class: "legend-label" }, label),
    h("span", { class: "legend-n" }, atlas.tn("{n} region", "{n} regions", n)),
  );
}

// A patch of a colour, of one of the patterns (by name), with the outline of a part, under the lines
// of unstable rates, or with the triangle of a change.
export function swatch(atlas, fill, { pattern = null, part = false, unstable = null, step = 0 } = {}) {
  const paint = pattern ? `url(#legend-${pattern})` : unstable ? "url(#legend-unstable-0)" : fill;
  const picture = svg(
    "svg",
    { width: 26, height: 16, "aria-hidden": "true", class: "swatch" },
    svg("rect", {
      x: 1,
      y: 1,
      width: 24,
      height: 14,
      fill: paint,
      stroke: part ? atlas.colours.muted : atlas.colours.swatch,
      "stroke-width": part ? 1.4 : 0.8,
      "stroke-dasharray": part ? PART_DASH : null,
    }),
    step
      ? svg("polygon", { points: trianglePoints(13, 24, step).join(" "), class: "legend-triangle" })
      : null,
  );
  if (pattern) addPatterns(picture, "legend", [pattern]);
  if (unstable) colourUnstable(atlas, addUnstable(picture, "legend-unstable", 1), [unstable]);
  return picture;
}
