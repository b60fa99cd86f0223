"""The two official layouts, and what a table is. All numbers are invented."""

import pytest
from corredor.geodata import read_mininter, read_mpfn
from corredor.geodata.errors import DataFileError, TableError
from corredor.geodata.intake.read import recognise_table
from corredor.geodata.sheets.sheet import open_sheet

MININTER = (
    "ANIO;MES;CCDD;DEPARTAMENTO;PROVINCIA;DISTRITO;COMISARIA;categoria;Denuncias por comision;Valor"
)
PURPOSE = "FINALIDAD DEL TIPO DE DELITO"
MPFN = (
    "periodo_denuncia;anio_denuncia;fecha_descarga;distrito_fiscal;especialidad;tipo_caso;generico;"
    "subgenerico;articulo;des_articulo;cantidad;ubigeo;dpto;prov;dist;fecha_corte"
)


def block(year, month, code, region, sexual, labour, *, site=0, station="COMISARIA INVENTADA"):
    start = f"{year};{month};{code};{region};P;D;{station};"
    total = sexual + labour
    return [
        f"{start}F1_TOTAL;F1_TOTAL;{total}",
        f"{start}{PURPOSE};F1_EXPLOTACION SEXUAL;{sexual}",
        f"{start}{PURPOSE};F1_EXPLOTACION LABORAL;{labour}",
        f"{start}EXPLOTACIÓN;F2_TOTAL;{site}",
        f"{start}EXPLOTACIÓN;F2_NIGHT CLUB;{site}",
        f"{start}TIPO RECLUTAMIENTO;T_TOTAL;{total}",
        f"{start}TIPO RECLUTAMIENTO;T_NACIONAL;{total}",
        f"{start}TIPO RECLUTAMIENTO;T_INTERNACIONAL;0",
    ]


def write(tmp_path, header, lines, encoding="utf-8"):
    path = tmp_path / "datos.csv"
    path.write_bytes("\n".join([header, *lines]).encode(encoding))
    return path


def year_of_blocks():
    lines = []
    for month in range(1, 13):
        lines += block(2017, month, "14", "LAMBAYEQUE", month, 1)
        lines += block(2017, month, "1", "AMAZONAS", 0, 2)
    return lines


def values(table):
    return {
        (row["place"], row["ubigeo"], row["period_start"], row["period_end"]): row["value"]
        for row in table.to_dict("records")
    }


def check_sums(reading):
    account = reading.account
    left = sum(part.rows for part in account.left_out)
    assert account.rows_in == account.rows_out + account.merged + left
    lost = sum(part.total or 0 for part in account.left_out)
    assert account.total_in == account.total_out + lost


def test_mininter_counts_one_category_without_its_totals(tmp_path):
    reading = read_mininter(write(tmp_path, MININTER, year_of_blocks(), "cp1252"), source_id="x")
    assert values(reading.table) == {
        ("Lambayeque", "14", "2017-01", "2017-12"): 78 + 12,
        ("Amazonas", "01", "2017-01", "2017-12"): 24,
    }
    assert set(reading.table["register"]) == {"MININTER"}
    check_sums(reading)
    text = reading.account.render()
    assert f"the items of category '{PURPOSE}' were added up" in text
    assert "INVENTADA" not in text + reading.table.to_string()


def test_mininter_repeated_months_are_counted_once(tmp_path):
    lines = year_of_blocks()
    again = block(2017, 3, "14", "LAMBAYEQUE", 3, 1)
    reading = read_mininter(
        write(tmp_path, MININTER, [*lines, *again[1:], again[0]]), source_id="x"
    )
    assert reading.account.total_out == 114
    assert reading.account.left_out[0].rows == 8
    check_sums(reading)
    again[1] = again[1][:-1] + "4"
    with pytest.raises(TableError, match=r"row 195, column Valor.*Row 35 is the same month"):
        read_mininter(write(tmp_path, MININTER, [*lines, *again]), source_id="x")


def test_mininter_equal_rows_of_two_stations_are_both_counted(tmp_path):
    lines = block(2017, 1, "14", "LAMBAYEQUE", 1, 0, station="A")
    lines += block(2017, 1, "14", "LAMBAYEQUE", 1, 0, station="B")
    path = write(tmp_path, MININTER, lines)
    assert read_mininter(path, source_id="x").account.total_out == 2


def test_mininter_incomplete_years_are_flagged(tmp_path):
    lines = block(2023, 1, "14", "LAMBAYEQUE", 1, 0) + block(2023, 3, "14", "LAMBAYEQUE", 2, 0)
    reading = read_mininter(write(tmp_path, MININTER, lines), source_id="x")
    assert values(reading.table) == {("Lambayeque", "14", "2023-01", "2023-03"): 3}
    assert "2023 is incomplete" in reading.table.iloc[0]["note_en"]
    assert "month(s) 2, 4, 5, 6, 7, 8, 9, 10, 11, 12" in reading.account.render()
    monthly = read_mininter(write(tmp_path, MININTER, lines), source_id="x", by="month")
    assert len(monthly.table) == 2


