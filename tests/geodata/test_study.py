"""Study folders: ``study.toml``, what it names, and the copy of the embedded study."""

import tomllib
from pathlib import Path

import pytest
from corredor.geodata import (
    DataFileError,
    StudyError,
    TableError,
    copy_embedded,
    embedded_study,
    protect,
    read_study,
)
from corredor.geodata.study.new import ALONGSIDE
from corredor.maps import atlas
from toy import FILES, STUDY


def test_the_toy_study_is_read_whole(toy_study):
    assert toy_study.path.name == "toy"
    sizes = {name: len(table) for name, table in vars(toy_study.tables).items()}
    for name in set(sizes) - {"regions", "neighbours", "waters"}:
        # A table that the study does not have is empty.
        assert sizes[name] == FILES.get(f"{name}.csv", "\n").count("\n") - 1, name
    assert (sizes["regions"], sizes["neighbours"], sizes["waters"]) == (4, 2, 2)


def test_what_the_study_says_of_itself(toy_study):
    meta = toy_study.meta
    assert (meta.title.es, meta.title.en) == ("País de prueba", "Toy country")
    assert (meta.subtitle.es, meta.boundaries_note.en) == ("Cifras inventadas", "Four squares")
    assert meta.opening.series == {
        "register": "PNP",
        "measure": "victims",
        "period_start": "2017-01",
        "period_end": "2018-12",
    }
    assert (meta.opening.state, meta.threshold) == ({"show": "rate"}, 10)


def test_population_is_joined_by_code(toy_study):
    regions = toy_study.tables.regions
    assert regions["population"].tolist() == [100_000, 200_000, 50_000, 400_000]
    assert set(regions["population_year"]) == {"2017"}
    assert set(regions["population_source"]) == {"base"}


def test_the_file_names_the_study_as_well_as_the_folder(toy_folder, toy_study):
    assert read_study(toy_folder / "study.toml").meta == toy_study.meta


def test_the_fingerprint_follows_every_byte(toy_study, change):
    assert len(toy_study.meta.fingerprint) == 12
    changed = change("population.csv", "100000", "100001")
    assert changed.meta.fingerprint != toy_study.meta.fingerprint
    back = change("population.csv", "100001", "100000")
    assert back.meta.fingerprint == toy_study.meta.fingerprint


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[title]", "title", r"study\.toml: this is not valid TOML: .*line 2"),
        ("[title]", "[titel]", r"study\.toml, \[titel\]: Did you mean 'title'\?"),
        ('en = "Toy country"', "", r"\[title\.en\]: This text is missing\."),
        ('es = "Cifras inventadas"', 'es = "  "', r"\[subtitle\.es\]: This text is missing\."),
        ('es = "Cuatro cuadrados"', "es = 4", r"\[boundaries_note\.es\]: This text is missing\."),
        ("[opening]", "[openin]", r"\[openin\]: Did you mean 'opening'\?"),
        ("[opening]", "[zzz]", r"\[zzz\]: Nothing known looks like it\. Use one of: title, sub"),
        ('register = "PNP"', "registers = 'x'", r"\[opening\.registers\]: Did you mean 'register'"),
        ('register = "PNP"', 'register = ""', r"\[opening\.register\]: This text is missing\."),
        ('show = "rate"', 'show = "change"', r"\[opening\.show\]: Use one of: rate, count\."),
        ("threshold = 10", "treshold = 10", r"\[publication\.treshold\]: Did you mean 'threshold'"),
        ('es = "Cifras inventadas"', 'es = "x"\nfr = "y"', r"\[subtitle\.fr\]: Nothing known"),
        ('{ file = "places.csv" }', '{ file = "places.csv", flie = true }',
         r"\[tables\.places\.flie\]: Did you mean 'file'"),
        ('"victims"', '"victim"', r"\[opening\.measure\]: Did you mean 'victims'\?"),
        ('"rate"', '"share"', r"\[opening\.show\]: 'share' is not known\."),
        ("threshold = 10", "threshold = 4", r"threshold\]: Write a whole number of at least 5\."),
        ("threshold = 10", 'threshold = "ten"', r"threshold\]: Write a whole number of at least 5"),
        ("threshold = 10", "threshold = true", r"threshold\]: Write a whole number of at least 5"),
        ("[tables]", "[table]", r"\[table\]: Did you mean 'tables'\?"),
        ("flows = {", "flow = {", r"\[tables\.flow\]: Did you mean 'flows'\?"),
        ("flows = {", "zzzz = {", r"\[tables\.zzzz\]: Nothing known looks like it\."),
        ('{ file = "places.csv" }', '"places.csv"',
         r'\[tables\.places\]: It needs a line such as file = "places\.csv"\.'),
        ('file = "places.csv"', "file = 3", r"\[tables\.places\]: It needs a line such as file ="),
        ('sources = { file = "sources.csv" }', "", r"\[tables\.sources\]: It needs a line such as"),
        ('regions = { file = "regions.geojson" }', "", r"\[tables\.regions\]: It needs a"),
    ],
)  # fmt: skip
def test_faults_of_study_toml_name_the_key_and_the_remedy(change, old, new, message):
    with pytest.raises(StudyError, match=message):
        change("study.toml", old, new)


