"""Tables of statistics programs, and codes whose labels stand beside them. Records are invented."""

import json
import sys

import pandas as pd
import pyreadstat
import pytest
import xlsxwriter
from corredor.geodata import CorredorError, MissingExtraError
from corredor.geodata.intake.read import check_file, read_any

OPTIONS = {"source_id": "s", "register": "ONG"}
REGIONS = {8: "Cusco", 15: "Lima", 16: "Loreto", 17: "Madre de Dios", 21: "Puno", 99: "NS/NR"}
CASES = pd.DataFrame(
    {
        "CASO": [1.0, 2, 3, 4, 5],
        "P101": ["Zzana Quispe", "Zzbea Mamani", "Zzcid Flores", "Zzdia Rojas", "Zzeva Huaman"],
        "P203": [21.0, 21, 16, 8, 99],
        "P204": [17.0, 17, 15, 17, 17],
        "SEXO": [2.0, 2, 1, 2, 2],
        "P300": [1.0, 1, 2, 1, 2],
        "ANIO": [2022.0, 2022, 2023, 2023, 2023],
    }
)
COLUMNS = {
    "CASO": "Número de caso",
    "P101": "Nombre de la víctima",
    "P203": "¿En qué departamento fue captada?",
    "P204": "¿En qué departamento fue explotada?",
    "P300": "Tipo de explotación",
}
VALUES = {
    "P203": REGIONS, "P204": REGIONS, "SEXO": {1: "Hombre", 2: "Mujer"},
    "P300": {1: "Explotación sexual", 2: "Explotación laboral"},
}  # fmt: skip


def write_spss(path, table=CASES, columns=COLUMNS, values=VALUES, **options):
    pyreadstat.write_sav(
        table, path, column_labels=columns, variable_value_labels=values, **options
    )
    return path


def pairs(reading):
    flows = reading.table.flows
    return flows.groupby(["origin", "destination"])["value"].sum().to_dict()


def right(reading):
    """Compare with the invented register, counted by hand."""
    assert pairs(reading) == {("08", "17"): 1, ("16", "15"): 1, ("21", "17"): 2}
    assert set(reading.table.flows["purpose"]) == {"sexual", "labour"}
    assert sorted(set(reading.table.flows["period_start"])) == ["2022-01", "2023-01"]
    account = reading.account
    assert [(str(p.reason), p.rows) for p in account.left_out] == [("the origin is not given", 1)]
    assert "Zz" not in json.dumps(account.to_dict("en")) + account.render("es")


def test_spss_with_labels_instead_of_codes(tmp_path):
    path = write_spss(tmp_path / "casos.sav")
    account = check_file(path, {})
    assert "SPSS" in account.render()
    right(read_any("cases", path, OPTIONS))


@pytest.mark.parametrize("name", ["casos.zsav", "casos.dat"])
def test_spss_is_told_by_its_content(tmp_path, name):
    path = write_spss(tmp_path / "x.zsav", row_compress=False, compress=True)
    right(read_any("cases", path.rename(tmp_path / name), OPTIONS))


def test_declared_missing_values_are_no_values(tmp_path):
    table = pd.DataFrame({"DPTO": [21.0, 15, 8], "DENUNCIAS": [12.0, 999, 7]})
    path = write_spss(
        tmp_path / "d.sav", table, {"DPTO": "Departamento"}, {"DPTO": REGIONS},
        missing_ranges={"DENUNCIAS": [999]},
    )  # fmt: skip
    options = {**OPTIONS, "measure": "complaints", "period": ("2022-01", "2022-12")}
    reading = read_any("complaints", path, options)
    table = reading.table.dropna(subset="value")
    assert dict(zip(table["ubigeo"], table["value"], strict=True)) == {"08": 7, "21": 12}


def test_names_stand_where_labels_say_nothing_of_the_role(tmp_path):
    columns = {**COLUMNS, "ANIO": "P001. Corte de la base", "P300": "Tipo de explotación"}
    right(read_any("cases", write_spss(tmp_path / "n.sav", columns=columns), OPTIONS))


def test_dates_of_spss(tmp_path):
    dates = pd.to_datetime(["2022-03-04", "2022-05-01", "2023-01-09", "2023-02-01", "2023-02-02"])
    table = CASES.drop(columns="ANIO").assign(FECHA=dates.date)
    right(read_any("cases", write_spss(tmp_path / "f.sav", table), OPTIONS))


