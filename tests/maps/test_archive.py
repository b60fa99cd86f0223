"""A study with its outputs in one file: complete, described, and made again with the same bytes."""

from __future__ import annotations

import hashlib
import json
import zipfile

import pytest
from corredor.geodata import DataFileError, SuppressionError, read_study
from corredor.maps import rerun_archive, write_archive
from corredor.maps.export import archive as module
from corredor.maps.report.zipped import zip_files


@pytest.fixture(scope="module")
def crate(toy_study, tmp_path_factory):
    return write_archive(toy_study, tmp_path_factory.mktemp("a") / "toy.crate.zip", lang="en")


def read(crate):
    with zipfile.ZipFile(crate) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewrite(crate, path, **changes):
    files = read(crate) | {name.replace("__", "/"): text for name, text in changes.items()}
    path.write_bytes(zip_files(files))
    return path


def test_it_holds_the_study_its_outputs_and_how_to_cite(crate, toy_study):
    files = read(crate)
    for table in toy_study.files.values():
        for file in table:
            assert files[f"study/{file.name}"] == file.read_bytes()
    assert files["study/study.toml"] == (toy_study.path / "study.toml").read_bytes()
    assert b'<meta name="generator" content="Corredor' in files["outputs/map.html"]
    assert {"outputs/report.html", "outputs/data/figures.csv"} < set(files)
    cited = json.loads(files["CITATION.cff"])
    assert cited["cff-version"] == "1.2.0"
    assert cited["title"] == "Toy country"
    assert len(cited["references"]) == len(toy_study.tables.sources)


def test_every_file_is_described_and_every_reference_leads_somewhere(crate):
    files = read(crate)
    assert next(iter(files)) == "ro-crate-metadata.json"
    described = json.loads(files.pop("ro-crate-metadata.json"))
    assert described["@context"] == "https://w3id.org/ro/crate/1.1/context"
    graph = {one["@id"]: one for one in described["@graph"]}
    assert len(graph) == len(described["@graph"])
    head = graph["ro-crate-metadata.json"]
    assert head["about"] == {"@id": "./"}
    assert head["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    root = graph["./"]
    assert {"name", "description", "datePublished", "license"} <= set(root)
    assert [part["@id"] for part in root["hasPart"]] == list(files)
    for name, content in files.items():
        assert graph[name]["@type"] == "File"
        assert graph[name]["sha256"] == hashlib.sha256(content).hexdigest()
        assert graph[name]["contentSize"] == str(len(content))
    for one in graph.values():
        for key, value in one.items():
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, dict) and key != "conformsTo":
                    assert item["@id"] in graph
    programs = {one["name"] for one in graph.values() if one["@type"] == "SoftwareApplication"}
    assert {"Corredor", "Python", "pandas", "GEOS", "zlib"} <= programs


def test_two_archives_are_the_same_bytes_and_are_made_again(crate, toy_study, tmp_path):
    again = write_archive(toy_study, tmp_path / "again.zip", lang="en")
    assert again.read_bytes() == crate.read_bytes()
    found = rerun_archive(crate)
    assert found.same
    assert not found.versions
    assert "outputs/map.html" in found.outputs


def test_a_changed_input_is_named_and_changes_outputs(crate, tmp_path, toy_study):
    file = toy_study.files["sources"][0]
    other = file.read_bytes().replace(b"Informe anual", b"Otro informe")
    found = rerun_archive(rewrite(crate, tmp_path / "x.zip", **{f"study__{file.name}": other}))
    assert found.inputs == (file.name,)
    assert "outputs/data/sources.csv" in found.different
    assert not found.same


