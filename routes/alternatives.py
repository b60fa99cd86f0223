"""The ways of one pair as a few distinct alternatives, each with its likelihood."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from corredor.geodata.errors import NetworkError
from corredor.geodata.messages import Message

from .arcs import Links
from .corridors import Corridors
from .journeys import Journey
from .legs import Chain, name_chain
from .paths import walk_paths
from .spread import Model, Spread

# Ways that share at least this part of their hours are one alternative.
ALIKE = 0.6
# Alternatives less likely than this are not listed.
LEAST = 0.005
# Ways looked at, the likeliest first.
MOST_WAYS = 3000
# Places named between the two ends.
NAMED = 4
Step = tuple[int, int, int]  # tail, head, way
Way = tuple[float, list[int], list[int]]  # probability, links, places
COLUMNS = [
    "rank", "probability", "name", "hours", "km", "modes", "place_ids", "link_ids",
]  # fmt: skip


def list_alternatives(
    corridors: Corridors, origin: str, destination: str, *, most: int = 4
) -> pd.DataFrame:
    """List the distinct ways of a pair.

    At the fastest level there is one, the fastest way. Else
    the ways without circles are taken one by one, the likeliest first. One that shares at least 0.6
    of its hours with an alternative found before is counted with it, else it is a new one.

    Parameters
    ----------
    corridors : Corridors
        Result of `find_corridors`.
    origin, destination : str
        A routed pair of network places, such as a row of ``corridors.pairs``.
    most : int
        Alternatives listed at most.

    Returns
    -------
    DataFrame
        One row per alternative, the likeliest first: ``rank``, ``probability`` (of all ways counted
        with it; the sum is less than 1 by what is left out), and of its likeliest way ``name``
        (places), ``hours`` (changes included), ``km``, ``modes``, ``place_ids`` and ``link_ids``.

    Raises
    ------
    NetworkError
        If no such pair was routed.
    """
    spread, model = corridors.spread, corridors.spread.model
    rows = model.pairs.iloc[model.rows]
    wanted = ((rows["origin"] == origin) & (rows["destination"] == destination)).to_numpy()
    if not wanted.any():
        raise NetworkError(
            Message(
                "There are no alternatives from '{origin}' to '{destination}': no reported flow"
                " that is routed goes from the one to the other.",
                origin=origin,
                destination=destination,
            )
        )
    pair = int(np.flatnonzero(wanted)[0])
    ways = [_fastest(model, pair)] if spread.is_fastest else _distinct(spread, pair)
    ways = ways[:most]
    passed = Counter(place for _, _, places in ways for place in places)
    records = []
    for rank, (probability, order, places) in enumerate(ways, start=1):
        own = {place for place in places if len(ways) > 1 and passed[place] == 1}
        records.append(
            {
                "rank": rank,
                "probability": min(probability, 1.0),
                **_describe(corridors, model.links, order, places, own),
            }
        )
    return pd.DataFrame(records, columns=COLUMNS)


def _fastest(model: Model, pair: int) -> Way:
    row = model.rows[pair : pair + 1]
    ((_, _, places, order),) = walk_paths(model.links, model.start[row], model.end[row])
    return 1.0, order, places


def _distinct(spread: Spread, pair: int) -> list[Way]:
    """Return the distinct ways of a pair, the likeliest first."""
    arcs = spread.model.arcs
    found: list[tuple[float, list[Step], dict[int, float]]] = []
    for probability, steps in _ways(spread.journeys[pair]):
        length = {way: float(arcs.hours[2 * way]) for _, _, way in steps}
        total = sum(length.values())
        for number, (known, first, other) in enumerate(found):
            shared = sum(time for way, time in length.items() if way in other)
            if shared >= ALIKE * total:
                found[number] = (known + probability, first, other)
                break
        else:
            found.append((probability, steps, length))
    return [
        (probability, *_unfold(spread.model, steps))
        for probability, steps, _ in sorted(found, key=lambda one: -one[0])
        if probability >= LEAST
    ]


def _unfold(model: Model, steps: list[Step]) -> tuple[list[int], list[int]]:
    """Return the links and places of a way in order."""
    links, order, places = model.links, [], [steps[0][0]]
    for _, head, way in steps:
        rest = set(np.flatnonzero(model.arcs.way_of_link == way).tolist())
        while rest:
            at = places[-1]
            link = next(one for one in rest if at in (int(links.start[one]), int(links.end[one])))
            rest.discard(link)
            order.append(link)
            places.append(int(links.end[link] if links.start[link] == at else links.start[link]))
        assert places[-1] == head
    return order, places


def _ways(journey: Journey) -> list[tuple[float, list[Step]]]:
    """Return the likeliest ways as (tail, head, way) steps with their probabilities."""
    out: dict[int, list[tuple[int, int, int, float]]] = defaultdict(list)
    for step in journey.steps:
        out[step[0]].append(step)
    heap: list[tuple[float, int, int, list[Step]]] = [(-1.0, 0, journey.origin, [])]
    found: list[tuple[float, list[Step]]] = []
    count = 0
    while heap and len(found) < MOST_WAYS:
        negative, _, place, steps = heapq.heappop(heap)
        if place == journey.destination:
            found.append((-negative, steps))
            continue
        total = sum(flow for *_, flow in out[place])
        for tail, head, way, flow in out[place]:
            count += 1
            heapq.heappush(
                heap, (negative * flow / total, count, head, [*steps, (tail, head, way)])
            )
    return found


def _describe(
    corridors: Corridors, links: Links, order: list[int], places: list[int], own: set[int]
) -> dict[str, Any]:
    """Return name, hours, kilometres, modes, places and links of one way."""
    hours = sum(
        float(links.there[link] if links.start[link] == at else links.back[link])
        for link, at in zip(order, places, strict=False)
    )
    hours += sum(
        float(links.penalty[links.means[one], links.means[other]]) for one, other in pairwise(order)
    )
    names = [links.places[place] for place in places]
    rows = [
        {
            "from": links.places[links.start[link]],
            "to": links.places[links.end[link]],
            "mode": links.data[link]["mode"],
            "km": links.data[link]["km"],
        }
        for link in order
    ]
    name = name_chain(
        corridors.network, Chain(list(range(len(order))), names), rows, {names[0], names[-1]},
        own={links.places[place] for place in own}, most=NAMED,
    )  # fmt: skip
    return {
        "name": name,
        "hours": hours,
        "km": float(sum(links.data[link]["km"] for link in order)),
        "modes": tuple(dict.fromkeys(links.data[link]["mode"] for link in order)),
        "place_ids": tuple(names),
        "link_ids": tuple(links.link_ids[link] for link in order),
    }
