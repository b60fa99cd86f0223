// Which figures the regions show: register, measure, period, in which way and by which classes.

import { measureName, purposeName, registerName, seriesPeriod } from "../core/data.js";
import { h } from "../core/dom.js";
import { comparablePairs, comparableSeries, manualBounds, readBounds, regionView } from "../core/regionview.js";
import { schemeName } from "../words/regionlegend.js";
import { check, group, select } from "./fields.js";

export function seriesFields(atlas) {
  const { data, state, change, t } = atlas;
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
      registers.map((r) => [r, registerName(atlas, r)]),
      series.register,
      (register) => chooseSeries(atlas, { register }),
    ),
    select(
      "measure",
      t("Measure"),
      measures.map((m) => [m, measureName(atlas, m)]),
      series.measure,
      (measure) => chooseSeries(atlas, { register: series.register, measure }),
    ),
    atlas.notice?.series === state.series
      ? h("p", { class: "small flag", role: "status" }, atlas.notice.text)
      : null,
    select(
      "period",
      t("Period"),
      periods.map((s) => [data.series.indexOf(s), periodLabel(atlas, s)]),
      state.series,
      (index) => change({ series: Number(index) }),
    ),
    group(
      "show",
      t("Show"),
      [
        ["rate", t("rate")],
        ["count", t("count")],
        ["change", t("change")],
      ],
      state.show,
      (show) => change({ show }),
    ),
    pairField(atlas),
    { rate: () => null, count: () => groundField(atlas), change: () => baseField(atlas) }[
      state.show
    ](),
    classFields(atlas),
  ];
}

// The series of a register (and measure) that covers most regions, the latest of those.
function chooseSeries(atlas, wanted) {
  const { data, change, t } = atlas;
  const found = data.series
    .map((s, index) => ({ s, index }))
    .filter(({ s }) => Object.entries(wanted).every(([key, value]) => s[key] === value))
    .sort((a, b) => b.s.covered - a.s.covered || b.s.period_end.localeCompare(a.s.period_end));
  if (!found.length) return;
  const { s, index } = found[0];
  // Nobody should take the figures of another period for those of the one just seen.
  atlas.notice = {
    series: index,
    text: t("Now shown: {period}, the period of this register with most regions.", {
      period: periodLabel(atlas, s),
    }),
  };
  change({ series: index });
}

function periodLabel(atlas, series) {
  const { data, t } = atlas;
  const purpose = purposeName(atlas, series.purpose);
  const covered = t("{n} of {all} regions", { n: series.covered, all: data.regions.length });
  return `${seriesPeriod(atlas, series)}${purpose ? ` · ${purpose}` : ""} · ${covered}`;
}

function groundField(atlas) {
  const { state, change, t } = atlas;
  return select(
    "ground",
    t("Ground of the map"),
    [
      ["rate", t("rates as colours")],
      ["plain", t("no colours")],
      ["count", t("no circles, counts as colours")],
    ],
    state.ground,
    (ground) => change({ ground }),
  );
}

// Any two periods of any register that can be compared, in one choice.
function pairField(atlas) {
  const { data, state, change, t, tn } = atlas;
  const groups = new Map();
  for (const { from, to, common } of comparablePairs(atlas)) {
    const [one, other] = [data.series[from], data.series[to]];
    const purpose = purposeName(atlas, other.purpose);
    const name = `${registerName(atlas, other.register)} · ${measureName(atlas, other.measure)}`;
    const words = `${seriesPeriod(atlas, one)} → ${seriesPeriod(atlas, other)}${purpose ? ` · ${purpose}` : ""}`;
    const option = [`${from} ${to}`, `${words} · ${tn("{n} region", "{n} regions", common)}`];
    groups.set(name, [...(groups.get(name) ?? []), option]);
  }
  if (!groups.size) return null;
  const { span } = state.show === "change" ? regionView(atlas) : {};
  return select(
    "pair",
    t("Compare two periods"),
    [["", t("none chosen")], ...groups],
    span ? span.join(" ") : "",
    (chosen) => {
      if (!chosen) return change({ show: "rate" });
      const [base, series] = chosen.split(" ").map(Number);
      return change({ series, base, show: "change" });
    },
  );
}

function baseField(atlas) {
  const { data, state, change, t } = atlas;
  const { base } = regionView(atlas);
  if (base === null) return null;
  return select(
    "base",
    t("Compare with"),
    comparableSeries(atlas, state.series).map((n) => [n, periodLabel(atlas, data.series[n])]),
    base,
    (index) => change({ base: Number(index) }),
  );
}

function classFields(atlas) {
  const { data, state, change, t } = atlas;
  const { areas } = regionView(atlas);
  if (!areas || areas === "change") return null;
  const several =
    data.series.filter((s) => s.family === data.series[state.series].family).length > 1;
  return [
    select(
      "scheme",
      t("Classes"),
      ["jenks", "quantiles", "equal", "manual"].map((s) => [s, schemeName(atlas, s)]),
      state.scheme,
      (scheme) => change({ scheme }),
    ),
    state.scheme === "manual" ? boundsField(atlas, areas) : null,
    several
      ? check(
          "classes-shared",
          t("The same classes for all periods"),
          state.classes === "shared",
          (on) => change({ classes: on ? "shared" : "own" }),
        )
      : null,
  ];
}

function boundsField(atlas, areas) {
  const { change, t } = atlas;
  const wrong = h("p", { class: "small flag", id: "bounds-wrong", role: "alert" });
  const input = h("input", {
    type: "text",
    id: "class-bounds",
    inputmode: "decimal",
    spellcheck: "false",
    autocomplete: "off",
    "aria-describedby": "bounds-wrong",
    onchange: (event) => {
      const bounds = readBounds(event.target.value);
      if (bounds) return change({ bounds });
      event.target.setAttribute("aria-invalid", "true");
      wrong.textContent = t(
        "Write one to four ascending numbers above 0, with spaces between them: 1 2.5 5",
      );
      return undefined;
    },
  });
  input.value = manualBounds(atlas, areas).map(plainNumber).join("  ");
  return h(
    "div",
    { class: "field" },
    h("label", { for: "class-bounds" }, t("Upper bounds of the classes")),
    input,
    wrong,
  );
}

function plainNumber(value) {
  return String(Number(value.toFixed(2)));
}
