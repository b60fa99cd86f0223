"""What an error advises changes the outcome, and loses nothing. All figures are invented."""

import re

import pytest
from click.testing import CliRunner
from corredor.geodata import CorredorError
from corredor.geodata.intake.read import check_file, read_any

from corredor.cli import app
from corredor.options import say_flags

# Tables that are refused with advice, and the total that must be kept by following it.
TABLES = {
    "sexes by year": ("departamento,2022 Mujer,2022 Hombre,2021 Mujer,2021 Hombre\n"
                      "Cusco,3,4,1,2\nPuno,5,1,0,1\n", 17),
    "sexes in a long table": ("departamento,año,Mujeres,Hombres\nCusco,2022,3,4\n"
                              "Puno,2022,5,1\n", 13),
    "rows by sex": ("departamento,año,sexo,casos\nCusco,2022,F,3\nCusco,2022,M,4\n", 7),
    "victims": ("departamento,víctimas 2022\nCusco,3\nPuno,4\n", 7),
    "no months": ("departamento,casos\nCusco,3\nPuno,4\n", 7),
    "shares": ("origen,destino,valor\nPuno,Cusco,12.5\nPuno,Lima,87.5\n", None),
    "pairs by sex": ("origen,destino,sexo,casos\nPuno,Lima,F,3\nPuno,Lima,M,4\n", 7),
    "a column without a name for it": ("origen,destino,xyz\nPuno,Lima,3\nIca,Lima,4\n", 7),
    "two columns of counts": ("departamento,año,casos A,casos B\nIca,2017,1,2\n", None),
    "a value nobody names": ("departamento,año,xyz\nIca,2017,1\nPuno,2017,3\n", 4),
    "two codes": ("ubigeo_reniec,ubigeo_inei,denuncias_2022\n07,08,40\n24,07,22\n", 62),
    "a place nobody knows": ("departamento,casos 2022\nCusco,3\nVilla Zz,4\n", 7),
}  # fmt: skip
VALUE = {"--columns": None, "--period": "2022-01/2022-12", "--as": None}


def advice(text):
    """Return the options that a message offers, with values a user would give."""
    text = say_flags(text)
    found = []
    for flag, value in re.findall(r'(--[a-z-]+) ?("[^"]+"|[^\s.;,]*(?:=[^\s.;,]+)?)', text):
        value = value.strip('"')
        if flag in ("--as", "--study"):
            continue
        if flag == "--allow-unmatched":
            found.append([flag])
        elif flag == "--period":
            found.append([flag, VALUE[flag]])
        elif value and not value.endswith("="):
            found.append([flag, value])
        elif flag == "--columns":
            role = re.search(r"--columns ([a-z_]+)=", text)
            columns = re.search(r"Columns: ([^.]+)\.", text)
            if role and columns:
                found.append([flag, f"{role[1]}={columns[1].split(', ')[0]}"])
    return found


@pytest.mark.parametrize("name", TABLES)
def test_following_the_advice_changes_the_outcome(name, tmp_path):
    text, total = TABLES[name]
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    options, said = [], set()
    for _ in range(4):
        result = CliRunner().invoke(app, ["check", str(path), *options])
        if result.exit_code == 0:
            break
        message = (
            result.exception.render() if hasattr(result.exception, "render") else result.output
        )
        assert message not in said, message
        said.add(message)
        offered = advice(message)
        assert offered, message
        options += offered[0]
    assert result.exit_code == 0, (options, result.output)
    if total is not None:
        numbers = re.search(r"total ([\d,]+) in", result.output)
        assert numbers, result.output
        assert int(numbers[1].replace(",", "")) == total, result.output


@pytest.mark.parametrize("name", TABLES)
def test_check_and_import_agree(name, tmp_path):
    text, _ = TABLES[name]
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    kind = "flows" if text.startswith("origen") else "complaints"
    defaults = {"source_id": "s", "register": "X", "measure": "complaints"}
    outcomes = []
    for run in (lambda: check_file(path, {}, kind=kind),
                lambda: read_any(kind, path, {}, defaults=defaults).account):  # fmt: skip
        try:
            outcomes.append(run().total_out)
        except CorredorError as error:
            outcomes.append(error.render())
    if "measure=" not in str(outcomes):
        assert outcomes[0] == outcomes[1]


def test_options_count_while_the_kind_is_told(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,b,c\nCusco,2022,3\nPuno,2022,4\n", encoding="utf-8")
    with pytest.raises(CorredorError):
        check_file(path, {})
    told = {"columns": {"place": "a", "year": "b", "value": "c"}}
    assert check_file(path, told).total_out == 7
    path.write_text("a,b,c\nCusco,Lima,3\nPuno,Lima,4\n", encoding="utf-8")
    told = {"columns": {"origin": "a", "destination": "b", "value": "c"}}
    assert check_file(path, told).total_out == 7
