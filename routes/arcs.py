"""A network as arrays: arcs in pairs of opposite direction, dead ends stripped, chains joined.

A journey of `walks` never turns round on the road, so neither a dead end that no journey starts or
ends in nor the cutting of a road into pieces changes anything; both are taken out beforehand.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import networkx as nx
import numpy as np
from corredor.geodata.errors import NetworkError
from corredor.geodata.messages import Message
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Numbers = NDArray[np.int32]
Bools = NDArray[np.bool_]

# Modes between which one changes without losing time.
MEANS = {"road": "land", "border": "land", "river": "river", "air": "air"}
# Hours lost at a change of means: boats leave when full, flights ask for time at the airport.
TRANSFER_HOURS: Mapping[tuple[str, str], float] = {
    ("land", "river"): 6.0,
    ("land", "air"): 2.5,
    ("river", "air"): 2.5,
}
# A link shorter than a second is walked as if it took one: no circle may be free. Nor may theta
# make it nearly so: an arc costs at least this (theta x hours), else sums over circles lose their
# precision.
LEAST_HOURS = 1 / 3600
LEAST_COST = 1e-5


@dataclass(frozen=True)
class Links:
    """The links of a network as arrays, one entry per link.

    Parameters
    ----------
    places, link_ids : tuple of str
        What the numbers stand for.
    data : tuple of dict
        The attributes of every link.
    start, end : ndarray of int
        Places at both ends.
    there, back : ndarray of float
        Hours from ``start`` to ``end`` and from ``end`` to ``start``.
    means : ndarray of int
        Means of travel, a row of ``penalty``.
    penalty : ndarray of float, shape (means, means)
        Hours lost when changing from one means to another.
    """

    places: tuple[str, ...]
    link_ids: tuple[str, ...]
    data: tuple[Mapping[str, Any], ...]
    start: Ints
    end: Ints
    there: Floats
    back: Floats
    means: Ints
    penalty: Floats


@dataclass(frozen=True)
class States:
    """Places by the means of arrival.

    Parameters
    ----------
    place, means : ndarray of int
        What each state is.
    into, out_of : ndarray of int
        State at the head of each arc, and the state at its tail with the means of the arc.
    """

    place: Ints
    means: Ints
    into: Ints
    out_of: Ints


@dataclass(frozen=True)
class Arcs:
    """Ways between the places that matter, each as two arcs: 2k there and 2k + 1 back.

    Parameters
    ----------
    tail, head : ndarray of int
        Places at both ends of every arc.
    hours : ndarray of float
        Hours along every arc.
    means : ndarray of int
        Means of travel of every arc.
    log_reference : ndarray of float
        Logarithm of the reference weight of every arc (see `join_links`).
    penalty : ndarray of float
        Hours lost at a change of means.
    way_of_link, along : ndarray of int
        The way that each link is part of (-1: none), and 1 if the link runs along arc 2k, -1 if
        along arc 2k + 1.
    way_of_place : ndarray of int
        The way that each place lies inside of, -1 for the ends of ways and places left out.
    """

    tail: Ints
    head: Ints
    hours: Floats
    means: Ints
    log_reference: Floats
    penalty: Floats
    way_of_link: Ints
    along: Ints
    way_of_place: Ints

    def logs(self, theta: float) -> Floats:
        """Return the logarithm of the weight of every arc for one theta, per hour."""
        logs: Floats = self.log_reference - np.maximum(theta * self.hours, LEAST_COST)
        return logs

    @cached_property
    def states(self) -> States:
        """The pairs of place and means that arcs lead to."""
        kinds = len(self.penalty) or 1
        keys = np.concatenate([self.head * kinds + self.means, self.tail * kinds + self.means])
        found, at = np.unique(keys, return_inverse=True)
        half = len(self.tail)
        return States(found // kinds, found % kinds, at[:half], at[half:])


def changes(states: States) -> tuple[Ints, Ints]:
    """Return all pairs of states of one place (the change from the first to the second)."""
    starts = np.flatnonzero(np.append(True, states.place[1:] != states.place[:-1]))
    sizes = np.diff(np.append(starts, len(states.place)))
    size = np.repeat(sizes, sizes)
    one = np.repeat(np.arange(len(states.place)), size)
    offset = np.arange(len(one)) - np.repeat(np.cumsum(size) - size, size)
    return one, np.repeat(np.repeat(starts, sizes), size) + offset


def to_links(G: nx.MultiGraph[str], transfer: Mapping[tuple[str, str], float]) -> Links:
    """Turn a network into arrays.

    Parameters
    ----------
    G : MultiGraph
        A network of `build_network`.
    transfer : mapping of (means, means) to float
        Hours lost at a change, in either order; a pair that is not named costs nothing.

    Returns
    -------
    Links
        Links in the order of the edges of ``G``.

    Raises
    ------
    NetworkError
        If the hours of a link are negative or missing.
    """
    places = tuple(G)
    position = {place: at for at, place in enumerate(places)}
    edges = list(G.edges(keys=True, data=True))
    data = tuple(edge for *_, edge in edges)
    tails = [edge["tail"] for edge in data]
    heads = [v if tail == u else u for (u, v, *_), tail in zip(edges, tails, strict=True)]
    modes = [edge["mode"] for edge in data]
    order = sorted({MEANS.get(mode, mode) for mode in set(modes)})
    number = {mode: order.index(MEANS.get(mode, mode)) for mode in set(modes)}
    penalty = np.zeros((len(order), len(order)))
    for (one, other), hours in transfer.items():
        if one in order and other in order:
            at = order.index(one), order.index(other)
            penalty[at] = penalty[at[::-1]] = hours
    np.fill_diagonal(penalty, 0.0)
    links = Links(
        places=places,
        link_ids=tuple(key for _, _, key, _ in edges),
        data=data,
        start=np.array([position[tail] for tail in tails], dtype=np.int64),
        end=np.array([position[head] for head in heads], dtype=np.int64),
        there=np.array([edge["hours"] for edge in data], dtype=float),
        back=np.array([edge["hours_back"] for edge in data], dtype=float),
        means=np.array([number[mode] for mode in modes], dtype=np.int64),
        penalty=penalty,
    )
    _check_hours(links)
    return links


def _check_hours(links: Links) -> None:
    wrong = ~(np.isfinite(links.there) & np.isfinite(links.back))
    wrong |= (links.there < 0) | (links.back < 0)
    if wrong.any():
        link = int(np.flatnonzero(wrong)[0])
        raise NetworkError(
            Message(
                "{n} link(s) have hours that are negative or missing, first '{link}' ({there},"
                " {back}). Give hours of 0 or more in both directions.",
                n=int(wrong.sum()),
                link=links.link_ids[link],
                there=links.there[link],
                back=links.back[link],
            )
        )


def place_numbers(links: Links, place_ids: Iterable[str]) -> Ints:
    """Return the numbers of places.

    Parameters
    ----------
    links : Links
        A network.
    place_ids : iterable of str
        Places that are in it.

    Returns
    -------
    ndarray of int
        In the order given.
    """
    position = {place: at for at, place in enumerate(links.places)}
    return np.array([position[place] for place in place_ids], dtype=np.int64)


def plain_arcs(links: Links, *, turned: bool = False) -> Arcs:
    """Return every link as a way of its own, with the hours of the table.

    Parameters
    ----------
    links : Links
        A network.
    turned : bool
        Whether arcs are to be followed from head to tail, for searches from the destination.

    Returns
    -------
    Arcs
        All reference weights are 1.
    """
    ends = (links.end, links.start) if turned else (links.start, links.end)
    count = len(links.start)
    return Arcs(
        tail=np.stack(ends, axis=1).ravel(),
        head=np.stack(ends[::-1], axis=1).ravel(),
        hours=np.stack([links.there, links.back], axis=1).ravel(),
        means=np.repeat(links.means, 2),
        log_reference=np.zeros(2 * count),
        penalty=links.penalty,
        way_of_link=np.arange(count),
        along=np.ones(count, dtype=np.int64),
        way_of_place=np.full(len(links.places), -1),
    )


def join_links(links: Links, ends: Collection[int]) -> Arcs:
    """Strip dead ends, join chains, and give every arc its reference weight.

    The reference weight of an arc out of a place is 1 / (d - 1), where d counts the links of the
    place that are left when all dead ends are stripped (the 2-core of the network); arcs of dead
    ends weigh 1. So at a fork of the core all ways on are equally likely before time is considered.

    Parameters
    ----------
    links : Links
        A network.
    ends : collection of int
        Places where journeys start or end; they stay.

    Returns
    -------
    Arcs
        The network that is left.
    """
    core = _strip(links, np.zeros(len(links.places), dtype=bool))
    kept = np.zeros(len(links.places), dtype=bool)
    kept[list(ends)] = True
    alive = _strip(links, kept)
    degree = _degrees(links, core)
    ways = _find_ways(links, alive, kept)
    first = np.array([way[0] for way in ways], dtype=np.int64).reshape(-1, 2)
    last = np.array([way[-1] for way in ways], dtype=np.int64).reshape(-1, 2)
    tail, head = _ends_of(links, first)[0], _ends_of(links, last)[1]
    way_of_link = np.full(len(links.start), -1)
    along = np.ones(len(links.start), dtype=np.int64)
    way_of_place = np.full(len(links.places), -1)
    pieces = np.array([piece for way in ways for piece in way], dtype=np.int64).reshape(-1, 2)
    owner = np.repeat(np.arange(len(ways)), [len(way) for way in ways])
    way_of_link[pieces[:, 0]] = owner
    along[pieces[:, 0]] = pieces[:, 1]
    is_last = np.append(owner[1:] != owner[:-1], True)[: len(owner)]
    way_of_place[_ends_of(links, pieces)[1][~is_last]] = owner[~is_last]
    there, back = (np.maximum(hours, LEAST_HOURS) for hours in (links.there, links.back))
    forward = pieces[:, 1] == 1
    up = np.where(forward, there[pieces[:, 0]], back[pieces[:, 0]])
    down = np.where(forward, back[pieces[:, 0]], there[pieces[:, 0]])
    hours = np.empty(2 * len(ways))
    hours[0::2] = np.bincount(owner, weights=up, minlength=len(ways))
    hours[1::2] = np.bincount(owner, weights=down, minlength=len(ways))
    tails = np.stack([tail, head], axis=1).ravel()
    in_core = np.repeat(core[first[:, 0]], 2)
    return Arcs(
        tail=tails,
        head=np.stack([head, tail], axis=1).ravel(),
        hours=hours,
        means=np.repeat(links.means[first[:, 0]], 2),
        log_reference=np.where(in_core, -np.log(np.maximum(degree[tails] - 1, 1)), 0.0),
        penalty=links.penalty,
        way_of_link=way_of_link,
        along=along,
        way_of_place=way_of_place,
    )


def _degrees(links: Links, alive: Bools) -> Ints:
    ends = np.concatenate([links.start[alive], links.end[alive]])
    return np.bincount(ends, minlength=len(links.places))


def _strip(links: Links, kept: Bools) -> Bools:
    """Return which links stay when dead ends that are not ``kept`` are stripped again and again."""
    alive = np.ones(len(links.start), dtype=bool)
    while True:
        leaf = (_degrees(links, alive) == 1) & ~kept
        dead = alive & (leaf[links.start] | leaf[links.end])
        if not dead.any():
            return alive
        alive &= ~dead


def _ends_of(links: Links, pieces: Ints) -> tuple[Ints, Ints]:
    """Return where pieces, given as (link, direction), begin and end."""
    start, end = links.start[pieces[:, 0]], links.end[pieces[:, 0]]
    forward = pieces[:, 1] == 1
    return np.where(forward, start, end), np.where(forward, end, start)


def _find_ways(links: Links, alive: Bools, kept: Bools) -> list[list[tuple[int, int]]]:
    """Return each way as its links in order, with the direction in which each is passed."""
    inner = _inner_places(links, alive, kept)
    start, end = links.start.tolist(), links.end.tolist()
    touching: dict[int, list[int]] = {}
    ways: list[list[tuple[int, int]]] = []
    open_: set[int] = set()
    for link in np.flatnonzero(alive).tolist():
        if not inner[start[link]] and not inner[end[link]]:
            ways.append([(link, 1)])
            continue
        open_.add(link)
        for place in (start[link], end[link]):
            touching.setdefault(place, []).append(link)
    for place in [place for place in touching if not inner[place]]:
        for link in touching[place]:
            if link not in open_:
                continue
            at, step, way = place, link, []
            while True:
                open_.discard(step)
                way.append((step, 1 if start[step] == at else -1))
                at = end[step] if start[step] == at else start[step]
                if not inner[at]:
                    break
                step = next(other for other in touching[at] if other in open_)
            ways.append(way)
    return ways


def _inner_places(links: Links, alive: Bools, kept: Bools) -> list[bool]:
    """Tell which places only join two links of the same means."""
    degree = _degrees(links, alive)
    count = len(links.places)
    ends = np.concatenate([links.start[alive], links.end[alive]])
    means = np.concatenate([links.means[alive], links.means[alive]])
    low, high = np.full(count, np.iinfo(np.int64).max), np.full(count, -1)
    np.minimum.at(low, ends, means)
    np.maximum.at(high, ends, means)
    loop = np.zeros(count, dtype=bool)
    loop[links.start[alive & (links.start == links.end)]] = True
    inner: list[bool] = ((degree == 2) & (low == high) & ~kept & ~loop).tolist()
    return inner
