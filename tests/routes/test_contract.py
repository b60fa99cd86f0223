"""Chains joined into one link: nothing is lost, and the way back is known."""

import itertools

import networkx as nx
import pytest
import shapely
from corredor.routes.contract import contract_chains
from hypothesis import given
from hypothesis import strategies as st


def network(*links, nodes=()):
    """Build a network from (tail, head, hours, hours_back[, mode]); kilometres are ten times."""
    G = nx.MultiGraph(crs="EPSG:4326")
    G.add_nodes_from(nodes)
    for number, (tail, head, there, back, *mode) in enumerate(links):
        G.add_edge(
            tail,
            head,
            key=f"L{number}",
            tail=tail,
            mode=mode[0] if mode else "road",
            km=10 * there,
            hours=there,
            hours_back=back,
            ref=f"PE-{number % 2}",
            surface="paved",
            basis="published" if number else "estimated",
        )
    return G


def directed(G):
    """Return hours as a directed graph, for networkx to search."""
    D = nx.DiGraph()
    D.add_nodes_from(G)
    for u, v, link in G.edges(data=True):
        for start, end in ((u, v), (v, u)):
            hours = link["hours" if start == link["tail"] else "hours_back"]
            if start != end and hours < D.get_edge_data(start, end, {"hours": 1e9})["hours"]:
                D.add_edge(start, end, hours=hours)
    return D


def test_a_chain_adds_up_in_both_directions_whatever_its_links_are_drawn():
    """The middle link is written from c to b, so that its hours there are those back."""
    G = network(("a", "b", 1, 2), ("c", "b", 4, 8), ("c", "d", 16, 32))
    chains = contract_chains(G)
    ((u, v, key, chain),) = chains.graph.edges(keys=True, data=True)
    assert (u, v, key, chain["tail"]) == ("a", "d", "L0", "a")
    assert (chain["hours"], chain["hours_back"]) == (1 + 8 + 16, 2 + 4 + 32)
    assert chain["km"] == 210
    assert (chain["ref"], chain["surface"], chain["basis"]) == ("PE-0 / PE-1", "paved", "estimated")
    assert chains.links == {"L0": ("L0", "L1", "L2")}
    assert chains.places == {"L0": ("b", "c")}


def test_forks_modes_and_kept_places_stay():
    G = network(
        ("a", "b", 1, 1), ("b", "c", 1, 1), ("c", "d", 1, 1), ("d", "e", 1, 1, "river"),
        ("e", "f", 1, 1, "river"), ("c", "x", 1, 1),
    )  # fmt: skip
    assert set(contract_chains(G).graph) == {"a", "c", "d", "f", "x"}
    assert set(contract_chains(G, keep={"b", "e"}).graph) == set(G)


def test_rings_become_loops_and_parallel_chains_stay_two():
    ring = network(("a", "b", 1, 1), ("b", "c", 2, 2), ("c", "a", 3, 3))
    chains = contract_chains(ring)
    assert [(u, v) for u, v in chains.graph.edges()] == [("a", "a")]
    assert sorted(chains.links["L0"]) == ["L0", "L1", "L2"]
    assert chains.graph.edges["a", "a", "L0"]["hours"] == 6
    two = network(("a", "b", 1, 1), ("b", "c", 1, 1), ("a", "d", 2, 2), ("d", "c", 2, 2),
                  ("a", "y", 1, 1), ("c", "z", 1, 1))  # fmt: skip
    chains = contract_chains(two)
    assert chains.graph.number_of_edges("a", "c") == 2
    tail = network(("a", "b", 1, 1), ("b", "c", 1, 1), ("c", "b", 2, 2), ("b", "b", 5, 5))
    assert set(contract_chains(tail).graph) == {"a", "b"}
    assert contract_chains(tail).graph.number_of_edges("b", "b") == 2


def test_the_line_runs_from_the_tail_to_the_other_end():
    G = network(("a", "b", 1, 1), ("c", "b", 1, 1))
    G.edges["a", "b", "L0"]["geometry"] = shapely.LineString([(0, 0), (1, 0)])
    G.edges["c", "b", "L1"]["geometry"] = shapely.LineString([(3, 0), (2, 1), (1, 0)])
    chain = contract_chains(G).graph.edges["a", "c", "L0"]
    assert list(chain["geometry"].coords) == [(0, 0), (1, 0), (2, 1), (3, 0)]
    del G.edges["c", "b", "L1"]["geometry"]
    assert "geometry" not in contract_chains(G).graph.edges["a", "c", "L0"]


def test_contracting_changes_no_input():
    G = network(("a", "b", 1, 1), ("b", "c", 1, 1))
    before = nx.MultiGraph(G)
    contract_chains(G)
    assert nx.utils.graphs_equal(G, before)


LINKS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(1, 9), st.integers(1, 9),
              st.sampled_from(["road", "road", "river"])),
    min_size=1,
    max_size=22,
)  # fmt: skip


@given(LINKS, st.sets(st.integers(0, 9)))
def test_contracting_keeps_lengths_and_shortest_hours(links, keep):
    G = network(*[(str(u), str(v), *rest) for u, v, *rest in links], nodes=map(str, range(10)))
    kept = {str(place) for place in keep}
    chains = contract_chains(G, keep=kept)
    H = chains.graph
    assert kept <= set(H) <= set(G)
    assert sum(km for *_, km in H.edges(data="km")) == pytest.approx(
        sum(km for *_, km in G.edges(data="km"))
    )
    assert sorted(itertools.chain(*chains.links.values())) == sorted(
        k for *_, k in G.edges(keys=True)
    )
    inner = list(itertools.chain(*chains.places.values()))
    assert sorted([*inner, *H]) == sorted(G)
    before = dict(nx.all_pairs_dijkstra_path_length(directed(G), weight="hours"))
    after = dict(nx.all_pairs_dijkstra_path_length(directed(H), weight="hours"))
    for one, other in itertools.permutations(H, 2):
        assert after[one].get(other) == before[one].get(other)
    again = contract_chains(H, keep=kept).graph
    assert {key for *_, key in again.edges(keys=True)} == {key for *_, key in H.edges(keys=True)}
