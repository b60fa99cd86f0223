"""INEI's code of each row of a layer, by code, by name, or both; faults where they disagree."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ..account import LeftOut
from ..errors import DataFileError, Fault, TableError, suggestion
from ..messages import Message
from ..places.build import find_region
from ..places.codes import Evidence, System, to_inei, weigh_codes
from ..places.gazetteer import (
    LIMA_CITY,
    LIMA_REST,
    Level,
    bears_listed_name,
    find_unit,
    official_name,
    region_codes,
    unit_names,
)
from ..places.keys import key_of
from .columns import (
    LEVELS,
    Cells,
    Columns,
    no_columns,
    read_columns,
    recognise,
    set_aside,
    text_columns,
    user_columns,
)
from .extent import lies_in, refuse_abroad

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]


LEVEL_WORDS: Mapping[Level, Message] = {
    "region": Message("regions"),
    "province": Message("provinces"),
    "district": Message("districts"),
}


@dataclass(frozen=True)
class Units:
    """What the rows of a layer are.

    Parameters
    ----------
    level : {"region", "province", "district"}
        The level of the rows.
    codes, names : list of str
        INEI code and mended name of each row; parts of Lima as 1501 and 1599.
    above : mapping of str to list of str
        Names of the region and province of each row, where the layer has them.
    certain : ndarray of bool
        Rows whose code something else confirms.
    rows : ndarray of int
        Row of the file, the first being 1.
    schema : str or None
        Make of the layer.
    known : bool
        Whether any name is one of Peru's.
    why, mended, notes, left_out
        For the account.
    """

    level: Level
    codes: Cells
    names: Cells
    above: Mapping[Level, Cells]
    certain: Mask
    rows: NDArray[np.int64]
    schema: str | None = None
    known: bool = True
    why: tuple[Message, ...] = ()
    mended: tuple[Message, ...] = ()
    notes: tuple[Message, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    def take(self, keep: Mask) -> Units:
        """Return only some of the rows."""
        at = np.flatnonzero(keep)
        return replace(
            self,
            codes=[self.codes[i] for i in at],
            names=[self.names[i] for i in at],
            above={level: [cells[i] for i in at] for level, cells in self.above.items()},
            certain=self.certain[at],
            rows=self.rows[at],
        )

    def labels(self) -> Cells:
        """Return code and name of each row."""
        return [f"{code} {name}".strip() for code, name in zip(self.codes, self.names, strict=True)]

    def certain_regions(self) -> list[str | None]:
        """Return the region of each row, or None where nothing confirms the code."""
        pairs = zip(self.codes, self.certain, strict=True)
        return [
            (code if code in (LIMA_CITY, LIMA_REST) else code[:2]) if sure else None
            for code, sure in pairs
        ]


def name_units(
    table: gpd.GeoDataFrame,
    *,
    file: str,
    level: Level,
    columns: Mapping[str, str] | None = None,
    codes: System | None = None,
    allow_unmatched: bool = False,
) -> Units:
    """Tell which region, province or district each row is.

    One entry per row that is a unit; lakes and other rows without code and name are left out.
    """
    found = user_columns(table, columns, file) if columns else recognise(text_columns(table))
    if found.any_code is None and found.any_name is None and found.finest is None:
        refuse_abroad(table, file)
        raise no_columns(table, file)
    mends: list[Message] = []
    cells = read_columns(table, found, file, mends)
    if LEVELS.index(cells.level) < LEVELS.index(level):
        raise DataFileError(
            Message(
                "{file}: this layer holds {held}, not {wanted}.",
                file=file,
                held=LEVEL_WORDS[cells.level],
                wanted=LEVEL_WORDS[level],
            )
        )
    cells, left = set_aside(cells)
    units = _resolve(table, cells, file, codes, allow_unmatched)
    unused = [
        Message("Column {column} holds no code that can be used.", column=column)
        for column in cells.unused
    ]
    return replace(
        units,
        schema=found.schema,
        mended=(*mends, *units.mended),
        notes=(*unused, *units.notes),
        left_out=(*left, *units.left_out),
    )


@dataclass(frozen=True)
class _Judged:
    """Whose codes they are, and how that was told."""

    system: System
    evidence: Evidence
    why: tuple[Message, ...] = ()


def _resolve(
    table: gpd.GeoDataFrame, cells: Columns, file: str, asked: System | None, allow: bool
) -> Units:
    stated = stated_regions(cells)
    if not any(cells.codes):
        return by_name(cells, stated, file, allow)
    if any(code and code[:2] not in region_codes() for code in cells.codes):
        refuse_abroad(table, file)
    cells, left = leave_out(cells, _code_faults(cells, stated), file, allow)
    if cells.from_digits:
        judged = _judge(table, cells, stated, file, asked)
        codes = _translate(cells, judged.system, file)
        why, sure = judged.why, judged.evidence
    else:
        codes, sure = list(cells.codes), Evidence(0, 0, ())
        _refuse_other_names(codes, cells, stated, file)
        why = (Message("Regions told by column {column}.", column=cells.code_column),)
    codes, filled = _fill_gaps(codes, cells, stated)
    if cells.level == "region":
        codes = parts_of_lima(codes, stated)
    certain = np.array(
        [_confirmed(code, cells, stated, at) for at, code in enumerate(codes)], dtype=bool
    )
    known = bool(certain.any()) or not any(cells.names) or bool(sure.hits)
    if not any(cells.names) and not any(one for one in stated):
        certain[:] = True
    odd = _odd_names(codes, cells) if known else []
    return Units(
        level=cells.level,
        codes=[code or "" for code in codes],
        names=cells.names,
        above=cells.above,
        certain=certain,
        rows=np.array(cells.rows),
        known=known,
        why=why,
        notes=(*filled, *odd),
        left_out=tuple(left),
    )


def _code_faults(cells: Columns, stated: list[str | None]) -> dict[int, Fault]:
    """Return the rows without a code of Peru, unless their name tells them."""
    faults = {}
    for at, code in enumerate(cells.codes):
        if code is not None and code[:2] not in region_codes():
            shown = f"{cells.raw[at]} {cells.names[at]}".strip()
            fix = Message("The regions are 01 to 25. Correct the code, or delete the row.")
            reason = Message("There is no region with this code.")
            faults[at] = Fault(cells.rows[at], cells.code_column, shown, reason, fix)
            continue
        if code is not None or not (cells.names[at] or cells.raw[at].strip()):
            continue
        if cells.names[at] and named(cells, stated, at):
            continue
        if not cells.raw[at].strip():
            faults[at] = Fault(
                cells.rows[at],
                cells.name_column or cells.code_column,
                cells.names[at],
                Message("No code stands beside this name, and it is none of Peru's units."),
                Message("Write its code, or delete the row if it is no unit of Peru."),
            )
            continue
        faults[at] = Fault(
            cells.rows[at],
            cells.code_column or cells.name_column,
            cells.raw[at] or cells.names[at],
            Message("This is not in the form used."),
            Message("Write INEI codes as text with 2, 4 or 6 digits, for example 01."),
        )
    return faults


def _judge(
    table: gpd.GeoDataFrame,
    cells: Columns,
    stated: list[str | None],
    file: str,
    asked: System | None,
) -> _Judged:
    """Tell INEI's codes from RENIEC's by the names beside them, or else by where units lie."""
    at = [i for i, code in enumerate(cells.codes) if code]
    codes = [cells.codes[i] or "" for i in at]
    regions = [stated[i] for i in at]
    names = [cells.names[i] for i in at] if cells.level != "region" else None
    inei = weigh_codes(codes, "inei", regions=regions, names=names)
    if asked is None and not inei.misses and inei.hits >= 0.9 * len(codes) and any(cells.names):
        return _Judged("inei", inei, (_told_by_names("inei", cells),))
    reniec = weigh_codes(codes, "reniec", regions=regions, names=names)
    weighed: dict[System, Evidence] = {"inei": inei, "reniec": reniec}
    if asked is not None:
        _refuse_misses(weighed[asked], asked, at, cells, stated, file)
        return _Judged(asked, weighed[asked], (Message("You say they are {system} codes.",
                                                       system=asked.upper()),))  # fmt: skip
    # A list under which no name fits can't be the right one while another fits some.
    best: System = "inei" if inei.hits >= reniec.hits else "reniec"
    clean: list[System] = [
        one
        for one in ("inei", "reniec")
        if not weighed[one].misses and (weighed[one].hits or not weighed[best].hits)
    ]
    same = all(to_inei(code, "reniec") == code for code in codes)
    if not clean:
        _refuse_misses(weighed[best], best, at, cells, stated, file)
    if len(clean) == 1 or same or weighed["inei"].hits != weighed["reniec"].hits:
        system = "inei" if same else max(clean, key=lambda one: weighed[one].hits)
        if not same and not weighed[system].hits:
            refuse_abroad(table, file)
            raise _ask_codes(file)
        return _Judged(system, weighed[system], (_told_by_names(system, cells),))
    return _judge_by_place(table, cells, codes, at, file, weighed)


def _told_by_names(system: System, cells: Columns) -> Message:
    return Message(
        "{system} codes in column {column}, told by the names beside them.",
        system=system.upper(),
        column=cells.code_column,
    )


def _judge_by_place(
    table: gpd.GeoDataFrame,
    cells: Columns,
    codes: Cells,
    at: list[int],
    file: str,
    weighed: dict[System, Evidence],
) -> _Judged:
    fitting: list[System] = [
        system
        for system in ("inei", "reniec")
        if lies_in(table.iloc[at], [(to_inei(code[:2], system) or "")[:2] for code in codes])
    ]
    if len(fitting) == 1:
        note = Message("{system} codes in column {column}, told by where the units lie.",
                       system=fitting[0].upper(), column=cells.code_column)  # fmt: skip
        return _Judged(fitting[0], weighed[fitting[0]], (note,))
    if any(cells.names) and cells.code_column.lower() == "ubigeo":
        return _Judged("inei", weighed["inei"])
    refuse_abroad(table, file)
    raise _ask_codes(file)


def _ask_codes(file: str) -> DataFileError:
    return DataFileError(
        Message(
            "{file}: the codes may be INEI's or RENIEC's (07 is Callao in one list, Cusco in the"
            " other), and no name tells. Say which with codes='inei' or codes='reniec'.",
            file=file,
        )
    )


def _refuse_misses(
    evidence: Evidence,
    system: System,
    at: list[int],
    cells: Columns,
    stated: list[str | None],
    file: str,
) -> None:
    faults = []
    for miss in evidence.misses:
        row = at[miss]
        code = cells.codes[row] or ""
        inei = to_inei(code, system) or to_inei(code[:2], system)
        name = cells.names[row] or ""
        if cells.level != "region" and stated[row] and (inei or "")[:2] != (stated[row] or "")[:2]:
            name = f"{name}, {cells.above['region'][row]}"
        faults.append(
            Fault(
                cells.rows[row],
                cells.code_column,
                code,
                Message(
                    "In {system}'s list this is {listed}, but the name says '{name}'.",
                    system=system.upper(),
                    listed=(official_name(inei) if inei else None) or "-",
                    name=name,
                ),
                Message("Correct the code or the name."),
            )
        )
    if faults:
        raise TableError("regions", file, faults)


def _refuse_other_names(
    codes: list[str | None], cells: Columns, stated: list[str | None], file: str
) -> None:
    """Refuse codes in letters (ISO 3166-2, HASC, GADM) beside the name of another region."""
    faults = [
        Fault(
            cells.rows[at],
            cells.code_column,
            cells.raw[at],
            Message("This is the code of {listed}, but the name says '{name}'.",
                    listed=official_name(code), name=cells.names[at]),
            Message("Correct the code or the name."),
        )
        for at, code in enumerate(codes)
        if code and (region := stated[at]) and region[:2] != code[:2]
    ]  # fmt: skip
    if faults:
        raise TableError("regions", file, faults)


def _translate(cells: Columns, system: System, file: str) -> list[str | None]:
    if system == "inei":
        return list(cells.codes)
    faults = [
        Fault(
            cells.rows[at],
            cells.code_column,
            code,
            Message("This is no code of RENIEC's list."),
            Message("Correct it, or give a layer with INEI codes."),
        )
        for at, code in enumerate(cells.codes)
        if code and to_inei(code, system) is None
    ]
    if faults:
        raise TableError("regions", file, faults)
    return [to_inei(code, system) if code else None for code in cells.codes]


def _fill_gaps(
    codes: list[str | None], cells: Columns, stated: list[str | None]
) -> tuple[list[str | None], list[Message]]:
    """Tell rows without a code by their names, and say so."""
    filled = {
        at: named(cells, stated, at)
        for at, code in enumerate(codes)
        if code is None and cells.names[at]
    }
    if not filled:
        return codes, []
    listed = "; ".join(f"{cells.names[at]} '{cells.raw[at]}'" for at in list(filled)[:8])
    note = Message(
        "{n} unit(s) without a code that can be used, told by name: {units}",
        n=len(filled),
        units=listed,
    )
    return [filled.get(at, code) for at, code in enumerate(codes)], [note]


def _confirmed(code: str | None, cells: Columns, stated: list[str | None], at: int) -> bool:
    if code is None:
        return False
    region = stated[at]
    if region is not None:
        return region[:2] == code[:2]
    if cells.level == "region":
        return False
    return _is_named(code, cells, at)


def _is_named(code: str, cells: Columns, at: int) -> bool:
    name = cells.names[at]
    if cells.level == "region":
        return (find_unit(name, "region") or "")[:2] == code[:2]
    return bool(name) and (
        bears_listed_name(code, name) or find_unit(name, cells.level, within=code[:-2]) == code
    )


def _odd_names(codes: list[str | None], cells: Columns) -> list[Message]:
    """Say which units bear another name than on INEI's list, or are not on it."""
    odd, new = [], []
    for at, code in enumerate(codes):
        name = cells.names[at]
        if not code or (len(code) > 2 and not official_name(code)):
            new += [f"{code} {name}".strip()] if code else []
        elif name and not _is_named(code, cells, at):
            odd.append(f"{code} {name} ({official_name(code)})")
    notes = []
    if odd:
        note = Message("{n} unit(s) bear another name than on INEI's list: {units}",
                       n=len(odd), units="; ".join(odd[:8]))  # fmt: skip
        notes.append(note)
    if new:
        note = Message("{n} unit(s) whose code is not on INEI's list: {units}",
                       n=len(new), units="; ".join(new[:8]))  # fmt: skip
        notes.append(note)
    return notes


