// Find a region or place by its name: a combobox with a list, as the ARIA patterns describe it.

import { placeName } from "../core/data.js";
import { h, replace } from "../core/dom.js";

const MOST = 8;
const LEAST_MENDED = 4; // of three letters any two words are near

// Without accents and case, so that "Ancash" finds Áncash.
export function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

// Regions and places by name or by another name of theirs: first those that start with what is asked,
// then those with a word that does, then those with one letter wrong.
export function findPlaces(atlas, asked) {
  const wanted = folded(asked.trim());
  if (!wanted) return [];
  const best = new Map();
  for (const target of targets(atlas)) {
    const rank = rankOf(folded(target.said ?? target.name), wanted);
    if (rank === null) continue;
    const key = `${target.kind} ${target.id}`;
    const found = { ...target, rank, plain: folded(target.name) };
    if (!best.has(key) || rank < best.get(key).rank) best.set(key, found);
  }
  return [...best.values()].sort(
    (a, b) =>
      a.rank - b.rank ||
      (a.kind !== "region") - (b.kind !== "region") ||
      a.plain.localeCompare(b.plain),
  );
}

function rankOf(plain, wanted) {
  if (plain.startsWith(wanted)) return 0;
  const words = plain.split(/[\s/(,-]+/);
  if (words.length > 1 && words.map((word) => word[0]).join("") === wanted) return 0; // MDD
  if (words.some((word) => word.startsWith(wanted))) return 1;
  if (wanted.length < LEAST_MENDED) return null;
  const near = [plain, ...words].some((word) => isNear(word.slice(0, wanted.length + 1), wanted));
  return near ? 2 : null;
}

// Whether two words differ by one letter at most: another, one more, one less, or two that changed places.
// The first may go on.
export function isNear(word, wanted) {
  let at = 0;
  while (at < wanted.length && word[at] === wanted[at]) at += 1;
  const [rest, other] = [word.slice(at), wanted.slice(at)];
  return (
    rest.startsWith(other) ||
    rest.slice(1).startsWith(other.slice(1)) ||
    rest.slice(1).startsWith(other) ||
    rest.startsWith(other.slice(1)) ||
    (rest[0] === other[1] && rest[1] === other[0] && rest.slice(2).startsWith(other.slice(2)))
  );
}

function targets(atlas) {
  const { data } = atlas;
  const regions = data.regions.map(({ name }, id) => ({ kind: "region", id, name }));
  const places = data.places.flatMap((place, id) =>
    place.kind === "region" ? [] : [{ kind: "place", id, name: placeName(atlas, id) }],
  );
  const nameOf = (kind, id) => (kind === "region" ? data.regions[id].name : placeName(atlas, id));
  const others = (data.aliases ?? []).map(([said, kind, id]) => ({
    kind,
    id,
    name: nameOf(kind, id),
    said,
  }));
  return [...regions, ...places, ...others];
}

export function placeKind(atlas, kind) {
  const { t } = atlas;
  const names = {
    region: t("region"),
    city: t("town"),
    river_port: t("river port"),
    mining_zone: t("mining zone"),
    border: t("border crossing"),
    area: t("area"),
  };
  return Object.hasOwn(names, kind) ? names[kind] : kind;
}

// What stands beside a name in the list: of a town its region too.
function kindText(atlas, { kind, id }) {
  if (kind === "region") return placeKind(atlas, "region");
  const place = atlas.data.places[id];
  const region = place.region >= 0 ? atlas.data.regions[place.region].name : "";
  return region ? `${placeKind(atlas, place.kind)}, ${region}` : placeKind(atlas, place.kind);
}

export function drawSearch(atlas, element, onPick) {
  const { t } = atlas;
  const said = element.querySelector("input")?.value ?? "";
  const list = h("ul", {
    id: "found",
    role: "listbox",
    "aria-label": t("Places found"),
    hidden: true,
  });
  const count = h("span", { class: "sr", role: "status" });
  const input = h("input", {
    type: "text",
    id: "find",
    role: "combobox",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: t("Find a region or place"),
    "aria-label": t("Find a region or place"),
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": "found",
  });
  input.value = said;
  replace(element, input, list, count);
  new Combobox(atlas, input, list, count, onPick);
}

class Combobox {
  constructor(atlas, input, list, count, onPick) {
    this.atlas = atlas;
    Object.assign(this, { input, list, count, onPick, found: [], at: -1 });
    input.addEventListener("input", () => this.open());
    input.addEventListener("blur", () => this.close());
    input.addEventListener("keydown", (event) => this.key(event));
    // Before the field loses the focus and the list closes.
    list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]:not([aria-disabled])");
      if (option) this.pick([...list.children].indexOf(option));
    });
  }

  open() {
    const all = findPlaces(this.atlas, this.input.value);
    this.found = all.slice(0, MOST);
    replace(
      this.list,
      this.found.map((target, i) =>
        h(
          "li",
          { id: `found-${i}`, role: "option", "aria-selected": "false" },
          h(
            "span",
            {},
            target.said && target.rank < 2 ? `${target.said} → ${target.name}` : target.name,
          ),
          h("span", { class: "small" }, kindText(this.atlas, target)),
        ),
      ),
    );
    const asked = this.input.value.trim();
    if (asked && !this.found.length)
      this.list.append(
        h(
          "li",
          { role: "option", "aria-disabled": "true", class: "nothing" },
          this.atlas.t("Nothing found for «{asked}»", { asked }),
        ),
      );
    this.show(Boolean(asked));
    this.count.textContent = this.input.value.trim()
      ? this.atlas.tn("{n} place found", "{n} places found", all.length)
      : "";
    this.move(this.found.length ? 0 : -1);
  }

  show(on) {
    this.list.hidden = !on;
    this.input.setAttribute("aria-expanded", String(on));
    if (!on) this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    this.show(false);
    this.at = -1;
  }

  move(to) {
    this.at = to;
    [...this.list.children].forEach((option, i) =>
      option.setAttribute("aria-selected", String(i === to)),
    );
    if (to < 0) return;
    this.input.setAttribute("aria-activedescendant", `found-${to}`);
    this.list.children[to].scrollIntoView({ block: "nearest" });
  }

  key(event) {
    const n = this.found.length;
    const closed = this.list.hidden;
    const keys = {
      ArrowDown: () => (closed ? this.open() : n && this.move((this.at + 1) % n)),
      ArrowUp: () => (closed ? this.open() : n && this.move((this.at - 1 + n) % n)),
      Enter: () => !closed && this.at >= 0 && this.pick(this.at),
      Escape: () => (closed ? (this.input.value = "") : this.close()),
    };
    if (!Object.hasOwn(keys, event.key) || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  }

  pick(i) {
    const { kind, id, name } = this.found[i];
    this.input.value = name;
    this.close();
    this.onPick({ kind, id });
  }
}
