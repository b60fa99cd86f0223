"""Reported flows: evidence per pair, and the roll-up from places to regions.

Most published flows carry no number, so their weight is evidence: how many independent sources
name the pair. Evidence is never called volume and never added to counts or shares.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Level = Literal["region", "province", "district"]

# The official hierarchy: how many digits of an INEI code name a unit of each level.
LEVELS: dict[Level, int] = {"region": 2, "province": 4, "district": 6}

# What an open period reaches to when periods are compared.
FIRST_MONTH, LAST_MONTH = "0001-01", "9999-12"
MONTHS = 2**17  # more than there are


def origin_of_sources(sources: pd.DataFrame) -> dict[str, str]:
    """Return for each ``source_id`` the publication it goes back to (itself if none is named).

    Parameters
    ----------
    sources : DataFrame
        Table of sources.

    Returns
    -------
    dict of str to str
        From ``source_id`` to ``source_id``.
    """
    origin = sources["origin_id"].where(sources["origin_id"] != "", sources["source_id"])
    return dict(zip(sources["source_id"], origin, strict=True))


def region_of_places(places: pd.DataFrame) -> dict[str, str]:
    """Return for each ``place_id`` the node that stands for it when flows are rolled up.

    A place of a region is that region (``ubigeo``); a place outside the regions and an area stay
    themselves.

    Parameters
    ----------
    places : DataFrame
        Table of places.

    Returns
    -------
    dict of str to str
        From ``place_id`` to a node.
    """
    return unit_of_places(places, "region")


def unit_of_places(places: pd.DataFrame, level: Level) -> dict[str, str]:
    """Return for each ``place_id`` the administrative unit it lies in, by the official hierarchy.

    Parameters
    ----------
    places : DataFrame
        Checked places.
    level : {"region", "province", "district"}
        The first 2, 4 or 6 digits of the ``ubigeo``.

    Returns
    -------
    dict of str to str
        The code of the unit. A place whose code is shorter than that stays itself: to which unit
        it belongs is not known.
    """
    digits = LEVELS[level]
    unit = places["ubigeo"].str[:digits]
    node = unit.where(unit.str.len() == digits, places["place_id"])
    return dict(zip(places["place_id"], node, strict=True))


def roll_up(flows: pd.DataFrame, places: pd.DataFrame, *, level: Level = "region") -> pd.DataFrame:
    """Move the ends of all flows to their regions, provinces or districts.

    Parameters
    ----------
    flows, places : DataFrame
        Checked tables.
    level : {"region", "province", "district"}
        See `unit_of_places`.

    Returns
    -------
    DataFrame
        ``flows`` with ``origin`` and ``destination`` replaced; same rows, same order, so nothing is
        lost. Flows within one unit get the same unit at both ends.
    """
    node = unit_of_places(places, level)
    return flows.assign(
        origin=_look_up(flows["origin"], node), destination=_look_up(flows["destination"], node)
    )


def build_pairs(flows: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Gather the flows of each origin-destination pair.

    Parameters
    ----------
    flows, sources : DataFrame
        Checked tables; ``flows`` may have been rolled up.

    Returns
    -------
    DataFrame
        One row per pair in order of first mention: ``origin``, ``destination``, ``evidence`` (int:
        distinct publications, retellings counted once), ``flow_ids`` and ``source_ids`` (tuples).
    """
    columns = ["origin", "destination"]
    if flows.empty:
        return pd.DataFrame(columns=[*columns, "evidence", "flow_ids", "source_ids"])
    gathered = flows.groupby(columns, sort=False)
    origin = _look_up(flows["source_id"], origin_of_sources(sources))
    number = gathered.ngroup()
    evidence = pd.DataFrame({"pair": number, "origin": origin}).drop_duplicates()["pair"]
    pairs = gathered.size().index.to_frame(index=False)
    flow_ids, source_ids = (
        _listed(flows[column], number, len(pairs)) for column in ("flow_id", "source_id")
    )
    return pairs.assign(
        evidence=np.bincount(evidence, minlength=len(pairs)),
        flow_ids=pd.Series(flow_ids, dtype=object),
        source_ids=pd.Series([tuple(dict.fromkeys(ids)) for ids in source_ids], dtype=object),
    )


