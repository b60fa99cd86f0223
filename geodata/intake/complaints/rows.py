"""From placed cells to rows: printed sums and what has no place are left out, the rest added up."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

import pandas as pd

from ...account import Tally
from ...errors import Fault, TableError, casefolded, clip
from ...messages import Language, Message
from ...places.gazetteer import LIMA
from ...places.keys import key_of
from ...places.resolver import Resolver
from ...sheets.sheet import Sheet
from ...study.tables import check_table
from ..personal import HIDDEN, safe_cell
from .cells import Cell, Cells
from .layout import Unit

# Sums printed in a table: compared with their parts, said where they differ, never counted.

SHOWN = 10


def sum_of(cells: Iterable[Cell]) -> float:
    """Return the sum of the counts that are there."""
    return sum(cell.count.value or 0 for cell in cells)


def _leave_out(findings: Tally, reason: Message, cells: Sequence[Cell]) -> None:
    """List sums as left out; they carry no count of their own."""
    if cells:
        names = dict.fromkeys(f"{cell.place} {cell.count.value or 0:,.0f}" for cell in cells)
        findings.leave_out(reason, len(cells), examples=tuple(names)[:3])


@dataclass(frozen=True)
class _Printed:
    """Cells of one table of which sums are taken out, step by step."""

    file: str
    findings: Tally

    def without(
        self, cells: list[Cell], sums: Sequence[Cell], reason: Message, faults: Sequence[Fault]
    ) -> list[Cell]:
        """Return the cells that are no sums, in their order, unless a sum is at fault."""
        if faults:
            raise TableError("complaints", self.file, list(faults))
        _leave_out(self.findings, reason, sums)
        left = set(map(id, sums))
        return [cell for cell in cells if id(cell) not in left] if left else cells


def leave_out_sums(cells: Cells, file: str, findings: Tally) -> list[Cell]:
    """Compare printed sums with their parts and leave them out."""
    table = _Printed(file, findings)
    _check_columns(cells, findings)
    parts = _without_groups(list(cells.parts), table)
    parts = _without_finer_sums(parts, table)
    # Lima goes before the totals, which count it once.
    parts = _without_lima(parts, table)
    parts = _without_subtotals(parts, findings)
    return _without_blank_total(parts, table)


def _compare(sums: list[Cell], parts_of: Callable[[Cell], list[Cell]], findings: Tally) -> None:
    different = []
    for cell in sums:
        parts = parts_of(cell)
        if cell.count.value is None or not parts:
            continue
        found = sum_of(parts)
        missing = sum(part.count.value is None for part in parts)
        if found == cell.count.value:
            continue
        different.append(
            Message(
                "row {row}, column {column}: '{place}' says {said:,.0f}, its parts add up to"
                " {found:,.0f} ({missing} of them without a figure); the parts were used",
                row=cell.row,
                column=cell.column,
                place=cell.place,
                said=cell.count.value,
                found=found,
                missing=missing,
            )
        )
    findings.said += different[:SHOWN]
    if len(different) > SHOWN:
        findings.said.append(
            Message("... and {n} more sums differ from their parts", n=len(different) - SHOWN)
        )


def _check_columns(cells: Cells, findings: Tally) -> None:
    """Compare columns and rows over all months with the months."""
    if not cells.sums:
        return
    by_row = _group(cells.parts, lambda cell: cell.row)
    by_place = _group(cells.parts, _place_of)

    def parts_of(cell: Cell) -> list[Cell]:
        inside = [part for part in by_row[cell.row] if _within(part, cell)]
        others = by_place[_place_of(cell)]
        return inside or [part for part in others if _within(part, cell)]

    _compare(list(cells.sums), parts_of, findings)
    _leave_out(findings, Message("sums over several periods or columns"), list(cells.sums))


def _place_of(cell: Cell) -> Hashable:
    match = cell.match
    return (match.kind, match.key or cell.place, match.part, cell.finer)


def _within(part: Cell, whole: Cell) -> bool:
    if not whole.period.start or part.period == whole.period:
        return True
    return whole.period.start <= part.period.start and part.period.end <= whole.period.end


def _group(cells: Iterable[Cell], key: Callable[[Cell], Hashable]) -> dict[Hashable, list[Cell]]:
    groups: dict[Hashable, list[Cell]] = defaultdict(list)
    for cell in cells:
        groups[key(cell)].append(cell)
    return groups


def _without_groups(cells: list[Cell], table: _Printed) -> list[Cell]:
    """Leave out rows of groups ("NORTE", "Lima y Callao"), which add up their regions."""
    names = {cell.place for cell in cells if cell.match.kind == "unknown"}
    named = {name for name in names if _GROUP.fullmatch(casefolded(name))}
    groups: list[Cell] = []
    faults: list[Fault] = []
    by_column = _group(cells, lambda cell: (cell.column, cell.period)) if named else {}
    for column in by_column.values():
        for i, cell in enumerate(column):
            if cell.match.kind != "unknown" or cell.place not in named:
                continue
            printed = cell.count.value or 0
            runs = [run for run in (_run(column[i + 1 :]), _run(column[:i][::-1])) if run]
            sums = [sum_of(run) for run in runs]
            if printed in sums or printed == _sum_of_named(cell, column):
                groups.append(cell)
            elif sums and "callao" not in casefolded(cell.place):
                reason = Message(
                    "This row gives {said:,.0f}; the regions beside it add up to {found:,.0f}.",
                    said=printed,
                    found=sums[0],
                )
                fix = Message("Correct the row or its regions, or delete it.")
                faults.append(cell.fault(reason, fix))
    return table.without(cells, groups, Message("sums of several regions"), faults)


_GROUP = re.compile(
    r"(macro ?-?region|macrorregion|zona|region|area)?\s*(natural )?"
    r"(del? |la |el )?(norte|sur|centro|oriente|occidente|este|oeste|costa|sierra|selva|amazonia|"
    r"andes|nororiente|sur ?-?oriente|sur andino|selva alta|selva baja|costa norte|costa sur)"
    r"|(departamento de )?lima( metropolitana)? y callao"
)


def _run(cells: list[Cell]) -> list[Cell]:
    """Return the cells of places up to the first that is none."""
    return list(takewhile(lambda cell: cell.match.kind == "place", cells))


def _sum_of_named(group: Cell, column: list[Cell]) -> float | None:
    """Return the sum of the regions that a name such as "Lima y Callao" holds."""
    names = {part.strip() for part in casefolded(group.place).split(" y ")}
    parts = [cell for cell in column if casefolded(cell.place) in names]
    return sum_of(parts) if len(parts) == len(names) > 1 else None


def _without_finer_sums(cells: list[Cell], table: _Printed) -> list[Cell]:
    """Leave out rows of a whole region where its provinces (or sexes) stand too."""
    if not cells or not cells[0].finer:
        return cells
    sums: list[Cell] = []
    faults: list[Fault] = []
    for same in _group(
        cells, lambda c: (c.match, c.place if not c.match.key else "", c.period)
    ).values():
        depth = max(sum(map(bool, cell.finer)) for cell in same)
        parts = [cell for cell in same if sum(map(bool, cell.finer)) == depth]
        for cell in same:
            if sum(map(bool, cell.finer)) == depth:
                continue
            inside = [part for part in parts if _part_of(part.finer, cell.finer)]
            if sum_of(inside) != (cell.count.value or 0):
                faults.append(_no_sum(cell, sum_of(inside)))
            sums.append(cell)
    return table.without(cells, sums, Message("sums of the parts of one region"), faults)


def _part_of(finer: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    return all(not total or total == part for part, total in zip(finer, whole, strict=True))


def _no_sum(cell: Cell, found: float) -> Fault:
    reason = Message(
        "This row gives {said:,.0f}; the other rows of the same region and months add up to"
        " {found:,.0f}, so it is neither their sum nor one of them.",
        said=cell.count.value or 0,
        found=found,
    )
    return cell.fault(reason, Message("Correct the row, or delete it."))


def _without_subtotals(cells: list[Cell], findings: Tally) -> list[Cell]:
    """Leave out rows such as "Total nacional" and "Total Lima"."""
    totals = [cell for cell in cells if cell.match.kind == "total"]
    parts = [cell for cell in cells if cell.match.kind not in ("total", "subtotal")]
    if len(parts) == len(cells) or not any(cell.match.kind == "place" for cell in parts):
        return cells
    by_place: dict[Hashable, list[Cell]] = defaultdict(list)
    for cell in parts:
        for key in _units_above(cell.match.key):
            by_place[cell.period, key].append(cell)
    subtotals = []
    for cell in cells:
        if cell.match.kind != "subtotal":
            continue
        if by_place[cell.period, cell.match.key]:
            subtotals.append(cell)
        else:  # "Total Lima" without its parts is Lima
            parts.append(replace(cell, match=replace(cell.match, kind="place")))
    by_period = _group(parts, lambda cell: cell.period)
    _compare(totals, lambda cell: by_period[cell.period], findings)
    _leave_out(findings, Message("totals of all places"), totals)
    _compare(subtotals, lambda c: by_place[c.period, c.match.key], findings)
    _leave_out(findings, Message("totals of one place"), subtotals)
    return parts


def _units_above(key: str) -> list[str]:
    """Return the codes of a unit and those above it; the key itself of a court."""
    return [key[:digits] for digits in (2, 4, 6) if digits <= len(key)] if key.isdigit() else [key]


def _without_blank_total(cells: list[Cell], table: _Printed) -> list[Cell]:
    """Take a row without a name for the total if it is one; refuse it otherwise."""
    blank = [cell for cell in cells if cell.match.kind == "blank"]
    named = (cell for cell in cells if cell.match.kind != "blank")
    by_period = _group(named, lambda cell: cell.period) if blank else {}
    faults = [
        Fault(
            cell.row,
            cell.column,
            f"{cell.count.value:,.0f}",
            Message("This count has no place beside it, and is not the sum of the others."),
            Message("Write the name of the place in every row."),
        )
        for cell in blank
        if cell.count.value and cell.count.value != sum_of(by_period.get(cell.period, []))
    ]
    return table.without(cells, blank, Message("totals without a name"), faults)


def _without_lima(cells: list[Cell], table: _Printed) -> list[Cell]:
    """Tell "Lima" beside "Lima Metropolitana" and "Lima Provincias": their sum, or unclear."""
    lima = [cell for cell in cells if cell.match.kind == "place" and cell.match.key == LIMA]
    wholes: list[Cell] = []
    faults: list[Fault] = []
    for same in _group(lima, lambda cell: cell.period).values():
        parts = [cell for cell in same if cell.match.part]
        whole = [cell for cell in same if not cell.match.part]
        if not (parts and whole):
            continue
        both = {cell.match.part for cell in parts} == {"city", "rest"}
        if both and sum_of(whole) == sum_of(parts):
            wholes += whole
        else:
            faults.append(_unclear_lima(whole[0], parts[0]))
    return table.without(cells, wholes, Message("Lima as the sum of its two parts"), faults[:SHOWN])


def _unclear_lima(whole: Cell, part: Cell) -> Fault:
    reason = Message(
        "'{whole}' stands beside '{part}' (row {row}) and is not the sum of the two parts of Lima,"
        " so it may mean the whole department or only its provinces.",
        whole=whole.place,
        part=part.place,
        row=part.row,
    )
    fix = Message("Write 'Lima Provincias' if it leaves the city out, or delete one of the rows.")
    return whole.fault(reason, fix)


# Rows of the contract ``complaints``.

_PRELIMINARY = Message("preliminary figure")
_FOOTNOTED = Message("with a footnote sign in the source")


@dataclass
class Work:
    """What the steps of one reading share."""

    sheet: Sheet  # the table
    resolver: Resolver  # known places
    unit: Unit  # what the places are
    findings: Tally  # gets what is left out
    measure: str  # what is counted


@dataclass(frozen=True, init=False)
class Bilingual(Message):
    """A text that stands in both languages in a table.

    Parameters
    ----------
    es, en : str
        The text.
    """

    es: str

    def __init__(self, es: str, en: str) -> None:
        super().__init__(en)
        object.__setattr__(self, "es", es)

    def render(self, language: Language = "en") -> str:
        """Return the text in ``language``."""
        return self.es if language == "es" else self.text


# A province or district is a region by its ubigeo, which has four or six digits.
_UNITS: dict[Unit, Unit] = {"province": "region", "district": "region"}


def hint_at(name: str, resolver: Resolver, unit: Unit) -> Message:
    """Return what to do about a place that is not known."""
    kind = "region" if unit == "national" else unit
    match = resolver.find(name, kind=kind)
    if match.kind == "several":
        return Message("{reason} {fix}", reason=match.reason, fix=match.fix)
    hint = resolver.hint(name, kind=kind)
    leave_out = Message(
        "Write the region it lies in, or leave it out with allow_unmatched=True, which counts it."
    )
    return hint if hint.text else leave_out


def _hint_of(cell: Cell, work: Work) -> Message:
    match = cell.match
    if match.reason.text:
        return Message("{reason} {fix}", reason=match.reason, fix=match.fix)
    return hint_at(cell.place, work.resolver, work.unit)


UNPLACED = Message("This place is not known; it carries {total:,.0f}.")


def leave_out_unplaced(cells: list[Cell], work: Work, allow_unmatched: bool) -> list[Cell]:
    """Leave out places not stated and not known."""
    placed = [cell for cell in cells if cell.match.kind in ("place", "total")]
    unstated = [cell for cell in cells if cell.match.kind in ("unstated", "abroad")]
    if unstated:
        names = tuple(dict.fromkeys(clip(cell.place) for cell in unstated))[:5]
        reason = Message("the source gives no place for them")
        work.findings.leave_out(reason, len(unstated), sum_of(unstated), names)
    unknown: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        if cell.match.kind == "unknown":
            unknown[cell.place].append(cell)
    faults = [
        Fault(
            same[0].row,
            None,
            safe_cell(name),
            Message(UNPLACED.text, total=sum_of(same)),
            _hint_of(same[0], work),
        )
        for name, same in unknown.items()
        if sum_of(same)
    ]
    if faults and not allow_unmatched:
        raise TableError("complaints", work.sheet.file, faults)
    if unknown:
        listed = [cell for same in unknown.values() for cell in same]
        names = tuple(f"{safe_cell(name)} {sum_of(same):,.0f}" for name, same in unknown.items())
        names = tuple(name for name in names if HIDDEN not in name)[:20]
        reason = Message("their place is not known")
        work.findings.leave_out(reason, len(listed), sum_of(listed), names)
    return placed


def to_rows(cells: list[Cell], work: Work) -> list[dict[str, Any]]:
    """Make one row of the cells of one place and period; cells without a figure give none."""
    groups: dict[tuple[str, str, str], list[Cell]] = defaultdict(list)
    for cell in cells:
        groups[cell.match.key, cell.period.start, cell.period.end].append(cell)
    empty = [cell for cell in cells if cell.count.value is None]
    for mark, reason in (
        (False, Message("no figure is given (which is not zero)")),
        (True, Message("only a bound such as '<5' is given")),
    ):
        without = [cell for cell in empty if (cell.count.mark == "bound") is mark]
        if without:
            names = tuple(dict.fromkeys(cell.place for cell in without))[:5]
            work.findings.leave_out(reason, len(without), examples=names)
    rows = []
    for same in groups.values():
        given = [cell for cell in same if cell.count.value is not None]
        if given:
            rows.append(_to_row(given, same, work))
    return rows


def _to_row(given: list[Cell], same: list[Cell], work: Work) -> dict[str, Any]:
    first = given[0]
    names = list(dict.fromkeys(cell.place for cell in given))
    notes = _row_notes(given, same, names, work)
    place = (
        names[0]
        if len(names) == 1
        else work.resolver.region_names.get(first.match.ubigeo, names[0])
    )
    national = first.match.kind == "total"
    marks = {cell.count.mark for cell in given}
    basis = "rounded" if "rounded" in marks else "published" if len(given) == 1 else "derived"
    return row_of(
        "national" if national else _UNITS.get(work.unit, work.unit),
        "Perú" if national else place,
        first.match.ubigeo,
        (first.period.start, first.period.end),
        sum_of(given),
        *notes,
        basis=basis,
    )


def row_of(
    unit: str,
    place: str,
    ubigeo: str,
    months: tuple[str, str],
    value: float,
    *notes: Message,
    basis: str = "derived",
) -> dict[str, Any]:
    """Return a row of the contract for a sum."""
    return {
        "unit": unit,
        "place": place,
        "ubigeo": ubigeo,
        "period_start": months[0],
        "period_end": months[1],
        "value": f"{value:.0f}",
        "basis": basis,
        "note_es": "; ".join(note.render("es") for note in notes),
        "note_en": "; ".join(note.render("en") for note in notes),
    }


_COLUMNS = ["unit", "place", "ubigeo", "period_start", "period_end", "measure", "register",
            "purpose", "value", "basis", "source_id", "note_es", "note_en"]  # fmt: skip


def to_table(rows: Sequence[Mapping[str, Any]], file: str, **series: str) -> pd.DataFrame:
    """Return the contract ``complaints``; ``series`` is what all rows share."""
    frame = pd.DataFrame([{**row, **series} for row in rows], columns=_COLUMNS)
    return check_table(frame, "complaints", file=file)


def _row_notes(given: list[Cell], same: list[Cell], names: list[str], work: Work) -> list[Message]:
    notes = []
    if len(names) > 1:
        notes.append(Message("sum of {parts}", parts=", ".join(names)))
    elif given[0].match.part:
        notes.append(Message("only {part}, printed apart from the rest of Lima", part=names[0]))
    if len(given) < len(same):
        notes.append(Message("{n} part(s) of it without a figure", n=len(same) - len(given)))
    marks = {mark for cell in given for mark in (cell.count.mark, cell.period.mark)}
    notes += [_PRELIMINARY] if "preliminary" in marks else []
    notes += [_FOOTNOTED] if "noted" in marks else []
    return notes


def crosswalk_notes(work: Work, cells: list[Cell]) -> list[Message]:
    """State where a district is not the region that it is brought to."""
    notes: dict[str, Message] = {}
    for cell in cells:
        name = key_of(cell.place)
        if name in notes or name not in work.resolver.courts:
            continue
        court = work.resolver.courts[name]
        if court.note_en:
            notes[name] = Message(
                "{district} was brought to {region}, which is an approximation: {note}",
                district=cell.place,
                region=work.resolver.region_names.get(court.ubigeo, court.ubigeo),
                note=Bilingual(court.note_es, court.note_en),
            )
    return list(notes.values())
