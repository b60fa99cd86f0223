"""Studies whose layer is one as published, of any level; shapes and counts are invented."""

import json
import re

import pandas as pd
import pytest
from corredor.geodata import (
    StudyError,
    add_rates,
    build_figures,
    describe_study,
    match_complaints,
    read_study,
    render_sections,
)
from toy import geojson, square

PROVINCES = (("0701", "PROV. CONST. DEL CALLAO", -77.2, -12.1), ("1501", "LIMA", -77.0, -12.3),
             ("1502", "BARRANCA", -77.8, -10.9))  # fmt: skip
COMPLAINTS = """\
unit,place,ubigeo,period_start,period_end,measure,register,purpose,value,basis,source_id
region,,0701,2017-01,2018-12,victims,PNP,all,12,published,police
region,,150101,2017-01,2018-12,victims,PNP,all,5,published,police
region,,150132,2017-01,2018-12,victims,PNP,all,7,published,police
region,,15,2017-01,2018-12,victims,PNP,all,40,published,police
"""
POPULATION = """\
ubigeo,name,population,year,source_id
0701,Callao,1000000,2017,report
1501,Lima,8000000,2017,report
"""
EMPTY = ("rankings", "places", "flows", "itineraries", "network_places", "network_links",
         "districts")  # fmt: skip


@pytest.fixture
def provinces(toy_folder):
    """A study of three provinces as INEI prints them, with counts of provinces and districts."""
    rows = [
        ({"CCDD": code[:2], "CCPP": code[2:], "NOMBPROV": name}, square(x, y, 0.1))
        for code, name, x, y in PROVINCES
    ]
    (toy_folder / "PROVINCIAS.geojson").write_text(geojson(*rows), encoding="utf-8")
    (toy_folder / "complaints.csv").write_text(COMPLAINTS, encoding="utf-8")
    (toy_folder / "population.csv").write_text(POPULATION, encoding="utf-8")
    config(toy_folder, 'file = "PROVINCIAS.geojson", level = "province"')
    text = (toy_folder / "study.toml").read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not line.startswith(EMPTY)]
    (toy_folder / "study.toml").write_text("\n".join(kept), encoding="utf-8")
    return toy_folder


def config(folder, entry: str) -> None:
    file = folder / "study.toml"
    text = re.sub("regions = {.*}", f"regions = {{ {entry} }}", file.read_text(encoding="utf-8"))
    file.write_text(text, encoding="utf-8")


def test_a_study_of_provinces_joins_counts_and_rates(provinces):
    tables = read_study(provinces).tables
    assert tables.regions["ubigeo"].tolist() == ["0701", "1501", "1502"]
    assert set(tables.regions["level"]) == {"province"}
    account = match_complaints(
        tables.complaints, tables.districts, ubigeos=set(tables.regions["ubigeo"])
    )
    assert account.unmatched["value"].tolist() == [40]  # of a whole region: no province of it
    figures = add_rates(build_figures(account, tables.districts), tables.regions)
    figures = figures.set_index("ubigeo")
    assert figures["value"].to_dict() == {"0701": 12, "1501": 12}
    assert figures.at["0701", "rate"] == pytest.approx(12 / 1_000_000 / 2 * 100_000)
    assert pd.isna(figures.at["1501", "rate"])  # two districts are not the whole province


def test_the_account_of_the_layer_stands_in_the_description(provinces):
    study = read_study(provinces)
    assert study.boundaries is not None
    assert study.boundaries.rows_in == 3
    text = render_sections(describe_study(study))
    assert text.startswith("Provinces: 3\n")
    assert "1 region(s) without population" in text
    assert "2 rows of finer units, brought to 1 units of the layer by ubigeo." in text


def test_rows_without_a_shape_are_said_where_the_study_is_described(provinces):
    file = provinces / "PROVINCIAS.geojson"
    layer = json.loads(file.read_text(encoding="utf-8"))
    layer["features"][2]["geometry"] = None
    file.write_text(json.dumps(layer), encoding="utf-8")
    text = render_sections(describe_study(read_study(provinces)))
    assert "! 1 row(s) of the layer left out, without a geometry." in text


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ('file = "r.geojson", levle = "region"', "levle means nothing here. Did you mean 'level'"),
        ('file = "r.geojson", level = "provincia"', "level: use one of: region, province, dist"),
        ('file = "r.geojson", lima = true', "lima: use one of: merge, keep"),
        ('file = "r.geojson", columns = "A"', "Write columns = { ubigeo"),
    ],
)
def test_wrong_options_of_the_layer_name_the_remedy(toy_folder, entry, message):
    config(toy_folder, entry)
    with pytest.raises(StudyError, match=re.escape(message)):
        read_study(toy_folder)


def test_a_make_that_is_not_known_is_read_by_its_columns(toy_folder):
    file = toy_folder / "regions.geojson"
    layer = json.loads(file.read_text(encoding="utf-8"))
    for feature in layer["features"]:
        cells = feature["properties"]
        feature["properties"] = {"Schluessel": cells["ubigeo"], "Bezeichnung": cells["name"]}
    file.write_text(json.dumps(layer), encoding="utf-8")
    columns = 'columns = { ubigeo = "Schluessel", name = "Bezeichnung" }'
    config(toy_folder, f'file = "regions.geojson", {columns}')
    assert read_study(toy_folder).tables.regions["ubigeo"].tolist() == ["01", "02", "03", "04"]
