"""Names of Peru's provinces and districts, for places that no table or layer at hand holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from .codes import unit_names
from .keys import Level, key_of


class Unit(NamedTuple):
    """A province or district: INEI code, official name and level."""

    code: str
    name: str
    level: Level


def find_units(
    key: str, *, region: str | None, parent: str | None = None, level: str | None
) -> tuple[Unit, ...]:
    """Find the provinces and districts that bear a name.

    Parameters
    ----------
    key : str
        The name for comparing (see `key_of`).
    region : str or None
        Two-digit code of the region they must lie in.
    parent : str or None
        Key of the province they must lie in, if that is one of the region.
    level : {"province", "district"} or None
        Level they must have.

    Returns
    -------
    tuple of Unit
        In the order of their codes.
    """
    found = [
        unit
        for unit in _by_key().get(key, ())
        if (region is None or unit.code[:2] == region) and (level is None or unit.level == level)
    ]
    if parent is not None:
        above = {unit.code for unit in _by_key().get(parent, ()) if unit.level == "province"}
        found = [unit for unit in found if unit.code[:4] in above] or found
    return tuple(found)


def find_unit_by_code(code: str) -> Unit | None:
    """Return the province or district with an INEI code, or None."""
    name = unit_names().get(code)
    return None if name is None else Unit(code, name, "province" if len(code) == 4 else "district")


@cache
def _by_key() -> Mapping[str, tuple[Unit, ...]]:
    found: dict[str, list[Unit]] = defaultdict(list)
    for code, name in sorted(unit_names().items()):
        level: Level = "province" if len(code) == 4 else "district"
        found[key_of(name)].append(Unit(code, name, level))
    return {key: tuple(units) for key, units in found.items()}


def all_units() -> tuple[Unit, ...]:
    """Return all provinces and districts."""
    return tuple(unit for units in _by_key().values() for unit in units)


def is_unit_name(key: str) -> bool:
    """Tell whether a province or district bears a name (its key)."""
    return key in _by_key()
