"""Corridors as files, read again with other tools."""

import dataclasses
import json

import geopandas as gpd
import networkx as nx
import pandas as pd
import pyogrio
import pytest
from corredor.geodata import DataFileError, NetworkError
from corredor.routes import build_network, find_corridors, to_graph, to_layer, write_corridors
from shapely import LineString


@pytest.fixture(scope="module")
def corridors(peru_corridors):
    return peru_corridors


def test_a_geopackage_holds_all_tables(corridors, tmp_path):
    path = write_corridors(corridors, tmp_path / "c.gpkg")
    layers = dict(pyogrio.list_layers(path))
    assert layers == {
        "legs": "LineString", "links": "LineString", "places": "Point",
        "pairs": None, "visits": None, "ends": None, "left_out": None,
    }  # fmt: skip
    legs = pyogrio.read_dataframe(path, layer="legs")
    assert legs.crs == "EPSG:4326"
    assert legs["leg_id"].tolist() == corridors.legs["leg_id"].tolist()
    first, table = legs.iloc[0], corridors.legs.iloc[0]
    assert first["flow_ids"].split("; ") == list(table["flow_ids"])
    at = corridors.network.nodes[table["place_ids"][0]]
    assert first.geometry.coords[0] == (at["x"], at["y"])
    assert first["way"] == table["way_es"]
    links = pyogrio.read_dataframe(path, layer="links")
    assert links["load"].sum() == pytest.approx(corridors.links["load"].sum())
    left = pyogrio.read_dataframe(path, layer="left_out")
    assert left["reason"].tolist() == ["empieza y termina en un mismo lugar de la red"]


def test_places_carry_what_is_expected_to_pass(corridors, tmp_path):
    path = write_corridors(corridors, tmp_path / "c.geojson", table="places", language="en")
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    share = {f["properties"]["place_id"]: f["properties"]["share"] for f in features}
    passed = corridors.visits[corridors.visits["place_id"] == "urcos"]
    weight = corridors.pairs.set_index(["origin", "destination", "via"])["weight"]
    total = corridors.pairs.loc[corridors.pairs["status"] == "routed", "weight"].sum()
    expected = sum(
        weight[row.origin, row.destination, row.via] * row.probability
        for row in passed.itertuples()
    )
    assert share["urcos"] == pytest.approx(expected / total)
    assert list(share) == sorted(share, key=lambda place: (-share[place], place))


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_table_is_written_in_either_language(corridors, tmp_path, language):
    path = write_corridors(corridors, tmp_path / "c.csv", language=language)
    table = pd.read_csv(path)
    river = table[(table["modes"] == "river") & ~table["refs"].str.contains(";", na=True)].iloc[0]
    assert river["way"] == {"es": f"río {river['refs']}", "en": f"{river['refs']} river"}[language]
    assert "way_es" not in table
    ends = pd.read_csv(
        write_corridors(corridors, tmp_path / "e.csv", table="ends", language=language)
    )
    said = {"es": "la capital representa a la región", "en": "the capital stands for the region"}
    assert said[language] in set(ends["rule"])


def test_the_graph_can_be_read_again(corridors, tmp_path):
    path = write_corridors(corridors, tmp_path / "c.graphml")
    G = nx.read_graphml(path, force_multigraph=True)
    assert G.number_of_edges() == corridors.network.number_of_edges()
    load = {link["link_id"]: link["load"] for *_, link in G.edges(data=True)}
    for row in corridors.links.to_dict("records"):
        assert load[row["link_id"]] == pytest.approx(row["load"])
    assert sum(value > 0 for value in load.values()) == len(corridors.links)
    assert G.nodes["urcos"]["name"] == "Urcos"


def test_control_characters_leave_the_graph_readable(corridors, tmp_path, monkeypatch):
    """XML can hold neither a bell nor U+FFFE; texts of other programs have them."""
    H = to_graph(corridors)
    places = list(H)[:4]
    for place in places:
        H.nodes[place]["name"] = "Pu\x07no\x1b[31m\x0b\ufffe\ud800"
    for _, _, data in H.edges(data=True):
        data["ref"] = "a\x08b"
    monkeypatch.setattr("corredor.routes.export.to_graph", lambda _: H)
    G = nx.read_graphml(write_corridors(corridors, tmp_path / "c.graphml"), force_multigraph=True)
    assert [G.nodes[place]["name"] for place in places] == ["Puno[31m"] * 4
    assert {data["ref"] for _, _, data in G.edges(data=True)} == {"ab"}


def test_nothing_found_is_written_too(toy_publication, tmp_path):
    corridors = find_corridors(toy_publication, modes=("border",))
    assert corridors.legs.empty
    for suffix in ("gpkg", "geojson", "csv", "graphml"):
        assert write_corridors(corridors, tmp_path / f"c.{suffix}").stat().st_size > 0
    assert list(pd.read_csv(tmp_path / "c.csv")) == [
        *(name if name != "way_es" else "way" for name in corridors.legs if name != "way_en"),
        "what",
    ]  # fmt: skip


@pytest.mark.parametrize("table", ["legs", "links", "places"])
def test_every_row_says_that_it_is_inferred_and_what_its_load_is(corridors, tmp_path, table):
    said = {
        "es": "corredor inferido, no reportado; peso: evidence",
        "en": "inferred corridor, not reported; weight: evidence",
    }
    for language, what in said.items():
        path = write_corridors(corridors, tmp_path / "c.csv", table=table, language=language)
        assert set(pd.read_csv(path)["what"]) == {what}
    assert to_graph(corridors).graph["what"] == said["en"]


def test_what_cannot_be_written_leaves_what_was_there(corridors, tmp_path, monkeypatch):
    path = tmp_path / "c.graphml"
    path.write_text("before")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(nx, "write_graphml", fail)
    with pytest.raises(DataFileError, match="No space left"):
        write_corridors(corridors, path)
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_other_suffixes_and_tables_are_refused(corridors, tmp_path):
    with pytest.raises(DataFileError, match=r"not as '\.shp'"):
        write_corridors(corridors, tmp_path / "c.shp")
    with pytest.raises(DataFileError, match="'pairs' has no place on a map"):
        write_corridors(corridors, tmp_path / "c.geojson", table="pairs")
    with pytest.raises(NetworkError, match="Did you mean 'legs'"):
        write_corridors(corridors, tmp_path / "c.csv", table="leg")
    assert not list(tmp_path.iterdir())


def test_lines_of_a_network_are_kept(toy_publication, tmp_path):
    tables = toy_publication.tables
    bend = LineString([(-75.5, -8.5), (-75.0, -8.0), (-74.5, -8.5)])
    links = tables.network_links.head(1)
    network = build_network(tables.network_places, gpd.GeoDataFrame(links, geometry=[bend]))
    corridors = find_corridors(toy_publication, network=network)
    for table in ("links", "legs"):
        assert to_layer(corridors, table).geometry.tolist() == [bend]
    back = dataclasses.replace(corridors, legs=corridors.legs.assign(place_ids=[("b", "a")]))
    assert to_layer(back, "legs").geometry.tolist() == [bend.reverse()]
