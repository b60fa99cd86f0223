// The view in the address: every choice that differs from the opening view stands behind the #, so
// that a copied address shows the same map. What is not understood is left out.

import { withChoices } from "./state.js";

const SERIES = ["register", "measure", "purpose", "period_start", "period_end"];
// Choices that can be none: an empty text takes away what a story chose.
const OPTIONAL = ["base", "bounds", "period", "theme", "focus", "selected", "purpose", "publisher"];
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

// A fresh copy of the view the page starts with.
export function openingView(atlas) {
  return {
    ...atlas.opening,
    filters: { ...atlas.opening.filters },
    layers: { ...atlas.opening.layers },
  };
}

// The state of a story: the opening view with the choices that the story sets. It says itself which flows
// it shows: the main ones of the opening view are none of its choices.
export function storyView(atlas, id) {
  const { state } = atlas.data.stories[id];
  const view = { ...openingView(atlas), main: 1, rest: false };
  return { ...withChoices(view, state, atlas.data.levels), story: id };
}

// What an address speaks of as different: the story being told, else the view the page starts with.
const baseView = (atlas, story) =>
  atlas.data.stories?.[story] ? storyView(atlas, story) : openingView(atlas);

const oneOf = (...known) => ({
  write: (value) => value,
  read: (text) => (known.includes(text) ? text : undefined),
});
const whole = (low, high) => ({
  write: String,
  read: (text) => (/^\d{1,7}$/.test(text) && +text >= low && +text <= high() ? +text : undefined),
});
const seriesField = (atlas) => ({
  write: (n) =>
    SERIES.map((key) => atlas.data.series[n][key])
      .map(escaped)
      .join("."),
  read: (text) => {
    const wanted = text.split(".").map(unescaped);
    const found = atlas.data.series.findIndex((s) =>
      SERIES.every((key, i) => s[key] === wanted[i]),
    );
    return found < 0 ? undefined : found;
  },
});