def test_publication_must_be_a_section(toy_folder):
    text = STUDY.replace("[publication]\nthreshold = 10\n", "")
    (toy_folder / "study.toml").write_text(f"publication = 10\n{text}", encoding="utf-8")
    with pytest.raises(StudyError, match=r"\[publication"):
        read_study(toy_folder)


def test_the_threshold_is_ten_unless_given(change):
    assert change("study.toml", "threshold = 10", "").meta.threshold == 10


def test_a_folder_without_study_says_how_to_make_one(tmp_path):
    with pytest.raises(
        StudyError, match=r"there is no study\.toml here\. 'corredor new DIR' makes"
    ):
        read_study(tmp_path)


def test_study_toml_in_another_encoding_is_refused(toy_folder):
    (toy_folder / "study.toml").write_bytes('[title]\nes = "Perú"'.encode("latin-1"))
    with pytest.raises(StudyError, match="is not valid TOML"):
        read_study(toy_folder)


@pytest.mark.parametrize("name", ["flows.csv", "regions.geojson"])
def test_a_table_that_is_not_there_is_named(toy_folder, name):
    (toy_folder / name).unlink()
    with pytest.raises(DataFileError, match=f"{name}: there is no such file"):
        read_study(toy_folder)


def test_faults_of_a_table_reach_the_reader_with_their_file(change):
    with pytest.raises(TableError, match=r"flows\.csv.*\n.*'posso'.*\n?.*Did you mean 'pozo'"):
        change("flows.csv", ",pozo,", ",posso,")


def test_a_place_needs_both_coordinates_or_none(change):
    with pytest.raises(TableError, match=r"row 5, column lat, 'pozo': Only one of lat and lon"):
        change("places.csv", "-8.25,-74.25", "-8.25,")


def test_tables_left_out_are_empty(change, toy_folder):
    for name in ("rankings", "itineraries", "network_links", "network_places"):
        line = next(row for row in FILES["study.toml"].splitlines() if row.startswith(f"{name} ="))
        study = change("study.toml", line, "")
    assert len(study.tables.rankings) == len(study.tables.network_links) == 0
    assert list(study.tables.itineraries.columns) == list(
        FILES["itineraries.csv"].split("\n", 1)[0].split(",")
    )
    assert len(study.tables.flows) == 6


def test_reading_twice_gives_equal_tables(toy_folder, toy_study):
    again = read_study(toy_folder)
    for name, table in vars(toy_study.tables).items():
        assert table.equals(getattr(again.tables, name)), name


@pytest.mark.parametrize("prepare", ["absent", "empty", "nested"])
def test_the_copy_reads_and_draws_like_the_original(tmp_path, peru_study, prepare):
    target = tmp_path / ("a/b/mine" if prepare == "nested" else "mine")
    if prepare == "empty":
        target.mkdir()
    assert copy_embedded(target) == target
    study = read_study(target)
    assert (study.meta.title, study.meta.opening) == (
        peru_study.meta.title,
        peru_study.meta.opening,
    )
    assert protect(study).mode == "public"
    assert atlas(protect(study)).get_root().render().startswith("<!DOCTYPE html>")
    assert not list(target.glob("*.py"))
    assert [path.name for path in target.parent.iterdir()] == ["mine"]


def test_the_copy_has_the_files_that_study_toml_names_and_no_other(tmp_path):
    """And the licences, and the public-domain layer that can stand for that of the regions."""
    copy_embedded(tmp_path / "mine")
    config = tomllib.loads((embedded_study() / "study.toml").read_text(encoding="utf-8"))
    named = {entry["file"] for entry in config["tables"].values()}
    assert {file.name for file in (tmp_path / "mine").iterdir()} == {
        *named,
        *ALONGSIDE,
        "study.toml",
    }
    for name in (*named, *ALONGSIDE):
        assert (tmp_path / "mine" / name).read_bytes() == (embedded_study() / name).read_bytes()


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_the_copy_never_overwrites(tmp_path, kind):
    target = tmp_path / "mine"
    kept = target
    if kind == "folder":
        target.mkdir()
        kept = target / "notes.txt"
    kept.write_text("years of work")
    with pytest.raises(StudyError, match=r"mine: this exists already and is not empty\. Name"):
        copy_embedded(target)
    assert kept.read_text() == "years of work"
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_the_copy_can_be_made_in_the_folder_one_stands_in(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    copy_embedded(Path())
    assert (tmp_path / "study.toml").is_file()
