"""Small networks, and journeys on them enumerated one by one: slow, and written another way."""

import math
from collections import defaultdict

import networkx as nx
import numpy as np
import pandas as pd
from corredor.routes import TRANSFER_HOURS
from hypothesis import strategies as st

LAND = {"road": "land", "border": "land", "river": "river", "air": "air"}


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


def core_degrees(G):
    """Return how many links of each place are left when dead ends are stripped, and these links."""
    core = nx.MultiGraph(G)
    while leaves := [place for place in core if core.degree(place) <= 1]:
        core.remove_nodes_from(leaves)
    degrees = {place: core.degree(place) if place in core else 0 for place in G}
    return degrees, {key for *_, key in core.edges(keys=True)}


def arcs_of(G):
    """Return (from, to, link, hours, means) for both directions of every link."""
    found = []
    for u, v, key, link in G.edges(keys=True, data=True):
        tail, head = (u, v) if link["tail"] == u else (v, u)
        means = LAND[link["mode"]]
        found.append((tail, head, key, link["hours"], means))
        found.append((head, tail, key, link["hours_back"], means))
    return found


def enumerate_journeys(G, origin, destination, theta):
    """Return all journeys as (weight, arcs) with arcs as (from, to, link).

    A journey starts with any link, never goes straight back along the link it came by, and ends
    when it reaches its destination for the first time. What is too light to matter is cut off.
    """
    least = 1e-12 * math.exp(-theta * fastest(G, origin, destination))
    degrees, core = core_degrees(G)
    leaving = defaultdict(list)
    for arc in arcs_of(G):
        leaving[arc[0]].append(arc)
    found = []
    heap = [(1.0, origin, None, None, ())]
    while heap:
        weight, at, came, by, arcs = heap.pop()
        for tail, head, link, hours, means in leaving[at]:
            if link == came:
                continue
            reference = 1 / (degrees[tail] - 1) if link in core else 1.0
            change = 0.0 if by is None else lost(by, means)
            new = weight * reference * math.exp(-theta * (hours + change))
            step = (*arcs, (tail, head, link))
            if head == destination:
                found.append((new, step))
            elif new > least:
                heap.append((new, head, link, means, step))
    return found


def brute_loads(G, origin, destination, theta):
    """Return expected passages {(from, link): number}."""
    journeys = enumerate_journeys(G, origin, destination, theta)
    total = math.fsum(weight for weight, _ in journeys)
    load = defaultdict(float)
    for weight, arcs in journeys:
        for tail, _, link in arcs:
            load[tail, link] += weight / total
    return load


def brute_probability(G, origin, destination, theta, *, links=(), places=()):
    """Return how likely a journey uses one of the links or passes one of the places."""
    journeys = enumerate_journeys(G, origin, destination, theta)
    total = math.fsum(weight for weight, _ in journeys)
    met = math.fsum(
        weight
        for weight, arcs in journeys
        if any(link in links or tail in places or head in places for tail, head, link in arcs)
    )
    return met / total


def fastest(G, origin, destination):
    """Return the hours of the fastest way by networkx, on places split by means of arrival."""
    split = nx.DiGraph()
    split.add_node("start")
    arcs = arcs_of(G)
    for tail, head, _, hours, means in arcs:
        before = {arc[4] for arc in arcs if arc[1] == tail}
        steps = [((tail, by), hours + lost(by, means)) for by in before]
        if tail == origin:
            steps.append(("start", hours))
        for node, cost in steps:
            known = split.get_edge_data(node, (head, means), {"weight": math.inf})["weight"]
            split.add_edge(node, (head, means), weight=min(cost, known))
    found = nx.single_source_dijkstra_path_length(split, "start")
    if origin == destination:
        return 0.0
    return min((found[node] for node in found if node[0] == destination), default=math.nan)


@st.composite
def networks(draw, *, modes=("road", "river"), least=0.5):
    """Draw a connected network of four to six places with parallel links and uneven hours."""
    count = draw(st.integers(4, 6))
    hours = st.floats(least, 4.0).map(lambda value: round(value, 2))
    links = [(f"p{draw(st.integers(0, place - 1))}", f"p{place}") for place in range(1, count)]
    place = st.integers(0, count - 1).map(lambda number: f"p{number}")
    more = draw(st.lists(st.tuples(place, place), min_size=1, max_size=4))
    links += [(one, other) for one, other in more if one != other]
    return network(
        *(
            (one, other, draw(hours), draw(hours), draw(st.sampled_from(modes)))
            for one, other in links
        )
    )


def close(found, expected, tolerance=1e-9):
    """Tell whether two arrays agree, NaN with NaN."""
    return np.allclose(found, expected, rtol=0, atol=tolerance, equal_nan=True)
