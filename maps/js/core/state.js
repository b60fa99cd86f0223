// What a reader can choose, and what a map opens with.

export const NO_FILTERS = Object.freeze({
  purpose: null, // as in the table; "" are the flows whose purpose nobody states
  publisher: null,
  grade: 1, // independent publications that a pair needs
  direction: "all", // all | in | out | within (of the place in focus) | between | border
  undated: false, // with a period chosen: also the flows that state none
  top: 0, // only so many pairs, those with most of what the width shows; 0 for all
});

// A view with the choices that a study makes in it, in its opening view or in a story.
export function withChoices(view, choices, levels) {
  const { layers, frame, direction, grade, top, level, ...rest } = choices;
  Object.assign(view, rest);
  if (layers)
    for (const name of Object.keys(view.layers))
      view.layers[name] = layers.includes(name) || (name === "basemap" && view.layers[name]);
  for (const [name, value] of Object.entries({ direction, grade, top }))
    if (value !== undefined) view.filters[name] = value;
  if (level !== undefined && Object.hasOwn(levels, level))
    Object.assign(view, { level, autoLevel: false });
  return view;
}

export const openingState = () => ({
  series: 0,
  show: "rate", // rate | count | change
  ground: "rate", // what lies under the circles of counts: rate | plain; count: no circles
  scheme: "jenks", // jenks | quantiles | equal | manual
  bounds: null, // the reader's own bounds of classes
  classes: "own", // own | shared: breaks of this period, or of all periods of the register
  base: null, // the series to compare with; null for the best one
  main: 1, // flows with fewer sources than this are not drawn unless asked for; the study says it
  rest: false, // whether those are drawn too, as hairlines
  level: "region",
  autoLevel: true, // the level follows the zoom
  widthBy: "evidence", // | count | share_of_origin | share_of_destination: never two at once
  period: null, // [first month, last month] that the flows must touch; null for all times
  filters: { ...NO_FILTERS },
  leading: 0, // which published order of regions the layer of that name shows
  focus: null, // [{ kind: "region" | "place", id }, ...]: only the flows of these are drawn
  layers: {
    regions: true,
    flows: true,
    itineraries: true,
    corridors: false,
    closure: true, // what a closure would change, where the study was drawn with one
    places: true,
    basemap: true,
    leading: false, // regions that a source names as leading, without counts
  },
  selected: null, // { kind: "region" | "place" | "pair" | "route" | "corridor", id }
  story: null, // the prepared view being told
  hover: null,
  theme: null, // "light" or "dark" if the reader chose; null follows the system
});
