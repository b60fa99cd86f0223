"""How likely pairs pass links and places, and at least one of several places."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np
import pandas as pd

from .arcs import Floats, Ints, to_links
from .assign import solve_blocks
from .meet import ArcSets, make_sets, meet, prepare
from .network import check_place
from .paths import least_cost_paths
from .spread import Model, Spread, build_model

# Columns of Z held at once.
COLUMNS_AT_ONCE = 600


def pass_probabilities(spread: Spread) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return how likely every pair passes every link and every place at least once.

    Parameters
    ----------
    spread : Spread
        Pairs spread over a network.

    Returns
    -------
    tuple of two DataFrame
        One row per pair (index of ``spread.pairs``) and one column per ``link_id``, and the same
        with one column per ``place_id``: exact probabilities, NaN in the rows of pairs that were
        not routed. Both ends of a pair have 1.
    """
    links = to_links(spread.network, spread.transfer)
    index = spread.pairs.index
    by_link = np.full((len(index), len(links.link_ids)), np.nan)
    by_place = np.full((len(index), len(links.places)), np.nan)
    if _is_fastest(spread):
        _mark_paths(spread, by_link, by_place)
    elif (spread.pairs["status"] == "routed").any():
        _fill(build_model(spread.network, spread.pairs, spread.transfer), by_link, by_place)
    return (
        pd.DataFrame(by_link, index=index, columns=list(links.link_ids)),
        pd.DataFrame(by_place, index=index, columns=list(links.places)),
    )


