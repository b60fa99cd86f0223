"""``corredor corridors`` as people use it."""

import pandas as pd
import pytest
from corredor.geodata.lines.tables import name_point


def test_corridors_are_listed_as_inferred(command):
    done = command("corridors", "--top", 3)
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0].startswith("Inferred corridors, not reported ones")
    assert "by border crossing, river, road; alternatives: some" in lines[1]
    assert "Left out, because it begins and ends in one place of the network: F004." in done.out
    assert lines[-4].split()[0] == "1"
    assert lines[-4].endswith("Cusco - Urcos - La Pampa - Puerto Maldonado, PE-30C")
    assert lines[-1].startswith("... and ")


def test_corridors_speak_spanish(command):
    done = command("corridors", "--top", 1, "--theta", "fastest", lang="es")
    assert done.out.startswith("Corredores inferidos, no reportados")
    assert "alternativas: ninguna, solo la vía más rápida" in done.out


def test_a_file_is_written(command, tmp_path):
    path = tmp_path / "corridors.csv"
    done = command("corridors", "-o", path, "--table", "links", "--with", "air")
    assert done.code == 0
    assert done.out.splitlines()[-1] == str(path)
    assert "air" in set(pd.read_csv(path)["mode"])


def test_modes_are_left_out(command, tmp_path):
    path = tmp_path / "corridors.csv"
    command("corridors", "-o", path, "--table", "links", "--without", "river", "--without", "air")
    assert set(pd.read_csv(path)["mode"]) <= {"road", "border"}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--theta", "sume"), 1, "Did you mean 'some'"),
        (("--weight", "evidenc"), 2, "'evidenc' is not one of 'evidence', 'count'"),
        (("-o", "corridors.shp"), 1, "not as '.shp'"),
        (("--without", "rivr"), 1, "Did you mean 'river'?"),
        (("--with", "rivr"), 2, "'rivr' is none of: road, river, air, border"),
    ],
)
def test_what_is_wrong_is_said(command, tmp_path, monkeypatch, arguments, code, said):
    monkeypatch.chdir(tmp_path)
    done = command("corridors", *arguments)
    assert done.code == code
    assert said in " ".join(done.err.replace("│", " ").split())
    assert not list(tmp_path.iterdir())


def test_the_alternatives_of_a_pair_are_listed(command):
    done = command("corridors", "--from", "iquitos", "--to", "lima", lang="es")
    lines = done.out.splitlines()
    assert lines[0].startswith("Corredores inferidos, no reportados")
    assert "Iquitos - Nauta - Yurimaguas - " in lines[1]
    assert any("Pucallpa" in line for line in lines[2:])
    assert lines[2].endswith("(carretera, río)")


def test_a_pair_is_named_by_ids_or_names_and_has_its_fastest_way(command):
    done = command("corridors", "--from", "Cusco", "--to", "puerto maldonado")
    assert done.code == 0, done.err
    way = "Cusco - Urcos - Ocongate - Quincemil - Mazuko - Puerto Maldonado (road)"
    assert done.out.splitlines()[1] == f" 96%    10.5 h    473 km  {way}"
    fastest = command("corridors", "--from", "puno", "--to", "puerto_maldonado", "--theta", "inf")
    (line,) = fastest.out.splitlines()[1:]
    assert "Juliaca - Macusani" in line
    assert "Mazuko - Puerto Maldonado" in line


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--from", "cusco"], 2, "--from and --to are given together"),
        (["--table", "links"], 2, "add -o FILE"),
        (["--from", "Cuscoo", "--to", "lima"], 1, "Did you mean 'Cusco'"),
        (["--from", "lima", "--to", "iquitos"], 1, "no reported flow that is routed goes"),
        (["--without", "road", "--without", "river", "--without", "border"], 2,
         "No mode of travel is left"),
        (["--theta", "0"], 1, "a number above 0 (per hour). A number is such as 0.2."),
    ],
)  # fmt: skip
def test_questions_without_an_answer_are_refused(command, arguments, code, said):
    done = command("corridors", *arguments)
    assert done.code == code
    assert said in " ".join(done.err.replace("│", " ").split())
    assert not done.out


@pytest.fixture
def bare_study(command, tmp_path):
    """Return the embedded study with a network of lines: places without names of their own."""
    study = tmp_path / "own"
    assert command("new", study).code == 0
    places = pd.read_csv(study / "network_places.csv", dtype=str)
    points = zip(places["lon"].astype(float), places["lat"].astype(float), strict=True)
    places["place"] = [name_point(*point) for point in points]
    places = places.assign(region="", ubigeo="", kind="junction", source_id="", note="")
    places["place_id"] = "n_" + places["place_id"]
    links = pd.read_csv(study / "network_links.csv", dtype=str)
    ends = ["from", "to"]
    links[ends] = "n_" + links[ends]
    links = links[~links[ends].isin(["n_mazan", "n_sandia"]).any(axis=1)]
    places = places[places["place_id"] != "n_sandia"]
    places.to_csv(study / "network_places.csv", index=False)
    links.to_csv(study / "network_links.csv", index=False)
    return study


def test_a_network_of_lines_in_a_study_is_told_by_names(command, bare_study):
    done = command("corridors", bare_study, "--top", 3)
    assert done.code == 0, done.err
    assert "Cusco - Urcos - La Pampa - Puerto Maldonado" in done.out
    assert "\nNot on the network: Sandia.\n" in done.out
    way = command("corridors", bare_study, "--from", "Cusco", "--to", "Puerto Maldonado")
    assert "Cusco - Urcos - Ocongate - Quincemil - Mazuko - Puerto Maldonado" in way.out
    posts = command("posts", bare_study, "-p", 1)
    assert "1. Urcos, Cusco: +" in posts.out


def test_what_alternatives_leave_out_is_said(command):
    done = command("corridors", "--from", "cusco", "--to", "puerto_maldonado")
    listed = [int(line.split("%")[0]) for line in done.out.splitlines()[1:]]
    assert done.out.splitlines()[-1].strip().endswith("%  other ways")
    assert sum(listed) == pytest.approx(100, abs=2)
    spanish = command("corridors", "--from", "cusco", "--to", "puerto_maldonado", lang="es")
    assert spanish.out.splitlines()[-1].endswith("%  otros caminos")


@pytest.mark.parametrize("name", ["corridors", "posts"])
def test_a_study_without_a_network_is_refused_with_the_way_to_one(command, tmp_path, name):
    study = tmp_path / "own"
    command("new", study)
    path = study / "study.toml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("network_")]
    path.write_text("".join(kept), encoding="utf-8")
    done = command(name, study)
    assert done.code == 1
    assert "has no transport network" in done.err
    assert "corredor import network" in done.err
    assert not done.out
