"""Stories: the prepared views of a study, as choices of a reader of the page."""

from __future__ import annotations

import pandas as pd
from corredor.geodata import Tables, find_series
from corredor.geodata.study.model import StudyMeta, View
from corredor.geodata.study.tables import as_rows

from .positions import Positions, Scene


def story_rows(
    meta: StudyMeta, tables: Tables, series: pd.DataFrame, *, closed: bool = False
) -> list[Scene]:
    """Return the stories of a study.

    Parameters
    ----------
    meta : StudyMeta
        What the study says about itself.
    tables : Tables
        Its tables.
    series : DataFrame
        Its series (`corredor.geodata.list_series`).
    closed : bool
        Whether the map shows what a closure would change; stories of it are told only then.

    Returns
    -------
    list of dict
        For each story ``title`` and ``text`` in both languages and ``state``: the choices it sets,
        with positions instead of names.
    """
    return [
        {
            "title": [story.title.es, story.title.en],
            "text": [story.text.es, story.text.en],
            "state": view_state(story, tables, series),
        }
        for story in meta.stories
        if not story.stale and (closed or not story.without)
    ]


def view_state(view: View, tables: Tables, series: pd.DataFrame) -> Scene:
    """Return the choices that a view sets, with positions instead of names."""
    regions = Positions(tables.regions["ubigeo"])
    places = Positions(tables.places["place_id"])
    state: Scene = dict(view.state)
    if view.without:
        state["layers"] = [*state.get("layers", ["regions"]), "closure"]
    if view.series:
        state["series"] = find_series(series, view.series)
    # A study read as a whole has all of them; a part taken out of one need not.
    focus = [_target(code, regions, places) for code in view.focus]
    if any(focus):
        state["focus"] = [target for target in focus if target]
    if target := _target(view.select, regions, places):
        state["selected"] = target
    boxes = _boxes(tables) if view.zoom_to else {}
    named = [boxes[code] for code in view.zoom_to if code in boxes]
    if named:
        state["frame"] = [
            [min(box[1] for box in named), min(box[0] for box in named)],
            [max(box[3] for box in named), max(box[2] for box in named)],
        ]
    return state


def _target(code: str, regions: Positions, places: Positions) -> Scene | None:
    for kind, known in (("region", regions), ("place", places)):
        if code in known.of:
            return {"kind": kind, "id": known.of[code]}
    return None


def _boxes(tables: Tables) -> dict[str, tuple[float, ...]]:
    """Return the box of each place that has one: west, south, east, north."""
    boxes: dict[str, tuple[float, ...]] = {}
    for row in as_rows(tables.places):
        lat, lon = (row.label_lat, row.label_lon) if pd.isna(row.lat) else (row.lat, row.lon)
        if not pd.isna(lat):
            boxes[row.place_id] = (lon, lat, lon, lat)
    bounds, codes = tables.regions.bounds.round(3), tables.regions["ubigeo"]
    above = bounds.groupby(codes.str[:2]).agg(
        dict(zip(bounds, ("min", "min", "max", "max"), strict=True))
    )
    for named, found in ((above.index, above), (codes, bounds)):
        boxes |= dict(zip(named, map(tuple, found.to_numpy().tolist()), strict=True))
    return boxes
