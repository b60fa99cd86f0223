"""The ways of one pair as a table, each with its likelihood and its name."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise, product
from typing import Any

import numpy as np
import pandas as pd
from corredor.geodata.errors import NetworkError
from corredor.geodata.messages import Message

from .corridors import Corridors
from .legs import Chain, name_chain
from .paths import places_along
from .spread import Spread

# Places named between the two ends.
NAMED = 4
COLUMNS = [
    "rank", "probability", "name", "hours", "km", "modes", "place_ids", "link_ids",
]  # fmt: skip


def list_alternatives(
    corridors: Corridors, origin: str, destination: str, *, most: int = 8
) -> pd.DataFrame:
    """List the distinct ways of a pair.

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
        One row per way, the likeliest first: ``rank``, ``probability`` (of all ways 1), ``name``
        (places), ``hours`` (changes included), ``km``, ``modes``, ``place_ids``, ``link_ids``.

    Raises
    ------
    NetworkError
        If no such pair was routed.
    """
    spread = corridors.spread
    pairs = spread.pairs
    wanted = (pairs["origin"] == origin) & (pairs["destination"] == destination)
    rows = np.flatnonzero(wanted & (pairs["status"] == "routed"))
    if not len(rows):
        raise NetworkError(
            Message(
                "There are no alternatives from '{origin}' to '{destination}': no reported flow"
                " that is routed goes from the one to the other.",
                origin=origin,
                destination=destination,
            )
        )
    # Of flows between the same ends those that name no place between speak of the pair itself.
    row = min(rows.tolist(), key=lambda number: len(pairs["via"].iloc[number]))
    ways = _ways_of(spread, row)
    ways = [way for way in ways if way[0] > 0][:most]
    links = spread.graph.links
    start = int(links.numbers([origin])[0])
    places = [places_along(links, start, arcs) for _, _, arcs in ways]
    passed = Counter(place for along in places for place in set(along))
    records = []
    for rank, ((probability, hours, arcs), along) in enumerate(
        zip(ways, places, strict=True), start=1
    ):
        own = {place for place in along if len(ways) > 1 and passed[place] == 1}
        records.append(
            {
                "rank": rank, "probability": probability, "hours": hours,
                **_describe(corridors, arcs, along, own),
            }
        )  # fmt: skip
    return pd.DataFrame(records)[COLUMNS]


def _ways_of(spread: Spread, pair: int) -> list[tuple[float, float, list[int]]]:
    """Return probability, hours and arcs of the ways of a pair, the likeliest first.

    Those of several stages are combined; where one stage goes on by other means than the stage
    before, the hours lost there are added.
    """
    ways, stages = spread.ways, np.flatnonzero(spread.stage_pair == pair)
    found: list[tuple[float, float, list[int]]] = []
    for chosen in product(*(np.flatnonzero(ways.pair == stage).tolist() for stage in stages)):
        lots = [ways.arcs[ways.first[way] : ways.first[way + 1]].tolist() for way in chosen]
        links = spread.graph.links
        lost = sum(
            float(links.penalty[links.means[one[-1] // 2], links.means[other[0] // 2]])
            for one, other in pairwise(lots)
        )
        hours = float(ways.hours[list(chosen)].sum()) + lost
        odds = float(spread.odds[list(chosen)].prod())
        found.append((odds, hours, [arc for lot in lots for arc in lot]))
    return sorted(found, key=lambda way: (-way[0], way[1]))


def _describe(
    corridors: Corridors, arcs: list[int], places: list[str], own: set[str]
) -> dict[str, Any]:
    """Return name, kilometres, modes, places and links of one way."""
    links = corridors.spread.graph.links
    data = [links.data[arc // 2] for arc in arcs]
    rows = [
        {"from": one, "to": other, "mode": link["mode"], "km": link["km"]}
        for (one, other), link in zip(pairwise(places), data, strict=True)
    ]
    name = name_chain(
        corridors.network, Chain(list(range(len(arcs))), places), rows, {places[0], places[-1]},
        own=own, most=NAMED,
    )  # fmt: skip
    return {
        "name": name,
        "km": float(sum(link["km"] for link in data)),
        "modes": tuple(dict.fromkeys(link["mode"] for link in data)),
        "place_ids": tuple(places),
        "link_ids": tuple(links.link_ids[arc // 2] for arc in arcs),
    }
