"""From a name as printed to one place: regions, provinces, districts, cities and areas.

Names are compared without accents, case, punctuation and blanks. A name that several places bear is
decided by the region given beside it, never by luck. A bare name that is both a region and its city
(Puno, Cusco, Lima) is the region unless ``kind="city"`` asks for the city.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..errors import MissingExtraError, UnknownPlaceError, clip
from ..messages import Message
from .city_lookup import City, find_cities, find_city_by_id
from .name_keys import Level, WantedName, code_of, key_of, wanted_names, words_of

if TYPE_CHECKING:
    import geopandas as gpd

LEVELS: tuple[Level, ...] = ("region", "province", "district", "city")
LEVEL_WORDS = {
    "region": Message("a region"),
    "province": Message("a province"),
    "district": Message("a district"),
    "city": Message("a city or other place"),
}
_SHOWN = 8
_ALIKE = 72


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


@dataclass(frozen=True)
class Match:
    """What became of a name: a place (perhaps with a note), or a reason and a fix."""

    place: Place | None
    reason: Message = field(default_factory=lambda: Message(""))
    fix: Message = field(default_factory=lambda: Message(""))
    note: Message | None = None


@dataclass(frozen=True)
class Resolver:
    """Finds the place a name means; made by `build_resolver`.

    Parameters
    ----------
    places : mapping of str to Place
        All places known, by id.
    index : mapping of str to tuple of Place
        Places by the key of each of their names.
    homonyms : mapping of str to tuple of str
        Codes of all regions where a province or district bears a name, for names borne in several.
    decided : frozenset of str
        Keys of names that mean one place although others bear them.
    layer : GeoDataFrame or None
        Regions, to place cities of GeoNames.
    """

    places: Mapping[str, Place]
    index: Mapping[str, tuple[Place, ...]]
    homonyms: Mapping[str, tuple[str, ...]]
    decided: frozenset[str]
    layer: gpd.GeoDataFrame | None = field(default=None, compare=False, repr=False)

    def resolve(self, name: str, *, region: str | None = None, kind: str | None = None) -> str:
        """Return the id of the place a name means.

        Parameters
        ----------
        name : str
            Name, INEI code or place id; ``Santa Rosa (Loreto)`` and ``Prov. Melgar`` are read too.
        region : str, optional
            Name or code of the region it lies in.
        kind : {"region", "province", "district", "city"}, optional
            The level meant; a bare ``Puno`` is the region if it is left out.

        Returns
        -------
        str
            ``place_id``; for regions, provinces and districts that is their ubigeo.

        Raises
        ------
        UnknownPlaceError
            If no place, or more than one, bears the name; the text names the candidates.
        """
        match = self.match(name, region=region, kind=kind)
        if match.place is None:
            raise UnknownPlaceError(
                Message(
                    "'{name}': {reason} {fix}", name=clip(name), reason=match.reason, fix=match.fix
                )
            )
        return match.place.place_id

    def match(self, name: str, *, region: str | None = None, kind: str | None = None) -> Match:
        """Return what a name means, as `resolve` does, but never raise.

        Parameters
        ----------
        name : str
            Name, INEI code or place id.
        region, kind : str, optional
            As in `resolve`.

        Returns
        -------
        Match
            The place, or the reason why there is none and what to do.
        """
        within: str | None = None
        if region is not None and region.strip():
            found = self.match(region, kind="region")
            if found.place is None:
                return Match(
                    None,
                    Message("Its region '{region}' is not known.", region=clip(region)),
                    found.fix,
                )
            within = found.place.region
        if coded := self._match_code(name, within, kind):
            return coded
        reasons: list[Match] = []
        for way in wanted_names(name):
            level = way.level or kind
            if level is not None and kind is not None and level != kind:
                continue
            tried = self._match_way(way, within, level)
            if tried is not None and tried.place is not None:
                return tried
            if tried is not None:
                reasons.append(tried)
        if reasons:
            return reasons[0]
        return self._from_geonames(name, within, kind) or self._unknown(name, within, kind)

    def knows(self, level: str) -> bool:
        """Tell whether any place of a level is known."""
        return any(place.level == level for place in self.places.values())

    def label(self, place: Place) -> str:
        """Return the name of a place with its region, so that homonyms differ."""
        above = self.places.get(place.region)
        if place.level == "region":
            return place.name
        if place.level in ("province", "district"):
            return f"{place.name} ({above.name if above else place.region}, {place.ubigeo})"
        if above is None or f"({above.name})" in place.name:
            return place.name
        return f"{place.name} ({above.name})"

    def _match_code(self, name: str, within: str | None, kind: str | None) -> Match | None:
        exact = self.places.get(name.strip())
        if exact is None or exact.level == "city":
            code = code_of(name)
            if code is None and (exact is None or words_of(exact.name) == words_of(name)):
                return None
            exact = exact or self.places.get(code or "")
            if exact is None:
                return Match(
                    None,
                    Message("No region, province or district with this code is known."),
                    Message("Give a layer that holds it, or write the name."),
                )
        if (within and exact.region != within) or (kind and exact.level != kind):
            return Match(
                None,
                Message("This code is '{place}'.", place=self.label(exact)),
                Message("Mend the code, its region or its level."),
            )
        read = Message("Codes were read as INEI codes.") if name.strip()[-1:].isdigit() else None
        return Match(exact, note=read if exact.level != "city" else None)

    def _match_way(self, way: WantedName, within: str | None, level: str | None) -> Match | None:
        """Return the outcome for one way of reading a name, or None if nothing bears it."""
        known = self.index.get(way.key, ())
        found = [place for place in known if level is None or place.level == level]
        if not found and known and way.level:
            return self._no_level(known, way.level)
        region = within
        if way.within:
            regions = {p.region for p in self.index.get(way.within[-1], ()) if p.level == "region"}
            if len(regions) != 1 or (within and within not in regions):
                return None
            region = regions.pop()
            parents = [p for p in self.index.get(way.within[0], ()) if p.level == "province"]
            codes = tuple(p.ubigeo for p in parents if p.region == region)
            narrowed = [p for p in found if codes and p.ubigeo.startswith(codes)]
            found = narrowed or found
            if any(p.level != "region" and p.region == region for p in found):
                found = [p for p in found if p.level != "region"]
        if region is not None:
            inside = [place for place in found if place.region == region]
            if found and not inside:
                return self._elsewhere(found, region)
            found = inside
        return self._choose(found, way.key, region, level) if found else None

    def _choose(self, found: list[Place], key: str, region: str | None, level: str | None) -> Match:
        regions = [place for place in found if place.level == "region"]
        if len(regions) == 1:
            note = None
            if len(found) > 1 and level is None:
                note = Message(
                    "'{name}' is a region and also a smaller place; it was taken for the region.",
                    name=regions[0].name,
                )
            elif key != key_of(regions[0].name):
                note = Message("This was counted in the region '{name}'.", name=regions[0].name)
            return Match(regions[0], note=note)
        if len({place.region for place in found}) == 1:
            for smaller in ("city", "province", "district"):
                same = [place for place in found if place.level == smaller]
                if same:
                    found = same
                    break
        if len(found) > 1:
            return self._ambiguous(found, ())
        place = found[0]
        others = [code for code in self.homonyms.get(key, ()) if code != place.region]
        if region is None and place.level == "city" and others and key not in self.decided:
            return self._ambiguous(found, tuple(others))
        note = None
        if key not in {key_of(place.name), key_of(place.name.split("(")[0])}:
            note = Message("This is another name of '{place}'.", place=self.label(place))
        elif region is None and others and place.level == "city":
            note = Message(
                "'{place}' was taken, although places in other regions bear the name too.",
                place=self.label(place),
            )
        return Match(place, note=note)

    def _ambiguous(self, found: list[Place], regions: tuple[str, ...]) -> Match:
        shown = [self.label(place) for place in found]
        if len({place.region for place in found}) == 1 and not regions:
            shown = [f"{self.label(place)} = {place.place_id}" for place in found]
        shown += [self.places[code].name for code in regions if code in self.places]
        fix = Message(
            "Say which with a region column or as in 'Santa Rosa (Loreto)', or write its ubigeo or"
            " place_id."
        )
        text = _listed(shown)
        if regions:
            return Match(
                None,
                Message(
                    "Places of this name lie in several regions: {candidates}.", candidates=text
                ),
                fix,
            )
        return Match(
            None,
            Message("{n} places bear this name: {candidates}.", n=len(found), candidates=text),
            fix,
        )

    def _elsewhere(self, found: list[Place], region: str) -> Match:
        above = self.places.get(region)
        return Match(
            None,
            Message(
                "In {region} no place of this name is known, but elsewhere: {candidates}.",
                region=above.name if above else region,
                candidates=_listed([self.label(place) for place in found]),
            ),
            Message("Mend the region or the name."),
        )

    def _no_level(self, known: tuple[Place, ...], level: Level) -> Match:
        return Match(
            None,
            Message(
                "This asks for {level}, but what is known by this name is: {candidates}.",
                level=LEVEL_WORDS[level],
                candidates=_listed(
                    [f"{self.label(place)}, {LEVEL_WORDS[place.level]}" for place in known]
                ),
            ),
            Message("Give a layer that holds the level, or write the place that is meant."),
        )

    def _from_geonames(self, name: str, within: str | None, kind: str | None) -> Match | None:
        """Return a city of GeoNames; only inside a region that was named."""
        if kind not in (None, "city"):
            return None
        for way in wanted_names(name):
            region = within
            if way.within:
                above = [p for p in self.index.get(way.within[-1], ()) if p.level == "region"]
                region = above[0].region if len(above) == 1 else None
            if region is None or way.level not in (None, "city"):
                continue
            try:
                cities = find_cities(way.key, region, layer=self.layer)
            except MissingExtraError as error:
                unknown = self._unknown(name, within, kind)
                return Match(
                    None,
                    unknown.reason,
                    Message("{fix} {extra}", fix=unknown.fix, extra=error.message),
                )
            found = [_from_city(city, region) for city in cities]
            if len(found) > 1:
                return self._ambiguous(found, ())
            if found:
                note = Message(
                    "'{place}' comes from GeoNames (CC BY 4.0).", place=self.label(found[0])
                )
                return Match(found[0], note=note)
        return None

    def _unknown(self, name: str, within: str | None, kind: str | None) -> Match:
        from rapidfuzz import fuzz, process

        wanted = words_of(name)
        choices = {
            (place.place_id, words_of(place.name)): words_of(place.name)
            for place in self.places.values()
            if (within is None or place.region == within) and (kind is None or place.level == kind)
        }
        close = process.extract(
            wanted, choices, scorer=fuzz.ratio, limit=_SHOWN, score_cutoff=_ALIKE
        )
        shown = _listed([self.label(self.places[place_id]) for _, _, (place_id, _) in close])
        reason = Message("This is not a known place.")
        if close:
            return Match(None, reason, Message("Nearest: {candidates}.", candidates=shown))
        return Match(
            None,
            reason,
            Message(
                "Nothing known looks like it. Write its region too, as in 'Santa Rosa (Loreto)', or"
                " add it to the table 'places'."
            ),
        )


def _listed(shown: list[str]) -> str:
    unique = list(dict.fromkeys(shown))
    text = "; ".join(unique[:_SHOWN])
    return f"{text}; ..." if len(unique) > _SHOWN else text


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
