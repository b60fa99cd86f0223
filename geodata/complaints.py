"""From rows as printed to figures: one figure per place, period, register and measure.

Registers, measures, purposes and overlapping periods are never added up. What is added is only the
districts of one region, within one source and one period.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import pandas as pd

from .errors import fold
from .study.tables import as_records

Row = dict[str, Any]

BASES = ("published", "rounded", "derived", "")
SERIES = ["register", "measure", "purpose", "period_start", "period_end"]
FIGURE_COLUMNS = [
    "figure_id", "level", "ubigeo", *SERIES, "value", "parts", "whole", "basis", "source_ids",
    "notes", "disputed",
]  # fmt: skip


@dataclass(frozen=True)
class ComplaintAccount:
    """Where every row of the complaints table went; the five tables add up to the input.

    Parameters
    ----------
    national, direct, by_district, by_part, unmatched : DataFrame
        Rows of the complaints table: counts of the whole country; counts of a region or of a city
        in it; counts of a judicial or fiscal district brought to its region by the crosswalk;
        counts of provinces or districts brought to the unit of the layer that their ubigeo begins
        with; rows whose region or district is not known, which no map shows.
    """

    national: pd.DataFrame
    direct: pd.DataFrame
    by_district: pd.DataFrame
    by_part: pd.DataFrame
    unmatched: pd.DataFrame


def match_complaints(
    complaints: pd.DataFrame, districts: pd.DataFrame, *, ubigeos: set[str]
) -> ComplaintAccount:
    """Bring every complaint row to a region, or say that it could not be.

    Names of districts are compared without accents and case: published tables write them in
    capitals as often as not.

    Parameters
    ----------
    complaints, districts : DataFrame
        Checked tables.
    ubigeos : set of str
        Codes of the regions of the layer.

    Returns
    -------
    ComplaintAccount
        All rows of ``complaints``, each once; ``ubigeo`` filled in where a district gave it, and
        the district's ``canonical`` name added.
    """
    rows = complaints.copy()
    rows["unit"] = rows["unit"].where(rows["unit"] != "", "region")
    national = rows["unit"] == "national"
    is_district = rows["unit"].isin(["judicial_district", "fiscal_district"])
    crosswalk: dict[str, tuple[str, str]] = {}
    for entry in as_records(districts):
        crosswalk.setdefault(fold(entry["district"]), (entry["canonical"], entry["ubigeo"]))
    found = [
        crosswalk.get(fold(place), ("", "")) if counted_by_district else ("", ubigeo)
        for place, ubigeo, counted_by_district in zip(
            rows["place"], rows["ubigeo"], is_district, strict=True
        )
    ]
    rows["canonical"] = pd.Series([name for name, _ in found], index=rows.index, dtype="str")
    own = [ubigeo for _, ubigeo in found]
    units = [unit_of(ubigeo, ubigeos) for ubigeo in own]
    finer = pd.Series(
        [unit not in ("", ubigeo) for unit, ubigeo in zip(units, own, strict=True)],
        index=rows.index,
        dtype="bool",
    )
    finer &= rows["unit"] == "region"
    rows["canonical"] = rows["canonical"].mask(finer, pd.Series(own, index=rows.index, dtype="str"))
    shown = [unit or ubigeo for unit, ubigeo in zip(units, own, strict=True)]
    rows["ubigeo"] = pd.Series(shown, index=rows.index, dtype="str")
    matched = rows["ubigeo"].isin(ubigeos)
    return ComplaintAccount(
        national=rows[national],
        direct=rows[~national & ~is_district & matched & ~finer],
        by_district=rows[~national & is_district & matched],
        by_part=rows[finer],
        unmatched=rows[~national & ~matched],
    )


def unit_of(ubigeo: str, ubigeos: set[str]) -> str:
    """Return the unit of a layer that a code is or lies in.

    Parameters
    ----------
    ubigeo : str
        INEI code with 2, 4 or 6 digits.
    ubigeos : set of str
        Codes of the layer; 1501 and 1599 where it has Lima in two parts.

    Returns
    -------
    str
        One of ``ubigeos``; empty where none fits.

    Examples
    --------
    >>> unit_of("150132", {"14", "15"})
    '15'
    """
    for digits in (6, 4, 2):
        if len(ubigeo) >= digits and ubigeo[:digits] in ubigeos:
            return ubigeo[:digits]
    rest_of_lima = len(ubigeo) > 2 and ubigeo[:2] == "15"
    return "1599" if rest_of_lima and "1599" in ubigeos and "15" not in ubigeos else ""


def build_figures(account: ComplaintAccount, districts: pd.DataFrame) -> pd.DataFrame:
    """Build the figures that the map shows.

    Parameters
    ----------
    account : ComplaintAccount
        Matched rows.
    districts : DataFrame
        The crosswalk, to know which districts a region has.

    Returns
    -------
    DataFrame
        One row per distinct figure, with ``level`` ("national", "region", "city"), ``ubigeo``
        (empty for the nation), the five columns of a series, ``value`` (float64), ``parts``
        (tuple of (place, value): the districts that were added, or the city), ``whole`` (bool:
        False where only some districts of the region are in the figure), ``basis``,
        ``source_ids`` (tuple: every source that prints this very figure), ``notes`` (tuple of
        (source_id, es, en)) and ``disputed`` (bool: another source prints another value for the
        same place, period, register and measure).
    """
    listed = [
        {**row, "level": "national", "parts": (), "whole": True, "covers": ()}
        for row in as_records(account.national)
    ]
    for row in as_records(account.direct):
        city = row["unit"] == "city"
        parts = ((row["place"], row["value"]),) if city else ()
        covers = (fold(row["place"]),) if city else ()
        listed.append(
            {**row, "level": row["unit"], "parts": parts, "whole": not city, "covers": covers}
        )
    for row in listed:
        row["notes"] = _note(row)
    known: dict[str, set[str]] = defaultdict(set)
    for row in as_records(districts):
        known[row["ubigeo"]].add(row["canonical"])
    by_district = _sum_parts(account.national, account.by_district, known)
    by_part = [
        row
        for _, part in account.by_part.groupby(account.by_part["canonical"].str.len())
        for row in _sum_parts(account.national, part, _parts_of(part))
    ]
    return _merge_sources([*listed, *by_district, *by_part])


def _parts_of(part: pd.DataFrame) -> dict[str, set[str]]:
    """Return the provinces or districts on INEI's list that each unit of the layer has."""
    from .places.codes import unit_names

    units = set(part["ubigeo"])
    digits = len(part["canonical"].iloc[0])
    known: dict[str, set[str]] = defaultdict(set)
    for code in unit_names():
        if len(code) == digits and (unit := unit_of(code, units)):
            known[unit].add(code)
    return known


