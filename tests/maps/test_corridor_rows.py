"""Inferred corridors on the scene: the legs of `find_corridors`, apart from what is reported."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from corredor.geodata import protect
from corredor.geodata.study.publication import narrow
from corredor.maps import build_scene
from corredor.maps.scene.corridors import LINE_SCALE, band_scale, corridor_rows, has_network
from corredor.maps.scene.pack import unpack_numbers
from corredor.routes import find_corridors


@pytest.fixture(scope="module")
def found(peru_study):
    return find_corridors(protect(peru_study))


@pytest.fixture(scope="module")
def rows(found, peru_study):
    return corridor_rows(found, peru_study.tables)


def test_legs_are_those_found_in_their_order(rows, found):
    shown = found.legs[found.legs["share"] >= 0.01]
    assert [leg["load"] for leg in rows["legs"]] == pytest.approx(shown["load"], abs=0.006)
    assert [leg["name"].replace(" – ", " - ") for leg in rows["legs"]] == shown["name"].tolist()
    assert all(leg["low"] <= leg["load"] <= leg["high"] for leg in rows["legs"])


def test_what_is_not_drawn_is_counted_with_what_it_carries(rows, found):
    """By kilometres: a share of 0.03 on 100 km weighs as much as one of 0.3 on 10 km."""
    drawn = found.legs["share"] >= rows["least"]
    carried = [
        (row.load * row.km, keep) for row, keep in zip(found.legs.itertuples(), drawn, strict=True)
    ]
    hidden = sum(work for work, keep in carried if not keep)
    assert rows["unshown"]["legs"] == len(found.legs) - len(rows["legs"]) > 0
    assert rows["unshown"]["share"] == pytest.approx(
        hidden / sum(work for work, _ in carried), abs=5e-5
    )


def test_places_where_flows_come_together_have_their_share(rows, found):
    """The share of all weight that touches a place, counted from the passages themselves."""
    pairs = found.pairs[found.pairs["status"] == "routed"]
    assert len(rows["hubs"]) > 3
    shares = [hub["share"] for hub in rows["hubs"]]
    assert shares == sorted(shares, reverse=True)
    assert all(0 <= hub["through"] <= 1 and 0 < hub["share"] <= 1 for hub in rows["hubs"])
    names = {data["name"]: place for place, data in found.network.nodes(data=True)}
    first = names[rows["hubs"][0]["name"]]
    ends = pairs.loc[(pairs["origin"] == first) | (pairs["destination"] == first), "weight"].sum()
    assert rows["hubs"][0]["share"] >= ends / found.pairs["weight"].sum() - 1e-3


def test_flows_on_no_leg_are_listed_with_the_reason(rows, found, peru_study):
    ids = peru_study.tables.flows["flow_id"].tolist()
    listed = {
        ids[flow]: group["reason"]
        for group in rows["left"]
        for flow in unpack_numbers(group["flows"])
    }
    assert list(listed) == found.left_out["flow_id"].tolist()
    assert all(es != en and es and en for es, en in listed.values())


def test_a_leg_knows_the_regions_and_places_it_passes(rows, found, peru_study):
    """Against the columns of the places of the network."""
    tables = peru_study.tables
    region_of = tables.network_places.set_index("place_id")["ubigeo"].str[:2]
    codes = tables.regions["ubigeo"].tolist()
    names = [row["name"] for row in tables.places.to_dict("records")]
    for leg, place_ids in zip(rows["legs"], found.legs["place_ids"], strict=False):
        wanted = set(region_of.loc[list(place_ids)]) - {""}
        assert {codes[region] for region in leg["regions"]} == wanted
        assert {names[stop] for stop in leg["stops"]} <= set(leg["places"])
    assert any(len(leg["regions"]) > 1 for leg in rows["legs"])
    assert any(leg["stops"] for leg in rows["legs"])


def test_regions_come_from_the_line_where_the_network_names_none(found, peru_study):
    """A network of lines alone has no ubigeo; the leg from Cusco goes to Madre de Dios."""
    network = found.network.copy()
    for _, data in network.nodes(data=True):
        data.pop("ubigeo")

    class Bare:
        legs, ends, left_out = found.legs, found.ends, found.left_out
        visits, pairs = found.visits, found.pairs
        kind, theta, modes = found.kind, found.theta, found.modes

    Bare.network = network
    first = corridor_rows(Bare, peru_study.tables)["legs"][0]
    names = peru_study.tables.regions["name"].tolist()
    passed = {names[region] for region in first["regions"]}
    assert {"Cusco", "Madre de Dios"} <= passed <= {"Cusco", "Madre de Dios", "Puno"}  # a corner


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
    leg = found.legs.iloc[0].copy()
    leg["place_ids"], leg["link_ids"] = leg["place_ids"][:2], leg["link_ids"][:1]
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
        ends, visits, pairs = found.ends, found.visits, found.pairs

    Bent.network = network
    rows = corridor_rows(Bent, peru_study.tables)
    line = np.cumsum(np.reshape(rows["legs"][0]["line"], (-1, 2)), axis=0) / LINE_SCALE
    assert line == pytest.approx(np.array(course[::-1]), abs=1e-4)


def test_the_widest_band_fits_and_the_legend_is_in_range():
    scale = band_scale(54.4)
    assert scale["px"] * 54.4 == pytest.approx(18, abs=0.01)
    assert scale["legend"] == [5, 10, 20]
    assert band_scale(0.4)["legend"] == [0.4]


def test_a_scene_has_corridors_only_if_they_are_given(toy_publication, peru_study, found):
    assert build_scene(toy_publication)["corridors"] is None
    tables = dataclasses.replace(
        toy_publication.tables, network_links=toy_publication.tables.network_links.head(0)
    )
    assert not has_network(narrow(toy_publication, tables=tables))
    publication = protect(peru_study)
    assert has_network(publication)
    assert len(build_scene(publication, corridors=found)["corridors"]["legs"]) > 40
