// Reported flows as a matrix, origins down and destinations across: what many arrows hide, and a
// table that a screen reader reads cell by cell.

import { placeName } from "../core/data.js";
import { h } from "../core/dom.js";
import { countEvidence, listedPairs } from "../core/filters.js";
import { number } from "../core/i18n.js";

const MOST_SHOWN = 40;
// From how many sources a cell is darker.
const SHADES = [1, 2, 3, 5, 8];

// { from, to, cells, rows, columns }: places in the order of how many sources name them, the cells as
// pairs by "from to", and all of it as the rows and columns that every table has.
export function matrixTable(atlas) {
  const { state, t } = atlas;
  const pairs = state.layers.flows ? listedPairs(atlas, state.level) : [];
  const from = byEvidence(atlas, pairs, "from");
  const to = byEvidence(atlas, pairs, "to");
  const cells = new Map(pairs.map((pair) => [`${pair.from} ${pair.to}`, pair]));
  const columns = [
    ["origin", t("From")],
    ...to.map(({ id }) => [placeName(atlas, id), placeName(atlas, id), true]),
    ["sources", t("Independent sources"), true],
  ];
  const rows = from.map((origin) => ({
    target: null,
    values: [
      placeName(atlas, origin.id),
      ...to.map(({ id }) => cells.get(`${origin.id} ${id}`)?.evidence ?? ""),
      origin.evidence,
    ],
  }));
  if (rows.length)
    rows.push({
      target: null,
      values: [
        t("Independent sources"),
        ...to.map(({ evidence }) => evidence),
        countEvidence(
          atlas,
          pairs.flatMap(({ flows }) => flows),
        ),
      ],
    });
  return { from, to, cells, columns, rows };
}

// Sources are counted, not added up: one that names three destinations is one source of its origin.
export function byEvidence(atlas, pairs, end) {
  const flows = new Map();
  for (const pair of pairs) {
    if (!flows.has(pair[end])) flows.set(pair[end], []);
    flows.get(pair[end]).push(...pair.flows);
  }
  return [...flows]
    .map(([id, rows]) => ({ id, evidence: countEvidence(atlas, rows), reports: rows.length }))
    .sort((a, b) => b.evidence - a.evidence || b.reports - a.reports || a.id - b.id);
}

export function matrixElement(atlas, matrix, choose) {
  const { state, t, tn } = atlas;
  const [from, to] = [matrix.from.slice(0, MOST_SHOWN), matrix.to.slice(0, MOST_SHOWN)];
  const left = matrix.from.length - from.length + matrix.to.length - to.length;
  if (!from.length) return h("p", {}, t("Nothing of this kind is drawn now."));
  return [
    h("p", { class: "small" }, t("How many independent sources name each pair. It is not volume.")),
    h(
      "table",
      { class: "matrix" },
      h("caption", { class: "sr" }, t("Origins and destinations")),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("th", { scope: "col" }, t("From \\ To")),
          to.map(({ id }) => h("th", { scope: "col" }, h("span", {}, placeName(atlas, id)))),
          h("th", { scope: "col" }, h("span", {}, t("Independent sources"))),
        ),
      ),
      h(
        "tbody",
        {},
        from.map((origin) =>
          h(
            "tr",
            {},
            h("th", { scope: "row" }, placeName(atlas, origin.id)),
            to.map(({ id }) => cell(matrix.cells.get(`${origin.id} ${id}`))),
            h("td", { class: "sum" }, number(origin.evidence)),
          ),
        ),
      ),
      h(
        "tfoot",
        {},
        h(
          "tr",
          {},
          h("th", { scope: "row" }, t("Independent sources")),
          to.map(({ evidence }) => h("td", { class: "sum" }, number(evidence))),
          h("td", { class: "sum" }, number(matrix.rows.at(-1).values.at(-1))),
        ),
      ),
    ),
    left > 0
      ? h(
          "p",
          { class: "small" },
          tn("{n} more place is in the CSV.", "{n} more places are in the CSV.", left),
        )
      : null,
  ];

  function cell(pair) {
    if (!pair) return h("td", {});
    const { selected } = state;
    const chosen = selected?.kind === "pair" && selected.id === pair.id;
    const [a, b] = [placeName(atlas, pair.from), placeName(atlas, pair.to)];
    const sources = tn("{n} independent source", "{n} independent sources", pair.evidence);
    return h(
      "td",
      { class: `shade-${SHADES.filter((n) => pair.evidence >= n).length}` },
      h(
        "button",
        {
          type: "button",
          "aria-label": `${a} → ${b}: ${sources}`,
          "aria-pressed": String(chosen),
          onclick: () => choose({ kind: "pair", id: pair.id, level: state.level }),
        },
        number(pair.evidence),
      ),
    );
  }
}