def _sum_parts(
    national: pd.DataFrame, parts: pd.DataFrame, known: dict[str, set[str]]
) -> list[Row]:
    """Return one row per source, series and region: the sum of the parts that it lists."""
    totals: dict[tuple[str, ...], set[float]] = defaultdict(set)
    for row in as_records(national):
        totals[_series_of(row)].add(row["value"])
    listed_sum: dict[tuple[str, ...], float] = defaultdict(float)
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in as_records(parts):
        listed_sum[(row["source_id"], *_series_of(row))] += row["value"]
        groups[(row["source_id"], *_series_of(row), row["ubigeo"])].append(row)
    summed: list[Row] = []
    for (source_id, *series, ubigeo), rows in groups.items():
        complete = listed_sum[(source_id, *series)] in totals[tuple(series)]
        bases = {row["basis"] for row in rows}
        names = {row["canonical"] for row in rows}
        whole = complete or known[ubigeo] <= names
        summed.append(
            {
                **dict(zip(SERIES, series, strict=True)),
                "level": "region",
                "ubigeo": ubigeo,
                "value": sum(row["value"] for row in rows),
                "parts": tuple((row["place"], row["value"]) for row in rows),
                "whole": whole,
                "covers": () if whole else tuple(sorted(names)),
                "split": tuple(sorted((row["canonical"], row["value"]) for row in rows)),
                "basis": bases.pop() if len(bases) == 1 else "derived",
                "source_id": source_id,
                "notes": tuple(dict.fromkeys(note for row in rows for note in _note(row))),
            }
        )
    return summed


def _series_of(row: Row) -> tuple[str, ...]:
    return tuple(row[column] for column in SERIES)


def _note(row: Row) -> tuple[tuple[str, str, str], ...]:
    es, en = row["note_es"], row["note_en"]
    return ((row["source_id"], es, en),) if es or en else ()


def _merge_sources(rows: list[Row]) -> pd.DataFrame:
    """Make one figure of equal figures from several sources; mark those that contradict.

    Figures are compared where they cover the same: the nation, a whole region, the same city, or
    the same districts of a region. Equal sums of the same districts with other parts contradict.
    """
    groups: dict[tuple[Any, ...], dict[tuple[Any, ...], list[Row]]]
    groups = defaultdict(lambda: defaultdict(list))
    for row in rows:
        place = (_series_of(row), row["level"], row["ubigeo"], row["covers"])
        groups[place][(row["value"], row.get("split", ()))].append(row)
    figures = []
    for told in groups.values():
        for value, split in [key for key in told if key[1]]:
            if sum(other == value for other, _ in told) == 2 and (value, ()) in told:
                told[(value, split)] += told.pop((value, ()))
        figures += [_one_figure(same, disputed=len(told) > 1) for same in told.values()]
    figures.sort(
        key=lambda figure: (_series_of(figure), figure["level"], figure["ubigeo"], figure["value"])
    )
    for number, figure in enumerate(figures, start=1):
        figure["figure_id"] = f"C{number:03d}"
    table = pd.DataFrame(figures, columns=FIGURE_COLUMNS)
    text = ["figure_id", "level", "ubigeo", *SERIES, "basis"]
    kinds = {"value": "float64", "whole": "bool", "disputed": "bool"}
    return table.astype({**dict.fromkeys(text, "str"), **kinds})


def _one_figure(same: list[Row], *, disputed: bool) -> Row:
    """Return the figure that several rows print."""
    first = same[0]
    return {
        **{column: first[column] for column in ("level", "ubigeo", "value", *SERIES)},
        "parts": max((row["parts"] for row in same), key=len),
        "whole": any(row["whole"] for row in same),
        "basis": min((row["basis"] for row in same), key=BASES.index),
        "source_ids": tuple(dict.fromkeys(row["source_id"] for row in same)),
        "notes": tuple(dict.fromkeys(note for row in same for note in row["notes"])),
        "disputed": disputed,
    }
