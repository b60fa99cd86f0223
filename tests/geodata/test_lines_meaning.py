"""What lines mean: which are no roads, which of equal ones stays, and figures that can't be."""

import itertools
import json
import time

import geopandas as gpd
import numpy as np
import pytest
import shapely
from corredor.geodata import DataFileError, TableError, read_network

WEST, MIDDLE, EAST = (-72, -13), (-71, -13), (-70, -13)
HERE = shapely.linestrings([WEST, MIDDLE])
BEYOND = shapely.linestrings([MIDDLE, EAST])
KM = 108.49  # of one degree on 13° S


def save(tmp_path, shapes, **columns):
    path = tmp_path / "lines.geojson"
    gpd.GeoDataFrame(columns, geometry=list(shapes), crs=4326).to_file(path, driver="GeoJSON")
    return path


def left_out(account):
    return {part.reason.render(): part.rows for part in account.left_out}


# Lines that run along each other.


@pytest.mark.parametrize("order", [*itertools.permutations(range(3))])
def test_of_coincident_lines_the_fastest_stays_whatever_the_order(tmp_path, order):
    shapes, kinds = [HERE, HERE, BEYOND], ["track", "primary", "primary"]
    path = save(tmp_path, [shapes[at] for at in order], highway=[kinds[at] for at in order])
    tables, account = read_network(path)
    (hours,) = tables.links.loc[
        shapely.get_coordinates(tables.links.geometry)[::2, 0].round() == -72, "hours"
    ]
    assert hours == pytest.approx(2.1697, abs=1e-4)
    assert len(tables.links) == 2
    (reason,) = left_out(account)
    assert reason.endswith("which is as fast or faster: track 1")


@pytest.mark.parametrize("columns", [
    {"hours": [4.0, 2.0, 3.0]},
    {"velocidad": [20, 54, 40]},
    {"superficie": ["trocha", "asfaltado", "afirmado"]},
])  # fmt: skip
@pytest.mark.parametrize("order", [*itertools.permutations(range(3))])
def test_hours_speeds_and_surfaces_tell_which_is_fastest(tmp_path, order, columns):
    given = {name: [cells[at] for at in order] for name, cells in columns.items()}
    tables, account = read_network(save(tmp_path, [HERE] * 3, **given))
    assert tables.links["hours"].tolist() == pytest.approx([2.0], rel=0.02)
    assert sum(left_out(account).values()) == 2


def test_a_fast_road_along_a_part_of_a_slow_one_stays(tmp_path):
    long = shapely.linestrings([WEST, MIDDLE, EAST])
    for order in ([0, 1], [1, 0]):
        shapes, kinds = [long, HERE], ["track", "trunk"]
        path = save(tmp_path, [shapes[at] for at in order], highway=[kinds[at] for at in order])
        tables, _ = read_network(path)
        assert sorted(tables.links["km"] / tables.links["hours"]) == pytest.approx([18, 55])


# Lines that are no roads.


def test_lines_of_other_kinds_are_left_out_and_counted(tmp_path):
    none = [None] * 4
    columns = {
        name: [value if at == row else None for at in range(4)]
        for row, (name, value) in enumerate(
            (("highway", "primary"), ("power", "line"), ("railway", "rail"),
             ("boundary", "administrative"))
        )
    }  # fmt: skip
    shapes = [HERE, BEYOND, shapely.linestrings([WEST, (-72, -12)]),
              shapely.linestrings([(-72, -12), MIDDLE])]  # fmt: skip
    tables, account = read_network(save(tmp_path, shapes, **columns, name=none))
    assert tables.links["km"].tolist() == pytest.approx([KM], abs=0.1)
    assert left_out(account) == {
        "that are no road, river or flight: boundary=administrative 1, power=line 1,"
        " railway=rail 1": 3
    }


@pytest.mark.parametrize(
    ("columns", "modes", "reason"),
    [
        ({"highway": ["primary", None]}, ["road"], "no road, river or flight: - 1"),
        ({"highway": ["primary", ""]}, ["road"], "no road, river or flight: - 1"),
        ({"highway": ["primary", None], "waterway": [None, "river"]}, ["river", "road"], None),
        ({"highway": ["primary", None], "route": [None, "ferry"]}, ["river", "road"], None),
        ({"highway": ["primary", "trunk"], "railway": [None, "tram"]}, ["road", "road"], None),
        ({"fclass": ["primary", "rail"]}, ["road"], "no road, river or flight: rail 1"),
        ({"tipo_via": ["Nacional", "Ferrocarril"]}, ["road"], "ferrocarril 1"),
        ({"clase": ["vecinal", "Límite distrital"]}, ["road"], "limite distrital 1"),
        ({"modo": ["carretera", "ferrocarril"]}, ["road"], "ferrocarril 1"),
        ({"railway": [None, "rail"]}, ["road"], "railway=rail 1"),
        ({"clase": ["camino de herradura", "vecinal"]}, ["road", "road"], None),
        ({"nombre": ["a", None]}, ["road", "road"], None),
    ],
)
def test_what_is_no_way_to_travel_is_told_by_columns_and_words(tmp_path, columns, modes, reason):
    tables, account = read_network(save(tmp_path, [HERE, BEYOND], **columns))
    assert sorted(tables.links["mode"]) == modes
    said = " ".join(left_out(account))
    assert (reason in said) if reason else not said


