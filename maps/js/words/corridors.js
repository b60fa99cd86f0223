// Inferred corridors in words: legend, hint, panel and list. They are computed, never reported.

import { modeName } from "../core/data.js";
import { h, svg } from "../core/dom.js";
import { activeFilters } from "../core/filters.js";
import { choose } from "../core/focus.js";
import { number } from "../core/i18n.js";
import { legFlows } from "../core/legs.js";
import { unpackPositions } from "../core/pack.js";
import { bandWidth } from "../draw/bands.js";
import { flowList, heading, pairTitle, targetLinks } from "./lists.js";
import { sourceMarks } from "./sourcemarks.js";

const RANKED = 10;
const NAMED = 30;

export const hasCorridors = (atlas) => Boolean(atlas.data.corridors);

export function corridorLegend(atlas) {
  const { data, state, t } = atlas;
  const { scale, kind } = data.corridors;
  const narrowed = activeFilters(state) || state.period || state.focus;
  return h(
    "div",
    { class: "legend-block" },
    h("p", { class: "legend-title" }, loadTitle(atlas, kind)),
    h(
      "ul",
      { class: "legend-rows" },
      scale.legend.map((load) =>
        h(
          "li",
          {},
          bandKey(atlas, bandWidth(load, scale.px)),
          h("span", { class: "legend-label" }, loadText(atlas, kind, load)),
        ),
      ),
    ),
    h(
      "div",
      { class: "corridor-notes" },
      h(
        "p",
        { class: "small" },
        t(
          "Inferred, not reported: the roads and rivers that the reported flows would most likely follow, by travel time. Width: expected load.",
        ),
      ),
      h("p", { class: "small" }, corridorAccount(atlas)),
      h("p", { class: narrowed ? "small flag" : "small" }, computedText(atlas)),
    ),
  );
}

// What a closure would change: how it is drawn, what becomes of the pairs, and every leg in words.
export function closureLegend(atlas) {
  const { data, pick } = atlas;
  const { account, all, note, more, less, kind, scale, legs } = data.closure;
  const load = scale.legend.at(-1);
  const row = (text, isMore) =>
    h(
      "li",
      {},
      differenceKey(atlas, bandWidth(load, scale.px), isMore),
      h("span", { class: "legend-label" }, `${pick(text)}: ${loadText(atlas, kind, load)}`),
    );
  const change = ({ name, before, after }) =>
    h("li", {}, `${name}: ${number(before, 1)} → ${number(after, 1)}`);
  return h(
    "div",
    { class: "legend-block" },
    h("ul", { class: "legend-rows" }, row(more, true), row(less, false)),
    h("p", { class: "small" }, pick(account)),
    h("p", { class: "small flag" }, pick(note)),
    h("details", {}, h("summary", {}, pick(all)), h("ol", { class: "plain small" }, legs.map(change))),
  );
}

export function computedText(atlas) {
  const { t } = atlas;
  return t(
    "Inferred from all reported flows together: filters, a place in focus and the period do not change it.",
  );
}

// What is drawn, what is not, and which flows are on no leg: "118 of 154 inferred legs drawn ..."
export function corridorAccount(atlas) {
  const { data, t, tn } = atlas;
  const { legs, least, unshown, left } = data.corridors;
  const drawn = t("{drawn} of {all} inferred legs drawn.", {
    drawn: number(legs.length),
    all: number(legs.length + unshown.legs),
  });
  const hidden = unshown.legs
    ? tn(
        "The other, with less than {least} of the expected load, makes up {share} of load times length.",
        "The other {n}, each with less than {least} of the expected load, make up {share} of load times length.",
        unshown.legs,
        { least: shareText(least), share: shareText(unshown.share) },
      )
    : "";
  const lost = left.reduce((sum, { flows }) => sum + unpackPositions(flows).length, 0);
  const flows = lost
    ? tn("{n} reported flow is on no leg.", "{n} reported flows are on no leg.", lost)
    : "";
  return [drawn, hidden, flows].filter(Boolean).join(" ");
}

