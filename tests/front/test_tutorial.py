"""The tutorial does what it says, in both languages: its commands run in its order."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"```\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize(("file", "lang"), [("tutorial.es.md", "es"), ("tutorial.md", "en")])
def test_the_commands_run_and_say_what_is_printed(command, tmp_path, monkeypatch, file, lang):
    for path in (DOCS / "tutorial").iterdir():
        shutil.copy(path, tmp_path)
    monkeypatch.chdir(tmp_path)
    said = ""
    commands = 0
    for block in BLOCK.findall((DOCS / file).read_text(encoding="utf-8")):
        if not block.startswith("corredor "):  # what the command before it prints
            for line in block.splitlines():
                for part in re.split(r"\.\.\.;?", line):
                    text = re.sub(r"\d+ kB", "", part.strip())
                    assert text.split(" (")[0] in said, line
            continue
        for line in block.splitlines():
            run = command(*shlex.split(line)[1:], lang=lang)
            said = run.out + run.err
            asks = line.endswith("origen_destino.csv")
            assert run.code == (1 if asks else 0), said
            commands += 1
    assert commands == 9
    assert (tmp_path / "atenciones.html").stat().st_size > 100_000
    assert (tmp_path / "flujos.svg").exists()


def test_both_languages_show_the_same_commands():
    spanish, english = (
        [block for block in BLOCK.findall((DOCS / name).read_text("utf-8")) if "corredor " in block]
        for name in ("tutorial.es.md", "tutorial.md")
    )
    assert [one.replace("import denuncias", "import complaints") for one in spanish] == english


def test_both_readmes_show_the_same_commands():
    root = DOCS.parent
    found = []
    for name in ("README.md", "README.es.md"):
        text = (root / name).read_text(encoding="utf-8")
        lines = re.findall(r"(?m)^\.venv/bin/corredor (\S+)", text)
        found.append((lines, re.findall(r"(?m)^co\.(\w+)|co\.(\w+)\(", text)))
    assert found[0] == found[1]
