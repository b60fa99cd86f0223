"""Fixtures: the toy country of `toy`, the embedded study, and the command line."""

import functools
import gc
import json
import os
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from corredor.geodata import (
    Publication,
    Study,
    embedded_study,
    protect,
    read_study,
)
from corredor.geodata.messages import Language
from corredor.geodata.places.build import build_resolver
from corredor.geodata.places.resolver import Resolver
from corredor.geodata.study import read
from corredor.maps import build_scene
from corredor.routes import Corridors, find_corridors
from hypothesis import settings
from toy import FILES

from corredor import cli, options

# The same examples in every run: a red build can be repeated.
settings.register_profile("corredor", max_examples=50, deadline=None, derandomize=True)
settings.load_profile("corredor")


@pytest.fixture(scope="session")
def repository() -> Path:
    """Folder of the checkout."""
    return Path(__file__).parents[1]


def write_toy(parent: Path) -> Path:
    """Write the toy study as a folder."""
    folder = parent / "toy"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def toy_folder(tmp_path: Path) -> Path:
    """Folder of the toy study, for one test to do with as it likes."""
    return write_toy(tmp_path)


@pytest.fixture
def change(toy_folder: Path) -> Callable[[str, str, str], Study]:
    """Change one passage of one file of the toy study and read it again."""

    def change_(file: str, old: str, new: str) -> Study:
        text = (toy_folder / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} must stand once in {file}"
        (toy_folder / file).write_text(text.replace(old, new), encoding="utf-8")
        return read_study(toy_folder)

    return change_


@pytest.fixture(scope="session")
def toy_study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Return the toy study; nothing may change its tables."""
    return read_study(write_toy(tmp_path_factory.mktemp("study")))


@pytest.fixture(scope="session")
def toy_publication(toy_study: Study) -> Publication:
    """Return the toy study, protected."""
    return protect(toy_study)


@pytest.fixture(scope="session", autouse=True)
def _embedded_read_once() -> Iterator[None]:
    """Read the embedded study, and copies of its layers, once for all tests of this process.

    That takes a fifth of a second, and hundreds of tests run commands or change one table of a
    copy; nothing may change its tables. Commands in a process of their own read as ever.
    """
    folder, read_folder, read_layer = embedded_study(), read._read_folder, read._read_layer
    shipped = {
        file.name: file.read_bytes()
        for file in folder.iterdir()
        if file.suffix in (".geojson", ".zip")
    }

    @functools.cache
    def study(level: str | None) -> Study:
        return read_folder(folder, level)

    @functools.cache
    def layer(name: str, file: str, options: str) -> Any:
        return read_layer(name, folder / file, json.loads(options))

    def layer_once(name: str, file: Path, options: Any) -> Any:
        if file.is_file() and shipped.get(file.name) == file.read_bytes():
            return layer(name, file.name, json.dumps(options))
        return read_layer(name, file, options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(read, "_read_layer", layer_once)
        patch.setattr(
            read,
            "_read_folder",
            lambda path, level: study(level) if path == folder else read_folder(path, level),
        )
        yield


@pytest.fixture(scope="session")
def peru_study() -> Study:
    """Return the embedded study."""
    return read_study(embedded_study())


@pytest.fixture(scope="session")
def resolver(peru_study: Study) -> Resolver:
    """Return what names of places mean in the embedded study."""
    tables = peru_study.tables
    return build_resolver(
        places=tables.places,
        population=tables.population,
        layer=tables.regions,
        network_places=tables.network_places,
    )


@pytest.fixture(scope="session")
def peru_publication(peru_study: Study) -> Publication:
    """Return the embedded study, protected."""
    return protect(peru_study)


@pytest.fixture(scope="session")
def peru_corridors(peru_publication: Publication) -> Corridors:
    """Return the corridors of the embedded study; nothing may change them."""
    return find_corridors(peru_publication)


@pytest.fixture(scope="session")
def peru_scene(peru_publication: Publication) -> dict[str, object]:
    """Return the scene of the embedded study."""
    return build_scene(peru_publication)


@dataclass(frozen=True)
class Run:
    """What a run of the command line left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., Run]]:
    """Run the command line inside this process, in English unless told otherwise."""
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)

    def run(*arguments: object, lang: Language = "en") -> Run:
        monkeypatch.setattr(options, "SPOKEN", lang)
        monkeypatch.setattr(sys, "argv", ["corredor", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            cli.main()
        out, err = capsys.readouterr()
        return Run(int(left.value.code or 0), out, err)

    yield run
    gc.enable()


@pytest.fixture
def process() -> Callable[..., Run]:
    """Run the command line in a process of its own."""

    def run(*arguments: object, **environment: str) -> Run:
        done = subprocess.run(
            [sys.executable, "-m", "corredor.cli", *map(str, arguments)],
            env={**os.environ, "CORREDOR_LANG": "en", "PYTHONUTF8": "1", **environment},
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )
        return Run(done.returncode, done.stdout, done.stderr)

    return run
