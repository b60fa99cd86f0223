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
from .tables import as_records

Row = dict[str, Any]

BASES = ("published", "rounded", "derived", "")
SERIES = ["register", "measure", "purpose", "period_start", "period_end"]
FIGURE_COLUMNS = [
    "figure_id", "level", "ubigeo", *SERIES, "value", "parts", "whole", "basis", "source_ids",
    "notes", "disputed",
]  # fmt: skip


@dataclass(frozen=True)
class ComplaintAccount:
    """Where every row of the complaints table went; the four tables add up to the input.

    Parameters
    ----------
    national, direct, by_district, unmatched : DataFrame
        Rows of the complaints table: counts of the whole country; counts of a region or of a city
        in it; counts of a judicial or fiscal district brought to its region by the crosswalk; rows
        whose region or district is not known, which no map shows.
    """

    national: pd.DataFrame
    direct: pd.DataFrame
    by_district: pd.DataFrame
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
    rows["ubigeo"] = pd.Series([ubigeo for _, ubigeo in found], index=rows.index, dtype="str")
    matched = rows["ubigeo"].isin(ubigeos)
    return ComplaintAccount(
        national=rows[national],
        direct=rows[~national & ~is_district & matched],
        by_district=rows[~national & is_district & matched],
        unmatched=rows[~national & ~matched],
    )


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
    return _merge_sources([*listed, *_sum_districts(account, districts)])


def _sum_districts(account: ComplaintAccount, districts: pd.DataFrame) -> list[Row]:
    """Return one row per source, series and region: the sum of the districts that it lists."""
    totals: dict[tuple[str, ...], set[float]] = defaultdict(set)
    for row in as_records(account.national):
        totals[_series_of(row)].add(row["value"])
    known: dict[str, set[str]] = defaultdict(set)
    for row in as_records(districts):
        known[row["ubigeo"]].add(row["canonical"])
    listed_sum: dict[tuple[str, ...], float] = defaultdict(float)
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in as_records(account.by_district):
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
