// The buttons on the map: nearer, farther, the opening view again, the whole screen.

import { openingView } from "../core/address.js";
import { h, replace, svg } from "../core/dom.js";

const SIGNS = {
  home: "M3 9.2 9 4l6 5.2M5 8.2V15h3v-4h2v4h3V8.2",
  full: "M3 7V3h4M11 3h4v4M15 11v4h-4M7 15H3v-4",
};

export function addMapTools(atlas, map, showFrame) {
  L.control.zoom({ position: "topleft" }).addTo(map);
  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
  const Bar = L.Control.extend({
    onAdd() {
      const bar = h("div", { class: "leaflet-bar map-tools" });
      L.DomEvent.disableClickPropagation(bar);
      return bar;
    },
  });
  atlas.toolbar = new Bar({ position: "topleft" }).addTo(map).getContainer();
  atlas.goHome = () => {
    clearInterval(atlas.time.playing);
    Object.assign(atlas.time, { playing: null, before: null });
    atlas.change({ ...openingView(atlas), theme: atlas.state.theme, hover: null });
    showFrame(null);
  };
  document.addEventListener("fullscreenchange", () => {
    map.invalidateSize({ animate: false });
    nameMapTools(atlas, map);
  });
}

// Leaflet's own words and ours, in the language of the page.
export function nameMapTools(atlas, map) {
  const { t } = atlas;
  const container = map.getContainer();
  container.setAttribute("role", "region");
  container.setAttribute("aria-label", t("Map"));
  for (const [name, words] of [
    ["in", t("Zoom in")],
    ["out", t("Zoom out")],
  ]) {
    const button = container.querySelector(`.leaflet-control-zoom-${name}`);
    if (!button) return;
    button.title = words;
    button.setAttribute("aria-label", words);
  }
  const whole = Boolean(document.fullscreenElement);
  const tools = [
    ["home", t("Back to the opening view"), atlas.goHome],
    document.fullscreenEnabled
      ? [
          "full",
          whole ? t("Leave the full screen") : t("Full screen"),
          () => (whole ? document.exitFullscreen() : document.documentElement.requestFullscreen()),
        ]
      : null,
  ].filter(Boolean);
  replace(
    atlas.toolbar,
    tools.map(([id, label, onclick]) =>
      h(
        "button",
        { type: "button", id: `map-${id}`, title: label, "aria-label": label, onclick },
        sign(SIGNS[id]),
      ),
    ),
  );
}

function sign(d) {
  return svg(
    "svg",
    { width: 18, height: 18, viewBox: "0 0 18 18", "aria-hidden": "true" },
    svg("path", { d, fill: "none", stroke: "currentColor", "stroke-width": 1.6 }),
  );
}
