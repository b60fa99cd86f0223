"""A register with one row a person is never a table of counts. All records are invented."""

import itertools

import pytest
from corredor.geodata import (
    CorredorError,
    read_cases,
    read_complaints,
    read_flows,
    read_itineraries,
)
from corredor.geodata.intake.read import check_file, study_resolver

REGISTERS = {
    "agraviada": "Departamento,Agraviada,Edad,Año,Denuncias\nLima,Zza Uno,15,2019,1\n"
    "Cusco,Zzb Dos,17,2019,1\n",
    "agraviada, two of one region": "Departamento,Agraviada,Edad,Año,Denuncias\n"
    "Lima,Zza Uno,15,2019,1\nLima,Zzb Dos,17,2019,2\nCusco,Zzc Tres,20,2020,1\n",
    "cem": "MES,CEM,VICTIMA_EDAD,VICTIMA_NRO_HIJOS,DPTO_OCURRIO,PROV_OCURRIO,DIST_OCURRIO,"
    "AGRESOR_EDAD,VINCULO,GOLPES,ASFIXIA,OTRO\n1,COMISARIA A,31,2,TACNA,TACNA,TACNA,40,PAREJA,1,,\n"
    "1,CENTRO B,22,0,JUNIN,HUANCAYO,CHILCA,25,EX PAREJA,,1,\n"
    "2,CENTRO C,19,1,PUNO,PUNO,PUNO,30,PAREJA,1,,1\n",
    "case ids": "id_caso,Departamento,Sexo,Año\nA-1,Lima,F,2019\nA-2,Cusco,M,2020\n",
    "age and ends": "Año,Origen,Destino,Edad\n2019,Puno,Lima,15\n2020,Cusco,Ica,17\n",
    "names and ends": "Origen;Destino;Nombre;Edad exacta;Año\nPuno;Lima;Zza Uno;15;2019\n"
    "Cusco;Ica;Zzb Dos;17;2020\n",
    "nationality and sex": "Departamento,Nacionalidad,Sexo,Fecha\nLima,peruana,F,2019-01-02\n"
    "Cusco,boliviana,M,2019-03-04\n",
}
AGGREGATES = {
    "by sex and age group": "Departamento,Año,Sexo,Grupo de edad,Casos\nLima,2019,F,0-17,12\n"
    "Lima,2019,M,0-17,3\nCusco,2019,F,0-17,7\nCusco,2019,M,0-17,1\n",
    "by single age": "Departamento,Edad,Casos,Año\nLima,15,4,2019\nCusco,16,2,2019\n",
    "attended": "Departamento,Sexo,Edad,Atendidos,Año\nLima,F,0-17,40,2019\nCusco,F,0-17,31,2019\n",
    "injured parties": "Departamento,Año,N° de agraviadas\nLima,2019,40\nCusco,2019,31\n",
}
NO_REGISTERS = {
    "schools": "codigo_modular,nombre_ie,direccion,telefono,departamento,provincia,distrito\n"
    "0234567,IE Zz 1,Av. Zz 1,014567890,Lima,Lima,Ate\n0234568,IE Zz 2,Jr. Zz 2,014567891,Cusco,"
    "Cusco,Wanchaq\n",
    "readings": "ESTACION,FECHA,LONGITUD,LATITUD,PM10,SO2,DEPARTAMENTO\nATE,20190101,-76.9,-12.0,"
    "88.1,12.3,LIMA\nATE,20190102,-76.9,-12.0,81.1,11.3,LIMA\n",
}


def headers_of(text):
    first = text.splitlines()[0]
    return first.split(";" if ";" in first else ",")


@pytest.mark.parametrize("name", REGISTERS)
def test_every_reader_of_aggregates_refuses_a_register_whatever_the_options(name, tmp_path):
    path = tmp_path / "r.csv"
    path.write_text(REGISTERS[name], encoding="utf-8")
    counted = {"source_id": "s", "register": "PNP", "measure": "victims"}
    found = {"source_id": "s", "resolver": study_resolver()}
    headers = headers_of(REGISTERS[name])
    for place, value in itertools.permutations(headers, 2):
        for more in ({}, {"add_up": [headers[1]]}):
            with pytest.raises(CorredorError, match="one row a case"):
                read_complaints(
                    path, **counted, **more, columns={"place": place, "value": value},
                    period=("2019-01", "2019-12"), allow_unmatched=True,
                )  # fmt: skip
        with pytest.raises(CorredorError, match="one row a case"):
            read_flows(path, **found, columns={"origin": place, "value": value})
        with pytest.raises(CorredorError, match="one row a case"):
            read_itineraries(path, **found, columns={"origin": place, "destination": value})


