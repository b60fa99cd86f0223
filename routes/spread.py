"""Pairs spread over the few distinct ways between their ends.

Map, list, posts and legs are sums over the same ways; see `ways` and docs/method.md, "Corridors".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pandas as pd

from .links import TRANSFER_HOURS, Floats, Ints, Links, to_links
from .network import check_place
from .paths import link_table, weights_of
from .theta import DEFAULT_LEVEL, read_theta, thetas_of
from .trees import Graph, build_graph
from .ways import Ways, find_ways

if TYPE_CHECKING:
    import scipy.sparse as sp


@dataclass(frozen=True)
class Spread:
    """Pairs spread over a network.

    Parameters
    ----------
    pairs : DataFrame
        One row per pair given, same index: ``origin``, ``destination``, ``via`` (tuple of the
        places named between, often empty), ``weight``, ``status`` ("routed"; "internal": both ends
        are one place; "unreachable": no way joins them), ``theta`` (per hour; infinite where only
        the fastest way is taken; of the first stage) and ``hours`` of the fastest way.
    network : MultiGraph
        What they were spread over.
    graph : Graph
        The same in numbers.
    ways : Ways
        The listed ways of every stage.
    stage_pair : ndarray of int
        The pair (row) of each stage; a pair that names places between its ends has several.
    odds : ndarray of float
        Probability of each way among those of its stage.
    """

    pairs: pd.DataFrame
    network: nx.MultiGraph[str]
    graph: Graph
    ways: Ways
    stage_pair: Ints
    odds: Floats

    @cached_property
    def links(self) -> pd.DataFrame:
        """What every link is expected to carry.

        One row per link: ``link_id``, ``from``, ``to``, ``mode``, ``load_forward`` (from -> to),
        ``load_back`` and ``load`` (their sum), float64 in the unit of the weights.
        """
        weight = self.pairs["weight"].to_numpy(dtype=float)[self.stage_pair]
        carried = np.repeat(self.odds * weight[self.ways.pair], np.diff(self.ways.first))
        load = np.bincount(self.ways.arcs, carried, minlength=self.graph.on_links).astype(float)
        return link_table(self.graph.links, load[0::2], load[1::2])


def spread_flows(
    G: nx.MultiGraph[str],
    pairs: pd.DataFrame,
    *,
    theta: float | str = DEFAULT_LEVEL,
    transfer: Mapping[tuple[str, str], float] = TRANSFER_HOURS,
) -> Spread:
    """Spread pairs over the few distinct ways between their ends.

    Parameters
    ----------
    G : MultiGraph
        A network of `build_network`.
    pairs : DataFrame
        ``origin``, ``destination`` (place_id), ``weight`` (in one unit; 1 if the column is not
        there) and perhaps ``via`` (tuples of place_ids that the journey passes in this order; it
        is then spread stage by stage).
    theta : float or {"fastest", "few", "some", "many"}
        How strongly time counts. A level fits it to the length of each journey: with "some", a way
        that takes a tenth longer than another that shares nothing with it is 0.61 times as likely.
        A number is taken per hour for all pairs; the larger, the fewer alternatives.
    transfer : mapping of (means, means) to float
        Hours lost at a change between ``"land"`` (road and border), ``"river"`` and ``"air"``.

    Returns
    -------
    Spread
        The ways of every pair, their odds, and what every link is expected to carry.

    Raises
    ------
    NetworkError
        If an end is not in the network, or theta is neither a level nor above 0.

    References
    ----------
    Ben-Akiva, M., Bierlaire, M. (1999). Discrete choice methods and their applications to short
    term travel decisions. In: Hall, R. (ed.), *Handbook of Transportation Science*, 5-33.
    Abraham, I., Delling, D., Goldberg, A. V., Werneck, R. F. (2013). Alternative routes in road
    networks. *ACM Journal of Experimental Algorithmics* 18, 1.3.

    Examples
    --------
    >>> import networkx as nx
    >>> G = nx.MultiGraph()
    >>> for key, hours in (("coast", 2.0), ("sierra", 3.0)):
    ...     _ = G.add_edge("a", "b", key=key, tail="a", mode="road", hours=hours, hours_back=hours)
    >>> pairs = pd.DataFrame({"origin": ["a"], "destination": ["b"]})
    >>> spread_flows(G, pairs, theta=1.0).links["load"].round(3).tolist()
    [0.731, 0.269]
    """
    return spread_links(G, to_links(G, transfer), pairs, read_theta(theta))


def spread_links(
    G: nx.MultiGraph[str],
    links: Links,
    pairs: pd.DataFrame,
    choice: float | str,
    closed: Collection[str] = (),
) -> Spread:
    """Spread pairs over the links of a network, see `spread_flows`; nobody passes closed places."""
    origins, destinations = pairs["origin"].tolist(), pairs["destination"].tolist()
    via = [tuple(one) for one in pairs["via"]] if "via" in pairs else [()] * len(pairs)
    for place in dict.fromkeys([*origins, *destinations, *(p for one in via for p in one)]):
        check_place(G, place)
    graph = build_graph(links, links.numbers(closed).tolist())
    stages: list[tuple[str, str]] = []
    owner: list[int] = []
    for pair, stops in enumerate(zip(origins, via, destinations, strict=True)):
        places = [stops[0], *stops[1], stops[2]]
        for one, other in pairwise(places):
            if one != other:
                stages.append((one, other))
                owner.append(pair)
    start = graph.links.numbers(one for one, _ in stages)
    end = graph.links.numbers(other for _, other in stages)
    found = find_ways(graph, start, end)
    owners = np.array(owner, dtype=np.int64)
    # A pair is routed if all its stages are; the ways of the others are dropped.
    joined = np.bincount(found.pair, minlength=len(stages)) > 0
    lost = np.unique(owners[~joined])
    kept = ~np.isin(owners, lost)
    ways = found.of(kept)
    status = np.full(len(pairs), "internal", dtype=object)
    status[owners] = "routed"
    status[lost] = "unreachable"
    hours = np.full(len(pairs), np.nan)
    hours[status == "internal"] = 0.0
    fastest = np.bincount(owners[kept], ways.fastest_of_pairs(int(kept.sum())), len(pairs))
    hours[status == "routed"] = fastest[status == "routed"]
    table = pairs[["origin", "destination"]].assign(
        via=pd.Series(via, index=pairs.index, dtype=object),
        weight=weights_of(pairs), status=status, theta=np.nan, hours=hours,
    )  # fmt: skip
    spread = Spread(table, G, graph, ways, owners[kept], np.zeros(len(ways.pair)))
    return at_theta(spread, choice)


def _thetas(choice: float | str, ways: Ways, stages: int) -> Floats:
    """Return theta of every stage."""
    if not isinstance(choice, str):
        return np.full(stages, float(choice))
    return thetas_of(choice, ways.fastest_of_pairs(stages))


def routed_rows(spread: Spread) -> Ints:
    """Return the rows of the pairs that are routed: those that have stages."""
    return np.unique(spread.stage_pair)


def on_links(spread: Spread) -> sp.csr_array:
    """Return which links (columns) each way passes, as 1."""
    import scipy.sparse as sp

    arcs = spread.ways.arcs
    return sp.csr_array(
        (np.ones(len(arcs)), arcs // 2, spread.ways.first),
        shape=(len(spread.ways.pair), len(spread.graph.links.link_ids)),
    )


def on_places(spread: Spread) -> sp.csr_array:
    """Return which places (columns) each way passes, both ends included."""
    import scipy.sparse as sp

    graph, ways = spread.graph, spread.ways
    way = np.repeat(np.arange(len(ways.pair)), np.diff(ways.first))
    passed = sp.coo_array(
        (
            np.ones(2 * len(way)),
            (
                np.tile(way, 2),
                graph.place[np.concatenate([graph.tail[ways.arcs], graph.head[ways.arcs]])],
            ),
        ),
        shape=(len(ways.pair), len(graph.links.places)),
    ).tocsr()
    passed.data[:] = 1.0
    return passed


def pair_probability(spread: Spread, passed: sp.csr_array) -> Floats:
    """Return for pairs (rows) the probability that a way of any stage passes each column.

    ``passed`` has a row per way; NaN for pairs that were not routed.
    """
    import scipy.sparse as sp

    count, ways = len(spread.stage_pair), len(spread.odds)
    share = sp.csr_array((spread.odds, (spread.ways.pair, np.arange(ways))), shape=(count, ways))
    by_stage = np.minimum((share @ passed).toarray(), 1.0)
    result = np.full((len(spread.pairs), passed.shape[1]), np.nan)
    rows = routed_rows(spread)
    first = np.searchsorted(spread.stage_pair, rows)
    if len(rows) == count:  # one stage each: no product, which would lose the last digit
        result[rows] = by_stage
    else:
        several = 1.0 - np.multiply.reduceat(1.0 - by_stage, first, axis=0)
        single = np.bincount(spread.stage_pair, minlength=len(spread.pairs))[rows] == 1
        result[rows] = np.where(single[:, None], by_stage[first], several)
    return result


def passages(spread: Spread) -> Floats:
    """Return for both directions, pairs and links the passages expected: (2, pairs, links)."""
    import scipy.sparse as sp

    pair = spread.stage_pair[spread.ways.pair]
    share = sp.csr_array(
        (spread.odds, (pair, np.arange(len(pair)))), shape=(len(spread.pairs), len(pair))
    )
    links = on_links(spread)
    both = []
    for back in (0, 1):
        links.data = (spread.ways.arcs % 2 == back).astype(float)
        both.append((share @ links).toarray())
    return np.stack(both)


def at_theta(spread: Spread, theta: float | str) -> Spread:
    """Return the same ways with the odds of another theta."""
    thetas = _thetas(read_theta(theta), spread.ways, len(spread.stage_pair))
    first = np.full(len(spread.pairs), np.nan)
    first[spread.stage_pair[::-1]] = thetas[::-1]
    return replace(spread, odds=spread.ways.odds(thetas), pairs=spread.pairs.assign(theta=first))