// The flows that no leg carries, each with the reason.
export function leftOut(atlas) {
  const { data, pick, t } = atlas;
  return data.corridors.left.map(({ reason, flows }) => {
    const rows = unpackPositions(flows);
    const names = Array.from(rows.subarray(0, NAMED), (row) => pairTitle(atlas, data.flows[row]));
    const more = rows.length > NAMED ? " …" : "";
    return t("On no leg, because {reason}: {flows}.", {
      reason: pick(reason),
      flows: `${names.join("; ")}${more}`,
    });
  });
}

// The first legs as buttons, the others folded away.
export function corridorList(atlas, ids, most = RANKED) {
  const list = (some) =>
    h(
      "ol",
      { class: "plain flows corridor-list" },
      some.map((one) => corridorItem(atlas, one)),
    );
  const rest = ids.slice(most);
  return [
    list(ids.slice(0, most)),
    rest.length
      ? h(
          "details",
          {},
          h("summary", {}, atlas.tn("{n} more leg", "{n} more legs", rest.length)),
          list(rest),
        )
      : null,
  ];
}

// A road and a river can join the same places: such legs say which they are.
function corridorItem(atlas, id) {
  const { data, pick } = atlas;
  const { legs } = data.corridors;
  const leg = legs[id];
  const twin = legs.some(({ name }, n) => n !== id && name === leg.name);
  const share = shareText(leg.share);
  return h(
    "li",
    {},
    h(
      "button",
      { type: "button", class: "flow", onclick: () => choose(atlas, { kind: "corridor", id }) },
      h("span", {}, leg.name),
      h("span", { class: "flow-n" }, twin ? `${pick(leg.way)} · ${share}` : share),
    ),
  );
}

// A part of a panel: the legs of a place, a flow or the whole country, marked as inferred.
export function corridorSection(atlas, title, ids, most) {
  const { t } = atlas;
  if (!ids.length) return null;
  return [
    h("h3", {}, title, h("span", { class: "layer-count" }, t("inferred"))),
    h("p", { class: "small" }, t("Computed, not reported; with their share of what would pass.")),
    corridorList(atlas, ids, most),
  ];
}

// Places where flows come together, or that they only pass through.
export function hubSection(atlas) {
  const { data, t } = atlas;
  const { hubs } = data.corridors;
  if (!hubs?.length) return null;
  return [
    h("h3", {}, t("Where flows come together"), h("span", { class: "layer-count" }, t("inferred"))),
    h(
      "p",
      { class: "small" },
      t(
        "Computed, not reported: which part of the flows would touch each place, and of those between other places which would pass through it.",
      ),
    ),
    h(
      "ul",
      { class: "plain flows" },
      hubs.map(({ name, stop, share, through }) => {
        const words = [
          h("span", {}, name),
          h(
            "span",
            { class: "flow-n" },
            t("{share} touch it, {through} pass through", {
              share: shareText(share),
              through: shareText(through),
            }),
          ),
        ];
        const open = () => choose(atlas, { kind: "place", id: stop });
        return h(
          "li",
          {},
          stop === null
            ? h("span", { class: "flow" }, words)
            : h("button", { type: "button", class: "flow", onclick: open }, words),
        );
      }),
    ),
  ];
}

export function corridorSources(atlas) {
  const rows = atlas.data.corridors.legs.flatMap((_, id) => [...legFlows(atlas, id)]);
  return [...new Set(rows.map((row) => atlas.data.flows[row].source))];
}

// On paper: the first legs in one paragraph, as buttons do not help there.
export function topLegs(atlas) {
  const { data, t } = atlas;
  const { legs } = data.corridors;
  const names = legs.slice(0, RANKED).map(({ name, share }) => `${name}: ${shareText(share)}`);
  return h(
    "p",
    {},
    h("strong", {}, `${t("Legs with most expected load")}: `),
    names.join("; "),
    `. ${computedText(atlas)}`,
  );
}

function bandKey(atlas, width) {
  const { colours } = atlas;
  const [w, height] = [58, Math.max(14, width + 5)];
  const line = (stroke, size, dash = null) =>
    svg("path", {
      d: `M4,${height / 2}H54`,
      stroke,
      "stroke-width": size,
      "stroke-dasharray": dash,
      fill: "none",
    });
  return svg(
    "svg",
    { width: w, height, "aria-hidden": "true" },
    line(colours.corridor, width),
    line(colours.corridorLine, 1.3, "6 4"),
  );
}

