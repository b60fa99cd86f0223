"""What a name can mean that no table at hand bears: a city, a unit, a damaged name, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import MissingExtraError
from ..messages import Message
from .cities import City, find_cities, find_city_by_id
from .keys import is_abroad, is_area, is_country, wanted_names, words_of
from .loose import find_loosely
from .place import COARSER, FROM_GEONAMES, READ_LOOSELY, SHOWN, Match, Place, listed
from .units import Unit, all_units, find_unit_by_code, find_units

if TYPE_CHECKING:
    from .resolver import Resolver

_ALIKE = 72
_LONGEST = 80


def from_geonames(
    resolver: Resolver, name: str, within: str | None, kind: str | None
) -> Match | None:
    """Return a city of GeoNames; only inside a region that was named."""
    if kind not in (None, "city"):
        return None
    for way in wanted_names(name):
        region = resolver.region_key(way.within[-1]) if way.within else within
        if region is None or way.level not in (None, "city"):
            continue
        try:
            cities = find_cities(way.key, region, layer=resolver.layer)
        except MissingExtraError as error:
            if find_units(way.key, region=region, level=None):
                return None
            nothing = unknown(resolver, name, within, kind)
            fix = Message("{fix} {extra}", fix=nothing.fix, extra=error.message)
            return Match(None, nothing.reason, fix)
        found = [_from_city(city, region) for city in cities]
        if len(found) > 1:
            return resolver.ambiguous(found, ())
        if found:
            return Match(found[0], note=FROM_GEONAMES, about=resolver.label(found[0]))
    return None


def from_units(resolver: Resolver, name: str, within: str | None, kind: str | None) -> Match | None:
    """Return the region of a province or district; refuse a name borne in several regions."""
    if kind == "region":
        return None
    for way in wanted_names(name):
        level = way.level or (kind if kind != "city" else None)
        if level == "region" or (kind == "city" and resolver.region_key(way.key)):
            continue
        region = resolver.region_key(way.within[-1]) if way.within else within
        if way.within and (region is None or (within and region != within)):
            continue
        units = find_units(
            way.key,
            region=region,
            parent=way.within[0] if way.within else None,
            level=level if level != "city" else None,
        )
        if units:
            return _choose(resolver, units, "" if region else way.key)
    return None


def unit_of_code(
    resolver: Resolver, code: str, within: str | None, kind: str | None
) -> Match | None:
    """Return the region of the province or district with an INEI code."""
    unit = find_unit_by_code(code)
    above = resolver.places.get(code[:2])
    if unit is None or above is None or (within and above.region != within) or kind == "region":
        return None
    return Match(above, note=COARSER, about=_label(resolver, unit))


def _choose(resolver: Resolver, units: tuple[Unit, ...], key: str) -> Match:
    codes = {*(unit.code[:2] for unit in units), *resolver.homonyms.get(key, ())}
    above = [resolver.places[code] for code in sorted(codes) if code in resolver.places]
    if len(above) == 1:
        return Match(above[0], note=COARSER, about=_label(resolver, units[0]))
    shown = [_label(resolver, unit) for unit in units]
    shown += [place.name for place in above if place.region not in {u.code[:2] for u in units}]
    return Match(
        None,
        Message("{n} places bear this name: {candidates}.", n=len(shown), candidates=listed(shown)),
        Message(
            "Say which with a region column or as in 'Santa Rosa (Loreto)', or write its ubigeo."
        ),
        several=True,
    )


def _label(resolver: Resolver, unit: Unit) -> str:
    above = resolver.places.get(unit.code[:2])
    return f"{unit.name} ({above.name if above else unit.code[:2]}, {unit.code})"


def read_loosely(
    resolver: Resolver, name: str, within: str | None, kind: str | None
) -> Match | None:
    """Return what a damaged or shortened name stands for, if that is one name only."""
    found = find_loosely(name, resolver.names)
    if not found:
        return None
    read = [resolver.match(one, region=within, kind=kind) for one in found]
    known = {match.place.place_id for match in read if match.place is not None}
    if len(known) == 1 and all(match.place is not None for match in read):
        place = resolver.places[known.pop()]
        shown = found[0] if len(found) == 1 else resolver.label(place)
        about = shown if read[0].note is not COARSER else read[0].about
        return Match(place, note=READ_LOOSELY, about=about)
    if len(found) == 1:
        return read[0]
    return Match(
        None,
        Message("This can stand for several names: {candidates}.", candidates=listed(found)),
        Message("Write the name in full."),
    )


def names_in_words(resolver: Resolver) -> dict[str, str]:
    """Return all names of places and units by their words (see `words_of`)."""
    names = [place.name.split("(")[0].strip() for place in resolver.places.values()]
    names += [unit.name for unit in all_units()]
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(words_of(name), name)
    return found


def unknown(resolver: Resolver, name: str, within: str | None, kind: str | None) -> Match:
    """Refuse a name, with the nearest ones."""
    if is_country(name):
        return Match(
            None,
            Message("This is the whole country, not a place in it."),
            Message("Write the region, or leave such rows out with unknown_places='leave_out'."),
        )
    if is_abroad(name):
        return Match(
            None,
            Message("This lies abroad, and the study has no such place."),
            Message(
                "Add it to the table 'places' of your study and name that with --study, or leave"
                " such rows out with unknown_places='leave_out'."
            ),
        )
    if is_area(name):
        return Match(
            None,
            Message("This is an area, and the study has no such area."),
            Message(
                "Write the region or the city, or add the area to the table 'places' of your study"
                " with kind 'area' and name that with --study."
            ),
        )
    reason = Message("This is not a known place.")
    if close := _nearest(resolver, words_of(name), within, kind):
        return Match(None, reason, Message("Nearest: {candidates}.", candidates=listed(close)))
    return Match(
        None,
        reason,
        Message(
            "Nothing known looks like it. Write its region too, as in 'Santa Rosa (Loreto)', or add"
            " it to the table 'places' of your study and name that with --study."
        ),
    )


def _nearest(resolver: Resolver, wanted: str, within: str | None, kind: str | None) -> list[str]:
    from rapidfuzz import fuzz, process

    choices = {
        shown: words
        for shown, (words, region, level, unit) in resolver.shown.items()
        if within in (None, region) and kind in (None, level, *(["city"] if unit else []))
    }
    wanted = wanted[:_LONGEST]
    close = process.extract(wanted, choices, scorer=fuzz.ratio, limit=SHOWN, score_cutoff=_ALIKE)
    best = max((score for _, score, _ in close), default=0)
    return [shown for _, score, shown in close if score >= best - 12]


def shown_names(resolver: Resolver) -> dict[str, tuple[str, str, str, bool]]:
    """Return what may be offered for a name: words, region, level, and whether it is a unit only.

    Parameters
    ----------
    resolver : Resolver
        Knows the places; provinces and districts of no table are added, where none is called so.

    Returns
    -------
    dict of str to tuple
        By label.
    """
    found: dict[str, tuple[str, str, str, bool]] = {}
    had: set[tuple[str, str]] = set()
    for place in resolver.places.values():
        words = words_of(place.name)
        found.setdefault(resolver.label(place), (words, place.region, place.level, False))
        had.add((words, place.region))
    for unit in all_units():
        words, region = words_of(unit.name), unit.code[:2]
        if (words, region) not in had:
            found[_label(resolver, unit)] = (words, region, unit.level, True)
            had.add((words, region))
    return found


def geonames_place(place_id: str) -> Place | None:
    """Return the city of GeoNames that a place id names, or None for another id."""
    head, _, number = place_id.partition("_")
    city = find_city_by_id(int(number)) if head == "geonames" and number.isdigit() else None
    return None if city is None else _from_city(city, city.region)


def _from_city(city: City, region: str) -> Place:
    return Place(
        place_id=f"geonames_{city.geoname_id}",
        name=city.name,
        level="city",
        kind="city",
        region=region,
        ubigeo=region,
        lat=city.lat,
        lon=city.lon,
        origin="geonames",
    )
