"""What is released of a study's own counts: one joint release, whatever is drawn of it later.

Counts of the same records are one linked system (`linked`): complaints of every place and period
that the study has, with the country and the whole span added, and flows between regions over the
whole span, where they can be the same people. Cells are withheld (`protector`), the rest is
attacked (`audit`), and what holds becomes rows of the same tables. Page, figure, report and export
draw from these rows, so nothing that they add up or subtract tells more than was attacked here.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from ..errors import SuppressionError
from ..figures import match_complaints
from ..flows import unit_of_places
from ..messages import Message
from ..places.gazetteer import official_name, region_names
from .audit import attack
from .linked import ALL, Dimension, Key, System, build_system
from .model import Tables
from .printed import Printed, printed
from .protector import UnprotectedError, suppress
from .rule import Rule, not_few
from .tables import as_rows, check_table, empty_table

COUNTRY, UNKNOWN, REST = "PE", "?", "*"
# More atoms than this are not tried: the programmes would not end in a time that anybody waits.
MOST_ATOMS = 60_000
Period = tuple[str, str]
Atom = tuple[str, str, str]  # place, period, purpose
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Coarseness:
    """What is taken together before cells are chosen.

    Parameters
    ----------
    purposes, periods : bool
        Whether only all purposes, and only the whole span, are printed.
    regions : bool
        Whether only regions are printed, no provinces and districts.
    """

    purposes: bool = False
    periods: bool = False
    regions: bool = False

    def said(self, besides: Collection[str] = ()) -> tuple[Message, ...]:
        """Say what was taken together besides what was asked for."""
        told = {"purposes": _PURPOSES, "periods": _PERIODS, "regions": _REGIONS}
        return tuple(
            text for name, text in told.items() if getattr(self, name) and name not in besides
        )


_PURPOSES = Message("purposes are taken together")
_PERIODS = Message("periods are taken together")
_REGIONS = Message("provinces and districts are taken together by region")
# The stated order in which tables get coarser where a finer one can't be protected.
LADDER = (
    Coarseness(),
    Coarseness(purposes=True),
    Coarseness(purposes=True, periods=True),
    Coarseness(purposes=True, periods=True, regions=True),
)


@dataclass(frozen=True)
class Part:
    """The released cells of counts that may be of the same records; it knows no others.

    Parameters
    ----------
    name : str
        Register and measure, or source of flows.
    printed : Printed
        The cells that are printed, and the keys of those that are not.
    digest : str
        SHA-256 of what was printed and found by the attack.
    coarseness : Coarseness
        What had to be taken together.
    """

    name: str
    printed: Printed
    digest: str
    coarseness: Coarseness


@dataclass(frozen=True)
class Protected:
    """The released rows of a study's own counts.

    Parameters
    ----------
    complaints, flows, places : DataFrame
        Rows of the tables of the same name; ``places`` are the regions that flows join.
    parts : tuple of Part
        What was protected together.
    notes : tuple of Message
        What was taken together, and what has no place in a release.
    """

    complaints: pd.DataFrame
    flows: pd.DataFrame
    places: pd.DataFrame
    parts: tuple[Part, ...]
    notes: tuple[Message, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the digests of all parts; empty where nothing is own."""
        told = ",".join(part.digest for part in self.parts)
        return hashlib.sha256(told.encode()).hexdigest() if self.parts else ""


@dataclass(frozen=True)
class _Counts:
    """Own complaints of one register and measure, as printed."""

    register: str
    measure: str
    source_id: str
    rows: Mapping[tuple[str, Period, str], int]  # place code, period, purpose
    partial: frozenset[Period]


@dataclass(frozen=True)
class _Moves:
    """Own flows of one source over its whole span."""

    source_id: str
    pairs: Mapping[tuple[str, str], int]
    period: Period
    purpose: str


@dataclass(frozen=True)
class _Calendar:
    """Months cut where any period begins or ends."""

    leaves: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]]
    printed: tuple[Period, ...]
    whole: Period | None  # the printed span of all months


