"""The transport network as a graph."""

import geopandas as gpd
import pytest
import shapely
from corredor.geodata import NetworkError, read_network
from corredor.routes import SURFACE, build_network, find_corridors, locate_places


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
    links = tables.network_links
    left_out = (links["mode"] == "air") | (links["caution"] == "dangerous")
    assert G.number_of_edges() == (~left_out).sum() == 449
    assert left_out.sum() == 33


def test_an_unknown_mode_is_refused_with_the_nearest(toy_study):
    tables = toy_study.tables
    with pytest.raises(NetworkError, match=r"no mode 'rivers'. Did you mean 'river'"):
        build_network(tables.network_places, tables.network_links, modes=("road", "rivers"))


def test_a_network_of_lines_takes_the_flows_of_the_study(tmp_path, peru_publication):
    """Its places have no name and no region: regions and towns are put at the nearest junction."""
    places = peru_publication.tables.network_places
    at = {row.place_id: (row.lon, row.lat) for row in places.itertuples()}
    roads = peru_publication.tables.network_links.query("mode == 'road'")
    shapes = [shapely.LineString([at[u], at[v]]) for u, v in zip(roads["from"], roads["to"],
                                                                 strict=True)]  # fmt: skip
    path = tmp_path / "roads.gpkg"
    gpd.GeoDataFrame({"ref": roads["ref"].tolist()}, geometry=shapes, crs="EPSG:4326").to_file(path)
    tables, _ = read_network(path)
    G = build_network(tables.places, tables.links)
    found = locate_places(peru_publication.tables, G).set_index("place_id")
    cusco = G.nodes[found.loc["08", "network_place"]]
    assert (cusco["x"], cusco["y"]) == pytest.approx(at["cusco"], abs=1e-6)
    assert found.loc["08", "rule"] == "region_capital"
    corridors = find_corridors(peru_publication, network=G)
    assert (corridors.pairs["status"] == "routed").mean() > 0.7
    assert corridors.links["load"].max() > 10


def test_boats_are_of_one_class_and_seasons_close_links(peru_study):
    tables = peru_study.tables
    given = tables.network_places, tables.network_links

    def hours(link, **options):
        found = {key: edge for *_, key, edge in build_network(*given, **options).edges(
            keys=True, data=True)}  # fmt: skip
        return (found[link]["hours"], found[link]["hours_back"]) if link in found else None

    assert hours("L415") == (16.4, 12.9)
    assert hours("L415", boats="rapido") == (6, 5)
    assert hours("L418", boats="rapido") == hours("L418")  # no fast boat is known there
    assert hours("L312", boats="rapido", season="wet") == hours("L312")
    assert hours("L190") == (4.3, 4.3)
    assert hours("L190", season="wet") is None
    assert hours("L361", season="wet") == (5.7, 5.7)
    assert hours("L413") is None
    assert hours("L413", dangerous=True) == (5, 4)


@pytest.mark.parametrize("option", [{"boats": "lanchas"}, {"season": "rain"}, {"modes": ("raod",)}])
def test_a_choice_that_does_not_exist_is_refused(peru_study, option):
    tables = peru_study.tables
    with pytest.raises(NetworkError, match="There is no"):
        build_network(tables.network_places, tables.network_links, **option)
