"""Randomised shortest paths against journeys enumerated one by one, and what must hold of them."""

import math

import networkx as nx
import numpy as np
import pytest
from corredor.geodata import NetworkError
from corredor.routes import LEVELS, overline, pass_probabilities, spread_flows
from corredor.routes.theta import thetas_of
from hypothesis import given, settings
from hypothesis import strategies as st
from walkers import brute_loads, close, fastest, network, networks, pairs

# Two ways from a to d, a cross link between them, and a dead end.
KITE = [
    ("a", "b", 1.0), ("b", "d", 2.0), ("a", "c", 1.5), ("c", "d", 1.0, 3.0), ("b", "c", 0.5),
    ("c", "x", 1.0),
]  # fmt: skip
ENDS = st.tuples(st.integers(0, 3), st.integers(0, 3)).filter(lambda ends: ends[0] != ends[1])


def loads(spread, column="load"):
    """Return a load of every link, in the order in which the test names them."""
    table = spread.links.set_index("link_id")[column]
    return [table[f"L{number}"] for number in range(len(table))]


def directed(spread):
    """Return the loads as {(from, link): load}."""
    loads = {}
    for row in spread.links.to_dict("records"):
        loads[row["from"], row["link_id"]] = row["load_forward"]
        loads[row["to"], row["link_id"]] = row["load_back"]
    return loads


def assert_same_loads(spread, brute, tolerance=1e-9):
    for key, load in directed(spread).items():
        assert load == pytest.approx(brute.get(key, 0.0), abs=tolerance), key


@pytest.mark.parametrize("theta", [1.5, 3.0])
@pytest.mark.parametrize("ends", [("a", "d"), ("d", "a"), ("x", "b"), ("a", "x"), ("b", "c")])
def test_loads_are_those_of_all_journeys_one_by_one(theta, ends):
    G = network(*KITE)
    spread = spread_flows(G, pairs(ends), theta=theta)
    assert_same_loads(spread, brute_loads(G, *ends, theta))


@given(G=networks(least=1.0), ends=ENDS, theta=st.sampled_from([1.5, 2.5]))
@settings(max_examples=25)
def test_loads_are_those_of_all_journeys_on_any_network(G, ends, theta):
    ends = tuple(f"p{end}" for end in ends)
    spread = spread_flows(G, pairs(ends), theta=theta)
    assert_same_loads(spread, brute_loads(G, *ends, theta), 1e-8)


def test_two_ways_share_by_the_difference_of_their_hours():
    G = network(("a", "b", 1.0), ("b", "d", 1.0), ("a", "c", 2.0), ("c", "d", 1.0))
    spread = spread_flows(G, pairs(("a", "d"), weight=[6.0]), theta=0.7)
    fast = 6 / (1 + math.exp(-0.7))
    assert close(loads(spread), [fast, fast, 6 - fast, 6 - fast])
    assert close(loads(spread, "load_back"), [0, 0, 0, 0])


def test_parallel_links_share_like_ways():
    G = network(("a", "b", 1.0), ("b", "c", 1.0), ("b", "c", 1.5, 2.0))
    spread = spread_flows(G, pairs(("a", "c"), ("c", "b")), theta=0.5)
    there, back = 1 / (1 + math.exp(-0.5 * 0.5)), 1 / (1 + math.exp(-0.5 * 1.0))
    assert close(loads(spread, "load_forward"), [1, there, 1 - there])
    assert close(loads(spread, "load_back"), [0, back, 1 - back])


def test_a_change_of_means_costs_hours():
    G = network(("a", "b", 1.0), ("b", "c", 1.0, 1.0, "river"), ("a", "c", 6.0))
    spread = spread_flows(G, pairs(("a", "c")), theta=0.5)
    straight = 1 / (1 + math.exp(-0.5 * 2))  # 1 + 6 + 1 hours with the change, against 6
    assert close(loads(spread), [1 - straight, 1 - straight, straight])
    free = spread_flows(G, pairs(("a", "c")), theta=0.5, transfer={})
    assert close(loads(free)[2], 1 / (1 + math.exp(0.5 * 4)))


def test_equal_ways_are_equally_likely():
    G = nx.convert_node_labels_to_integers(nx.grid_2d_graph(3, 3))
    H = network(*((f"g{a}", f"g{b}", 1.0) for a, b in G.edges))
    spread = spread_flows(H, pairs(("g0", "g8")), theta=0.4)
    load = {frozenset((r["from"], r["to"])): r["load"] for r in spread.links.to_dict("records")}
    turned = {0: 0, 1: 3, 2: 6, 3: 1, 4: 4, 5: 7, 6: 2, 7: 5, 8: 8}
    for a, b in G.edges:
        mirror = frozenset((f"g{turned[a]}", f"g{turned[b]}"))
        assert load[frozenset((f"g{a}", f"g{b}"))] == pytest.approx(load[mirror], abs=1e-12)


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


