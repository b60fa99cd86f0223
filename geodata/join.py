"""Regions joined with population and figures: series of one register, rates per 100,000."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pandas as pd

from .complaints import SERIES
from .tables import as_records

if TYPE_CHECKING:
    import geopandas as gpd

PER = 100_000


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
    return regions.assign(
        population=regions["ubigeo"].map(table["population"]).astype("float64"),
        population_year=regions["ubigeo"].map(table["year"]).fillna(""),
        population_source=regions["ubigeo"].map(table["source_id"]).fillna(""),
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
    people = figures["ubigeo"].map(regions.set_index("ubigeo")["population"])
    rate = figures["value"] / people / (months / 12) * PER
    usable = figures["whole"].astype(bool) & (figures["level"] == "region")
    return figures.assign(months=months, rate=rate.where(usable))


def list_series(figures: pd.DataFrame, *, regions: int) -> pd.DataFrame:
    """List the series that have a figure for at least one region.

    Parameters
    ----------
    figures : DataFrame
        Figures of `complaints.build_figures`.
    regions : int
        How many regions the layer has.

    Returns
    -------
    DataFrame
        One row per register, measure, purpose and period, with ``covered`` (int: regions with an
        undisputed figure), ``complete`` (bool: all of them, as whole regions), ``total`` (float64:
        their sum) and ``national`` (tuple of the national values printed for the same series).
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
        agreed = [row for row in group if not row["disputed"]]
        covered = len({row["ubigeo"] for row in agreed})
        records.append(
            {
                **dict(zip(SERIES, key, strict=True)),
                "covered": covered,
                "complete": covered == regions and all(row["whole"] for row in agreed),
                "total": float(sum(row["value"] for row in agreed)),
                "national": tuple(national[key]),
            }
        )
    columns = [*SERIES, "covered", "complete", "total", "national"]
    return pd.DataFrame(records, columns=columns)
