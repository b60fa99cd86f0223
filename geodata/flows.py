"""Reported flows: evidence per pair, and the roll-up from places to regions.

Most published flows carry no number, so their weight is evidence: how many independent sources
name the pair. Evidence is never called volume and never added to counts or shares.
"""

from __future__ import annotations

from collections import defaultdict

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
    pairs: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    ends = zip(flows["origin"], flows["destination"], strict=True)
    for pair, *report in zip(ends, flows["flow_id"], flows["source_id"], strict=True):
        pairs[pair].append((report[0], report[1]))
    return pd.DataFrame(
        [
            {
                "origin": start,
                "destination": end,
                "evidence": len({origin[source] for _, source in reports}),
                "flow_ids": tuple(flow for flow, _ in reports),
                "source_ids": tuple(dict.fromkeys(source for _, source in reports)),
            }
            for (start, end), reports in pairs.items()
        ],
        columns=["origin", "destination", "evidence", "flow_ids", "source_ids"],
    )
