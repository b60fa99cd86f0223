"""Least-cost paths and the overline against networkx and by hand."""

import math

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from corredor.geodata import NetworkError
from corredor.routes import least_cost_paths, overline
from hypothesis import given
from walkers import close, fastest, network, networks, pairs

ALL = [(f"p{one}", f"p{other}") for one in range(4) for other in range(4)]


@given(G=networks(modes=("road", "border", "river", "air")))
def test_hours_are_those_of_networkx(G):
    paths = least_cost_paths(G, pairs(*ALL))
    assert close(paths["hours"], [fastest(G, *ends) for ends in ALL])


@given(G=networks(modes=("road", "river")))
def test_a_path_is_one_and_takes_its_hours(G):
    links = {key: (u, v, row) for u, v, key, row in G.edges(keys=True, data=True)}
    for path in least_cost_paths(G, pairs(*ALL)).to_dict("records"):
        hours, before = 0.0, None
        for start, end, key, mode in zip(
            path["place_ids"], path["place_ids"][1:], path["link_ids"], path["modes"], strict=False
        ):
            u, v, link = links[key]
            assert {start, end} == {u, v}
            assert link["mode"] == mode
            hours += link["hours"] if link["tail"] == start else link["hours_back"]
            hours += 6.0 if before not in (None, mode) else 0.0
            before = mode
        assert path["hours"] == pytest.approx(hours)
        assert (path["place_ids"][0], path["place_ids"][-1]) == (
            path["origin"],
            path["destination"],
        )
        assert path["km"] == pytest.approx(sum(links[key][2]["km"] for key in path["link_ids"]))


def test_trees_grow_from_the_side_with_fewer_ends():
    G = network(("a", "b", 1.0, 3.0), ("b", "c", 1.0), ("a", "c", 2.5, 2.5), ("c", "d", 1.0))
    one = least_cost_paths(G, pairs(("d", "a"), ("c", "a"), ("b", "a")))
    many = least_cost_paths(G, pairs(("d", "a"), ("d", "b"), ("d", "c")))
    assert one["hours"].tolist() == [3.5, 2.5, 3.0]
    assert one["place_ids"].tolist()[0] == many["place_ids"].tolist()[0] == ("d", "c", "a")


def test_of_parallel_links_the_faster_is_taken():
    G = network(("a", "b", 2.0, 1.0), ("b", "a", 1.5, 1.5))
    paths = least_cost_paths(G, pairs(("a", "b"), ("b", "a")))
    assert paths["link_ids"].tolist() == [("L1",), ("L0",)]


def test_one_place_is_no_path_and_out_of_reach_is_none():
    G = network(("a", "b", 1.0), ("c", "d", 1.0, 1.0, "river"), places=["alone"])
    paths = least_cost_paths(G, pairs(("a", "a"), ("a", "c"), ("alone", "a"), ("a", "alone")))
    assert close(paths["hours"], [0.0, math.nan, math.nan, math.nan])
    assert close(paths["km"], [0.0, math.nan, math.nan, math.nan])
    assert paths["place_ids"].tolist() == [("a",), (), (), ()]


def test_no_pairs_no_paths_and_the_index_is_kept():
    G = network(("a", "b", 1.0))
    assert least_cost_paths(G, pairs()).empty
    assert overline(G, pairs())["load"].tolist() == [0.0]
    table = pairs(("a", "b"))
    table.index = pd.Index([7])
    assert least_cost_paths(G, table).index.tolist() == [7]


@given(G=networks(modes=("road", "river")))
def test_overline_adds_up_the_paths(G):
    demand = pairs(*ALL).assign(weight=np.arange(1.0, 17.0))
    table = overline(G, demand).set_index("link_id")
    expected = pd.DataFrame(0.0, index=table.index, columns=["load_forward", "load_back"])
    for path in least_cost_paths(G, demand).to_dict("records"):
        weight = demand.loc[
            (demand["origin"] == path["origin"]) & (demand["destination"] == path["destination"]),
            "weight",
        ].item()
        for start, key in zip(path["place_ids"], path["link_ids"], strict=False):
            column = "load_forward" if table.at[key, "from"] == start else "load_back"
            expected.loc[key, column] += weight
    assert close(table[["load_forward", "load_back"]], expected)
    assert close(table["load"], expected.sum(axis=1))


@given(G=networks(modes=("road", "river", "air")))
def test_overline_keeps_flow_times_length(G):
    demand = pairs(*ALL).assign(weight=np.arange(1.0, 17.0))
    km = nx.get_edge_attributes(G, "km")
    length = {key: value for (*_, key), value in km.items()}
    table = overline(G, demand)
    carried = (table["load"] * table["link_id"].map(length)).sum()
    assert carried == pytest.approx((demand["weight"] * least_cost_paths(G, demand)["km"]).sum())


def test_an_unknown_place_is_refused():
    G = network(("lima", "ica", 1.0))
    for function in (least_cost_paths, overline):
        with pytest.raises(NetworkError, match=r"no place 'lina'.*Did you mean 'lima'"):
            function(G, pairs(("lina", "ica")))


def test_overline_adds_up_long_paths():
    rng = np.random.default_rng(5)
    grid = nx.convert_node_labels_to_integers(nx.grid_2d_graph(4, 30))
    G = network(*((f"p{a}", f"p{b}", round(rng.uniform(0.5, 2), 3)) for a, b in grid.edges))
    demand = pairs(*((f"p{a}", f"p{b}") for a, b in rng.integers(0, 120, (60, 2))))
    demand = demand.assign(weight=rng.uniform(0, 3, 60))
    expected = dict.fromkeys(overline(G, demand)["link_id"], 0.0)
    for path, weight in zip(least_cost_paths(G, demand)["link_ids"], demand["weight"], strict=True):
        for key in path:
            expected[key] += weight
    assert max(map(len, least_cost_paths(G, demand)["link_ids"])) > 16
    assert close(overline(G, demand)["load"], list(expected.values()))
