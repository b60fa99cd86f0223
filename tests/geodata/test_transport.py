"""Transport networks from line layers. All lines but those of the last tests are invented.

Most toy lines lie on the parallel of 10° S, where 0.01 degrees of longitude are 1.0964 km.
"""

import json
import os
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from corredor.geodata import DataFileError, TableError, read_network
from corredor.geodata.lines.columns import MODE_SPEEDS, SPEEDS
from corredor.geodata.lines.noding import node_lines
from corredor.routes import build_network, least_cost_paths, spread_flows
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

SHARED = Path(os.environ.get("CORREDOR_SHARED", Path(__file__).parents[3] / "shared"))
NETWORKS = SHARED / "data" / "network"
X, Y = -74.0, -10.0


def line(*points):
    """Return a line; its points are steps of 0.01 degrees from a corner of the toy country."""
    return shapely.linestrings([[X + x / 100, Y + y / 100] for x, y in points])


def layer(tmp_path, lines, name="lines.gpkg", crs="EPSG:4326", **columns):
    path = tmp_path / name
    gpd.GeoDataFrame(columns, geometry=list(lines), crs=crs).to_file(path)
    return path


def read(tmp_path, *lines, options=None, **columns):
    return read_network(layer(tmp_path, lines, **columns), **(options or {}))


def joins(table):
    """Return the links as sorted pairs of rounded points."""
    at = {
        row.place_id: (round((row.lon - X) * 100, 3), round((row.lat - Y) * 100, 3))
        for row in table.places.itertuples()
    }
    return sorted(
        tuple(sorted((at[one], at[other])))
        for one, other in zip(table.links["from"], table.links["to"], strict=True)
    )


def geodesic_km(*points):
    lon, lat = zip(*((X + x / 100, Y + y / 100) for x, y in points), strict=True)
    return Geod(ellps="WGS84").line_length(lon, lat) / 1000


def test_a_crossing_and_an_end_on_a_line_become_junctions(tmp_path):
    table, account = read(
        tmp_path, line((0, 0), (4, 0)), line((1, -1), (1, 1)), line((3, 0), (3, 2))
    )
    assert joins(table) == [
        ((0, 0), (1, 0)),
        ((1, -1), (1, 0)),
        ((1, 0), (1, 1)),
        ((1, 0), (3, 0)),
        ((3, 0), (3, 2)),
        ((3, 0), (4, 0)),
    ]
    assert table.links["link_id"].tolist() == ["1.1", "1.2", "1.3", "2.1", "2.2", "3"]
    assert table.links["km"].sum() == pytest.approx(
        geodesic_km((0, 0), (4, 0)) + geodesic_km((1, -1), (1, 1)) + geodesic_km((3, 0), (3, 2)),
        rel=1e-6,
    )
    assert sorted(table.places["kind"]) == ["end"] * 5 + ["junction"] * 2
    text = account.render()
    assert "1 crossing(s)" in text
    assert "1 end(s) that lie on another line" in text
    assert account.extra["dead_ends"] == 5


@pytest.mark.parametrize(
    ("columns", "links"),
    [
        ({"bridge": ["no", "yes"]}, 2),
        ({"bridge": ["F", "T"]}, 2),
        ({"tunnel": ["T", "F"]}, 2),
        ({"layer": [0, 1]}, 2),
        ({"layer": [1, 1]}, 4),
        ({"fclass": ["primary", "secondary"]}, 4),
        ({"mode": ["road", "río"]}, 2),
    ],
)
def test_only_lines_of_one_level_and_mode_join_where_they_cross(tmp_path, columns, links):
    table, _ = read(tmp_path, line((0, 0), (4, 0)), line((1, -1), (1, 1)), **columns)
    assert len(table.links) == links


def test_the_ends_of_a_bridge_join_the_road_before_and_after_it(tmp_path):
    """The road below runs on; the road on the bridge goes through."""
    table, account = read(
        tmp_path,
        line((0, 0), (1, 0)),
        line((1, 0), (2, 0)),
        line((2, 0), (3, 0)),
        line((1.5, -1), (1.5, 1)),
        bridge=["F", "T", "F", "F"],
    )
    assert len(table.links) == 4
    assert account.extra["parts"] == 2


