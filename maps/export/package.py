"""The notes of an export, and its description as a Frictionless data package."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from corredor.geodata import Publication
from corredor.geodata.messages import Language
from corredor.geodata.study.contracts import CONTRACTS
from corredor.geodata.study.tables import as_rows

from ..figure.words import Words
from ..scene.positions import Scene
from .dictionary import list_fields
from .formats import Export, Written
from .tables import Part

PACKAGE, NOTES = "datapackage.json", "README.txt"
_MEDIA = {
    ".csv": "text/csv",
    ".geojson": "application/geo+json",
    ".gpkg": "application/geopackage+sqlite3",
    ".graphml": "application/graphml+xml",
    ".parquet": "application/vnd.apache.parquet",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def write_notes(publication: Publication, scene: Scene, lang: Language) -> list[str]:
    """Return what a reader of the files must know, the title first."""
    words, study = Words(lang), scene["study"]
    at = words.at
    lost = int(scene["account"]["complaints"]["unmatched"])
    notes = [
        study["title"][at],
        study["subtitle"][at],
        words.t(
            "Made with Corredor {version}; data {fingerprint}.",
            version=study["version"],
            fingerprint=study["fingerprint"],
        ),
        words.t(
            "These are reports, not crimes: the figures show what was reported and published, not"
            " how much trafficking there is."
        ),
        words.t(
            "Every row says in the column 'status' what it is: reported, documented (an itinerary"
            " as published), inferred (a corridor that nobody observed) or context. Do not mix"
            " them."
        ),
        words.t(
            "Every row names its sources: publisher, title, date and address. Cite the publication,"
            " not these files."
        ),
        words.t(
            "Registers count different things in different ways. They are never added up, compared"
            " or drawn as one series."
        ),
        words.t(
            "Evidence counts independent publications that name a pair of places: retellings of"
            " one report count once. It is not a number of people."
        ),
        *(note.render(lang) for note in publication.notes),
    ]
    if publication.mode == "public":
        notes.append(words.t("No figure was withheld: all of them can be read in the sources."))
    if lost:
        notes.append(
            words.t(
                "{n} rows of the table complaints fit no unit of the map: they stand in complaints"
                " and not in figures.",
                n=lost,
            )
        )
    if study["boundaries"][at]:
        notes.append(study["boundaries"][at])
    return notes


def describe_package(export: Export, folder: Path, written: list[Written]) -> str:
    """Return ``datapackage.json`` for the files of a folder."""
    study = export.scene["study"]
    resources = [
        _resource(export, folder, one, name, part)
        for one in written
        for name, part in (one.tables if one.file.endswith((".csv", ".xlsx", ".parquet"))
                           else one.tables[:1])
    ]  # fmt: skip
    package = {
        "name": f"corredor-{study['fingerprint']}",
        "title": export.notes[0],
        "description": "\n\n".join(export.notes[1:]),
        "version": study["fingerprint"],
        "keywords": ["Peru", "human trafficking", "trata de personas"],
        "sources": [
            {"title": f"{row.publisher}: {row.title}"} | ({"path": row.url} if row.url else {})
            for row in as_rows(export.publication.tables.sources)
        ],
        "resources": resources,
    }
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def _resource(export: Export, folder: Path, one: Written, name: str, part: Part) -> dict[str, Any]:
    """Return one table, with its columns where Frictionless reads its format, or else one file."""
    content = (folder / one.file).read_bytes()
    suffix = Path(one.file).suffix
    said: dict[str, Any] = {
        "name": name.lower(),
        "path": one.file,
        "format": suffix[1:],
        "mediatype": _MEDIA[suffix],
        "title": part.name if suffix in (".csv", ".xlsx", ".parquet") else Path(one.file).stem,
        "description": part.what.render(export.lang),
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }
    if suffix == ".csv":
        said["encoding"] = "utf-8"
    if suffix == ".parquet":
        # Its columns and types stand in the file itself; Frictionless checks no sum of a table.
        said["type"] = "file"
    elif suffix in (".csv", ".xlsx"):
        dialect: dict[str, Any] = {"excel": {"sheet": name}} if suffix == ".xlsx" else {}
        # The row of HXL tags is no row of the table.
        dialect |= {"commentRows": [2]} if export.hxl else {}
        said |= {"type": "table", "schema": _schema(export, part)}
        said |= {"dialect": dialect} if dialect else {}
    return said


def _schema(export: Export, part: Part) -> dict[str, Any]:
    here = {other.name for other in export.parts}
    fields = [
        {
            "name": field.name,
            "type": field.type,
            "description": field.meaning.render(export.lang),
            **({"constraints": field.constraints} if field.constraints else {}),
        }
        for field in list_fields(part)
    ]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    contract = CONTRACTS.get(part.name, ())
    if key := [column.name for column in contract if column.unique]:
        schema["primaryKey"] = key
    if known := [_refers(column.name, str(column.refers_to)) for column in contract
                 if column.refers_to in here and not column.empty]:  # fmt: skip
        schema["foreignKeys"] = known
    return schema


def _refers(column: str, table: str) -> Mapping[str, Any]:
    first = CONTRACTS[table][0].name
    return {"fields": [column], "reference": {"resource": table, "fields": [first]}}
