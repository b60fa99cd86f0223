"""Networks of lines: junctions close together are one place, and legs are what a planner names."""

import pytest
from corredor.geodata.lines.tables import name_point
from corredor.routes import find_corridors, list_alternatives, name_places
from corredor.routes.simplify import merge_junctions
from walkers import network


def bare(points, *links):
    """Return a network of places that have only their coordinates for a name."""
    G = network(*links)
    for place, (lon, lat) in points.items():
        G.nodes[place].update(name=name_point(lon, lat), x=lon, y=lat, kind="junction")
    return G


# A road from Alto to Bajo with two sides, a roundabout of three junctions on it, and a river close
# to the roundabout that no link joins with it.
POINTS = {
    "a": (-75.5, -8.5), "r1": (-75.000, -8.500), "r2": (-75.005, -8.500), "r3": (-75.000, -8.505),
    "b": (-74.5, -8.5), "port": (-75.003, -8.503), "up": (-75.3, -7.9),
}  # fmt: skip
LINKS = [
    ("a", "r1", 1.0), ("a", "r2", 1.1), ("r1", "r2", 0.01), ("r2", "r3", 0.01), ("r1", "r3", 0.01),
    ("r3", "b", 1.0), ("port", "up", 3.0, 3.0, "river"),
]  # fmt: skip


def test_junctions_close_together_are_one_place(toy_publication):
    named = name_places(bare(POINTS, *LINKS), toy_publication.tables)
    merged = merge_junctions(named)
    assert {"a", "b", "port", "up"} < set(merged)
    assert len(merged) == 5
    # One of the two sides of the road is left, the faster, and it keeps its hours.
    assert sorted(key for *_, key in merged.edges(keys=True)) == ["L0", "L5", "L6"]
    road = {key: link for *_, key, link in merged.edges(keys=True, data=True)}["L0"]
    assert (road["hours"], road["tail"]) == (1.0, "a")


def test_what_no_link_joins_stays_apart(toy_publication):
    merged = merge_junctions(name_places(bare(POINTS, *LINKS), toy_publication.tables))
    assert not any(set(edge) & {"port"} and set(edge) & {"a", "b"} for edge in merged.edges())
    assert merged.degree("port") == 1


def test_a_finely_cut_road_keeps_its_places():
    """A place each km: no chain of them collapses into one."""
    points = {f"p{n}": (-75 + n / 110, -8.0) for n in range(41)}
    G = bare(points, *((f"p{n}", f"p{n + 1}", 0.1) for n in range(40)))
    for place in G:
        G.nodes[place]["unnamed"] = True
    merged = merge_junctions(G)
    assert 8 <= len(merged) <= 22
    assert max(float(link["km"]) for *_, link in merged.edges(data=True)) < 5


def test_a_network_with_names_stays_as_it_is(peru_corridors):
    G = peru_corridors.network
    assert merge_junctions(G) is G


def test_the_legs_of_a_network_of_lines_run_between_towns(toy_publication):
    corridors = find_corridors(toy_publication, network=bare(POINTS, *LINKS))
    assert corridors.legs["name"].tolist() == ["Alto - Bajo"]
    ways = list_alternatives(corridors, "a", "b")
    assert ways["probability"].sum() == pytest.approx(1)
