"""Where help reaches most: how much of the reported flow passes a place, and the best places.

What is known are the reported pairs and how likely a journey of each passes each place (`visits`).
The *reach* of some places is the expected share of the reported flow that passes at least one of
them. It says nothing of flows that nobody reported, and nothing of the exact spot: a post is meant
for a town or a terminal, never for a venue.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from corredor.geodata.errors import NetworkError, suggestion
from corredor.geodata.messages import Message
from numpy.typing import NDArray

from .cover import LEAST_GAIN, Floats, Problem, greedy, solve_cover
from .legs import merge, users_of

# How likely every pair passes at least one of some places, in the order of the pairs.
Meeting = Callable[[Collection[str]], "pd.Series[float]"]


@dataclass(frozen=True)
class Posts:
    """A set of posts and what it reaches.

    Parameters
    ----------
    table : DataFrame
        One row per post in the order of choice: ``rank``, ``place_id``, ``fixed`` (it was there
        before), ``alone`` (share of the flow that passes this place), ``gain`` (share that this
        post adds to those before it) and ``reach`` (share that passes at least one so far).
    pairs : DataFrame
        One row per pair that was routed: ``origin``, ``destination``, ``weight`` and ``reach``
        (probability to pass at least one post).
    reach : float
        Share of the flow that passes at least one post.
    bound : float
        No set of so many posts under the same conditions reaches more.
    exact : bool
        Whether ``reach`` is exact for all posts together; else it is the reach of the best single
        post of each pair, which is never too high.
    missing : int
        How many fewer posts were added than asked for, because no other place that can be chosen
        adds anything.
    low, high : float
        What ``reach`` could be, given how uncertain the flows and hours are (from `place_posts`).
    robust : tuple of str
        The set of so many posts whose worst case is best.
    worst : float
        That worst case.
    """

    table: pd.DataFrame
    pairs: pd.DataFrame
    reach: float
    bound: float
    exact: bool
    missing: int = 0
    low: float = math.nan
    high: float = math.nan
    robust: tuple[str, ...] = ()
    worst: float = math.nan


def rank_posts(
    visits: pd.DataFrame, pairs: pd.DataFrame, *, count_ends: bool = True
) -> pd.DataFrame:
    """Return for each place the share of the reported flow expected to pass it.

    Parameters
    ----------
    visits : DataFrame
        ``origin``, ``destination``, ``place_id`` and ``probability`` (exact probability that a
        journey of the pair passes the place at least once), as from `find_visits`.
    pairs : DataFrame
        ``origin``, ``destination`` and ``weight``, all of one kind (evidence, counts or shares).
        Pairs without any visit, which could not be routed or stay in one place, do not count.
    count_ends : bool
        Whether a flow that starts or ends at a place counts as passing it.

    Returns
    -------
    DataFrame
        One row per place, the largest share first: ``place_id``, ``share`` (0 to 1), ``load`` (in
        the unit of the weights), ``starts``, ``ends`` and ``through`` (the three parts of
        ``load``), ``pairs`` (how many pairs pass it).

    Raises
    ------
    NetworkError
        If no pair has both a weight and a visit.

    Examples
    --------
    >>> visits = pd.DataFrame(
    ...     [["a", "c", "a", 1.0], ["a", "c", "b", 0.5], ["a", "c", "c", 1.0]],
    ...     columns=["origin", "destination", "place_id", "probability"],
    ... )
    >>> pairs = pd.DataFrame({"origin": ["a"], "destination": ["c"], "weight": [4]})
    >>> rank_posts(visits, pairs, count_ends=False)[["place_id", "share", "load"]].values.tolist()
    [['b', 0.5, 2.0]]
    """
    table, weights, _ = _weighted(visits, pairs)
    load = table["probability"] * table["weight"]
    starts, ends = (table[end] == table["place_id"] for end in ("origin", "destination"))
    parts = pd.DataFrame(
        {
            "place_id": table["place_id"],
            "starts": load.where(starts, 0.0),
            "ends": load.where(ends, 0.0),
            "through": load.where(~starts & ~ends, 0.0),
            "pairs": (~starts & ~ends if not count_ends else load > 0).astype(int),
        }
    )
    found = parts.groupby("place_id", as_index=False).sum()
    found["load"] = found["through"]
    if count_ends:
        found["load"] += found["starts"] + found["ends"]
    found["share"] = found["load"] / weights["weight"].sum()
    found = found[found["load"] > 0]
    columns = ["place_id", "share", "load", "starts", "ends", "through", "pairs"]
    order = found.sort_values(["share", "place_id"], ascending=[False, True])
    return order[columns].reset_index(drop=True)


def choose_posts(
    visits: pd.DataFrame,
    pairs: pd.DataFrame,
    p: int,
    *,
    points: pd.DataFrame | None = None,
    min_km: float = 0.0,
    candidates: Collection[str] | None = None,
    fixed: Collection[str] = (),
    count_ends: bool = True,
    meeting: Meeting | None = None,
) -> Posts:
    """Choose the places where ``p`` posts reach most of the reported flow.

    Two sets are made and the better one is returned. One grows by the post that adds most (greedy);
    as the reach is submodular, it reaches at least 1 - 1/e = 63 per cent of the best possible where
    no distance is asked for (Nemhauser et al. 1978), and usually nearly all of it. The other solves
    the maximal covering problem (Church and ReVelle 1974) by integer programming, with the
    probabilities of a pair added up, at most to 1; its value is also a bound that no set can pass.

    Parameters
    ----------
    visits, pairs : DataFrame
        As for `rank_posts`.
    p : int
        How many posts to add to those that are ``fixed``.
    points : DataFrame, optional
        ``place_id``, ``lat`` and ``lon`` in degrees; needed for ``min_km``.
    min_km : float
        Least great-circle distance between any two posts.
    candidates : collection of str, optional
        The only places to choose from; all that are passed if left out.
    fixed : collection of str
        Posts that are there already.
    count_ends : bool
        Whether a post at the start or end of a flow reaches it.
    meeting : callable, optional
        Gives for some places the probability of every row of ``pairs`` to pass at least one of
        them (`meet_probability` with a `Spread`; NaN where it was not routed). With it, reach is
        exact for all posts together.

    Returns
    -------
    Posts
        Fewer than ``p`` where no other place adds at least 0.01 per cent, or lies far enough.

    Raises
    ------
    NetworkError
        If ``p`` is below 1, a candidate or fixed post is not among the places, or ``min_km`` is
        negative, not finite, or given without points.

    References
    ----------
    Church, R., ReVelle, C. (1974). The maximal covering location problem. *Papers of the Regional
    Science Association* 32, 101-118.
    Nemhauser, G. L., Wolsey, L. A., Fisher, M. L. (1978). An analysis of approximations for
    maximizing submodular set functions. *Mathematical Programming* 14, 265-294.
    """
    if p < 1:
        raise NetworkError(Message("At least one post is chosen, not {p}.", p=p))
    if not 0 <= min_km < math.inf:
        raise NetworkError(
            Message("The least distance between posts is {km} km. Give 0 or more.", km=min_km)
        )
    fixed = tuple(dict.fromkeys(fixed))
    table, weights, keys = _weighted(visits, pairs)
    if not count_ends:
        ends = table[["origin", "destination"]].eq(table["place_id"], axis=0).any(axis=1)
        table = table[~ends]
    places = _places(visits, candidates, fixed, points)
    problem = Problem(
        chance=_chances(table, weights, places, keys),
        weight=weights["weight"].to_numpy(dtype=float) / weights["weight"].sum(),
        free=np.array([candidates is None or place in candidates for place in places])
        & np.array([place not in fixed for place in places]),
        fixed=tuple(places.index(place) for place in fixed),
        apart=_too_near(places, points, min_km),
        p=p,
    )
    reach = None
    if meeting is not None:
        reach = _exact_reach(meeting, places, pairs, weights, keys, count_ends=count_ends)
    grown, bound = greedy(problem, reach)
    covered, ceiling = solve_cover(problem)
    value = problem.value(reach)
    better = float(value(covered).sum()) > float(value(grown).sum()) + LEAST_GAIN
    best = covered if better else grown
    # Without an exact reach the greedy bound is one of the approximation only.
    bound = ceiling if reach is None else min(bound, ceiling)
    return _describe(problem, best, reach, places, weights, bound)


def _weighted(
    visits: pd.DataFrame, pairs: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """Return visits with the weight of their pair, the pairs with any, and what names a pair."""
    keys = ["origin", "destination"]
    keys += ["via"] if "via" in visits and "via" in pairs else []
    given = pairs[[*keys, "weight"]] if "weight" in pairs else pairs[keys].assign(weight=1.0)
    weights = given.groupby(keys, as_index=False, sort=True)["weight"].sum()
    routed = visits[keys].drop_duplicates()
    weights = weights[weights["weight"] > 0].merge(routed, on=keys).reset_index(drop=True)
    if weights.empty:
        raise NetworkError(
            Message("No pair of the flows was routed over the network, so nothing passes a place.")
        )
    # A pair that stands in several rows has its weights added up, and one visit of each place.
    return visits.drop_duplicates([*keys, "place_id"]).merge(weights, on=keys), weights, keys


def _places(
    visits: pd.DataFrame,
    candidates: Collection[str] | None,
    fixed: Collection[str],
    points: pd.DataFrame | None,
) -> list[str]:
    """Return the places that can be posts, refusing names that are not known."""
    passed = set(visits["place_id"])
    known = passed | (set(points["place_id"]) if points is not None else set())
    for place in (*(candidates or ()), *fixed):
        if place not in known:
            raise NetworkError(
                Message("The network has no place '{place}'. {fix}", place=place,
                        fix=suggestion(place, known))
            )  # fmt: skip
    # Of equal places the first is taken: candidates stay in their order.
    free = sorted(passed) if candidates is None else candidates
    return list(dict.fromkeys([*free, *fixed]))


def _chances(
    table: pd.DataFrame, weights: pd.DataFrame, places: list[str], keys: list[str]
) -> Floats:
    """Return the probability of every pair (row) to pass every place (column)."""
    row = {key: at for at, key in enumerate(weights[keys].itertuples(index=False, name=None))}
    column = {place: at for at, place in enumerate(places)}
    chance = np.zeros((len(row), len(column)))
    for *key, place, probability in table[[*keys, "place_id", "probability"]].itertuples(
        index=False, name=None
    ):
        if place in column:
            chance[row[tuple(key)], column[place]] = probability
    return chance


def _too_near(
    places: list[str], points: pd.DataFrame | None, min_km: float
) -> NDArray[np.bool_] | None:
    """Return which two places may not both be posts; None where all may."""
    if not min_km > 0:
        return None
    if points is None:
        raise NetworkError(Message("A least distance between posts needs the points of places."))
    at = points.set_index("place_id").reindex(places)[["lon", "lat"]].to_numpy(dtype=float)
    lon, lat = np.radians(at.T)
    flat = np.cos(lat)
    axes = np.column_stack([flat * np.cos(lon), flat * np.sin(lon), np.sin(lat)])
    arc = 6371.0088 * np.arccos(np.clip(axes @ axes.T, -1, 1))
    near = ~(arc >= min_km)  # a place without a point is near to all
    np.fill_diagonal(near, False)
    return np.asarray(near)


def _exact_reach(
    meeting: Meeting,
    places: list[str],
    pairs: pd.DataFrame,
    weights: pd.DataFrame,
    keys: list[str],
    *,
    count_ends: bool,
) -> Callable[[Sequence[int]], Floats]:
    """Return the function from posts to the exact probability of every weighted pair."""
    first = pairs[keys].assign(row=np.arange(len(pairs))).drop_duplicates(keys)
    row = weights[keys].merge(first, on=keys, how="left")["row"].fillna(-1).to_numpy(int)

    @cache  # the same sets are asked for again and again
    def met(posts: frozenset[str]) -> Floats:
        if not posts:
            return np.zeros(len(weights))
        found = meeting(sorted(posts)).to_numpy(float)
        return np.where(row >= 0, np.nan_to_num(found[row]), 0.0)

    def reach(chosen: Sequence[int]) -> Floats:
        posts = frozenset(places[at] for at in chosen)
        if count_ends:
            return met(posts)
        # A post at an end of a pair does not count for that pair.
        own = [posts & {*ends} for ends in zip(weights["origin"], weights["destination"],
                                               strict=True)]  # fmt: skip
        value = np.zeros(len(weights))
        for ends in set(own):
            which = np.array([one == ends for one in own])
            value[which] = met(posts - ends)[which]
        return value

    return reach


def _describe(
    problem: Problem,
    chosen: tuple[int, ...],
    reach: Callable[[Sequence[int]], Floats] | None,
    places: list[str],
    weights: pd.DataFrame,
    bound: float,
) -> Posts:
    """Return the posts, those that are there first, then the one that adds most, and so on."""
    value = problem.value(reach)
    order = list(problem.fixed)
    rest = [at for at in chosen if at not in order]
    while rest:
        best = max(rest, key=lambda at: (float(value([*order, at]).sum()), -at))
        order.append(best)
        rest.remove(best)
    totals = [float(value(order[:n]).sum()) for n in range(len(order) + 1)]
    table = pd.DataFrame(
        {
            "rank": np.arange(1, len(order) + 1),
            "place_id": [places[at] for at in order],
            "fixed": [at in problem.fixed for at in order],
            "alone": [float(problem.weight @ problem.chance[:, at]) for at in order],
            "gain": np.diff(totals),
            "reach": totals[1:],
        }
    )
    met = weights.assign(reach=value(order) / problem.weight)
    missing = problem.p + len(problem.fixed) - len(order)
    return Posts(table, met, totals[-1], max(bound, totals[-1]), reach is not None, missing)


def passing_flows(visits: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the flows and sources behind what passes each place."""
    keys = [key for key in ("origin", "destination", "via") if key in visits and key in pairs]
    passing = visits.merge(pairs, on=keys)
    uses = passing.groupby("place_id")["probability"].transform(lambda p: users_of(p.to_numpy()))
    often = passing[uses.astype(bool)]
    return often.groupby("place_id")[["flow_ids", "source_ids"]].agg(merge)