def link_probabilities(spread: Spread) -> pd.DataFrame:
    """Return how likely every pair passes every link at least once.

    Parameters
    ----------
    spread : Spread
        Pairs spread over a network.

    Returns
    -------
    DataFrame
        The first table of `pass_probabilities`, in less time.
    """
    if _is_fastest(spread) or not (spread.pairs["status"] == "routed").any():
        return pass_probabilities(spread)[0]
    model = build_model(spread.network, spread.pairs, spread.transfer)
    ways = np.arange(len(model.arcs.tail) // 2)
    of_way = meet_sets(model, list(np.stack([2 * ways, 2 * ways + 1], axis=1)))
    values = np.full((len(spread.pairs), len(model.links.link_ids)), np.nan)
    on_way = model.arcs.way_of_link
    values[model.rows] = np.where(on_way >= 0, of_way[:, on_way], 0.0)
    return pd.DataFrame(values, index=spread.pairs.index, columns=list(model.links.link_ids))


def _is_fastest(spread: Spread) -> bool:
    return bool(np.isinf(spread.pairs["theta"]).all())


def _mark_paths(spread: Spread, by_link: Floats, by_place: Floats) -> None:
    links = to_links(spread.network, spread.transfer)
    link_at = {link: at for at, link in enumerate(links.link_ids)}
    place_at = {place: at for at, place in enumerate(links.places)}
    paths = least_cost_paths(spread.network, spread.pairs, transfer=spread.transfer)
    routed = spread.pairs["status"] == "routed"
    for row in np.flatnonzero(routed.to_numpy()):
        by_link[row], by_place[row] = 0.0, 0.0
        by_link[row, [link_at[link] for link in paths["link_ids"].iloc[row]]] = 1.0
        by_place[row, [place_at[place] for place in paths["place_ids"].iloc[row]]] = 1.0


def _fill(model: Model, by_link: Floats, by_place: Floats) -> None:
    """Fill in the probabilities of routed pairs: of ways, then of what lies on them."""
    arcs, rows, demand = model.arcs, model.rows, model.demand
    ways = np.arange(len(arcs.tail) // 2)
    forks = np.unique(arcs.head)
    order = np.argsort(arcs.head, kind="stable")
    into = np.split(order, np.searchsorted(arcs.head[order], forks[1:]))
    met = meet_sets(model, [*np.stack([2 * ways, 2 * ways + 1], axis=1), *into])
    of_way, of_fork = met[:, : len(ways)], met[:, len(ways) :]
    by_link[rows] = np.where(arcs.way_of_link >= 0, of_way[:, arcs.way_of_link], 0.0)
    by_place[rows] = np.where(arcs.way_of_place >= 0, of_way[:, arcs.way_of_place], 0.0)
    by_place[np.ix_(rows, forks)] = of_fork
    by_place[rows, demand.origin] = 1.0
    by_place[rows, demand.destination] = 1.0


def meet_sets(model: Model, sets: list[Ints]) -> Floats:
    """Return how likely every routed pair uses an arc of each set.

    Parameters
    ----------
    model : Model
        Network and demand.
    sets : list of ndarray of int
        Arcs, each at most once in a set.

    Returns
    -------
    ndarray of float, shape (routed pairs, sets)
        Probabilities.
    """
    result = np.zeros((len(model.rows), len(sets)))
    for first, lot in _lots(sets):
        meeting = None
        for block in solve_blocks(model.arcs, model.demand):
            if meeting is None or meeting.walks is not block.walks:
                meeting = prepare(block.walks, lot)
            for number, reach in enumerate(block.reaches):
                found = meet(meeting, model.arcs, block, number)
                result[reach.pairs, first : first + lot.count] = found
    return result


def _lots(sets: list[Ints]) -> Iterator[tuple[int, ArcSets]]:
    first, size = 0, 0
    for number, one in enumerate(sets):
        if size and size + len(one) > COLUMNS_AT_ONCE:
            yield first, make_sets(sets[first:number])
            first, size = number, 0
        size += len(one)
    if len(sets) > first:
        yield first, make_sets(sets[first:])


def find_visits(spread: Spread, *, at_least: float = 0.001) -> pd.DataFrame:
    """Return the places that journeys pass, pair by pair.

    Parameters
    ----------
    spread : Spread
        Pairs spread over a network.
    at_least : float
        Places passed with a smaller probability are left out.

    Returns
    -------
    DataFrame
        One row per routed pair and place: ``origin``, ``destination``, ``place_id`` and
        ``probability`` (exact probability to pass the place at least once; 1 at both ends).
    """
    return list_visits(spread, pass_probabilities(spread)[1], at_least)


def list_visits(spread: Spread, by_place: pd.DataFrame, at_least: float) -> pd.DataFrame:
    """Return the table of `find_visits` from probabilities by pair and place."""
    values = by_place.to_numpy()
    rows, columns = np.nonzero(np.nan_to_num(values) >= at_least)
    return pd.DataFrame(
        {
            "origin": spread.pairs["origin"].to_numpy()[rows],
            "destination": spread.pairs["destination"].to_numpy()[rows],
            "place_id": by_place.columns.to_numpy()[columns],
            "probability": values[rows, columns],
        }
    )


def meet_probability(spread: Spread, places: Collection[str]) -> pd.Series[float]:
    """Return how likely every pair passes at least one of some places.

    Parameters
    ----------
    spread : Spread
        Pairs spread over a network.
    places : collection of str
        Places (place_id), such as posts.

    Returns
    -------
    Series
        One probability per pair (index of ``spread.pairs``), exact for all places together; 1 where
        an end of the pair is among them; NaN for pairs that were not routed.

    Raises
    ------
    NetworkError
        If a place is not in the network.
    """
    for place in places:
        check_place(spread.network, place)
    result = np.full(len(spread.pairs), np.nan)
    routed = spread.pairs["status"].to_numpy() == "routed"
    if _is_fastest(spread):
        _, by_place = pass_probabilities(spread)
        result = by_place[list(places)].max(axis=1).to_numpy()
    elif routed.any():
        model = build_model(spread.network, spread.pairs, spread.transfer)
        chosen = np.flatnonzero(np.isin(np.array(model.links.places), list(places)))
        result[routed] = _meet_places(model, chosen)
    return pd.Series(result, index=spread.pairs.index, name="probability")


def _meet_places(model: Model, chosen: Ints) -> Floats:
    arcs = model.arcs
    ways = np.unique(arcs.way_of_place[chosen])
    ways = ways[ways >= 0]
    met = np.concatenate([np.flatnonzero(np.isin(arcs.head, chosen)), 2 * ways, 2 * ways + 1])
    at_end = np.isin(model.demand.origin, chosen) | np.isin(model.demand.destination, chosen)
    if not len(met):
        return at_end.astype(float)
    # A way that holds one of the places may also end in one: an arc is in the set once.
    return np.where(at_end, 1.0, meet_sets(model, [np.unique(met)])[:, 0])
