// Time: one axis for figures and flows. Each period is a span of its true length; choosing one moves
// the regions, circles, flows, legend, totals and table together.

import { seriesPeriod } from "../core/data.js";
import { h, replace, svg } from "../core/dom.js";
import { number } from "../core/i18n.js";

const STEP_MS = 1800;
const CALM_MS = 3500; // for readers who asked for less motion
const LANE = 6;
const MARGIN = 18;
const MOST_SPANS = 150;
const CALM = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)");

// Months sort as plain text; localeCompare would load the rules of a language for it.
function byTime(a, b) {
  const [one, other] = [`${a.start} ${a.end}`, `${b.start} ${b.end}`];
  return one < other ? -1 : Number(one > other);
}

// The periods to step through: those of the register shown, else those of the flows.
export function timeSteps(atlas) {
  const { data, state } = atlas;
  const series = data.series[state.series];
  if (!series)
    return flowSpans(atlas).map(({ start, end }) => ({ series: null, start, end, n: 0 }));
  return data.series
    .flatMap((s, n) =>
      s.family === series.family
        ? [{ series: n, start: s.period_start, end: s.period_end, n: s.covered }]
        : [],
    )
    .sort(byTime);
}

// The periods that flows state, both ends, with how many flows state them.
export function flowSpans(atlas) {
  const counts = new Map();
  for (const { start, end } of atlas.data.flows) {
    if (!start && !end) continue;
    const key = `${start || end} ${end || start}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts]
    .map(([key, n]) => ({ start: key.slice(0, 7), end: key.slice(8), n }))
    .sort(byTime)
    .slice(0, MOST_SPANS);
}

function position(atlas, steps) {
  const { state } = atlas;
  return steps.findIndex((step) =>
    step.series === null
      ? state.period && step.start === state.period[0] && step.end === state.period[1]
      : step.series === state.series,
  );
}

// The steps of playing: periods that can be compared, of equal length, one after another, with most
// regions. Where the register has no two of them, the years of the flows, and the figures stay.
export function playSteps(atlas) {
  const { data, state } = atlas;
  const series = data.series[state.series];
  const chains = new Map();
  if (series)
    for (const step of timeSteps(atlas)) {
      const { partial } = data.series[step.series];
      const months = monthOf(step.end, 1) - monthOf(step.start);
      const key = `${months} ${Boolean(partial)}`;
      const chain = chains.get(key) ?? [];
      if (step.n > 1 && (!chain.length || chain[chain.length - 1].end < step.start))
        chains.set(key, [...chain, step]);
    }
  const covered = (chain) => chain.reduce((sum, { n }) => sum + n, 0);
  const best = [...chains.values()]
    .filter((chain) => chain.length > 1)
    .sort((a, b) => covered(b) - covered(a))[0];
  return best ?? flowYears(atlas);
}

function flowYears(atlas) {
  const spans = flowSpans(atlas);
  const years = spans.flatMap(({ start, end }) => [start, end].map((m) => Number(m.slice(0, 4))));
  const [first, last] = [Math.min(...years), Math.max(...years)];
  if (!spans.length || first === last) return [];
  return Array.from({ length: last - first + 1 }, (_, n) => ({
    series: null,
    start: `${first + n}-01`,
    end: `${first + n}-12`,
    n: 0,
  }));
}

// What a step changes: the figures and the flows. What the map showed before is kept for later.
function go(atlas, step) {
  const { state, change } = atlas;
  const { series, classes, period } = state;
  atlas.time.before ??= { series, classes, period };
  const values = { period: [step.start, step.end] };
  if (step.series !== null) values.series = step.series;
  change(values);
}

// Back to what the map showed before time was moved.
function allTimes(atlas) {
  stop(atlas);
  const { before } = atlas.time;
  atlas.time.before = null;
  atlas.change({ ...before, period: null });
}

function stop(atlas) {
  clearInterval(atlas.time.playing);
  atlas.time.playing = null;
}

export function isPlaying(atlas) {
  return atlas.time.playing !== null;
}

const isAt = ({ state }, step) =>
  state.period?.[0] === step.start &&
  state.period?.[1] === step.end &&
  (step.series === null || step.series === state.series);

// Play from the period shown, or from the first when the last was reached. Periods are compared by
// one set of classes, which the card says.
function play(atlas) {
  const steps = playSteps(atlas);
  const next = steps.findIndex((step) => isAt(atlas, step)) + 1;
  const { series, classes, period } = atlas.state;
  atlas.time.before ??= { series, classes, period };
  atlas.time.playing = setInterval(() => advance(atlas), CALM?.matches ? CALM_MS : STEP_MS);
  if (steps[0].series !== null) atlas.state.classes = "shared";
  go(atlas, steps[next % steps.length]);
}

function advance(atlas) {
  const { state, change } = atlas;
  const steps = playSteps(atlas);
  const at = steps.findIndex((step) => isAt(atlas, step));
  if (at < 0 || at + 1 >= steps.length) {
    stop(atlas);
    return change({ period: state.period });
  }
  return go(atlas, steps[at + 1]);
}

export function drawTime(atlas, element) {
  const { t } = atlas;
  const steps = timeSteps(atlas);
  element.hidden = steps.length < 2;
  if (element.hidden) return;
  const open = element.querySelector("details")?.open ?? window.innerWidth >= 1200;
  const focused = element.contains(document.activeElement) ? document.activeElement.id : "";
  element.setAttribute("aria-label", t("Time"));
  const at = position(atlas, steps);
  const name = nowText(atlas);
  replace(
    element,
    h(
      "details",
      { open },
      h(
        "summary",
        { id: "time-fold" },
        h("strong", {}, t("Time")),
        h("span", { class: "time-now" }, name),
      ),
      h("div", { class: "time-row" }, buttons(atlas, steps, at), slider(atlas, steps, at, element)),
    ),
  );
  if (focused) document.getElementById(focused)?.focus();
}

// Of which time the figures are, and of which the flows.
function nowText(atlas) {
  const { data, state, t, period } = atlas;
  const series = data.series[state.series];
  const figures = series ? seriesPeriod(atlas, series) : "";
  const flows = state.period ? period(...state.period) : "";
  const shared = isPlaying(atlas) && state.classes === "shared" && series;
  const words = !data.flows.length
    ? t("figures of {figures}", { figures })
    : !series
      ? flows || t("all years")
      : flows
        ? t("figures of {figures}, flows of {flows}", { figures, flows })
        : t("figures of {period}, flows of all years", { period: figures });
  return shared ? `${words} · ${t("same classes in all periods")}` : words;
}

const nameOfStep = (atlas, step) => atlas.period(step.start, step.end);

function playLabel(atlas) {
  const { t } = atlas;
  const steps = playSteps(atlas);
  if (!steps.length) return t("Nothing to play: no two periods can be compared");
  return steps[0].series === null
    ? t("Play the flows year by year; the figures stay")
    : t("Play the {n} periods that can be compared", { n: number(steps.length) });
}

function buttons(atlas, steps, at) {
  const { state, change, t } = atlas;
  const button = (id, label, sign, onclick, disabled = false) =>
    h("button", { type: "button", id, "aria-label": label, title: label, disabled, onclick }, sign);
  const to = (n) => () => {
    stop(atlas);
    go(atlas, steps[n]);
  };
  return h(
    "div",
    { class: "time-buttons" },
    button("time-back", t("Earlier period"), "‹", to(at - 1), at <= 0),
    isPlaying(atlas)
      ? button("time-play", t("Pause"), "❚❚", () => {
          stop(atlas);
          change({ period: state.period });
        })
      : button("time-play", playLabel(atlas), "▶", () => play(atlas), !playSteps(atlas).length),
    button("time-on", t("Later period"), "›", to(at + 1), at >= steps.length - 1),
    h(
      "button",
      { type: "button", id: "time-all", disabled: !state.period, onclick: () => allTimes(atlas) },
      t("All years"),
    ),
  );
}

function slider(atlas, steps, at, element) {
  const { data, t } = atlas;
  const move = (n) => {
    stop(atlas);
    go(atlas, steps[Math.max(0, Math.min(steps.length - 1, n))]);
  };
  const keys = {
    ArrowLeft: () => move(at - 1),
    ArrowDown: () => move(at - 1),
    ArrowRight: () => move(at + 1),
    ArrowUp: () => move(at + 1),
    Home: () => move(0),
    End: () => move(steps.length - 1),
  };
  const step = steps[at];
  const told = step
    ? `${nameOfStep(atlas, step)}${step.series === null ? "" : `, ${t("{n} of {all} regions", { n: number(step.n), all: number(data.regions.length) })}`}`
    : "";
  return h(
    "div",
    {
      id: "time-slider",
      class: "time-axis",
      role: "slider",
      tabindex: 0,
      "aria-label": t("Period"),
      "aria-valuemin": 1,
      "aria-valuemax": steps.length,
      "aria-valuenow": Math.max(1, at + 1),
      "aria-valuetext": told,
      onkeydown: (event) => {
        if (!Object.hasOwn(keys, event.key)) return;
        event.preventDefault();
        keys[event.key]();
      },
      onclick: (event) => {
        const chosen = event.target.closest("[data-step]");
        if (chosen) move(Number(chosen.dataset.step));
      },
    },
    axis(atlas, steps, at, Math.max(180, element.clientWidth - 136)),
  );
}

// Months since the year 0, the end of a span being the end of its last month.
const monthOf = (text, extra = 0) =>
  Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7)) - 1 + extra;

// Each span in the first lane where it fits.
export function lanesOf(spans) {
  const ends = [];
  return spans.map(({ start, end }) => {
    let lane = ends.findIndex((taken) => taken <= monthOf(start));
    if (lane < 0) lane = ends.length;
    ends[lane] = monthOf(end, 1);
    return lane;
  });
}

function axis(atlas, steps, at, width) {
  const flows = flowSpans(atlas);
  const all = [...steps, ...flows];
  const first = Math.floor(Math.min(...all.map((s) => monthOf(s.start))) / 12);
  const last = Math.ceil(Math.max(...all.map((s) => monthOf(s.end, 1))) / 12);
  const x = (months) => MARGIN + ((months / 12 - first) / (last - first)) * (width - 2 * MARGIN);
  const lanes = lanesOf(steps);
  const deep = (Math.max(...lanes) + 1) * LANE;
  const height = deep + 26;
  const bar = ({ start, end }, y, more) =>
    svg("rect", {
      x: x(monthOf(start)).toFixed(1),
      y,
      width: Math.max(2, x(monthOf(end, 1)) - x(monthOf(start))).toFixed(1),
      ...more,
    });
  const every = Math.ceil((last - first) / (width / 52));
  const years = [];
  for (let year = first; year <= last; year += every) {
    const label = svg("text", { x: x(year * 12).toFixed(1), y: height - 2, class: "time-year" });
    label.append(String(year));
    years.push(
      svg("path", { d: `M${x(year * 12).toFixed(1)},0V${height - 13}`, class: "time-tick" }),
      label,
    );
  }
  return svg(
    "svg",
    { width, height, "aria-hidden": "true" },
    years,
    steps.map((step, n) =>
      bar(step, lanes[n] * LANE + 1, {
        height: LANE - 1.5,
        rx: 1,
        class: n === at ? "time-bar now" : "time-bar",
        "data-step": n,
        "fill-opacity":
          n === at
            ? 1
            : (0.35 + (0.5 * step.n) / Math.max(1, atlas.data.regions.length)).toFixed(2),
      }),
    ),
    // A larger target for the pointer.
    steps.map((step, n) =>
      bar(step, lanes[n] * LANE - 0.5, { height: LANE, class: "time-hit", "data-step": n }),
    ),
    flows.map((span) =>
      bar(span, deep + 4, {
        height: 3,
        class: "time-flow",
        "fill-opacity": Math.min(0.9, 0.25 + span.n / 20).toFixed(2),
      }),
    ),
  );
}
