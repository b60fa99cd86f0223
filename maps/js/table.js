// Everything that is drawn now as a table: to read without the map, to sort, and to take along.

import { isUnstable, rateInterval, regionView } from "./choropleth.js";
import { saveText, toCsv } from "./csv.js";
import { data, measureName, modeName, placeName, purposeName, registerName } from "./data.js";
import { h, replace } from "./dom.js";
import { drawnText } from "./filterbox.js";
import { visiblePairs } from "./filters.js";
import { choose } from "./focus.js";
import { number, period, t, tn } from "./i18n.js";
import { changeText, valueText } from "./regions.js";
import { state } from "./state.js";

const SHOWN_ROWS = 500;

let tableBox = null;
let kind = "regions";
let order = { column: null, down: false };
let copied = null; // the CSV shown to be copied

export function setUpTable(element) {
  tableBox = element;
  tableBox.addEventListener("click", (event) => {
    if (event.target === tableBox) tableBox.close();
  });
}

export function openTable() {
  copied = null;
  drawTable();
  tableBox.showModal();
  tableBox.querySelector("h2").focus({ preventScroll: true });
}

// The tables there are: for each its columns [id, label, isNumber], and rows of values, each with
// what to choose on the map. Columns without a label are for the CSV only.
export function tableOf(name) {
  return { regions: regionTable, flows: flowTable, itineraries: routeTable }[name]();
}

const sourceIds = (list) => [...new Set(list)].map((n) => data.sources[n].id).join(" ");

function regionTable() {
  const view = regionView();
  const { series } = view;
  const columns = [
    ["region", t("Region")],
    ["ubigeo", "ubigeo"],
    ["count", t("Count"), true],
    ["rate", t("Rate per 100,000 and year"), true],
    ["low", t("95 % from"), true],
    ["high", t("95 % to"), true],
    ["note", t("Note")],
    ["register", null],
    ["period", null],
    ["source_ids", t("Sources")],
  ];
  if (!series || !state.layers.regions) return { columns, rows: [] };
  const rows = data.regions.flatMap((region, id) => {
    const shown = view.circles ? view.counts[id] : view.shown[id];
    const figures = shown.figures.length ? shown.figures : [null];
    return figures.map((figure) => {
      const [low, high] = (figure && rateInterval(figure)) ?? [null, null];
      return {
        target: { kind: "region", id },
        values: [
          region.name,
          region.id,
          figure?.value ?? null,
          round(figure?.rate ?? null),
          round(low),
          round(high),
          noteOf(shown, view),
          `${registerName(series.register)} · ${measureName(series.measure)}`,
          figure
            ? period(figure.period_start, figure.period_end)
            : period(series.period_start, series.period_end),
          figure ? sourceIds(figure.sources) : "",
        ],
      };
    });
  });
  return { columns, rows };
}

const round = (value) => (value === null ? null : Number(value.toPrecision(6)));

function noteOf(shown, view) {
  if (view.areas === "change") return changeText(shown, view);
  if (shown.state === "value" && !isUnstable(shown) && shown.figures[0].whole) return "";
  if (shown.state === "value")
    return shown.figures[0].whole
      ? t("fewer than 20 reports: the rate is unstable")
      : t("covers only part of the region");
  return shown.state === "zero" ? t("zero reported") : valueText(shown, view.series);
}

function flowTable() {
  const columns = [
    ["origin", t("From")],
    ["destination", t("To")],
    ["evidence", t("Independent sources"), true],
    ["reports", t("Reports"), true],
    ["purposes", t("Purpose")],
    ["periods", t("Period")],
    ["note", t("Note")],
    ["flow_ids", null],
    ["source_ids", t("Sources")],
  ];
  const pairs = state.layers.flows ? visiblePairs(state.level).pairs : [];
  const rows = pairs.map((pair) => {
    const flows = pair.flows.map((row) => data.flows[row]);
    const distinct = (values) => [...new Set(values)].filter(Boolean).join("; ");
    return {
      target: { kind: "pair", id: pair.id, level: state.level },
      values: [
        placeName(pair.from),
        placeName(pair.to),
        pair.evidence,
        flows.length,
        distinct(flows.map((flow) => purposeName(flow.purpose))),
        distinct(flows.map((flow) => period(flow.start, flow.end))),
        pair.drawn ? "" : t("not drawn: the place has no point"),
        flows.map((flow) => flow.id).join(" "),
        sourceIds(flows.map((flow) => flow.source)),
      ],
    };
  });
  return { columns, rows };
}

function routeTable() {
  const columns = [
    ["route", t("Itinerary")],
    ["stops", t("Stops")],
    ["means", t("Means of travel")],
    ["source_ids", t("Sources")],
  ];
  const routes = state.layers.itineraries ? data.itineraries : [];
  const rows = routes.map((route, id) => ({
    target: { kind: "route", id },
    values: [
      `${placeName(route.stops[0])} – ${placeName(route.stops.at(-1))}`,
      route.stops.map(placeName).join(" – "),
      [...new Set(route.modes.map((mode) => modeName(mode || "unknown")))].join(", "),
      sourceIds([route.source]),
    ],
  }));
  return { columns, rows };
}

// Numbers by size, texts by the alphabet; what has no value comes last either way.
export function sortRows(rows, column, down) {
  const compare = (a, b) => (typeof a === "number" ? a - b : String(a).localeCompare(String(b)));
  return [...rows].sort(({ values: one }, { values: other }) => {
    const [a, b] = [one[column], other[column]];
    const [noA, noB] = [a, b].map((value) => value === null || value === "");
    if (noA || noB) return noA - noB;
    return down ? compare(b, a) : compare(a, b);
  });
}

