"""Pairs spread over their ways: loads, stages, statuses, theta."""

import math

import numpy as np
import pytest
from corredor.geodata import NetworkError
from corredor.routes import overline, pass_probabilities, spread_flows
from corredor.routes.theta import thetas_of
from hypothesis import given
from hypothesis import strategies as st
from walkers import close, network, networks, pairs

# Two ways from a to d, a cross link between them, and a dead end.
KITE = [
    ("a", "b", 1.0), ("b", "d", 2.0), ("a", "c", 1.5), ("c", "d", 1.0, 3.0), ("b", "c", 0.5),
    ("c", "x", 1.0),
]  # fmt: skip


def loads(spread, column="load"):
    """Return a load of every link, in the order in which the test names them."""
    table = spread.links.set_index("link_id")[column]
    return [table[f"L{number}"] for number in range(len(table))]


def test_two_ways_share_by_the_difference_of_their_hours():
    G = network(("a", "b", 1.0), ("b", "d", 1.0), ("a", "c", 2.0), ("c", "d", 1.0))
    spread = spread_flows(G, pairs(("a", "d"), weight=[6.0]), theta=0.7)
    fast = 6 / (1 + math.exp(-0.7))
    assert close(loads(spread), [fast, fast, 6 - fast, 6 - fast])
    assert close(loads(spread, "load_back"), [0, 0, 0, 0])


def test_a_change_of_means_costs_hours():
    G = network(("a", "b", 1.0), ("b", "c", 1.0, 1.0, "river"), ("a", "c", 6.0))
    spread = spread_flows(G, pairs(("a", "c")), theta=0.5)
    straight = 1 / (1 + math.exp(-0.5 * 2))  # 1 + 6 + 1 hours with the change, against 6
    assert close(loads(spread), [1 - straight, 1 - straight, straight])
    free = spread_flows(G, pairs(("a", "c")), theta=0.5, transfer={})
    assert len(free.ways.pair) == 1  # the road takes three times as long


def test_who_boards_a_boat_that_leaves_once_a_week_waits_half_a_week():
    G = network(("a", "b", 1.0), ("b", "c", 1.0, 1.0, "river"), ("c", "d", 1.0, 1.0, "river"))
    G["b"]["c"]["L1"]["departures"] = G["c"]["d"]["L2"]["departures"] = 1.0
    hours = spread_flows(G, pairs(("a", "d"), ("b", "d"), ("d", "a"))).pairs["hours"]
    # To the boat one waits once, also where it goes on; the first boarding costs nothing.
    assert hours.tolist() == [3 + 84, 2, 3 + 6]


@given(G=networks(modes=("road", "river", "air")), theta=st.sampled_from([0.05, 0.5, 4.0, 60.0]))
def test_what_flows_in_flows_out(G, theta):
    demand = pairs(("p0", "p3"), ("p2", "p1"), ("p3", "p0"), ("p1", "p1"), weight=[2.0, 1, 0.5, 7])
    spread = spread_flows(G, demand, theta=theta)
    out = dict.fromkeys(G, 0.0)
    for row in spread.links.to_dict("records"):
        out[row["from"]] += row["load_forward"] - row["load_back"]
        out[row["to"]] += row["load_back"] - row["load_forward"]
    sent = {**dict.fromkeys(G, 0.0), "p0": 2 - 0.5, "p3": 0.5 - 2, "p2": 1.0, "p1": -1.0}
    assert close([out[place] for place in G], [sent[place] for place in G])
    assert (spread.links[["load_forward", "load_back"]] >= 0).all(axis=None)


def test_the_fastest_level_is_the_least_cost_path():
    G = network(*KITE)
    demand = pairs(("b", "d"), ("x", "b"), weight=[3.0, 2.0])
    fastest = spread_flows(G, demand, theta="fastest").links
    assert close(fastest["load"], overline(G, demand)["load"])
    assert close(fastest["load_back"], overline(G, demand)["load_back"])


