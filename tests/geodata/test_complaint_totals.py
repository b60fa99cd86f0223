"""Complaint tables with sums in them: read to the right total, or refused, with what and where.

All numbers are invented. Each case says what a careful reader would do.
"""

import pytest
from corredor.geodata import CorredorError
from corredor.geodata.intake.read import check_file

HEAD = "Departamento;2017\n"
LIMA_HEAD = f"{HEAD}Callao;3\n"


def check(tmp_path, text, **options):
    path = tmp_path / "tabla.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    before = path.read_bytes()
    kind = options.pop("kind", None)
    try:
        return check_file(path, options, kind=kind)
    finally:
        assert path.read_bytes() == before
        assert [file.name for file in tmp_path.iterdir()] == ["tabla.csv"]


READ = {
    "a header repeated in capitals": (f"{HEAD}Cusco;5\nDEPARTAMENTO;2017\nPuno;7\n", 12),
    "sums of macro-regions": (
        f"{HEAD}NORTE;12\nPiura;5\nTumbes;7\nSUR;9\nCusco;4\nPuno;5\nTOTAL;21\n", 21),
    "sums of natural regions": (
        f"{HEAD}Costa;12\nPiura;5\nTumbes;7\nSelva;9\nLoreto;4\nUcayali;5\n", 21),
    "Lima and Callao added up": (f"{LIMA_HEAD}Lima y Callao;11\nLima;8\n", 11),
    "a total that disagrees with its parts": (f"{HEAD}Cusco;5\nPuno;7\nTotal general;13\n", 12),
    "a national row on top": (f"{HEAD}PERÚ;12\nCusco;5\nPuno;7\n", 12),
    "code 00 for the whole country": ("UBIGEO;2017\n00;12\n08;5\n21;7\n", 12),
    "a column of percentages": (
        "Departamento;2017;%\nCusco;5;41.7\nPuno;7;58.3\nTotal;12;100\n", 12),
    "population beside the counts": (
        "Departamento;Población 2017;Denuncias 2017\nCusco;1205527;5\nPuno;1172697;7\n", 12),
    "years as numbers with a decimal": ("Departamento;2016.0;2017.0\nCusco;5;6\n", 11),
    "years with an apostrophe": ("Departamento;'2016;'2017\nCusco;'5;'6\n", 11),
    "months of two digits": ("Departamento;Ene-17;Feb-17\nCusco;5;6\n", 11),
    "the year and its parts": ("Departamento;2016;2017;2016-2017\nCusco;5;6;11\n", 11),
    "bounds and blanks": (f"{HEAD}Cusco;menos de 5\nPuno;<5\nIca;\nLima;0\nTacna;7\n", 7),
    "footnote marks": (f"{HEAD}Cusco;12*\nPuno;7 1/\nIca;1¹\n1/ Cifra de prueba.\n", 20),
    "a non-breaking blank for thousands": (f"{HEAD}Cusco;1\u00a0433\nPuno;2\n", 1435),
    "full names of Callao": (f"{HEAD}Provincia Constitucional del Callao 1/;8\nCusco;3\n", 11),
    "both parts of Lima and their sum": (
        f"{LIMA_HEAD}Lima;10\nLima Metropolitana;8\nLima Provincias;2\n", 13),
    "codes without their zero": ("UBIGEO;2017\n80000;5\n210000;7\n10000;2\n", 14),
    "districts added up": (
        "UBIGEO;DEPARTAMENTO;PROVINCIA;DISTRITO;2017\n080100;CUSCO;CUSCO;;7\n"
        "080101;CUSCO;CUSCO;CUSCO;5\n080102;CUSCO;CUSCO;CCORCA;2\n", 7),
    "years down, places across": (
        "Año;Cusco;Puno;Total\n2016;5;7;12\n2017;6;8;14\nTotal;11;15;26\n", 26),
    "no name for the years": (";Cusco;Puno\n2016;5;7\n2017;6;8\n", 26),
    "months with their year down": ("Mes;Cusco;Puno\nEnero 2017;5;7\nFebrero 2017;6;8\n", 26),
    "year and month down": ("Año;Mes;Cusco;Puno\n2017;1;5;7\n2017;2;6;8\n", 26),
    "districts across": ("Año;AMAZONAS;LIMA NORTE;LIMA SUR\n2016;5;7;3\n2017;6;8;4\n", 33),
    "UTF-16 without a mark": (f"{HEAD}Áncash;5\nPuno;7\n".encode("utf-16-le"), 12),
    "a blank that CP850 calls á": (f"{HEAD}Cusco\u00a0;5\nJunín;7\n".encode("cp1252"), 12),
    "only victims": ("Departamento;Víctimas 2017\nCusco;5\n", 5),
    "a matrix with totals": (
        "Origen\\Destino;Cusco;Lima;Total\nPuno;5;7;12\nIca;0;2;2\nTotal;5;9;14\n", 14),
}  # fmt: skip


@pytest.mark.parametrize(("text", "total"), READ.values(), ids=READ)
def test_it_is_read_to_the_right_total(tmp_path, text, total):
    account = check(tmp_path, text)
    assert account.total_out == total
    assert account.render("es")


