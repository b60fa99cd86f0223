"""Journeys without circles: passages there less passages back, and no circle left."""

import itertools
import math

import networkx as nx
import numpy as np
import pytest
from corredor.routes import meet_probability, pass_probabilities, spread_flows
from corredor.routes.arcs import to_links
from corredor.routes.journeys import net_flows
from hypothesis import given, settings
from hypothesis import strategies as st
from test_passing import LONG
from test_spread import ENDS
from walkers import brute_loads, network, networks, pairs


@given(G=networks(least=1.0), ends=ENDS)
@settings(max_examples=25)
def test_passages_to_and_fro_cancel(G, ends):
    ends = tuple(f"p{end}" for end in ends)
    spread = spread_flows(G, pairs(ends), theta=1.5)
    model, load = spread.model, brute_loads(G, *ends, 1.5)
    net = net_flows(model.arcs, spread.demand)[0]
    for number, key in enumerate(model.links.link_ids):
        start, end = (model.links.places[at[number]] for at in (model.links.start, model.links.end))
        way = model.arcs.way_of_link[number]
        found = 0.0 if way < 0 else net[way] * model.arcs.along[number]
        assert found == pytest.approx(load[start, key] - load[end, key], abs=1e-8)


@given(G=networks(modes=("road", "river", "air")), theta=st.sampled_from([0.01, 0.3, 3.0]))
def test_what_is_left_has_no_circle_and_loses_nobody(G, theta):
    demand = pairs(("p0", "p3"), ("p2", "p1"), ("p3", "p0"))
    for journey in spread_flows(G, demand, theta=theta).journeys:
        steps = nx.MultiDiGraph([(tail, head) for tail, head, *_ in journey.steps])
        assert nx.is_directed_acyclic_graph(steps)
        balance = dict.fromkeys(steps, 0.0)
        for tail, head, _, flow in journey.steps:
            assert 0 < flow <= 1 + 1e-9
            balance[tail] += flow
            balance[head] -= flow
        expected = {journey.origin: 1.0, journey.destination: -1.0}
        for place, value in balance.items():
            assert value == pytest.approx(expected.get(place, 0.0), abs=1e-7)


def test_a_circle_at_the_start_is_taken_out():
    # From s one may go round by x and y and be back after an hour, or straight to t.
    G = network(("s", "x", 0.3), ("x", "y", 0.4), ("y", "s", 0.3), ("s", "t", 5.0))
    spread = spread_flows(G, pairs(("s", "t")), theta=0.1)
    counted = pass_probabilities(spread, circles="counted")[1].iloc[0]
    left_out = pass_probabilities(spread)[1].iloc[0]
    # The circle weighs exp(-0.1), either way round, and may be gone again.
    again = math.exp(-0.1)
    assert counted["x"] == pytest.approx(2 * again / (1 + again))
    assert left_out.to_dict() == {"s": 1.0, "x": 0.0, "y": 0.0, "t": 1.0}


def test_a_circle_that_is_faster_one_way_round_is_taken_out_too():
    G = network(
        ("s", "x", 0.1, 2.0, "river"), ("x", "y", 0.1, 2.0, "river"), ("y", "s", 0.1, 2.0, "river"),
        ("s", "t", 5.0, 5.0, "river"),
    )  # fmt: skip
    spread = spread_flows(G, pairs(("s", "t"), ("t", "x")), theta=0.3)
    assert spread.links["load"].max() > 1.05
    by_link, by_place = pass_probabilities(spread)
    assert by_place.iloc[0].to_dict() == {"s": 1.0, "x": 0.0, "y": 0.0, "t": 1.0}
    assert by_link.iloc[1].max() == 1.0
    assert by_place.iloc[1]["y"] < 0.5  # the slow way round to x


@given(G=networks(), places=st.sets(st.integers(0, 3), min_size=1, max_size=3))
def test_at_least_one_of_several_places_without_circles(G, places):
    chosen = {f"p{place}" for place in places}
    spread = spread_flows(G, pairs(("p0", "p3"), ("p3", "p1")), theta=0.4)
    met, numbers = meet_probability(spread, chosen), to_links(G, {}).places
    for row, journey in enumerate(spread.journeys):
        inside = {
            int(way) for way, at in zip(spread.model.arcs.way_of_place, numbers, strict=True)
            if at in chosen and way >= 0
        }  # fmt: skip
        expected = 0.0
        for probability, way in every_way(journey):
            names = {numbers[place] for place, _ in way}
            expected += probability * bool(names & chosen or {used for _, used in way} & inside)
        assert met[row] == pytest.approx(expected, abs=1e-6)


def every_way(journey):
    """Return all ways through a journey with their probability, as (place, way there) steps."""
    out = {}
    for tail, head, way, flow in journey.steps:
        out.setdefault(tail, []).append((head, way, flow))
    heap, found = [(1.0, ((journey.origin, -1),))], []
    while heap:
        probability, path = heap.pop()
        if path[-1][0] == journey.destination:
            found.append((probability, path))
            continue
        steps = out[path[-1][0]]
        total = sum(flow for *_, flow in steps)
        heap += [(probability * flow / total, (*path, (head, way))) for head, way, flow in steps]
    assert sum(probability for probability, _ in found) == pytest.approx(1.0)
    return found


def test_one_place_alone_is_met_as_often_as_it_is_passed():
    spread = spread_flows(network(*LONG), pairs(("a", "g"), ("x", "e")), theta=0.2)
    _, by_place = pass_probabilities(spread)
    for place in by_place:
        assert np.allclose(meet_probability(spread, [place]), by_place[place], atol=1e-7)


def test_more_places_never_meet_less():
    spread = spread_flows(network(*LONG), pairs(("a", "g")), theta=0.2)
    for few in itertools.combinations("bcde", 2):
        for more in "bcdef":
            alone = meet_probability(spread, few)[0]
            assert meet_probability(spread, {*few, more})[0] >= alone - 1e-12
