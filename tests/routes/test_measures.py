"""Measures of places and links, by hand and against networkx. All flows are invented."""

import itertools

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from corredor.geodata import NetworkError
from corredor.routes import spread_flows
from corredor.routes.measures import articulation_places, close_links, flow_betweenness
from corredor.routes.passing import find_visits
from corredor.routes.sentences import (
    describe_articulation,
    describe_betweenness,
    describe_closure,
    describe_evidence,
)
from hypothesis import given
from hypothesis import strategies as st


def network(links):
    G = nx.MultiGraph(crs="EPSG:4326")
    for number, (u, v, hours) in enumerate(links):
        G.add_edge(u, v, key=f"L{number}", tail=u, mode="road", km=50.0 * hours, hours=hours,
                   hours_back=hours, ref="", surface="", basis="estimated")  # fmt: skip
    return G


def pairs_of(*rows):
    return pd.DataFrame(rows, columns=["origin", "destination", "weight"])


# a - b - c - d, with a way round c by e, and f behind d.
LINKS = [("a", "b", 1.0), ("b", "c", 1.0), ("c", "d", 1.0), ("b", "e", 2.0), ("e", "d", 2.0),
         ("d", "f", 1.0)]  # fmt: skip
PAIRS = pairs_of(("a", "f", 6.0), ("b", "d", 3.0), ("c", "f", 1.0))


def test_betweenness_counts_only_what_passes_through():
    """On the fastest ways a-b-c-d-f, b-c-d and c-d-f."""
    visits = find_visits(spread_flows(network(LINKS), PAIRS, theta="fastest"))
    table = flow_betweenness(visits, PAIRS).set_index("place_id")
    assert table["through"].to_dict() == {"b": 6, "c": 9, "d": 7, "a": 0, "f": 0}
    # Of the flow without an end there: b 6 of 7, c 9 of 9, d 7 of 7.
    assert table["betweenness"].to_dict() == pytest.approx(
        {"c": 1, "d": 1, "b": 6 / 7, "a": 0, "f": 0}
    )
    assert table["role"].to_dict() == {
        "c": "broker", "d": "broker", "b": "broker", "a": "hub", "f": "hub",
    }  # fmt: skip


def test_articulation_places_carry_the_flow_that_has_no_other_way():
    table = articulation_places(network(LINKS), PAIRS).set_index("place_id")
    assert table["bound_weight"].to_dict() == {"d": 7, "b": 6}
    assert table["bound_pairs"].to_dict() == {"d": 2, "b": 1}
    assert table["cut_off"].to_dict() == {"d": 1, "b": 1}
    said = describe_articulation(
        table.reset_index(), {"d": "Duna"}, total=float(PAIRS["weight"].sum())
    )
    assert said.lines[0].render("en") == (
        "Duna has no way round: 70% of the reported flow (2 pair(s)) has to pass it; without it 1"
        " place(s) of the network would be cut off."
    )
    assert "sin alternativa" in said.lines[0].render("es")


@given(
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), min_size=1, max_size=12),
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.integers(1, 5)), max_size=5),
)
def test_articulation_places_are_what_taking_a_place_out_shows(links, rows):
    G = network([(str(u), str(v), 1.0) for u, v in links])
    G.add_nodes_from(map(str, range(8)))
    pairs = pairs_of(*[(str(u), str(v), float(w)) for u, v, w in rows])
    table = articulation_places(G, pairs).set_index("place_id")
    parts = nx.number_connected_components(G)
    for place in map(str, range(8)):
        rest = nx.MultiGraph(G)
        rest.remove_node(place)
        split = nx.number_connected_components(rest) > parts
        assert split == (place in table.index)
        if not split:
            continue
        bound = [
            w
            for u, v, w in pairs.itertuples(index=False)
            if place not in (u, v) and nx.has_path(G, u, v) and not nx.has_path(rest, u, v)
        ]
        assert table.loc[place, "bound_weight"] == sum(bound)
        sides = [len(c) for c in nx.connected_components(rest)
                 if c & nx.node_connected_component(G, place)]  # fmt: skip
        assert table.loc[place, "cut_off"] == sum(sides) - max(sides)


def test_closing_a_link_sends_flows_round_or_stops_them():
    G = network(LINKS)
    table = close_links(G, PAIRS, links=["L1"])  # b - c
    assert table["change"].tolist() == ["longer", "longer", "same"]
    assert table["detour_hours"].tolist() == [2, 2, 0]
    lost = close_links(G, PAIRS, links=["L5"])  # d - f
    assert lost["change"].tolist() == ["lost", "same", "lost"]
    assert np.isinf(lost["detour_hours"][0])
    said = describe_closure(lost, "d - f")
    assert "2 reported pair(s) lose every way, 70% of the flow" in said.lines[0].render("en")
    assert G.number_of_edges() == 6


def test_closing_a_place_leaves_pairs_that_end_there_their_end():
    table = close_links(network(LINKS), PAIRS, places=["c"])
    assert table["change"].tolist() == ["longer", "longer", "same"]
    assert close_links(network(LINKS), PAIRS, places=["d"])["change"].tolist() == [
        "lost", "same", "lost",
    ]  # fmt: skip


def test_closing_what_is_not_there_is_refused():
    with pytest.raises(NetworkError, match="no link 'L9'"):
        close_links(network(LINKS), PAIRS, links=["L9"])
    with pytest.raises(NetworkError, match="no place 'q'"):
        close_links(network(LINKS), PAIRS, places=["q"])


def test_a_pair_without_any_way_is_not_called_lost():
    G = network([*LINKS, ("x", "y", 1.0)])
    table = close_links(G, pairs_of(("a", "x", 1.0)), links=["L0"])
    assert table["change"].tolist() == ["no way"]
    assert table["detour_hours"].tolist() == [0]


def test_sentences_name_places_in_both_languages():
    visits = find_visits(spread_flows(network(LINKS), PAIRS, theta="fastest"))
    section = describe_betweenness(flow_betweenness(visits, PAIRS), {"c": "Cobre"})
    assert section.lines[0].render("en").startswith("Cobre joins others: 100% of the reported flow")
    assert section.lines[0].render("es").startswith("Cobre enlaza")
    evidence = pd.DataFrame(
        {"place_id": ["a", "b"], "outflow": [3, 0], "inflow": [1, 0], "internal": [0, 2]}
    ).set_index("place_id")
    lines = describe_evidence(evidence, {"a": "Ámbar"}).lines
    assert [line.render("en") for line in lines] == [
        "Ámbar: 3 publication(s) name it as origin and 1 as destination of flows with other places."
    ]


def test_all_pairs_of_the_toy_agree_with_networkx():
    """Hours after closing each link in turn, for all pairs."""
    G = network(LINKS)
    pairs = pairs_of(*[(u, v, 1.0) for u, v in itertools.permutations("abcdef", 2)])
    for u, v, key in list(G.edges(keys=True)):
        H = nx.MultiGraph(G)
        H.remove_edge(u, v, key)
        hours = [
            nx.dijkstra_path_length(H, one, other, weight="hours")
            if nx.has_path(H, one, other) else np.inf
            for one, other, _ in pairs.itertuples(index=False)
        ]  # fmt: skip
        assert close_links(G, pairs, links=[key])["hours_closed"].tolist() == hours
