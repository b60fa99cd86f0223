"""Whether links can be as the tables say."""

import pandas as pd
import pytest
from corredor.routes import build_network, check_links, least_cost_paths


def test_every_link_of_the_embedded_network_is_plausible(peru_study):
    tables = peru_study.tables
    found = check_links(tables.network_places, tables.network_links)
    assert found.empty, found.to_string()


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"km": 60.0}, "km", "too_short"),
        ({"km": 900.0, "hours": 15.0}, "km", "too_long"),
        ({"hours": 0.9}, "hours", "too_fast"),
        ({"hours": 9.0}, "hours", "too_slow"),
        ({"hours_back": 0.0}, "hours_back", "too_fast"),
        ({"mode": "river", "surface": "water", "fast_hours": 1.0}, "fast_hours", "too_fast"),
        ({"wet_hours": 20.0}, "wet_hours", "too_slow"),
    ],
)
def test_what_cannot_be_is_listed(change, column, reason):
    """A paved road of 120 km between two places 111 km apart, in two hours."""
    places = pd.DataFrame({"place_id": ["a", "b"], "lat": [-9.0, -10.0], "lon": [-75.0, -75.0]})
    link = {"link_id": "L", "from": "a", "to": "b", "mode": "road", "surface": "paved",
            "km": 120.0, "hours": 2.0, "hours_back": float("nan")}  # fmt: skip
    assert check_links(places, pd.DataFrame([link])).empty
    found = check_links(places, pd.DataFrame([{**link, **change}]))
    assert (column, reason) in set(zip(found["column"], found["reason"], strict=True))


def test_boats_of_both_classes_and_both_seasons_are_told(peru_study):
    links = peru_study.tables.network_links
    rivers = links[links["mode"] == "river"]
    assert rivers["fast_hours"].notna().sum() > 15
    assert (rivers["fast_hours"] < rivers["hours"]).where(rivers["fast_hours"].notna(), True).all()
    wet = links[links["wet_hours"].notna()]
    assert (wet["wet_hours"] >= wet["hours"]).all()
    assert set(wet["surface"]) == {"unpaved", "track"}
    assert set(links["caution"].dropna()) - {""} == {"closed_in_rains", "dangerous"}
    by_id = links.set_index("link_id")
    assert {by_id.at["L482", "from"], by_id.at["L482", "to"]} == {"panao", "tingo_maria"}
    for note, caution in (("cut in the rains", "closed_in_rains"), ("dangerous", "dangerous")):
        said = links[links["note"].fillna("").str.contains(note)]
        assert (said["caution"] == caution).all()


def test_lima_ayacucho_takes_as_long_as_a_bus(peru_publication):
    tables = peru_publication.tables
    pair = pd.DataFrame({"origin": ["lima"], "destination": ["ayacucho"]})
    roads = build_network(tables.network_places, tables.network_links, modes=("road",))
    assert 9 <= least_cost_paths(roads, pair)["hours"].item() <= 10
