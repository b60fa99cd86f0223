// Which flows are drawn of a place: a field in its panel.

import { focusOn, unfocus } from "../core/focus.js";
import { select } from "./fields.js";

const OWN = ["all", "in", "out", "within"];

export function focusField(atlas, target) {
  const { state, t } = atlas;
  const mine =
    state.focus?.length === 1 &&
    state.focus[0].kind === target.kind &&
    state.focus[0].id === target.id;
  const options = [
    ["none", t("all, with its own highlighted")],
    ["all", t("only its own")],
    ["in", t("only those that arrive")],
    ["out", t("only those that leave")],
    ["within", t("only those inside it")],
  ];
  const { direction } = state.filters;
  const value = mine ? (OWN.includes(direction) ? direction : "all") : "none";
  return select("focus", t("Flows on the map"), options, value, (picked) =>
    picked === "none" ? unfocus(atlas) : focusOn(atlas, target, picked),
  );
}
