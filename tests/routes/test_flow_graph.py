"""The flow graph: an inverse pair with the table, and the role of each place."""

import itertools

import networkx as nx
import pandas as pd
import pytest
from corredor.geodata import check_table, empty_table, roll_up
from corredor.routes import (
    build_flow_graph,
    count_evidence,
    count_flow_evidence,
    name_role,
    to_flow_table,
)
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal


@pytest.fixture(scope="module")
def regional(toy_study):
    tables = toy_study.tables
    flows = roll_up(tables.flows, tables.places)
    return build_flow_graph(flows, tables.places, tables.sources)


def test_nodes_are_the_places_that_flows_name(toy_study):
    tables = toy_study.tables
    G = build_flow_graph(tables.flows, tables.places, tables.sources)
    assert G.graph["crs"] == "EPSG:4326"
    assert set(G) == {"01", "02", "04", "pozo", "puerto", "costa"}
    assert G.nodes["pozo"] == {
        "name": "Pozo",
        "kind": "city",
        "ubigeo": "0201",
        "x": -74.25,
        "y": -8.25,
    }
    assert G.nodes["costa"] == {"name": "la costa", "kind": "area", "ubigeo": ""}


def test_edges_carry_their_row_and_the_publication_behind_it(toy_study):
    tables = toy_study.tables
    G = build_flow_graph(tables.flows, tables.places, tables.sources)
    assert {(a, b, key) for a, b, key in G.edges(keys=True)} == {
        ("01", "02", "F1"),
        ("01", "pozo", "F2"),
        ("01", "02", "F3"),
        ("04", "04", "F4"),
        ("02", "costa", "F5"),
        ("puerto", "01", "F6"),
    }
    share = G.edges["puerto", "01", "F6"]
    assert (share["value"], share["value_kind"]) == (25, "share_of_destination")
    assert G.edges["01", "pozo", "F2"]["publication"] == "report"
    assert G.edges["01", "pozo", "F2"]["source_id"] == "press"


def test_building_changes_no_input(toy_study):
    tables = toy_study.tables
    before = tables.flows.copy(), tables.places.copy(), tables.sources.copy()
    build_flow_graph(tables.flows, tables.places, tables.sources)
    for table, copy in zip((tables.flows, tables.places, tables.sources), before, strict=True):
        assert_frame_equal(table, copy)


@pytest.mark.parametrize("study", ["toy_study", "peru_study"])
@pytest.mark.parametrize("level", ["place", "region"])
def test_table_to_graph_to_table_is_the_identity(request, study, level):
    tables = request.getfixturevalue(study).tables
    flows = tables.flows if level == "place" else roll_up(tables.flows, tables.places)
    back = to_flow_table(build_flow_graph(flows, tables.places, tables.sources))
    assert_frame_equal(back, flows)


def test_graph_to_table_to_graph_is_the_identity(toy_study):
    tables = toy_study.tables
    G = build_flow_graph(tables.flows, tables.places, tables.sources)
    again = build_flow_graph(to_flow_table(G), tables.places, tables.sources)
    assert edges(again) == edges(G)
    assert dict(again.nodes(data=True)) == dict(G.nodes(data=True))


def edges(G: nx.MultiDiGraph) -> list[str]:
    return sorted(repr(edge) for edge in G.edges(keys=True, data=True))


PLACE = st.sampled_from(["01", "02", "pozo", "costa"])
WORDS = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=8)
FLOWS = st.lists(
    st.fixed_dictionaries(
        {
            "origin": PLACE,
            "destination": PLACE,
            "value": st.one_of(st.just(""), st.integers(0, 10**6).map(str)),
            "value_kind": st.sampled_from(["none", "count", "share_of_origin"]),
            "period_start": st.sampled_from(["", "2017-01"]),
            "period_end": st.sampled_from(["", "2017-12"]),
            "purpose": WORDS,
            "source_id": st.sampled_from(["report", "press"]),
            "note_es": WORDS,
            "note_en": WORDS,
        }
    ),
    min_size=1,
    max_size=12,
)
PLACES = check_table(
    {
        "place_id": ["01", "02", "pozo", "costa"],
        "name": ["Ámbar", "Brisa", "Pozo", "la costa"],
        "ubigeo": ["01", "02", "0201", ""],
        "kind": ["region", "region", "city", "area"],
        "lat": ["", "", "-8.25", ""],
        "lon": ["", "", "-74.25", ""],
    },
    "places",
)
SOURCES = check_table(
    {
        "source_id": ["report", "press"],
        "origin_id": ["", "report"],
        "publisher": ["A", "B"],
        "title": ["A", "B"],
        "date": ["", ""],
        "url": ["", ""],
    },
    "sources",
)


