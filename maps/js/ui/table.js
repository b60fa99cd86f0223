// Everything that is drawn now as a table: to read without the map, to sort, and to take along.

import { measureName, protectionMark, registerName } from "../core/data.js";
import { h, replace } from "../core/dom.js";
import { saveFile } from "../core/files.js";
import { choose } from "../core/focus.js";
import { number } from "../core/i18n.js";
import { toXlsx } from "../core/xlsx.js";
import { computedText, corridorAccount, hasCorridors, leftOut } from "../words/corridors.js";
import { matrixElement } from "../words/matrix.js";
import { multiplesElement } from "../words/multiples.js";
import { cellsOf, csvOf, sortRows, tableOf } from "../words/tables.js";
import { drawnText } from "./filterbox.js";

const SHOWN_ROWS = 500;

export function setUpTable(atlas, element) {
  atlas.table.box = element;
  atlas.table.box.addEventListener("click", (event) => {
    if (event.target === atlas.table.box) atlas.table.box.close();
  });
}

const TAB_OF = { region: "regions", pair: "flows", route: "itineraries", corridor: "corridors" };

// Open at a tab: the one asked for, or that of what is chosen, or the last one.
export function openTable(atlas, tab = TAB_OF[atlas.state.selected?.kind] ?? atlas.table.kind) {
  show(atlas, tab);
  atlas.table.box.showModal();
  atlas.table.box.querySelector("h2").focus({ preventScroll: true });
  atlas.table.box.querySelector("[aria-current]")?.scrollIntoView({ block: "center" });
  atlas.table.box.querySelector(".table-body").scrollLeft = 0;
}

const TABS = (atlas) =>
  [
    ["regions", atlas.t("Regions")],
    ["flows", atlas.t("Reported flows")],
    ["matrix", atlas.t("Matrix of flows")],
    ["ends", atlas.t("Arriving and leaving")],
    atlas.data.series.length ? ["multiples", atlas.t("Maps of periods")] : null,
    ["itineraries", atlas.t("Documented itineraries")],
    hasCorridors(atlas) ? ["corridors", atlas.t("Inferred corridors")] : null,
  ].filter(Boolean);

