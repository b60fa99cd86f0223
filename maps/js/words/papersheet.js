// On paper, below the map: what was chosen, as a sheet of its own. Figures and flows carry numbers that
// lead to full references, so that the sheet can be handed on without the page.

import { referenceParts } from "../core/citations.js";
import { measureName, placeName, purposeName, registerName } from "../core/data.js";
import { h } from "../core/dom.js";
import { rankPairs, toldPairs } from "../core/filters.js";
import { number } from "../core/i18n.js";
import { listedBy, pairTitle, peopleOf } from "./lists.js";

// The sheet of the choice, or null where nothing is chosen that has one.
export function paperSheet(atlas) {
  const { data, state, pick, t } = atlas;
  const refs = new References(atlas);
  const story = state.story === null ? null : data.stories[state.story];
  const { selected } = state;
  const body = {
    region: () => regionSheet(atlas, selected.id, refs),
    place: () => flowsOf(atlas, "place", (place) => place === selected.id, refs),
    pair: () => pairSheet(atlas, selected, refs),
  }[selected?.kind]?.();
  if (!story && !body) return null;
  const titles = {
    region: () => data.regions[selected.id].name,
    place: () => placeName(atlas, selected.id),
    pair: () => pairTitle(atlas, data.levels[selected.level][selected.id]),
  };
  return h(
    "section",
    { class: "paper-sheet" },
    story ? [h("h2", {}, pick(story.title)), h("p", {}, pick(story.text))] : null,
    body
      ? [h("h2", {}, titles[selected.kind]()), body]
      : flowsOf(atlas, state.level, inFocus(atlas), refs),
    refs.list().length
      ? [h("h3", {}, t("Sources")), h("ol", { class: "paper-refs" }, refs.list())]
      : null,
  );
}

// Numbers for sources in the order in which they are named.
class References {
  constructor(atlas) {
    this.atlas = atlas;
    this.numbers = new Map();
  }
  of(sources) {
    const numbers = [...new Set(sources)].map((id) => {
      if (!this.numbers.has(id)) this.numbers.set(id, this.numbers.size + 1);
      return this.numbers.get(id);
    });
    return `[${numbers.sort((a, b) => a - b).join(", ")}]`;
  }
  list() {
    return [...this.numbers.keys()].map((id) => {
      const { before, title, lang, after } = referenceParts(this.atlas, id);
      return h("li", {}, before, h("span", { lang }, title), after);
    });
  }
}

function table(head, rows) {
  return h(
    "table",
    {},
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        head.map((label) => h("th", { scope: "col" }, label)),
      ),
    ),
    h(
      "tbody",
      {},
      rows.map((row) =>
        h(
          "tr",
          {},
          row.map((cell) => h("td", {}, cell)),
        ),
      ),
    ),
  );
}

function regionSheet(atlas, id, refs) {
  const { data, state, t, period } = atlas;
  const region = data.regions[id];
  const figures = data.figures
    .filter((figure) => figure.region === id)
    .sort((a, b) => (a.period_start < b.period_start ? -1 : 1));
  const at = (place) => data.places[place].region === id;
  return [
    region.people === null
      ? null
      : h(
          "p",
          {},
          t("{people} people ({year} census)", {
            people: number(region.people),
            year: region.year,
          }),
          region.source === null ? "" : ` ${refs.of([region.source])}`,
        ),
    figures.length
      ? table(
          [t("Register"), t("Period"), t("Count"), t("Rate per 100,000 and year"), t("Sources")],
          figures.map((figure) => [
            `${registerName(atlas, figure.register)} · ${measureName(atlas, figure.measure)} ${purposeName(atlas, figure.purpose)}`,
            period(figure.period_start, figure.period_end),
            `${figure.basis === "rounded" ? "≈ " : ""}${number(figure.value)}`,
            figure.rate === null ? "—" : number(figure.rate, 2),
            refs.of(figure.sources),
          ]),
        )
      : null,
    flowsOf(atlas, state.level === "place" ? "region" : state.level, at, refs),
  ];
}

// The reported flows from, to and inside a place, those with most sources first.
function flowsOf(atlas, level, at, refs) {
  const { data, t } = atlas;
  const pairs = toldPairs(atlas, level).filter(({ from, to }) => at(from) || at(to));
  if (!pairs.length) return null;
  const by = listedBy(atlas);
  return table(
    [
      t("Reported flows"),
      by === "count" ? t("People") : t("Independent sources"),
      t("Sources"),
    ],
    rankPairs(atlas, pairs, Infinity, by).map((pair) => [
      pairTitle(atlas, pair),
      number(by === "count" ? peopleOf(atlas, [pair]) : pair.evidence),
      refs.of(pair.flows.map((flow) => data.flows[flow].source)),
    ]),
  );
}

function pairSheet(atlas, { id, level }, refs) {
  const { data, t, period } = atlas;
  const pair = data.levels[level][id];
  return table(
    [t("From"), t("To"), t("Period"), t("Purpose"), t("Sources")],
    pair.flows.map((row) => {
      const flow = data.flows[row];
      return [
        placeName(atlas, flow.from),
        placeName(atlas, flow.to),
        period(flow.start, flow.end),
        purposeName(atlas, flow.purpose),
        refs.of([flow.source]),
      ];
    }),
  );
}

function inFocus({ data, state }) {
  if (!state.focus) return () => true;
  return (place) =>
    state.focus.some(({ kind, id }) =>
      kind === "region" ? data.places[place].region === id : place === id,
    );
}