def protect_own(
    tables: Tables,
    own: Set[str],
    rule: Rule,
    *,
    together: Collection[str] = (),
    also: Mapping[str, Set[Key]] | None = None,
) -> Protected:
    """Choose what of the rows of own sources is printed.

    Parameters
    ----------
    tables : Tables
        Checked tables of a study.
    own : set of str
        Sources that are not public.
    rule : Rule
        The primary rule.
    together : collection of {"purposes", "periods", "regions"}, optional
        What is taken together from the start.
    also : mapping of str to set of tuple, optional
        Cells of parts that are withheld whatever they count, as they would tell a small change.

    Returns
    -------
    Protected
        Rows that may be shown to anybody.

    Raises
    ------
    SuppressionError
        If counts contradict each other, or even the coarsest table can't be protected.
    """
    notes: list[Message] = []
    counts = _own_counts(tables, own, notes, rule.threshold)
    moves = _own_moves(tables, own, notes, rule.threshold)
    complaints, flows, parts = [], [], []
    for one in counts:
        joined = next((m for m in moves if _may_be_same(one, m)), None)
        if joined is not None:
            moves.remove(joined)
        part = _protected(one, joined, rule, together, also or {})
        parts.append(part)
        complaints += _complaint_rows(part, one)
        flows += _flow_rows(part, joined)
    for alone in moves:
        part = _protected(None, alone, rule, together, also or {})
        parts.append(part)
        flows += _flow_rows(part, alone)
    for part in parts:
        notes += [
            Message("{name}: {what}, as smaller cells can't be protected.", name=part.name, what=w)
            for w in part.coarseness.said(besides=together)
        ]
    return Protected(
        complaints=_table(complaints, "complaints"),
        flows=_table(flows, "flows", ids="flow_id"),
        places=_region_places(flows, tables),
        parts=tuple(parts),
        notes=tuple(notes),
    )


def _own_counts(tables: Tables, own: Set[str], notes: list[Message], k: int) -> list[_Counts]:
    """Gather own complaints by register and measure, each brought to the code of its place."""
    rows = tables.complaints[tables.complaints["source_id"].isin(own)]
    if rows.empty:
        return []
    coded = rows["ubigeo"].ne("") & ~rows["unit"].isin(["city", "national"])
    brought = match_complaints(
        rows[~coded], tables.districts, ubigeos=set(tables.regions["ubigeo"].str[:2])
    )
    placed = pd.concat(
        [
            rows[coded].assign(code=rows["ubigeo"]),
            brought.national.assign(code=COUNTRY),
            brought.by_district.assign(code=brought.by_district["ubigeo"]),
        ]
    )
    lost = len(rows) - len(placed)
    if lost:
        notes.append(
            Message(
                "{n} own row(s) of cities or unknown places are not released.", n=not_few(lost, k)
            )
        )
    return [
        _counts_of(str(register), str(measure), group)
        for (register, measure), group in placed.groupby(["register", "measure"], sort=True)
    ]


def _counts_of(register: str, measure: str, group: pd.DataFrame) -> _Counts:
    told: dict[tuple[str, Period, str], dict[str, int]] = {}
    for row in as_rows(group):
        key = (row.code, (row.period_start, row.period_end), row.purpose or "all")
        of_source = told.setdefault(key, {})
        added = row.unit in ("judicial_district", "fiscal_district")
        of_source[row.source_id] = int(row.value) + (
            of_source.get(row.source_id, 0) if added else 0
        )
    if any(len(set(values.values())) > 1 for values in told.values()):
        raise SuppressionError(
            Message(
                "{register}, {measure}: two own sources count the same place and period"
                " differently. Keep one of them, or give them registers of their own.",
                register=register,
                measure=measure,
            )
        )
    partial = group[group["basis"] == "partial"]
    return _Counts(
        register=register,
        measure=measure,
        source_id=str(group["source_id"].iloc[0]),
        rows={key: next(iter(values.values())) for key, values in told.items()},
        partial=frozenset(zip(partial["period_start"], partial["period_end"], strict=True)),
    )