@given(G=networks(modes=("road",)))
def test_a_very_large_theta_leaves_the_fastest_ways(G):
    demand = pairs(("p0", "p3"), ("p3", "p1"), ("p2", "p0"))
    hours = np.array([[row["hours"], row["hours_back"]] for *_, row in G.edges(data=True)])
    columns = ["load_forward", "load_back"]  # ways may be equally fast: their hours must agree
    spent = (spread_flows(G, demand, theta=1e4).links[columns].to_numpy() * hours).sum()
    assert spent == pytest.approx(sum(fastest(G, *ends) for ends in demand.to_numpy()), abs=1e-2)


def test_the_fastest_level_is_the_least_cost_path():
    G = network(*KITE)
    demand = pairs(("b", "d"), ("x", "b"), weight=[3.0, 2.0])
    assert spread_flows(G, demand, theta="fastest").links.equals(overline(G, demand))
    assert close(
        spread_flows(G, demand, theta=400.0).links["load"], overline(G, demand)["load"], 1e-12
    )


def test_other_pairs_change_nothing():
    G = network(*KITE)
    one, other = pairs(("a", "d")), pairs(("x", "b"), ("c", "a"))
    both = pairs(("a", "d"), ("x", "b"), ("c", "a"))
    parts = [spread_flows(G, table, theta=0.3).links["load"] for table in (one, other)]
    assert close(spread_flows(G, both, theta=0.3).links["load"], sum(parts), 1e-12)


def test_cutting_a_road_into_pieces_and_dead_ends_change_nothing():
    whole = network(*KITE[:5])
    cut = network(
        ("a", "m", 0.25), ("m", "n", 0.25), ("n", "b", 0.5), *KITE[1:5], ("m", "y", 1.0),
        ("y", "z", 1.0), ("c", "x", 1.0),
    )  # fmt: skip
    before = spread_flows(whole, pairs(("a", "d")), theta=0.4).links.set_index(["from", "to"])
    after = spread_flows(cut, pairs(("a", "d")), theta=0.4).links.set_index(["from", "to"])
    for ends in (("b", "d"), ("a", "c"), ("c", "d"), ("b", "c")):
        assert after.at[ends, "load"] == pytest.approx(before.at[ends, "load"], abs=1e-12)
    for ends in (("a", "m"), ("m", "n"), ("n", "b")):
        assert after.at[ends, "load"] == pytest.approx(before.at[("a", "b"), "load"], abs=1e-12)
    assert after.at[("m", "y"), "load"] == after.at[("c", "x"), "load"] == 0.0


def test_rivers_have_their_own_hours_each_way():
    G = network(("a", "b", 1.0, 9.0, "river"), ("a", "b", 4.0, 4.0, "river"))
    down = loads(spread_flows(G, pairs(("a", "b")), theta=0.5), "load_forward")
    up = loads(spread_flows(G, pairs(("b", "a")), theta=0.5), "load_back")
    assert down[0] == pytest.approx(1 / (1 + math.exp(-0.5 * 3)))
    assert up[0] == pytest.approx(1 / (1 + math.exp(0.5 * 5)))


def test_pairs_within_a_place_and_out_of_reach_are_told_and_load_nothing():
    G = network(("a", "b", 1.0), ("c", "d", 1.0), places=["alone"])
    demand = pairs(("a", "b"), ("a", "a"), ("a", "d"), ("alone", "alone"), ("alone", "c"))
    spread = spread_flows(G, demand)
    told = ["routed", "internal", "unreachable", "internal", "unreachable"]
    assert spread.pairs["status"].tolist() == told
    assert loads(spread) == [1.0, 0.0]
    assert spread.pairs["theta"].notna().tolist() == [True, True, False, True, False]
    nothing = spread_flows(G, demand.iloc[1:])
    assert loads(nothing) == [0.0, 0.0]


@pytest.mark.parametrize("theta", [0.2, 5.0, 300.0, 1e6])
def test_numbers_stay_finite_far_away(theta):
    # A ladder of 1,500 rungs: 4,500 links, a thousand hours from end to end.
    rungs = range(1500)
    links = [(f"l{i}", f"r{i}", 0.5) for i in rungs]
    links += [(f"{s}{i}", f"{s}{i + 1}", 0.7) for s in "lr" for i in rungs[:-1]]
    G = network(*links)
    spread = spread_flows(G, pairs(("l0", "r1499"), ("l5", "l3")), theta=theta)
    assert np.isfinite(spread.links["load"]).all()
    there, back = loads(spread, "load_forward"), loads(spread, "load_back")
    crossing = (np.array(there) - np.array(back))[1500:]
    assert close(crossing[5:1499] + crossing[1499 + 5 :], 1.0)  # rails, past the short pair


