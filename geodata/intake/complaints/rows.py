"""From placed cells to rows of the contract ``complaints``; what has no place is left out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ...account import Tally
from ...errors import Fault, TableError, clip
from ...messages import Language, Message
from ...places.keys import key_of
from ...places.resolver import Resolver
from ...sheets.sheet import Sheet
from ...study.tables import check_table
from ..personal import HIDDEN, safe_cell
from .cells import Cell
from .layout import Unit
from .sums import sum_of

_PRELIMINARY = Message("preliminary figure")
_FOOTNOTED = Message("with a footnote sign in the source")


@dataclass
class Work:
    """What the steps of one reading share.

    Parameters
    ----------
    sheet : Sheet
        The table.
    resolver : Resolver
        Known places.
    unit : str
        What the places are.
    findings : Tally
        Gets what is left out.
    measure : str
        What is counted.
    """

    sheet: Sheet
    resolver: Resolver
    unit: Unit
    findings: Tally
    measure: str


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
            Message("This place is not known; it carries {total:,.0f}.", total=sum_of(same)),
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
    return {
        "unit": "national" if national else _UNITS.get(work.unit, work.unit),
        "place": "Perú" if national else place,
        "ubigeo": first.match.ubigeo,
        "period_start": first.period.start,
        "period_end": first.period.end,
        "value": f"{sum_of(given):.0f}",
        "basis": basis,
        "note_es": "; ".join(note.render("es") for note in notes),
        "note_en": "; ".join(note.render("en") for note in notes),
    }


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


def official_row(
    unit: str, place: str, ubigeo: str, start: str, end: str, value: float, notes: list[Message]
) -> dict[str, str]:
    """Return a row of the contract for a sum of an official layout."""
    return {
        "unit": unit,
        "place": place,
        "ubigeo": ubigeo,
        "period_start": start,
        "period_end": end,
        "value": f"{value:.0f}",
        "basis": "derived",
        "note_es": "; ".join(note.render("es") for note in notes),
        "note_en": "; ".join(note.render("en") for note in notes),
    }


def official_table(
    rows: list[dict[str, str]],
    register: str,
    source_id: str,
    file: str,
    *,
    measure: str = "complaints",
) -> pd.DataFrame:
    """Return the contract ``complaints`` for rows of an official layout."""
    fixed = {
        "measure": measure, "register": register, "purpose": "all", "source_id": source_id,
    }  # fmt: skip
    columns = ["unit", "place", "ubigeo", "period_start", "period_end", "value", "basis", "note_es",
               "note_en", *fixed]  # fmt: skip
    frame = pd.DataFrame([{**row, **fixed} for row in rows], columns=columns)
    return check_table(frame, "complaints", file=file)