def _own_moves(tables: Tables, own: Set[str], notes: list[Message], k: int) -> list[_Moves]:
    """Gather own counted flows by source, between regions, over the whole span."""
    rows = tables.flows[tables.flows["source_id"].isin(own)]
    counted = rows["value_kind"].eq("count") & rows["value"].notna()
    if (~counted).any():
        notes.append(
            Message(
                "{n} own flow(s) without a count, or with a share, are not released: each says"
                " that there is somebody.",
                n=not_few(int((~counted).sum()), k),
            )
        )
    node = unit_of_places(tables.places, "region")
    found = []
    for source, group in rows[counted].groupby("source_id", sort=True):
        pairs: defaultdict[tuple[str, str], int] = defaultdict(int)
        for row in as_rows(group):
            if row.value % 1:
                raise SuppressionError(
                    Message(
                        "{id}: {value} is no count of people, so it can't be protected. Correct"
                        " it in the table 'flows'.",
                        id=row.flow_id,
                        value=row.value,
                    )
                )
            pairs[node[row.origin], node[row.destination]] += int(row.value)
        starts, ends = set(group["period_start"]), set(group["period_end"])
        known = "" not in starts | ends
        purposes = set(group["purpose"])
        found.append(
            _Moves(
                source_id=str(source),
                pairs=dict(pairs),
                period=(min(starts), max(ends)) if known else ("", ""),
                purpose=purposes.pop() if len(purposes) == 1 else "unknown",
            )
        )
    return found


def _may_be_same(counts: _Counts, moves: _Moves) -> bool:
    """Tell whether flows may be of the people who are counted: nowhere more arrive than count.

    Taken for the same where they may be: that only ever withholds more.
    """
    if moves.source_id != counts.source_id and not _overlap(counts, moves.period):
        return False
    arrived: defaultdict[str, int] = defaultdict(int)
    for (_, destination), n in moves.pairs.items():
        if destination in region_names():
            arrived[destination] += n
    there = _atoms_of(counts, Coarseness(purposes=True))[1]
    total: defaultdict[str, int] = defaultdict(int)
    for (place, *_), n in there.items():
        total[place[:2]] += n
    return all(n <= total[region] for region, n in arrived.items())


def _overlap(counts: _Counts, period: Period) -> bool:
    return any(
        not period[0] or (start <= period[1] and period[0] <= end)
        for _, (start, end), _ in counts.rows
    )


def _protected(
    counts: _Counts | None,
    moves: _Moves | None,
    rule: Rule,
    together: Collection[str],
    also: Mapping[str, Set[Key]],
) -> Part:
    """Return the finest release of the ladder that can be protected, and stands the attack."""
    told = f"{counts.register}, {counts.measure}" if counts else moves.source_id if moves else ""
    asked = dict.fromkeys(together, True)
    for coarseness in dict.fromkeys(replace(rung, **asked) for rung in LADDER):
        try:
            system = _system(counts, moves, coarseness)
            more = np.array([key in also.get(told, ()) for key in system.keys])
            pattern = suppress(system, rule.threshold, also=more)
        except UnprotectedError:
            continue
        finding = attack(
            system,
            pattern.withheld,
            rule.threshold,
            alternatives=pattern.alternatives,
            told=pattern.told,
        )
        if finding.is_safe:
            kept = printed(told, system, pattern.withheld, public=_listed(system.dimensions))
            return Part(told, kept, finding.digest, coarseness)
    raise SuppressionError(
        Message(
            "{name}: these counts can't be protected, not even by region over the whole span."
            " Nothing was written. Take out flows, or use a smaller threshold"
            " ([publication] threshold, at least 5).",
            name=told,
        )
    )


def _listed(dimensions: Iterable[Dimension]) -> set[str]:
    """Return the dimensions whose codes the ledger lists whatever was counted."""
    codes = {c for d in dimensions if d.name == "place" for c in d.codes()}
    if any(code.isdigit() and len(code) > 2 for code in codes):
        return {"period", "purpose"}
    return {"period", "purpose", "origin", "place"}  # regions alone, all of them