REFUSED = {
    "a row twice": (f"{HEAD}Cusco;5\nCusco;5\n", r"row 3.*same place and months stand in row 2"),
    "two tables": (
        f"{HEAD}Cusco;5\n\nCuadro 2\nDepartamento;2018\nCusco;6\n",
        r"row 5 has 1 cells|row \d holds column names again"),
    "two tables with titles": (
        f"Cuadro 1;\n{HEAD}Cusco;5\n\nCuadro 2;\nDepartamento;2018\nCusco;6\n",
        r"row 6 holds column names again, but not the same \('Departamento', '2018'\)"),
    "sums of macro-regions that differ": (
        f"{HEAD}NORTE;13\nPiura;5\nTumbes;7\n", r"row 2.*gives 13.*add up to 12"),
    "a year nobody knows": (
        "Departamento;2022;2202\nCusco;5;6\n", r"column '2202' stands among columns of periods"),
    "the same with a mark": (
        "Departamento;2022;2202 (p)\nCusco;5;6\n", r"column '2202 \(p\)' stands among"),
    "a year to come": (f"{HEAD.replace('17', '39')}Cusco;5\n", r"have not begun yet"),
    "years of two digits": (
        "Departamento;16;17\nCusco;5;6\nPuno;7;8\n", r"column '16' may be a period.*four digits"),
    "Excel's day numbers": (
        "Departamento;Fecha;Casos\nCusco;42736;6\n", r"row 2, column Fecha, '42736'"),
    "cumulated columns": (
        "Departamento;Ene-Mar 2017;Ene-Jun 2017\nCusco;2;6\n", r"cover the same months"),
    "cumulated rows": (
        "Departamento;Periodo;Casos\nCusco;Ene-Mar 2017;2\nCusco;Ene-Jun 2017;6\n",
        r"row 3.*overlap those of row 2"),
    "two decimal marks": (f"{HEAD}Cusco;1.433\nPuno;1,433\n", r"uses ',' '\.' in two ways"),
    "two cells run together": (f"{HEAD}Cusco;99999999999\n", r"more than the people of Peru"),
    "a code of no region": ("COD_DEP;2017\n26;5\n21;7\n", r"COD_DEP, '26': No region has"),
    "Lima beside its city": (f"{LIMA_HEAD}Lima;10\nLima Metropolitana;8\n", r"may mean the whole"),
    "subtotals that differ": (
        "UBIGEO;DEPARTAMENTO;PROVINCIA;DISTRITO;2017\n080100;CUSCO;CUSCO;;8\n"
        "080101;CUSCO;CUSCO;CUSCO;5\n080102;CUSCO;CUSCO;CCORCA;2\n", r"gives 8.*add up to 7"),
    "thousands that part cells": ("Departamento,2017\nCusco,1,433\n", r"row 2 has 3 cells"),
    "an open quote": ('Departamento;2017\nCusco;"5\nPuno;7\n', r"a quote is not closed"),
    "a web page": (b"<html><table><tr><td>Departamento</td></tr></table>", r"page with a table"),
    "a Git LFS pointer": (b"version https://git-lfs.github.com/spec/v1\n", r"a Git LFS pointer"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "match"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused_with_what_is_wrong(tmp_path, text, match):
    with pytest.raises(CorredorError, match=f"(?s){match}") as caught:
        check(tmp_path, text)
    assert caught.value.render("es") != caught.value.render("en")


def test_a_total_that_is_not_men_and_women_is_said(tmp_path):
    text = "Departamento;Hombres;Mujeres;Total\nCusco;5;6;12\nPuno;1;2;3\n"
    account = check(tmp_path, text, period=("2017-01", "2017-12"))
    assert account.total_out == 15
    assert "row 2: column 'Total' says 12, Hombres, Mujeres add up to 11" in account.render("en")


@pytest.mark.parametrize(
    "text",
    [
        "ZZPERSONA QUISPE;45678912;Puno;Lima;2017-03-01\nZZPERSONA;45678913;Puno;Ica;2017-03\n",
        "origen;destino;fecha\nPuno;Lima;2017-03-01;ZZPERSONA 45678912\n",
        "origen;destino;fecha;;sexo\nPuno;Lima;2017-03-01;45678912;F\n",
        "origen;destino;fecha;detalle\nPuno;Lima;2017-03-01;Llamar a ZZPERSONA al 987654321\n",
        "origen;destino;fecha;sexo\nPuno;ZZPERSONA QUISPE, Juana;2017-01-01;F\n",
        "Departamento;Año;DNI;Casos\nCusco;2017;45678912;1\n",
        "departamento;fecha;sexo;edad;nombre\nCusco;2017-01-01;F;15;ZZPERSONA\n",
    ],
)
@pytest.mark.parametrize("kind", [None, "complaints"])
def test_nothing_of_a_person_is_said_whatever_happens(tmp_path, text, kind):
    try:
        said = check(tmp_path, text, kind=kind).render("es")
    except CorredorError as error:
        said = error.render("es") + error.render("en")
    assert "ZZPERSONA" not in said
    assert "45678912" not in said
