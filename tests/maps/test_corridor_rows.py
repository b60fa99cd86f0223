"""Inferred corridors on the scene: the legs of `find_corridors`, apart from what is reported."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from corredor.geodata import protect
from corredor.maps import build_scene
from corredor.maps.corridors import LINE_SCALE, band_scale, corridor_rows, has_network
from corredor.maps.pack import unpack_numbers
from corredor.maps.positions import Positions
from corredor.routes import find_corridors


@pytest.fixture(scope="module")
def found(peru_study):
    return find_corridors(protect(peru_study))


@pytest.fixture(scope="module")
def rows(found, peru_study):
    return corridor_rows(found, Positions(peru_study.tables.flows["flow_id"]))


def test_legs_are_those_found_in_their_order(rows, found):
    shown = found.legs[found.legs["share"] >= 0.01]
    assert [leg["load"] for leg in rows["legs"]] == pytest.approx(shown["load"], abs=0.006)
    assert [leg["name"].replace(" – ", " - ") for leg in rows["legs"]] == shown["name"].tolist()
    assert rows["unshown"] == len(found.legs) - len(rows["legs"])
    assert rows["left"] == len(found.left_out)
    assert all(leg["low"] <= leg["load"] <= leg["high"] for leg in rows["legs"])


def test_flows_of_each_leg_come_back(rows, found, peru_study):
    ids = peru_study.tables.flows["flow_id"].tolist()
    counts = unpack_numbers(rows["flows"]["count"]).tolist()
    flows = [ids[n] for n in unpack_numbers(rows["flows"]["row"])]
    ends = np.cumsum(counts)
    for number in (0, 5, len(counts) - 1):
        mine = flows[ends[number] - counts[number] : ends[number]]
        assert sorted(mine) == sorted(found.legs["flow_ids"].iloc[number])


def test_a_line_goes_through_the_places_of_its_leg(rows, found, peru_study):
    places = peru_study.tables.network_places.set_index("place_id")
    line = np.cumsum(np.reshape(rows["legs"][4]["line"], (-1, 2)), axis=0) / LINE_SCALE
    stops = places.loc[list(found.legs["place_ids"].iloc[4]), ["lon", "lat"]].to_numpy()
    assert line == pytest.approx(stops, abs=1e-4)


def test_a_link_with_a_course_is_drawn_along_it(found, peru_study):
    leg = found.legs.iloc[0]
    start, end = (found.network.nodes[place] for place in leg["place_ids"][:2])
    from shapely import LineString

    network = found.network.copy()
    course = [(end["x"], end["y"]), (-70.0, -12.0), (start["x"], start["y"])]  # the other way round
    for edge in network.get_edge_data(*leg["place_ids"][:2]).values():
        edge["geometry"] = LineString(course)
    one = pd.DataFrame([leg])

    class Bent:
        legs, left_out = one, found.left_out
        kind, theta, modes = found.kind, found.theta, found.modes

    Bent.network = network
    rows = corridor_rows(Bent, Positions(peru_study.tables.flows["flow_id"]))
    line = np.cumsum(np.reshape(rows["legs"][0]["line"], (-1, 2)), axis=0) / LINE_SCALE
    assert line == pytest.approx(np.array(course[::-1]), abs=1e-4)


def test_the_widest_band_fits_and_the_legend_is_in_range():
    scale = band_scale(54.4)
    assert scale["px"] * 54.4 == pytest.approx(15, abs=0.01)
    assert scale["legend"] == [5, 10, 20]
    assert band_scale(0.4)["legend"] == [0.4]


def test_a_scene_has_corridors_only_if_they_are_given(toy_publication, peru_study, found):
    assert build_scene(toy_publication)["corridors"] is None
    tables = dataclasses.replace(
        toy_publication.tables, network_links=toy_publication.tables.network_links.head(0)
    )
    assert not has_network(dataclasses.replace(toy_publication, tables=tables))
    publication = protect(peru_study)
    assert has_network(publication)
    assert len(build_scene(publication, corridors=found)["corridors"]["legs"]) > 50
