// Everything that is drawn now as a table: to read without the map, to sort, and to take along.

import { computedText, corridorAccount, hasCorridors, leftOut } from "../words/corridors.js";
import { saveText } from "../core/csv.js";
import { data, measureName, registerName } from "../core/data.js";
import { h, replace } from "../core/dom.js";
import { drawnText } from "./filterbox.js";
import { choose } from "../core/focus.js";
import { number, period, t, tn } from "../core/i18n.js";
import { state } from "../core/state.js";
import { csvOf, sortRows, tableOf } from "../words/tables.js";

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

const TAB_OF = { region: "regions", pair: "flows", route: "itineraries", corridor: "corridors" };

// Open at a tab: the one asked for, or that of what is chosen, or the last one.
export function openTable(tab = TAB_OF[state.selected?.kind] ?? kind) {
  show(tab);
  tableBox.showModal();
  tableBox.querySelector("h2").focus({ preventScroll: true });
  tableBox.querySelector("[aria-current]")?.scrollIntoView({ block: "center" });
  tableBox.querySelector(".table-body").scrollLeft = 0;
}

const TABS = () =>
  [
    ["regions", t("Regions")],
    ["flows", t("Reported flows")],
    ["itineraries", t("Documented itineraries")],
    hasCorridors() ? ["corridors", t("Inferred corridors")] : null,
  ].filter(Boolean);

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
  if (name !== kind) order = { column: null, down: false };
  kind = name;
  copied = null;
  drawTable();
}

function save(table) {
  const name = kind === "corridors" ? "inferred-corridors" : kind;
  saveText(csvOf(table), `corredor-${name}.csv`);
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
    [tableNote()].flat().map((note) => h("p", { class: "small" }, note)),
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
  if (kind === "corridors")
    return [h("strong", {}, computedText()), corridorAccount(), leftOut()].filter(Boolean);
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
    { "aria-current": isChosen(target) ? "true" : null },
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

function isChosen({ kind: what, id, level }) {
  const { selected } = state;
  return selected?.kind === what && selected.id === id && selected.level === level;
}
