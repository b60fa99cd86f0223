"""Inferred corridors against itineraries: by hand on a toy network, and as the docs say."""

import importlib.util
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from corredor.geodata import check_table
from corredor.geodata.study.publication import narrow
from corredor.routes import SURFACE, compare_itineraries

PLACES = """place_id,place,region,ubigeo,lat,lon,kind,note,source_id
a,A,,,-9,-75,city,,base
b,B,,,-9,-74.5,city,,base
c,C,,,-9.2,-74.5,city,,base
d,D,,,-9,-74,city,,base"""
# By b it takes 2 hours, by c 4; the river from a to c takes 9 for 40 km.
LINKS = """link_id,from,to,mode,ref,surface,km,hours,hours_back,basis,note
ab,a,b,road,,,50,1,,estimated,
bd,b,d,road,,,60,1,,estimated,
ac,a,c,road,,,70,2,,estimated,
cd,c,d,road,,,80,2,,estimated,
river,a,c,river,,,40,9,,estimated,
fly,a,d,air,,,100,0.1,,estimated,"""


def table(text, name):
    header, *rows = (line.split(",") for line in text.splitlines())
    return check_table(pd.DataFrame(rows, columns=header), name)


@pytest.fixture
def study(toy_publication):
    """The toy study with the network above; its itineraries are for each test to fill in."""
    places = table(PLACES, "network_places")

    def build(*routes):
        rows = [
            (route, str(seq), stop, mode, "base")
            for route, stops in routes
            for seq, (stop, mode) in enumerate(stops, start=1)
        ]
        stops = pd.DataFrame(rows, columns=["route_id", "seq", "place_id", "mode_to_next",
                                            "source_id"])  # fmt: skip
        spots = pd.DataFrame(
            {"place_id": list("abcd"), "name": list("ABCD"), "ubigeo": "", "kind": "city",
             "lat": ["-9", "-9", "-9.2", "-9"], "lon": ["-75", "-74.5", "-74.5", "-74"]}
        )  # fmt: skip
        lost = pd.DataFrame([{"place_id": "lost", "name": "Lost", "ubigeo": "", "kind": "area",
                              "lat": "", "lon": ""}])  # fmt: skip
        tables = replace(
            toy_publication.tables,
            places=check_table(pd.concat([spots, lost]), "places"),
            network_places=places,
            network_links=table(LINKS, "network_links"),
            itineraries=check_table(stops, "itineraries"),
        )
        return narrow(toy_publication, tables=tables)

    return build


def compared(publication, theta, modes=("road", "river")):
    found = compare_itineraries(publication, thetas=(theta,), choices=(modes,))
    return found.set_index("route_id")


def test_the_fastest_way_covers_a_route_or_does_not(study):
    publication = study(
        ("north", [("a", "road"), ("b", "road"), ("d", "")]),
        ("south", [("a", "road"), ("c", "road"), ("d", "")]),
        ("boat", [("a", "river"), ("c", "road"), ("d", "")]),
        ("both", [("a", "unknown"), ("b", "road"), ("a", "road"), ("c", "road"), ("d", "")]),
    )
    found = compared(publication, "fastest")
    assert found["stops_share"].to_dict() == {"north": 1, "south": 0, "boat": 0, "both": 0.5}
    assert found["km"].to_dict() == {"north": 110, "south": 150, "boat": 120, "both": 200}
    assert found["km_share"].to_dict() == {"north": 1, "south": 0, "boat": 0, "both": 0.25}
    assert found["unknown_km"].to_dict() == {"north": 0, "south": 0, "boat": 0, "both": 50}


def test_alternatives_share_a_route_by_their_likelihood(study):
    """Two ways of 2 and 4 hours with theta 0.5: the odds are e to 1 (and the boat, 17 hours)."""
    publication = study(("south", [("a", "road"), ("c", "road"), ("d", "")]))
    found = compared(publication, 0.5, modes=("road",)).loc["south"]
    likely = 1 / (1 + np.e)
    assert found["stops_share"] == pytest.approx(likely)
    assert found["km_share"] == pytest.approx(likely)


def test_flights_take_what_they_can(study):
    publication = study(("north", [("a", "road"), ("b", "road"), ("d", "")]))
    found = compared(publication, "fastest", modes=("road", "air"))
    assert found["stops_share"].tolist() == [0.0]
    assert found["km"].tolist() == [110.0]  # the published way stays by road


def test_links_of_modes_that_are_not_chosen_are_not_passed(study):
    publication = study(("boat", [("a", "river"), ("c", "road"), ("d", "")]))
    found = compared(publication, 0.5, modes=("road",)).loc["boat"]
    assert found["km"] == 120
    assert found["km_share"] == pytest.approx(80 / 120 / (1 + np.e))


def test_hubs_that_are_told_are_stages_and_not_tested(peru_publication):
    ends = compare_itineraries(peru_publication, thetas=("some",), choices=(SURFACE,))
    told = compare_itineraries(peru_publication, thetas=("some",), choices=(SURFACE,), hubs=True)
    both = ends.merge(told, on=["route_id", "source_id"], suffixes=("", "_told"))
    route = both.set_index("route_id").loc["CHS-2"]
    assert (route["stops"], route["stops_told"]) == (5, 4)  # Pucallpa is told
    assert route["stops_share_told"] > route["stops_share"]
    same = both[both["stops"] == both["stops_told"]]
    assert len(same)
    assert same["stops_share"].equals(same["stops_share_told"].rename("stops_share"))
    assert (both["near_share"].fillna(0) >= both["stops_share"].fillna(0) - 1e-9).all()


def test_stops_without_a_place_and_routes_of_two_ends_are_told(study):
    publication = study(
        ("ends", [("a", "road"), ("d", "")]),
        ("gap", [("a", "road"), ("lost", "road"), ("d", "")]),
        ("nowhere", [("a", "road"), ("lost", "")]),
    )
    found = compared(publication, "some")
    assert found.index.tolist() == ["ends", "gap"]
    assert found["stops"].tolist() == [0, 0]
    assert found["not_found"].tolist() == [0, 1]
    assert found["stops_share"].isna().all()


def test_ends_that_no_way_joins_have_no_share(study):
    publication = study(("south", [("a", "road"), ("c", "road"), ("d", "")]))
    found = compared(publication, "some", modes=("river",)).loc["south"]
    assert np.isnan(found["km_share"])
    assert np.isnan(found["stops_share"])


def test_the_tables_of_the_documentation_are_what_the_script_writes(repository):
    path = repository / "docs" / "compare_itineraries.py"
    spec = importlib.util.spec_from_file_location("compare_itineraries_script", path)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.main(["--check"]) == 0, "run: python docs/compare_itineraries.py"
    assert "| CHS-3, Cusco – Puerto Maldonado (`spaciolibre_chs`) | 7 |" in script.render_tables()
