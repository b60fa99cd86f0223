"""The contract of every table: its columns, what may stand in them, and what they refer to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "number", "count", "month", "date", "ubigeo", "url"]


@dataclass(frozen=True)
class Column:
    """The contract of one column.

    Parameters
    ----------
    name : str
        Column name.
    kind : {"text", "number", "count", "month", "date", "ubigeo", "url"}
        ``count`` is a whole number that is not negative.
    empty : bool
        Whether a cell may be empty.
    required : bool
        Whether the column must be there (one that is not there is added empty).
    choices : tuple of str
        The values allowed; none listed means any.
    unique : bool
        Whether a value may stand only once.
    refers_to : str or None
        Name of the table whose first column must hold the value.
    several : bool
        Whether a cell holds several values, blanks between.
    low, high : float
        Bounds of a number.
    """

    name: str
    kind: Kind = "text"
    empty: bool = False
    required: bool = True
    choices: tuple[str, ...] = ()
    unique: bool = False
    refers_to: str | None = None
    several: bool = False
    low: float = float("-inf")
    high: float = float("inf")


PERIOD = (Column("period_start", "month"), Column("period_end", "month"))
OPEN_PERIOD = (
    Column("period_start", "month", empty=True),
    Column("period_end", "month", empty=True),
)
NOTES = (
    Column("note_es", empty=True, required=False),
    Column("note_en", empty=True, required=False),
)
SOURCE = Column("source_id", refers_to="sources")
LAT = Column("lat", "number", empty=True, low=-90, high=90)
LON = Column("lon", "number", empty=True, low=-180, high=180)

UNITS = ("national", "region", "judicial_district", "fiscal_district", "city")
# What is said of a link beyond its hours.
CAUTIONS = ("closed_in_rains", "dangerous")
MEASURES = ("complaints", "records", "victims", "rescued")
# `partial`: the last year of the period is not complete.
BASES = ("published", "partial", "rounded", "derived")
# Whether anybody can read the figures of a source already; one that does not say so is own.
ACCESS = ("public", "own")
VALUE_KINDS = ("none", "count", "share_of_origin", "share_of_destination")
PLACE_KINDS = ("region", "city", "river_port", "mining_zone", "border", "area")
MODES = ("road", "river", "air", "border")

CONTRACTS: dict[str, tuple[Column, ...]] = {
    "sources": (
        Column("source_id", unique=True),
        Column("origin_id", empty=True, required=False),
        Column("publisher"),
        Column("title"),
        Column("language", empty=True, required=False),
        Column("date", "date", empty=True),
        Column("url", "url", empty=True),
        Column("accessed", "date", empty=True, required=False),
        Column("access", choices=ACCESS, empty=True, required=False),
        *NOTES,
    ),
    "registers": (
        Column("register", unique=True),
        Column("name_es"),
        Column("name_en"),
        Column("counts_es", empty=True),
        Column("counts_en", empty=True),
    ),
    "population": (
        Column("ubigeo", "ubigeo", unique=True),
        Column("name"),
        Column("population", "count", low=1),
        Column("year", "date"),
        Column("capital", empty=True, required=False),
        Column("lat", "number", empty=True, required=False, low=-90, high=90),
        Column("lon", "number", empty=True, required=False, low=-180, high=180),
        SOURCE,
    ),
    "districts": (
        Column("district", unique=True),
        Column("canonical"),
        Column("ubigeo", "ubigeo"),
        SOURCE,
        *NOTES,
    ),
    "complaints": (
        Column("unit", choices=UNITS, required=False, empty=True),
        Column("place", empty=True, required=False),
        Column("ubigeo", "ubigeo", empty=True),
        *PERIOD,
        Column("measure", choices=MEASURES),
        Column("register", refers_to="registers"),
        Column("purpose", empty=True, required=False),
        Column("value", "count"),
        Column("basis", choices=BASES, empty=True, required=False),
        SOURCE,
        *NOTES,
    ),
    "rankings": (
        Column("register", refers_to="registers"),
        Column("measure", choices=MEASURES),
        *PERIOD,
        Column("rank", "count", low=1),
        Column("ubigeo", "ubigeo"),
        SOURCE,
    ),
    # Facts that help to read a place, neither figures nor flows; without a code: the country.
    "context": (
        Column("fact_id", unique=True),
        Column("ubigeo", "ubigeo", empty=True),
        Column("text_es"),
        Column("text_en", empty=True, required=False),
        Column("value", "number", empty=True, required=False),
        Column("unit", empty=True, required=False),
        SOURCE,
    ),
    "places": (
        Column("place_id", unique=True),
        Column("name"),
        Column("name_en", empty=True, required=False),
        Column("ubigeo", "ubigeo", empty=True),
        Column("kind", choices=PLACE_KINDS),
        LAT,
        LON,
        Column("label_lat", "number", empty=True, required=False, low=-90, high=90),
        Column("label_lon", "number", empty=True, required=False, low=-180, high=180),
        Column("members", empty=True, required=False),
        Column("source_id", refers_to="sources", empty=True, required=False),
    ),
    "flows": (
        Column("flow_id", unique=True),
        Column("origin", refers_to="places"),
        Column("destination", refers_to="places"),
        Column("value", "number", empty=True, low=0),
        Column("value_kind", choices=VALUE_KINDS),
        *OPEN_PERIOD,
        Column("purpose", empty=True),
        Column("via", refers_to="places", several=True, empty=True, required=False),
        SOURCE,
        *NOTES,
    ),
    "itineraries": (
        Column("route_id"),
        Column("seq", "count", low=1),
        Column("place_id", refers_to="places"),
        Column("mode_to_next", choices=("road", "river", "air", "border", "unknown"), empty=True),
        SOURCE,
    ),
    "network_places": (
        Column("place_id", unique=True),
        Column("place"),
        Column("region", empty=True),
        Column("ubigeo", "ubigeo", empty=True),
        LAT,
        LON,
        Column("kind"),
        Column("note", empty=True),
        Column("source_id", refers_to="sources", empty=True, required=False),
    ),
    "network_links": (
        Column("link_id", unique=True),
        Column("from", refers_to="network_places"),
        Column("to", refers_to="network_places"),
        Column("mode", choices=MODES),
        Column("ref", empty=True),
        Column("surface", empty=True),
        Column("km", "number", low=0),
        Column("hours", "number", low=0),
        Column("hours_back", "number", empty=True, low=0),
        Column("fast_hours", "number", empty=True, required=False, low=0),
        Column("fast_hours_back", "number", empty=True, required=False, low=0),
        Column("wet_hours", "number", empty=True, required=False, low=0),
        Column("wet_hours_back", "number", empty=True, required=False, low=0),
        Column("departures", "number", empty=True, required=False, low=0.1),
        Column("caution", choices=CAUTIONS, empty=True, required=False),
        Column("basis", choices=("published", "derived", "estimated")),
        Column("note", empty=True, required=False),
    ),
}
