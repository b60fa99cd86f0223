// Stories: prepared views of the study, to go through one by one.

import { openingView, storyView } from "../core/address.js";
import { h } from "../core/dom.js";
import { number } from "../core/i18n.js";

export function openStory(atlas, id) {
  const { data, state, change } = atlas;
  change({ ...storyView(atlas, id), theme: state.theme, hover: null });
  atlas.showFrame(data.stories[id].state.frame ?? null);
  document.getElementById("story-title")?.focus({ preventScroll: true });
}

function leave(atlas) {
  const { state, change } = atlas;
  change({ ...openingView(atlas), theme: state.theme, hover: null });
  atlas.showFrame(null);
}

// The story being told, at the top of the panel, with the way to the others.
export function storyStrip(atlas) {
  const { data, state, pick, t } = atlas;
  const { stories } = data;
  const id = state.story;
  if (id === null || !stories?.[id]) return null;
  const step = (to, label, sign) =>
    h(
      "button",
      {
        type: "button",
        class: "go",
        disabled: !stories[to],
        title: label,
        onclick: () => openStory(atlas, to),
      },
      h("span", { class: "sr" }, `${label} `),
      sign,
    );
  return h(
    "section",
    { class: "story", "aria-label": t("Story") },
    h(
      "p",
      { class: "small story-head" },
      t("Story {n} of {all}", { n: number(id + 1), all: number(stories.length) }),
      h(
        "button",
        {
          type: "button",
          class: "close",
          onclick: () => leave(atlas),
          "aria-label": t("Leave the story"),
        },
        "×",
      ),
    ),
    h("h2", { id: "story-title", tabindex: "-1" }, pick(stories[id].title)),
    h("p", {}, pick(stories[id].text)),
    h(
      "div",
      { class: "story-steps" },
      step(id - 1, t("Previous story"), "‹"),
      step(id + 1, t("Next story"), stories[id + 1] ? `${pick(stories[id + 1].title)}\u00a0›` : "›"),
    ),
  );
}

// A quiet list, in the panel of the whole country.
export function storyList(atlas) {
  const { data, state, pick, t } = atlas;
  if (!data.stories?.length || state.story !== null) return null;
  return [
    h("h3", {}, t("Stories")),
    h(
      "ol",
      { class: "plain stories" },
      data.stories.map((story, id) =>
        h(
          "li",
          {},
          h(
            "button",
            { type: "button", class: "flow", onclick: () => openStory(atlas, id) },
            pick(story.title),
          ),
        ),
      ),
    ),
  ];
}
