"""The command line as its users meet it: what it prints, where, and how it ends."""

import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from corredor.geodata import CorredorWarning
from corredor.geodata.messages import Message

from corredor import __version__, cli, options
from corredor.terminal import show_warning, write_text


def assert_one_plain_paragraph(text: str) -> None:
    assert text.strip()
    assert "Traceback" not in text
    assert "\n\n" not in text


def test_the_version_is_that_of_the_distribution(command):
    run = command("--version")
    assert (run.code, run.out, run.err) == (0, f"{__version__}\n", "")
    assert metadata.version("corredor") == __version__


def test_the_installed_command_is_ours():
    script = Path(sys.executable).with_name("corredor")
    run = subprocess.run([script, "--version"], capture_output=True, text=True, check=True)
    assert run.stdout == f"{__version__}\n"
    (entry,) = metadata.entry_points(group="console_scripts", name="corredor")
    assert entry.value == "corredor.cli:main"


# What the toy study's own readers must know.
SMALL = (
    "7 counts under 10, from: police (4), ngo (3). They pass because the study says that these"
    " sources are public.\n"
)


def test_a_study_is_drawn_to_the_file_asked_for(command, toy_folder, tmp_path):
    target = tmp_path / "my map.html"
    run = command("map", toy_folder, "-o", target)
    assert (run.code, run.err) == (0, f"Study: Toy country ({toy_folder})\n{SMALL}")
    size = f"{target.stat().st_size / 1000:.0f} kB"
    assert run.out == f"{target} ({size}): 18 rows of complaints, 6 reported flows\n"
    page = target.read_text(encoding="utf-8")
    assert "<title>País de prueba</title>" in page
    assert '<html lang="es">' in page