def test_circles_without_hours_are_no_trap():
    G = network(("a", "b", 0.0), ("b", "c", 0.0), ("a", "c", 0.0), ("c", "d", 1.0), ("a", "d", 1.0))
    load = loads(spread_flows(G, pairs(("b", "d")), theta=1.0))
    assert load[3] == pytest.approx(0.5)
    assert load[4] == pytest.approx(0.5)


def test_levels_fit_theta_to_the_length_of_a_journey():
    short = network(("a", "b", 2.0), ("a", "b", 2.2))
    long = network(("a", "b", 64.0), ("a", "b", 70.4))
    for level in ("few", "some", "many"):
        told = [spread_flows(G, pairs(("a", "b")), theta=level) for G in (short, long)]
        assert close(loads(told[0]), loads(told[1]))
        odds = loads(told[0])[1] / loads(told[0])[0]
        assert odds == pytest.approx(math.exp(-0.1 * LEVELS[level]))
        assert told[1].pairs["theta"].item() == pytest.approx(LEVELS[level] / 64)


def test_a_level_twice_as_strong_has_the_thetas_of_journeys_half_as_long():
    hours = np.geomspace(1.1, 90.0, 50)
    # To the last digit: pairs of both are then solved for by one factorisation.
    assert (thetas_of("few", 2 * hours) == thetas_of("some", hours)).all()
    assert (thetas_of("some", 2 * hours) == thetas_of("many", hours)).all()
    assert np.isnan(thetas_of("some", np.array([np.inf]))).all()


@pytest.mark.parametrize("theta", [0, -1, "som", "nan"])
def test_a_theta_that_means_nothing_is_refused(theta):
    with pytest.raises(NetworkError, match="fastest, few, some, many"):
        spread_flows(network(*KITE), pairs(("a", "d")), theta=theta)


def test_the_nearest_level_is_offered():
    with pytest.raises(NetworkError, match="Did you mean 'some'"):
        spread_flows(network(*KITE), pairs(("a", "d")), theta="sume")


def test_an_unknown_place_is_refused_with_the_nearest():
    with pytest.raises(NetworkError, match=r"no place 'cuzco'.*Did you mean 'cusco'"):
        spread_flows(network(("cusco", "puno", 1.0)), pairs(("cuzco", "puno")))


def test_hours_that_are_missing_are_refused():
    G = network(("a", "b", 1.0), ("b", "c", math.nan))
    with pytest.raises(NetworkError, match=r"1 link.*'L1'.*nan"):
        spread_flows(G, pairs(("a", "b")))


RING = [("a", "b", 1.0), ("b", "c", 2.0), ("c", "d", 3.0), ("d", "a", 1.5)]


@pytest.mark.parametrize("theta", [1e-4, 1e-6, 1e-9, 1e-300])
@pytest.mark.parametrize("hours", [1.0, 0.01, 0.0])
def test_where_time_hardly_counts_a_ring_is_gone_round_either_way(theta, hours):
    """Sums over endless circles must not lose their precision, nor be singular."""
    G = network(*[(start, end, hours * time) for start, end, time in RING], ("x", "x", hours))
    by_link, _ = pass_probabilities(spread_flows(G, pairs(("a", "c"), ("b", "c")), theta=theta))
    assert by_link[["L0", "L1", "L2", "L3"]].to_numpy() == pytest.approx(0.5, abs=1e-3)


@pytest.mark.parametrize("theta", [300.0, 1e4, 1e6, 1e9, 1e12, 1e300])
def test_a_change_by_the_detour_of_a_third_means_is_no_way_out(theta):
    """Land to river loses six hours, land to air and air to river five: nothing may overflow."""
    G = network(
        ("a", "b", 1.0), ("b", "c", 2.0, 2.0, "river"), ("b", "x", 9.0, 9.0, "air"),
        ("x", "c", 9.0, 9.0, "air"), ("a", "c", 10.0), ("b", "c", 15.0),
    )  # fmt: skip
    spread = spread_flows(G, pairs(("a", "c"), ("c", "a")), theta=theta)
    assert loads(spread) == pytest.approx([2.0, 2.0, 0.0, 0.0, 0.0, 0.0], abs=1e-9)


@given(G=networks(least=1.0), ends=ENDS)
@settings(max_examples=25)
def test_loads_with_a_potential_are_those_without(G, ends):
    """What is done for very distant ends is exact for near ones too."""
    table = pairs(tuple(f"p{end}" for end in ends))
    plain = loads(spread_flows(G, table, theta=1.5))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("corredor.routes.assign.SMALLEST", 1e300)
        rescued = loads(spread_flows(G, table, theta=1.5))
    assert rescued == pytest.approx(plain, abs=1e-9)
