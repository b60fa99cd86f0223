// How the flows are shown: to which level their ends are rolled up, and what their width says.

import { levelAtZoom, levelName } from "../core/levels.js";
import { widthKinds } from "../words/flowlegend.js";
import { select } from "./fields.js";

// The level at which flows end, and what their width speaks by where there is a choice.
export function flowChoices(atlas) {
  const { data, state, change, t } = atlas;
  const automatic = t("automatic, by zoom ({level})", { level: levelName(atlas, state.level) });
  const levels = Object.keys(data.levels).map((level) => [level, levelName(atlas, level)]);
  const kinds = widthKinds(atlas);
  return [
    select(
      "level",
      t("Level of origin and destination"),
      [["auto", automatic], ...levels],
      state.autoLevel ? "auto" : state.level,
      (level) => change(level === "auto" ? followZoom(atlas) : { level, autoLevel: false }),
    ),
    kinds.length > 1
      ? select("width", t("Width of the arrows"), kinds, state.widthBy, (widthBy) =>
          change({ widthBy }),
        )
      : null,
  ];
}

function followZoom(atlas) {
  return { autoLevel: true, level: levelAtZoom(atlas, atlas.map.getZoom()) };
}
