"""What is said of the units of a layer: names, missing regions, vintage, parts that were joined."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..messages import Message
from ..places.gazetteer import (
    DIGITS,
    LIMA_CITY,
    LIMA_REST,
    Level,
    listed_regions,
    official_name,
    region_codes,
    spanish_title,
    unit_keys,
    unit_names,
)
from ..places.keys import key_of
from .units import LEVEL_WORDS, Units

if TYPE_CHECKING:
    from numpy.typing import NDArray

# A point in the port of Callao, in degrees east and north.
CALLAO = (-77.14, -12.06)
_CLUMSY = re.compile(" (?:De|Del|La|Las|Los|Y) ")


def best_name(units: Units, groups: Sequence[str], level: Level) -> dict[str, str]:
    """Return the name to show for each unit after joining.

    Regions under their official name; others as published, in small letters where they stood in
    capitals. Where one code bears two names, the one on INEI's list.
    """
    own = units.names if level == units.level else units.above.get(level, [""] * len(groups))
    named: dict[str, list[str]] = {}
    for group, name in zip(groups, own, strict=True):
        named.setdefault(group, []).append(name)
    return {code: _shown(code, names, level, known=units.known) for code, names in named.items()}


def _shown(code: str, names: Sequence[str], level: Level, *, known: bool) -> str:
    listed = official_name(code) if known else None
    if listed and level == "region":
        return listed
    given = [name for name in names if name]
    if not given:
        return listed or code
    wanted = unit_keys().get(code)
    name = next((one for one in given if key_of(one) == wanted), given[0])
    if listed and key_of(name) == wanted:
        joined = " " not in name and " " in listed
        if joined or name.isupper() or (name.isascii() and not listed.isascii()):
            return listed
    return spanish_title(name) if known and (name.isupper() or _CLUMSY.search(name)) else name


def coverage_notes(codes: Sequence[str], level: Level, *, known: bool) -> list[Message]:
    """Say which regions and provinces a layer lacks.

    Missing regions by name; for provinces how many of 196; where one part of Lima is missing.
    """
    regions = {code[:2] for code in codes}
    every = {code for code in region_codes() if len(code) == 2}
    notes = []
    if not known:
        notes.append(
            Message("No name is one of Peru's; the codes were taken as they are, for INEI's.")
        )
    elif missing := every - regions:
        notes.append(
            Message(
                "{n} of {all} regions; missing: {names}.",
                n=len(every & regions),
                all=len(every),
                names=listed_regions(missing),
            )
        )
    if level == "region" and len({LIMA_CITY, LIMA_REST} & set(codes)) == 1:
        notes.append(Message("Only one of the two parts of Lima is there."))
    if level == "province" and known:
        listed = {code for code in unit_names() if len(code) == 4 and code[:2] in regions}
        if lacking := sorted(listed - set(codes)):
            names = ", ".join(f"{code} {unit_names()[code]}" for code in lacking[:10])
            notes.append(Message("Provinces that the layer does not have: {names}.", names=names))
    return notes


def incomplete_notes(codes: Sequence[str], level: Level) -> list[Message]:
    """Say which units were joined from only some of their parts.

    Regions that lack provinces, and provinces that lack most of their districts.
    """
    digits = DIGITS[level] + 2
    parts = {code[:digits] for code in codes if len(code) >= digits}
    wholes = {code[: DIGITS[level]] for code in parts}
    lacking = []
    for whole in sorted(wholes):
        listed = sum(len(code) == digits and code.startswith(whole) for code in unit_names())
        there = sum(part.startswith(whole) for part in parts)
        if there < (listed if level == "region" else 0.6 * listed):
            lacking.append(f"{whole} {official_name(whole)} ({there}/{listed})")
    if not lacking:
        return []
    return [
        Message(
            "Joined from only some of their parts, so drawn smaller than they are: {units}",
            units="; ".join(lacking[:10]),
        )
    ]


def vintage(codes: Sequence[str]) -> tuple[str | None, list[Message]]:
    """Tell which division of Peru a layer of districts or provinces shows, by its codes.

    The years of the census or list that it goes with, and the sentence that says so; None for
    regions, which did not change, and for parts of the country.
    """
    units = {code for code in codes if len(code) > 2}
    if len({code[:2] for code in units}) < len(region_codes()) - 2:
        return None, []
    width = max(map(len, units))
    if width == DIGITS["province"]:
        years = "2014-" if "1608" in units else "2005-2014"
    else:
        years = "2007-2013" if len(units) < 1850 else "2017" if len(units) < 1885 else "2020-"
    return years, [
        Message("Division of {years}: {n} units.", years=years, n=len(units)),
    ]


def callao_notes(
    codes: list[str], names: dict[str, str], shapes: NDArray[np.object_]
) -> list[Message]:
    """Say which unit covers Callao where Callao is no unit of its own.

    At most one for each unit that covers it.
    """
    import shapely

    if any(code[:2] == "07" for code in codes):
        return []
    over = np.flatnonzero(shapely.contains_xy(shapes, *CALLAO))
    units = [f"{codes[at]} {names[codes[at]]}" for at in over]
    return [
        Message("Callao has no shape of its own; {unit} covers its place.", unit=unit)
        for unit in units
    ]


def merge_notes(units: Units, groups: list[str], level: Level) -> list[Message]:
    """Say which rows were joined: parts of one unit, or units of one larger unit.

    Empty where each row is a unit of its own.
    """
    if len(set(groups)) == len(groups):
        return []
    if level != units.level:
        return [
            Message(
                "{n} {finer} were joined by code into {m} {level}",
                n=len(groups),
                finer=LEVEL_WORDS[units.level],
                m=len(set(groups)),
                level=LEVEL_WORDS[level],
            )
        ]
    parts: dict[str, list[str]] = {}
    for group, name in zip(groups, units.names, strict=True):
        parts.setdefault(group, []).append(name)
    twice = {group: names for group, names in parts.items() if len(names) > 1}
    listed = "; ".join(
        f"{code} {' + '.join(dict.fromkeys(names[:4]))} ({len(names)})".replace("  ", " ")
        for code, names in list(twice.items())[:5]
    )
    return [
        Message("{n} unit(s) in several rows, joined by code: {units}", n=len(twice), units=listed)
    ]
