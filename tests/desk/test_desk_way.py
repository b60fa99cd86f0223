"""The way over the desk: from files to a protected map, a report and a picture."""

from datetime import datetime

import openpyxl
import pytest
from at_desk import HEADER, records
from click.testing import CliRunner

from corredor.cli import app


def run(*words):
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return done


def test_a_register_becomes_the_same_bytes_as_by_the_command_line(desk, excel, tmp_path):
    page = desk.upload(excel)
    assert "register with one row a case" in page.text or "registro" in page.text
    assert "INVENTADA" not in page.text
    assert "Protegidas" in desk.get("/protection") or "protegid" in desk.get("/protection")
    made = {}
    for name in ("map", "word", "picture"):
        assert desk.post("/take", {"what": name}).status_code == 200
        made[name] = desk.client.get(f"/out/{name}").content
    by_hand = tmp_path / "hand"
    run("new", by_hand / "estudio", excel)
    for name in by_hand.glob("estudio/*.*"):
        assert name.read_bytes() == (desk.folder / name.name).read_bytes(), name
    run("map", by_hand / "estudio", "-o", by_hand / "map.html")
    run("report", by_hand / "estudio", "-o", by_hand / "report.docx")
    run("figure", by_hand / "estudio", "-o", by_hand / "figure.png")
    assert made["map"] == (by_hand / "map.html").read_bytes()
    assert made["word"] == (by_hand / "report.docx").read_bytes()
    assert made["picture"] == (by_hand / "figure.png").read_bytes()


def under_a_title(rows):
    return [["REGISTRO DE CASOS ATENDIDOS 2019-2023"], ["Datos inventados"], [], HEADER, *rows,
            [], ["Fuente: registro propio"]]  # fmt: skip


def with_dates_and_other_names(rows):
    """Dates as Excel keeps them, other words, another order."""
    header = [
        "fecha_denuncia",
        "procedencia",
        "lugar_destino",
        "sexo",
        "edad",
        "nombres",
        "documento",
    ]
    moved = []
    for _, name, number, age, sex, day, origin, end, _ in rows:
        date = datetime.strptime(day, "%d/%m/%Y")
        moved.append([date, origin, end, sex, age, name, number])
    return [header, *moved]


def in_capitals_with_gaps(rows):
    """Names in capitals, cells of nobody, columns without a name of their own."""
    moved = [[*row[:6], row[6].upper(), row[7].upper(), row[8]] for row in rows]
    return [HEADER, *moved[:200], [None] * 9, *moved[200:]]


def with_provinces(rows):
    header = [*HEADER[:6], "Región origen", "Provincia origen", "Región destino",
              "Provincia destino", "Modalidad"]  # fmt: skip
    seats = {"Loreto": "Maynas", "Puno": "San Román", "Madre de Dios": "Tambopata"}
    return [header, *([*row[:6], row[6], seats.get(row[6]), row[7], seats.get(row[7]), row[8]]
                      for row in rows)]  # fmt: skip


@pytest.mark.parametrize(
    "layout",
    [under_a_title, with_dates_and_other_names, in_capitals_with_gaps, with_provinces],
    ids=lambda layout: layout.__name__,
)
def test_a_register_is_read_in_every_layout(desk, layout, tmp_path):
    """The one that stands as it is goes all the way above; nothing needs to be typed."""
    book = openpyxl.Workbook()
    for row in layout(records(400)):
        book.active.append(row)
    book.save(tmp_path / "casos.xlsx")
    page = desk.upload(tmp_path / "casos.xlsx").text
    assert "INVENTADA" not in page
    publication = desk.app.state.desk.work.publication
    assert publication.mode == "protected"
    shown = publication.tables
    assert shown.complaints["value"].min() >= 10
    assert len(shown.flows) >= 5
    assert 400 in shown.complaints["value"].tolist()
