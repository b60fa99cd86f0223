"""The base map of a scene: waters, roads and capitals as packed numbers."""

import json

import numpy as np
from corredor.maps.scene.basemap import build_basemap


def unpack(packed: list[int]) -> list[list[float]]:
    """Return [lon, lat] of each point, the way the page reads them."""
    return (np.cumsum(np.reshape(packed, (-1, 2)), axis=0) / 1000).round(3).tolist()


def test_rivers_and_lakes_come_with_names_and_ranks(toy_publication):
    base = build_basemap(toy_publication.tables)
    (river,) = base["rivers"]
    assert (river["name"], river["rank"]) == (["Río Manso", "Manso River"], 1)
    assert unpack(river["lines"][0]) == [[-76, -8.25], [-75.5, -8.5], [-74, -8.25]]
    assert river["at"] == [-8.5, -75.5]
    (lake,) = base["lakes"]
    assert (lake["name"], lake["rank"]) == (["Lago Claro", "Lake Claro"], 3)
    assert sorted(unpack(lake["rings"][0])) == [
        [-75.5, -9.5],
        [-75.5, -9.25],
        [-75.25, -9.5],
        [-75.25, -9.25],
    ]


def test_only_roads_are_roads_and_only_capitals_with_a_point_are_drawn(toy_publication):
    base = build_basemap(toy_publication.tables)
    (road,) = base["roads"]
    assert sorted(unpack(road)) == [[-75.5, -8.5], [-74.5, -8.5]]
    assert base["capitals"] == [{"name": "Alto", "at": [-8.5, -75.5]}]


def test_links_in_a_row_become_one_line(peru_publication):
    base = build_basemap(peru_publication.tables)
    links = peru_publication.tables.network_links
    assert 40 < len(base["roads"]) < 0.75 * (links["mode"] == "road").sum()
    assert len(base["capitals"]) == 25
    assert json.dumps(base)


def test_a_study_without_any_of_it_has_an_empty_base_map(toy_publication):
    import dataclasses

    empty = {
        name: getattr(toy_publication.tables, name)[:0]
        for name in ("population", "network_places", "network_links")
    }
    tables = dataclasses.replace(toy_publication.tables, waters=None, **empty)
    assert build_basemap(tables) == {"rivers": [], "lakes": [], "roads": [], "capitals": []}
