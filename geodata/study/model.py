"""What a study is made of: its tables and what it says about itself."""

from __future__ import annotations

from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Opening:
    """The view a map opens with.

    Parameters
    ----------
    register, measure, period_start, period_end : str
        The series shown first.
    show : {"rate", "count"}
        Whether regions are coloured by rate or by count.
    """

    register: str
    measure: str
    period_start: str
    period_end: str
    show: str


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
class StudyMeta:
    """What a study says about itself.

    Parameters
    ----------
    title, subtitle, boundaries_note : Bilingual
        Heading of the map; what the reader must know of the boundaries.
    opening : Opening
        The view a map opens with.
    threshold : int
        Smallest count that is published (for tables not public already).
    classes : Classes
        Bounds of classes that the study fixes itself.
    stories : tuple of Story
        Prepared views, in their order.
    fingerprint : str
        First 12 hex digits of the SHA-256 of all input files, in the order of their names.
    """

    title: Bilingual
    subtitle: Bilingual
    boundaries_note: Bilingual
    opening: Opening
    threshold: int
    classes: Classes
    stories: tuple[Story, ...]
    fingerprint: str


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
    places, flows, itineraries, network_places, network_links : DataFrame
        Places, reported flows, documented itineraries, and the network of roads, rivers and
        flights. The columns of all tables stand in ``docs/data.md``.
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
    published : frozenset of str
        Names of the tables whose counts are public already.
    boundaries : Account or None
        What the file of the regions was taken for, and what was mended and left out.
    """

    path: Path
    meta: StudyMeta
    tables: Tables
    published: frozenset[str]
    boundaries: Account | None = None
