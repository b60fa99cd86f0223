// One sentence over the map: between which places most sources report that people are taken, or most
// people are counted. It is made from the flows themselves, so every study has one, and each part leads to its sources.

import { placeName } from "../core/data.js";
import { h, replace } from "../core/dom.js";
import { rankPairs, toldPairs } from "../core/filters.js";
import { choose } from "../core/focus.js";
import { listedBy, weightOf } from "../words/lists.js";

const MOST_NAMED = 4;
const LEAST = 2; // what one source alone says is no finding

export function drawFinding(atlas, element) {
  const words = findingWords(atlas);
  element.hidden = !words;
  element.setAttribute("aria-label", atlas.t("The main finding"));
  replace(element, words);
}

// The words of the sentence, or null where there is nothing to say.
export function findingWords(atlas) {
  const { state, t } = atlas;
  const level = state.level === "place" ? "region" : state.level;
  const found = state.layers.flows && state.story === null ? strongestOf(atlas, level) : [];
  if (!found.length) return null;
  const groups = new Map();
  for (const pair of found) groups.set(pair.to, [...(groups.get(pair.to) ?? []), pair]);
  const joint = (n, many) => (n === 0 ? " " : n === many - 1 ? [" ", t("and"), " "] : ", ");
  return [
    h(
      "strong",
      {},
      listedBy(atlas) === "count" ? t("Most people counted:") : t("Reported by most sources:"),
    ),
    [...groups].map(([to, pairs], i) => [
      i ? "; " : " ",
      t("to {place} from", { place: placeName(atlas, to) }),
      pairs.map((pair, n) => [
        joint(n, pairs.length),
        placeName(atlas, pair.from),
        " (",
        sourcesButton(atlas, pair, level),
        ")",
      ]),
    ]),
    ".",
  ];
}

function strongestOf(atlas, level) {
  const by = listedBy(atlas);
  const pairs = toldPairs(atlas, level).filter(
    ({ from, to, evidence }) => from !== to && (by === "count" || evidence >= LEAST),
  );
  return rankPairs(atlas, pairs, MOST_NAMED, by);
}

function sourcesButton(atlas, pair, level) {
  const weight = weightOf(atlas, pair);
  return h(
    "button",
    {
      type: "button",
      class: "mark",
      onclick: () => choose(atlas, { kind: "pair", id: pair.id, level }),
      "aria-label": `${placeName(atlas, pair.from)} → ${placeName(atlas, pair.to)}: ${weight}`,
    },
    weight,
  );
}
