"""Formats of the field, read without an option. All records are invented."""

import json
from pathlib import Path

import pytest
from corredor.geodata import CorredorError
from corredor.geodata.intake.context import read_ctdc, read_migration, read_population
from corredor.geodata.intake.read import check_file, read_any, study_resolver

FILES = Path(__file__).parent / "files" / "exports"
OPTIONS = {"source_id": "s", "register": "ONG"}
SECRETS = ("Ullocamayta", "Karlithza", "9555", "9550", "correo-inventado", "Sachapuquio", "Garza",
           "Yanashpa", "Illariy", "rpaucarhua", "-11.38", "94289276")  # fmt: skip


def seen(reading):
    said = reading.account.render("es") + json.dumps(reading.account.to_dict("en"))
    tables = vars(reading.table) if hasattr(reading.table, "flows") else {"t": reading.table}
    return said + "".join(t.to_csv() for t in tables.values() if hasattr(t, "to_csv"))


def pairs_of(reading):
    return reading.table.flows.groupby(["origin", "destination"])["value"].sum()


def test_htcds():
    reading = read_any("htcds", FILES / "h1_HTCDS_ong.xlsx", OPTIONS)
    pairs = pairs_of(reading)
    assert (len(pairs), pairs.sum(), pairs["21", "17"]) == (12, 20, 3)
    assert sorted(set(reading.table.flows["period_start"])) == ["2021-01", "2022-01", "2023-01"]
    assert set(reading.table.flows["purpose"]) == {"sexual", "labour"}
    assert "prs_FirstName" in reading.account.extra["dropped_columns"]
    assert [part.rows for part in reading.account.left_out] == [2, 25]
    assert not any(secret in seen(reading) for secret in SECRETS)


def test_kobo():
    reading = read_any("kobo", FILES / "h2_kobo_etiquetas.csv", OPTIONS)
    pairs = pairs_of(reading)
    assert (len(pairs), pairs.sum(), pairs["16", "15"]) == (10, 26, 6)
    assert sorted(set(reading.table.flows["period_start"])) == ["2022-01", "2023-01"]
    assert not any(secret in seen(reading) for secret in SECRETS)


def test_hxl():
    reading = read_any("hxl", FILES / "h3_hxl.xlsx", OPTIONS)
    table = reading.table
    assert set(table["measure"]) == {"victims"}
    assert (table["value"].sum(), table["ubigeo"].nunique()) == (592, len(set(table["ubigeo"])))
    assert len(table) == 18
    tacna = table[(table["ubigeo"] == "23") & (table["period_start"] == "2023-01")]
    assert tacna["value"].tolist() == [17]
    same = read_any("complaints", FILES / "h3_hxl.xlsx", {**OPTIONS, "measure": "victims"})
    assert same.table["value"].sum() == 592


def test_ctdc():
    reading = read_ctdc(FILES / "h4_ctdc_synthetic.tsv")
    said = reading.account.render()
    assert "45 people crossed the border of Peru" in said
    assert "BO -> PE: 12" in said
    assert "PE -> AR: 13" in said
    assert [(str(part.reason), part.rows) for part in reading.account.left_out] == [
        ("from Peru to Peru, without a region", 35)
    ]
    assert len(reading.table.flows) == 0


@pytest.mark.parametrize("form", ["cases/ctdc.csv", "exports/h4_ctdc_synthetic.tsv"])
def test_a_year_is_never_a_count_of_ctdc(form):
    account = check_file(FILES.parent / form, {})
    assert account.total_in is None
    assert "CTDC" in account.render()


def test_a_matrix_of_migration_is_context_and_no_reported_flow():
    reading = read_migration(FILES / "h5_inei_matriz.csv", source_id="s", resolver=study_resolver())
    table = reading.table
    assert (len(table), table["value"].sum()) == (42, 197_338)
    at = table.set_index(["origin", "destination"])["value"]
    assert at["03", "23"] == 8_628
    assert at["07+15", "17"] == 5_715
    assert set(table["topic"]) == {"migration"}
    assert set(zip(table["period_start"], table["period_end"], strict=True)) == {
        ("1988-01", "1993-12")
    }
    assert "two regions" in reading.account.render()
    kind = check_file(FILES / "h5_inei_matriz.csv", {})
    assert "no reported flows" in kind.render()


def test_a_wrong_total_of_migration_is_refused(tmp_path):
    text = (FILES / "h5_inei_matriz.csv").read_bytes().replace(b"31,255", b"31,256")
    (tmp_path / "m.csv").write_bytes(text)
    with pytest.raises(CorredorError, match="not the sum of its parts, which is 31255"):
        check_file(tmp_path / "m.csv", {})


