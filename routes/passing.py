"""How likely pairs pass links and places, come near places, and at least one of several places."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pandas as pd

from .links import Bools, Floats
from .network import check_place
from .spread import Spread, on_links, on_places, pair_probability

if TYPE_CHECKING:
    import scipy.sparse as sp

# A place at most so far from a way counts as passed where that is asked for, and said so.
NEAR_KM = 25.0
# Kinds of places that are no towns: not offered for posts, not named beside legs.
NO_TOWN = ("junction", "end")
KM_PER_DEGREE = 111.195


def pass_probabilities(spread: Spread) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return how likely every pair passes every link and every place.

    Parameters
    ----------
    spread : Spread
        Pairs spread over a network.

    Returns
    -------
    tuple of two DataFrame
        One row per pair (index of ``spread.pairs``) and one column per ``link_id``, and the same
        with one column per ``place_id``: probabilities, the plain sum over the ways that pass it,
        NaN in the rows of pairs that were not routed. Both ends of a pair have 1.
    """
    links, index = spread.graph.links, spread.pairs.index
    return (
        pd.DataFrame(pair_probability(spread, on_links(spread)), index, list(links.link_ids)),
        pd.DataFrame(pair_probability(spread, on_places(spread)), index, list(links.places)),
    )


def near_places(G: nx.MultiGraph[str], km: float) -> sp.csr_array:
    """Return which places (columns) lie at most so far from each link (rows), as 1.

    Links are as they are drawn, straight where the network has no line for them; nobody comes near
    a place by air. Distances are those of a map with true parallels (sinusoidal), which over Peru
    are at most 4 per cent off.
    """
    import scipy.sparse as sp
    import shapely

    points = np.array([(data["x"], data["y"]) for _, data in G.nodes(data=True)]).reshape(-1, 2)
    number = {place: at for at, place in enumerate(G)}
    middle = float(np.nanmean(points[:, 0])) if len(points) else 0.0

    def flat(lonlat: Floats) -> Floats:
        east = (lonlat[:, 0] - middle) * np.cos(np.radians(lonlat[:, 1]))
        return np.column_stack([east, lonlat[:, 1]]) * KM_PER_DEGREE

    edges = list(G.edges(data=True))
    ends = np.array([(number[u], number[v]) for u, v, _ in edges], dtype=int).reshape(-1, 2)
    straight = flat(points[ends.ravel()]).reshape(-1, 2, 2)
    lines = np.atleast_1d(np.asarray(shapely.linestrings(straight), dtype=object))
    drawn = [at for at, (*_, link) in enumerate(edges) if link.get("geometry") is not None]
    if drawn:
        shapes = np.array([edges[at][2]["geometry"] for at in drawn], dtype=object)
        lines[drawn] = shapely.transform(shapes, lambda xy: flat(xy[:, :2]))
    land = np.array([link["mode"] != "air" for *_, link in edges], dtype=bool)
    rows = np.flatnonzero(land)
    tree = shapely.STRtree(np.atleast_1d(np.asarray(shapely.points(flat(points)), dtype=object)))
    line, place = tree.query(lines[rows], predicate="dwithin", distance=km)
    return sp.csr_array((np.ones(len(line)), (rows[line], place)), shape=(len(edges), len(number)))


def on_ways(spread: Spread, near_km: float = 0.0) -> sp.csr_array:
    """Return which places (columns) each way passes, or comes as near to as is asked, as 1."""
    passed = on_places(spread)
    if near_km > 0:
        passed = (passed + on_links(spread) @ near_places(spread.network, near_km)).tocsr()
        passed.data[:] = 1.0
    return passed


