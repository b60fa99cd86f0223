// Title, languages, and the line under the map that says what is and is not drawn.

import { measureName, registerName, seriesPeriod, sourceLabel } from "../core/data.js";
import { h, replace, svg } from "../core/dom.js";
import { number } from "../core/i18n.js";
import { isDark } from "../draw/theme.js";
import { corridorAccount, corridorSources, topLegs } from "../words/corridors.js";
import { sumText } from "../words/figures.js";
import { paperSheet } from "../words/papersheet.js";
import { drawnText } from "./filterbox.js";
import { hintLines } from "./pointer.js";
import { openTable } from "./table.js";

export function drawMasthead(atlas, switchLanguage) {
  const { data, change, pick, t } = atlas;
  document.documentElement.lang = atlas.language;
  document.title = pick(data.study.title);
  document.getElementById("title").textContent = pick(data.study.title);
  document.getElementById("subtitle").textContent = pick(data.study.subtitle);
  const skip = document.getElementById("skip");
  skip.textContent = t("Skip the map");
  // Going to its address would take it for a view to show.
  skip.onclick = (event) => {
    event.preventDefault();
    document.getElementById("panel").focus();
  };
  const theme = document.getElementById("theme");
  const words = isDark(atlas) ? t("Light colours") : t("Dark colours");
  theme.setAttribute("aria-label", words);
  theme.title = words;
  replace(theme, halfMoon());
  theme.onclick = () => change({ theme: isDark(atlas) ? "light" : "dark" });
  const group = document.getElementById("languages");
  group.setAttribute("aria-label", t("Language"));
  replace(
    group,
    [
      ["es", "Español"],
      ["en", "English"],
    ].map(([code, name]) =>
      h(
        "button",
        {
          type: "button",
          lang: code,
          "aria-pressed": String(atlas.language === code),
          onclick: () => switchLanguage(code),
        },
        name,
      ),
    ),
  );
}

function halfMoon() {
  const size = { width: 18, height: 18, viewBox: "0 0 18 18", "aria-hidden": "true" };
  return svg(
    "svg",
    size,
    svg("path", { d: "M9 1a8 8 0 1 0 0 16A8 8 0 0 0 9 1zm0 2v12A6 6 0 0 1 9 3z" }),
  );
}

export function drawStatus(atlas, element) {
  const { data, state, t, tn } = atlas;
  const series = data.series[state.series];
  const lines = [];
  if (series && state.layers.regions) {
    lines.push(
      `${measureName(atlas, series.measure)}: ${registerName(atlas, series.register)}, ${seriesPeriod(atlas, series)}. ${sumText(atlas, state.series)}`,
    );
  }
  if (data.flows.length)
    lines.push(
      state.layers.flows
        ? drawnText(atlas)
        : t("{drawn} of {all} reported flows drawn.", {
            drawn: number(0),
            all: number(data.account.flows),
          }),
    );
  if (state.layers.corridors) lines.push(corridorAccount(atlas));
  if (data.closure && state.layers.closure) lines.push(atlas.pick(data.closure.account));
  const unmatched = data.account.unmatched.length;
  if (unmatched)
    lines.push(
      tn(
        "{n} row of complaints matches no region.",
        "{n} rows of complaints match no region.",
        unmatched,
      ),
    );
  const { larger } = data.account;
  if (larger)
    lines.push(
      tn(
        "{n} row of complaints counts a larger unit than those drawn.",
        "{n} rows of complaints count larger units than those drawn.",
        larger,
      ),
    );
  replace(
    element,
    h(
      "p",
      { class: "caveat" },
      t("Reported complaints, not prevalence: more reports may mean more reporting."),
    ),
    h("p", { class: "drawn" }, lines.join(" ")),
    h("button", { type: "button", id: "open-table", onclick: () => openTable(atlas) }, t("Table")),
    h(
      "button",
      { type: "button", id: "open-sources", onclick: () => atlas.openSources() },
      t("Sources and method ({n})", { n: data.sources.length }),
    ),
  );
}

// On paper only: how to read the map and where its figures come from.
export function drawPaper(atlas, element) {
  const { data, state, pick, t } = atlas;
  const series = data.series[state.series];
  const figures =
    state.layers.regions && series ? data.figures.filter((f) => f.series === state.series) : [];
  const ofFigures = new Set(figures.flatMap((f) => f.sources));
  const ofFlows = new Set(state.layers.flows ? data.flows.map((flow) => flow.source) : []);
  const ofRoutes = new Set(
    state.layers.itineraries ? data.itineraries.map((route) => route.source) : [],
  );
  const ofLegs = new Set(
    state.layers.corridors && !state.layers.flows ? corridorSources(atlas) : [],
  );
  const list = (label, ids) =>
    ids.size
      ? h(
          "p",
          {},
          h("strong", {}, `${label}: `),
          [...new Set([...ids].map((one) => sourceLabel(atlas, one)))].join("; "),
        )
      : null;
  const sheet = paperSheet(atlas);
  document.body.classList.toggle("with-sheet", Boolean(sheet));
  replace(
    element,
    sheet,
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
    state.layers.corridors ? topLegs(atlas) : null,
    list(t("Sources of the figures"), ofFigures),
    list(t("Sources of the flows"), ofFlows),
    list(t("Sources of the itineraries"), ofRoutes),
    list(t("Sources of the flows behind the corridors"), ofLegs),
    h(
      "p",
      {},
      `${pick(data.study.boundaries)} ${t("Corredor {version}; fingerprint of the data {fingerprint}.", { version: data.study.version, fingerprint: data.study.fingerprint })}`,
    ),
  );
}

// What a choice changed, for readers who hear the page: the selection, else the line under the map.
export function announce(atlas, element, values) {
  const { t } = atlas;
  if ("selected" in values && values.selected) {
    const lines = ["region", "pair", "route", "corridor"].includes(values.selected.kind)
      ? hintLines(atlas, values.selected)
      : [document.getElementById("panel-title")?.textContent];
    element.textContent = lines.filter(Boolean).join(". ");
  } else if ("selected" in values) element.textContent = t("Nothing selected");
  else element.textContent = document.querySelector("#status .drawn")?.textContent ?? "";
}