def test_a_port_joins_road_and_river_where_the_road_ends(tmp_path):
    table, account = read(
        tmp_path,
        line((0, 0), (4, 0)),
        line((1, 0), (1, 2)),
        fclass=["river", "secondary"],
    )
    assert account.extra["parts"] == 1
    by_mode = table.links.groupby("mode")
    assert by_mode["km"].sum()["river"] == pytest.approx(geodesic_km((0, 0), (4, 0)))
    hours = by_mode["hours"].sum()
    assert hours["river"] == pytest.approx(geodesic_km((0, 0), (4, 0)) / MODE_SPEEDS["river"])
    assert hours["road"] == pytest.approx(geodesic_km((1, 0), (1, 2)) / SPEEDS["secondary"])


def test_short_gaps_are_mended_and_wide_ones_only_on_request(tmp_path):
    """The second line stops 5.5 m short of the first, the third starts 550 m after it."""
    lines = line((0, 0), (4, 0)), line((1, 0.005), (1, 2)), line((4.5, 0), (6, 0))
    table, account = read(tmp_path, *lines)
    assert "1 end(s) up to 10 m short of another line" in account.render()
    assert "1 gap(s) of up to 2 km" in account.render()
    assert account.extra["parts"] == 2
    (gap,) = account.extra["gaps"]
    assert gap["km"] == pytest.approx(0.548, abs=0.002)
    assert gap["closed"] is False
    closed, after = read(tmp_path, *lines, options={"close_gaps_m": 600})
    assert after.extra["parts"] == 1
    assert len(closed.links) == len(table.links) + 1
    assert "1 gap(s) between separate parts, closed" in after.render()
    apart, strict = read(tmp_path, *lines, options={"snap_m": 0})
    assert strict.extra["parts"] == 3
    assert len(apart.links) == 3


def test_duplicates_go_and_parallel_roads_stay(tmp_path):
    """The second line is the first with a point more, drawn backwards; the third goes round."""
    table, account = read(
        tmp_path,
        line((0, 0), (2, 0)),
        line((2, 0), (1, 0), (0, 0)),
        line((0, 0), (1, 1), (2, 0)),
    )
    assert len(table.links) == 2
    assert account.extra["parallel"] == 1
    assert "1 row(s), that run along another one" in account.render()


def test_lines_that_run_together_share_the_stretch(tmp_path):
    table, _ = read(tmp_path, line((0, 0), (3, 0)), line((1, 0), (2, 0), (2, 2)))
    assert joins(table) == [((0, 0), (1, 0)), ((1, 0), (2, 0)), ((2, 0), (2, 2)), ((2, 0), (3, 0))]


def test_a_line_that_crosses_itself_is_cut_there(tmp_path):
    table, account = read(tmp_path, line((0, 0), (2, 0), (2, 2), (1, 2), (1, -1)))
    assert len(table.links) == 3
    assert account.extra["parallel"] == 0
    loops = table.links[table.links["from"] == table.links["to"]]
    assert loops["km"].tolist() == pytest.approx(
        [geodesic_km((1, 0), (2, 0), (2, 2), (1, 2), (1, 0))]
    )


def test_rows_without_a_line_or_for_feet_are_counted(tmp_path):
    _, account = read(
        tmp_path,
        line((0, 0), (2, 0)),
        line((0, 0), (0, 0)),
        line((0, 0), (0, 2)),
        shapely.LineString(),
        fclass=["primary", "primary", "steps", "primary"],
    )
    assert (account.rows_in, account.rows_out) == (4, 1)
    assert {part.reason.render(): part.rows for part in account.left_out} == {
        "without a line": 1,
        "not for vehicles, or not built: steps": 1,
        "of no length": 1,
    }