@pytest.mark.parametrize("name", ["age and ends", "names and ends", "case ids"])
def test_the_same_file_is_recognised_and_counted_as_a_register(name, tmp_path):
    path = tmp_path / "r.csv"
    path.write_text(REGISTERS[name], encoding="utf-8")
    account = check_file(path, {})
    assert "one row a case" in account.render()
    reading = read_cases(path, source_id="s", register="X", resolver=study_resolver())
    assert reading.account.total_in == len(REGISTERS[name].splitlines()) - 1


NUMBERLESS = [
    "DPTO_OCURRIO,VICTIMA_EDAD,AGRESOR_EDAD,VINCULO,FECHA\n"
    "LIMA,14,35,NINGUNO,2022-03-01\nCUSCO,16,40,PADRE,2022-04-11\nLIMA,15,31,AMIGO,2022-06-02\n",
    "SEDE,VICTIMA_SEXO,VINCULO,FECHA\n"
    "LIMA,M,NINGUNO,2022-03-01\nCUSCO,M,PADRE,2022-04-11\nLIMA,H,AMIGO,2022-06-02\n",
]


@pytest.mark.parametrize("text", NUMBERLESS)
def test_a_register_without_numbers_is_told_as_one(text, tmp_path):
    """Whatever fails then, the reason is that it holds persons, and the way is that of cases."""
    path = tmp_path / "r.csv"
    path.write_text(text, encoding="utf-8")
    try:
        said = check_file(path, {}).render()
    except CorredorError as error:
        said = error.render()
        assert "columns={'reported': '...'}" in said
    assert "one row a case" in said
    place = headers_of(text)[0]
    account = check_file(path, {"columns": {"reported": place}}, kind="cases")
    assert (account.rows_in, account.total_in) == (3, 3)


@pytest.mark.parametrize("name", AGGREGATES)
def test_aggregates_are_no_registers(name, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(AGGREGATES[name], encoding="utf-8")
    extra = [h for h in headers_of(AGGREGATES[name]) if h in ("Sexo", "Grupo de edad", "Edad")]
    columns = {"value": "Atendidos"} if "Atendidos" in AGGREGATES[name] else None
    reading = read_complaints(
        path, source_id="s", register="X", measure="victims" if "agrav" in name or "injured" in name
        else "complaints", add_up=extra, columns=columns,
    )  # fmt: skip
    total = sum(int(line.split(",")[headers_of(AGGREGATES[name]).index(h)])
                for line in AGGREGATES[name].splitlines()[1:]
                for h in headers_of(AGGREGATES[name])
                if h in ("Casos", "Atendidos", "N° de agraviadas"))  # fmt: skip
    assert reading.account.total_out == total


@pytest.mark.parametrize("name", NO_REGISTERS)
def test_directories_and_readings_are_neither(name, tmp_path):
    path = tmp_path / "n.csv"
    path.write_text(NO_REGISTERS[name], encoding="utf-8")
    with pytest.raises(CorredorError) as caught:
        check_file(path, {})
    assert "one row a case" not in caught.value.render()


@pytest.mark.parametrize(
    "header",
    ["Número de caso", "N° de caso", "Caso N°", "Nro de denuncia", "Número de expediente",
     "Código de víctima", "Case number", "Id caso", "N° de atención"],
)  # fmt: skip
@pytest.mark.parametrize("more", ["Sexo,Edad", "Finalidad,Modo"])
def test_the_number_of_a_case_is_no_number_of_cases(tmp_path, header, more):
    path = tmp_path / "r.csv"
    lines = [f"{100 + i},F,{12 + i % 5},{('Puno', 'Cusco')[i % 2]},Lima,2022" for i in range(20)]
    path.write_text(
        f"{header},{more},Departamento de captación,Departamento de explotación,Año\n"
        + "\n".join(lines), encoding="utf-8",
    )  # fmt: skip
    account = check_file(path, {})
    assert "one row a case" in account.render()
    assert account.total_out == 20
