"""The members of an area: places of the study that are no areas themselves."""

import csv

import pytest
from corredor.geodata import TableError, protect, read_study
from corredor.routes import find_corridors, locate_places


def write_members(folder, **members):
    """Add a column of members to the places of a study."""
    path = folder / "places.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0], "members"])
        writer.writeheader()
        writer.writerows({**row, "members": members.get(row["place_id"], "")} for row in rows)


def test_an_area_is_spread_over_its_members_and_no_flow_counts_more_than_once(toy_folder):
    write_members(toy_folder, costa="01 02")
    corridors = find_corridors(protect(read_study(toy_folder)))
    ends = locate_places(read_study(toy_folder).tables, corridors.network)
    coast = ends[ends["place_id"] == "costa"]
    assert dict(zip(coast["network_place"], coast["share"], strict=True)) == {"a": 0.5, "b": 0.5}
    # F5 goes from Brisa to the coast: half of it to Ámbar, half of it stays.
    pairs = corridors.pairs.set_index(["origin", "destination"])
    assert pairs.at[("b", "a"), "weight"] == pairs.at[("b", "b"), "weight"] == 0.5
    assert pairs.at[("b", "b"), "status"] == "internal"
    left = corridors.left_out.set_index("flow_id")["reason"]
    assert left["F5"] == "part"


def test_an_area_gives_nothing_away_to_the_places_that_are_on_the_network(toy_folder):
    """Pozo is not on the network: its half goes nowhere, and that is said."""
    write_members(toy_folder, costa="01 pozo")
    corridors = find_corridors(protect(read_study(toy_folder)))
    coast = corridors.ends[corridors.ends["place_id"] == "costa"]
    assert coast["share"].tolist() == [0.5]
    pairs = corridors.pairs.set_index(["origin", "destination"])
    assert pairs.at[("b", "a"), "weight"] == 0.5
    assert corridors.left_out.set_index("flow_id")["reason"]["F5"] == "part"


@pytest.mark.parametrize(
    ("members", "match"),
    [
        ({"costa": "01 poso"}, r"row \d, column members, 'poso'.*Did you mean 'pozo'"),
        ({"costa": "costa"}, "no place of the table that is not an area itself"),
        ({"pozo": "01"}, "Only a place of the kind area has members"),
    ],
)
def test_members_that_are_no_places_are_refused(toy_folder, members, match):
    write_members(toy_folder, **members)
    with pytest.raises(TableError, match=match):
        read_study(toy_folder)