def test_other_pairs_change_nothing():
    G = network(*KITE)
    one, other = pairs(("a", "d")), pairs(("x", "b"), ("c", "a"))
    both = pairs(("a", "d"), ("x", "b"), ("c", "a"))
    parts = [spread_flows(G, table, theta=0.3).links["load"] for table in (one, other)]
    assert close(spread_flows(G, both, theta=0.3).links["load"], sum(parts), 1e-12)


def test_a_pair_that_names_places_between_is_spread_stage_by_stage():
    G = network(*KITE)
    stages = pairs(("a", "d")).assign(via=[("x",)])
    found = spread_flows(G, stages)
    parts = spread_flows(G, pairs(("a", "x"), ("x", "d")))
    assert close(found.links["load"], parts.links["load"])
    assert found.pairs["hours"].item() == parts.pairs["hours"].sum()
    by_link, by_place = pass_probabilities(found)
    assert by_place.loc[0, ["a", "x", "d"]].tolist() == [1, 1, 1]
    # To be passed at all is to be passed on one stage or the other.
    one, other = pass_probabilities(parts)[1]["b"]
    assert by_place.loc[0, "b"] == pytest.approx(1 - (1 - one) * (1 - other))
    assert by_link.max(axis=None) <= 1


def test_a_pair_is_unreachable_if_one_of_its_stages_is():
    G = network(("a", "b", 1.0), ("c", "d", 1.0))
    spread = spread_flows(G, pairs(("a", "b"), ("a", "b")).assign(via=[(), ("c",)]))
    assert spread.pairs["status"].tolist() == ["routed", "unreachable"]
    assert spread.links["load"].tolist() == [1.0, 0.0]


def test_rivers_have_their_own_hours_each_way():
    G = network(("a", "b", 1.0, 9.0, "river"), ("a", "b", 4.0, 4.0, "river"))
    spread = spread_flows(G, pairs(("a", "b"), ("b", "a")), theta="fastest")
    assert loads(spread, "load_forward") == [1.0, 0.0]
    assert loads(spread, "load_back") == [0.0, 1.0]


def test_what_cannot_be_routed_is_told_apart():
    G = network(("a", "b", 1.0), ("c", "d", 1.0), places=["alone"])
    spread = spread_flows(G, pairs(("a", "b"), ("a", "a"), ("a", "c"), ("alone", "a")))
    assert spread.pairs["status"].tolist() == ["routed", "internal", "unreachable", "unreachable"]
    assert spread.pairs["theta"].isna().tolist() == [False, True, True, True]
    assert close(spread.pairs["hours"], [1.0, 0.0, math.nan, math.nan])


def test_no_pairs_and_no_links_load_nothing():
    assert spread_flows(network(("a", "b", 1.0)), pairs()).links["load"].tolist() == [0.0]
    assert spread_flows(network(places=["a"]), pairs(("a", "a"))).links.empty


def test_links_without_hours_are_passed():
    G = network(("a", "b", 0.0), ("b", "c", 2.0))
    spread = spread_flows(G, pairs(("a", "b"), ("a", "c")))
    assert loads(spread) == [2.0, 1.0]


def test_levels_follow_the_length_of_the_journey():
    hours = np.array([1.0, 10.0, 80.0])
    assert thetas_of("some", hours).tolist() == [5.0, 0.5, 0.0625]
    assert (thetas_of("few", hours) == 4 * thetas_of("many", hours)).all()


@pytest.mark.parametrize("theta", [0, -1, math.nan, "often", "nan"])
def test_theta_is_a_level_or_above_zero(theta):
    with pytest.raises(NetworkError, match="theta"):
        spread_flows(network(("a", "b", 1.0)), pairs(("a", "b")), theta=theta)


def test_hours_that_are_missing_or_negative_are_refused():
    for hours in (-1.0, math.nan):
        with pytest.raises(NetworkError, match="1 link"):
            spread_flows(network(("a", "b", hours)), pairs(("a", "b")))


def test_an_unknown_place_is_refused():
    with pytest.raises(NetworkError, match=r"no place 'q'"):
        spread_flows(network(("a", "b", 1.0)), pairs(("a", "b")).assign(via=[("q",)]))
