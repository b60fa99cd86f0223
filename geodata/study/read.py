"""A study: a folder with ``study.toml`` and the tables it names."""

from __future__ import annotations

import hashlib
import re
import shutil
import tomllib
from importlib import resources
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import DataFileError, StudyError, suggestion
from ..figures import add_population
from ..messages import Message
from .config import STUDY_FILE, bilingual, fault, section, text_of
from .contracts import MEASURES
from .layer_entries import LAYERS, layer_options, read_layer
from .model import Opening, Study, StudyMeta, Tables
from .table_files import Files, is_published, read_table
from .views import read_classes, read_stories

# In the order in which one may refer to another.
TABLE_NAMES = (
    "sources", "registers", "population", "districts", "complaints", "rankings", "places", "flows",
    "itineraries", "network_places", "network_links",
)  # fmt: skip
REQUIRED = ("regions", "sources")


def embedded_study() -> Path:
    """Return the folder of the embedded Peru study.

    Returns
    -------
    Path
        Folder with ``study.toml``.
    """
    return Path(str(resources.files("corredor.geodata.peru")))


def read_study(path: Path) -> Study:
    """Read and check a study.

    Parameters
    ----------
    path : Path
        Folder with ``study.toml``, or that file itself.

    Returns
    -------
    Study
        All tables checked and joined with what they refer to.

    Raises
    ------
    StudyError
        If ``study.toml`` is missing, is not TOML, or does not describe a study.
    DataFileError
        If a file it names cannot be read.
    TableError
        If a table breaks its contract.
    """
    folder = path.parent if path.name == STUDY_FILE else path
    config = _read_config(folder / STUDY_FILE)
    entries = _table_entries(config, folder)
    options, wrong = layer_options(config["tables"]["regions"])
    if wrong:
        raise fault(folder, "tables.regions", wrong)
    read = {
        name: read_layer(name, files[0], options)
        for name, files in entries.items()
        if name in LAYERS
    }
    layers = {name: table for name, (table, _) in read.items()}
    tables: dict[str, pd.DataFrame] = {}
    for name in TABLE_NAMES:
        tables[name] = read_table(entries.get(name, ()), name, tables)
    checked = Tables(
        regions=add_population(layers["regions"], tables["population"]),
        neighbours=layers.get("neighbours"),
        waters=layers.get("waters"),
        **tables,
    )
    return Study(
        path=folder,
        meta=_read_meta(config, folder, entries, checked),
        tables=checked,
        boundaries=read["regions"][1],
        published=frozenset(
            name
            for name, entry in config["tables"].items()
            if isinstance(entry, dict) and is_published(entry.get("published"), entries[name])
        ),
    )


