"""Tables that look alike and mean different things: right, or refused for the true reason.

Each group is a kind that was once read wrongly; its members say the same in other words, other
orders of columns and other levels. All records and figures are invented.
"""

import csv
import io
import json
import re

import openpyxl
import pytest
from click.testing import CliRunner

from corredor.cli import app
from corredor.options import say_flags

REGISTER = "register with one row a case"
CEM = (
    "MES,CEM,VICTIMA_EDAD,VICTIMA_NRO_HIJOS,DPTO_OCURRIO,AGRESOR_EDAD,VINCULO,GOLPES,OTRO\n"
    "1,COMISARIA A,31,2,TACNA,40,PAREJA,1,\n1,CENTRO B,22,0,JUNIN,25,EX PAREJA,,1\n"
    "2,CENTRO B,22,0,JUNIN,25,PADRE,,1\n"
)
# Name -> table, options, and the total read or what the refusal says.
TABLES = {
    # One row a case, which no reader of counts may add up.
    "violence": (CEM, ["--as", "complaints"], "one row a case"),
    "violence, its blows": (CEM, ["--as", "complaints", "--columns", "value=GOLPES"],
                            "one row a case"),
    "violence as flows": (CEM, ["--as", "flows", "--columns",
                          "origin=DPTO_OCURRIO,destination=CEM,value=GOLPES"], "one row a case"),
    "violence, not said": (CEM, [], "period of the register"),
    "yes and no": ("codigo,dpto,anio,menor_edad,captada_por_internet,violencia\n1,CUSCO,2022,1,0,1"
                   "\n2,CUSCO,2022,0,1,1\n3,PUNO,2022,1,1,0\n", [], REGISTER),
    "yes and no, one column asked": (
        "dpto,anio,menor_edad,captada_por_internet,violencia\nCUSCO,2022,1,0,1\nCUSCO,2022,0,1,1\n"
        "PUNO,2022,1,1,0\n", ["--columns", "place=dpto,year=anio,value=violencia"],
        "one row a case"),
    "files, each counted once": ("expediente,departamento,año,delito,total\nE-1,Puno,2022,trata,1\n"
                                 "E-2,Puno,2022,trata,1\nE-3,Ica,2022,trata,1\n", [], REGISTER),
    "coded answers": ("dpto,anio,sexo\n8,2022,1\n21,2022,2\n", [], "no column of counts"),
    "answers to a form": ("Marca temporal,Nombre de quien reporta,Departamento del caso,Tipo de "
                          "explotación\n01/03/2022 10:00:00,Zulma Quispe Mamani,Puno,Sexual\n"
                          "02/03/2022 10:00:00,Ana Mamani Quispe,Lima,Laboral\n", [], REGISTER),
    "answers in English": ("Timestamp,Region of recruitment,Region of exploitation,Age\n"
                           "2022-03-01 10:00:00,Puno,Lima,15\n2022-04-01 10:00:00,Puno,Lima,17\n",
                           [], REGISTER),
    "ages of both": ("DEPARTAMENTO,AÑO,VICTIMA_EDAD,AGRESOR_EDAD,VINCULO\nPUNO,2022,14,30,TIO\n"
                     "LIMA,2022,31,22,PADRE\nLIMA,2022,20,20,OTRO\n", [], REGISTER),
    "attended, a count": ("DPTO,AÑO,ATENDIDOS\nPUNO,2022,14\nLIMA,2022,31\n", [], 45),
    "yes and no of each region": ("departamento,denuncias 2022,albergue,fiscalía\nPuno,3,si,no\n"
                                      "Lima,4,si,si\nIca,9,no,no\n", [], 16),
    # Countries.
    "people by country": ("year,gender,age,citizenship,country_of_exploitation\n"
                          "2016,Female,9--17,PER,BRA\n2016,Female,18--20,PER,PER\n", [],
                          "names countries"),
    "countries in Spanish": ("País de origen,País de destino,Víctimas\nPerú,Chile,12\n"
                             "Bolivia,Perú,33\n", [], "names countries"),
    "countries of three letters": ("iso3,year,victims\nPER,2019,509\nBOL,2019,40\n", [],
                                   "names countries"),
    "countries of two letters": ("origin,destination,n\nPE,CL,12\nBO,PE,33\n", [],
                                 "names countries"),
    "a year is no count": ("place,yearOfRegistration,year\nPuno,2016,2016\nLima,2017,2017\n",
                           ["--columns", "place=place,value=yearOfRegistration"],
                           "holds years, which count nobody"),
    # Codes.
    "ISO by its content": ("casos,anio,codigo_iso\n12,2022,PE-PUN\n9,2022,PE-MDD\n", [], 21),
    "ISO, unknown": ("iso,denuncias_2022\nPE-XXX,3\nPE-PUN,4\n", [], "No region has this code"),
    "ISO of Lima in two": ("iso,victimas,año\nPE-PUN,12,2022\nPE-LMA,9,2022\nPE-LIM,6,2022\n", [],
                           27),
    "two codes that agree": ("cod_dep,iso,denuncias_2022\n08,PE-CUS,40\n07,PE-CAL,22\n", [], 62),
    "two codes that differ": ("ubigeo_reniec,ubigeo_inei,denuncias_2022\n07,08,40\n24,07,22\n", [],
                              "code=ubigeo_inei"),
    "codes of two levels": ("idprov,iddpto,denuncias_2022\n0801,08,40\n0802,08,22\n", [], 62),
    "codes in parts": ("CCDD,CCPP,CCDI,denuncias_2022\n08,01,01,40\n08,01,02,22\n", [], 62),
    "codes in parts, by province": ("CCDD,CCPP,denuncias_2022\n08,01,40\n08,02,22\n",
                                    ["--level", "province"], 62),
    "codes of GADM": ("GID_1,denuncias_2022\nPER.8_1,3\nPER.22_1,4\n", [], 7),
    # The level in the header or in the title.
    "provinces": ("Provincia,2021,2022\nCusco,3,4\nPuno,5,6\n", [], "names provinces"),
    "provinces, as told": ("PROVINCIA,2022\nLIMA,5071\nAREQUIPA,735\n", ["--level", "province"],
                           5806),
    "districts": ("Denuncias 2022,Distrito\n50,Lima\n7,Huancavelica\n", [], "names districts"),
    "of a province": ("Municipalidad provincial,denuncias 2022\nCusco,50\nIca,7\n", [],
                      "names provinces"),
    "in a title": ("Denuncias por provincia,\n,\nLugar,2022\nCusco,50\nHuancavelica,7\n", [],
                   "title speaks of provinces"),
    "in a title, regions": ("Denuncias por distrito fiscal,\n,\nDepartamento,2022\nCusco,50\n", [],
                            50),
    **{word: (f"{word},denuncias 2022\nCusco,50\nHuancavelica,7\n", [], "does not say that they")
       for word in ("Alcaldía", "Ciudad", "Capital",
                    "Municipio", "Localidad", "Centro poblado")},
    **{word: (f"{word},denuncias 2022\nCusco,50\nHuancavelica,7\n", [], "their bounds are others")
       for word in ("UGEL", "Diócesis", "Oficina", "Red de salud", "Sede",
                    "Dirección territorial")},
    "a city, said to be the region": ("Ciudad,denuncias 2022\nCusco,50\nIca,7\n",
                                      ["--columns", "place=Ciudad"], 57),
    **{word: (f"{word},denuncias 2022\nCusco,50\nHuancavelica,7\n", [], 57)
       for word in ("Departamento", "Lugar del hecho", "Etiquetas de fila", "Row Labels",
                    "Gobierno Regional", "Zona", "X")},
    # Migration and other people who moved.
    "born and counted": ("Departamento de nacimiento;Amazonas;Áncash;Lima\nAmazonas;1000;18;838\n"
                         "Áncash;12;4000;974\n".replace(";", ","), [], "migration between regions"),
    "a matrix of so many": ("Origen,Amazonas,Áncash,Lima\nAmazonas,1000,18,838\n"
                            "Áncash,12,4000,974\nLima,5,6,90000\n", [], "the flows add up to"),
    "migrants": ("origen,destino,migrantes\nPuno,Lima,500\nLima,Puno,20\n", [], "'migrantes'"),
    "passengers": ("origen,destino,pasajeros\nPuno,Lima,500\nLima,Puno,20\n", [], "'pasajeros'"),
    "moves of a year": ("Origen,Destino,Flujo migratorio 2017\nPuno,Lima,500\nLima,Puno,20\n", [],
                        "'migratorio'"),
    "a total of all": ("Origen,Lima,Puno,Total Región\nLima,0,5,5\nPuno,7,0,7\n"
                       "Total Región,7,5,12\n", [], 12),
    "two regions in one": ("Origen,Lima y Callao,Puno\nPuno,7,0\nIca,2,3\n", [],
                           "one count for two regions"),
    # Other subjects.
    "part of a whole": ("departamento,denuncias 2021,menores 2021\nCusco,40,31\nPuno,22,19\n", [],
                        62),
    "a slip among years": ("departamento,2021,20222\nCusco,40,31\nPuno,22,19\n", [],
                           "no year, month or span"),
    "minors and adults": ("departamento,menores de edad 2021,adultos 2021\nCusco,40,31\n", [],
                          "--add-up"),
    "a target": ("departamento,denuncias 2021,meta 2022\nCusco,40,31\nPuno,22,19\n", [], 62),
    "forecast": ("departamento,denuncias 2021,proyección 2023\nCusco,40,31\nPuno,22,19\n", [], 62),
    "another complaint": ("departamento,denuncias 2021,denuncias por robo 2022\nCusco,40,31\n", [],
                          40),
    "only another": ("Departamento,Denuncias por desaparición 2022\nPuno,3\nLima,4\n", [],
                     "'desaparicion'"),
    "another in the rows": ("departamento,año,casos,tipo\nTacna,2022,15,Pornografía infantil\n", [],
                            "another subject"),
    "an illness": ("departamento,Casos,diagnóstico,año\nPiura,3000,A97,2023\n", [],
                   "'diagnostico'"),
    "in the footnote": ("Departamento,2021,2022\nPuno,3,4\nLima,4,5\nFuente: Registro de "
                        "feminicidios,,\n", [], "'feminicidios'"),
    "both in the title": ("Denuncias por proxenetismo y trata,\nDepartamento,2022\nPuno,30\n", [],
                          "beside trafficking"),
    "a pivot of a part": ("Sexo,Mujer,\n,,\nEtiquetas de fila,2021,2022\nPuno,3,4\nCusco,1,2\n", [],
                          "is filtered ('Sexo"),
    "a pivot of several": ("Sexo,(Varios elementos),\n,,\nEtiquetas de fila,2021,2022\n"
                           "Puno,3,4\nCusco,1,2\n", [], "is filtered"),
    "a pivot of all": ("Sexo,(Todas),\n,,\nEtiquetas de fila,2021,2022\nPuno,3,4\nCusco,1,2\n", [],
                       10),
    "flows of cars": ("Origen,Destino,Flujo vehicular\nPuno,Lima,12\nCusco,Lima,13\n", [],
                      "does not say of what"),
    "flows of what is said": ("Origen,Destino,Flujo vehicular\nPuno,Lima,12\nCusco,Lima,13\n",
                              ["--columns", "value=Flujo vehicular"], 25),
    "an estimate in a remark": ("Origen,Destino,Casos,Observación\nPuno,Lima,30,\n"
                                "Cusco,Lima,50,estimado\nIca,Lima,3,llamar de nuevo\n", [], 33),
    "flows by P-codes": ("origin_pcode,dest_pcode,cases\nPE21,PE15,13\nPE08,PE17,12\n", [], 25),
    "points with their axes exchanged": ("origin_lat,origin_lon,dest_lat,dest_lon,count\n"
                                         "-70.02,-15.84,-77.04,-12.05,12\n", [],
                                         "seem to be exchanged"),
    "points without their sign": ("origin_lat,origin_lon,dest_lat,dest_lon,count\n"
                                  "15.84,-70.02,-12.05,-77.04,12\n", [], "a lost sign"),
    "dates of operations": ("Fecha del operativo,Departamento,Víctimas rescatadas\n"
                            "2022-01-03,Puno,3\n", [], "told apart by the dates of column"),
    "dates of operations, said": ("Fecha del operativo,Departamento,Víctimas rescatadas\n"
                                  "2022-01-03,Puno,3\n2022-01-09,Cusco,4\n",
                                  ["--columns", "period=Fecha del operativo"], 7),
    "days of one month": ("Fecha,Departamento,Casos\n2022-03-01,Puno,3\n2022-03-09,Puno,4\n", [],
                          "--add-up Fecha"),
    "days of one month, added up": ("Fecha,Departamento,Casos\n2022-03-01,Puno,3\n"
                                    "2022-03-09,Puno,4\n", ["--add-up", "Fecha"], 7),
    "flows of days": ("Fecha,Origen,Destino,Casos\n2022-03-01,Puno,Lima,3\n"
                      "2022-03-09,Puno,Lima,4\n", [], "--add-up Fecha"),
    "flows of days, added up": ("Fecha,Origen,Destino,Casos\n2022-03-01,Puno,Lima,3\n"
                                "2022-03-09,Puno,Lima,4\n", ["--add-up", "Fecha"], 7),
    "ends over their levels": ("Origen,,Destino,,Casos\n"
                               "Departamento,Provincia,Departamento,Provincia,\n"
                               "Puno,San Román,Lima,Lima,12\nCusco,Canchis,Lima,Lima,13\n", [], 25),
    "a register with groups above its names": (
        "N°,Víctima,,Captación,,Explotación,\n"
        ",Nombre,Edad,Departamento,Provincia,Departamento,Provincia\n"
        "1,Invento Uno,15,Puno,San Román,Madre de Dios,Tambopata\n"
        "2,Invento Dos,17,Cusco,Canchis,Madre de Dios,Tambopata\n",
        ["--period", "2022-01/2022-12"], 2),
    "halves of years over two rows": ("Departamento,2021,,2022,\n,I Sem,II Sem,I Sem,II Sem\n"
                                      "Puno,1,2,3,4\nCusco,1,1,1,1\n", [], 14),
    "HXL of an illness": ("#adm1+name,#value+num,#indicator+name,#date+year\n"
                          "Puno,3,Dengue cases,2022\n", [], "another subject"),
    # More than any register.
    "a census of bare years": ("Departamento,2007,2017\nPuno,1268441,1172697\n", [],
                               "No column and no title says"),
    "a total of all people": ("Departamento,año,Total\nPuno,2017,1172697\n", [],
                              "No column and no title says"),
    "a quantity": ("DPTO_HECHO,AÑO,CANTIDAD\nCUSCO,2025,110000\n", [],
                   "No column and no title says"),
    "so many complaints": ("departamento,denuncias 2022\nPuno,220000\n", [],
                           "the most that any register has published"),
    "censuses": ("Departamento,1940,1961\nPuno,500000,600000\n", [], "before any register"),
    # Population.
    "population, long": ("departamento,año,poblacion\nPuno,2017,1172697\nLima,2017,9485405\n"
                         "Puno,2007,1268441\n", [], 10_658_102),
    "population of one year": ("departamento,año,poblacion\nPuno,2017,1172697\nPuno,2007,1268441\n",
                               ["--year", "2007"], 1_268_441),
    "population of no year": ("Region,Habitantes\nPuno,1172697\n", [], "--year 2017"),
    "population, year told": ("Region,Habitantes\nPuno,1172697\n", ["--year", "2017"], 1_172_697),
    # Formats.
    "HTCDS without prefixes": ("LocationOfRecruitment,LocationOfExploitation,IncomingReferralDate\n"
                               "Puno,Lima,2022-01-01\n", [], REGISTER),
    "HTCDS abroad": ("vic_LocationOfRecruitment,vic_LocationOfExploitation,cas_IncomingReferralDate"
                     "\nPuno,Lima,2022-01-01\nTacna,\"Santiago, Chile\",2022-01-01\n", [],
                     "lies in another country"),
    "events of HTCDS": ("cas_CaseNumber,hte_Type,hte_Location,hte_Date\n1,Recruitment,Puno,2022\n"
                        "1,Exploitation,Lima,2022\n", [], 1),
    "events of HTCDS without their case": ("hte_Type,hte_Location,hte_Date\nRecruitment,Puno,2022\n"
                                           "Exploitation,Lima,2022\n", [], "which case an event"),
    "HTCDS without dates": ("vic_LocationOfRecruitment,vic_LocationOfExploitation\nPuno,Lima\n",
                            ["--period", "2022-01/2022-12"], 1),
    "HXL of floods": ("Departamento,Afectados por inundaciones,Año\n#adm1+name,#affected,#date+year"
                      "\nPuno,3,2022\n", [], "'inundaciones'"),
    "HXL by sex": ("D,F,M,Año\n#adm1+name,#affected+f,#affected+m,#date+year\nPuno,13,4,2022\n",
                   ["--add-up", "víctimas mujeres"], 17),
    "HXL of a population": ("Departamento,Población,Año\n#adm1+name,#population,#date+year\n"
                            "Puno,1300000,2022\n", [], "counts the population"),
}  # fmt: skip


