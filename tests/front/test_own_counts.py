"""An organisation's own register becomes a protected map; every record is invented."""

import csv
import json
import random
import re
import shutil

import pytest
from blocks import read_block
from corredor.geodata import StudyError, protect, read_study

HEADER = ["Nº", "Nombres y apellidos", "DNI", "Edad", "Sexo", "Fecha", "Departamento de origen",
          "Departamento de destino", "Finalidad"]  # fmt: skip
ORIGINS = {"Loreto": 8, "Puno": 6, "Cusco": 9, "Ucayali": 4, "San Martín": 3, "Piura": 2}
ENDS = {"Madre de Dios": 12, "Lima": 8, "Tacna": 2, "Arequipa": 2, "Ica": 1, "Tumbes": 1}


def register(path, cases, *, seed=5):
    """Write a register of invented cases; a longer one of the same seed holds the shorter one."""
    draw = random.Random(seed)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(HEADER)
        for n in range(1, cases + 1):
            ends = [draw.choices(list(of), weights=of.values())[0] for of in (ORIGINS, ENDS)]
            day = f"{draw.randint(1, 28):02}/{draw.randint(1, 12):02}/{draw.randint(2019, 2023)}"
            person = [f"PERSONA INVENTADA {n}", 10_000_000 + n, draw.randint(12, 40)]
            what = draw.choice(["Sexual", "Laboral"])
            rows.writerow([n, *person, draw.choice("FFM"), day, *ends, what])
    return path