export function csvOf({ columns, rows }) {
  return toCsv([columns.map(([id]) => id), ...rows.map(({ values }) => values)]);
}

const TABS = () => [
  ["regions", t("Regions")],
  ["flows", t("Reported flows")],
  ["itineraries", t("Documented itineraries")],
];

function drawTable() {
  const focused = tableBox.contains(document.activeElement) ? document.activeElement.id : "";
  const table = tableOf(kind);
  if (order.column !== null) table.rows = sortRows(table.rows, order.column, order.down);
  tableBox.setAttribute("aria-labelledby", "table-title");
  replace(
    tableBox,
    h(
      "div",
      { class: "dialog-head" },
      h("h2", { id: "table-title", tabindex: "-1" }, t("What is drawn, as a table")),
      h(
        "button",
        {
          type: "button",
          class: "close",
          onclick: () => tableBox.close(),
          "aria-label": t("Close"),
        },
        "×",
      ),
    ),
    h(
      "div",
      { class: "table-tools" },
      h(
        "div",
        { class: "languages", role: "group", "aria-label": t("Table") },
        TABS().map(([name, label]) =>
          h(
            "button",
            {
              type: "button",
              id: `tab-${name}`,
              "aria-pressed": String(kind === name),
              onclick: () => show(name),
            },
            `${label} (${number(tableOf(name).rows.length)})`,
          ),
        ),
      ),
      h(
        "div",
        { class: "table-save" },
        h(
          "button",
          { type: "button", class: "go", id: "table-save", onclick: () => save(table) },
          t("Download as CSV"),
        ),
        h(
          "button",
          { type: "button", class: "go", id: "table-copy", onclick: () => showText(table) },
          t("Show as text to copy"),
        ),
      ),
    ),
    window.self === window.top
      ? null
      : h(
          "p",
          { class: "small table-note" },
          t(
            "If nothing is downloaded, the page around this map forbids it. Copy the text instead.",
          ),
        ),
    copied === null ? null : textBox(),
    h(
      "div",
      {
        class: "dialog-body table-body",
        tabindex: "0",
        role: "region",
        "aria-labelledby": "table-title",
      },
      tableElement(table),
    ),
  );
  if (focused) document.getElementById(focused)?.focus();
}

function show(name) {
  kind = name;
  order = { column: null, down: false };
  copied = null;
  drawTable();
}

function save(table) {
  saveText(csvOf(table), `corredor-${kind}.csv`);
}

function showText(table) {
  copied = csvOf(table);
  drawTable();
  const box = document.getElementById("table-text");
  box.focus();
  box.select();
}

function textBox() {
  const box = h("textarea", {
    id: "table-text",
    readonly: true,
    rows: 8,
    "aria-label": t("The table as CSV"),
  });
  box.value = copied;
  return box;
}

function tableElement({ columns, rows }) {
  const left = rows.length - SHOWN_ROWS;
  return [
    h("p", { class: "small" }, tableNote()),
    h(
      "table",
      { class: "listing" },
      h("caption", { class: "sr" }, TABS().find(([name]) => name === kind)[1]),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          columns.map(([id, label, isNumber], n) => label && headCell(id, label, isNumber, n)),
        ),
      ),
      h(
        "tbody",
        {},
        rows.slice(0, SHOWN_ROWS).map((row) => bodyRow(row, columns)),
      ),
    ),
    rows.length ? null : h("p", {}, t("Nothing of this kind is drawn now.")),
    left > 0
      ? h(
          "p",
          { class: "small" },
          tn("{n} more row is in the CSV.", "{n} more rows are in the CSV.", left),
        )
      : null,
  ];
}

// What holds for the whole table.
function tableNote() {
  const series = data.series[state.series];
  if (kind === "flows") return state.layers.flows ? drawnText() : null;
  if (kind !== "regions" || !series || !state.layers.regions) return null;
  const when = period(series.period_start, series.period_end);
  return `${registerName(series.register)} · ${measureName(series.measure)} · ${when}`;
}

function headCell(id, label, isNumber, n) {
  const sorted = order.column === n ? (order.down ? "descending" : "ascending") : null;
  return h(
    "th",
    { scope: "col", class: isNumber ? "num" : null, "aria-sort": sorted },
    h(
      "button",
      {
        type: "button",
        id: `sort-${id}`,
        onclick: () => {
          const again = order.column === n;
          order = { column: n, down: again ? !order.down : Boolean(isNumber) };
          drawTable();
        },
      },
      label,
      h("span", { "aria-hidden": "true" }, sorted ? (order.down ? " ▾" : " ▴") : ""),
    ),
  );
}

function bodyRow({ values, target }, columns) {
  const open = () => {
    tableBox.close();
    choose(target);
  };
  return h(
    "tr",
    {},
    values.map((value, n) => {
      const [id, label, isNumber] = columns[n];
      if (!label) return null;
      if (n === 0)
        return h(
          "th",
          { scope: "row" },
          h("button", { type: "button", class: "mark", onclick: open }, value),
        );
      const digits = id === "count" || Number.isInteger(value) ? 0 : 2;
      const words = typeof value === "number" ? number(value, digits) : value;
      return h("td", { class: isNumber ? "num" : null }, words ?? "—");
    }),
  );
}
