"""Regions joined with population and figures: series of one register, rates per 100,000."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pandas as pd

from .complaints import SERIES
from .errors import StudyError
from .messages import Message
from .study.tables import as_records, as_rows

if TYPE_CHECKING:
    import geopandas as gpd

    from .study.model import Opening

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


def find_series(series: pd.DataFrame, opening: Opening) -> int:
    """Return the position of the series that a study opens with.

    Parameters
    ----------
    series : DataFrame
        Series of `list_series`.
    opening : Opening
        What ``study.toml`` asks for.

    Returns
    -------
    int
        The position; 0 where there is no series at all.

    Raises
    ------
    StudyError
        If there are series, but not this one.
    """
    wanted = (series["register"] == opening.register) & (series["measure"] == opening.measure)
    wanted &= series["period_start"] == opening.period_start
    wanted &= series["period_end"] == opening.period_end
    if len(series) and not wanted.any():
        best = series.sort_values("covered", ascending=False).head(5)
        raise StudyError(
            Message(
                "study.toml, [opening]: no region has a figure of {register}, {measure}, {start} to"
                " {end}. There are: {known}.",
                register=opening.register,
                measure=opening.measure,
                start=opening.period_start,
                end=opening.period_end,
                known="; ".join(
                    f"{row.register} {row.measure} {row.period_start} {row.period_end}"
                    for row in as_rows(best)
                ),
            )
        )
    return int(wanted.to_numpy().argmax()) if len(series) else 0


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
        agreed = {row["ubigeo"]: row for row in group if row["shown"]}
        records.append(
            {
                **dict(zip(SERIES, key, strict=True)),
                "covered": len(agreed),
                "complete": len(agreed) == regions and all(row["whole"] for row in agreed.values()),
                "total": float(sum(row["value"] for row in agreed.values())),
                "national": tuple(national[key]),
            }
        )
    columns = [*SERIES, "covered", "complete", "total", "national"]
    return pd.DataFrame(records, columns=columns)
