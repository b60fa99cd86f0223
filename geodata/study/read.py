"""A study: a folder with ``study.toml`` and the tables it names."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..account import Account
from ..arguments import check_choice
from ..errors import DataFileError, Fault, TableError
from ..figures import add_population
from ..layers.background import read_neighbours, read_waters
from ..layers.columns import LEVELS
from ..layers.regions import read_regions
from ..messages import Message
from ..places.gazetteer import Level
from .contracts import CONTRACTS
from .model import Study, Tables, embedded_study
from .tables import read_table
from .toml import LAYERS, STUDY_FILE, fault, layer_options, read_config, read_meta, table_entries

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

# Tables whose figures stories speak of.
TOLD = ("complaints", "rankings", "flows", "itineraries")


def read_study(path: str | Path | None = None, *, level: Level | None = None) -> Study:
    """Read and check a study.

    Parameters
    ----------
    path : str or Path, optional
        Folder with ``study.toml``, or that file itself; the embedded Peru study if left out.
    level : {"region", "province", "district"}, optional
        Which units to draw, instead of those that ``study.toml`` asks for; its layer must hold
        them, or finer ones.

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
    path = embedded_study() if path is None else Path(path)
    if level is not None:
        check_choice(level, LEVELS, "level")
    return _read_folder(path.parent if path.name == STUDY_FILE else path, level)


def _read_folder(folder: Path, level: Level | None) -> Study:
    config = read_config(folder / STUDY_FILE)
    entries = table_entries(config, folder)
    options, wrong = layer_options(config["tables"]["regions"])
    if wrong:
        raise fault(folder, "tables.regions", wrong)
    if level is not None:
        options["level"] = level
    read = {
        name: _read_layer(name, files[0], options)
        for name, files in entries.items()
        if name in LAYERS
    }
    layers = {name: table for name, (table, _) in read.items()}
    tables: dict[str, pd.DataFrame] = {}
    for name in CONTRACTS:
        tables[name] = read_table(
            entries.get(name, ()), name, {**tables, "regions": layers["regions"]}
        )
    if folder != embedded_study():
        for name, table in tables.items():
            _refuse_personal(table, name, entries.get(name, ()))
    checked = Tables(
        regions=add_population(layers["regions"], tables["population"]),
        neighbours=layers.get("neighbours"),
        waters=layers.get("waters"),
        **tables,
    )
    return Study(
        path=folder,
        meta=read_meta(
            config,
            folder,
            regions=checked.regions,
            places=checked.places,
            fingerprint=_fingerprint([folder / STUDY_FILE, *chain.from_iterable(entries.values())]),
            digest=stories_digest(entries),
        ),
        tables=checked,
        files=entries,
        boundaries=read["regions"][1],
    )


# ``F000017`` numbers a row, though passports look alike: such numbers are no larger than the table.
_SERIAL = re.compile(r"[A-Za-z]{0,8}[ _-]?0*(\d{1,7})")


def _refuse_personal(table: pd.DataFrame, name: str, files: Sequence[Path]) -> None:
    """Refuse names of houses as places, and people in ids and notes: maps print all of these."""
    from ..intake.personal import is_personal_cell, names_venue, tells_of_contact

    def is_personal_id(text: str) -> bool:
        counted = _SERIAL.fullmatch(text)
        if counted and int(counted[1]) <= 1000 + 2 * len(table):
            return False
        return is_personal_cell(text)

    names: dict[str, dict[str, Callable[[str], bool]]] = {
        "places": {"place_id": names_venue, "name": names_venue, "name_en": names_venue},
        "complaints": {"place": names_venue},
        "flows": {"flow_id": is_personal_id},
        "itineraries": {"route_id": is_personal_id},
    }
    notes = ("note_es", "note_en", "text_es", "text_en")
    judges = {**names.get(name, {}), **{n: tells_of_contact for n in notes if n in table}}
    faults = []
    for column, judge in judges.items():
        cells = table[column].astype(str)
        personal = {cell for cell in cells.unique() if cell and judge(cell)}
        rows = np.flatnonzero(cells.isin(personal))
        # Rows of several files are not those of one.
        at = (rows + 2).tolist() if len(files) == 1 else [None] * len(rows)
        faults += [Fault(row, column, None, _PERSONAL, _TOWN) for row in at]
    if faults:
        raise TableError(name, ", ".join(str(file) for file in files), faults)


_PERSONAL = Message(
    "What stands here seems to name a person, a house or how to reach somebody, and a map would"
    " print it; it is not shown."
)
_TOWN = Message("Name a town, a route by a number, and take contacts out of notes.")


def _read_layer(
    name: str, file: Path, options: Mapping[str, Any]
) -> tuple[gpd.GeoDataFrame, Account | None]:
    """Read one layer, in EPSG:4326; the regions with the account of their reading."""
    if name == "regions":
        reading = read_regions(file, **options)
        return reading.table, reading.account
    readers: dict[str, Callable[[Path], gpd.GeoDataFrame]] = {
        "neighbours": read_neighbours,
        "waters": read_waters,
    }
    return readers[name](file), None


def _fingerprint(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in sorted(files, key=lambda path: path.name):
        try:
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
        except OSError as error:
            raise DataFileError(Message("{file}: there is no such file.", file=file)) from error
    return digest.hexdigest()[:12]


def stories_digest(entries: Mapping[str, tuple[Path, ...]]) -> str:
    """Return the sum of check of the files whose figures stories speak of."""
    files = [file for name in TOLD for file in entries.get(name, ())]
    return "sha256:" + hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
