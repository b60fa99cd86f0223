"""A network of lines as a planner knows it: one place where many junctions lie close together."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np

from .passing import KM_PER_DEGREE

# Places without a name of their own that lie so near to another, along links, are one with it.
MERGED_KM = 2.0


def merge_junctions(G: nx.MultiGraph[str]) -> nx.MultiGraph[str]:
    """Merge places that have no name of their own with what lies at most 2 km away along links.

    Named places take in what is near first, then the junctions where most links meet; each of these
    is a centre, so that places along a finely cut road stay apart. Of links that then join the same
    places by the same mode, as the two sides of a road do, the fastest stays. Nothing is joined
    that no link joins. A network whose places all have names is returned as it is.
    """
    bare = {place for place, data in G.nodes(data=True) if data.get("unnamed")}
    if not bare:
        return G
    centre: dict[str, str] = {}
    order = sorted(G, key=lambda place: (place in bare, -G.degree(place)))
    for seed in order:
        if seed in centre:
            continue
        centre[seed] = seed
        stack = [seed]
        while stack:
            for _, other, link in G.edges(stack.pop(), data=True):
                near = other in bare and other not in centre and link["mode"] in ("road", "river")
                if near and _apart_km(G, seed, other) <= MERGED_KM:
                    centre[other] = seed
                    stack.append(other)
    H: nx.MultiGraph[str] = nx.MultiGraph(**G.graph)
    H.add_nodes_from((place, dict(data)) for place, data in G.nodes(data=True)
                     if centre[place] == place)  # fmt: skip
    fastest: dict[tuple[Any, ...], tuple[float, str, str, str]] = {}
    for u, v, key, link in G.edges(keys=True, data=True):
        ends = tuple(sorted((centre[u], centre[v])))
        if ends[0] != ends[1]:
            found = (link["hours"] + link["hours_back"], key, u, v)
            one = fastest.setdefault((*ends, link["mode"]), found)
            fastest[(*ends, link["mode"])] = min(one, found)
    for u, v, key, link in G.edges(keys=True, data=True):
        start, end = centre[u], centre[v]
        mode = (*sorted((start, end)), link["mode"])
        if start != end and fastest[mode][1] == key:
            H.add_edge(start, end, key=key, **{**link, "tail": centre[link["tail"]]})
    return H


def _apart_km(G: nx.MultiGraph[str], one: str, other: str) -> float:
    """Return about how far two places are apart."""
    a, b = G.nodes[one], G.nodes[other]
    east = (a["x"] - b["x"]) * np.cos(np.radians(a["y"]))
    return float(np.hypot(east, a["y"] - b["y"])) * KM_PER_DEGREE
