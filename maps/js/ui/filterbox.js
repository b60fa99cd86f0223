// The filters of the flows, folded away until somebody wants them, and what they leave.

import { purposeName } from "../core/data.js";
import { h } from "../core/dom.js";
import { MOST_OPEN, activeFilters, visiblePairs } from "../core/filters.js";
import { focusText, unfocus } from "../core/focus.js";
import { number } from "../core/i18n.js";
import { NO_FILTERS } from "../core/state.js";
import { widthKinds } from "../words/flowlegend.js";
import { check, select } from "./fields.js";
import { flowChoices } from "./flowfields.js";

const GRADES = [1, 2, 3, 5, 10];
const TOPS = [0, 10, 25, 50, 100, 250, 1000, 5000];

export function filterBox(atlas, open) {
  const { state, t } = atlas;
  const n = activeFilters(state);
  return [
    chips(atlas),
    h(
      "details",
      { class: "filters", id: "filters", open },
      h("summary", { id: "filters-fold" }, n ? t("Filters ({n})", { n: number(n) }) : t("Filters")),
      flowChoices(atlas),
      fields(atlas),
    ),
    h("p", { class: "small drawn-flows" }, drawnText(atlas)),
  ];
}

// The flows that few sources name: drawn as hairlines when the reader asks for them.
export function restButton(atlas) {
  const { state, change, t, tn } = atlas;
  const { rest } = visiblePairs(atlas, state.level);
  if (!rest) return null;
  const values = { least: number(state.main) };
  return h(
    "button",
    {
      type: "button",
      class: "go rest",
      id: "flows-rest",
      "aria-pressed": String(state.rest),
      onclick: () => change({ rest: !state.rest }),
    },
    state.rest
      ? tn(
          "Hide {n} with fewer than {least} sources",
          "Hide {n} with fewer than {least} sources",
          rest,
          values,
        )
      : tn(
          "+ {n} with fewer than {least} sources",
          "+ {n} with fewer than {least} sources",
          rest,
          values,
        ),
  );
}

// "43 of 155 flows, 31 % of the evidence drawn."
export function drawnText(atlas) {
  const { state, t, tn } = atlas;
  const { flows, share, undated, unranked, rest, limit } = visiblePairs(atlas, state.level);
  const parts = [
    t("{drawn} of {all} reported flows drawn, {share} % of the evidence.", {
      drawn: number(flows.drawn),
      all: number(flows.all),
      share: number(share < 1 ? Math.min(99, 100 * share) : 100),
    }),
  ];
  if (rest && !state.rest)
    parts.push(t("Pairs named by at least {n} independent sources.", { n: number(state.main) }));
  if (limit)
    parts.push(t("Only the {n} strongest pairs; «Filters» shows more.", { n: number(limit) }));
  if (state.filters.top)
    parts.push(
      t("The strongest by {measure}, as the width shows.", { measure: measureOfWidth(atlas) }),
    );
  if (unranked)
    parts.push(
      tn(
        "{n} flow without such a number has no rank and is not drawn.",
        "{n} flows without such a number have no rank and are not drawn.",
        unranked,
      ),
    );
  if (undated)
    parts.push(
      tn(
        "{n} flow states no period and is left out.",
        "{n} flows state no period and are left out.",
        undated,
      ),
    );
  return parts.join(" ");
}

// Of many pairs only the strongest are drawn unasked; the last choice is the first that has them all.
const firstAbove = (pairs) => (pairs > MOST_OPEN ? TOPS.find((n) => n >= pairs) : undefined);
const allLabel = ({ t }, pairs) =>
  pairs > MOST_OPEN ? t("automatic ({n})", { n: number(MOST_OPEN) }) : t("all");

const measureOfWidth = (atlas) => widthKinds(atlas).find(([by]) => by === atlas.state.widthBy)[1];

function set(atlas, values) {
  const { state, change } = atlas;
  change({ filters: { ...state.filters, ...values } });
}

