"""Registers with one row a case: nothing of a person gets out. All cases are invented."""

import json
import random
import traceback

import openpyxl
import pytest
from click.testing import CliRunner
from corredor.geodata.intake.read import FILE_KINDS, options_of
from exposed import CELLS, FORMATS, ROLES, TABLES, damaged, leaks

from corredor.cli import app

# What must never be seen: a name, an identity number, a telephone, an address, a mail.
SECRETS = (
    "Zulmira", "ZULMIRA", "Quispezeta", "QUISPEZETA", "00045678", "987654321", "Secretos", "zz@",
    "Albergue Equis", "12.123456",
)  # fmt: skip
NAME = "Ana Zulmira Quispe Quispezeta"
MOVED = "Puno;Mazuko;2022"

LAYOUTS = {
    "names and numbers": (
        "N°;Apellidos y nombres;DNI;origen;destino;fecha",
        f"1;{NAME};00045678;{MOVED}",
    ),
    "number in a code column": ("codigo;origen;destino;fecha", f"00045678;{MOVED}"),
    "name in a code column": ("codigo;origen;destino;fecha", f"{NAME.upper()};{MOVED}"),
    "no header for the name": ("origen;destino;fecha;", f"{MOVED};{NAME}"),
    "name in the remarks": (
        "origen;destino;fecha;edad;observaciones",
        f"{MOVED};15;{NAME} vive en Jr. Los Secretos 123",
    ),
    "name under purpose": ("origen;destino;fecha;sexo;finalidad", f"{MOVED};F;{NAME}"),
    "name under origin": ("origen;destino;fecha;sexo", f"{NAME};Mazuko;2022;F"),
    "name under destination": ("origen;destino;fecha;sexo", f"Puno;{NAME};2022;F"),
    "shelter as destination": (
        "origen;lugar de destino;fecha;sexo",
        "Puno;Albergue Equis, Av. Los Secretos 123;2022;F",
    ),
    "name instead of a date": ("origen;destino;fecha;sexo", f"Puno;Mazuko;{NAME};F"),
    "name instead of an age": ("origen;destino;fecha;edad", f"{MOVED};{NAME}"),
    "name instead of a count": ("origen;destino;fecha;sexo;víctimas", f"{MOVED};F;{NAME}"),
    "telephone": ("origen;destino;fecha;sexo;contacto", f"{MOVED};F;987654321"),
    "mail": ("origen;destino;fecha;sexo;contacto", f"{MOVED};F;zz@correo.pe"),
    "coordinates": ("origen;destino;fecha;sexo;punto", f"{MOVED};F;-12.123456, -70.123456"),
    "shelter": ("origen;destino;fecha;sexo;lugar actual;tutor", f"{MOVED};F;Albergue Equis;{NAME}"),
    "no header at all": (f"{NAME};00045678;Puno;Mazuko;2022", f"{NAME};00045678;Ica;Lima;2022"),
    "no header, only a name": (f"{NAME};Puno;Lima;2022", f"{NAME};Ica;Lima;2022"),
    "header of a person": (f"Caso {NAME} 00045678;origen;destino;fecha", f"x;{MOVED}"),
    "title above": (f"Registro de {NAME}\norigen;destino;fecha;sexo", f"{MOVED};F"),
    "footnote below": ("origen;destino;fecha;sexo", f"{MOVED};F\nNota: {NAME} fue trasladada"),
    "row too long": ("origen;destino;fecha;dni", f"{MOVED};00045678;{NAME}"),
    "open quote": ("origen;destino;fecha;nombres", f'{MOVED};"{NAME}'),
    "name as route": ("ruta;dni", f"{NAME} -> Lima;00045678"),
}
COMMANDS = (
    ("check", "--format", "json"),
    ("check", "--as", "cases", "--format", "html"),
    ("check", "--as", "flows", "--allow-unmatched"),
    ("check", "--as", "itineraries"),
    ("import", "cases", "--register", "PNP"),
)


def everything_said(result):
    """Return output, message and traceback with the values of local names left out."""
    said = result.output
    if result.exception is not None:
        said += "".join(traceback.format_exception(result.exception))
        said += getattr(result.exception, "render", str)("es") if result.exit_code == 1 else ""
    return said


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_nothing_of_a_person_is_said_or_written(tmp_path, layout, command):
    header, row = LAYOUTS[layout]
    source, target = tmp_path / "registro.csv", tmp_path / "out"
    target.mkdir()
    source.write_text(f"{header}\n{row}\n", encoding="utf-8")
    words = [command[0], *command[1:2], str(source), *command[2:]]
    if command[0] == "check":
        words = ["check", str(source), *command[1:], "--report", str(target / "report")]
    else:
        words += ["-o", str(target / "tidy.csv")]
    result = CliRunner().invoke(app, words)
    assert result.exception is None or result.exit_code == 1, everything_said(result)
    said = everything_said(result)
    said += "".join(file.read_text(encoding="utf-8") for file in target.iterdir())
    assert [secret for secret in SECRETS if secret in said] == []


