"""Writing an export: one folder, complete or not there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from corredor.geodata import Publication
from corredor.geodata.arguments import as_path, check_choice
from corredor.geodata.errors import DataFileError, missing_extra
from corredor.geodata.files import write_folder
from corredor.geodata.messages import Language, Message
from corredor.geodata.study.publication import publishing

from ..scene.build import build_scene
from ..scene.corridors import has_network
from .formats import TAGGED, WRITERS, Export
from .package import NOTES, PACKAGE, describe_package, write_notes
from .tables import gather_parts

if TYPE_CHECKING:
    from corredor.routes import Corridors

Format = Literal["csv", "geojson", "gpkg", "graphml", "parquet", "xlsx"]
FORMATS: tuple[str, ...] = get_args(Format)


def write_export(
    publication: Publication,
    folder: str | os.PathLike[str],
    *,
    format: Format = "xlsx",
    lang: Language = "es",
    hxl: bool = False,
    pcodes: bool = False,
    corridors: Corridors | bool = True,
) -> Path:
    """Write the tables of a publication as files that other programs read.

    Parameters
    ----------
    publication : Publication
        Protected tables, from `protect`.
    folder : str or path-like
        Folder to make, absent or empty; all its files are there in the end, or none.
    format : {"csv", "geojson", "gpkg", "graphml", "parquet", "xlsx"}
        ``xlsx``: one workbook; ``csv`` and ``parquet``: a file for each table; ``gpkg``: one
        GeoPackage with styles for QGIS; ``geojson``: layers, and the other tables as CSV;
        ``graphml``: reported flows and inferred corridors as two graphs.
    lang : {"es", "en"}
        Language of words; names of columns are English.
    hxl : bool
        Whether a row of HXL tags stands below the names of columns (``csv`` and ``xlsx``).
    pcodes : bool
        Whether the P-code stands beside each code of INEI.
    corridors : Corridors or bool
        Inferred corridors: those given, or True to find them where the study has flows and a
        network, or False for none.

    Returns
    -------
    Path
        The folder. Beside the data it holds ``README.txt`` and ``datapackage.json`` (Frictionless),
        with all columns described. Every row says what it is (reported, documented, inferred,
        context), and who published it.

    Raises
    ------
    TypeError
        If ``publication`` is not one; a study is protected first.
    ValueError
        If the format or the language is not known.
    DataFileError
        If HXL tags were asked for in a format without a place for them, or the folder can't be
        written.
    StudyError
        If the folder is not empty.
    MissingExtraError
        If the extra ``parquet`` is missing.
    """
    target = as_path(folder)
    check_choice(format, FORMATS, "format")
    if hxl and format not in TAGGED:
        raise DataFileError(
            Message(
                "{format} has no place for a row of HXL tags. Formats that have: {known}.",
                format=format,
                known=", ".join(TAGGED),
            )
        )
    if format == "parquet":
        _need_parquet()
    if corridors is True and has_network(publication):
        from corredor.routes import find_corridors

        corridors = find_corridors(publication)
    found = None if isinstance(corridors, bool) else corridors
    scene = build_scene(publication, corridors=found)
    export = Export(
        publication,
        found,
        scene,
        gather_parts(publication, scene, found, lang=lang, pcodes=pcodes),
        write_notes(publication, scene, lang),
        lang,
        hxl,
    )

    def fill(whole: Path) -> None:
        written = WRITERS[format](export, whole)
        (whole / NOTES).write_text("\n\n".join(export.notes) + "\n", encoding="utf-8")
        described = describe_package(export, whole, written)
        (whole / PACKAGE).write_text(described, encoding="utf-8")

    with publishing(publication, target):
        return write_folder(target, fill, last=PACKAGE)


def _need_parquet() -> None:
    try:
        import pyarrow  # type: ignore[import-untyped]  # noqa: F401
    except ImportError:
        raise missing_extra("parquet") from None
