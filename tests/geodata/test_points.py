"""Points of places are checked against their own region and against where places can lie."""

import csv
import io

import pytest
from corredor.geodata import TableError, copy_embedded, read_study
from corredor.geodata.study.points import point_faults


@pytest.fixture
def study(tmp_path):
    return copy_embedded(tmp_path / "mine")


def change_point(study, table, key, lat, lon, **cells):
    """Write another point, and other cells, into a row; return its row number."""
    file = study / f"{table}.csv"
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))
    at = next(n for n, row in enumerate(rows) if next(iter(row.values())) == key)
    rows[at] |= {"lat": lat, "lon": lon, **cells}
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    file.write_text(out.getvalue(), encoding="utf-8")
    return at + 2


# Puerto Maldonado, 17 Madre de Dios, lies at -12.6, -69.2.
CASES = [
    ("-69.189", "-12.593", "lat and lon are exchanged: write lat -12.593, lon -69.189"),
    ("69.189", "12.593", "lat and lon are exchanged: write lat -12.593, lon -69.189"),
    ("12.593", "69.189", "A minus sign was lost: write lat -12.593, lon -69.189"),
    ("12.593", "-69.189", "A minus sign was lost"),
    ("-12.593", "69.189", "A minus sign was lost"),
    ("-1.2593", "-69.189", "The decimal point slipped: write lat -12.593, lon -69.189"),
    ("-12.593", "-6.9189", "The decimal point slipped: write lat -12.593, lon -69.189"),
    ("-0.12593", "-0.69189", "The decimal point slipped: write lat -12.593, lon -69.189"),
    ("0", "0", "Check lat, lon and ubigeo"),
    ("-15.84", "-70.02", "Check lat, lon and ubigeo"),  # Puno
]


@pytest.mark.parametrize(("lat", "lon", "fix"), CASES)
@pytest.mark.parametrize("table", ["places", "network_places"])
def test_a_point_outside_its_region_is_a_fault_with_the_likely_slip(
    study, peru_study, table, lat, lon, fix
):
    rows = getattr(peru_study.tables, table)
    rows = rows[(rows["ubigeo"].str[:2] == "17") & rows["lat"].notna()]
    key = rows[(rows["lat"] + 12.6).abs().lt(0.1) & (rows["lon"] + 69.2).abs().lt(0.1)].iloc[0, 0]
    row = change_point(study, table, key, lat, lon)
    with pytest.raises(TableError) as caught:
        read_study(study)
    (fault,) = caught.value.faults
    assert (fault.row, fault.column, fault.value) == (row, "lat", key)
    assert "does not lie in its region, Madre de Dios" in fault.reason.render()
    assert fix in fault.fix.render()


def test_the_point_of_a_capital_is_checked_too(study):
    change_point(study, "population", "17", "-69.2", "-12.6")
    with pytest.raises(TableError, match=r"population.*\n.*'17'.*Madre de Dios.*exchanged"):
        read_study(study)


@pytest.mark.parametrize(
    ("lat", "lon", "fine"),
    [
        ("-69.2", "-12.6", False),  # Antarctica
        ("0", "0", False),
        ("40.4", "-3.7", True),  # Madrid
        ("-10.9", "-68.7", True),  # Cobija
    ],
)
def test_a_place_abroad_lies_anywhere_but_where_nobody_lives(study, lat, lon, fine):
    places = read_study(study).tables.places
    key = places[(places["ubigeo"] == "") & places["lat"].notna()]["place_id"].iloc[0]
    change_point(study, "places", key, lat, lon)
    if fine:
        assert read_study(study)
        return
    with pytest.raises(TableError, match="No place can lie at lat"):
        read_study(study)


@pytest.mark.parametrize(("lat", "lon"), [("-69.2", "-12.6"), ("12.6", "69.2"), ("40.4", "-3.7")])
def test_a_place_of_the_network_lies_around_peru(study, lat, lon):
    places = read_study(study).tables.network_places
    key = places[places["lat"].notna()]["place_id"].iloc[0]
    change_point(study, "network_places", key, lat, lon, ubigeo="")
    with pytest.raises(TableError, match=r"network_places.*\n.*No place can lie at lat"):
        read_study(study)


def test_in_a_layer_of_a_part_of_the_country_other_regions_lie_in_peru(peru_study):
    regions = peru_study.tables.regions
    part = regions[regions["ubigeo"] == "08"]
    places = peru_study.tables.places
    assert point_faults(places, part, near=False) == []
    turned = places.rename(columns={"lat": "lon", "lon": "lat"})
    assert len(point_faults(turned, part, near=False)) >= 20


def test_faults_of_several_files_name_their_own_rows(study):
    text = (study / "places.csv").read_text(encoding="utf-8").splitlines()
    (study / "more.csv").write_text(
        f"{text[0]}\nx,Puerto X,,17,city,-69.2,-12.6{',' * (text[0].count(',') - 6)}\n"
    )
    toml = (study / "study.toml").read_text(encoding="utf-8")
    new = toml.replace('places = { file = "places.csv" }',
                       'places = { file = ["places.csv", "more.csv"] }')  # fmt: skip
    (study / "study.toml").write_text(new, encoding="utf-8")
    with pytest.raises(TableError, match=r"more\.csv.*\n.*row 2, column lat, 'x'"):
        read_study(study)
