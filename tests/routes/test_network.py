"""The transport network as a graph."""

import pytest
from corredor.geodata import NetworkError
from corredor.routes import SURFACE, build_network


def test_places_and_links_come_with_what_the_tables_say(toy_study):
    tables = toy_study.tables
    G = build_network(tables.network_places, tables.network_links)
    assert G.graph["crs"] == "EPSG:4326"
    assert G.nodes["b"] == {"name": "Bajo", "kind": "city", "ubigeo": "02", "x": -74.5, "y": -8.5}
    road, river = G["a"]["b"]["L1"], G["a"]["c"]["L2"]
    assert (road["mode"], road["ref"], road["km"], road["hours"]) == ("road", "R-1", 110, 2)
    assert road["hours_back"] == 2  # the table leaves it empty
    assert (river["tail"], river["hours"], river["hours_back"]) == ("a", 5, 8)


def test_modes_left_out_take_links_away_and_leave_places(toy_study):
    tables = toy_study.tables
    G = build_network(tables.network_places, tables.network_links, modes=("road",))
    assert list(G.edges(keys=True)) == [("a", "b", "L1")]
    assert set(G) == {"a", "b", "c"}


def test_surface_is_everything_but_air(peru_study):
    tables = peru_study.tables
    G = build_network(tables.network_places, tables.network_links, modes=SURFACE)
    left_out = tables.network_links["mode"] == "air"
    assert G.number_of_edges() == (~left_out).sum() == 450
    assert left_out.sum() == 31


def test_an_unknown_mode_is_refused_with_the_nearest(toy_study):
    tables = toy_study.tables
    with pytest.raises(NetworkError, match=r"no mode 'rivers'. Did you mean 'river'"):
        build_network(tables.network_places, tables.network_links, modes=("road", "rivers"))
