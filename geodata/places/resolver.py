"""From a name or code as printed to one place: the one resolver of all readers.

Names are compared without accents, case, punctuation and blanks. A name that several places bear is
decided by the region given beside it, never by luck. A bare name that is both a region and its city
(Puno, Cusco, Lima) is the region unless ``kind="city"`` asks for the city.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from ..errors import MissingExtraError, UnknownPlaceError, clip, suggestion
from ..messages import Message
from ..words import is_abroad, is_area, is_country, is_not_given, total_of, words_of
from .codes import code_of, digits_of
from .gazetteer import (
    LEVEL_WORDS,
    LIMA,
    LIMA_CITY,
    LIMA_REST,
    SHOWN,
    Court,
    Place,
    Unit,
    all_units,
    find_cities,
    find_unit_by_code,
    find_units,
    homonyms,
    label_of,
    listed,
    place_of_city,
    place_of_unit,
    region_keys,
    spellings_of,
)
from .keys import (
    LONGEST_NAME,
    PlaceLevel,
    WantedName,
    clean_place,
    court_name,
    find_loosely,
    has_lost_letters,
    key_of,
    wanted_names,
)

if TYPE_CHECKING:
    import geopandas as gpd

MatchKind = Literal[
    "place", "total", "subtotal", "country", "unstated", "blank", "abroad", "area", "several",
    "unknown",
]  # fmt: skip
# The half of the region of Lima that a name means; "some" is a smaller part of any region.
Part = Literal["", "city", "rest", "some"]
COURT_KINDS = ("judicial_district", "fiscal_district")

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
    "provinces and districts were counted in the larger unit, because no layer says where they lie"
)
INEI_CODES = Message("codes were read as INEI codes")
RENIEC_CODES = Message("codes are RENIEC's, as the names beside them show; the names were used")
FROM_GEONAMES = Message("cities come from GeoNames (CC BY 4.0)")
READ_LOOSELY = Message("damaged or shortened names were understood")

_WHICH = Message(
    "Say which with a region column or as in 'Santa Rosa (Loreto)', or write its ubigeo or"
    " place_id."
)
_ALIKE = 72
_LONGEST_COMPARED = 80
PARTS_OF_LIMA: dict[str, Part] = {LIMA_CITY: "city", LIMA_REST: "rest"}


@dataclass(frozen=True)
class Match:
    """What became of a name: a place (perhaps with a note), a label of something else, or nothing.

    Parameters
    ----------
    kind : str
        ``place``; ``total`` of all places, ``subtotal`` of one, the whole ``country``; ``unstated``
        for ``n.d.`` and ``otros``, ``blank`` for no text; ``abroad`` and ``area``; ``several``
        places bear the name; ``unknown``.
    key : str
        Equal for two names of one place.
    ubigeo : str
        Code of the place; empty where there is none.
    part : {"", "city", "rest", "some"}
        The part of the region that the name means, where it was counted in the region.
    place : Place or None
        The place; None also for a judicial or fiscal district, which is only a key and a region.
    reason, fix : Message
        Why the name means no place, and what to do.
    note : Message or None
        What must be said of the reading; the same text for all names read in the same way.
    about : str
        What the note is about, from the tables of places, never from the file.
    """

    kind: MatchKind = "unknown"
    key: str = ""
    ubigeo: str = ""
    part: Part = ""
    place: Place | None = field(default=None, compare=False)
    reason: Message = field(default_factory=Message, compare=False)
    fix: Message = field(default_factory=Message, compare=False)
    note: Message | None = field(default=None, compare=False)
    about: str = field(default="", compare=False)


def found_place(
    place: Place, note: Message | None = None, about: str = "", part: Part = ""
) -> Match:
    """Return that a name means a place."""
    return Match("place", place.place_id, place.ubigeo, part, place, note=note, about=about)


def refused(reason: Message, fix: Message, kind: MatchKind = "unknown") -> Match:
    """Return that a name means no place, and why."""
    return Match(kind, reason=reason, fix=fix)


@dataclass(frozen=True)
class Resolver:
    """Finds the place a name means; made by `build_resolver`.

    Parameters
    ----------
    places : mapping of str to Place
        All places known, by id.
    index : mapping of str to tuple of Place
        Places by the key of each of their names.
    decided : frozenset of str
        Keys of names that mean one place although others bear them.
    partial : frozenset of str
        Keys of names for a part of a region that are counted in it.
    courts : mapping of str to Court
        Judicial and fiscal districts by key.
    layer : GeoDataFrame or None
        Regions, to place cities of GeoNames.
    """

    places: Mapping[str, Place]
    index: Mapping[str, tuple[Place, ...]]
    decided: frozenset[str]
    partial: frozenset[str]
    courts: Mapping[str, Court] = field(default_factory=dict, repr=False)
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
            As in `resolve`; ``judicial_district`` and ``fiscal_district`` are kinds too.

        Returns
        -------
        Match
            The place, or the reason why there is none and what to do.
        """
        found = self.find(name, region=region, kind=kind)
        if found.kind == "place" or found.reason.text:
            return found
        within = self.find(region, kind="region").ubigeo if region and region.strip() else None
        return _explained(self, found, clean_place(name), within, kind)

    def find(
        self,
        name: str,
        *,
        region: str | None = None,
        kind: str | None = None,
        whole: bool = False,
    ) -> Match:
        """Return what a name means, as `match` does, without looking for what to do about it.

        ``whole`` asks for the unit itself: a part of a region is then not known, because its count
        is not the region's.
        """
        plain = clean_place(name)
        if not plain or len(plain) > LONGEST_NAME:
            return Match("unknown" if plain else "blank")
        if kind in COURT_KINDS:
            return self._find_court(plain)
        within: str | None = None
        if region is not None and region.strip():
            found = self.match(region, kind="region")
            if found.place is None:
                reason = Message("Its region '{region}' is not known.", region=clip(region))
                return refused(reason, found.fix)
            within = found.place.region
        match = self._find_any(plain, within, kind)
        return Match() if whole and match.part == "some" else match

    def _find_any(self, name: str, within: str | None, kind: str | None) -> Match:
        if coded := self._find_code(name, within, kind):
            return coded
        if has_lost_letters(name):
            return _read_loosely(self, name, within, kind) or Match()
        refusals: list[Match] = []
        for way in wanted_names(name):
            level = way.level or kind
            if level is not None and kind is not None and level != kind:
                continue
            tried = self._find_way(way, within, level)
            if tried is not None and tried.place is not None:
                return tried
            refusals += [tried] if tried is not None else []
        # Labels come after names: a region may well be called "Norte", a total never "Puno".
        if label := self._find_label(name, kind):
            return label
        if several := next((match for match in refusals if match.kind == "several"), None):
            return several
        for fallback in (_from_geonames, _from_units, _read_loosely):
            other = fallback(self, name, within, kind)
            if other is not None and other.place is not None:
                return other
            refusals += [other] if other is not None else []
        if refusals:
            return refusals[0]
        return Match("abroad" if is_abroad(name) else "area" if is_area(name) else "unknown")

    def _find_label(self, name: str, kind: str | None) -> Match | None:
        """Return the total, the country or the rest that a label means."""
        if is_country(name):
            return Match("country")
        if (of := total_of(name)) is not None:
            inner = self.find(of, kind=kind) if of else Match()
            return replace(inner, kind="subtotal") if inner.kind == "place" else Match("total")
        return Match("unstated") if is_not_given(name) else None

    def _find_court(self, name: str) -> Match:
        """Return the judicial or fiscal district that a name means, or the label it is."""
        words = words_of(name)
        keys = [key_of(name), key_of(court_name(words))]
        keys += [way.key for way in wanted_names(name) if not way.within]
        court = next((found for key in keys if (found := self.courts.get(key))), None)
        if court is None:
            if label := self._find_label(name, COURT_KINDS[0]):
                return label
            known = {words_of(one.name): one for one in self.courts.values()}
            read = find_loosely(name, known)
            if len(read) != 1:
                return Match()
            court = known[read[0]]
            note, about = READ_LOOSELY, court.name
        else:
            note, about = None, ""
        return Match("place", court.canonical, court.ubigeo, note=note, about=about)

    @cached_property
    def region_names(self) -> Mapping[str, str]:
        """Names of the regions by their code."""
        return {p.ubigeo: p.name for p in self.places.values() if p.level == "region"}

    def with_units(self, kind: str | None) -> Resolver:
        """Return a resolver that also knows all provinces (and districts), where ``kind`` asks so.

        They have no point: a layer must say where they lie, or they are counted in their region.
        """
        digits = [4, 6][: {"province": 1, "district": 2}.get(kind or "", 0)]
        units = [unit for unit in all_units() if len(unit.code) in digits]
        if not units or self.knows(str(kind)):
            return self
        return _with_units(self, tuple(unit for unit in units if unit.code not in self.places))

    def names_region(self, name: str) -> bool:
        """Tell whether a text is the name of a region: a bare code is none, it may be a count."""
        return code_of(name) is None and self.find(name, kind="region", whole=True).kind == "place"

    def names_court(self, name: str) -> bool:
        """Tell whether a text is the name of a judicial or fiscal district."""
        return self.find(name, kind=COURT_KINDS[0]).kind == "place"

    @cached_property
    def _names(self) -> Mapping[str, Mapping[str, str]]:
        """Names of all places and units by level ("" for any), by their words."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        known = [(p.name.split("(")[0].strip(), p.level) for p in self.places.values()]
        for name, level in (*known, *((unit.name, unit.level) for unit in all_units())):
            for group in ("", level):
                found[group].setdefault(words_of(name), name)
        return found

    def names(self, kind: str | None) -> Mapping[str, str]:
        """Return the names of the places of a level (None for any) by their words."""
        return self._names.get(kind or "", {})

    @cached_property
    def shown(self) -> Mapping[str, tuple[str, str, str, bool]]:
        """What may be offered, by label: words, region, level, and whether no table holds it."""
        found: dict[str, tuple[str, str, str, bool]] = {}
        had: set[tuple[str, str]] = set()
        for place in self.places.values():
            words = words_of(place.name)
            found.setdefault(self.label(place), (words, place.region, place.level, False))
            had.add((words, place.region))
        for unit in all_units():
            words, region = words_of(unit.name), unit.code[:2]
            if (words, region) not in had:
                found[self.label_of_unit(unit)] = (words, region, unit.level, True)
                had.add((words, region))
        return found

    def hint(self, name: str, *, within: str | None = None, kind: str | None = None) -> Message:
        """Return what an unknown name may be; an empty message where nothing comes near."""
        plain = clean_place(name)[:LONGEST_NAME]
        words = set(words_of(plain).split())
        if {"lima", "callao"} <= words and kind not in COURT_KINDS:
            return Message(
                "It is one count for two regions, which cannot be shared out. Use a table that"
                " gives Lima and Callao apart."
            )
        if kind == "region":
            if key_of(plain) in self.partial:
                return Message("It is a part of a region, and its count is not the region's.")
            for way in wanted_names(plain):
                if units := find_units(way.key):
                    level = units[0].level
                    above = dict.fromkeys(unit.code[:2] for unit in units if unit.level == level)
                    regions = [self.region_names.get(code, code) for code in above]
                    return Message(_OF_REGIONS[level].text, regions=listed(regions))
            if self.names_court(plain):
                return Message(
                    "It is a judicial or fiscal district: say so with unit='fiscal_district'."
                )
        if kind in COURT_KINDS:
            return suggestion(plain, [court.name for court in self.courts.values()])
        near = _nearest(self, words_of(plain), within, kind)
        if len(near) == 1 and kind == "region":
            return Message("Did you mean '{candidate}'?", candidate=near[0])
        return Message("Nearest: {candidates}.", candidates=listed(near)) if near else Message()

    def nearest(self, name: str) -> tuple[str, ...]:
        """Return names of known places that look most like an unknown one."""
        return tuple(_nearest(self, words_of(clean_place(name)[:LONGEST_NAME]), None, None))

    def region_key(self, key: str) -> str | None:
        """Return the code of the one region that bears a name (its key), or None."""
        found = {place.region for place in self.index.get(key, ()) if place.level == "region"}
        return found.pop() if len(found) == 1 else None

    def knows(self, level: str) -> bool:
        """Tell whether any place of a level is known."""
        return any(place.level == level for place in self.places.values())

    def label(self, place: Place) -> str:
        """Return the name of a place with its region: ``Santa Rosa (Loreto)``."""
        return label_of(place, self.places)

    def label_of_unit(self, unit: Unit) -> str:
        """Return the name of a province or district with its region and code."""
        above = self.places.get(unit.code[:2])
        return f"{unit.name} ({above.name if above else unit.code[:2]}, {unit.code})"

    def _find_code(self, name: str, within: str | None, kind: str | None) -> Match | None:
        exact = self.places.get(name)
        part: Part = ""
        if exact is None or exact.level == "city":
            code = code_of(name)
            if code is None and (exact is None or words_of(exact.name) == words_of(name)):
                return None
            exact = exact or self.places.get(code or "")
            if exact is None and code in PARTS_OF_LIMA and kind in (None, "region"):
                exact, part = self.places.get(LIMA), PARTS_OF_LIMA[code]
            if exact is None and (unit := self._unit_of_code(code or "", within)):
                return unit
            if exact is None:
                return refused(
                    Message("No region, province or district with this code is known."),
                    Message("Give a layer that holds it, or write the name."),
                )
        if (within and exact.region != within) or (kind and exact.level != kind):
            return refused(
                Message("This code is '{place}'.", place=self.label(exact)),
                Message("Mend the code, its region or its level."),
            )
        coded = digits_of(name) is not None and exact.level != "city"
        note = IN_REGION if part else INEI_CODES if coded else None
        return found_place(exact, note, self.label(exact), part)

    def _unit_of_code(self, code: str, within: str | None) -> Match | None:
        """Return the unit known that holds the province or district with an INEI code."""
        unit = find_unit_by_code(code)
        above = self.places.get(code[:4]) or self.places.get(code[:2])
        if unit is None or above is None or (within and above.region != within):
            return None
        return found_place(above, COARSER, self.label_of_unit(unit))

    def _find_way(self, way: WantedName, within: str | None, level: str | None) -> Match | None:
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
            part = PARTS_OF_LIMA.get(region_keys().get(key, ""), "")
            if key in self.partial:
                part = "some"
            note = None
            if len(found) > 1 and level is None:
                note = AS_REGION
            elif key != key_of(regions[0].name):
                note = IN_REGION
            return found_place(regions[0], note, regions[0].name, part)
        if len({place.region for place in found}) == 1:
            for smaller in ("city", "province", "district"):
                same = [place for place in found if place.level == smaller]
                if same:
                    found = same
                    break
        if len(found) > 1:
            return self.ambiguous(found, ())
        place = found[0]
        others = [code for code in homonyms().get(key, ()) if code != place.region]
        if region is None and place.level == "city" and others and key not in self.decided:
            return self.ambiguous(found, tuple(others))
        note = None
        if key not in {key_of(place.name), key_of(place.name.split("(")[0])}:
            note = OTHER_NAME
        elif region is None and others and place.level == "city":
            note = BETTER_KNOWN
        return found_place(place, note, self.label(place))

    def ambiguous(self, found: list[Place], regions: tuple[str, ...]) -> Match:
        """Refuse a name that several places bear, or places of further regions (their codes)."""
        shown = [self.label(place) for place in found]
        if len({place.region for place in found}) == 1 and not regions:
            shown = [f"{self.label(place)} = {place.place_id}" for place in found]
        shown += [self.places[code].name for code in regions if code in self.places]
        text = listed(shown)
        reason = Message("{n} places bear this name: {candidates}.", n=len(found), candidates=text)
        if regions:
            reason = Message(
                "Places of this name lie in several regions: {candidates}.", candidates=text
            )
        return refused(reason, _WHICH, "several")

    def _elsewhere(self, found: list[Place], region: str) -> Match:
        above = self.places.get(region)
        return refused(
            Message(
                "In {region} no place of this name is known, but elsewhere: {candidates}.",
                region=above.name if above else region,
                candidates=listed([self.label(place) for place in found]),
            ),
            Message("Mend the region or the name."),
        )

    def _no_level(self, known: tuple[Place, ...], level: PlaceLevel) -> Match:
        shown = [f"{self.label(place)}, {LEVEL_WORDS[place.level]}" for place in known]
        return refused(
            Message(
                "This asks for {level}, but what is known by this name is: {candidates}.",
                level=LEVEL_WORDS[level],
                candidates=listed(shown),
            ),
            Message("Give a layer that holds the level, or write the place that is meant."),
        )


# What a name can mean that no table at hand bears: a city, a unit, a damaged name


def _from_geonames(
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
            if find_units(way.key, region=region):
                return None
            nothing = _explained(resolver, Match(), name, within, kind)
            fix = Message("{fix} {extra}", fix=nothing.fix, extra=error.message)
            return replace(nothing, fix=fix)
        found = [place_of_city(city, region) for city in cities]
        if len(found) > 1:
            return resolver.ambiguous(found, ())
        if found:
            return found_place(found[0], FROM_GEONAMES, resolver.label(found[0]))
    return None


def _from_units(
    resolver: Resolver, name: str, within: str | None, kind: str | None
) -> Match | None:
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
            return _region_of(resolver, units, "" if region else way.key)
    return None


def _region_of(resolver: Resolver, units: tuple[Unit, ...], key: str) -> Match:
    codes = {unit.code[:4] if unit.code[:4] in resolver.places else unit.code[:2] for unit in units}
    held = {code[:2] for code in codes}
    codes |= {code for code in homonyms().get(key, ()) if code not in held}
    above = [resolver.places[code] for code in sorted(codes) if code in resolver.places]
    if len(above) == 1:
        return found_place(above[0], COARSER, resolver.label_of_unit(units[0]))
    shown = [resolver.label_of_unit(unit) for unit in units]
    shown += [place.name for place in above if place.region not in {u.code[:2] for u in units}]
    return refused(
        Message("{n} places bear this name: {candidates}.", n=len(shown), candidates=listed(shown)),
        Message(
            "Say which with a region column or as in 'Santa Rosa (Loreto)', or write its ubigeo."
        ),
        "several",
    )


def _read_loosely(
    resolver: Resolver, name: str, within: str | None, kind: str | None
) -> Match | None:
    """Return what a damaged or shortened name stands for, if that is one name only."""
    known = resolver.names(kind)
    if kind is None and not has_lost_letters(name):
        # "Ayac." is the region, though a district may begin so too; what is damaged can be any.
        regions = find_loosely(name, resolver.names("region"))
        known = resolver.names("region") if len(regions) == 1 else known
    found = [known[words] for words in find_loosely(name, known)]
    if not found:
        return None
    read = [resolver.find(one, region=within, kind=kind) for one in found]
    ids = {match.place.place_id for match in read if match.place is not None}
    if len(ids) == 1 and all(match.place is not None for match in read):
        place = resolver.places[ids.pop()]
        shown = found[0] if len(found) == 1 else resolver.label(place)
        about = shown if read[0].note is not COARSER else read[0].about
        return found_place(place, READ_LOOSELY, about)
    if len(found) == 1:
        return read[0]
    return refused(
        Message("This can stand for several names: {candidates}.", candidates=listed(found)),
        Message("Write the name in full."),
    )


# Why a name means nothing, and what to do


def _explained(
    resolver: Resolver, match: Match, name: str, within: str | None, kind: str | None
) -> Match:
    """Return a match with the reason why there is no place, and the nearest names."""
    reason, fix = _REASONS.get(match.kind, (NOT_KNOWN, _WRITE_REGION))
    if match.kind == "unknown":
        hint = resolver.hint(name, within=within, kind=kind)
        fix = hint if hint.text else _ADD_IT
    return replace(match, reason=reason, fix=fix)


NOT_KNOWN = Message("This is not a known place.")
_LEAVE_OUT = Message("Write the region, or leave such rows out with allow_unmatched=True.")
_WRITE_REGION = Message("Every row needs a value here.")
_ADD_IT = Message(
    "Nothing known looks like it. Write its region too, as in 'Santa Rosa (Loreto)', or add"
    " it to the table 'places' of your study and name that with --study."
)
_REASONS: dict[str, tuple[Message, Message]] = {
    "country": (Message("This is the whole country, not a place in it."), _LEAVE_OUT),
    "total": (Message("This is a total, or the whole country, not a place."), _LEAVE_OUT),
    "subtotal": (Message("This is a total, or the whole country, not a place."), _LEAVE_OUT),
    "unstated": (Message("No place is given."), _WRITE_REGION),
    "blank": (Message("No place is given."), _WRITE_REGION),
    "abroad": (
        Message("This lies abroad, and the study has no such place."),
        Message(
            "Add it to the table 'places' of your study and name that with --study, or leave such"
            " rows out with allow_unmatched=True."
        ),
    ),
    "area": (
        Message("This is an area, and the study has no such area."),
        Message(
            "Write the region or the city, or add the area to the table 'places' of your study with"
            " kind 'area' and name that with --study."
        ),
    ),
}
_OF_REGIONS = {
    "province": Message("It is a province of {regions}: write the region."),
    "district": Message("It is a district of {regions}: write the region."),
}


def _nearest(resolver: Resolver, wanted: str, within: str | None, kind: str | None) -> list[str]:
    from rapidfuzz import fuzz, process

    levels = {None: None, "region": ("region", "province", "district")}.get(kind, (kind,))
    choices = {
        shown: words
        for shown, (words, region, level, unit) in resolver.shown.items()
        if within in (None, region)
        and (levels is None or level in levels or (unit and kind == "city"))
    }
    wanted = wanted[:_LONGEST_COMPARED]
    close = process.extract(wanted, choices, scorer=fuzz.ratio, limit=SHOWN, score_cutoff=_ALIKE)
    best = max((score for _, score, _ in close), default=0)
    near = [shown for _, score, shown in close if score >= best - 12]
    if kind == "region" and near and resolver.shown[near[0]][2] == "region":
        return [shown for shown in near if resolver.shown[shown][2] == "region"]
    return near


def _with_units(resolver: Resolver, units: tuple[Unit, ...]) -> Resolver:
    places = dict(resolver.places)
    index = dict(resolver.index)
    for unit in units:
        place = places[unit.code] = place_of_unit(unit.code, unit.name, "list")
        for key in {key_of(unit.name), *spellings_of(key_of(unit.name))}:
            index[key] = (*index.get(key, ()), place)
    return replace(resolver, places=places, index=index)
