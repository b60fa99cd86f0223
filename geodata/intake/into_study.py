"""What a study still lacks before an imported table can stand in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..account import Reading
from ..messages import Message
from ..places.build import add_places, build_resolver
from ..places.resolver import Resolver
from ..study.model import Study, Tables
from .read import read_any
from .write import write_table, write_table_file

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = 8
_PLACE_COLUMNS = ("origin", "destination", "place_id")


def resolver_of(tables: Tables) -> Resolver:
    """Return a resolver of the places of a study."""
    return build_resolver(
        places=tables.places,
        population=tables.population,
        layer=tables.regions,
        network_places=tables.network_places,
    )


def import_for_study(
    kind: str,
    file: Path,
    options: Mapping[str, Any],
    output: Path,
    study: Study,
    resolver: Resolver,
    places: Path | None,
) -> Reading[Any]:
    """Import a table with the places of a study, and say in its account what the study lacks.

    ``places`` is a file for the study's table of places with those added that were missing.
    """
    source_id = options.get("source_id") or "own"
    defaults = {"source_id": source_id, "id_prefix": f"{source_id}-"}
    reading = read_any(kind, file, {**options, "resolver": resolver}, defaults=defaults)
    # The study was read for its places alone: its other tables may be replaced by what is imported.
    write_table(reading, output, replaces=[one for part in study.files.values() for one in part])
    if places is not None:
        # The study's own table of places may be replaced by itself with more rows.
        write_places(reading, study, resolver, places)
    return say_needs(reading, study.tables, added=places)


def missing_places(table: pd.DataFrame, tables: Tables) -> list[str]:
    """Return the ids of places that a table names and the study does not have, in their order."""
    had = set(tables.places["place_id"])
    named = [name for column in _PLACE_COLUMNS if column in table for name in table[column]]
    return [name for name in dict.fromkeys(named) if name not in had]


def say_needs(reading: Reading[Any], tables: Tables, *, added: Path | None) -> Reading[Any]:
    """Add to the account which rows ``sources``, ``registers`` and ``places`` of the study lack.

    ``added`` is the file that holds the missing places, if one was written.
    """
    table, needs = reading.table, []
    for column, name in (("source_id", "sources"), ("register", "registers")):
        if column in table:
            had = set(getattr(tables, name)[column])
            lacking = [value for value in dict.fromkeys(table[column]) if value not in had]
            if lacking:
                needs.append(
                    Message(
                        "Before you use it in the study, add to its table '{table}' a row for:"
                        " {names}.",
                        table=name,
                        names=_few(lacking),
                    )
                )
    places = missing_places(table, tables)
    if places and added is None:
        needs.append(
            Message(
                "The study's table 'places' lacks {n} place(s): {names}. --places FILE writes that"
                " table with them added.",
                n=len(places),
                names=_few(places),
            )
        )
    elif places:
        needs.append(
            Message(
                "{n} place(s) were added in {file}: {names}.",
                n=len(places),
                file=added,
                names=_few(places),
            )
        )
    account = replace(reading.account, notes=(*reading.account.notes, *needs))
    return Reading(table, account)


def write_places(reading: Reading[Any], study: Study, resolver: Resolver, path: Path) -> Path:
    """Write the study's table of places with those added that an imported table names."""
    lacking = missing_places(reading.table, study.tables)
    table = add_places(study.tables.places, resolver, lacking)
    return write_table_file(table, path, replaces=study.files.get("places", ()))


def _few(names: Sequence[str]) -> str:
    return ", ".join([*names[:_SHOWN], *(["..."] if len(names) > _SHOWN else [])])