def _system(counts: _Counts | None, moves: _Moves | None, coarse: Coarseness) -> System:
    """Return the linked system of what would be printed."""
    atoms: dict[Atom, int] = {}
    prints: list[dict[str, Sequence[str]]] = []
    place = Dimension("place", (), {})
    period = Dimension("period", (REST,))
    purpose = Dimension("purpose", (REST,))
    if counts is not None:
        (place, period, purpose), atoms = _atoms_of(counts, coarse)
        prints = _printed_counts(counts, coarse, place, period)
    if moves is None:
        _bound((place, period, purpose))
        return build_system((place, period, purpose), dict(atoms.items()), prints)
    origins, destinations = (sorted({pair[i] for pair in moves.pairs}) for i in (0, 1))
    regions = sorted(region_names())
    outside = [code for code in destinations if code not in region_names()]
    if counts is None:
        place = Dimension("place", tuple(regions), {})
    place = Dimension(
        "place",
        (*place.leaves, *outside),
        place.groups,
    )
    sources = tuple(dict.fromkeys((*regions, *origins)))
    origin = Dimension("origin", (*sources, UNKNOWN) if counts else sources)
    dimensions = (origin, place, period, purpose)
    _bound(dimensions)
    prints = [{**table} for table in prints]
    prints.append({"origin": sources, "place": (*regions, *outside)})
    return build_system(dimensions, _assigned(atoms, moves, place, period, purpose), prints)


def _bound(dimensions: Iterable[Dimension]) -> None:
    if np.prod([len(d.leaves) for d in dimensions], dtype=float) > MOST_ATOMS:
        raise UnprotectedError


def _assigned(
    atoms: Mapping[Atom, int],
    moves: _Moves,
    place: Dimension,
    period: Dimension,
    purpose: Dimension,
) -> dict[Key, int]:
    """Give the counts of each region the origins of its flows; the others' origin is not known.

    Which count of a region gets which origin tells nothing: only the sums are printed.
    """
    left = dict(atoms)
    cells: defaultdict[Key, int] = defaultdict(int)
    for (origin, region), people in moves.pairs.items():
        for atom in [atom for atom in left if atom[0][:2] == region]:
            taken = min(left[atom], people)
            cells[(origin, *atom)] += taken
            left[atom] -= taken
            people -= taken
        if people:  # flows alone, or to places outside the regions
            leaf = place.members(region)[0]
            cells[origin, leaf, period.leaves[0], purpose.leaves[0]] += people
    for atom, n in left.items():
        cells[(UNKNOWN, *atom)] += n
    return {key: n for key, n in cells.items() if n}


def _atoms_of(
    counts: _Counts, coarse: Coarseness
) -> tuple[tuple[Dimension, Dimension, Dimension], dict[Atom, int]]:
    """Divide the counts as printed into the smallest parts that explain all of them."""
    calendar = _calendar({key[1] for key in counts.rows})
    place = _places(counts, coarse)
    period = Dimension("period", calendar.leaves, calendar.groups)
    named = sorted({key[2] for key in counts.rows} - {"all"})
    both = named and any(key[2] == "all" for key in counts.rows)
    purpose = Dimension("purpose", (*named, REST) if both or not named else tuple(named))
    dimensions = (place, period, purpose)
    shape = [len(d.leaves) for d in dimensions]
    at = [{leaf: i for i, leaf in enumerate(d.leaves)} for d in dimensions]
    columns: list[NDArray[np.int64]] = []
    for code, when, what in counts.rows:
        # Of a finer unit whose region alone is printed, the region is meant.
        known = code in place.groups or code in at[0]
        members = (
            place.members(code if known else code[:2]),
            period.members(_named(when)),
            purpose.members(ALL if what == "all" else what),
        )
        parts = [[of[leaf] for leaf in some] for of, some in zip(at, members, strict=True)]
        columns.append(np.sort(np.ravel_multi_index(np.ix_(*parts), shape).ravel()))
    values = _smallest(columns, [*counts.rows.values()], int(np.prod(shape)), counts)
    filled = np.flatnonzero(values)
    keys = np.unravel_index(filled, shape)
    found = {
        (place.leaves[a], period.leaves[b], purpose.leaves[c]): int(values[i])
        for i, a, b, c in zip(filled, *keys, strict=True)
    }
    return dimensions, found


