"""Figures: complaints brought to regions and joined with population, and how sure they are.

Rows as printed are matched with regions (`match_complaints`), become one figure per place, period,
register and measure (`build_figures`), get rates (`add_rates`) and the mark of what is shown
(`mark_shown`), and are listed as series (`list_series`). `join_figures` goes this way, for every
output. Registers, measures, purposes and overlapping periods are never added up. What is added is
only the districts of one region, within one source and one period.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from .errors import StudyError, casefolded
from .messages import Message
from .places.vintages import codes_of_other_years
from .study.tables import as_records

if TYPE_CHECKING:
    import geopandas as gpd

    from .study.model import Tables
    from .study.publication import Publication

Row = dict[str, Any]

# How sure a figure is; of equal ones the first holds, and one that lacks months lacks them for all.
BASES = ("partial", "published", "rounded", "derived", "")
SERIES = ["register", "measure", "purpose", "period_start", "period_end"]
FIGURE_COLUMNS = [
    "figure_id", "level", "ubigeo", *SERIES, "value", "parts", "whole", "basis", "source_ids",
    "notes", "disputed",
]  # fmt: skip
PER = 100_000
LEVEL = 0.95


@dataclass(frozen=True)
class Figures:
    """The figures of a study: the account of their rows, the figures, and the series they form.

    ``table`` has the columns of `build_figures`, `add_rates` and `mark_shown`; the position of a
    row of ``series`` (`list_series`) is the number of that series in every output.
    """

    account: ComplaintAccount
    table: pd.DataFrame
    series: pd.DataFrame


def join_figures(tables: Tables) -> Figures:
    """Match the complaints with the regions, and build figures with rates, and their series."""
    account = match_complaints(
        tables.complaints, tables.districts, ubigeos=set(tables.regions["ubigeo"])
    )
    table = mark_shown(add_rates(build_figures(account, tables.districts), tables.regions))
    return Figures(account, table, list_series(table, regions=len(tables.regions)))


def figures(publication: Publication) -> gpd.GeoDataFrame:
    """Return what the registers count in each region, with rates and outlines.

    Parameters
    ----------
    publication : Publication
        Protected tables, from `protect`.

    Returns
    -------
    GeoDataFrame
        One row per figure of a region or of a city in it, in the order of series and ubigeo,
        EPSG:4326: ``figure_id``, ``level`` ("region" or "city"), ``ubigeo``, ``name`` of the
        region, ``register``, ``measure``, ``purpose``, ``period_start``, ``period_end``, ``value``
        (float64, a count), ``low`` and ``high`` (float64, the exact 95 per cent interval of the
        count), ``rate`` (float64, reported counts per 100,000 people and year; NaN where the figure
        is not of the whole region), ``months``, ``whole``, ``shown`` (bool: this figure stands for
        its region on the map), ``disputed``, ``basis``, ``parts``, ``source_ids`` (tuple) and the
        outline of the region. Rows of several series must not be added up.
    """
    import geopandas as gpd

    tables = publication.tables
    table = join_figures(tables).table
    outlines = tables.regions.set_index("ubigeo")
    table = table[table["ubigeo"].isin(outlines.index)].reset_index(drop=True)
    table = add_intervals(table).assign(name=table["ubigeo"].map(outlines["name"]))
    columns = [
        "figure_id", "level", "ubigeo", "name", *SERIES, "value", "low", "high", "rate", "months",
        "whole", "shown", "disputed", "basis", "parts", "source_ids",
    ]  # fmt: skip
    shapes = outlines.geometry.reindex(table["ubigeo"]).to_numpy()
    return gpd.GeoDataFrame(table[columns], geometry=shapes, crs=tables.regions.crs)


def add_intervals(figures: pd.DataFrame) -> pd.DataFrame:
    """Add ``low`` and ``high``, the bounds of the exact interval of each count."""
    bounds = [poisson_interval(value) for value in figures["value"]]
    return figures.assign(low=[low for low, _ in bounds], high=[high for _, high in bounds])


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
        crosswalk.setdefault(casefolded(entry["district"]), (entry["canonical"], entry["ubigeo"]))
    found = [
        crosswalk.get(casefolded(place), ("", "")) if counted_by_district else ("", ubigeo)
        for place, ubigeo, counted_by_district in zip(
            rows["place"], rows["ubigeo"], is_district, strict=True
        )
    ]
    rows["canonical"] = pd.Series([name for name, _ in found], index=rows.index, dtype="str")
    own = [ubigeo for _, ubigeo in found]
    units = [unit_of(ubigeo, ubigeos) for ubigeo in own]
    # Units that hold a newer one beside themselves: both are their parts.
    carved = {
        unit
        for unit, code in zip(units, own, strict=True)
        if unit != code and len(unit) == len(code) > 2
    }
    finer = pd.Series(
        [unit not in ("", code) or code in carved for unit, code in zip(units, own, strict=True)],
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


def unit_of(ubigeo: str, ubigeos: Set[str]) -> str:
    """Return the unit of a layer that a code is or lies in.

    Parameters
    ----------
    ubigeo : str
        INEI code with 2, 4 or 6 digits.
    ubigeos : set of str, or the keys of a mapping
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
    # The layer may be of another year: a district it lacks is counted in the one it was part of.
    for code in (ubigeo, *codes_of_other_years(ubigeo)):
        for digits in (6, 4, 2):
            if len(code) >= digits and code[:digits] in ubigeos:
                return code[:digits]
    rest_of_lima = len(ubigeo) > 2 and ubigeo[:2] == "15"
    return "1599" if rest_of_lima and "1599" in ubigeos and "15" not in ubigeos else ""


