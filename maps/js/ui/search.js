// Find a region or place by its name: a combobox with a list, as the ARIA patterns describe it.

import { placeName } from "../core/data.js";
import { h, replace } from "../core/dom.js";

const MOST = 8;

// Without accents and case, so that "Ancash" finds Áncash.
export function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

// Regions and places whose name has a word that starts with what is asked, names that start so first.
export function findPlaces(atlas, asked) {
  const wanted = folded(asked.trim());
  if (!wanted) return [];
  const found = targets(atlas)
    .map((target) => ({ ...target, plain: folded(target.name) }))
    .filter(
      ({ plain }) =>
        plain.startsWith(wanted) ||
        plain.split(/[\s/(,-]+/).some((word) => word.startsWith(wanted)),
    );
  found.sort(
    (a, b) =>
      b.plain.startsWith(wanted) - a.plain.startsWith(wanted) ||
      (a.kind !== "region") - (b.kind !== "region") ||
      a.plain.localeCompare(b.plain),
  );
  return found;
}

function targets(atlas) {
  const regions = atlas.data.regions.map(({ name }, id) => ({ kind: "region", id, name }));
  const places = atlas.data.places.flatMap((place, id) =>
    place.kind === "region" ? [] : [{ kind: "place", id, name: placeName(atlas, id) }],
  );
  return [...regions, ...places];
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
      const option = event.target.closest("[role=option]");
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
          h("span", {}, target.name),
          h("span", { class: "small" }, kindText(this.atlas, target)),
        ),
      ),
    );
    this.show(this.found.length > 0);
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