function differenceKey(atlas, width, isMore) {
  const { casing, corridorLine } = atlas.colours;
  const line = (stroke, size, dash) =>
    svg("path", {
      d: `M4,${width / 2 + 3}H54`,
      stroke,
      "stroke-width": size,
      "stroke-dasharray": dash,
      fill: "none",
    });
  return svg(
    "svg",
    { width: 58, height: width + 6, "aria-hidden": "true" },
    isMore
      ? line(corridorLine, width, "3 3")
      : [line(corridorLine, width + 3, "3 3"), line(casing, width, null)],
  );
}

function loadTitle(atlas, kind) {
  const { t } = atlas;
  if (kind === "count") return t("Expected load: people counted, times the chance of passing");
  if (kind === "evidence") return t("Expected load: evidence, times the chance of passing");
  return t("Expected load: shares, times the chance of passing");
}

function loadText(atlas, kind, load) {
  const { t } = atlas;
  const n = number(load, load % 1 ? 1 : 0);
  if (kind === "count") return t("{n} people", { n });
  return kind === "evidence" ? t("{n} sources", { n }) : `${n} %`;
}

function shareText(share) {
  const percent = Number((100 * share).toFixed(100 * share < 10 ? 1 : 0));
  return `${number(percent, percent % 1 ? 1 : 0)} %`;
}

export function yearsText({ first, last }) {
  if (first === null) return "";
  return first === last ? `${first}` : `${first}–${last}`;
}

export function corridorTitle(atlas, id) {
  return atlas.data.corridors.legs[id].name;
}

export function corridorHint(atlas, id) {
  const { data, t } = atlas;
  const { kind, legs } = data.corridors;
  const leg = legs[id];
  return t("Inferred corridor, expected load: {load} (between {low} and {high}), {share} of all", {
    load: loadText(atlas, kind, leg.load),
    low: number(leg.low, 1),
    high: number(leg.high, 1),
    share: shareText(leg.share),
  });
}

export function corridorPanel(atlas, { id }) {
  const { data, pick, t, tn } = atlas;
  const { kind, legs } = data.corridors;
  const leg = legs[id];
  const rows = legFlows(atlas, id);
  const sources = [...new Set(Array.from(rows, (row) => data.flows[row].source))];
  const facts = [
    [
      t("Way"),
      [pick(leg.way), leg.modes.map((one) => modeName(atlas, one)).join(", ")]
        .filter(Boolean)
        .join(" · "),
    ],
    [t("Length"), `${number(leg.km)} km`],
    [t("Travel time"), t("{hours} hours", { hours: number(leg.hours, 1) })],
    [t("Expected load"), loadText(atlas, kind, leg.load)],
    [
      t("Range"),
      t("{low} to {high}, from few to many alternative ways", {
        low: number(leg.low, 1),
        high: number(leg.high, 1),
      }),
    ],
    [t("Share of all flows"), shareText(leg.share)],
    leg.first === null ? null : [t("Years reported"), yearsText(leg)],
  ].filter(Boolean);
  return [
    heading(
      atlas,
      leg.name,
      h(
        "p",
        { class: "lead" },
        t("Inferred corridor, number {rank} by expected load", { rank: id + 1 }),
      ),
      h(
        "p",
        { class: "small" },
        t(
          "Nobody reported this way. It follows from the ends of reported flows and from travel times; how it is computed stands in the method.",
        ),
        " ",
        computedText(atlas),
      ),
    ),
    h(
      "dl",
      { class: "facts" },
      facts.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]),
    ),
    leg.places.length > 2 ? h("p", { class: "small" }, leg.places.join(" – ")) : null,
    h(
      "h3",
      {},
      tn("{n} reported flow likely to pass", "{n} reported flows likely to pass", rows.length),
    ),
    flowList(atlas, rows),
    h("h3", {}, tn("{n} source", "{n} sources", sources.length)),
    sourceMarks(atlas, sources),
    targetLinks(atlas, [
      ...leg.stops.map((stop) => ({ kind: "place", id: stop })),
      ...leg.regions.map((region) => ({ kind: "region", id: region })),
    ]),
  ];
}