def _smallest(
    columns: Sequence[NDArray[np.int64]], sums: Sequence[int], size: int, counts: _Counts
) -> Numbers:
    """Return the fewest people that all printed counts are true of."""
    # Counts of the same atoms are units of a region of which only the region is printed.
    added: dict[bytes, tuple[NDArray[np.int64], int]] = {}
    for column, n in zip(columns, sums, strict=True):
        added[column.tobytes()] = column, added.get(column.tobytes(), (column, 0))[1] + n
    parts = [column for column, _ in added.values()]
    wanted = np.array([n for _, n in added.values()], dtype=float)
    values = np.zeros(size)
    if all(len(part) == 1 for part in parts):  # nothing printed is a sum of something else
        values[np.concatenate(parts)] = wanted
        return values
    ends = np.cumsum([0, *map(len, parts)])
    flat = np.concatenate(parts)
    table = sp.csr_array((np.ones(len(flat)), flat, ends), shape=(len(parts), size))
    result = milp(
        np.ones(size),
        constraints=LinearConstraint(table, wanted, wanted),
        integrality=np.ones(size, dtype=int),
        bounds=Bounds(0, np.inf),
    )
    if result.x is None:
        raise SuppressionError(
            Message(
                "{register}, {measure}: the own counts contradict each other. A total is smaller"
                " than its parts, or years add up to more than their span. Correct the table"
                " 'complaints'.",
                register=counts.register,
                measure=counts.measure,
            )
        )
    return np.asarray(np.rint(result.x))


def _places(counts: _Counts, coarse: Coarseness) -> Dimension:
    """Return the places as leaves and groups: what lies in a unit and is not named is its rest.

    All regions are leaves, named or not: that a region is absent must not tell that it has nobody.
    """
    codes = {key[0] for key in counts.rows} - {COUNTRY}
    if coarse.regions:
        codes = {code[:2] for code in codes}
    regions = sorted({*region_names(), *(code[:2] for code in codes)})
    leaves: list[str] = []
    groups: dict[str, tuple[str, ...]] = {}

    def gather(code: str) -> tuple[str, ...]:
        """Return the leaves of a unit: its parts that are named, each with its own, and a rest."""
        finer = {c[: len(code) + 2] for c in codes if c.startswith(code) and len(c) > len(code)}
        if not finer:
            leaves.append(code)
            return (code,)
        mine = [leaf for part in sorted(finer) for leaf in gather(part)]
        leaves.append(f"{code}{REST}")
        groups[code] = (*mine, leaves[-1])
        return groups[code]

    for region in regions:
        gather(region)
    if any(key[0] == COUNTRY for key in counts.rows):
        leaves.append(UNKNOWN)
    groups[COUNTRY] = tuple(leaves)
    return Dimension("place", tuple(leaves), groups)


def _calendar(periods: Set[Period]) -> _Calendar:
    """Cut the months where any period begins or ends; a span of several has a rest without date."""
    cuts = sorted({start for start, _ in periods} | {_next(end) for _, end in periods})
    pieces = [
        (start, end)
        for start, end in pairwise(cuts)
        if any(a <= start and end <= _next(b) for a, b in periods)
    ]
    names = {piece: f"{piece[0]}/{_before(piece[1])}" for piece in pieces}
    leaves = list(names.values())
    groups: dict[str, tuple[str, ...]] = {}
    for start, end in sorted(periods):
        mine = [names[p] for p in pieces if start <= p[0] and p[1] <= _next(end)]
        if len(mine) > 1:
            rest = f"{_named((start, end))}{REST}"
            leaves.append(rest)
            groups[_named((start, end))] = (*mine, rest)
    whole = (cuts[0], _before(cuts[-1]))
    gapless = all(a[1] == b[0] for a, b in pairwise(pieces))
    printed = sorted(periods)
    if len(pieces) > 1 and gapless and not groups:
        groups[_named(whole)] = tuple(leaves)
        printed.append(whole)
    # A rest of one span lies in every longer span too.
    for name, months in list(groups.items()):
        inside = [o for o in groups if o != name and set(groups[o][:-1]) < set(months)]
        groups[name] = tuple(dict.fromkeys((*months, *(groups[o][-1] for o in inside))))
    return _Calendar(tuple(leaves), groups, tuple(printed), whole if whole in printed else None)