// Separators within a value are escaped once more.
const escaped = (text) =>
  text.replace(/[%.~ ]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
function unescaped(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function placeCode(atlas, { kind, id }) {
  return `${kind}~${escaped((kind === "region" ? atlas.data.regions : atlas.data.places)[id].id)}`;
}

function readPlace(atlas, text) {
  const [kind, code] = text.split("~").map(unescaped);
  const rows = { region: atlas.data.regions, place: atlas.data.places }[kind];
  const id = rows?.findIndex((row) => row.id === code) ?? -1;
  return id < 0 ? undefined : { kind, id };
}

// What can be selected: places, pairs by their ends, itineraries and corridors by their number.
const selectedField = (atlas) => ({
  write: (what) => {
    if (what.kind === "region" || what.kind === "place") return placeCode(atlas, what);
    if (what.kind !== "pair") return `${what.kind}~${what.id}`;
    const { from, to } = atlas.data.levels[what.level][what.id];
    const ends = [from, to].map((end) => escaped(atlas.data.places[end].id));
    return ["pair", what.level, ...ends].join("~");
  },
  read: (text) => {
    const [kind, ...rest] = text.split("~").map(unescaped);
    if (kind === "pair") {
      const [level, ...ends] = rest;
      if (!Object.hasOwn(atlas.data.levels, level)) return undefined;
      const [from, to] = ends.map((end) =>
        atlas.data.places.findIndex((place) => place.id === end),
      );
      const id = atlas.data.levels[level].findIndex((pair) => pair.from === from && pair.to === to);
      return id < 0 ? undefined : { kind, id, level };
    }
    const many = {
      route: atlas.data.itineraries?.length,
      corridor: atlas.data.corridors?.legs?.length,
    }[kind];
    if (many !== undefined)
      return /^\d+$/.test(rest[0]) && +rest[0] < many ? { kind, id: +rest[0] } : undefined;
    return readPlace(atlas, text);
  },
});

const fieldsOf = (atlas) => ({
  series: seriesField(atlas),
  show: oneOf("rate", "count", "change"),
  ground: oneOf("rate", "plain", "count"),
  scheme: oneOf("jenks", "quantiles", "equal", "manual"),
  classes: oneOf("own", "shared"),
  bounds: {
    write: (value) => value.join(" "),
    read: (text) => {
      const numbers = text.split(" ").map(Number);
      const rise = numbers.every((n, i) => Number.isFinite(n) && n > (i ? numbers[i - 1] : 0));
      return rise && numbers.length < 5 ? numbers : undefined;
    },
  },
  base: seriesField(atlas),
  period: {
    write: (value) => value.join("~"),
    read: (text) => {
      const months = text.split("~");
      return months.length === 2 && months.every((m) => MONTH.test(m)) && months[0] <= months[1]
        ? months
        : undefined;
    },
  },
  widthBy: {
    write: String,
    read: (text) => (Object.hasOwn(atlas.data.widths ?? {}, text) ? text : undefined),
  },
  rest: { write: () => "1", read: (text) => (text === "1" ? true : undefined) },
  leading: whole(0, () => (atlas.data.rankings?.length ?? 0) - 1),
  theme: oneOf("light", "dark"),
  focus: {
    write: (places) => places.map((one) => placeCode(atlas, one)).join(" "),
    read: (text) => {
      const places = text.split(" ").map((one) => readPlace(atlas, one));
      return places.every(Boolean) ? places : undefined;
    },
  },
  selected: selectedField(atlas),
  story: whole(0, () => (atlas.data.stories?.length ?? 0) - 1),
});

const FILTERS = {
  purpose: { write: (value) => `=${value}`, read: (text) => text.slice(1) },
  publisher: { write: (value) => `=${value}`, read: (text) => text.slice(1) },
  grade: whole(1, () => 9999),
  direction: oneOf("all", "in", "out", "within", "between", "border"),
  undated: { write: () => "1", read: (text) => (text === "1" ? true : undefined) },
  top: whole(1, () => 1e6),
};

// The choices as text for the address, and what else belongs there (`more`).
export function writeAddress(atlas, more = {}) {
  const { state } = atlas;
  const base = { ...baseView(atlas, state.story), story: null };
  const words = new URLSearchParams();
  for (const [name, field] of Object.entries(fieldsOf(atlas)))
    if (differs(state[name], base[name]))
      words.set(name, state[name] === null ? "" : field.write(state[name]));
  for (const [name, field] of Object.entries(FILTERS))
    if (state.filters[name] !== base.filters[name])
      words.set(name, state.filters[name] === null ? "" : field.write(state.filters[name]));
  if (state.autoLevel !== base.autoLevel || (!state.autoLevel && state.level !== base.level))
    words.set("level", state.autoLevel ? "auto" : state.level);
  const off = Object.keys(state.layers).filter((name) => state.layers[name] !== base.layers[name]);
  if (off.length)
    words.set(
      "layers",
      Object.keys(state.layers)
        .filter((n) => state.layers[n])
        .join(" "),
    );
  for (const [name, text] of Object.entries(more)) if (text) words.set(name, text);
  return words.toString();
}

function differs(a, b) {
  return JSON.stringify(a) !== JSON.stringify(b);
}

// The whole state that an address means, and the frame of the map { at: [lat, lon], zoom } or null.
export function readAddress(atlas, text) {
  const words = new URLSearchParams(text.replace(/^#/, ""));
  const told = whole(0, () => (atlas.data.stories?.length ?? 0) - 1).read(words.get("story") ?? "");
  const view = baseView(atlas, told ?? null);
  const take = (target, fields) => {
    for (const [name, field] of Object.entries(fields)) {
      if (!words.has(name)) continue;
      const value = words.get(name) === "" ? null : field.read(words.get(name));
      if (value !== undefined && (value !== null || OPTIONAL.includes(name))) target[name] = value;
    }
  };
  take(view, fieldsOf(atlas));
  take(view.filters, FILTERS);
  const level = words.get("level");
  if (level === "auto") view.autoLevel = true;
  else if (level !== null && Object.hasOwn(atlas.data.levels, level))
    Object.assign(view, { level, autoLevel: false });
  if (words.has("layers")) {
    const on = words.get("layers").split(" ");
    for (const name of Object.keys(view.layers)) view.layers[name] = on.includes(name);
  }
  return { view, frame: readFrame(words.get("at")) };
}

function readFrame(text) {
  const numbers = (text ?? "").split(" ").map(Number);
  const [lat, lon, zoom] = numbers;
  const good = text && numbers.length === 3 && numbers.every(Number.isFinite);
  if (!good || Math.abs(lat) > 85 || Math.abs(lon) > 180 || zoom < 3 || zoom > 12) return null;
  return { at: [lat, lon], zoom };
}

// Put the view into the address without a step in the history. A page in a sandbox may not.
export function showAddress(atlas, more) {
  const text = writeAddress(atlas, more);
  if (text === window.location.hash.slice(1)) return; // writing it takes long
  try {
    const { pathname, search } = window.location;
    const place = text ? `#${text}` : `${pathname}${search}`;
    window.history.replaceState(
      null,
      "",
      window.location.protocol === "about:" ? `#${text}` : place,
    );
  } catch {
    // The map works all the same.
  }
}
