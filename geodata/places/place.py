"""A place that a name can mean, and what became of a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..messages import Message
from .keys import Level

LEVELS: tuple[Level, ...] = ("region", "province", "district", "city")
LEVEL_WORDS = {
    "region": Message("a region"),
    "province": Message("a province"),
    "district": Message("a district"),
    "city": Message("a city or other place"),
}
SHOWN = 8

AS_REGION = Message(
    "names that a region shares with a smaller place were taken for the region; kind='city' takes"
    " the city"
)
IN_REGION = Message("parts and other names of a region were counted in the region")
OTHER_NAME = Message("other names of places were understood")
BETTER_KNOWN = Message(
    "the better known place was taken, although places in other regions bear the name too"
)
COARSER = Message(
    "provinces and districts were counted in their region, because no layer says where they lie"
)
INEI_CODES = Message("codes were read as INEI codes")
RENIEC_CODES = Message("codes are RENIEC's, as the names beside them show; the names were used")
FROM_GEONAMES = Message("cities come from GeoNames (CC BY 4.0)")
READ_LOOSELY = Message("damaged or shortened names were understood")


@dataclass(frozen=True)
class Place:
    """One place that a name can mean.

    Parameters
    ----------
    place_id : str
        Id in the study's places, or the ubigeo of a region, province or district.
    name : str
        Name as it is shown.
    level : {"region", "province", "district", "city"}
        ``city`` stands for every place that is no unit of territory: river ports, mining zones,
        border crossings, and areas such as the coast.
    kind : str
        Kind in the contract of ``places``.
    region : str
        INEI code of the region, two digits; empty outside the regions.
    ubigeo : str
        INEI code of the unit, or of the region a city lies in.
    lat, lon : float
        Point in degrees (EPSG:4326); NaN where there is none.
    origin : {"places", "population", "network", "layer", "geonames"}
        The table it comes from.
    source_id : str
        Source of its point; empty where none is told.
    """

    place_id: str
    name: str
    level: Level
    kind: str
    region: str
    ubigeo: str
    lat: float
    lon: float
    origin: str
    source_id: str = ""


@dataclass(frozen=True)
class Match:
    """What became of a name: a place (perhaps with a note), or a reason and a fix.

    Parameters
    ----------
    place : Place or None
        What the name means.
    reason, fix : Message
        Why it means nothing, and what to do.
    note : Message or None
        What must be said of the reading; the same text for all names read in the same way.
    about : str
        What the note is about, from the tables of places, never from the file.
    several : bool
        Whether there is no place because several bear the name.
    """

    place: Place | None
    reason: Message = field(default_factory=Message)
    fix: Message = field(default_factory=Message)
    note: Message | None = None
    about: str = ""
    several: bool = False


def label_of(place: Place, places: Mapping[str, Place]) -> str:
    """Return the name of a place with its region, so that homonyms differ."""
    above = places.get(place.region)
    if place.level == "region":
        return place.name
    if place.level in ("province", "district"):
        return f"{place.name} ({above.name if above else place.region}, {place.ubigeo})"
    if above is None or f"({above.name})" in place.name:
        return place.name
    return f"{place.name} ({above.name})"


def listed(names: Sequence[str]) -> str:
    """Return a few names as one text, each once."""
    unique = list(dict.fromkeys(names))
    text = "; ".join(unique[:SHOWN])
    return f"{text}; ..." if len(unique) > SHOWN else text