def save(folder, text, suffix):
    path = folder / f"tabla.{suffix}"
    if suffix == "csv":
        path.write_text(text, encoding="utf-8")
        return path
    rows = list(csv.reader(io.StringIO(text)))
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([
            int(cell) if re.fullmatch("[1-9][0-9]*|0", cell) else cell or None for cell in row
        ])  # fmt: skip
    book.save(path)
    return path


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize("name", TABLES)
def test_it_is_read_as_what_it_says_or_refused(name, suffix, tmp_path):
    text, options, expected = TABLES[name]
    path = save(tmp_path, text, suffix)
    result = CliRunner().invoke(app, ["check", str(path), "--format", "json", *options])
    if isinstance(expected, (int, float)):
        assert result.exit_code == 0, result.exception
        assert json.loads(result.output)["total"]["out"] == expected
        return
    error = result.exception
    said = error.render("en") if hasattr(error, "render") else result.output
    assert expected in say_flags(said)


LINES = {
    "a pipeline": ([{"TIPO": "Oleoducto"}, {"TIPO": "Carretera"}], [], "oleoducto 1"),
    "faults and contours": ([{"nombre": "Falla geológica"}, {"nombre": "curva de nivel 100"}], [],
                            "nothing that vehicles travel"),
    "heights": ([{"ELEV": 100}, {"ELEV": 200}], [], "gives the height"),
    "heights, said to be roads": ([{"ELEV": 100}, {"ELEV": 200}], ["--mode", "road"], "2 links"),
    "nothing said": ([{"n": 1}, {"n": 2}], [], "no column says what the lines are"),
}  # fmt: skip


