"""Chains of a network joined into one link each, without losing length, hours or line."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import networkx as nx

BASES = ("published", "derived", "estimated")


@dataclass(frozen=True)
class Chains:
    """A contracted network and the way back to the original.

    Parameters
    ----------
    graph : MultiGraph
        The places that are kept, and one edge per chain, its key the ``link_id`` of its first
        link. A chain carries what a link does: sums of ``km``, ``hours`` and ``hours_back``, the
        common ``mode``, the different values of ``ref`` and ``surface`` in order, the weakest
        ``basis``, and the joined ``geometry`` where all its links have one.
    links : dict of str to tuple of str
        Chain to its original links, in order from its ``tail``.
    places : dict of str to tuple of str
        Chain to the places inside it, in the same order.
    """

    graph: nx.MultiGraph[str]
    links: dict[str, tuple[str, ...]]
    places: dict[str, tuple[str, ...]]


Step = tuple[str, str, str]  # from, to, link_id


def contract_chains(G: nx.MultiGraph[str], *, keep: Collection[str] = ()) -> Chains:
    """Join the links that meet at a place where there is no choice.

    A place is passed over when just two links of one mode meet there and it is not in ``keep``:
    a place where the mode changes stays, and so do dead ends. Of a ring without any other place,
    one place stays (the first of the network), and the ring is a loop on it.

    Parameters
    ----------
    G : MultiGraph
        A network of `build_network`; it is not changed.
    keep : collection of str
        Places that stay in any case, such as the ends of flows.

    Returns
    -------
    Chains
        The contracted network and the way back. Shortest distances and hours between kept places
        are those of ``G``, and so is the total length.

    Examples
    --------
    >>> G = nx.MultiGraph()
    >>> for tail, head, name in (("a", "b", "1"), ("b", "c", "2")):
    ...     _ = G.add_edge(tail, head, name, tail=tail, mode="road", km=5, hours=1, hours_back=1)
    >>> contract_chains(G).links
    {'1': ('1', '2')}
    """
    passed = {place for place in G if place not in keep and _is_passed(G, place)}
    chains = Chains(nx.MultiGraph(**G.graph), {}, {})
    chains.graph.add_nodes_from((place, dict(G.nodes[place])) for place in G if place not in passed)
    done: set[str] = set()
    for place in G:
        if place in passed:
            continue
        for step in _steps(G, place):
            if step[2] not in done:
                _add_chain(G, chains, _follow(G, step, passed), done)
    for place in G:  # rings: whatever has not been reached
        if place in passed and any(key not in done for *_, key in _steps(G, place)):
            chains.graph.add_node(place, **G.nodes[place])
            passed.discard(place)
            _add_chain(G, chains, _follow(G, next(_steps(G, place)), passed), done)
    return chains


def _is_passed(G: nx.MultiGraph[str], place: str) -> bool:
    links = [link for _, _, link in G.edges(place, data=True)]
    return len(links) == 2 and G.degree(place) == 2 and links[0]["mode"] == links[1]["mode"]


def _steps(G: nx.MultiGraph[str], place: str) -> Iterator[Step]:
    yield from ((place, other, key) for _, other, key in G.edges(place, keys=True))


def _follow(G: nx.MultiGraph[str], step: Step, passed: Collection[str]) -> list[Step]:
    """Return the steps of a chain from its first one to the next place that stays."""
    chain = [step]
    while chain[-1][1] in passed:
        _, place, key = chain[-1]
        onward = [one for one in _steps(G, place) if one[2] != key]
        chain.append(onward[0])
    return chain


def _add_chain(G: nx.MultiGraph[str], chains: Chains, steps: list[Step], done: set[str]) -> None:
    """Add a chain to the contracted network, and note what it is made of."""
    keys = tuple(key for *_, key in steps)
    done.update(keys)
    links = [(start == G.edges[start, end, key]["tail"], G.edges[start, end, key])
             for start, end, key in steps]  # fmt: skip
    chain: dict[str, Any] = {"tail": steps[0][0], "mode": links[0][1]["mode"]}
    chain["km"] = sum(link["km"] for _, link in links)
    chain["hours"] = sum(link["hours" if ahead else "hours_back"] for ahead, link in links)
    chain["hours_back"] = sum(link["hours_back" if ahead else "hours"] for ahead, link in links)
    for name in ("ref", "surface"):
        values = [link.get(name, "") for _, link in links]
        chain[name] = " / ".join(dict.fromkeys(value for value in values if value))
    bases = [link["basis"] for _, link in links if link.get("basis") in BASES]
    if bases:
        chain["basis"] = max(bases, key=BASES.index)
    if all(link.get("geometry") is not None for _, link in links):
        chain["geometry"] = _joined([(ahead, link["geometry"]) for ahead, link in links])
    chains.graph.add_edge(steps[0][0], steps[-1][1], key=keys[0], **chain)
    chains.links[keys[0]] = keys
    chains.places[keys[0]] = tuple(end for _, end, _ in steps[:-1])


def _joined(lines: list[tuple[bool, Any]]) -> Any:
    """Return lines one after another; a line drawn the other way is turned round."""
    import numpy as np
    import shapely

    paths = [shapely.get_coordinates(line)[:: 1 if ahead else -1] for ahead, line in lines]
    path = np.concatenate([paths[0], *(points[1:] for points in paths[1:])])
    return shapely.linestrings(path)