def test_stated_figures_are_shared_out_over_the_pieces(tmp_path):
    table, _ = read(
        tmp_path,
        line((0, 0), (4, 0)),
        line((1, 0), (1, 2)),
        line((4, 0), (5, 0)),
        length_km=[6.0, None, None],
        hours=[2.0, None, None],
        hours_back=[2.4, None, None],
        speed_kmh=[None, None, 10.0],
    )
    links = table.links.set_index("link_id")
    assert links["km"].tolist() == pytest.approx(
        [1.5, 4.5, geodesic_km((1, 0), (1, 2)), geodesic_km((4, 0), (5, 0))], rel=1e-3
    )
    assert links["hours"].tolist() == pytest.approx(
        [0.5, 1.5, geodesic_km((1, 0), (1, 2)) / 35, geodesic_km((4, 0), (5, 0)) / 10], rel=1e-3
    )
    assert links["hours_back"].tolist() == pytest.approx([0.6, 1.8, np.nan, np.nan], nan_ok=True)
    assert links["basis"].tolist() == ["derived", "derived", "estimated", "estimated"]


@pytest.mark.parametrize(
    ("columns", "speeds", "kmh"),
    [
        ({"fclass": ["trunk_link"]}, {}, 55),
        ({"fclass": ["primary"], "surface": ["unpaved"]}, {}, 25),
        ({"SUPERFICIE": ["Afirmado"]}, {}, 28),
        ({"JERARQ": ["Nacional"]}, {"nacional": 42}, 42),
        ({"fclass": ["never seen"]}, {}, 35),
        ({"fclass": ["never seen"]}, {"road": 7}, 7),
    ],
)
def test_hours_follow_from_the_slower_of_class_and_surface(tmp_path, columns, speeds, kmh):
    table, _ = read(tmp_path, line((0, 0), (2, 0)), options={"speeds": speeds}, **columns)
    assert (table.links["km"] / table.links["hours"]).tolist() == pytest.approx([kmh])


def graph(tmp_path, edges, nodes):
    """Write a layer of nodes and one of edges."""
    path = tmp_path / "graph.gpkg"
    gpd.GeoDataFrame(
        {"node_id": [node for node, _, _ in nodes], "name": [f"P{node}" for node, _, _ in nodes]},
        geometry=[shapely.Point(X + x / 100, Y + y / 100) for _, x, y in nodes],
        crs="EPSG:4326",
    ).to_file(path, layer="nodes")
    gpd.GeoDataFrame(
        {"u": [u for u, _, _ in edges], "v": [v for _, v, _ in edges]},
        geometry=[shape for _, _, shape in edges],
        crs="EPSG:4326",
    ).to_file(path, layer="edges")
    return path


NODES = [(1, 0, 0), (2, 4, 0), (3, 2, -1), (4, 2, 1), (5, 9, 9)]


def test_nodes_and_edges_are_taken_as_the_graph_they_say(tmp_path):
    """The edges cross without a junction; the second is drawn from its end to its start."""
    edges = [(1, 2, line((0, 0), (4, 0))), (3, 4, line((2, 1), (2, -1)))]
    table, account = read_network(graph(tmp_path, edges, NODES))
    assert table.links[["from", "to"]].to_numpy().tolist() == [["1", "2"], ["3", "4"]]
    assert table.places["place"].tolist() == ["P1", "P2", "P3", "P4"]
    assert shapely.get_coordinates(table.links.geometry[1])[0] == pytest.approx(
        [X + 0.02, Y - 0.01]
    )
    assert "1 node(s) without a link" in account.render()
    assert account.extra["parts"] == 2


def test_an_edge_to_a_node_that_is_not_there_is_a_fault(tmp_path):
    edges = [(1, 2, line((0, 0), (4, 0))), (3, 44, line((2, 1), (2, -1)))]
    with pytest.raises(TableError, match=r"row 2, column v, '44'.*not in the layer of nodes"):
        read_network(graph(tmp_path, edges, NODES))


def test_a_node_that_stands_twice_is_a_fault(tmp_path):
    edges = [(1, 2, line((0, 0), (4, 0)))]
    with pytest.raises(TableError, match=r"row 6, column node_id, '2'"):
        read_network(graph(tmp_path, edges, [*NODES, (2, 1, 1)]))


def test_unknown_modes_and_numbers_are_faults_with_their_row(tmp_path):
    path = layer(tmp_path, [line((0, 0), (2, 0)), line((0, 0), (0, 2))], mode=["road", "swamp"],
                 km=["1", "far"])  # fmt: skip
    with pytest.raises(TableError) as raised:
        read_network(path)
    said = raised.value.render()
    assert "row 2, column mode, 'swamp'" in said
    assert "row 2, column km, 'far'" in said