def own_ends(spread: Spread, near_km: float = 0.0) -> Bools:
    """Return which places (columns) are an end of each pair (rows), or as near to one as asked."""
    links = spread.graph.links
    ends = [links.numbers(spread.pairs[end]) for end in ("origin", "destination")]
    count, rows = len(links.places), np.arange(len(spread.pairs))
    own = np.zeros((len(spread.pairs), count), dtype=bool)
    for end in ends:
        own[rows, end] = True
    if near_km > 0:
        at = np.radians([(data["x"], data["y"]) for _, data in spread.network.nodes(data=True)])
        for end in ends:
            east = (at[:, 0] - at[end, 0][:, None]) * np.cos(at[end, 1])[:, None]
            north = at[:, 1] - at[end, 1][:, None]
            own |= np.degrees(np.hypot(east, north)) * KM_PER_DEGREE <= near_km
    return own


def find_visits(spread: Spread, *, at_least: float = 0.001, near_km: float = 0.0) -> pd.DataFrame:
    """Return the places that journeys pass or come near to, pair by pair.

    Parameters
    ----------
    spread : Spread
        Pairs spread over a network.
    at_least : float
        Places that are come near to with a smaller probability are left out.
    near_km : float
        How near is near, in km; with 0 only the place itself.

    Returns
    -------
    DataFrame
        One row per routed pair and place: ``origin``, ``destination``, ``via``, ``place_id``,
        ``probability`` (to pass the place itself; 1 at both ends) and ``near`` (to come at most
        ``near_km`` near to it, never less).
    """
    exact = pair_probability(spread, on_places(spread))
    near = pair_probability(spread, on_ways(spread, near_km)) if near_km > 0 else exact
    rows, columns = np.nonzero(near >= at_least)  # NaN, not routed, is not
    pairs = spread.pairs
    return pd.DataFrame(
        {
            **{name: pairs[name].to_numpy()[rows] for name in ("origin", "destination", "via")},
            "place_id": np.array(spread.graph.links.places, dtype=object)[columns],
            "probability": exact[rows, columns],
            "near": near[rows, columns],
        }
    )


def meet_probability(
    spread: Spread, places: Collection[str], *, near_km: float = 0.0, count_ends: bool = True
) -> pd.Series[float]:
    """Return how likely every pair passes at least one of some places.

    Parameters
    ----------
    spread : Spread
        Pairs spread over a network.
    places : collection of str
        Places (place_id), such as posts.
    near_km : float
        A way that comes so near to a place counts as passing it.
    count_ends : bool
        Whether a pair passes the places where it begins and ends (and those near to them).

    Returns
    -------
    Series
        One probability per pair (index of ``spread.pairs``), the sum over the ways that pass any of
        the places; NaN for pairs that were not routed.

    Raises
    ------
    NetworkError
        If a place is not in the network.
    """
    for place in places:
        check_place(spread.network, place)
    chosen = spread.graph.links.numbers(places)
    hits = way_hits(spread, chosen.tolist(), near_km=near_km, count_ends=count_ends)
    hit: Bools = np.asarray(hits.any(axis=1))
    return pd.Series(meet(spread, hit), spread.pairs.index, name="probability")


def way_hits(
    spread: Spread,
    chosen: list[int],
    *,
    near_km: float,
    count_ends: bool,
    ends_km: float | None = None,
) -> Bools:
    """Return which ways (rows) pass each of some places (columns).

    Where ends do not count, nor do places so near to them (``near_km`` if left out).
    """
    hits = on_ways(spread, near_km)[:, chosen].toarray() > 0
    if not count_ends and len(hits):
        own = own_ends(spread, near_km if ends_km is None else ends_km)[:, chosen]
        hits &= ~own[spread.stage_pair[spread.ways.pair]]
    return np.asarray(hits)


def meet(spread: Spread, hit: Bools) -> Floats:
    """Return for each pair the probability of its ways that are hit (NaN if not routed)."""
    owner = spread.stage_pair
    by_stage = np.bincount(spread.ways.pair, spread.odds * hit, minlength=len(owner))
    missed = np.ones(len(spread.pairs))
    np.multiply.at(missed, owner, 1.0 - by_stage)
    result = np.full(len(spread.pairs), np.nan)
    result[owner] = 1.0 - missed[owner]
    single = np.bincount(owner, minlength=len(result))[owner] == 1
    result[owner[single]] = np.minimum(by_stage[single], 1.0)  # not losing the last digit
    return result
