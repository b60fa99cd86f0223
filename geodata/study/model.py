"""What a study is made of: its tables and what it says about itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..account import Account

if TYPE_CHECKING:
    import geopandas as gpd


@dataclass(frozen=True)
class Bilingual:
    """A text in Spanish and in English."""

    es: str
    en: str


@dataclass(frozen=True, kw_only=True)
class View:
    """What a map shows: choices of a reader, those that a study makes for them.

    Parameters
    ----------
    series : dict of str to str
        The series to show, by any of ``register``, ``measure``, ``purpose``, ``period_start`` and
        ``period_end``; empty for the one that covers most regions (opening) or that the map opens
        with (story).
    state : dict
        ``show``, ``level``, ``layers``, ``direction``, ``grade``, ``top``, as far as they are set.
    focus, zoom_to : tuple of str
        Codes of regions or ids of places: those whose flows alone are drawn, and those the map
        shows.
    select : str
        The region or place that the panel is about; empty for the whole country.
    without : tuple of str
        Legs of corridors, links or places: the layer of what would change if they were closed is
        shown. One set for all views of a study.
    """

    series: dict[str, str] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)
    focus: tuple[str, ...] = ()
    zoom_to: tuple[str, ...] = ()
    select: str = ""
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class Classes:
    """Upper bounds of classes that a study fixes itself, for rates and for counts."""

    rate: tuple[float, ...] = ()
    count: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Story(View):
    """A prepared view of the map, with its name and what it shows in a sentence or two.

    ``stale`` is True for a story that was written for other figures than the study has.
    """

    title: Bilingual
    text: Bilingual
    stale: bool = False


@dataclass(frozen=True)
class StudyMeta:
    """What a study says about itself.

    Parameters
    ----------
    title, subtitle, boundaries_note : Bilingual
        Heading of the map; what the reader must know of the boundaries.
    opening : View
        The view a map opens with.
    threshold : int
        Smallest count of an own source that is published.
    classes : Classes
        Bounds of classes that the study fixes itself.
    stories : tuple of Story
        Prepared views, in their order.
    fingerprint : str
        First 12 hex digits of the SHA-256 of all input files, in the order of their names.
    together : tuple of str
        What own counts are taken together by: any of "purposes", "periods", "regions".
    """

    title: Bilingual
    subtitle: Bilingual
    boundaries_note: Bilingual
    opening: View
    threshold: int
    classes: Classes
    stories: tuple[Story, ...]
    fingerprint: str
    together: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tables:
    """The checked tables of a study; a table that the study does not have is empty.

    Parameters
    ----------
    regions, neighbours, waters : GeoDataFrame
        Polygons and lines in EPSG:4326; None where a study has no neighbours or waters.
    sources, registers, population, districts, complaints, rankings : DataFrame
        Publications, registers of complaints, people by year, districts of courts and prosecutors,
        counts, and published orders of regions.
    places, flows, itineraries, network_places, network_links, context : DataFrame
        Places, reported flows, documented itineraries, the network of roads, rivers and flights,
        and facts that help to read a place. The columns of all tables stand in ``docs/data.md``.
    """

    regions: gpd.GeoDataFrame
    neighbours: gpd.GeoDataFrame | None
    waters: gpd.GeoDataFrame | None
    sources: pd.DataFrame
    registers: pd.DataFrame
    population: pd.DataFrame
    districts: pd.DataFrame
    complaints: pd.DataFrame
    rankings: pd.DataFrame
    places: pd.DataFrame
    flows: pd.DataFrame
    itineraries: pd.DataFrame
    network_places: pd.DataFrame
    network_links: pd.DataFrame
    context: pd.DataFrame


@dataclass(frozen=True)
class Study:
    """A study as read from its folder, not yet fit for publication.

    Parameters
    ----------
    path : Path
        The folder.
    meta : StudyMeta
        Titles and opening view.
    tables : Tables
        Checked tables.
    files : mapping of str to tuple of Path, optional
        Files of each table.
    boundaries : Account or None
        What the file of the regions was taken for, and what was mended and left out.
    """

    path: Path
    meta: StudyMeta
    tables: Tables
    files: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)
    boundaries: Account | None = None


def embedded_study() -> Path:
    """Return the folder of the embedded Peru study.

    Returns
    -------
    Path
        Folder with ``study.toml``.
    """
    return Path(str(resources.files("corredor.geodata.peru")))
