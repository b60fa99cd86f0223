"""The files of a study's tables: one or several each, read, checked and put together."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from ..errors import Fault, TableError, fold, suggestion
from ..messages import Message
from .contracts import CONTRACTS
from .tables import as_rows, empty_table, read_checked

Files = tuple[Path, ...]


def read_table(files: Files, name: str, known: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Read the files of one table and put their rows together.

    Parameters
    ----------
    files : tuple of Path
        In the order in which their rows follow each other; none for an empty table.
    name : str
        A key of `CONTRACTS`.
    known : mapping of str to DataFrame
        Tables already checked, for columns that refer to them.

    Returns
    -------
    DataFrame
        The contract ``name``, index from 0.

    Raises
    ------
    DataFileError
        If a file cannot be read.
    TableError
        If a row breaks the contract, or two files hold the same key.
    """
    if not files:
        return empty_table(name)
    parts = [read_checked(file, name, known=known) for file in files]
    for file, part in zip(files, parts, strict=True):
        _CHECKS.get(name, _no_check)(part, file)
    _refuse_twice(files, parts, name)
    if name == "places":
        _check_members(files, parts)
    if len(parts) == 1:
        return parts[0]
    whole = pd.concat(parts, ignore_index=True)
    _CHECKS.get(name, _no_check)(whole, files[-1])
    return whole


def is_published(mark: object, files: Files) -> bool:
    """Tell whether a table is marked as published: always, or as long as its file is unchanged.

    Parameters
    ----------
    mark : object
        Value of ``published`` in study.toml.
    files : tuple of Path
        Files of the table. A mark by sum of check is that of one file.

    Returns
    -------
    bool
        False for a table of several files that is marked by such a sum.
    """
    if isinstance(mark, str) and mark.startswith("sha256:"):
        return mark == "sha256:" + ",".join(
            hashlib.sha256(file.read_bytes()).hexdigest() for file in files
        )
    return mark is True


def _refuse_twice(files: Files, parts: Sequence[pd.DataFrame], name: str) -> None:
    """Refuse a key that stands in two files."""
    if len(files) < 2:
        return
    for column in CONTRACTS[name]:
        if not column.unique:
            continue
        seen: dict[str, str] = {}
        for file, part in zip(files, parts, strict=True):
            faults = [
                Fault(
                    row,
                    column.name,
                    value,
                    Message("This value stands in {file} too.", file=seen[value]),
                    Message("Give each row its own, over all files of the table."),
                )
                for row, value in enumerate(part[column.name], start=2)
                if value in seen
            ]
            if faults:
                raise TableError(name, file.name, faults)
            seen |= dict.fromkeys(part[column.name], file.name)


def _check_members(files: Files, parts: Sequence[pd.DataFrame]) -> None:
    """Refuse an area whose members are not places, or are areas themselves."""
    kinds = {
        place: kind
        for part in parts
        for place, kind in zip(part["place_id"], part["kind"], strict=True)
    }
    points = [place for place, kind in kinds.items() if kind != "area"]
    for file, part in zip(files, parts, strict=True):
        faults = []
        for row, entry in enumerate(as_rows(part), start=2):
            for member in entry.members.split():
                if entry.kind != "area":
                    reason = Message("Only a place of the kind area has members.")
                    fix = Message("Leave the cell empty, or make the place an area.")
                elif kinds.get(member, "area") == "area":
                    reason = Message("This is no place of the table that is not an area itself.")
                    fix = suggestion(member, points)
                else:
                    continue
                faults.append(Fault(row, "members", member, reason, fix))
        if faults:
            raise TableError("places", file.name, faults)


def _check_coordinates(places: pd.DataFrame, file: Path) -> None:
    half = places["lat"].isna() != places["lon"].isna()
    faults = [
        Fault(
            int(row) + 2,
            "lat",
            str(places.at[row, "place_id"]),
            Message("Only one of lat and lon is given."),
            Message("Give both, or neither for a place without a point."),
        )
        for row in places.index[half]
    ]
    if faults:
        raise TableError("places", file.name, faults)


def _check_districts(districts: pd.DataFrame, file: Path) -> None:
    """Refuse two spellings of one district (but for accents and case) that mean different ones."""
    seen: dict[str, tuple[str, str]] = {}
    faults = []
    for row, entry in enumerate(as_rows(districts), start=2):
        meant = seen.setdefault(fold(entry.district), (entry.canonical, entry.ubigeo))
        if meant != (entry.canonical, entry.ubigeo):
            reason = Message("The same name stands in an earlier row for another district.")
            fix = Message("Accents and case do not tell districts apart. Correct one of them.")
            faults.append(Fault(row, "district", entry.district, reason, fix))
    if faults:
        raise TableError("districts", file.name, faults)


def _no_check(table: pd.DataFrame, file: Path) -> None:
    """Most tables need no more than their contract."""


_CHECKS = {"places": _check_coordinates, "districts": _check_districts}