def test_an_output_that_was_edited_is_not_the_one_that_is_made(crate, tmp_path, monkeypatch):
    files = read(crate)
    described = json.loads(files["ro-crate-metadata.json"])
    for one in described["@graph"]:
        if one["@id"] == "outputs/data/README.txt":
            one["sha256"] = hashlib.sha256(b"edited").hexdigest()
        if one.get("name") == "shapely":
            one["version"] = "1.8"
    path = rewrite(crate, tmp_path / "x.zip", **{
        "ro-crate-metadata.json": json.dumps(described).encode(),
        "outputs__data__README.txt": b"edited",
    })  # fmt: skip
    found = rerun_archive(path)
    assert found.different == ("outputs/data/README.txt",)
    assert found.versions["shapely"] == ("1.8", module.versions()["shapely"])


def test_counts_that_are_not_public_are_in_no_archive(toy_folder, tmp_path):
    path = toy_folder / "sources.csv"
    text = path.read_text("utf-8")
    assert text.count("registro,2026-01-02,public") == 1
    path.write_text(text.replace("registro,2026-01-02,public", "registro,2026-01-02,own"), "utf-8")
    with pytest.raises(SuppressionError, match="hands the files"):
        write_archive(read_study(toy_folder), tmp_path / "x.zip")
    assert not (tmp_path / "x.zip").exists()


def test_points_that_a_publication_shows_less_exactly_are_in_no_archive(toy_folder, tmp_path):
    path = toy_folder / "places.csv"
    text = path.read_text("utf-8")
    assert text.count("0201,city,-8.25") == 1
    path.write_text(text.replace("0201,city,-8.25", "0201,city,-8.25123"), "utf-8")
    with pytest.raises(SuppressionError, match="hands the files"):
        write_archive(read_study(toy_folder), tmp_path / "x.zip")


def test_the_embedded_study_is_archived_and_made_again(peru_study, tmp_path):
    found = rerun_archive(write_archive(peru_study, tmp_path / "peru.zip"))
    assert found.same
    assert len(found.outputs) > 20


def test_columns_that_nobody_judged_are_in_no_archive(toy_folder, tmp_path):
    path = toy_folder / "complaints.csv"
    head, *rows = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([f"{head},nombre", *(f"{row},Ana (inventada)" for row in rows)]))
    with pytest.raises(DataFileError, match="column 'nombre'") as caught:
        write_archive(read_study(toy_folder), tmp_path / "x.zip")
    assert "Ana" not in caught.value.render("en")


def test_files_outside_the_study_are_refused(toy_folder, tmp_path):
    (tmp_path / "elsewhere.csv").write_bytes((toy_folder / "sources.csv").read_bytes())
    toml = toy_folder / "study.toml"
    toml.write_text(toml.read_text("utf-8").replace('"sources.csv"', '"../elsewhere.csv"'))
    with pytest.raises(DataFileError, match="outside the folder"):
        write_archive(read_study(toy_folder), tmp_path / "x.zip")


def test_other_files_and_paths_that_leave_the_folder_are_refused(crate, tmp_path):
    other = tmp_path / "other.zip"
    other.write_bytes(zip_files({"a.txt": b"a"}))
    with pytest.raises(DataFileError, match="no archive of a study"):
        rerun_archive(other)
    with pytest.raises(DataFileError, match="no archive of a study"):
        rerun_archive(rewrite(crate, tmp_path / "y.zip", **{"study__..__..__evil.csv": b"x"}))
    assert not (tmp_path.parent / "evil.csv").exists()


def test_the_commands_say_what_they_found(command, crate, toy_folder, tmp_path):
    run = command("archive", toy_folder, "-o", tmp_path / "a.zip", "--lang", "en")
    assert run.code == 0
    assert command("rerun", tmp_path / "a.zip").out.startswith("The same bytes: ")
    bad = rewrite(tmp_path / "a.zip", tmp_path / "b.zip", **{
        "study__study.toml": (toy_folder / "study.toml").read_bytes() + b"\n# another\n",
    })  # fmt: skip
    run = command("rerun", bad)
    assert run.code == 1
    assert "Another file than the archive was made of: study.toml" in run.out
    assert "Other bytes: outputs/map.html" in run.out
