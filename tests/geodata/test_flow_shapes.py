"""Tables of flows in other shapes, and records of open-data portals. All figures are invented."""

import json

import pytest
from corredor.geodata import CorredorError
from corredor.geodata.intake.read import check_file, read_any


@pytest.fixture
def path(tmp_path):
    def write(text, name="t.csv"):
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        return file

    return write


def pairs(reading):
    table = reading.table
    return dict(zip(zip(table["origin"], table["destination"], strict=True), table["value"],
                    strict=True))  # fmt: skip


def read(file):
    assert "flows" in check_file(file, {}).taken_for.text
    return read_any("flows", file, {"source_id": "s"})


def test_both_directions_in_one_row(path):
    text = "origen,destino,ida,vuelta,año\nPuno,Lima,3,1,2022\nCusco,Ica,12,0,2022\n"
    reading = read(path(text))
    assert pairs(reading) == {("21", "15"): 3, ("15", "21"): 1, ("08", "11"): 12}
    assert (reading.account.rows_in, reading.account.total_in) == (4, 16)
    assert set(reading.table["period_start"]) == {"2022-01"}


def test_i_j_fij(path):
    assert pairs(read(path("i,j,fij\nPuno,Lima,3\nCusco,Ica,12\n"))) == {
        ("21", "15"): 3, ("08", "11"): 12,
    }  # fmt: skip


@pytest.mark.parametrize(
    "header",
    ["origin_lat,origin_lon,dest_lat,dest_lon,count",
     "lat_origen,lon_origen,lat_destino,lon_destino,casos",
     "o_y,o_x,d_y,d_x,casos"],
)  # fmt: skip
def test_ends_by_coordinates(path, header):
    file = path(
        f"{header}\n-15.8402,-70.0219,-12.0464,-77.0428,3\n-13.53,-71.97,-12.59,-69.19,12\n"
    )
    reading = read(file)
    assert sorted(reading.table["value"]) == [3, 12]
    said = reading.account.render() + reading.table.to_csv()
    assert "km away as a rule" in said
    assert "-15.84" not in said
    assert "77.04" not in said


RECORDS = [{"departamento": "Puno", "anio": 2022, "denuncias": 3},
           {"departamento": "Ica", "anio": 2022, "denuncias": 4}]  # fmt: skip
FIELDS = [{"id": name} for name in RECORDS[0]]


@pytest.mark.parametrize(
    "document",
    [RECORDS, {"records": RECORDS}, {"fields": FIELDS, "records": RECORDS},
     {"success": True, "result": {"fields": FIELDS, "records": [[*r.values()] for r in RECORDS]}},
     {"columns": list(RECORDS[0]), "data": [[*r.values()] for r in RECORDS]}],
)  # fmt: skip
def test_records_of_open_data_portals(path, document):
    file = path(json.dumps(document), "datos.json")
    account = check_file(file, {})
    assert (account.total_out, account.rows_out) == (7, 2)
    options = {"source_id": "s", "register": "X", "measure": "complaints"}
    assert read_any("complaints", file, options).table["value"].sum() == 7


def test_other_json_is_no_table(path):
    for document in ({"a": 1}, [1, 2], [{"a": {"b": 1}}], {"records": []}):
        with pytest.raises(CorredorError):
            check_file(path(json.dumps(document), "x.json"), {})


def test_a_table_of_countries_is_said_to_be_one(path):
    with pytest.raises(CorredorError, match="names countries"):
        check_file(path("pais,denuncias 2022\nBolivia,3\nChile,4\n"), {})