@pytest.mark.parametrize(
    ("shapes", "crs", "options", "words"),
    [
        ([shapely.Point(X, Y)], "EPSG:4326", {}, "Point geometries; a transport network is lines"),
        ([shapely.linestrings([[2.3, 48.8], [2.4, 48.9]])], "EPSG:4326", {}, "lie outside"),
        ([line((0, 0), (2, 0))], "EPSG:4326", {"columns": {"colour": "x"}}, "no role 'colour'"),
        ([line((0, 0), (2, 0))], "EPSG:4326", {"columns": {"km": "len"}}, "no column 'len'"),
        ([line((0, 0), (2, 0))], "EPSG:4326", {"columns": {"from": "id", "to": "id"}},
         "need a layer of points"),
    ],
)  # fmt: skip
def test_what_is_no_network_is_refused_in_one_sentence(tmp_path, shapes, crs, options, words):
    path = layer(tmp_path, shapes, crs=crs, id=list(range(len(shapes))))
    with pytest.raises(DataFileError, match=words):
        read_network(path, **options)


def test_a_projected_layer_comes_to_degrees(tmp_path):
    lines = gpd.GeoSeries([line((0, 0), (4, 0)), line((1, -1), (1, 1))], crs="EPSG:4326")
    path = layer(tmp_path, lines.to_crs("EPSG:32718"), crs="EPSG:32718")
    table, _ = read_network(path)
    assert len(table.links) == 4
    assert table.links["km"].sum() == pytest.approx(
        geodesic_km((0, 0), (4, 0)) + geodesic_km((1, -1), (1, 1)), rel=1e-5
    )


def test_multilines_are_taken_apart_and_heights_dropped(tmp_path):
    shape = shapely.MultiLineString(
        [[(X, Y, 5), (X + 0.01, Y, 6)], [(X + 0.02, Y, 5), (X + 0.03, Y, 7)]]
    )
    table, account = read(tmp_path, shape)
    assert table.links["link_id"].tolist() == ["1.1", "1.2"]
    assert account.extra["parts"] == 2
    assert not shapely.has_z(table.links.geometry.to_numpy()).any()


@pytest.mark.parametrize("name", ["lines.geojson", "lines.shp", "lines.fgb"])
def test_every_format_of_lines_is_read(tmp_path, name):
    lines = [line((0, 0), (4, 0)), shapely.MultiLineString([line((1, -1), (1, 1))])]
    table, _ = read_network(layer(tmp_path, lines, name=name, ref=["PE-1", "PE-2"]))
    assert sorted(table.links["ref"]) == ["PE-1", "PE-1", "PE-2", "PE-2"]


def test_lines_of_a_topojson_are_read(tmp_path):
    path = tmp_path / "lines.topojson"
    arcs = [[[X, Y], [X + 0.02, Y]], [[X + 0.02, Y], [X + 0.02, Y + 0.01]]]
    way = {"type": "LineString", "arcs": [0, 1], "properties": {"ref": "PE-1"}}
    objects = {"ways": {"type": "GeometryCollection", "geometries": [way]}}
    path.write_text(json.dumps({"type": "Topology", "arcs": arcs, "objects": objects}))
    table, _ = read_network(path)
    assert table.links["km"].tolist() == pytest.approx([geodesic_km((0, 0), (2, 0), (2, 1))])


@given(
    st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 6), st.integers(0, 6)),
        min_size=1,
        max_size=9,
    )
)
def test_noding_keeps_the_drawing_and_joins_all_that_touches(ends):
    """Compared with GEOS's own noding on a grid of 1 cm, which keeps no row."""
    shapes = np.array(
        [line((a, b), (c, d)) for a, b, c, d in ends if (a, b) != (c, d)], dtype=object
    )
    if not len(shapes):
        return
    pieces = node_lines(shapes, np.zeros(len(shapes), dtype=np.int64), snap_m=0)
    union = shapely.union_all(shapes, grid_size=1e-7)
    assert shapely.length(pieces.shapes).sum() == pytest.approx(union.length, rel=1e-6)
    assert len(pieces.shapes) == len(shapely.get_parts(union))
    assert shapely.hausdorff_distance(shapely.union_all(pieces.shapes), union) < 1e-6
    parts = len(set(pieces.components().tolist()))
    joined = shapely.get_parts(shapely.union_all(shapely.buffer(union, 1e-5)))
    assert parts == len(joined)


