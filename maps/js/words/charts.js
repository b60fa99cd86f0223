// A small chart of the figures of one register over time: each figure is a bar as long as its period,
// as high as its count per year, so that seven years and one month can be compared.

import { svg } from "../core/dom.js";
import { number } from "../core/i18n.js";
import { monthsOf } from "../core/regionview.js";

const WIDTH = 322;
const HEIGHT = 84;
const HEADROOM = 14;
const BOTTOM = 16;
const LEFT = 2;
const RIGHT = 40;

const monthIndex = (text, extra) =>
  Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7)) - 1 + extra;

// Count per year.
export function yearly(figure) {
  return (figure.value * 12) / monthsOf(figure);
}

// A round number at or above a value.
export function roundUp(value) {
  const unit = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]
    .map((n) => n * unit)
    .find((n) => n >= value * 0.999999);
}

export function figureChart(atlas, figures) {
  const { t, period } = atlas;
  const highest = Math.max(...figures.map(yearly));
  if (figures.length < 2 || !(highest > 0)) return null;
  const top = roundUp(highest);
  const first = Math.floor(Math.min(...figures.map((f) => monthIndex(f.period_start, 0))) / 12);
  const last = Math.ceil(Math.max(...figures.map((f) => monthIndex(f.period_end, 1))) / 12);
  const x = (months) => LEFT + ((months / 12 - first) / (last - first)) * (WIDTH - LEFT - RIGHT);
  const y = (value) => HEIGHT - BOTTOM - (value / top) * (HEIGHT - HEADROOM - BOTTOM);
  const told = figures
    .map((f) => `${period(f.period_start, f.period_end)}: ${number(f.value)}`)
    .join("; ");
  return svg(
    "svg",
    {
      class: "chart",
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      role: "img",
      "aria-label": `${t("Count per year in each period")}. ${told}`,
    },
    [0, top].map((value) => [
      svg("path", { d: `M${LEFT},${y(value)}H${WIDTH - RIGHT + 4}`, class: "chart-line" }),
      words(WIDTH - RIGHT + 8, y(value) + 4, number(value), "start"),
    ]),
    words(LEFT, 9, t("count per year"), "start"),
    yearMarks(first, last, x),
    figures.map((figure) => bar(atlas, figure, x, y)),
  );
}

function bar(atlas, figure, x, y) {
  const { t, period } = atlas;
  const [start, end] = [x(monthIndex(figure.period_start, 0)), x(monthIndex(figure.period_end, 1))];
  const height = y(yearly(figure));
  const width = Math.max(2, end - start).toFixed(1);
  const title = svg("title");
  title.append(
    `${period(figure.period_start, figure.period_end)}: ${number(figure.value)} (${t("{n} a year", { n: number(yearly(figure), yearly(figure) < 10 ? 1 : 0) })})`,
  );
  return svg(
    "g",
    { class: figure.whole && !figure.disputed ? "chart-bar" : "chart-bar part" },
    title,
    svg("rect", {
      x: start.toFixed(1),
      y: height.toFixed(1),
      width,
      height: (y(0) - height).toFixed(1),
      class: "chart-area",
    }),
    svg("path", { d: `M${start.toFixed(1)},${height.toFixed(1)}h${width}`, class: "chart-top" }),
  );
}

function yearMarks(first, last, x) {
  const every = Math.max(1, Math.ceil((last - first) / 6));
  const years = [];
  for (let year = first; year < last; year += every)
    years.push(words(x(year * 12), HEIGHT - 3, String(year), year === first ? "start" : "middle"));
  return years;
}

function words(x, y, text, anchor) {
  const label = svg("text", {
    x: x.toFixed(1),
    y: y.toFixed(1),
    class: "chart-text",
    "text-anchor": anchor,
  });
  label.append(text);
  return label;
}
