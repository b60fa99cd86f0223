"""The links of a network as arrays, and the hours lost where the means of travel changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
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
# Hours lost at a change of means: boats leave when full, flights ask for time at the airport. No
# change by way of a third means is quicker, else somebody would fly there and back to save an hour.
TRANSFER_HOURS: Mapping[tuple[str, str], float] = {
    ("land", "river"): 6.0,
    ("land", "air"): 2.5,
    ("river", "air"): 3.5,
}
HOURS_A_WEEK = 168.0


@dataclass(frozen=True)
class Links:
    """The links of a network, one entry per link.

    ``there`` and ``back`` are hours from ``start`` to ``end`` and back; ``means`` is an entry of
    ``names`` and a row of ``penalty``, the hours lost when changing from one means (row) to another
    (column).
    """

    places: tuple[str, ...]
    link_ids: tuple[str, ...]
    data: tuple[Mapping[str, Any], ...]
    start: Ints
    end: Ints
    there: Floats
    back: Floats
    means: Ints
    names: tuple[str, ...]
    penalty: Floats

    def numbers(self, place_ids: Iterable[str]) -> Ints:
        """Return the numbers of places that are in the network."""
        position = {place: at for at, place in enumerate(self.places)}
        return np.array([position[place] for place in place_ids], dtype=np.int64)

    def scaled(self, means: str, factor: float) -> Links:
        """Return the links with the hours of one means multiplied."""
        by = np.where(np.array([name == means for name in self.names])[self.means], factor, 1.0)
        return replace(self, there=self.there * by, back=self.back * by)


def to_links(G: nx.MultiGraph[str], transfer: Mapping[tuple[str, str], float]) -> Links:
    """Turn a network into arrays, links in the order of its edges.

    Boats that leave less than twice a day are a means of their own for each number of departures a
    week: who boards one waits half the time between two of them.
    """
    places = tuple(G)
    position = {place: at for at, place in enumerate(places)}
    edges = list(G.edges(keys=True, data=True))
    data = tuple(edge for *_, edge in edges)
    tails = [edge["tail"] for edge in data]
    heads = [v if tail == u else u for (u, v, *_), tail in zip(edges, tails, strict=True)]
    kinds = [_means(edge) for edge in data]
    order = sorted(set(kinds))
    links = Links(
        places=places,
        link_ids=tuple(key for _, _, key, _ in edges),
        data=data,
        start=np.array([position[tail] for tail in tails], dtype=np.int64),
        end=np.array([position[head] for head in heads], dtype=np.int64),
        there=np.array([edge["hours"] for edge in data], dtype=float),
        back=np.array([edge["hours_back"] for edge in data], dtype=float),
        means=np.array([order.index(kind) for kind in kinds], dtype=np.int64),
        names=tuple(name for name, _ in order),
        penalty=_penalties(order, transfer),
    )
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
    return links


def _means(link: Mapping[str, Any]) -> tuple[str, float]:
    """Return the means of travel of a link and how long one waits for it beyond the usual."""
    mode, departures = link["mode"], link.get("departures")
    means = MEANS.get(mode, mode)
    if means == "land" or departures is None or not departures > 0:
        return means, 0.0
    usual = TRANSFER_HOURS["land", "river"] if means == "river" else 0.0
    return means, max(HOURS_A_WEEK / 2 / float(departures) - usual, 0.0)


def _penalties(order: list[tuple[str, float]], transfer: Mapping[tuple[str, str], float]) -> Floats:
    """Return the hours lost between means; no change by way of a third is quicker than these."""
    lost = {**transfer, **{(other, one): hours for (one, other), hours in transfer.items()}}
    penalty = np.array(
        [[lost.get((one, other), 0.0) + wait for other, wait in order] for one, _ in order]
    ).reshape(len(order), len(order))
    np.fill_diagonal(penalty, 0.0)
    for third in range(len(order)):
        penalty = np.minimum(penalty, penalty[:, [third]] + penalty[[third], :])
    return penalty
