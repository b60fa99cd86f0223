// Sources and method: one dialog; every number on the page opens it at its source.

import { registerName, text } from "../core/data.js";
import { sourceReference } from "../core/citations.js";
import { h, link, replace } from "../core/dom.js";
import { number } from "../core/i18n.js";
import { boundariesNote } from "../draw/regions.js";

export function setUpSources(atlas, element) {
  atlas.openSources = (id) => openSources(atlas, id);
  atlas.sourcesBox = element;
  atlas.sourcesBox.addEventListener("click", (event) => {
    if (event.target === atlas.sourcesBox) atlas.sourcesBox.close();
  });
}

function openSources(atlas, id = null) {
  draw(atlas);
  if (!atlas.sourcesBox.open) atlas.sourcesBox.showModal();
  const row =
    id === null ? atlas.sourcesBox.querySelector("h2") : document.getElementById(`source-${id}`);
  row?.scrollIntoView({ block: id === null ? "start" : "center" });
  row?.focus({ preventScroll: true });
}

function draw(atlas) {
  const { data, t } = atlas;
  atlas.sourcesBox.setAttribute("aria-label", t("Sources and method"));
  replace(
    atlas.sourcesBox,
    h(
      "div",
      { class: "dialog-head" },
      h("h2", { tabindex: "-1" }, t("Sources and method")),
      h(
        "button",
        {
          type: "button",
          class: "close",
          onclick: () => atlas.sourcesBox.close(),
          "aria-label": t("Close"),
        },
        "×",
      ),
    ),
    h(
      "div",
      { class: "dialog-body" },
      method(atlas),
      h("h3", {}, t("Registers")),
      registers(atlas),
      h("h3", {}, t("Sources")),
      h(
        "ol",
        { class: "source-list" },
        data.sources.map((one, other) => card(atlas, one, other)),
      ),
    ),
  );
}

function method(atlas) {
  const { data, t } = atlas;
  const { account, study } = data;
  const rows = account.complaints;
  return [
    h("h3", {}, t("How to read this map")),
    h(
      "p",
      {},
      t(
        "Everything here was reported by somebody and published. A place with more reports may have more prosecutors, police or journalists rather than more trafficking: these are reported complaints, not prevalence.",
      ),
    ),
    h(
      "p",
      {},
      t(
        "Rates are reported counts per 100,000 people and year, divided by the census population named in the panel, whatever the period. Registers, measures and overlapping periods are never added up.",
      ),
    ),
    h(
      "p",
      {},
      t(
        "Most published flows carry no number. The width of an arrow is evidence: how many independent publications name the pair. An article that retells another publication counts once. Evidence is not volume.",
      ),
    ),
    h(
      "p",
      {},
      t(
        "Documented itineraries are drawn stop by stop as published; the straight lines between stops are not roads or rivers.",
      ),
    ),
    h("p", {}, boundariesNote(atlas)),
    h("h3", {}, t("What was done with the data")),
    h("ul", {}, [
      h(
        "li",
        {},
        t(
          "{n} rows of complaints: {national} for the whole country, {direct} for a region or city, {district} for a judicial or fiscal district brought to its region, {unmatched} not matched.",
          {
            n: number(
              rows.national + rows.direct + rows.by_part + rows.by_district + rows.unmatched,
            ),
            national: number(rows.national),
            direct: number(rows.direct + rows.by_part),
            district: number(rows.by_district),
            unmatched: number(rows.unmatched),
          },
        ),
      ),
      account.unmatched.map((row) =>
        h(
          "li",
          {},
          t("Not matched and not on the map: {place} ({value}).", {
            place: row.place,
            value: number(row.value),
          }),
        ),
      ),
      h(
        "li",
        {},
        t("{n} reported flows.", { n: number(account.flows) }),
      ),
      protectionNotes(atlas).map((note) => h("li", {}, note)),
    ]),
    h(
      "p",
      { class: "small" },
      t("Corredor {version}; fingerprint of the data {fingerprint}.", {
        version: study.version,
        fingerprint: study.fingerprint,
      }),
    ),
  ];
}

function protectionNotes({ data, pick }) {
  return (data.study.protection?.notes ?? []).map((note) => pick(data.texts[note]));
}

function registers(atlas) {
  const { data, pick } = atlas;
  return h(
    "dl",
    {},
    Object.entries(data.registers).map(([id, row]) => [
      h("dt", {}, registerName(atlas, id)),
      h("dd", {}, pick(row.counts)),
    ]),
  );
}

function card(atlas, row, id) {
  const { data, t } = atlas;
  const same = data.sources.filter((other) => other.origin === row.origin && other !== row);
  return h(
    "li",
    { id: `source-${id}`, tabindex: "-1" },
    h(
      "p",
      { class: "source-title" },
      `${row.publisher}${row.date ? `, ${row.date}` : ""}. `,
      h("cite", { lang: row.lang }, row.title),
    ),
    row.url ? h("p", { class: "small address" }, link(row.url, row.url)) : null,
    text(atlas, row.note) ? h("p", { class: "small" }, text(atlas, row.note)) : null,
    same.length
      ? h(
          "p",
          { class: "small" },
          t("Goes back to the same publication as: {others}. Together they count once.", {
            others: same.map((other) => other.publisher).join("; "),
          }),
        )
      : null,
    row.accessed ? h("p", { class: "small" }, t("Read on {date}", { date: row.accessed })) : null,
    h(
      "button",
      { type: "button", class: "mark", onclick: () => atlas.copy(sourceReference(atlas, id)) },
      t("Copy the citation"),
    ),
  );
}