def add_up_counts(flows: pd.DataFrame) -> pd.DataFrame:
    """Add up the counted flows of each origin-destination pair, source by source.

    Parameters
    ----------
    flows : DataFrame
        Checked flows; those with ``value_kind`` "count" and a ``value`` are used. They may have
        been rolled up.

    Returns
    -------
    DataFrame
        One row per pair with a count, in order of first mention: ``origin``, ``destination``,
        ``low`` and ``high`` (float64: the smallest and the largest total that one source gives).
        Sources are never added to each other. Of one source, periods that do not overlap are added;
        where they overlap the period with the largest total stands.
    """
    counted = flows[(flows["value_kind"] == "count") & flows["value"].notna()]
    (start, starts), (end, ends), (source, sources) = (
        pd.factorize(counted[column]) for column in ("origin", "destination", "source_id")
    )
    pairs, first, pair = np.unique(start * len(ends) + end, return_index=True, return_inverse=True)
    of_source, row = np.unique(pair * len(sources) + source, return_inverse=True)
    # One number for pair, source and both months: sorted, it groups the rows of the same period.
    since = _months(counted["period_start"], FIRST_MONTH)
    until = _months(counted["period_end"], LAST_MONTH)
    spans, span = np.unique((row * MONTHS + since) * MONTHS + until, return_inverse=True)
    value = np.bincount(span, counted["value"], minlength=len(spans)).astype(float)
    begun, reached = spans // MONTHS, spans // MONTHS**2 * MONTHS + spans % MONTHS
    overlaps = np.append(False, begun[1:] <= np.maximum.accumulate(reached)[:-1])[: len(spans)]
    at = np.flatnonzero(np.diff(spans // MONTHS**2, prepend=-1))
    added, most = _reduce(np.add, value, at), _reduce(np.maximum, value, at)
    total = np.where(_reduce(np.logical_or, overlaps, at), most, added)
    at = np.flatnonzero(np.diff(of_source // max(len(sources), 1), prepend=-1))
    order = np.argsort(first)
    return pd.DataFrame(
        {
            "origin": starts.take((pairs // max(len(ends), 1))[order]),
            "destination": ends.take((pairs % max(len(ends), 1))[order]),
            "low": _reduce(np.minimum, total, at)[order],
            "high": _reduce(np.maximum, total, at)[order],
        }
    )


def weight_of_flows(flows: pd.DataFrame) -> Literal["count", "evidence"]:
    """Return what flows weigh: people where one source counts all of them, else evidence."""
    counted = len(flows) and flows["value_kind"].eq("count").all() and flows["value"].notna().all()
    return "count" if counted and flows["source_id"].nunique() == 1 else "evidence"


def _reduce(what: np.ufunc, values: NDArray[Any], at: NDArray[np.int64]) -> NDArray[Any]:
    """Reduce each run of values; the runs begin ``at`` these positions."""
    return np.asarray(what.reduceat(values, at)) if len(at) else values


def _look_up(column: pd.Series[str], known: Mapping[str, str]) -> pd.Series[str]:
    """Return what stands in ``known`` for each value; each distinct one is looked up once."""
    codes, words = pd.factorize(column)
    found = pd.Series([known[word] for word in words], dtype=column.dtype)
    return found.take(codes).set_axis(column.index)


def _months(column: pd.Series[str], open_end: str) -> NDArray[np.int64]:
    """Return months as numbers that can be compared."""
    codes, words = pd.factorize(column)
    months = [word or open_end for word in words]
    numbers = np.array([int(m[:4]) * 12 + int(m[5:]) for m in months], dtype=np.int64)
    return numbers[codes] if len(codes) else np.zeros(0, dtype=np.int64)


def _listed(column: pd.Series[str], number: pd.Series[int], pairs: int) -> list[tuple[str, ...]]:
    """Return the values of each pair in their order."""
    order = np.argsort(number.to_numpy(), kind="stable")
    stops = np.cumsum(np.bincount(number, minlength=pairs))
    values = column.to_numpy(dtype=object)[order].tolist()
    starts = [0, *stops[:-1].tolist()]
    return [tuple(values[a:b]) for a, b in zip(starts, stops.tolist(), strict=True)]
