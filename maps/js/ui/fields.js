// The small form fields of the page: a list to choose from, a row of choices, a box to tick.

import { h } from "../core/dom.js";

// An option is [value, words]; several under one heading are [heading, options].
export function select(name, label, options, value, onPick) {
  const id = `choose-${name}`;
  const option = ([key, words]) =>
    Array.isArray(words)
      ? h("optgroup", { label: key }, words.map(option))
      : h("option", { value: key, selected: String(key) === String(value) }, words);
  return h(
    "div",
    { class: "field" },
    h("label", { for: id }, label),
    h(
      "select",
      { id, onchange: (event) => onPick(event.target.value) },
      options.map(option),
    ),
  );
}

export function group(name, label, options, value, onPick) {
  return h(
    "fieldset",
    { class: "segmented" },
    h("legend", {}, label),
    h(
      "div",
      { class: "segments" },
      options.map(([key, words]) =>
        h(
          "label",
          {},
          h("input", {
            type: "radio",
            name,
            id: `${name}-${key}`,
            checked: key === value,
            onchange: () => onPick(key),
          }),
          h("span", {}, words),
        ),
      ),
    ),
  );
}

export function check(id, label, checked, onPick) {
  return h(
    "label",
    { class: "tick" },
    h("input", {
      type: "checkbox",
      id,
      checked,
      onchange: (event) => onPick(event.target.checked),
    }),
    h("span", {}, label),
  );
}