def page_data(page):
    return read_block(page.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A study of 400 cases as the two commands of the README make it."""
    from click.testing import CliRunner

    from corredor.cli import app

    folder = tmp_path_factory.mktemp("ngo")
    register(folder / "casos.csv", 400)
    run = CliRunner()
    new = run.invoke(app, ["new", str(folder / "st"), str(folder / "casos.csv")])
    map_ = run.invoke(app, ["map", str(folder / "st"), "-o", str(folder / "map.html")])
    assert (new.exit_code, map_.exit_code) == (0, 0), new.output + map_.output
    return folder, new.output + map_.output


def test_two_commands_make_a_protected_map_of_a_register(made):
    folder, said = made
    assert "Own counts are protected" in said
    study = read_study(folder / "st")
    publication = protect(study)
    assert publication.mode == "protected"
    shown = publication.tables
    assert len(shown.complaints) > 10
    assert len(shown.flows) > 5
    assert min(shown.complaints["value"].min(), shown.flows["value"].min()) >= 10
    total = shown.complaints.query("unit == 'national' and period_end == '2023-12'")
    assert 400 in total["value"].tolist()


def test_what_is_shown_is_true(made):
    """Every count that is shown is that of the register, counted here once more."""
    folder, _ = made
    study = read_study(folder / "st")
    tables, shown = study.tables, protect(study).tables
    regions = shown.complaints[shown.complaints["unit"] == "region"]
    for row in regions.itertuples():
        inside = tables.complaints["period_start"].ge(row.period_start) & tables.complaints[
            "period_end"
        ].le(row.period_end)
        mine = tables.complaints[inside & tables.complaints["ubigeo"].eq(row.ubigeo)]
        assert mine["value"].sum() == row.value
    for row in shown.flows.itertuples():
        both = tables.flows["origin"].eq(row.origin) & tables.flows["destination"].eq(
            row.destination
        )
        assert tables.flows.loc[both, "value"].sum() == row.value


def test_no_trace_of_a_person_or_a_withheld_count_is_written(made):
    folder, said = made
    study = read_study(folder / "st")
    shown = protect(study).tables
    written = "".join(
        path.read_text(encoding="utf-8", errors="replace") for path in folder.rglob("*.*")
        if path.name != "casos.csv" and path.is_file()
    )  # fmt: skip
    page = json.dumps(page_data(folder / "map.html"), ensure_ascii=False)
    for text in (said, written, page):
        assert "INVENTADA" not in text
        assert "10000" not in re.sub(r"100,?000", "", text) or "1000000" not in text
    data = page_data(folder / "map.html")
    assert {f["value"] for f in data["figures"]} <= set(shown.complaints["value"])
    withheld = {
        (row.origin, row.destination)
        for row in study.tables.flows.itertuples()
    } - {(row.origin, row.destination) for row in shown.flows.itertuples()}  # fmt: skip
    assert withheld
    ids = {place["id"] for place in data["places"]}
    drawn = {end for row in shown.flows.itertuples() for end in (row.origin, row.destination)}
    assert ids <= drawn | set(shown.places["place_id"])


def test_a_region_without_a_figure_looks_withheld_whatever_it_has(made):
    data = page_data(made[0] / "map.html")
    assert all(series.get("withheld") for series in data["series"])
    assert data["study"]["protection"]["mode"] == "protected"
    assert data["study"]["opening"]["widthBy"] == "count"


def test_the_same_figures_are_the_same_release(made, command):
    folder, _ = made
    for _ in range(2):
        run = command("map", folder / "st", "-o", folder / "again.html")
        assert run.code == 0
        assert "Own counts protected: release 1, none under 10, audit " in run.err
    assert (folder / "again.html").read_bytes() == (folder / "map.html").read_bytes()


@pytest.mark.parametrize(
    "words",
    [
        ["figure", "st", "--view", "flows", "-o", "flows.svg"],
        ["report", "st", "-o", "report.html"],
        ["export", "st", "-o", "tables", "--format", "csv"],
        ["corridors", "st", "-o", "corridors.csv"],
        ["posts", "st", "-p", "1", "-o", "posts.json", "--format", "json"],
    ],
    ids=lambda words: words[0],
)
def test_every_output_is_part_of_the_release(made, command, monkeypatch, words):
    """It is noted with it, and holds no count that is withheld."""
    folder, _ = made
    monkeypatch.chdir(folder)
    run = command(*words)
    assert run.code == 0, run.err
    output = words[words.index("-o") + 1]
    ledger = (folder / "st" / "releases.jsonl").read_text(encoding="utf-8")
    assert f'"{output}"' in ledger
    assert ledger.count('"number":') == 1
    written = folder / output
    files = written.rglob("*.csv") if written.is_dir() else [written]
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    assert "INVENTADA" not in text


def test_who_lies_below_the_threshold_changes_no_byte(tmp_path, command):
    """The ten cases of one region put into another: both are withheld, and all outputs the same."""
    text = register(tmp_path / "casos.csv", 400).read_text(encoding="utf-8")
    seen = []
    for name, region in (("one", "Ica"), ("other", "Amazonas")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "casos.csv").write_text(text.replace(",Ica,", f",{region},"), encoding="utf-8")
        assert command("new", folder / "st", folder / "casos.csv").code == 0
        assert command("map", folder / "st", "-o", folder / "map.html").code == 0
        assert command("export", folder / "st", "-o", folder / "t", "--format", "csv").code == 0
        written = [folder / "map.html", *sorted((folder / "t").iterdir())]
        seen.append({path.name: path.read_bytes() for path in written})
    assert text.count(",Ica,") == 10
    assert seen[0] == seen[1]


def test_a_few_new_cases_are_not_told_by_the_next_release(made, command, tmp_path):
    """Three more people: a year, a region and the total would say so."""
    folder, _ = made
    later = tmp_path / "later"
    register(tmp_path / "casos.csv", 403)
    assert command("new", later, tmp_path / "casos.csv").code == 0
    for name in ("releases.jsonl", "releases.head"):
        (later / name).write_bytes((folder / "st" / name).read_bytes())
    run = command("map", later, "-o", tmp_path / "later.html")
    assert run.code == 1
    assert "beside what was published before (release 1)" in run.err
    assert not (tmp_path / "later.html").exists()


def test_a_report_maps_the_few_regions_left_and_speaks_of_people(made):
    """Counts released for five of 25 regions are a map too, and counted flows are people."""
    from corredor.maps.report.content import build_content

    folder, _ = made
    publication = protect(read_study(folder / "st"))
    content = build_content(publication, lang="en")
    first = next(b["figure"] for b in content.blocks if b["kind"] == "picture")
    # An organisation that attends people takes no complaints: each row is the record of one.
    assert first.title.startswith("Records of victims")
    said = " ".join(b["text"] for b in content.blocks if b["kind"] == "text")
    people = int(publication.tables.flows["value"].sum())
    assert f"{people} people are counted in {len(publication.tables.flows)} flows" in said
    assert "independent publications name" not in said
    sheet = dict(
        next(
            b["rows"]
            for b in content.blocks
            if b.get("header") == ["Asked of each release", "Answer"]
        )
    )
    assert sheet["Smallest count printed (k)"] == "10"
    assert sheet["Who decides, who answers for it"] == "(to be filled in)"
    # Short sheets of regions share a page; the report is not one line a page.
    begun = [b["text"] for b in content.blocks if b["kind"] == "heading" and b["page"]]
    assert "Lima" not in begun
    assert "Region by region" in begun


def test_sixty_new_cases_make_a_next_release_of_what_changed_by_enough(made, command, tmp_path):
    """Every count that both print has changed by ten or more, none by a few or not at all."""
    folder, _ = made
    later = tmp_path / "later"
    register(tmp_path / "casos.csv", 460)
    assert command("new", later, tmp_path / "casos.csv").code == 0
    for name in ("releases.jsonl", "releases.head"):
        (later / name).write_bytes((folder / "st" / name).read_bytes())
    run = command("map", later, "-o", tmp_path / "later.html")
    assert run.code == 0, run.err
    assert "release 2, none under 10" in run.err
    assert "changed by fewer than 10 since an earlier release, or not at all" in run.err
    first, second = (
        {(f["period_start"], f["period_end"], f["level"], f["region"]): f["value"]
         for f in page_data(page)["figures"]}
        for page in (folder / "map.html", tmp_path / "later.html")
    )  # fmt: skip
    both = first.keys() & second.keys()
    assert len(both) > 5
    assert min(abs(second[key] - first[key]) for key in both) >= 10
    again = command("map", later, "-o", tmp_path / "again.html")
    assert "release 2, none under 10" in again.err
    assert (tmp_path / "again.html").read_bytes() == (tmp_path / "later.html").read_bytes()


def test_the_internal_map_says_so_and_is_no_release(made, command):
    folder, _ = made
    before = (folder / "st" / "releases.jsonl").read_bytes()
    run = command("map", folder / "st", "-o", folder / "internal.html", "--internal")
    assert run.code == 0
    assert "INTERNAL" in run.err
    data = page_data(folder / "internal.html")
    protection = data["study"]["protection"]
    assert protection["mode"] == "internal"
    assert "INTERNAL" in data["texts"][protection["mark"]][1]
    assert any(figure["value"] < 10 for figure in data["figures"])
    assert (folder / "st" / "releases.jsonl").read_bytes() == before


def test_a_region_is_cut_out_of_the_release_and_not_protected_apart(made, command):
    folder, _ = made
    run = command("map", folder / "st", "-o", folder / "mdd.html", "--region", "Madre de Dios",
                  "--level", "region")  # fmt: skip
    assert run.code == 0, run.err
    assert "release 1" in run.err
    whole = {f["value"] for f in page_data(folder / "map.html")["figures"]}
    assert {f["value"] for f in page_data(folder / "mdd.html")["figures"]} <= whole


def test_what_is_taken_together_is_said_in_the_study(made, tmp_path):
    folder, _ = made
    text = (folder / "st" / "study.toml").read_text(encoding="utf-8")
    config = folder / "st" / "study.toml"
    try:
        config.write_text(
            text.replace("threshold = 10", 'threshold = 10\ntogether = ["periods"]'), "utf-8"
        )
        (folder / "st" / "releases.jsonl").rename(tmp_path / "releases.jsonl")
        (folder / "st" / "releases.head").rename(tmp_path / "releases.head")
        shown = protect(read_study(folder / "st")).tables.complaints
        assert set(shown["period_start"] + shown["period_end"]) == {"2019-012023-12"}
    finally:
        config.write_text(text, encoding="utf-8")
        (tmp_path / "releases.jsonl").rename(folder / "st" / "releases.jsonl")
        (tmp_path / "releases.head").rename(folder / "st" / "releases.head")
    bad = tmp_path / "bad"
    shutil.copytree(folder / "st", bad)
    broken = text.replace("threshold = 10", 'threshold = 10\ntogether = ["year"]')
    (bad / "study.toml").write_text(broken, encoding="utf-8")
    with pytest.raises(StudyError, match=r"together\]: 'year' is not known"):
        read_study(bad)


def test_corridors_of_counted_flows_weigh_people(made):
    """Where one source counts every flow, forty people weigh more than ten; else evidence does."""
    from corredor.routes import ask_posts, find_corridors

    folder, _ = made
    publication = protect(read_study(folder / "st"))
    corridors = find_corridors(publication)
    assert corridors.kind == ask_posts(publication).kind == "count"
    flows = publication.tables.flows
    assert corridors.pairs["weight"].max() == flows["value"].max()
    assert find_corridors(publication, kind="evidence").pairs["weight"].max() == 1