def test_the_embedded_study_is_drawn_without_arguments(process, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = process("map")
    assert run.code == 0
    study, small = run.err.splitlines()
    assert study.endswith("(embedded in Corredor)")
    assert re.match(r"\d+ counts under 10, from: ", small)
    (page,) = tmp_path.iterdir()
    assert page.name == "corredor_peru.html"
    assert "<title>Trata de personas en el Perú" in page.read_text(encoding="utf-8")


def test_the_language_of_the_page_is_not_that_of_the_terminal(command, toy_folder, tmp_path):
    run = command("map", toy_folder, "-o", tmp_path / "map.html", "--lang", "en", lang="es")
    assert run.code == 0
    assert "<title>Toy country</title>" in (tmp_path / "map.html").read_text(encoding="utf-8")


def test_check_says_what_was_matched_and_what_was_not(command, toy_folder):
    run = command("check", toy_folder)
    assert (run.code, run.err) == (0, f"Study: Toy country ({toy_folder})\n")
    assert run.out.startswith("Regions: 4\n")
    assert "! Not matched, and not on the map: Brisa Oeste (4)." in run.out
    assert "  5 of 6 reported flows drawn." in run.out


def test_check_speaks_spanish(command, toy_folder):
    run = command("check", toy_folder, lang="es")
    assert run.code == 0
    assert run.out.startswith("Regiones: 4\n")
    assert "Regions" not in run.out


def test_a_new_study_is_the_embedded_one_and_is_not_overwritten(command, tmp_path):
    target = tmp_path / "mine"
    made = command("new", target)
    assert (made.code, made.err) == (0, "")
    assert made.out == f"{target}: change the tables, then run 'corredor map {target}'.\n"
    assert command("check", target).out == command("check").out
    before = sorted((path.name, path.read_bytes()) for path in target.iterdir())
    again = command("new", target)
    assert (again.code, again.out) == (1, "")
    assert again.err == f"{target}: this exists already and is not empty. Name another.\n"
    assert sorted((path.name, path.read_bytes()) for path in target.iterdir()) == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nope"], "No such command 'nope'"),
        (["map", "--colour", "red"], "No such option"),
        (["map", "--lang", "fr"], "'fr' is not one of 'es', 'en'"),
        (["check", "one", "two"], "unexpected extra argument"),
        (["new"], "Missing argument 'FOLDER'"),
    ],
)
def test_what_is_not_understood_ends_with_2(command, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    run = command(*arguments)
    assert (run.code, run.out) == (2, "")
    assert message in run.err
    assert "Traceback" not in run.err
    assert list(tmp_path.iterdir()) == []


def test_without_a_command_help_is_shown(command):
    run = command()
    assert {"map", "check", "new"} <= set(re.findall(r"^  (\w+)", run.out + run.err, re.M))


def test_input_that_is_refused_ends_with_1_and_one_paragraph(command, tmp_path):
    run = command("map", tmp_path, "-o", tmp_path / "map.html")
    assert (run.code, run.out) == (1, "")
    assert run.err.startswith(f"{tmp_path}: there is no study.toml here. 'corredor new DIR' makes")
    assert_one_plain_paragraph(run.err)
    assert list(tmp_path.iterdir()) == []


def test_it_is_refused_in_spanish_where_the_terminal_is_spanish(process, tmp_path):
    run = process("map", tmp_path, "-o", tmp_path / "map.html", CORREDOR_LANG="es")
    assert (run.code, run.out) == (1, "")
    assert run.err.startswith(f"{tmp_path}: aquí no hay un study.toml.")
    assert_one_plain_paragraph(run.err)


def test_all_faults_of_a_table_are_printed_at_once(command, toy_folder, tmp_path):
    flows = toy_folder / "flows.csv"
    text = flows.read_text(encoding="utf-8")
    flows.write_text(text.replace(",pozo,", ",poso,").replace(",25,", ",many,"), encoding="utf-8")
    run = command("map", toy_folder, "-o", tmp_path / "map.html")
    assert (run.code, run.out) == (1, "")
    assert run.err.split("\n")[:3] == [
        "flows.csv (table flows): 2 fault(s).",
        "  row 3, column destination, 'poso': This is not in the table 'places'. Did you mean"
        " 'pozo'?",
        "  row 7, column value, 'many': This is not a number. Write digits only, with a point for"
        " decimals: 1433 or 12.5.",
    ]
    assert_one_plain_paragraph(run.err)
    assert not (tmp_path / "map.html").exists()


def test_counts_that_contradict_each_other_leave_the_old_map_alone(command, toy_folder, tmp_path):
    """Own counts of which a total is smaller than its parts can't be protected."""
    sources, counts = toy_folder / "sources.csv", toy_folder / "complaints.csv"
    text = sources.read_text(encoding="utf-8")
    sources.write_text(
        text.replace("registro,2026-01-02,public", "registro,2026-01-02,own"), "utf-8"
    )
    text = counts.read_text(encoding="utf-8")
    counts.write_text(text.replace("PNP,all,30,", "PNP,all,29,"), encoding="utf-8")
    target = tmp_path / "map.html"
    last = '<html><head><meta name="generator" content="Corredor"></head>of last year</html>'
    target.write_text(last)
    run = command("map", toy_folder, "-o", target)
    assert (run.code, run.out) == (1, "")
    assert "PNP, victims: the own counts contradict each other" in run.err
    assert_one_plain_paragraph(run.err)
    assert target.read_text() == last
    assert sorted(path.name for path in tmp_path.iterdir()) == ["map.html", "toy"]


def test_a_folder_that_cannot_be_written_to_is_named(command, toy_folder, tmp_path):
    run = command("map", toy_folder, "-o", tmp_path / "gone" / "map.html")
    assert (run.code, run.out) == (1, "")
    assert "map.html: cannot write here (No such file or directory)." in run.err
    assert_one_plain_paragraph(run.err)


def test_an_interruption_ends_with_130(command, toy_folder, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "app", interrupt)
    assert command("check", toy_folder).code == 130


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"CORREDOR_LANG": "es"}, "es"),
        ({"CORREDOR_LANG": "ES_pe"}, "es"),
        ({"CORREDOR_LANG": "en", "LC_ALL": "es_PE.UTF-8"}, "en"),
        ({"LANG": "es_PE.UTF-8"}, "es"),
        ({"LC_MESSAGES": "es_PE.UTF-8", "LANG": "en_US.UTF-8"}, "es"),
        ({"LC_ALL": "C", "LANG": "es_PE.UTF-8"}, "en"),
        ({"CORREDOR_LANG": "", "LANG": "fr_FR.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_terminal_decides_the_language(monkeypatch, environment, language):
    for name in ("CORREDOR_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert options.spoken_language() == language


def test_help_is_in_spanish_where_the_terminal_is(process):
    run = process("--help", CORREDOR_LANG="es")
    assert run.code == 0
    assert "Mapas de la trata de personas reportada" in run.out
    assert "Draw" not in run.out


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """Return the names of all modules loaded when the version has been shown."""
    program = (
        "import sys; sys.argv[1:] = ['--version']; from corredor import cli\n"
        "try: cli.main()\n"
        "except SystemExit: print(*sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    version, modules = run.stdout.splitlines()
    assert version == __version__
    return set(modules.split())


@pytest.mark.parametrize("module", ["geopandas", "folium", "networkx", "shapely", "rich.console"])
def test_starting_loads_neither_maps_nor_graphs(loaded, module):
    assert module not in loaded


def test_a_command_converts_no_path_by_pydantic(tmp_path):
    program = (
        "import sys; sys.argv[1:] = ['map', 'nowhere', '-o', 'a.html']; from corredor import cli\n"
        "try: cli.main()\n"
        "except SystemExit as end: print(end.code, *sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    code, *modules = run.stdout.split()
    assert code == "1"
    assert "nowhere: there is no study.toml here" in run.stderr
    assert "corredor.geodata.study" in modules
    assert "pydantic" not in modules


def test_what_is_no_choice_is_refused(process):
    run = process("map", "--lang", "fr")
    assert run.code == 2
    assert "'fr'" in run.err


@pytest.mark.parametrize("module", ["pandas", "numpy"])
def test_starting_loads_no_tables(loaded, module):
    assert module not in loaded


def test_in_the_folder_of_a_study_all_commands_mean_it(command, toy_folder, monkeypatch, tmp_path):
    monkeypatch.chdir(toy_folder)
    said = f"Study: Toy country ({toy_folder})"
    assert command("map", "-o", tmp_path / "map.html").err == f"{said}\n{SMALL}"
    assert command("check").err == f"{said}\n"
    flows = tmp_path / "flujos.csv"
    flows.write_text("origen,destino,casos\nPozo,Brisa,3\n", encoding="utf-8")
    for words in (["check", flows], ["import", "flows", flows, "-o", tmp_path / "f.csv"],
                  ["posts"], ["corridors"]):  # fmt: skip
        assert said in command(*words).err, words


@pytest.mark.parametrize("name", ["mapa.pdf", "mapa.svg", "mapa", "mapa.csv"])
def test_a_map_is_not_written_under_the_name_of_another_format(command, toy_folder, tmp_path, name):
    run = command("map", toy_folder, "-o", tmp_path / name)
    assert run.code == 1
    assert ".html" in run.err
    assert not (tmp_path / name).exists()


def test_only_what_corredor_wrote_is_replaced_unasked(command, toy_folder, tmp_path):
    mine, page = tmp_path / "informe.html", tmp_path / "map.html"
    mine.write_text("<html>my own page</html>")
    run = command("map", toy_folder, "-o", mine)
    assert (run.code, mine.read_text()) == (1, "<html>my own page</html>")
    assert "--overwrite" in run.err
    for _ in range(2):
        assert command("map", toy_folder, "-o", page).code == 0
    assert command("map", toy_folder, "-o", mine, "--overwrite").code == 0
    assert mine.read_bytes() == page.read_bytes()


def test_a_table_that_exists_is_not_replaced_unasked(command, tmp_path):
    table, tidy = tmp_path / "t.csv", tmp_path / "complaints.csv"
    table.write_text("Departamento,2019\nLima,3\nCusco,5\n", encoding="utf-8")
    tidy.write_text("the work of weeks")
    words = ["import", "complaints", table, "-o", tidy, "--register", "MP", "--measure", "victims"]
    run = command(*words)
    assert (run.code, tidy.read_text()) == (1, "the work of weeks")
    assert "--overwrite" in run.err
    assert command(*words, "--overwrite").code == 0
    assert tidy.read_text().startswith("unit,place,")


def test_all_that_must_be_known_is_asked_at_once(command, tmp_path):
    run = command("import", "complaints", tmp_path / "t.csv", "-o", tmp_path / "o.csv")
    assert run.code == 2
    assert "--register, --measure must be given" in run.err
    assert "MININTER" in run.err


def test_the_imports_of_starting_are_few():
    """`import corredor` and `corredor --help` stay quick: what is heavy waits for its command."""
    heavy = {"pandas", "numpy", "geopandas", "shapely", "networkx", "scipy", "folium", "rich",
             "jinja2", "pyproj", "rapidfuzz"}  # fmt: skip
    for program in (
        "import corredor, sys; print(*sys.modules)",
        "import sys; sys.argv[1:] = ['--help']; from corredor import cli\n"
        "try: cli.main()\nexcept SystemExit: print(*sys.modules)",
        "import sys; sys.argv[1:] = ['import', '--help']; from corredor import cli\n"
        "try: cli.main()\nexcept SystemExit: print(*sys.modules)",
    ):
        run = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        )
        assert not heavy & set(run.stdout.splitlines()[-1].split())


def test_help_is_quick():
    program = (
        "import sys, time; sys.argv[1:] = ['--help']; from corredor import cli\n"
        "try: cli.main()\nexcept SystemExit: print(time.process_time())"
    )
    seconds = min(
        float(
            subprocess.run(
                [sys.executable, "-c", program], capture_output=True, text=True, check=True
            ).stdout.splitlines()[-1]
        )
        for _ in range(3)
    )
    assert seconds < 0.25


EVIL = "\x1b]0;owned\x07\x9b31m\u202eAna"


def test_nothing_that_a_terminal_obeys_is_printed(command, toy_folder, capsys):
    """Escapes, bells and marks that turn the direction, from names and titles of tables."""
    columns = {"places.csv": "name", "network_places.csv": "place", "sources.csv": "publisher"}
    for name, column in columns.items():
        head, *rows = (toy_folder / name).read_text(encoding="utf-8").splitlines()
        cells = [row.split(",") for row in rows]
        for row in cells:
            row[head.split(",").index(column)] += EVIL
        text = "\n".join([head, *map(",".join, cells)]) + "\n"
        (toy_folder / name).write_text(text, encoding="utf-8")
    runs = [command("check", toy_folder), command("corridors", toy_folder)]
    assert runs[0].code == 0
    write_text(f"name: {EVIL}", None)
    show_warning(CorredorWarning(Message("name: {name}", name=EVIL)), CorredorWarning)
    said = capsys.readouterr()
    for text in (*(run.out + run.err for run in runs), said.out, said.err):
        assert text
        assert not set(text) & set("\x1b\x07\x9b\u202e")
    assert said.out == "name: ]0;owned31mAna\n"
    assert "name: ]0;owned31mAna" in said.err
