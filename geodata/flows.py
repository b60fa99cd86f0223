"""Reported flows: evidence per pair, and the roll-up from places to regions.

Most published flows carry no number, so their weight is evidence: how many independent sources
name the pair. Evidence is never called volume and never added to counts or shares.
"""

from __future__ import annotations

import pandas as pd


def origin_of_sources(sources: pd.DataFrame) -> dict[str, str]:
    """Return for each ``source_id`` the publication it goes back to (itself if none is named)."""
    origin = sources["origin_id"].where(sources["origin_id"] != "", sources["source_id"])
    return dict(zip(sources["source_id"], origin, strict=True))


def region_of_places(places: pd.DataFrame) -> dict[str, str]:
    """Return for each ``place_id`` the node that stands for it when flows are rolled up.

    A place of a region is that region (``ubigeo``); a place outside the regions and an area stay
    themselves.
    """
    two_digits = places["ubigeo"].str[:2]
    node = two_digits.where(two_digits != "", places["place_id"])
    return dict(zip(places["place_id"], node, strict=True))


def roll_up(flows: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Move the ends of all flows to their regions.

    Parameters
    ----------
    flows, places : DataFrame
        Checked tables.

    Returns
    -------
    DataFrame
        ``flows`` with ``origin`` and ``destination`` replaced; same rows, same order, so nothing is
        lost. Flows within one region get the same region at both ends.
    """
    node = region_of_places(places)
    return flows.assign(
        origin=flows["origin"].map(node), destination=flows["destination"].map(node)
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
    origin = origin_of_sources(sources)
    grouped = flows.assign(publication=flows["source_id"].map(origin)).groupby(
        ["origin", "destination"], sort=False
    )
    return grouped.agg(
        evidence=("publication", "nunique"),
        flow_ids=("flow_id", tuple),
        source_ids=("source_id", lambda ids: tuple(dict.fromkeys(ids))),
    ).reset_index()