def test_stata_is_read_the_same_way(tmp_path):
    path = tmp_path / "casos.dta"
    whole = CASES.astype(dict.fromkeys(VALUES, int) | {"ANIO": int})
    pyreadstat.write_dta(whole, path, column_labels=COLUMNS, variable_value_labels=VALUES)
    right(read_any("cases", path, OPTIONS))


def test_without_the_extra_the_reason_and_the_line_to_type_are_said(tmp_path, monkeypatch):
    path = write_spss(tmp_path / "casos.sav")
    monkeypatch.setitem(sys.modules, "pyreadstat", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'corredor\[spss\]'") as caught:
        check_file(path, {})
    assert "casos.sav" in str(caught.value)


@pytest.mark.parametrize(
    ("head", "reason"),
    [(b"$FL2@(#) SPSS DATA FILE" + b"x" * 60, "readable SPSS"),
     (b"ENCRYPTEDSAV" + b"\x01" * 60, "password"),
     (b"\0" * 12 + b"\xc2\xea\x81\x60" + b"\0" * 60, "SAS")],
)  # fmt: skip
def test_what_cannot_be_read_is_said(tmp_path, head, reason):
    path = tmp_path / "roto.sav"
    path.write_bytes(head)
    with pytest.raises(CorredorError, match=reason):
        check_file(path, {})


def book(path, **sheets):
    with xlsxwriter.Workbook(path) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for i, row in enumerate(rows):
                sheet.write_row(i, 0, row)
    return path


CODED = [list(CASES.columns), *CASES.to_numpy().tolist()]
LONG = [
    ["Variable", "Valor", "Etiqueta"],
    *([name, code, label] for name, codes in VALUES.items() for code, label in codes.items()),
]
FIRST_ONLY = [["Variable", "Código", "Significado"],
              *([name if n == 0 else "", code, label] for name, codes in VALUES.items()
                for n, (code, label) in enumerate(codes.items()))]  # fmt: skip
NAMED = [["variable", "etiqueta"], *COLUMNS.items()]


@pytest.mark.parametrize("labels", [LONG, FIRST_ONLY], ids=["long", "name in the first row only"])
@pytest.mark.parametrize("order", [1, -1])
def test_codes_with_a_sheet_of_labels(tmp_path, labels, order):
    sheets = dict(
        list({"Datos": CODED, "Diccionario": labels, "Variables": NAMED}.items())[::order]
    )
    path = book(tmp_path / "base.xlsx", **sheets)
    assert "Diccionario" in check_file(path, {}).render()
    right(read_any("cases", path, OPTIONS))


def test_labels_are_found_on_a_hidden_sheet_and_beside_the_sheet_asked_for(tmp_path):
    printed = [["Variable Values"], ["Value", "", "Label"],
               *([name if n == 0 else "", f"{code}.00", label] for name, codes in VALUES.items()
                 for n, (code, label) in enumerate(codes.items()))]  # fmt: skip
    path = tmp_path / "base.xlsx"
    named = [list(CASES.columns.map(lambda name: COLUMNS.get(name, name))), *CODED[1:]]
    with xlsxwriter.Workbook(path) as workbook:
        sheets = (("Datos", CODED), ("Otra", named), ("Etiquetas", printed), ("Nombres", NAMED))
        for name, rows in sheets:
            sheet = workbook.add_worksheet(name)
            for i, row in enumerate(rows):
                sheet.write_row(i, 0, row)
            if name in ("Etiquetas", "Nombres"):
                sheet.hide()
    right(read_any("cases", path, {**OPTIONS, "sheet": "Datos"}))
    with pytest.raises(CorredorError, match="2 sheets hold a table: Datos, Otra"):
        read_any("cases", path, OPTIONS)


def test_codes_of_purposes_without_labels_are_not_guessed(tmp_path):
    path = tmp_path / "c.csv"
    path.write_text(
        "departamento_captacion,departamento_explotacion,tipo_explotacion,sexo,anio\n"
        "Puno,Madre de Dios,1,2,2022\nCusco,Madre de Dios,2,2,2022\n", encoding="utf-8",
    )  # fmt: skip
    reading = read_any("cases", path, OPTIONS)
    assert set(reading.table.flows["purpose"]) == {"unknown"}
    assert "code" in reading.account.render()