def counts_larger_units(rows: pd.DataFrame, regions: pd.DataFrame) -> pd.Series[bool]:
    """Tell which rows count a unit that is made of several of the layer: a region of provinces.

    They are no mistake; a map of the smaller units just has no place for them.
    """
    return rows["ubigeo"].isin({*regions["ubigeo"].str[:2], *regions["ubigeo"].str[:4]})


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
        covers = (casefolded(row["place"]),) if city else ()
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
    from .places.gazetteer import unit_names

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


def months_between(start: str, end: str) -> int:
    """Return the number of months from ``start`` to ``end`` (``YYYY-MM``), both included."""
    return (int(end[:4]) - int(start[:4])) * 12 + int(end[5:7]) - int(start[5:7]) + 1


def add_population(regions: gpd.GeoDataFrame, population: pd.DataFrame) -> gpd.GeoDataFrame:
    """Add the denominator to the regions.

    Parameters
    ----------
    regions : GeoDataFrame
        Checked regions.
    population : DataFrame
        Checked population table.

    Returns
    -------
    GeoDataFrame
        The rows of ``regions`` with ``population`` (float64, NaN where the table has none),
        ``population_year`` (text) and ``population_source`` (source_id).
    """
    table = population.set_index("ubigeo")
    year, source = table["year"].to_dict(), table["source_id"].to_dict()
    return regions.assign(
        population=regions["ubigeo"].map(table["population"]).astype("float64"),
        population_year=[year.get(ubigeo, "") for ubigeo in regions["ubigeo"]],
        population_source=[source.get(ubigeo, "") for ubigeo in regions["ubigeo"]],
    )


def add_rates(figures: pd.DataFrame, regions: gpd.GeoDataFrame) -> pd.DataFrame:
    """Add the rate per 100,000 people and year.

    ``rate = value / population / (months / 12) * 100,000``, with the population of the regions
    table whatever the period, because one named denominator is clearer than an estimated one.

    Parameters
    ----------
    figures : DataFrame
        Figures of `complaints.build_figures`.
    regions : GeoDataFrame
        Regions with ``population``.

    Returns
    -------
    DataFrame
        ``figures`` with ``months`` (int) and ``rate`` (float64, reported counts per 100,000 people
        and year). NaN where the figure covers only part of the region, and for the nation and
        cities.
    """
    months = pd.Series(
        [
            months_between(a, b)
            for a, b in zip(figures["period_start"], figures["period_end"], strict=True)
        ],
        index=figures.index,
        dtype="int64",
    )
    known = regions.set_index("ubigeo")["population"].to_dict()
    people = pd.Series(
        [known.get(ubigeo, math.nan) for ubigeo in figures["ubigeo"]],
        index=figures.index,
        dtype="float64",
    )
    rate = figures["value"] / people / (months / 12) * PER
    usable = figures["whole"].astype(bool) & (figures["level"] == "region")
    return figures.assign(months=months, rate=rate.where(usable))


def mark_shown(figures: pd.DataFrame) -> pd.DataFrame:
    """Mark the figure that stands for a region in a series.

    Parameters
    ----------
    figures : DataFrame
        Figures of `complaints.build_figures`.

    Returns
    -------
    DataFrame
        ``figures`` with ``shown`` (bool): the figure of the whole region; where there is none, the
        one that covers most districts. None is shown where sources differ.
    """
    best: dict[tuple[str, ...], tuple[tuple[bool, int], str]] = {}
    for row in as_records(figures[figures["level"] == "region"]):
        place = (*(row[column] for column in SERIES), row["ubigeo"])
        rank = (row["whole"], len(row["parts"]))
        if place not in best or rank > best[place][0]:
            best[place] = (rank, "" if row["disputed"] else row["figure_id"])
    chosen = {figure for _, figure in best.values()}
    return figures.assign(shown=figures["figure_id"].isin(chosen))