@given(FLOWS)
def test_any_flows_come_back_from_the_graph(rows):
    columns = {"flow_id": [f"F{n:02d}" for n in range(len(rows))]}
    flows = check_table(columns | {name: [row[name] for row in rows] for name in rows[0]}, "flows")
    G = build_flow_graph(flows, PLACES, SOURCES)
    assert_frame_equal(to_flow_table(G), flows)
    assert G.number_of_edges() == len(flows)


@given(FLOWS)
def test_every_publication_of_a_place_is_counted_once_a_side(rows):
    columns = {"flow_id": [f"F{n:02d}" for n in range(len(rows))]}
    flows = check_table(columns | {name: [row[name] for row in rows] for name in rows[0]}, "flows")
    counted = count_evidence(build_flow_graph(flows, PLACES, SOURCES))
    for place, row in counted.iterrows():
        touching = [r for r in rows if place in (r["origin"], r["destination"])]
        out = any(r["origin"] == place != r["destination"] for r in touching)
        into = any(r["destination"] == place != r["origin"] for r in touching)
        within = any(r["origin"] == place == r["destination"] for r in touching)
        # Both sources go back to one publication.
        assert (row["outflow"], row["inflow"], row["internal"]) == (out, into, within)


def test_no_flows_come_back_as_no_flows():
    back = to_flow_table(build_flow_graph(empty_table("flows"), PLACES, SOURCES))
    assert list(back.columns) == list(empty_table("flows").columns)
    assert len(back) == 0


def test_evidence_of_the_toy_regions_by_hand(regional):
    counted = count_evidence(regional)
    assert counted.to_dict("index") == {
        # F1 and F2 go back to one report, F3 is the NGO's; F6 comes in.
        "01": {"outflow": 2, "inflow": 1, "internal": 0, "net": -1, "role": "mainly_origin"},
        "02": {"outflow": 1, "inflow": 2, "internal": 0, "net": 1, "role": "mainly_destination"},
        "04": {"outflow": 1, "inflow": 0, "internal": 1, "net": -1, "role": "mainly_origin"},
        "costa": {"outflow": 0, "inflow": 1, "internal": 0, "net": 1, "role": "mainly_destination"},
    }


def test_a_publication_that_names_several_pairs_counts_once():
    rows = {
        "flow_id": ["F1", "F2", "F3"],
        "origin": ["01", "01", "01"],
        "destination": ["02", "pozo", "costa"],
        "value": ["", "", ""],
        "value_kind": ["none"] * 3,
        "period_start": [""] * 3,
        "period_end": [""] * 3,
        "purpose": [""] * 3,
        "source_id": ["report", "press", "report"],
    }
    G = build_flow_graph(check_table(rows, "flows"), PLACES, SOURCES)
    assert count_evidence(G)["outflow"].to_dict() == {"01": 1, "02": 0, "pozo": 0, "costa": 0}


def test_internal_flows_are_neither_in_nor_out(regional):
    counted = count_evidence(regional)
    assert counted.loc["04", ["inflow", "internal"]].tolist() == [0, 1]


@pytest.mark.parametrize(
    ("outflow", "inflow", "internal", "role"),
    [
        (0, 0, 0, "none"),
        (0, 0, 3, "within"),
        (1, 0, 5, "mainly_origin"),
        (0, 1, 5, "mainly_destination"),
        (1, 1, 0, "both"),
        (2, 1, 0, "mainly_origin"),  # exactly two thirds
        (1, 2, 0, "mainly_destination"),
        (3, 2, 0, "both"),
        (199, 101, 0, "both"),
        (200, 100, 0, "mainly_origin"),
    ],
)
def test_roles_start_at_two_thirds(outflow, inflow, internal, role):
    assert name_role(outflow, inflow, internal) == role


def test_roles_in_whole_numbers():
    for outflow, inflow in itertools.product(range(61), repeat=2):
        role = name_role(outflow, inflow, 0)
        crossing = outflow + inflow
        assert (role == "mainly_origin") == (crossing > 0 and 3 * outflow >= 2 * crossing)
        assert (role == "mainly_destination") == (crossing > 0 and 3 * inflow >= 2 * crossing)


def test_an_empty_graph_has_no_evidence():
    counted = count_evidence(nx.MultiDiGraph())
    assert isinstance(counted, pd.DataFrame)
    assert len(counted) == 0


def test_evidence_of_places_is_the_same_with_and_without_a_graph(peru_study):
    tables = peru_study.tables
    for flows in (tables.flows, roll_up(tables.flows, tables.places)):
        G = build_flow_graph(flows, tables.places, tables.sources)
        direct = count_flow_evidence(flows, tables.sources)
        assert count_evidence(G).to_dict("index") == direct.to_dict("index")
        for node in direct.index[:20]:
            into = {e["publication"] for a, _, e in G.in_edges(node, data=True) if a != node}
            assert direct.loc[node, "inflow"] == len(into)