# How alike two names inside one province must be, where nothing else comes near.
ALIKE = 0.72
SHORTEST_START = 5


def stated_regions(cells: Columns) -> list[str | None]:
    """Return the region that the name of each row, or of the region above it, says.

    INEI codes; 1501 and 1599 for the parts of Lima.
    """
    names = cells.names if cells.level == "region" else cells.above.get("region")
    known = {name: find_region(name) if name else None for name in set(names or ())}
    return [known[name] for name in names] if names else [None] * len(cells.names)


def named(cells: Columns, stated: list[str | None], at: int) -> str | None:
    """Return the code that names alone give a row.

    INEI code; None if no unit, or more than one, has the name.
    """
    if cells.level == "region":
        return stated[at]
    return find_unit(cells.names[at], cells.level, within=_within(cells, stated, at))


def _within(cells: Columns, stated: list[str | None], at: int) -> str:
    region = (stated[at] or "")[:2]
    if cells.level == "district" and "province" in cells.above and cells.above["province"][at]:
        return find_unit(cells.above["province"][at], "province", within=region) or region
    return region


def by_name(cells: Columns, stated: list[str | None], file: str, allow: bool) -> Units:
    """Tell the units of a layer without codes by their names alone.

    Rows without a name have an empty code; so have those whose name is that of no unit or of more
    than one, where ``allow`` is True, else they are refused.
    """
    codes = [named(cells, stated, at) for at in range(len(cells.names))]
    if cells.level == "region":
        codes = parts_of_lima(codes, stated)
    codes, mended = _misspelt(codes, cells, stated)
    faults = {
        at: _fault(cells, stated, at)
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
        refused = [
            replace(
                fault,
                fix=Message("{fix} Or leave such rows out with allow_unmatched=True.",
                            fix=fault.fix),
            )
            for fault in faults.values()
        ]  # fmt: skip
        raise TableError("regions", file, refused)
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
    codes: list[str | None], cells: Columns, stated: list[str | None]
) -> tuple[list[str | None], list[Message]]:
    """Find damaged or older names inside a known province, among the units no row has yet."""
    taken = set(codes)
    found, mended = list(codes), []
    for at, code in enumerate(codes):
        within = _within(cells, stated, at) if code is None and cells.names[at] else ""
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


