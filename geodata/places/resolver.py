"""From a name as printed to one place: regions, provinces, districts, cities and areas.

Names are compared without accents, case, punctuation and blanks. A name that several places bear is
decided by the region given beside it, never by luck. A bare name that is both a region and its city
(Puno, Cusco, Lima) is the region unless ``kind="city"`` asks for the city.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ..errors import UnknownPlaceError, clip
from ..messages import Message
from .fallbacks import (
    from_geonames,
    from_units,
    names_in_words,
    read_loosely,
    shown_names,
    unit_of_code,
    unknown,
)
from .keys import Level, WantedName, code_of, key_of, wanted_names, words_of
from .loose import has_lost_letters
from .place import (
    AS_REGION,
    BETTER_KNOWN,
    IN_REGION,
    INEI_CODES,
    LEVEL_WORDS,
    OTHER_NAME,
    Match,
    Place,
    label_of,
    listed,
)

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Match", "Place", "Resolver"]


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
        if has_lost_letters(name):
            read = read_loosely(self, name, within, kind)
            return read or unknown(self, name, within, kind)
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
        if several := next((match for match in reasons if match.several), None):
            return several
        for fallback in (from_geonames, from_units, read_loosely):
            other = fallback(self, name, within, kind)
            if other is not None and other.place is not None:
                return other
            if other is not None:
                reasons.append(other)
        return reasons[0] if reasons else unknown(self, name, within, kind)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """All names of places and units by their words."""
        return names_in_words(self)

    @cached_property
    def shown(self) -> Mapping[str, tuple[str, str, str, bool]]:
        """What may be offered for a name that is not known (see `shown_names`)."""
        return shown_names(self)

    def region_key(self, key: str) -> str | None:
        """Return the code of the one region that bears a name, or None.

        Parameters
        ----------
        key : str
            A name as the index writes it (folded).

        Returns
        -------
        str or None
            Two digits of the ubigeo; None if no region or several bear the name.
        """
        found = {place.region for place in self.index.get(key, ()) if place.level == "region"}
        return found.pop() if len(found) == 1 else None

    def knows(self, level: str) -> bool:
        """Tell whether any place of a level is known.

        Parameters
        ----------
        level : str
            ``"region"``, ``"province"``, ``"district"``, ``"city"`` or ``"area"``.

        Returns
        -------
        bool
            Whether there is any.
        """
        return any(place.level == level for place in self.places.values())

    def label(self, place: Place) -> str:
        """Return the name of a place with its region, so that homonyms differ.

        Parameters
        ----------
        place : Place
            A place of this resolver.

        Returns
        -------
        str
            For example ``"Santa Rosa (Loreto)"``.
        """
        return label_of(place, self.places)

    def _match_code(self, name: str, within: str | None, kind: str | None) -> Match | None:
        exact = self.places.get(name.strip())
        if exact is None or exact.level == "city":
            code = code_of(name)
            if code is None and (exact is None or words_of(exact.name) == words_of(name)):
                return None
            exact = exact or self.places.get(code or "")
            if exact is None and (unit := unit_of_code(self, code or "", within, kind)):
                return unit
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
        coded = name.strip()[-1:].isdigit() and exact.level != "city"
        return Match(exact, note=INEI_CODES if coded else None, about=self.label(exact))

    def _match_way(self, way: WantedName, within: str | None, level: str | None) -> Match | None:
        """Return the outcome for one way of reading a name, or None if nothing bears it."""
        known = self.index.get(way.key, ())
        found = [place for place in known if level is None or place.level == level]
        if not found and known and way.level:
            return self._no_level(known, way.level)
        region = within
        if way.within:
            region = self.region_key(way.within[-1])
            if region is None or (within and within != region):
                return None
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
                note = AS_REGION
            elif key != key_of(regions[0].name):
                note = IN_REGION
            return Match(regions[0], note=note, about=regions[0].name)
        if len({place.region for place in found}) == 1:
            for smaller in ("city", "province", "district"):
                same = [place for place in found if place.level == smaller]
                if same:
                    found = same
                    break
        if len(found) > 1:
            return self.ambiguous(found, ())
        place = found[0]
        others = [code for code in self.homonyms.get(key, ()) if code != place.region]
        if region is None and place.level == "city" and others and key not in self.decided:
            return self.ambiguous(found, tuple(others))
        note = None
        if key not in {key_of(place.name), key_of(place.name.split("(")[0])}:
            note = OTHER_NAME
        elif region is None and others and place.level == "city":
            note = BETTER_KNOWN
        return Match(place, note=note, about=self.label(place))

    def ambiguous(self, found: list[Place], regions: tuple[str, ...]) -> Match:
        """Refuse a name that several places bear.

        Parameters
        ----------
        found : list of Place
            The places that bear the name.
        regions : tuple of str
            Codes of regions that bear it too.

        Returns
        -------
        Match
            No place, with the reason and the candidates.
        """
        shown = [self.label(place) for place in found]
        if len({place.region for place in found}) == 1 and not regions:
            shown = [f"{self.label(place)} = {place.place_id}" for place in found]
        shown += [self.places[code].name for code in regions if code in self.places]
        fix = Message(
            "Say which with a region column or as in 'Santa Rosa (Loreto)', or write its ubigeo or"
            " place_id."
        )
        text = listed(shown)
        if regions:
            return Match(
                None,
                Message(
                    "Places of this name lie in several regions: {candidates}.", candidates=text
                ),
                fix,
                several=True,
            )
        return Match(
            None,
            Message("{n} places bear this name: {candidates}.", n=len(found), candidates=text),
            fix,
            several=True,
        )

    def _elsewhere(self, found: list[Place], region: str) -> Match:
        above = self.places.get(region)
        return Match(
            None,
            Message(
                "In {region} no place of this name is known, but elsewhere: {candidates}.",
                region=above.name if above else region,
                candidates=listed([self.label(place) for place in found]),
            ),
            Message("Mend the region or the name."),
        )

    def _no_level(self, known: tuple[Place, ...], level: Level) -> Match:
        return Match(
            None,
            Message(
                "This asks for {level}, but what is known by this name is: {candidates}.",
                level=LEVEL_WORDS[level],
                candidates=listed(
                    [f"{self.label(place)}, {LEVEL_WORDS[place.level]}" for place in known]
                ),
            ),
            Message("Give a layer that holds the level, or write the place that is meant."),
        )
