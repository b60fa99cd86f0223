"""One end of a flow: the cells that say it, and the place they mean together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..account import Tally
from ..messages import Message
from ..words import is_not_given
from .codes import code_of
from .gazetteer import LEVEL_OF_DIGITS, inei_by_reniec
from .keys import key_of
from .resolver import COARSER, RENIEC_CODES, Match, Resolver, found_place, refused

# From the smallest unit to the largest; "place" is a column that does not say its level.
END_LEVELS = ("district", "place", "city", "province", "region")

_ARROWS = re.compile(r"\s*(?:-+>|=+>|[→⇒⇨⇢↦⟶⟹⮕➔➙➜➝➞➡▶►›»>;|])\s*|\s+[-–—]+\s+")
# What may also stand between places, where no arrow does and each part is a known place.
_WEAK_MARKS = tuple(map(re.compile, (r",", r"/", r"[-–—]", r"\s(?:a|hasta|hacia|to|y)\s|,")))
_FROM = re.compile(r"(?:desde|de|from)\s+(?=\S)", re.IGNORECASE)


@dataclass(frozen=True)
class EndCells:
    """The cells of one row that say one end of a flow, by level.

    Parameters
    ----------
    cells : mapping of str to str
        Cells by level.
    column : str
        Header of the cell for the smallest unit, for errors.
    """

    cells: Mapping[str, str]
    column: str = field(default="", compare=False)

    @classmethod
    def of_row(
        cls, row: Sequence[str], columns: Mapping[str, int], header: Sequence[str] = ()
    ) -> EndCells:
        """Take the cells of ``columns`` from a row; what says nothing is left out."""
        taken = {level: row[place] for level, place in columns.items()}
        cells = {level: cell for level, cell in taken.items() if not is_not_given(cell)}
        smallest = next((level for level in (*END_LEVELS, "code") if level in cells), None)
        column = header[columns[smallest]] if smallest is not None and header else ""
        return cls(cells, column)

    @property
    def text(self) -> str:
        """What stands there, the smallest unit first."""
        return ", ".join(
            self.cells[level] for level in (*END_LEVELS, "code") if level in self.cells
        )

    def match(self, resolver: Resolver, *, kind: str | None = None) -> Match:
        """Return the place that the cells mean together.

        The smallest unit given whose level is known; a note says so where a smaller one was not
        used.
        """
        if not self.cells:
            return refused(Message("No place is given."), Message("Every row needs a value here."))
        named = self._match_name(resolver, kind)
        if "code" not in self.cells:
            return named
        coded = self._match_code(resolver)
        if self.cells.keys() == {"code"} or (coded.place is None and named.place is None):
            return coded
        if coded.place is None:
            return named
        if named.place is not None and not _agree(coded, named):
            if self._is_reniec(named.place.ubigeo):
                return replace(named, note=RENIEC_CODES, about=resolver.label(named.place))
            return refused(
                Message(
                    "The code says '{code}' but the name says '{name}'.",
                    code=resolver.label(coded.place),
                    name=resolver.label(named.place),
                ),
                Message("Mend the code or the name; INEI codes are needed here."),
            )
        return coded if named.place is None else named

    def _is_reniec(self, ubigeo: str) -> bool:
        """Tell whether the code is RENIEC's for the place of an INEI code."""
        meant = inei_by_reniec().get(code_of(self.cells["code"]) or "", "")
        return bool(meant) and (meant.startswith(ubigeo) or ubigeo.startswith(meant))

    def _match_code(self, resolver: Resolver) -> Match:
        text = self.cells["code"].strip()
        if text in resolver.places:
            return resolver.match(text) if text.isdigit() else found_place(resolver.places[text])
        code = code_of(text) or text
        match = resolver.match(code)
        level = LEVEL_OF_DIGITS.get(len(code)) if code.isdigit() else None
        if match.place is None and level is not None and not resolver.knows(level):
            above = resolver.places.get(code[:4]) or resolver.places.get(code[:2])
            if above is not None:
                return found_place(above, COARSER, resolver.label(above))
        return match

    def _match_name(self, resolver: Resolver, kind: str | None) -> Match:
        region = self.cells.get("region")
        first: Match | None = None
        for level in END_LEVELS:
            if level not in self.cells:
                continue
            wanted = kind if level == "place" else level
            name = self.cells[level]
            if level == "district" and "province" in self.cells and region:
                name = f"{name} ({self.cells['province']}, {region})"
            match = resolver.match(name, region=None if level == "region" else region, kind=wanted)
            if match.place is not None:
                if first is None:
                    return match
                return replace(match, note=COARSER, about=resolver.label(match.place))
            first = first or match
            if level not in ("province", "district") or resolver.knows(level):
                break
        return first or refused(
            Message("No place is given."),
            Message("Every row needs a value here."),
        )


class EndFinder:
    """Finds the places of all ends of a table, each spelling once, and notes once a row how.

    ``shown``: whether the notes repeat what is printed, which those of a register never do.
    """

    def __init__(
        self, resolver: Resolver, kind: str | None, notes: Tally, *, shown: bool = True
    ) -> None:
        self._resolver, self._kind, self._notes, self._shown = resolver, kind, notes, shown
        self._known: dict[tuple[tuple[str, str], ...], Match] = {}
        self._noted: set[tuple[int, str]] = set()

    def match(self, row: int, end: EndCells, *, rows: int = 1) -> Match:
        """Return the place of an end of a row, or of so many rows that are alike."""
        key = tuple(sorted(end.cells.items()))
        if key not in self._known:
            self._known[key] = end.match(self._resolver, kind=self._kind)
        match = self._known[key]
        if match.note is not None:
            example = _read_as(end.text, match.about) if self._shown else match.about
            if (row, match.note.text) in self._noted:
                self._notes.mention(match.note, example)
            else:
                self._noted.add((row, match.note.text))
                self._notes.add(match.note, example=example, rows=rows)
        return match


def _read_as(text: str, about: str) -> str:
    """Return ``Mazuco = Mazuko (Madre de Dios)``, or the text alone where it is the same name."""
    return text if not about or key_of(text) == key_of(about) else f"{text} = {about}"


def _agree(coded: Match, named: Match) -> bool:
    one, other = coded.place, named.place
    if one is None or other is None or one.place_id == other.place_id:
        return True
    return one.ubigeo.startswith(other.ubigeo) or other.ubigeo.startswith(one.ubigeo)


def split_stops(text: str) -> list[str]:
    """Split ``A -> B; C`` at arrows, semicolons, bars and dashes between blanks."""
    return [part for part in _ARROWS.split(text) if not is_not_given(part)]


def split_known(text: str, resolver: Resolver, kind: str | None) -> list[str]:
    """Split a route at arrows, or else at commas and hyphens if all its parts are places."""
    stops = split_stops(text)
    if len(stops) != 1 or resolver.match(stops[0], kind=kind).place is not None:
        return stops
    for mark in _WEAK_MARKS:
        parts = [part.strip() for part in mark.split(_FROM.sub("", stops[0], count=1))]
        known = len(parts) > 1 and all(
            part and resolver.match(part, kind=kind).place is not None for part in parts
        )
        if known:
            return parts
    return stops
