"""The command line in Spanish: help, errors and suggestions hold no English word."""

import json
import os
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest

from corredor.cli import app
from corredor.commands.import_ import KINDS
from corredor.options import READER

COMMANDS = [(), *((name,) for name in app.commands), *(("import", kind) for kind in KINDS)]
ENGLISH = re.compile(
    r"\b(the|of|and|usage|options|commands|file|folder|missing|required|default|show|this"
    r"|message|exit|try|for help|one of|such|argument|arguments|value|invalid|requires|valid)\b",
    re.IGNORECASE,
)
# Values that stand in files as they are.
VALUES = re.compile(r"\[[a-z_|]+\]|share_of_\w+|'?left_out'?|'[a-z_]+'|--[a-z-]+")


def english_in(text: str) -> list[str]:
    return ENGLISH.findall(VALUES.sub("", text))


WRONG = [
    (("mapp",), "¿Quiso decir 'map'?"),
    (("import", "denuncia"), "¿Quiso decir 'denuncias'?"),
    (("import", "denuncias", "x.csv"), "Falta la opción '-o' / '--output'."),
    (("new",), "Falta el argumento 'CARPETA'."),
    (("map", "--overrite"), "¿Quiso decir"),
    (("map", "-o"), "La opción '-o' necesita un valor."),
    (("map", "--lang", "fr"), "'fr' no es ninguno de estos: 'es', 'en'."),
    (("check", "uno", "dos"), "Sobra un argumento (dos)"),
    (("map", "--open=1"), "no lleva valor"),
    (("posts", "-p", "tres"), "'tres' no es un número entero válido."),
    (("embed", "a.html", "--height", "5"), "5 no está en el rango x>=200."),
    (("embed", "a.html", "--ratio", "ancho"), "dos números"),
    (("import",), "KIND"),
]
# Texts are said in the language that a process starts with, so one process says all of them.
SAY_ALL = """
import contextlib, io, json, sys
from corredor import cli
said = []
for words in json.load(sys.stdin):
    sys.argv, out, err, code = ["corredor", *words], io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            cli.main()
        except SystemExit as left:
            code = left.code or 0
    said.append([code, out.getvalue(), err.getvalue()])
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def in_spanish():
    """Return a function that says what each of these commands printed."""
    asked = [(*words, "-h") for words in COMMANDS] + [words for words, _ in WRONG]
    asked += [("import", "denuncias", "-h"), ("import", "complaints", "-h")]
    done = subprocess.run(
        [sys.executable, "-c", SAY_ALL],
        input=json.dumps(asked), capture_output=True, encoding="utf-8", check=True,
        env={**os.environ, "CORREDOR_LANG": "es", "PYTHONUTF8": "1"},
    )  # fmt: skip
    said = dict(zip(map(tuple, asked), json.loads(done.stdout), strict=True))
    return lambda *words: SimpleNamespace(
        **dict(zip(("code", "out", "err"), said[words], strict=True))
    )


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_help_is_wholly_spanish(in_spanish, words):
    run = in_spanish(*words, "-h")
    assert run.code == 0, run.err
    assert english_in(run.out) == [], run.out
    assert run.out.startswith(f"Uso: {' '.join(('corredor', *words[:1]))}")
    assert "-h, --help" in run.out


@pytest.mark.parametrize(("words", "said"), WRONG)
def test_errors_are_wholly_spanish(in_spanish, words, said):
    run = in_spanish(*words)
    assert run.code == 2
    if said != "KIND":
        assert said in run.err
    assert english_in(run.err + run.out) == [], run.err


def test_kinds_have_a_name_in_both_languages(in_spanish):
    for name in ("denuncias", "complaints"):
        run = in_spanish("import", name, "-h")
        assert "--register" in run.out


@pytest.mark.parametrize(
    ("kind", "has", "lacks"),
    [
        ("complaints", ["--measure", "--add-up"], ["--mode", "--crs", "--date-order", "--shares"]),
        ("flows", ["--shares", "--value-kind"], ["--measure", "--register", "--crs"]),
        ("network", ["--mode", "--close-gaps-m"], ["--measure", "--study", "--sheet"]),
        ("cases", ["--date-order", "--register"], ["--shares", "--lima"]),
    ],
)
def test_help_of_a_kind_shows_its_options_alone(process, kind, has, lacks):
    flags = set(re.findall(r"--[a-z-]+", process("import", kind, "--help").out))
    assert set(has) <= flags
    assert not set(lacks) & flags


def test_every_option_of_a_reader_is_one_of_check_too(process):
    flags = set(re.findall(r"--[a-z-]+", process("check", "-h").out))
    for name in READER:
        if name != "source_id":
            assert set(READER[name]().opts) <= flags, name


def test_it_runs_as_a_module():
    run = subprocess.run(
        [sys.executable, "-m", "corredor", "-h"], capture_output=True, text=True, check=True,
        env={**os.environ, "CORREDOR_LANG": "en"},
    )  # fmt: skip
    assert run.stdout.startswith("Usage: corredor ")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_learns_to_complete(process, shell):
    assert "_CORREDOR_COMPLETE" in process("--completion", shell).out


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("corredor ", {"map", "new", "check", "import"}),
        ("corredor import co", {"complaints"}),
        ("corredor map --o", {"--output", "--open", "--overwrite"}),
        ("corredor map --lang ", {"es", "en"}),
    ],
)
def test_words_are_completed(process, words, found):
    run = process(
        _CORREDOR_COMPLETE="bash_complete",
        COMP_WORDS=words,
        COMP_CWORD=str(len(words.split(" ")) - 1),
    )
    assert found <= {line.partition(",")[2] for line in run.out.splitlines()}