@pytest.mark.parametrize("name", LINES)
def test_lines_that_nobody_travels(name, tmp_path):
    properties, options, expected = LINES[name]
    features = [
        {"type": "Feature", "properties": told, "geometry": {
            "type": "LineString", "coordinates": [[-72 + i, -13], [-71 + i, -13]]}}
        for i, told in enumerate(properties)
    ]  # fmt: skip
    path = tmp_path / "lineas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    result = CliRunner().invoke(app, ["check", str(path), *options])
    error = result.exception
    assert expected in (error.render("en") if hasattr(error, "render") else result.output)


def test_the_sheets_of_flowmapblue_are_joined(tmp_path):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in {
        "properties": [["property", "value"], ["title", "Prueba"]],
        "locations": [["id", "name", "lat", "lon"], [8, "Puno", -15.8, -70.0],
                      [21, "Lima", -12, -77], [3, "Cusco", -13.5, -72]],
        "flows": [["origin", "dest", "count"], [8, 21, 12], [3, 21, 30]],
    }.items():  # fmt: skip
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    path = tmp_path / "flowmap.xlsx"
    book.save(path)
    result = CliRunner().invoke(app, ["import", "flows", str(path), "-o", str(tmp_path / "f.csv")])
    assert result.exit_code == 0, result.exception
    table = list(csv.DictReader(io.StringIO((tmp_path / "f.csv").read_text(encoding="utf-8"))))
    assert [(row["origin"], row["destination"], float(row["value"])) for row in table] == [
        ("21", "15", 12.0), ("08", "15", 30.0)
    ]  # fmt: skip
    book["flows"].append([9, 21, 4])  # 9 is Huancavelica's code, and no id of a location
    book.save(path)
    result = CliRunner().invoke(app, ["check", str(path)])
    assert "'id 9'" in result.exception.render("en")