def _fault(cells: Columns, stated: list[str | None], at: int) -> Fault:
    name = cells.names[at]
    if cells.level == "region":
        reason, fix = Message("This is no region."), suggestion(name, _official("region"))
    elif any(key_of(name) == key_of(one) for one in _official(cells.level)):
        reason = Message("More than one unit has this name.")
        fix = Message("Add a column with ubigeo codes, or with the names of the units above.")
    else:
        reason = Message("No unit has this name.")
        fix = suggestion(name, _official(cells.level, (stated[at] or "")[:2]))
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


def parts_of_lima(codes: list[str | None], stated: list[str | None]) -> list[str | None]:
    """Tell the city of Lima from the rest, where a layer of regions has both.

    The codes, with 1501 and 1599 for two parts of Lima, or 15 where there is but one.
    """
    parts = [
        name if code and code[:2] == "15" and name in (LIMA_CITY, LIMA_REST) else code
        for code, name in zip(codes, stated, strict=True)
    ]
    if LIMA_CITY in parts:
        return [LIMA_REST if code == "15" else code for code in parts]
    if LIMA_REST in parts:
        plain = parts.count("15") > 0
        return [LIMA_CITY if code == "15" else "15" if not plain and code == LIMA_REST else code
                for code in parts]  # fmt: skip
    return parts