def copy_embedded(target: Path) -> Path:
    """Copy the embedded study to a new folder, as a start for one's own.

    Parameters
    ----------
    target : Path
        Folder that does not exist yet or is empty.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    StudyError
        If ``target`` exists and is not empty.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise StudyError(
            Message("{folder}: this exists already and is not empty. Name another.", folder=target)
        )
    folder = target.resolve()
    staging = folder.parent / f".{folder.name}.part"
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    source = embedded_study()
    entries = _table_entries(_read_config(source / STUDY_FILE), source)
    for file in (source / STUDY_FILE, *chain.from_iterable(entries.values())):
        shutil.copyfile(file, staging / file.name)
    _bind_marks(staging)
    if folder.exists():  # it is empty
        for file in staging.iterdir():
            file.rename(folder / file.name)
        staging.rmdir()
    else:
        staging.rename(folder)
    return target


def _read_config(file: Path) -> dict[str, Any]:
    if not file.is_file():
        raise StudyError(
            Message(
                "{folder}: there is no study.toml here. 'corredor new DIR' makes a study to start"
                " from.",
                folder=file.parent,
            )
        )
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise StudyError(
            Message("{file}: this is not valid TOML: {detail}.", file=file, detail=error)
        ) from error


def _table_entries(config: dict[str, Any], folder: Path) -> dict[str, Files]:
    """Return the files of each table; every name and path is looked at before any is read."""
    tables = config.get("tables")
    if not isinstance(tables, dict):
        raise fault(folder, "tables", Message("Add one [tables.NAME] section for each table."))
    entries: dict[str, Files] = {}
    names = (*LAYERS, *TABLE_NAMES)
    for name, entry in tables.items():
        if name not in names:
            raise fault(folder, f"tables.{name}", suggestion(name, names))
        told = entry.get("file") if isinstance(entry, dict) else None
        files = told if isinstance(told, list) and name in TABLE_NAMES else [told]
        named = [file for file in files if isinstance(file, str) and file]
        if not named or len(named) < len(files):
            raise fault(
                folder,
                f"tables.{name}",
                Message('It needs a line such as file = "{n}.csv".', n=name),
            )
        entries[name] = tuple(folder / file for file in named)
    for name in REQUIRED:
        if name not in entries:
            raise fault(
                folder,
                f"tables.{name}",
                Message('It needs a line such as file = "{n}.csv".', n=name),
            )
    return entries


def _read_meta(
    config: dict[str, Any], folder: Path, entries: dict[str, Files], tables: Tables
) -> StudyMeta:
    opening = section(config, "opening", folder)
    measure = text_of(opening, "opening.measure", folder)
    if measure not in MEASURES:
        raise fault(folder, "opening.measure", suggestion(measure, MEASURES))
    show = text_of(opening, "opening.show", folder)
    if show not in ("rate", "count"):
        raise fault(
            folder, "opening.show", Message("Use one of: {choices}.", choices="rate, count")
        )
    publication = config.get("publication", {})
    if not isinstance(publication, dict):
        raise fault(folder, "publication", Message("Write it as a section, [publication]."))
    threshold = publication.get("threshold", 10)
    if not isinstance(threshold, int) or threshold < 5:
        raise fault(folder, "publication.threshold", Message("Write a whole number of at least 5."))
    return StudyMeta(
        title=bilingual(config, "title", folder),
        subtitle=bilingual(config, "subtitle", folder),
        boundaries_note=bilingual(config, "boundaries_note", folder),
        opening=Opening(
            register=text_of(opening, "opening.register", folder),
            measure=measure,
            period_start=text_of(opening, "opening.period_start", folder),
            period_end=text_of(opening, "opening.period_end", folder),
            show=show,
        ),
        threshold=threshold,
        classes=read_classes(config, folder),
        stories=read_stories(config, folder, regions=tables.regions, places=tables.places),
        fingerprint=_fingerprint([folder / STUDY_FILE, *chain.from_iterable(entries.values())]),
    )


def _fingerprint(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in sorted(files, key=lambda path: path.name):
        try:
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
        except OSError as error:
            raise DataFileError(Message("{file}: there is no such file.", file=file)) from error
    return digest.hexdigest()[:12]


def _bind_marks(folder: Path) -> None:
    """Let the marks of a copied study hold only while the copied files are unchanged."""
    file = folder / STUDY_FILE
    text = file.read_text(encoding="utf-8")
    for name, entry in tomllib.loads(text)["tables"].items():
        if entry.get("published") is True:
            digest = hashlib.sha256((folder / entry["file"]).read_bytes()).hexdigest()
            text = re.sub(
                rf"^({name} = .*published = )true", rf'\g<1>"sha256:{digest}"', text, flags=re.M
            )
    note = (
        '# published = "sha256:..." holds while the file is as it was copied. For figures of your'
        " own\n# that anybody can read already, write published = true.\n"
        '# A table may stand in several files: file = ["flows.csv", "mine.csv"].\n[tables]'
    )
    file.write_text(text.replace("[tables]", note, 1), encoding="utf-8", newline="\n")
