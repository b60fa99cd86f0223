// Small buttons behind a number that lead to its sources.

import { sourceLabel } from "../core/data.js";
import { h } from "../core/dom.js";

// Small buttons, one a source, to stand behind a number.
export function sourceMarks(atlas, sources) {
  const { t } = atlas;
  return h(
    "span",
    { class: "marks" },
    sources.map((id) =>
      h(
        "button",
        {
          type: "button",
          class: "mark",
          onclick: () => atlas.openSources(id),
          "aria-label": t("Source: {source}", { source: sourceLabel(atlas, id) }),
        },
        sourceLabel(atlas, id),
      ),
    ),
  );
}