def _printed_counts(
    counts: _Counts, coarse: Coarseness, place: Dimension, period: Dimension
) -> list[dict[str, Sequence[str]]]:
    """Return the tables of complaints: every level of places by every period that it is told of."""
    calendar = _calendar({key[1] for key in counts.rows})
    codes = [*place.groups, *place.leaves]
    by_level = {
        digits: [c for c in dict.fromkeys(codes) if c.isdigit() and len(c) == digits]
        for digits in (2, 4, 6)
    }
    told = {(len(code), when, what) for code, when, what in counts.rows if code != COUNTRY}
    told |= {(2, when, what) for code, when, what in counts.rows}
    # What is told of a unit says something of all that it lies in.
    told |= {(d, when, what) for digits, when, what in told for d in (2, 4) if d < digits}
    whole = calendar.whole
    if coarse.periods and whole is None:
        raise UnprotectedError  # no span can stand for the periods
    if whole is not None:
        told |= {(digits, whole, what) for digits, _, what in told}
    named = {what for *_, what in told} - {"all"}
    tables: dict[tuple[str, ...], dict[str, Sequence[str]]] = {}
    for digits, when, what in sorted(told):
        if coarse.regions and digits > 2:
            continue
        if coarse.periods and when != whole:
            continue
        aim = ALL if what == "all" or coarse.purposes or not named else what
        tables[str(digits), _named(when), aim] = {
            "place": [*by_level[digits], COUNTRY],
            "period": [_named(when)],
            "purpose": [aim],
        }
    return list(tables.values())


def _complaint_rows(part: Part, counts: _Counts) -> list[dict[str, str]]:
    """Return the printed cells of complaints as rows of their table."""
    dimensions = part.printed.dimensions
    names = [d.name for d in dimensions]
    place, period, purpose = (names.index(n) for n in ("place", "period", "purpose"))
    one = dimensions[purpose].leaves
    rows = []
    for key, value in part.printed.cells.items():
        if "origin" in names and key[names.index("origin")] != ALL:
            continue
        code, (start, end) = key[place], key[period].split("/")
        only = one[0] if len(one) == 1 and one[0] != REST else "all"
        rows.append(
            {
                "unit": "national" if code == COUNTRY else "region",
                "place": "Perú" if code == COUNTRY else "",
                "ubigeo": "" if code == COUNTRY else code,
                "period_start": start,
                "period_end": end,
                "measure": counts.measure,
                "register": counts.register,
                "purpose": key[purpose] or only,
                "value": str(value),
                "basis": "partial" if (start, end) in counts.partial else "",
                "source_id": counts.source_id,
            }
        )
    return rows


def _flow_rows(part: Part, moves: _Moves | None) -> list[dict[str, str]]:
    """Return the printed cells of flows as rows of their table."""
    if moves is None:
        return []
    names = [d.name for d in part.printed.dimensions]
    origin, place = names.index("origin"), names.index("place")
    return [
        {
            "origin": key[origin],
            "destination": key[place],
            "value": str(value),
            "value_kind": "count",
            "period_start": moves.period[0],
            "period_end": moves.period[1],
            "purpose": moves.purpose,
            "source_id": moves.source_id,
        }
        for key, value in part.printed.cells.items()
        if key[origin] != ALL
    ]


def _table(rows: Sequence[Mapping[str, str]], name: str, *, ids: str = "") -> pd.DataFrame:
    if not rows:
        return empty_table(name)
    width = len(str(len(rows)))
    told = [
        {**row, **({ids: f"R{n:0{width}}"} if ids else {})} for n, row in enumerate(rows, start=1)
    ]
    return check_table(pd.DataFrame(told, dtype=object), name)


def _region_places(flows: Sequence[Mapping[str, str]], tables: Tables) -> pd.DataFrame:
    """Return a row for each region that released flows join and the study has no place for."""
    had = set(tables.places["place_id"])
    ends = {row[end] for row in flows for end in ("origin", "destination")}
    codes = sorted(code for code in ends - had if code.isdigit())
    return _table(
        [
            {"place_id": code, "name": official_name(code) or code, "ubigeo": code,
             "kind": "region", "lat": "", "lon": ""}
            for code in codes
        ],
        "places",
    )  # fmt: skip


def _named(period: Period) -> str:
    return f"{period[0]}/{period[1]}"


def _next(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04}-{number % 12 + 1:02}"


def _before(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year - (number == 1):04}-{(number - 2) % 12 + 1:02}"