def test_population_by_province():
    path = FILES / "h6_poblacion_provincias.csv"
    table = read_population(path, source_id="s", resolver=study_resolver()).table
    assert (len(table), table["population"].sum()) == (11, 2_161_925)
    at = table.set_index("ubigeo")["population"]
    assert (at["1601"], at["1603"]) == (118_801, 25_699)
    assert "population by provinces, 2017" in check_file(path, {}).render()


@pytest.mark.parametrize(
    ("text", "level", "total", "year"),
    [
        ("Departamento,Población 2017\nLima,9485405\nCusco,1205527\nTOTAL,10690932\n", 2,
         10_690_932, "2017"),
        ("Población censada por departamento\ndepartamento,1940,1961,2017\n"
         "Lima,828298,2031051,9485405\nPuno,548371,686260,1172697\n", 2, 10_658_102, "2017"),
        ("region,provincia,distrito,poblacion_2022\nCusco,Cusco,Wanchaq,60000\n"
         "Cusco,Cusco,Cusco,120000\n", 6, 180_000, "2022"),
        ("UBIGEO,Población Total 2020,Población Hombres 2020\n150101,270000,130000\n"
         "150102,40000,20000\n", 6, 310_000, "2020"),
    ],
)  # fmt: skip
def test_population_of_any_level_and_year(tmp_path, text, level, total, year):
    path = tmp_path / "p.csv"
    path.write_text(text, encoding="utf-8")
    account = check_file(path, {})
    assert "population by" in account.render()
    table = read_population(path, source_id="s", resolver=study_resolver()).table
    assert set(table["ubigeo"].str.len()) == {level}
    assert (table["population"].sum(), set(table["year"])) == (total, {year})


def test_tables_of_countries_are_said_to_be_so(tmp_path):
    path = tmp_path / "u.csv"
    path.write_text("Iso3_code,Country,Region,Indicator,Dimension,Category,Sex,Age,Year,VALUE\n"
                    "PER,Peru,Americas,Detected victims,Total,Total,Total,Total,2020,9\n",
                    encoding="utf-8")  # fmt: skip
    with pytest.raises(CorredorError, match="table of countries"):
        check_file(path, {})


FORMS = {
    "odk central": (
        "SubmissionDate,start,end,victima-nombre,victima-edad,captacion-departamento,"
        "explotacion-departamento,meta-instanceID,KEY,SubmitterName\n"
        "2022-03-04T10:00:00.000Z,x,y,Zzana Uno,15,puno,madre_de_dios,uuid:1,uuid:1,Zzpedro\n"
        "2022-05-04T10:00:00.000Z,x,y,Zzbea Dos,17,cusco,madre_de_dios,uuid:2,uuid:2,Zzpedro\n"
    ),
    "kobo names": (
        "start;end;grupo_victima/nombre;grupo_victima/tipo;grupo_captacion/departamento;"
        "grupo_explotacion/departamento;grupo_explotacion/tipo_explotacion;fecha_atencion;_id;_uuid\n"
        "a;b;Zzana Uno;interna;puno;madre_de_dios;sexual;2022-03-04;1;u1\n"
        "a;b;Zzbea Dos;interna;cusco;madre_de_dios;laboral;2022-04-04;2;u2\n"
    ),
    "google forms": (
        "Marca temporal,Nombre completo de la víctima,Edad,¿En qué departamento fue captada?,"
        "¿En qué departamento fue explotada?,Medio de captación\n"
        "04/03/2022 10:00:00,Zzana Uno,15,Puno,Madre de Dios,redes\n"
        "24/05/2022 10:00:00,Zzbea Dos,17,Cusco,Madre de Dios,agencia\n"
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_siblings_of_forms(tmp_path, form):
    path = tmp_path / "f.csv"
    path.write_text(FORMS[form], encoding="utf-8")
    account = check_file(path, {})
    assert (account.total_in, account.total_out) == (2, 2)
    assert "one row a case" in account.render()
    assert "Zz" not in account.render() + json.dumps(account.to_dict())


def test_hxl_flows(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("desde,hacia,gente\n#adm1+name+origin,#adm1+name+dest,#affected\nPuno,Lima,3\n"
                    "Cusco,Madre de Dios,12\n", encoding="utf-8")  # fmt: skip
    account = check_file(path, {})
    assert (account.rows_out, account.total_out) == (2, 15)