def test_a_register_is_taken_for_one_although_its_rows_are_numbered(tmp_path):
    path = tmp_path / "registro.csv"
    path.write_text("\n".join(LAYOUTS["names and numbers"]) + "\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["check", str(path), "--format", "json"])
    account = json.loads(result.stdout)
    assert account["dropped_columns"] == ["Apellidos y nombres", "DNI"]
    assert account["total"] == {"in": 1.0, "out": 1.0}
    assert account["published"] is False


def test_an_age_is_no_count(tmp_path):
    path = tmp_path / "registro.csv"
    path.write_text("departamento;fecha;sexo;edad\nCusco;2017-01-01;F;15\n", encoding="utf-8")
    account = json.loads(CliRunner().invoke(app, ["check", str(path), "--format", "json"]).stdout)
    assert account["taken_for"].startswith("register with one row a case")
    assert account["total"] == {"in": 1.0, "out": 1.0}
    assert account["complaints"]["total"] == 1.0


def test_a_workbook_with_a_person_in_the_title(tmp_path):
    book = openpyxl.Workbook()
    for row in ([f"Registro de {NAME}"], ["origen", "destino", "fecha", "dni"],
                ["Puno", "Mazuko", 2022, "00045678"]):  # fmt: skip
        book.active.append(row)
    book.save(tmp_path / "registro.xlsx")
    result = CliRunner().invoke(app, ["check", str(tmp_path / "registro.xlsx")])
    assert result.exit_code == 0, everything_said(result)
    assert "dni" in result.output
    assert [secret for secret in SECRETS if secret in result.output] == []


def test_flows_and_routes_refuse_a_register_and_say_how_to_read_it(tmp_path):
    path = tmp_path / "registro.csv"
    path.write_text("\n".join(LAYOUTS["names and numbers"]) + "\n", encoding="utf-8")
    for kind in ("flows", "itineraries"):
        out = tmp_path / "tidy.csv"
        result = CliRunner().invoke(app, ["import", kind, str(path), "-o", str(out)])
        assert result.exit_code == 1
        assert "register with one row a case" in result.exception.render()
        assert "--as cases" in result.exception.render()
        assert not out.exists()


@pytest.mark.parametrize("shape", [*TABLES, *FORMATS])
def test_no_cell_of_a_person_leaves_any_command(shape, tmp_path):
    """Output, errors, accounts of all formats and written tables, with any options."""
    dice = random.Random(shape)
    for turn, cell in enumerate(dice.sample(CELLS, 8)):
        rows = damaged(dice, {**TABLES, **FORMATS}[shape], cell)
        folder = tmp_path / str(turn)
        folder.mkdir()
        source = tmp_path / f"t{turn}.{dice.choice(('csv', 'csv', 'xlsx'))}"
        if source.suffix == ".csv":
            text = "\n".join(";".join(row) for row in rows) + "\n"
            source.write_text(text, encoding="utf-8")
        else:
            book = openpyxl.Workbook()
            for row in rows:
                book.active.append([text or None for text in row])
            book.save(source)
        own = [shape] if shape in FILE_KINDS else []
        kind = dice.choice(
            [*own, *own, *(k for k in FILE_KINDS if k not in ("regions", "network"))]
        )
        headers = [name for name in (*rows[0], *rows[1]) if name and cell not in name] or ["x"]
        told = []
        for role in dice.sample(ROLES, dice.choice((0, 0, 1, 2))):
            told += ["--columns", f"{role}={dice.choice(headers)}"]
        if "columns" not in options_of(kind):
            told = []
        for name, words in (("allow_unmatched", ["--allow-unmatched"]),
                            ("add_up", ["--add-up", dice.choice(headers)]),
                            ("period", ["--period", "2019-01/2019-12"])):  # fmt: skip
            if name in options_of(kind) and dice.random() < 0.4:
                told += words
        shown = ["--format", dice.choice(("text", "json", "html"))]
        if dice.random() < 0.5:
            shown += ["--report", str(folder / "report")]
        register = ["--register", "PNP"] if "register" in options_of(kind) else []
        measure = ["--measure", "victims"] if "measure" in options_of(kind) else []
        said_as = dice.choice(([], ["--as", kind]))
        commands = [["check", str(source), *said_as, *told, *shown]]
        if shape not in ("ctdc",):
            commands.append(["import", kind, str(source), "-o", str(folder / "tidy.csv"), *told,
                             *register, *measure, "--format", "json"])  # fmt: skip
        for words in commands:
            result = CliRunner().invoke(app, words)
            assert result.exception is None or result.exit_code in (1, 2), everything_said(result)
            said = everything_said(result)
            for file in folder.iterdir():
                said += file.read_text(encoding="utf-8")
                file.unlink()
            said = said.replace(str(source), "")
            assert not leaks(said, cell), (words, cell, said[:3000])
            assert "0004567" not in said, (words, said[:2000])
            assert "COM ZZ" not in said, (words, said[:2000])
