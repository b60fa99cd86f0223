"""What ``study.toml`` says of views: bounds of classes, and stories, which are prepared views."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import fold, suggestion
from ..messages import Message
from .config import Bilingual, bilingual, fault, section, text_of
from .tables import as_rows

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

SHOWS = ("rate", "count", "change")
LEVELS = ("region", "province", "district", "place")
LAYERS = ("regions", "flows", "itineraries", "places", "corridors", "basemap")
DIRECTIONS = ("all", "in", "out", "within", "between", "border")
SERIES_KEYS = ("register", "measure", "purpose", "period_start", "period_end")
STORY_KEYS = (
    "title", "text", "series", "show", "level", "layers", "focus", "direction", "grade", "top",
    "select", "zoom_to",
)  # fmt: skip
# With the highest value of the map, one for each of the five colours.
MOST_BOUNDS = 4


@dataclass(frozen=True)
class Classes:
    """Upper bounds of classes that a study fixes itself, for rates and for counts."""

    rate: tuple[float, ...] = ()
    count: tuple[float, ...] = ()


@dataclass(frozen=True)
class Story:
    """A prepared view of the map.

    Parameters
    ----------
    title, text : Bilingual
        Name of the view, and what it shows, in a sentence or two.
    series : dict of str to str
        The series to show (``register``, ``measure``, ``period_start``, ``period_end``, and
        ``purpose`` where it is not "all"); empty for the one the study opens with.
    state : dict
        Choices of the reader, those that the story sets: ``show``, ``level``, ``layers``,
        ``direction``, ``grade``, ``top``.
    focus, zoom_to : tuple of str
        Codes of regions or ids of places: those whose flows alone are drawn, and those the map
        shows.
    select : str
        The region or place that the panel is about; empty for the whole country.
    """

    title: Bilingual
    text: Bilingual
    series: dict[str, str] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)
    focus: tuple[str, ...] = ()
    zoom_to: tuple[str, ...] = ()
    select: str = ""


@dataclass(frozen=True)
class Known:
    """What a story may name: codes and ids as they are, and regions by their folded names."""

    codes: Collection[str]
    regions: dict[str, str]


def read_classes(config: dict[str, Any], folder: Path) -> Classes:
    """Read the section ``[classes]``, which a study need not have.

    Parameters
    ----------
    config : dict
        What ``study.toml`` holds.
    folder : Path
        Folder of the study, for messages.

    Returns
    -------
    Classes
        Bounds, ascending.

    Raises
    ------
    StudyError
        If it is something else than one to four ascending numbers for ``rate`` or ``count``.
    """
    if "classes" not in config:
        return Classes()
    found = section(config, "classes", folder)
    for name, bounds in found.items():
        if name not in ("rate", "count"):
            raise fault(folder, f"classes.{name}", suggestion(name, ("rate", "count")))
        if not _are_bounds(bounds):
            raise fault(
                folder,
                f"classes.{name}",
                Message(
                    "Write one to {most} ascending numbers above 0, such as [1, 2, 5]. What is"
                    " higher than the last is a class of its own.",
                    most=MOST_BOUNDS,
                ),
            )
    return Classes(**{name: tuple(map(float, bounds)) for name, bounds in found.items()})


def _are_bounds(bounds: object) -> bool:
    if not isinstance(bounds, list) or not 1 <= len(bounds) <= MOST_BOUNDS:
        return False
    if any(isinstance(n, bool) or not isinstance(n, (int, float)) for n in bounds):
        return False
    return bounds[0] > 0 and all(a < b for a, b in itertools.pairwise(bounds))


def read_stories(
    config: dict[str, Any], folder: Path, *, regions: gpd.GeoDataFrame, places: pd.DataFrame
) -> tuple[Story, ...]:
    """Read the sections ``[[stories]]``, which a study need not have.

    Parameters
    ----------
    config : dict
        What ``study.toml`` holds.
    folder : Path
        Folder of the study, for messages.
    regions, places : DataFrame
        Checked tables; stories name regions by code or name, places by ``place_id``.

    Returns
    -------
    tuple of Story
        In their order. That their series exist is only known once there are figures.

    Raises
    ------
    StudyError
        If a story lacks a text, or says or names something that is not known.
    """
    entries = config.get("stories", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise fault(folder, "stories", Message("Write each story as a section, [[stories]]."))
    codes = [row.place_id for row in as_rows(places)] + [row.ubigeo for row in as_rows(regions)]
    known = Known(codes, {fold(row.name): row.ubigeo for row in as_rows(regions)})
    return tuple(
        _read_story(entry, f"stories {number}", folder, known)
        for number, entry in enumerate(entries, start=1)
    )


def _read_story(entry: dict[str, Any], name: str, folder: Path, known: Known) -> Story:
    for key in entry:
        if key not in STORY_KEYS:
            raise fault(folder, f"{name}.{key}", suggestion(key, STORY_KEYS))
    state: dict[str, Any] = {}
    for key, choices in (("show", SHOWS), ("level", LEVELS), ("direction", DIRECTIONS)):
        if key in entry:
            state[key] = _one_of(entry[key], choices, f"{name}.{key}", folder)
    for key in ("grade", "top"):
        if key in entry:
            state[key] = _whole(entry[key], f"{name}.{key}", folder)
    if "layers" in entry:
        state["layers"] = [
            _one_of(layer, LAYERS, f"{name}.layers", folder)
            for layer in _list(entry["layers"], f"{name}.layers", folder)
        ]

    def places_of(key: str) -> tuple[str, ...]:
        named = _list(entry.get(key, []), f"{name}.{key}", folder)
        return tuple(_place(place, f"{name}.{key}", folder, known) for place in named)

    return Story(
        title=bilingual(entry, f"{name}.title", folder),
        text=bilingual(entry, f"{name}.text", folder),
        series=_read_series(entry, f"{name}.series", folder),
        state=state,
        focus=places_of("focus"),
        zoom_to=places_of("zoom_to"),
        select=next(iter(places_of("select")), ""),
    )


def _read_series(entry: dict[str, Any], name: str, folder: Path) -> dict[str, str]:
    if "series" not in entry:
        return {}
    series = section(entry, name, folder)
    for key in series:
        if key not in SERIES_KEYS:
            raise fault(folder, f"{name}.{key}", suggestion(key, SERIES_KEYS))
    read = {
        key: text_of(series, f"{name}.{key}", folder) for key in SERIES_KEYS if key != "purpose"
    }
    return {**read, "purpose": str(series.get("purpose", "all"))}


def _one_of(value: object, choices: Iterable[str], name: str, folder: Path) -> str:
    known = tuple(choices)
    if isinstance(value, str) and value in known:
        return value
    raise fault(
        folder,
        name,
        Message(
            "'{value}' is not known. {nearest} Use one of: {choices}.",
            value=value,
            nearest=suggestion(str(value), known),
            choices=", ".join(known),
        ),
    )


def _whole(value: object, name: str, folder: Path) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise fault(folder, name, Message("Write a whole number of at least 1."))
    return value


def _list(value: object, name: str, folder: Path) -> list[str]:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
        raise fault(folder, name, Message('Write a list of names, such as ["Loreto", "Puno"].'))
    return listed


def _place(value: str, name: str, folder: Path, known: Known) -> str:
    code = value if value in known.codes else known.regions.get(fold(value))
    if code is None:
        raise fault(
            folder,
            name,
            Message(
                "No region and no place is called '{value}'. {nearest}",
                value=value,
                nearest=suggestion(fold(value), [*known.regions, *known.codes]),
            ),
        )
    return code
