"""Lists of districts of several years: which district of an older list a newer one was part of.

Every new district was carved out of others, so that counts by new districts can be brought to an
older list and nothing is lost; the other way round nothing tells how to share a count out.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Literal, NamedTuple

from .gazetteer import read_rows, unit_names

Vintage = Literal["2007", "2017", "current"]


class NewUnit(NamedTuple):
    """A district (or province) that is not on the list of a year: its code, and what it was in.

    ``parents`` has several codes where less than nine tenths of it lay in ``parent``.
    """

    code: str
    parent: str
    after: str
    parents: tuple[str, ...]


@cache
def new_units() -> dict[str, NewUnit]:
    """Return the units that are newer than INEI's list of 2007, by code."""
    return {
        row["inei"]: NewUnit(
            row["inei"], row["parent"], row["after"], tuple(row["parents"].split())
        )
        for row in read_rows("new_districts.csv")
    }


@cache
def _successors() -> dict[str, str]:
    """Return the codes that districts of 2007 bear today, where they got another."""
    found: dict[str, str] = {}
    for unit in new_units().values():
        if unit.parent in _GIVEN_UP:
            found.setdefault(unit.parent, unit.code)
    return found


# Putumayo and Teniente Manuel Clavero got codes of the new province 1608.
_GIVEN_UP = ("160109", "160114")


def older_code(code: str) -> str:
    """Return the unit that a newer one was carved out of, or "" for one of the list of 2007."""
    unit = new_units().get(code)
    return unit.parent if unit else ""


def newer_code(code: str) -> str:
    """Return the code that a district bears today, or "" if it kept its own."""
    return _successors().get(code, "")


def codes_of_other_years(code: str) -> tuple[str, ...]:
    """Return the codes under which other years count a district: its own of today, then older."""
    found = [newer] if (newer := newer_code(code)) else []
    while (older := older_code(code)) and older not in found:
        found.append(code := older)
    return tuple(found)


def to_vintage(codes: Iterable[str], vintage: Vintage) -> list[str]:
    """Bring codes of districts to INEI's list of a year; counts added up by them keep their sum.

    ``current`` is the list in `unit_names`. A code of no list stays as it is.
    """
    brought = []
    for code in codes:
        known = newer_code(code) or code if vintage != "2007" else code
        while (unit := new_units().get(known)) and vintage <= unit.after:
            known = unit.parent
        brought.append(known)
    return brought


def listed_units(vintage: Vintage) -> frozenset[str]:
    """Return the codes of the districts on the list of a year."""
    return frozenset(to_vintage((code for code in unit_names() if len(code) == 6), vintage))
