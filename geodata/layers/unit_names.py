"""INEI's code of units that a layer gives by name only, and the two parts of Lima."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from ..account import LeftOut
from ..errors import Fault, TableError, suggestion
from ..messages import Message
from ..places.build import find_region
from ..places.gazetteer import (
    LIMA_CITY,
    LIMA_REST,
    Level,
    find_unit,
    official_name,
    unit_names,
)
from ..places.keys import key_of
from .unit_columns import Columns
from .units import Cells, Units

# How alike two names inside one province must be, where nothing else comes near.
ALIKE = 0.72
SHORTEST_START = 5


def said_regions(cells: Columns) -> list[str | None]:
    """Return the region that the name of each row, or of the region above it, says.

    INEI codes; 1501 and 1599 for the parts of Lima.
    """
    names = cells.names if cells.level == "region" else cells.above.get("region")
    known = {name: find_region(name) if name else None for name in set(names or ())}
    return [known[name] for name in names] if names else [None] * len(cells.names)


def named(cells: Columns, said: list[str | None], at: int) -> str | None:
    """Return the code that names alone give a row.

    INEI code; None if no unit, or more than one, has the name.
    """
    if cells.level == "region":
        return said[at]
    return find_unit(cells.names[at], cells.level, within=_within(cells, said, at))


def _within(cells: Columns, said: list[str | None], at: int) -> str:
    region = (said[at] or "")[:2]
    if cells.level == "district" and "province" in cells.above and cells.above["province"][at]:
        return find_unit(cells.above["province"][at], "province", within=region) or region
    return region


def by_name(cells: Columns, said: list[str | None], file: str, allow: bool) -> Units:
    """Tell the units of a layer without codes by their names alone.

    Rows without a name have an empty code; so have those whose name is that of no unit or of more
    than one, where ``allow`` is True, else they are refused.
    """
    codes = [named(cells, said, at) for at in range(len(cells.names))]
    if cells.level == "region":
        codes = parts_of_lima(codes, said)
    codes, mended = _misspelt(codes, cells, said)
    faults = {
        at: _fault(cells, said, at)
        for at, code in enumerate(codes)
        if code is None and cells.names[at]
    }
    cells, left = leave_out(cells, faults, file, allow)
    return Units(
        level=cells.level,
        codes=[code or "" for code in codes],
        names=cells.names,
        above=cells.above,
        certain=np.array([code is not None for code in codes]),
        rows=np.array(cells.rows),
        why=(Message("Units told by the names in column {column}.", column=cells.name_column),),
        mended=tuple(mended),
        left_out=tuple(left),
    )


def leave_out(
    cells: Columns, faults: Mapping[int, Fault], file: str, allow: bool
) -> tuple[Columns, list[LeftOut]]:
    """Blank the rows that are no unit of Peru and name them, where that is allowed; else refuse.

    A layer with no unit that is known is refused either way: it is another country's, or its
    columns were misread.
    """
    if not faults:
        return cells, []
    rest = sum(bool(name or code) for name, code in zip(cells.names, cells.codes, strict=True))
    if not allow or len(faults) == rest:
        said = [
            replace(
                fault,
                fix=Message("{fix} Or leave such rows out with allow_unmatched=True.",
                            fix=fault.fix),
            )
            for fault in faults.values()
        ]  # fmt: skip
        raise TableError("regions", file, said)
    pairs = ((cells.raw[at].strip(), cells.names[at]) for at in list(faults)[:20])
    shown = tuple(" ".join(filter(None, dict.fromkeys(pair))) for pair in pairs)
    rows = range(len(cells.names))
    blank = replace(
        cells,
        codes=[None if at in faults else cells.codes[at] for at in rows],
        names=["" if at in faults else cells.names[at] for at in rows],
        raw=["" if at in faults else cells.raw[at] for at in rows],
    )
    return blank, [LeftOut(Message("that are no unit of Peru"), len(faults), examples=shown)]


def _misspelt(
    codes: list[str | None], cells: Columns, said: list[str | None]
) -> tuple[list[str | None], list[Message]]:
    """Find damaged or older names inside a known province, among the units no row has yet."""
    taken = set(codes)
    found, mended = list(codes), []
    for at, code in enumerate(codes):
        within = _within(cells, said, at) if code is None and cells.names[at] else ""
        if cells.level != "district" or len(within) != 4:
            continue
        free = {
            key_of(name): unit
            for unit, name in unit_names().items()
            if len(unit) == 6 and unit[:4] == within and unit not in taken
        }
        near = _alike(key_of(cells.names[at]), list(free))
        if len(near) != 1:
            continue
        unit = free[near[0]]
        found[at] = unit
        mended.append(
            Message(
                "row {row}: '{name}' was read as {code} {listed}, the only district left in its"
                " province that looks like it",
                row=cells.rows[at],
                name=cells.names[at],
                code=unit,
                listed=official_name(unit),
            )
        )
    twice = {unit for unit in found if unit and found.count(unit) > codes.count(unit) + 1}
    if twice:
        return codes, []
    return found, mended


def _alike(key: str, free: Sequence[str]) -> list[str]:
    """Return the names that begin with this one or it with them, else those nearly like it."""
    longer = [one for one in free if min(len(one), len(key)) >= SHORTEST_START
              and (one.startswith(key) or key.startswith(one))]  # fmt: skip
    return longer or difflib.get_close_matches(key, free, n=2, cutoff=ALIKE)


def _fault(cells: Columns, said: list[str | None], at: int) -> Fault:
    name = cells.names[at]
    if cells.level == "region":
        reason, fix = Message("This is no region."), suggestion(name, _official("region"))
    elif any(key_of(name) == key_of(one) for one in _official(cells.level)):
        reason = Message("More than one unit has this name.")
        fix = Message("Add a column with ubigeo codes, or with the names of the units above.")
    else:
        reason = Message("No unit has this name.")
        fix = suggestion(name, _official(cells.level, (said[at] or "")[:2]))
    return Fault(cells.rows[at], cells.name_column, name, reason, fix)


def _official(level: Level, region: str = "") -> Cells:
    if level == "region":
        return [official_name(f"{number:02}") or "" for number in range(1, 26)]
    digits = 4 if level == "province" else 6
    return [
        name
        for code, name in unit_names().items()
        if len(code) == digits and code.startswith(region)
    ]


def parts_of_lima(codes: list[str | None], said: list[str | None]) -> list[str | None]:
    """Tell the city of Lima from the rest, where a layer of regions has both.

    The codes, with 1501 and 1599 for two parts of Lima, or 15 where there is but one.
    """
    parts = [
        name if code and code[:2] == "15" and name in (LIMA_CITY, LIMA_REST) else code
        for code, name in zip(codes, said, strict=True)
    ]
    if LIMA_CITY in parts:
        return [LIMA_REST if code == "15" else code for code in parts]
    if LIMA_REST in parts:
        plain = parts.count("15") > 0
        return [LIMA_CITY if code == "15" else "15" if not plain and code == LIMA_REST else code
                for code in parts]  # fmt: skip
    return parts
