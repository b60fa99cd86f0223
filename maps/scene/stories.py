"""Stories: the prepared views of a study, as choices of a reader of the page."""

from __future__ import annotations

import pandas as pd
from corredor.geodata import StudyError, Tables
from corredor.geodata.figures import SERIES
from corredor.geodata.messages import Message
from corredor.geodata.study.model import Story, StudyMeta
from corredor.geodata.study.tables import as_records, as_rows

from .positions import Positions, Scene


def story_rows(meta: StudyMeta, tables: Tables, series: pd.DataFrame) -> list[Scene]:
    """Return the stories of a study.

    Parameters
    ----------
    meta : StudyMeta
        What the study says about itself.
    tables : Tables
        Its tables.
    series : DataFrame
        Its series (`corredor.geodata.list_series`).

    Returns
    -------
    list of dict
        For each story ``title`` and ``text`` in both languages and ``state``: the choices it sets,
        with positions instead of names.

    Raises
    ------
    StudyError
        If a story asks for a series that no region has a figure of.
    """
    regions = Positions(tables.regions["ubigeo"])
    places = Positions(tables.places["place_id"])
    boxes = _boxes(tables)
    rows = []
    for number, story in enumerate(meta.stories, start=1):
        state: Scene = dict(story.state)
        if story.series:
            state["series"] = _find(series, story, number)
        # A study read as a whole has all of them; a part taken out of one need not.
        focus = [_target(code, regions, places) for code in story.focus]
        if any(focus):
            state["focus"] = [target for target in focus if target]
        if target := _target(story.select, regions, places):
            state["selected"] = target
        named = [boxes[code] for code in story.zoom_to if code in boxes]
        if named:
            state["frame"] = [
                [min(box[1] for box in named), min(box[0] for box in named)],
                [max(box[3] for box in named), max(box[2] for box in named)],
            ]
        rows.append(
            {
                "title": [story.title.es, story.title.en],
                "text": [story.text.es, story.text.en],
                "state": state,
            }
        )
    return rows


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
    bounds = tables.regions.bounds.round(3)
    for code, box in zip(tables.regions["ubigeo"], bounds.to_numpy().tolist(), strict=True):
        boxes[code] = tuple(box)
    return boxes


def _find(series: pd.DataFrame, story: Story, number: int) -> int:
    rows = as_records(series)
    for position, row in enumerate(rows):
        if all(row[column] == story.series[column] for column in SERIES):
            return position
    near = [row for row in rows if row["register"] == story.series["register"]] or rows
    best = sorted(near, key=lambda row: -row["covered"])[:5]
    raise StudyError(
        Message(
            "study.toml, [stories {number}.series]: no region has a figure of {wanted}. There are:"
            " {known}.",
            number=number,
            wanted=" ".join(story.series[column] for column in SERIES),
            known="; ".join(" ".join(row[column] for column in SERIES) for row in best),
        )
    )