function drawTable(atlas) {
  const { t } = atlas;
  const focused = atlas.table.box.contains(document.activeElement) ? document.activeElement.id : "";
  const table = tableOf(atlas, atlas.table.kind);
  if (atlas.table.order.column !== null)
    table.rows = sortRows(table.rows, atlas.table.order.column, atlas.table.order.down);
  atlas.table.box.setAttribute("aria-labelledby", "table-title");
  replace(
    atlas.table.box,
    h(
      "div",
      { class: "dialog-head" },
      h("h2", { id: "table-title", tabindex: "-1" }, t("What is drawn, as a table")),
      h(
        "button",
        {
          type: "button",
          class: "close",
          onclick: () => atlas.table.box.close(),
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
        TABS(atlas).map(([name, label]) =>
          h(
            "button",
            {
              type: "button",
              id: `tab-${name}`,
              "aria-pressed": String(atlas.table.kind === name),
              onclick: () => show(atlas, name),
            },
            ["matrix", "multiples"].includes(name)
              ? label
              : `${label} (${number(tableOf(atlas, name).rows.length)})`,
          ),
        ),
      ),
      h(
        "div",
        { class: "table-save" },
        h(
          "button",
          {
            type: "button",
            class: "go",
            id: "table-save",
            onclick: () => save(atlas, table, "csv"),
          },
          t("Download as CSV"),
        ),
        h(
          "button",
          {
            type: "button",
            class: "go",
            id: "table-xlsx",
            onclick: () => save(atlas, table, "xlsx"),
          },
          t("Download for Excel"),
        ),
        h(
          "button",
          { type: "button", class: "go", id: "table-copy", onclick: () => showText(atlas, table) },
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
    atlas.table.copied === null ? null : textBox(atlas),
    h(
      "div",
      {
        class: "dialog-body table-body",
        tabindex: "0",
        role: "region",
        "aria-labelledby": "table-title",
      },
      atlas.table.kind === "matrix"
        ? matrixElement(atlas, table, (target) => openOnMap(atlas, target))
        : [
            atlas.table.kind === "multiples" ? multiplesElement(atlas, showSeries) : null,
            tableElement(atlas, table),
          ],
    ),
  );
  if (focused) document.getElementById(focused)?.focus();

  function showSeries(series) {
    atlas.table.box.close();
    atlas.change({ series });
  }
}

function show(atlas, name) {
  if (name !== atlas.table.kind) atlas.table.order = { column: null, down: false };
  atlas.table.kind = name;
  atlas.table.copied = null;
  drawTable(atlas);
  const tab = document.getElementById(`tab-${name}`);
  tab?.scrollIntoView({ block: "nearest", inline: "center" });
}

const TYPES_OF = {
  csv: (table, mark) => new Blob(["\uFEFF", csvOf(table, mark)], { type: "text/csv;charset=utf-8" }),
  xlsx: (table, mark, name) => toXlsx(cellsOf(table, mark), name),
};

function save(atlas, table, type) {
  const name = atlas.table.kind === "corridors" ? "inferred-corridors" : atlas.table.kind;
  saveFile(TYPES_OF[type](table, protectionMark(atlas), name), `corredor-${name}.${type}`);
}

function showText(atlas, table) {
  atlas.table.copied = csvOf(table, protectionMark(atlas));
  drawTable(atlas);
  const box = document.getElementById("table-text");
  box.focus();
  box.select();
}

function textBox(atlas) {
  const { t } = atlas;
  const box = h("textarea", {
    id: "table-text",
    readonly: true,
    rows: 8,
    "aria-label": t("The table as CSV"),
  });
  box.value = atlas.table.copied;
  return box;
}

function tableElement(atlas, { columns, rows }) {
  const { t, tn } = atlas;
  const left = rows.length - SHOWN_ROWS;
  return [
    [tableNote(atlas)].flat().map((note) => h("p", { class: "small" }, note)),
    h(
      "table",
      { class: "listing" },
      h("caption", { class: "sr" }, TABS(atlas).find(([name]) => name === atlas.table.kind)[1]),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          columns.map(
            ([id, label, isNumber], n) => label && headCell(atlas, id, label, isNumber, n),
          ),
        ),
      ),
      h(
        "tbody",
        {},
        rows.slice(0, SHOWN_ROWS).map((row) => bodyRow(atlas, row, columns)),
      ),
    ),
    rows.length || atlas.table.kind === "multiples"
      ? null
      : h("p", {}, t("Nothing of this kind is drawn now.")),
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
function tableNote(atlas) {
  const { data, state, period } = atlas;
  const series = data.series[state.series];
  if (atlas.table.kind === "corridors")
    return [h("strong", {}, computedText(atlas)), corridorAccount(atlas), leftOut(atlas)].filter(
      Boolean,
    );
  if (["flows", "ends"].includes(atlas.table.kind))
    return state.layers.flows ? drawnText(atlas) : null;
  if (atlas.table.kind !== "regions" || !series || !state.layers.regions) return null;
  const when = period(series.period_start, series.period_end);
  return `${registerName(atlas, series.register)} · ${measureName(atlas, series.measure)} · ${when}`;
}

function headCell(atlas, id, label, isNumber, n) {
  const sorted =
    atlas.table.order.column === n ? (atlas.table.order.down ? "descending" : "ascending") : null;
  return h(
    "th",
    { scope: "col", class: isNumber ? "num" : null, "aria-sort": sorted },
    h(
      "button",
      {
        type: "button",
        id: `sort-${id}`,
        onclick: () => {
          const again = atlas.table.order.column === n;
          atlas.table.order = {
            column: n,
            down: again ? !atlas.table.order.down : Boolean(isNumber),
          };
          drawTable(atlas);
        },
      },
      label,
      h("span", { "aria-hidden": "true" }, sorted ? (atlas.table.order.down ? " ▾" : " ▴") : ""),
    ),
  );
}

function openOnMap(atlas, target) {
  atlas.table.box.close();
  choose(atlas, target);
}

function bodyRow(atlas, { values, target }, columns) {
  const open = () => openOnMap(atlas, target);
  return h(
    "tr",
    { "aria-current": isChosen(atlas, target) ? "true" : null },
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

function isChosen(atlas, { kind: what, id, level }) {
  const { selected } = atlas.state;
  return selected?.kind === what && selected.id === id && selected.level === level;
}