def find_series(series: pd.DataFrame, wanted: Mapping[str, str], *, where: str = "opening") -> int:
    """Return the position of the series that a view shows.

    Parameters
    ----------
    series : DataFrame
        Series of `list_series`.
    wanted : mapping of str to str
        What is asked for: any of ``register``, ``measure``, ``purpose``, ``period_start`` and
        ``period_end``.
    where : str
        Section of ``study.toml`` that asks, for the error.

    Returns
    -------
    int
        Of the series that have all that is asked for the one that covers most regions; that of all
        purposes first; of equals the latest and longest. 0 where there is no series at all.

    Raises
    ------
    StudyError
        If there are series, but none that was asked for.
    """
    rows = [(at, row) for at, row in enumerate(as_records(series))]
    fitting = [
        (at, row) for at, row in rows if all(row[key] == value for key, value in wanted.items())
    ]
    if fitting:
        return max(fitting, key=lambda one: _rank(one[1]))[0]
    if not rows:
        return 0
    near = [row for _, row in rows if row["register"] == wanted.get("register")]
    best = sorted(near or [row for _, row in rows], key=_rank, reverse=True)[:5]
    raise StudyError(
        Message(
            "study.toml, [{where}]: no region has a figure of {wanted}. There are: {known}.",
            where=where,
            wanted=" ".join(wanted[column] for column in SERIES if column in wanted),
            known="; ".join(" ".join(row[column] for column in SERIES) for row in best),
        )
    )


def find_show(found: Figures, asked: str | None) -> str:
    """Return what colours the regions of a map that opens: rates where there are any."""
    return asked or ("rate" if found.table["rate"].notna().any() else "count")


def _rank(row: Row) -> tuple[Any, ...]:
    """Rank series for a view that may show several."""
    months = months_between(row["period_start"], row["period_end"])
    return (row["purpose"] == "all", row["covered"], row["complete"], row["period_end"], months)


def list_series(figures: pd.DataFrame, *, regions: int) -> pd.DataFrame:
    """List the series that have a figure for at least one region.

    Parameters
    ----------
    figures : DataFrame
        Figures of `mark_shown`.
    regions : int
        How many regions the layer has.

    Returns
    -------
    DataFrame
        One row per register, measure, purpose and period, with ``covered`` (int: regions with an
        undisputed figure), ``complete`` (bool: all of them, as whole regions), ``partial`` (bool:
        a figure lacks months of the period), ``total`` (float64: their sum) and ``national``
        (tuple of the national values printed for the same series).
    """
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    national: dict[tuple[str, ...], list[float]] = defaultdict(list)
    for row in as_records(figures):
        key = tuple(row[column] for column in SERIES)
        if row["level"] == "region":
            groups[key].append(row)
        elif row["level"] == "national":
            national[key].append(row["value"])
    records = []
    for key, group in sorted(groups.items()):
        agreed = {row["ubigeo"]: row for row in group if row["shown"]}
        records.append(
            {
                **dict(zip(SERIES, key, strict=True)),
                "covered": len(agreed),
                "complete": len(agreed) == regions and all(row["whole"] for row in agreed.values()),
                "partial": any(row["basis"] == "partial" for row in agreed.values()),
                "total": float(sum(row["value"] for row in agreed.values())),
                "national": tuple(national[key]),
            }
        )
    columns = [*SERIES, "covered", "complete", "partial", "total", "national"]
    return pd.DataFrame(records, columns=columns)


def poisson_interval(count: float, *, level: float = LEVEL) -> tuple[float, float]:
    """Return the exact interval of the mean behind a Poisson count, in counts (Garwood 1936).

    It holds the mean with at least the probability ``level``. Garwood, F. (1936), Fiducial limits
    for the Poisson distribution, Biometrika 28, 437-442.

    >>> low, high = poisson_interval(10)
    >>> round(low, 2), round(high, 2)
    (4.8, 18.39)
    """
    from scipy.special import gammaincinv

    if count < 0 or not 0 < level < 1:
        raise ValueError(f"count {count}, level {level}")
    tail = (1 - level) / 2
    # No count is an interval from exactly 0; the gamma distribution of shape 0 is not defined.
    low = float(gammaincinv(count, tail)) if count else 0.0
    return low, float(gammaincinv(count + 1, 1 - tail))