def test_a_gap_goes_from_a_loose_end_to_the_nearest_line(tmp_path):
    """Three parts in a row: two gaps are enough, though all pairs lie near each other."""
    _, account = read(
        tmp_path, line((0, 0), (0, 1)), line((0.3, 0), (0.3, 1)), line((0.8, 0), (0.8, 1))
    )
    assert [gap["km"] for gap in account.extra["gaps"]] == pytest.approx([0.329, 0.548], abs=0.002)


@pytest.mark.shared
@pytest.mark.skipif(not NETWORKS.is_dir(), reason="the networks are not beside the checkout")
def test_the_merged_network_of_peru_is_read_as_it_is():
    table, account = read_network(NETWORKS / "network_merged_PE.gpkg")
    # Seven transfers between road and river join their two ends instead of becoming roads.
    assert (len(table.places), len(table.links)) == (4023, 5589)
    assert table.links["mode"].value_counts().to_dict() == {"road": 5546, "river": 43}
    sizes = account.extra
    assert sizes["parts"] == 19
    assert table.links["km"].min() >= 0


@pytest.mark.shared
@pytest.mark.skipif(not NETWORKS.is_dir(), reason="the networks are not beside the checkout")
def test_the_gap_between_maranon_and_ucayali_is_found_and_closed():
    """Natural Earth's Marañón stops short of the Ucayali near Nauta."""
    path = NETWORKS / "rivers_ne10m_PE.gpkg"
    _, before = read_network(path)
    gaps = [gap for gap in before.extra["gaps"] if abs(gap["lat"] + 4.45) < 0.05]
    assert [gap["lon"] for gap in gaps] == [pytest.approx(-73.49, abs=0.05)]
    _, after = read_network(path, close_gaps_m=1000)
    assert after.extra["parts"] == before.extra["parts"] - len(before.extra["gaps"])


@pytest.mark.shared
@pytest.mark.skipif(not NETWORKS.is_dir(), reason="the networks are not beside the checkout")
def test_an_extract_of_openstreetmap_is_noded_with_its_bridges():
    table, account = read_network(NETWORKS / "osm_ioh" / "mdd_roads.shp")
    assert account.rows_in == 775
    assert set(table.links["mode"]) == {"road"}
    interoceanica = table.links[table.links["ref"] == "PE-30C"]
    assert 250 < interoceanica["km"].sum() < 600
    given = pyogrio.read_dataframe(NETWORKS / "osm_ioh" / "mdd_roads.shp", columns=[])
    length = sum(Geod(ellps="WGS84").geometry_length(shape) for shape in given.geometry) / 1000
    assert table.links["km"].sum() == pytest.approx(length, rel=0.01)


@pytest.mark.shared
@pytest.mark.skipif(not NETWORKS.is_dir(), reason="the networks are not beside the checkout")
def test_a_network_of_4000_nodes_is_travelled():
    """Cusco - Puerto Maldonado, by the nodes nearest to them."""
    tables, _ = read_network(NETWORKS / "network_merged_PE.gpkg")
    G = build_network(tables.places, tables.links, modes=("road",))
    assert all("geometry" in link for *_, link in G.edges(data=True))
    spots = shapely.points(tables.places[["lon", "lat"]].to_numpy())
    cusco, maldonado = (
        tables.places["place_id"].iloc[int(np.argmin(shapely.distance(spots, shapely.Point(at))))]
        for at in ((-71.967, -13.532), (-69.189, -12.593))
    )
    hours = nx.dijkstra_path_length(G, cusco, maldonado, weight="hours")
    pair = pd.DataFrame({"origin": [cusco], "destination": [maldonado]})
    assert least_cost_paths(G, pair)["hours"].tolist() == pytest.approx([hours])
    load = spread_flows(G, pair).links
    into = load.loc[load["to"] == maldonado, "load_forward"].sum()
    into += load.loc[load["from"] == maldonado, "load_back"].sum()
    assert into == pytest.approx(1)
