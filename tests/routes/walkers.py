"""Small networks, and the ways through them tried one by one: slow, and written another way."""

import itertools
import math

import networkx as nx
import numpy as np
import pandas as pd
from corredor.routes import TRANSFER_HOURS
from hypothesis import strategies as st

LAND = {"road": "land", "border": "land", "river": "river", "air": "air"}
OVERLAP, LONGEST, ALIKE, MOST = 0.1, 2.5, 0.8, 5


def network(*links, places=()):
    """Return a network from (from, to, hours), with hours_back and mode if they follow."""
    G = nx.MultiGraph(crs="EPSG:4326")
    G.add_nodes_from(places)
    for number, (start, end, hours, *rest) in enumerate(links):
        back, mode = (*rest, *(hours, "road")[len(rest) :])
        G.add_edge(
            start, end, key=f"L{number}", tail=start, mode=mode, ref="", km=10.0 * hours,
            hours=hours, hours_back=back,
        )  # fmt: skip
    for place in G:
        G.nodes[place].update(name=str(place), kind="town", ubigeo="", x=0.0, y=0.0)
    return G


def pairs(*ends, weight=None):
    """Return pairs from (origin, destination)."""
    table = pd.DataFrame(ends, columns=["origin", "destination"])
    return table if weight is None else table.assign(weight=weight)


def lost(one, other):
    """Return the hours lost at a change."""
    for key in ((one, other), (other, one)):
        if key in TRANSFER_HOURS:
            return TRANSFER_HOURS[key]
    return 0.0


def arcs_of(G):
    """Return (from, to, link, hours, hours the other way, means) for both directions of links."""
    found = []
    for u, v, key, link in G.edges(keys=True, data=True):
        tail, head = (u, v) if link["tail"] == u else (v, u)
        means = LAND[link["mode"]]
        found.append((tail, head, key, link["hours"], link["hours_back"], means))
        found.append((head, tail, key, link["hours_back"], link["hours"], means))
    return found


def ready(arcs, root, *, back=False):
    """Return the least hours from a place to being ready to leave each place by each means.

    With ``back``, from having arrived there by each means to the place. By relaxing all arcs again
    and again (Bellman and Ford).
    """
    means = {arc[5] for arc in arcs}
    places = {arc[0] for arc in arcs} | {root}
    hours = {(place, m): 0.0 if place == root else math.inf for place in places for m in means}
    changed = True
    while changed:
        changed = False
        for tail, head, _, there, _, m in arcs:
            at, to = (head, tail) if back else (tail, head)
            for other in means:
                time = hours[at, m] + there + (lost(other, m) if back else lost(m, other))
                if time < hours[to, other] - 1e-12:
                    hours[to, other], changed = time, True
    return hours


def fastest(G, origin, destination):
    """Return the least hours from one place to another, NaN where no path joins them."""
    if origin == destination:
        return 0.0
    found = ready(arcs_of(G), origin)
    # Having arrived by a means is being ready to go on by it.
    hours = min(
        (time for (place, _), time in found.items() if place == destination), default=math.inf
    )
    return hours if hours < math.inf else math.nan


def close(one, other, tolerance=1e-9):
    """Tell whether numbers are the same, missing ones included."""
    return np.allclose(
        np.asarray(one, dtype=float), np.asarray(other, dtype=float), rtol=0, atol=tolerance,
        equal_nan=True,
    )  # fmt: skip


def simple_paths(arcs, origin, destination):
    """Return all paths that pass no place twice, as lists of arcs."""
    out = {}
    for arc in arcs:
        out.setdefault(arc[0], []).append(arc)
    found, stack = [], [(origin, (), {origin})]
    while stack:
        place, path, seen = stack.pop()
        if place == destination:
            found.append(path)
            continue
        stack += [(arc[1], (*path, arc), seen | {arc[1]})
                  for arc in out.get(place, ()) if arc[1] not in seen]  # fmt: skip
    return found


def listed_ways(G, origin, destination):
    """Return (hours, links) of the ways that the rule lists, by trying every simple path."""
    arcs = arcs_of(G)
    before, after = ready(arcs, origin), ready(arcs, destination, back=True)
    found = []
    for path in simple_paths(arcs, origin, destination):
        changes = [lost(a[5], b[5]) for a, b in itertools.pairwise(path)]
        cost = np.cumsum([arc[3] for arc in path]) + np.cumsum([0.0, *changes])
        total, overlap = cost[-1], 0.0
        for (tail, head, _, there, back, m), until in zip(path, cost, strict=True):
            first = until - there - before[tail, m] < 1e-9
            last = total - until - after[head, m] < 1e-9
            if first and last and there + back > 0:
                to = (back + before[head, m] - before[tail, m]) / (there + back)
                fro = (there + after[head, m] - after[tail, m]) / (there + back)
                overlap += there * max(0.0, min(to, 1.0) - max(fro, 0.0))
        found.append((total, overlap, path))
    found.sort(key=lambda one: one[0])
    best, listed = found[0][0], []
    for total, overlap, path in found:
        own = {(arc[0], arc[2]): arc[3] for arc in path}
        alike = any(
            sum(time for key, time in own.items() if key in other)
            > ALIKE * sum(own.values()) + 1e-9
            for _, other in listed
        )
        if not listed or (overlap >= OVERLAP * best - 1e-9 and total <= LONGEST * best + 1e-9
                          and not alike):  # fmt: skip
            listed.append((total, own))
    return listed[:MOST]


def odds_of(listed, theta):
    """Return the odds of listed ways: a cross-nested logit, one nest a link, written as published.

    The probability of a nest times that of the way in it (Vovsha and Bekhor 1998), added up.
    """
    mu = 0.5
    worth = {}
    for way, (hours, own) in enumerate(listed):
        for key, time in own.items():
            alpha = time / sum(own.values())
            weight = alpha * math.exp(-theta * (hours - listed[0][0]))
            worth.setdefault(key, {})[way] = weight ** (1 / mu)
    nests = {key: sum(ways.values()) ** mu for key, ways in worth.items()}
    odds = [0.0] * len(listed)
    for key, ways in worth.items():
        for way, value in ways.items():
            if value:
                odds[way] += nests[key] / sum(nests.values()) * value / sum(ways.values())
    return odds


@st.composite
def networks(draw, modes=("road",), most=7, asymmetric=True):
    """Return a random connected network of p0, p1, ... with hours that are rarely equal."""
    count = draw(st.integers(4, most))
    places = [f"p{number}" for number in range(count)]
    ends = [(places[draw(st.integers(0, n - 1))], places[n]) for n in range(1, count)]
    more = st.tuples(st.sampled_from(places), st.sampled_from(places))
    ends += [end for end in draw(st.lists(more, max_size=count + 2)) if end[0] != end[1]]
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    links = []
    for start, end in ends:
        there = round(float(rng.uniform(0.2, 9.0)), 6)
        back = round(float(there * rng.uniform(0.6, 1.6)), 6) if asymmetric else there
        links.append((start, end, there, back, draw(st.sampled_from(modes))))
    return network(*links)