// What narrows the flows from elsewhere: a place in focus and a period, each with a way out.
function chips(atlas) {
  const { state, change, t, period } = atlas;
  const chip = (words, name, away) =>
    h(
      "button",
      {
        type: "button",
        class: "chip",
        id: name,
        onclick: away,
        "aria-label": t("Undo: {words}", { words }),
      },
      words,
      h("span", { "aria-hidden": "true" }, "×"),
    );
  const found = [
    state.focus ? chip(focusText(atlas), "chip-focus", () => unfocus(atlas)) : null,
    state.period
      ? chip(t("Flows of {period}", { period: period(...state.period) }), "chip-period", () =>
          change({ period: null }),
        )
      : null,
  ].filter(Boolean);
  return found.length ? h("p", { class: "chips" }, found) : null;
}

function fields(atlas) {
  const { data, state, change, t } = atlas;
  const { purpose, publisher, grade, direction, undated, top } = state.filters;
  const most = data.levels[state.level].reduce((m, { evidence }) => Math.max(m, evidence), 1);
  const pairs = data.levels[state.level].length;
  return [
    select(
      "purpose",
      t("Purpose"),
      [
        ["", t("any")],
        ...counted(data.columns.purpose.codes, data.columns.purpose.words, (one) =>
          purposeName(atlas, one),
        ),
      ],
      asOption(purpose),
      (picked) => set(atlas, { purpose: fromOption(picked) }),
    ),
    select(
      "publisher",
      t("Published by"),
      [
        ["", t("any")],
        ...counted(
          data.columns.source,
          data.sources.map((source) => source.publisher),
          String,
        ),
      ],
      asOption(publisher),
      (picked) => set(atlas, { publisher: fromOption(picked) }),
    ),
    h(
      "div",
      { class: "pair" },
      select(
        "grade",
        t("Evidence"),
        GRADES.filter((n) => n <= most || n === grade).map((n) => [
          n,
          n === 1 ? t("any") : t("{n} or more sources", { n: number(n) }),
        ]),
        grade,
        (picked) => set(atlas, { grade: Number(picked) }),
      ),
      select(
        "top",
        t("Show only the top"),
        [...new Set([...TOPS.filter((n) => n < pairs || n === firstAbove(pairs)), top])]
          .sort((a, b) => a - b)
          .map((n) => [n, n ? t("the strongest {n}", { n: number(n) }) : allLabel(atlas, pairs)]),
        top,
        (picked) => set(atlas, { top: Number(picked) }),
      ),
    ),
    select("direction", t("Direction"), directions(atlas), direction, (picked) =>
      set(atlas, { direction: picked }),
    ),
    state.period
      ? check("undated", t("Keep flows that state no period"), undated, (on) =>
          set(atlas, { undated: on }),
        )
      : null,
    activeFilters(state)
      ? h(
          "button",
          {
            type: "button",
            class: "go",
            id: "filters-clear",
            onclick: () => change({ filters: { ...NO_FILTERS } }),
          },
          t("Clear the filters"),
        )
      : null,
  ];
}

function directions(atlas) {
  const { state, t } = atlas;
  const own = state.focus
    ? [
        ["in", t("arriving")],
        ["out", t("leaving")],
      ]
    : [];
  return [
    ["all", t("any")],
    ...own,
    ["within", state.focus ? t("inside it") : t("inside one region")],
    ["between", t("between regions")],
    ["border", t("across the border")],
  ];
}

// The values of the flows with their numbers, the most frequent first.
function counted(codes, words, name) {
  const flows = new Int32Array(words.length);
  for (let row = 0; row < codes.length; row += 1) flows[codes[row]] += 1;
  const counts = new Map();
  words.forEach((word, n) => flows[n] && counts.set(word, (counts.get(word) ?? 0) + flows[n]));
  return [...counts]
    .sort(([a, n], [b, m]) => m - n || a.localeCompare(b))
    .map(([key, n]) => [asOption(key), `${name(key)} (${number(n)})`]);
}

// A list needs a text for each choice, and an empty text is a value of the table too.
const asOption = (value) => (value === null ? "" : `=${value}`);
const fromOption = (option) => (option === "" ? null : option.slice(1));
