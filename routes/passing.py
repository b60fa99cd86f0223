"""How likely pairs pass links and places, and at least one of several places."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Literal

import numpy as np
import pandas as pd

from .arcs import Arcs, Floats, Ints, place_numbers
from .assign import Demand, solve_blocks
from .journeys import signed_ways
from .meet import ArcSets, make_sets, meet, prepare
from .network import check_place
from .paths import walk_paths
from .spread import Model, Spread

Circles = Literal["left_out", "counted"]
# Values of Z held at once, about.
VALUES_AT_ONCE = 20_000_000


def pass_probabilities(
    spread: Spread, *, circles: Circles = "left_out"
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return how likely every pair passes every link and every place.

    Parameters
    ----------
    spread : Spread
        Pairs spread over a network.
    circles : {"left_out", "counted"}
        "left_out": journeys without the circles that some of them go in, see `Journey`.
        "counted": the journeys of the model as they are, exact, to pass at least once.

    Returns
    -------
    tuple of two DataFrame
        One row per pair (index of ``spread.pairs``) and one column per ``link_id``, and the same
        with one column per ``place_id``: probabilities, NaN in the rows of pairs that were not
        routed. Both ends of a pair have 1.
    """
    model, index = spread.model, spread.pairs.index
    if spread.is_fastest:
        by_link, by_place = _mark_paths(model)
    elif circles == "left_out":
        of_way = np.abs(signed_ways(spread.journeys, model.arcs))
        by_link, by_place = link_values(model, of_way), place_values(model, of_way)
        for row, journey in zip(model.rows, spread.journeys, strict=True):
            for place, probability in journey.passing().items():
                by_place[row, place] = probability
    else:
        sets = [*way_sets(model.arcs), *fork_sets(model.arcs)]
        met = meet_sets(model.arcs, spread.demand, sets)
        of_way, of_fork = np.split(met, [len(model.arcs.tail) // 2], axis=1)
        by_link, by_place = link_values(model, of_way), place_values(model, of_way)
        by_place[np.ix_(model.rows, np.unique(model.arcs.head))] = of_fork
    by_place[model.rows, model.start[model.rows]] = 1.0
    by_place[model.rows, model.end[model.rows]] = 1.0
    return (
        pd.DataFrame(by_link, index=index, columns=list(model.links.link_ids)),
        pd.DataFrame(by_place, index=index, columns=list(model.links.places)),
    )


def _mark_paths(model: Model) -> tuple[Floats, Floats]:
    """Return 1 for what lies on the fastest path of each pair, and 0 for what does not."""
    by_link = np.full((len(model.start), len(model.links.link_ids)), np.nan)
    by_place = np.full((len(model.start), len(model.links.places)), np.nan)
    by_link[model.rows], by_place[model.rows] = 0.0, 0.0
    for pair, _, places, links in walk_paths(model.links, model.start, model.end):
        if pair in model.rows:
            by_place[pair, places] = 1.0
            by_link[pair, links] = 1.0
    return by_link, by_place


def way_sets(arcs: Arcs) -> list[Ints]:
    """Return the two arcs of every way."""
    return list(np.arange(len(arcs.tail)).reshape(-1, 2))


def fork_sets(arcs: Arcs) -> list[Ints]:
    """Return the arcs into every place where ways end, in order of the places."""
    order = np.argsort(arcs.head, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(arcs.head[order])) + 1)


def link_values(model: Model, of_way: Floats) -> Floats:
    """Spread values of ways over their links, shape (pairs, links); NaN for pairs not routed."""
    values = np.full((len(model.start), len(model.links.link_ids)), np.nan)
    way = model.arcs.way_of_link
    values[model.rows] = np.where(way >= 0, of_way[:, way], 0.0) if of_way.size else 0.0
    return values


def place_values(model: Model, of_way: Floats) -> Floats:
    """Spread values of ways over the places inside them, shape (pairs, places)."""
    values = np.full((len(model.start), len(model.links.places)), np.nan)
    way = model.arcs.way_of_place
    values[model.rows] = np.where(way >= 0, of_way[:, way], 0.0) if of_way.size else 0.0
    return values


def meet_sets(arcs: Arcs, demand: Demand, sets: list[Ints]) -> Floats:
    """Return how likely every routed pair uses an arc of each set.

    Parameters
    ----------
    arcs : Arcs
        The network.
    demand : Demand
        The pairs.
    sets : list of ndarray of int
        Arcs, each at most once in a set.

    Returns
    -------
    ndarray of float, shape (pairs, sets)
        Probabilities.
    """
    result = np.zeros((len(demand.origin), len(sets)))
    if not result.size:
        return result
    most = max(1, VALUES_AT_ONCE // len(arcs.states.place))
    for first, lot in _lots(sets, most):
        meeting = None
        for block in solve_blocks(arcs, demand):
            if meeting is None or meeting.walks is not block.walks:
                meeting = prepare(block.walks, lot)
            for reach, found in zip(block.reaches, meet(meeting, block), strict=True):
                result[reach.pairs, first : first + lot.count] = found
    return result


def _lots(sets: list[Ints], most: int) -> Iterator[tuple[int, ArcSets]]:
    """Take as many sets at once as have no more than ``most`` arcs in all."""
    first, seen = 0, set[int]()
    for number, one in enumerate(sets):
        grown = seen.union(one.tolist())
        if seen and len(grown) > most:
            yield first, make_sets(sets[first:number])
            first, grown = number, set(one.tolist())
        seen = grown
    yield first, make_sets(sets[first:])


def find_visits(
    spread: Spread, *, at_least: float = 0.001, circles: Circles = "left_out"
) -> pd.DataFrame:
    """Return the places that journeys pass, pair by pair.

    Parameters
    ----------
    spread : Spread
        Pairs spread over a network.
    at_least : float
        Places passed with a smaller probability are left out.
    circles : {"left_out", "counted"}
        See `pass_probabilities`.

    Returns
    -------
    DataFrame
        One row per routed pair and place: ``origin``, ``destination``, ``place_id`` and
        ``probability`` (to pass the place; 1 at both ends).
    """
    return list_visits(spread, pass_probabilities(spread, circles=circles)[1], at_least)


def list_visits(spread: Spread, by_place: pd.DataFrame, at_least: float) -> pd.DataFrame:
    """Return the table of `find_visits` from probabilities by pair and place."""
    values = by_place.to_numpy()
    rows, columns = np.nonzero(values >= at_least)  # NaN, not routed, is not
    return pd.DataFrame(
        {
            "origin": spread.pairs["origin"].to_numpy()[rows],
            "destination": spread.pairs["destination"].to_numpy()[rows],
            "place_id": by_place.columns.to_numpy()[columns],
            "probability": values[rows, columns],
        }
    )


def meet_probability(
    spread: Spread, places: Collection[str], *, circles: Circles = "left_out"
) -> pd.Series[float]:
    """Return how likely every pair passes at least one of some places.

    Parameters
    ----------
    spread : Spread
        Pairs spread over a network.
    places : collection of str
        Places (place_id), such as posts.
    circles : {"left_out", "counted"}
        See `pass_probabilities`.

    Returns
    -------
    Series
        One probability per pair (index of ``spread.pairs``), for all places together and not their
        sum; 1 where an end of the pair is among them; NaN for pairs that were not routed.

    Raises
    ------
    NetworkError
        If a place is not in the network.
    """
    for place in places:
        check_place(spread.network, place)
    model, arcs = spread.model, spread.model.arcs
    chosen = place_numbers(model.links, places)
    ways = np.unique(arcs.way_of_place[chosen])
    ways = ways[ways >= 0]
    result = np.full(len(spread.pairs), np.nan)
    if spread.is_fastest:
        result[model.rows] = _mark_paths(model)[1][model.rows][:, chosen].max(axis=1, initial=0.0)
    elif circles == "left_out":
        at, along = set(chosen.tolist()), set(ways.tolist())
        result[model.rows] = [journey.meeting(at, along) for journey in spread.journeys]
    else:
        result[model.rows] = _meet_places(arcs, spread.demand, chosen, ways)
    return pd.Series(result, index=spread.pairs.index, name="probability")


def _meet_places(arcs: Arcs, demand: Demand, chosen: Ints, ways: Ints) -> Floats:
    met = np.concatenate([np.flatnonzero(np.isin(arcs.head, chosen)), 2 * ways, 2 * ways + 1])
    at_end = np.isin(demand.origin, chosen) | np.isin(demand.destination, chosen)
    if not len(met):
        return at_end.astype(float)
    # A way that holds one of the places may also end in one: an arc is in the set once.
    return np.where(at_end, 1.0, meet_sets(arcs, demand, [np.unique(met)])[:, 0])
