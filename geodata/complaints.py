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
    crosswalk = districts.assign(folded=districts["district"].map(fold)).set_index("folded")
    found = rows["place"].map(fold).where(is_district)
    rows["canonical"] = found.map(crosswalk["canonical"]).fillna("")
    rows.loc[is_district, "ubigeo"] = found.map(crosswalk["ubigeo"]).fillna("")
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
        {**row, "level": "national", "parts": (), "whole": True}
        for row in as_records(account.national)
    ]
    for row in as_records(account.direct):
        city = row["unit"] == "city"
        parts = ((row["place"], row["value"]),) if city else ()
        listed.append({**row, "level": row["unit"], "parts": parts, "whole": not city})
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
        summed.append(
            {
                **dict(zip(SERIES, series, strict=True)),
                "level": "region",
                "ubigeo": ubigeo,
                "value": sum(row["value"] for row in rows),
                "parts": tuple((row["place"], row["value"]) for row in rows),
                "whole": complete or known[ubigeo] <= {row["canonical"] for row in rows},
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
    """Make one figure of equal figures from several sources; mark those that contradict."""
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    values: dict[tuple[str, ...], set[float]] = defaultdict(set)
    for row in rows:
        place = (*_series_of(row), row["level"], row["ubigeo"])
        groups[(*place, row["value"], row["parts"])].append(row)
        values[place].add(row["value"])
    records = []
    for (*where, value, parts), same in groups.items():
        place = tuple(where)
        records.append(
            {
                **dict(zip((*SERIES, "level", "ubigeo"), place, strict=True)),
                "value": value,
                "parts": parts,
                "whole": any(row["whole"] for row in same),
                "basis": min((row["basis"] for row in same), key=BASES.index),
                "source_ids": tuple(dict.fromkeys(row["source_id"] for row in same)),
                "notes": tuple(dict.fromkeys(note for row in same for note in row["notes"])),
                "disputed": len(values[place]) > 1 and place[-2] != "city",
            }
        )
    records.sort(key=lambda record: (_series_of(record), record["level"], record["ubigeo"]))
    for number, record in enumerate(records, start=1):
        record["figure_id"] = f"C{number:03d}"
    return pd.DataFrame(records, columns=FIGURE_COLUMNS)
