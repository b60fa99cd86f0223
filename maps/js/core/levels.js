// At which level of the official hierarchy flows end: chosen by hand, or by how far the map is zoomed.

// From which zoom a level is shown. A study without provinces and districts comes to its places sooner.
const LEVEL_ZOOM = { region: 0, province: 6.5, district: 7.5, place: 8.5 };
const PLACE_ZOOM = 7;

export function levelAtZoom(atlas, zoom, levels = Object.keys(atlas.data.levels)) {
  const from = { ...LEVEL_ZOOM, ...(levels.length < 3 && { place: PLACE_ZOOM }) };
  return levels.filter((level) => zoom >= from[level]).at(-1) ?? levels[0];
}

export function levelName(atlas, level) {
  const { t } = atlas;
  const names = {
    region: t("by region"),
    province: t("by province"),
    district: t("by district"),
    place: t("place to place"),
  };
  return names[level];
}