def test_mininter_asks_where_categories_disagree(tmp_path):
    lines = [line for line in year_of_blocks() if "T_" not in line]
    lines += block(2017, 12, "21", "PUNO", 0, 0, site=9)
    lines = [line for line in lines if "T_" not in line]
    path = write(tmp_path, MININTER, lines)
    with pytest.raises(DataFileError, match=r"category='\.\.\.'\. Categories: FINALIDAD.*: 114;"):
        read_mininter(path, source_id="x")
    assert read_mininter(path, source_id="x", category="explotacion").account.total_out == 9
    with pytest.raises(DataFileError, match="There is no category 'edad'"):
        read_mininter(path, source_id="x", category="edad")


def test_mininter_code_and_name_must_agree(tmp_path):
    lines = block(2017, 1, "13", "LAMBAYEQUE", 1, 0)
    with pytest.raises(TableError, match=r"row 2, column CCDD, '13'"):
        read_mininter(write(tmp_path, MININTER, lines), source_id="x")


def mpfn(district, year, article, count, months="ENERO - DICIEMBRE", ubigeo="140101"):
    return (
        f"{months};{year};13/01/2020;{district};PENAL;DENUNCIA;CONTRA LA LIBERTAD;X;{article};Y;"
        f"{count};{ubigeo};LAMBAYEQUE;CHICLAYO;CHICLAYO;02/12/2024"
    )


def test_mpfn_counts_the_articles_of_each_year(tmp_path):
    lines = [
        mpfn("LAMBAYEQUE", 2022, "153", 5), mpfn("LAMBAYEQUE", 2022, "153-A", 2),
        mpfn("LAMBAYEQUE", 2022, "129-A", 1), mpfn("LAMBAYEQUE", 2023, "129-A", 7),
        mpfn("LAMBAYEQUE", 2023, "129 - B", 1), mpfn("LAMBAYEQUE", 2023, "153", 3),
        mpfn("LAMBAYEQUE", 2023, "189", 999), mpfn("DEL SANTA", 2023, "129-A", 4, ubigeo="021801"),
        mpfn("LIMA NORTE", 2023, "129-A", 6, "ENERO - JUNIO"),
    ]  # fmt: skip
    reading = read_mpfn(write(tmp_path, MPFN, lines), source_id="x")
    assert values(reading.table) == {
        ("Lambayeque", "14", "2022-01", "2022-12"): 7,
        ("Lambayeque", "14", "2023-01", "2023-12"): 8,
        ("Santa", "02", "2023-01", "2023-12"): 4,
        ("Lima Norte", "15", "2023-01", "2023-06"): 6,
    }
    check_sums(reading)
    assert {str(p.reason): (p.rows, p.total) for p in reading.account.left_out} == {
        "article 129-A is not the one of trafficking in 2022": (1, 1),
        "article 153 is not the one of trafficking in 2023": (1, 3),
        "other articles of the penal code": (1, 999),
    }
    text = reading.account.render()
    assert "column ubigeo is the seat of the fiscal district" in text
    assert "years not covered whole: 2023" in text
    assert "approximation: with Jaén, San Ignacio, Cutervo (Cajamarca)" in text


def test_mpfn_repeated_rows_are_counted_once_and_two_counts_refused(tmp_path):
    line = mpfn("LAMBAYEQUE", 2022, "153", 5)
    reading = read_mpfn(write(tmp_path, MPFN, [line, line]), source_id="x")
    assert reading.account.total_out == 5
    assert reading.account.left_out[0].rows == 1
    path = write(tmp_path, MPFN, [line, mpfn("LAMBAYEQUE", 2022, "153", 6)])
    with pytest.raises(TableError, match=r"row 3, column cantidad, '6'.*Row 2 is the same"):
        read_mpfn(path, source_id="x")


def test_mpfn_unknown_districts_and_missing_columns_are_named(tmp_path):
    path = write(tmp_path, MPFN, [mpfn("LAMBAYEKE", 2022, "153", 5)])
    with pytest.raises(TableError, match=r"'LAMBAYEKE'.*Did you mean 'Lambayeque'"):
        read_mpfn(path, source_id="x")
    path = write(tmp_path, MPFN.replace("cantidad", "otra"), [])
    with pytest.raises(DataFileError, match=r"column 'cantidad' is missing"):
        read_mpfn(path, source_id="x")


@pytest.mark.parametrize(
    ("header", "rows", "kind"),
    [
        (MININTER, block(2017, 1, "14", "LAMBAYEQUE", 1, 0), "mininter"),
        (MPFN, [mpfn("LAMBAYEQUE", 2022, "153", 5)], "mpfn"),
        ("Departamento;2016;2017", ["Ica;1;2"], "complaints_wide"),
        ("Departamento;Año;Denuncias", ["Ica;2017;2"], "complaints_long"),
        ("origen;destino;valor", ["Ica;Lima;2"], "flows"),
        ("Origen;Destino;Edad;Sexo", ["Ica;Lima;20;F"], "cases"),
        (";Ica;Lima;Puno", ["Ica;0;1;2", "Lima;3;0;1", "Puno;1;1;0"], "od_matrix"),
        ("a;b", ["x;y"], "unknown"),
    ],
)
def test_what_a_table_is(tmp_path, header, rows, kind):
    found, why = recognise_table(open_sheet(write(tmp_path, header, rows)))
    assert found == kind
    assert all(str(reason) for reason in why)
