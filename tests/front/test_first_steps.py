"""The first minutes with files of one's own (invented): what fits is read, a gap is said."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from corredor.geodata import CorredorError, read_study
from corredor.geodata.intake.read import FILE_KINDS, options_of, read_any

from corredor.cli import app

NAMES = ["gone", "gone.csv", "gone.xlsx", "gone.ods", "gone.parquet", "gone.gpkg", "gone.geojson",
         "gone.json", "gone.js", "gone.shp", "gone.zip", "gone.dbf", "gone.kml", "gone.txt",
         "gone/study.toml", "gone/table.csv", "study.toml"]  # fmt: skip


def refusal(*words) -> str:
    """Return the one sentence with which a command refuses; anything else fails."""
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert isinstance(result.exception, CorredorError), repr(result.exception)
    return result.exception.render("en")


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """Stand in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "words",
    [
        ["check"], ["check", "--format", "json"], ["map", "-o", "o.html"], ["new", "st"],
        ["figure", "-o", "o.svg"], ["report", "-o", "o.docx"], ["embed"],
        ["corridors", "-o", "o.csv"], ["posts"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_command_says_in_one_sentence_that_a_file_is_not_there(empty, words):
    for name in ("gone", "gone.csv", "gone.json", "gone.gpkg", "gone.zip", "gone/study.toml"):
        said = refusal(*words, name)
        assert "gone" in said or "study.toml" in said
        assert "\n" not in said
        assert list(empty.iterdir()) == []


def test_an_import_says_that_its_file_is_not_there(empty):
    for name in ("gone", "gone.json", "gone.gpkg"):
        for kind in ("flows", "regions", "network"):
            assert f"{name}: there is no such file" in refusal("import", kind, name, "-o", "o.csv")
    assert list(empty.iterdir()) == []


@pytest.mark.parametrize("kind", FILE_KINDS)
def test_no_reader_is_surprised_by_a_file_that_is_not_there(empty, kind):
    asked = {"source_id": "s", "register": "X", "measure": "complaints"}
    given = {name: value for name, value in asked.items() if name in options_of(kind)}
    for name in [*NAMES, "."]:
        with pytest.raises(CorredorError) as caught:
            read_any(kind, Path(name), given)
        assert Path(name).name in caught.value.render("en") or name == "."


@pytest.mark.parametrize("words", [["check"], ["map", "-o", "o.html"], ["new", "st"]], ids=" ".join)
def test_a_folder_without_a_study_is_no_surprise(empty, words):
    (empty / "folder").mkdir()
    said = refusal(*words, "folder")
    assert "folder" in said
    assert [path.name for path in empty.iterdir()] == ["folder"]


@pytest.mark.parametrize(
    ("header", "measure"),
    [
        ("Denuncias de trata 2022", "complaints"),
        ("Denuncias por trata", "complaints"),
        ("Víctimas de trata 2022", "victims"),
        ("Personas rescatadas 2022", "rescued"),
    ],
)
def test_a_header_that_says_what_is_counted_is_enough(tmp_path, header, measure):
    path = tmp_path / "own.csv"
    path.write_text(f"Departamento,{header}\nLima,12\nCusco,7\n", encoding="utf-8")
    period = [] if "2022" in header else ["--period", "2022-01/2022-12"]
    about = ["--register", "X", "--public", "https://example.org/figures", *period]
    result = CliRunner().invoke(app, ["new", str(tmp_path / "st"), str(path), *about])
    assert result.exit_code == 0, result.output + repr(result.exception)
    table = read_study(tmp_path / "st").tables.complaints
    assert set(table["measure"]) == {measure}
    assert table["value"].sum() == 19
