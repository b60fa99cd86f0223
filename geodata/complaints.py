"""From rows as printed to figures: one figure per place, period, register and measure.

Registers, measures, purposes and overlapping periods are never added up. What is added is only the
districts of one region, within one source and one period.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from .errors import fold

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
        (tuple of (district, value), empty unless districts were added), ``whole`` (bool: False
        where only some districts of the region are in the figure), ``basis``, ``source_ids``
        (tuple: every source that prints this very figure), ``notes`` (tuple of (source_id, es,
        en)) and ``disputed`` (bool: another source prints another value for the same place,
        period, register and measure).
    """
    summed = _sum_districts(account, districts)
    direct = account.direct.assign(
        level=account.direct["unit"].replace({"region": "region", "city": "city"}), whole=True
    )
    national = account.national.assign(level="national", whole=True, ubigeo="")
    listed = pd.concat([national, direct], ignore_index=True)
    listed["parts"] = [() for _ in range(len(listed))]
    listed["parts"] = listed["parts"].astype(object)
    city = listed["level"] == "city"
    listed.loc[city, "parts"] = pd.Series(
        [((place, value),) for place, value in zip(listed["place"], listed["value"], strict=True)],
        index=listed.index,
        dtype=object,
    )[city]
    listed.loc[city, "whole"] = False
    listed["notes"] = _notes(listed)
    rows = pd.concat([listed, summed], ignore_index=True)
    return _merge_sources(rows)


def _sum_districts(account: ComplaintAccount, districts: pd.DataFrame) -> pd.DataFrame:
    """Return one row per source, series and region: the sum of the districts that it lists."""
    rows = account.by_district
    if rows.empty:
        return rows.assign(level="", whole=True, parts=pd.Series(dtype=object), notes="")
    totals = account.national.groupby(SERIES)["value"].agg(set).to_dict()
    listed_sum = rows.groupby(["source_id", *SERIES])["value"].sum().to_dict()
    known = districts.groupby("ubigeo")["canonical"].agg(set).to_dict()
    records: list[dict[str, object]] = []
    for key, group in rows.groupby(["source_id", *SERIES, "ubigeo"], sort=False):
        source_id, *series, ubigeo = key
        complete = listed_sum[(source_id, *series)] in totals.get(tuple(series), set())
        bases = set(group["basis"])
        records.append(
            {
                **dict(zip(SERIES, series, strict=True)),
                "level": "region",
                "ubigeo": ubigeo,
                "value": group["value"].sum(),
                "parts": tuple(zip(group["place"], group["value"], strict=True)),
                "whole": complete or known[ubigeo] <= set(group["canonical"]),
                "basis": bases.pop() if len(bases) == 1 else "derived",
                "source_id": source_id,
                "notes": tuple(dict.fromkeys(_notes(group))),
            }
        )
    summed = pd.DataFrame(records)
    summed["notes"] = [tuple(n for part in notes for n in part) for notes in summed["notes"]]
    return summed


def _notes(rows: pd.DataFrame) -> list[tuple[tuple[str, str, str], ...]]:
    columns = zip(rows["source_id"], rows["note_es"], rows["note_en"], strict=True)
    return [((source, es, en),) if es or en else () for source, es, en in columns]


def _merge_sources(rows: pd.DataFrame) -> pd.DataFrame:
    """Make one figure of equal figures from several sources; mark those that contradict."""
    place = ["level", "ubigeo", *SERIES]
    records: list[dict[str, object]] = []
    for key, group in rows.groupby([*place, "value", "parts"], sort=False):
        named = dict(zip([*place, "value", "parts"], key, strict=True))
        records.append(
            {
                **named,
                "whole": bool(group["whole"].any()),
                "basis": min(group["basis"], key=["published", "rounded", "derived", ""].index),
                "source_ids": tuple(dict.fromkeys(group["source_id"])),
                "notes": tuple(dict.fromkeys(n for notes in group["notes"] for n in notes)),
            }
        )
    figures = pd.DataFrame(records, columns=[c for c in FIGURE_COLUMNS if c != "figure_id"])
    values = figures.groupby(place)["value"].transform("nunique")
    figures["disputed"] = (values > 1) & (figures["level"] != "city")
    figures = figures.sort_values([*SERIES, "level", "ubigeo"], ignore_index=True, kind="stable")
    figures["figure_id"] = [f"C{number:03d}" for number in range(1, len(figures) + 1)]
    return figures[FIGURE_COLUMNS]