def test_a_mode_that_is_given_goes_before_what_columns_say(tmp_path):
    path = save(tmp_path, [HERE, BEYOND], fclass=["primary", "rail"])
    tables, account = read_network(path, mode="road")
    assert len(tables.links) == 2
    assert not account.left_out


def test_a_layer_of_railways_alone_is_refused(tmp_path):
    path = save(tmp_path, [HERE, BEYOND], railway=["rail", "rail"])
    with pytest.raises(DataFileError, match=r"nothing that vehicles travel \(railway=rail\)"):
        read_network(path)


def test_a_transfer_joins_its_ends_and_is_no_road(tmp_path):
    port = shapely.linestrings([MIDDLE, (-70.98, -13.01)])
    river = shapely.linestrings([(-70.98, -13.01), EAST])
    path = save(tmp_path, [HERE, port, river], mode=["road", "transfer", "river"],
                ref=["PE-1", "", "Ucayali"])  # fmt: skip
    tables, account = read_network(path)
    assert sorted(tables.links["mode"]) == ["river", "road"]
    ends = [set(ends) for ends in tables.links[["from", "to"]].to_numpy()]
    assert len(ends[0] & ends[1]) == 1
    assert set().union(*ends) == set(tables.places["place_id"])
    assert "1 transfer(s) between means of travel" in account.render()
    assert account.extra["parts"] == 1


# Figures that can't be.


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"hours": [0, 2]}, r"row 1, column hours, '0': Nothing travels 108\.5 km in no time"),
        ({"hours": [0.5, 2]}, r"row 1, column hours, '0\.5': .*217\.0 km/h; by road it is 2 to"),
        ({"hours": [120, 2]}, r"row 1, column hours, '120': .*0\.9 km/h"),
        ({"hours": [2, 2], "hours_back": [2, 0]}, r"row 2, column hours_back, '0'"),
        ({"mode": ["river", "road"], "hours": [1, 2]}, r"row 1, .* 108\.5 km/h; by river it is"),
        ({"mode": ["air", "road"], "hours": [4, 2]}, r"row 1, .* 27\.1 km/h; by air it is 60 to"),
        ({"km": [1e9, 110]}, r"row 1, column km, '1e\+09': The line is drawn with 108\.5 km"),
        ({"km": [108_490, 110]}, r"row 1, column km, '108490'"),
        ({"km": [50, 110]}, r"row 1, column km, '50': .*the straight line .* 108\.5 km"),
        ({"km": [0, 110]}, r"row 1, column km, '0': This is shorter"),
        ({"velocidad": [900, 50]}, r"row 1, column velocidad, '900': By road it is 2 to 150 km/h"),
    ],
)  # fmt: skip
def test_lengths_hours_and_speeds_that_cannot_be_are_faults(tmp_path, columns, words):
    with pytest.raises(TableError, match=words):
        read_network(save(tmp_path, [HERE, BEYOND], **columns))


def test_all_faults_come_at_once(tmp_path):
    path = save(tmp_path, [HERE, BEYOND], hours=[0, 0], km=[1e9, 5])
    with pytest.raises(TableError) as caught:
        read_network(path)
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [
        (1, "km"), (2, "km"), (2, "hours")
    ]  # fmt: skip


@pytest.mark.parametrize(
    "columns",
    [
        {"km": [320, 110]},  # a river that winds
        {"km": [107, 110]},  # rounded
        {"hours": [2.5, None], "km": [None, 110]},
        {"mode": ["border", "road"], "hours": [30, 2]},
        {"mode": ["air", "road"], "hours": [0.5, 2]},
        {"velocidad": [0, 50]},  # not stated
    ],
)
def test_figures_that_can_be_pass(tmp_path, columns):
    assert len(read_network(save(tmp_path, [HERE, BEYOND], **columns)).table.links) == 2


@pytest.mark.parametrize("kind", ["many", "one"])
def test_a_tangle_of_lines_is_refused_before_it_fills_the_memory(tmp_path, kind):
    ends = np.random.default_rng(2).uniform((-72, -13), (-70, -11), (2_400, 2))
    shapes = shapely.linestrings(ends.reshape(-1, 2, 2)) if kind == "many" else [
        shapely.linestrings(ends)
    ]  # fmt: skip
    start = time.process_time()
    with pytest.raises(DataFileError, match=r"lines\.geojson: .*cross"):
        read_network(save(tmp_path, shapes, highway=["primary"] * len(shapes)))
    assert time.process_time() - start < 6


def test_a_vertex_that_is_no_number_is_the_reason_said(tmp_path):
    path = save(tmp_path, [HERE, BEYOND], highway=["primary", "primary"])
    content = json.loads(path.read_text())
    content["features"][0]["geometry"]["coordinates"].insert(1, [float("nan"), -13])
    path.write_text(json.dumps(content))
    tables, account = read_network(path)
    assert len(tables.links) == 1
    assert left_out(account) == {"with coordinates that are no numbers": 1}
