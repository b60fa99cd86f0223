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


# Events of HTCDS 2.0 (`hte_`): one row an event, or all events of a case in one row. Invented.
EVENTS = {
    "long": (
        "cas_CaseNumber,prs_FirstName,vic_TypeOfExploitation,hte_Type,hte_City,hte_State,hte_Country,"
        "hte_Street,hte_Date,hte_Description\n"
        "C1,Zzana,SexualExploitation,Recruitment,Juliaca,Puno,Peru,Zzjr Uno 12,2022-01-03,Zzuno\n"
        "C1,Zzana,SexualExploitation,Transit,Cusco,Cusco,Peru,,2022-01-09,Zzdos\n"
        "C1,Zzana,SexualExploitation,Exploitation,Mazuko,Madre de Dios,Peru,,2022-02-01,\n"
        "C2,Zzbea,ForcedLabour,Exploitation,Lima,Lima,PE,,2023-05-01,\n"
        "C2,Zzbea,ForcedLabour,Recruitment,Iquitos,Loreto,PE,,2023-02-01,\n"
        "C3,Zzcid,ForcedLabour,Recruitment,El Alto,La Paz,BO,,2023-02-01,\n"
        "C3,Zzcid,ForcedLabour,Exploitation,,Puno,PE,,2023-03-01,\n"
        "C4,Zzdia,OrganRemoval,Recruitment,Huancayo,Junín,PE,,2023-03-01,\n"
    ),
    "wide by number": (
        "cas_CaseNumber;prs_FirstName;vic_TypeOfExploitation;hte_Type_1;hte_State_1;hte_Country_1;hte_Date_1;"
        "hte_Type_2;hte_State_2;hte_Country_2;hte_Date_2;hte_Type_3;hte_State_3;hte_Country_3;hte_Date_3\n"
        "C1;Zzana;SexualExploitation;Recruitment;Puno;PE;2022-01-03;Transit;Cusco;PE;2022-01-09;"
        "Exploitation;Madre de Dios;PE;2022-02-01\n"
        "C2;Zzbea;ForcedLabour;Exploitation;Lima;PE;2023-05-01;Recruitment;Loreto;PE;2023-02-01;;;;\n"
        "C3;Zzcid;ForcedLabour;Recruitment;La Paz;BO;2023-02-01;"
        "Exploitation;Puno;PE;2023-03-01;;;;\n"
        "C4;Zzdia;OrganRemoval;Recruitment;Junín;PE;2023-03-01;;;;;;;;\n"
    ),
    "wide by type": (
        "cas_CaseNumber,prs_FirstName,vic_TypeOfExploitation,hte_Recruitment_State,hte_Recruitment_Country,"
        "hte_Transit_State,hte_Exploitation_State,hte_Exploitation_Country,hte_Exploitation_Date\n"
        "C1,Zzana,SexualExploitation,Puno,PE,Cusco,Madre de Dios,PE,2022-02-01\n"
        "C2,Zzbea,ForcedLabour,Loreto,PE,,Lima,PE,2023-05-01\n"
        "C3,Zzcid,ForcedLabour,La Paz,BO,,Puno,PE,2023-03-01\n"
        "C4,Zzdia,OrganRemoval,Junín,PE,,,,\n"
    ),
    "labels": (
        "Case Number,First Name,Type,City,State,Country,Date,Description\n"
        "1,Zzana,Recruitment,,Puno,Peru,2022-01-03,\n1,Zzana,Transit,,Cusco,Peru,2022-01-05,\n"
        "1,Zzana,Exploitation,,Madre de Dios,Peru,2022-02-01,Zzuno\n"
        "2,Zzbea,Exploitation,,Lima,Peru,2023-03-01,\n2,Zzbea,Recruitment,,Loreto,Peru,2023-02-01,\n"
        "3,Zzcid,Recruitment,El Alto,La Paz,Bolivia,2023-02-01,\n"
        "3,Zzcid,Exploitation,,Puno,Peru,2023-03-01,\n4,Zzdia,Recruitment,,Junín,Peru,2023-03-01,\n"
    ),
    "Spanish": (
        "N° de caso;Nombre;Tipo de evento;Departamento;País;Fecha\n"
        "1;Zzana;Captación;Puno;Perú;03/01/2022\n1;Zzana;Tránsito;Cusco;Perú;15/01/2022\n"
        "1;Zzana;Explotación;Madre de Dios;Perú;01/02/2022\n"
        "2;Zzbea;Explotación;Lima;Perú;01/03/2023\n2;Zzbea;Captación;Loreto;Perú;01/02/2023\n"
        "3;Zzcid;Captación;La Paz;Bolivia;01/02/2023\n3;Zzcid;Explotación;Puno;Perú;01/03/2023\n"
        "4;Zzdia;Captación;Junín;Perú;01/03/2023\n"
    ),
    "a repeat of ODK": (
        "PARENT_KEY,KEY,hte-hte_Type,hte-hte_State,hte-hte_Country,hte-hte_Date\n"
        "uuid:1,uuid:1/hte[1],Recruitment,Puno,PE,2022-01-03\n"
        "uuid:1,uuid:1/hte[2],Exploitation,Madre de Dios,PE,2022-02-01\n"
        "uuid:2,uuid:2/hte[1],Recruitment,Loreto,PE,2023-01-03\n"
        "uuid:2,uuid:2/hte[2],Exploitation,Lima,PE,2023-02-01\n"
        "uuid:3,uuid:3/hte[1],Recruitment,La Paz,Bolivia,2023-01-03\n"
        "uuid:3,uuid:3/hte[2],Exploitation,Puno,PE,2023-02-01\n"
        "uuid:4,uuid:4/hte[1],Recruitment,Junín,PE,2023-01-03\n"
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", EVENTS)
def test_events_of_htcds(tmp_path, form):
    path = tmp_path / "e.csv"
    path.write_text(EVENTS[form], encoding="utf-8")
    assert "HTCDS" in check_file(path, {}).render()
    reading = read_any("htcds", path, OPTIONS)
    table = reading.table.flows
    abroad = ("bolivia_frontera", "21")
    assert pairs_of(reading).to_dict() == {("16", "15"): 1, ("21", "17"): 1, abroad: 1}
    if "vic_" in EVENTS[form]:
        assert set(table["purpose"]) == {"sexual", "labour"}
    assert sorted(set(table["period_start"])) == ["2022-01", "2023-01"]
    reasons = {str(part.reason): part.rows for part in reading.account.left_out}
    assert reasons["the destination is not given"] == 1
    assert reading.account.rows_in == 4
    assert ("of transit" in reading.account.render()) == (form != "a repeat of ODK")
    assert "Zz" not in seen(reading)


def test_several_places_of_exploitation_are_said(tmp_path):
    path = tmp_path / "e.csv"
    path.write_text(
        "CaseID,hte_Type,hte_State,hte_Date\nC1,Exploitation,Cusco,2022-05\n"
        "C1,Recruitment,Puno,2022-01\nC1,Exploitation,Madre de Dios,2022-03\n"
        "C2,Recruitment,Puno,2022-01\nC2,Exploitation,Lima,2022-02\n",
        encoding="utf-8",
    )  # fmt: skip
    reading = read_any("htcds", path, OPTIONS)
    # The first place of exploitation after recruitment, by the dates.
    assert pairs_of(reading).to_dict() == {("21", "15"): 1, ("21", "17"): 1}
    assert "1 further event" in reading.account.render()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("hte_Type,hte_State,hte_Date\nRecruitment,Puno,2022-01-01\nExploitation,Lima,2022-02-01\n",
         "no column says which case"),
        ("hte_Id,hte_Type,hte_State\nE1,Recruitment,Puno\nE2,Exploitation,Lima\n",
         "no column says which case"),
        ("CaseID,hte_Type,hte_Date\nC1,Recruitment,2022-01\nC1,Exploitation,2022-01\n",
         "hte_State"),
        ("CaseID,hte_Type,hte_State\nC1,Captured,Puno\nC1,Exploitation,Lima\n", "hte_Type"),
    ],
)  # fmt: skip
def test_events_without_a_case_are_refused_with_the_reason(tmp_path, text, reason):
    path = tmp_path / "e.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CorredorError, match=reason):
        check_file(path, {})
