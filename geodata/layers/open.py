"""Opening layers safely: one known format at a time, from memory, nothing followed or unpacked."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import CorredorError, DataFileError, suggestion
from ..files import inspect_file
from ..messages import Message
from .encoding import check_encoding
from .sources import (
    JSON_SUFFIXES,
    PARTS,
    SUFFIXES,
    Source,
    plain_sources,
    shapefile,
    sibling,
    zip_sources,
)

if TYPE_CHECKING:
    import geopandas as gpd


@dataclass(frozen=True)
class Layer:
    """A layer as it was read.

    Parameters
    ----------
    table : GeoDataFrame
        All columns, text decoded; the reference system the file names, or none.
    name, kind : str
        Name of the layer and of the format.
    notes : tuple of Message
        Encoding, other layers of the file, and the like.
    """

    table: gpd.GeoDataFrame
    name: str
    kind: str
    notes: tuple[Message, ...] = ()


Pick = Callable[[Mapping[str, "gpd.GeoDataFrame"]], list[str]]


def open_layer(
    path: Path, *, layer: str | None = None, encoding: str | None = None, pick: Pick | None = None
) -> Layer:
    """Open one layer of a file.

    Its table and what was noted on the way.
    """
    path = Path(path)
    check_encoding(encoding, path.name)
    kind = inspect_file(path)
    if kind == "dbf" and (shapes := sibling(path, ".shp")):
        path, kind = shapes, inspect_file(shapes)
    sources = _sources(path, kind, encoding)
    if layer is not None:
        named = [source for source in sources if source.name == layer]
        if not named:
            raise DataFileError(
                Message(
                    "{file}: there is no layer '{layer}' in it, but: {layers}. {hint}",
                    file=path,
                    layer=layer,
                    layers=", ".join(source.name for source in sources),
                    hint=suggestion(layer, [source.name for source in sources]),
                )
            )
        sources = named
    if len(sources) == 1:
        table, notes = _read(path, sources[0])
        return Layer(table, sources[0].name, sources[0].kind, tuple(notes))
    return _pick(path, sources, pick)


class _Tables(Mapping[str, "gpd.GeoDataFrame"]):
    """The layers of a file by name, each read when somebody looks at it."""

    def __init__(self, path: Path, sources: list[Source]) -> None:
        self._path = path
        self.sources = {source.name: source for source in sources}
        self._read: dict[str, tuple[gpd.GeoDataFrame, list[Message]]] = {}

    def of(self, name: str) -> tuple[gpd.GeoDataFrame, list[Message]]:
        if name not in self._read:
            self._read[name] = _read(self._path, self.sources[name], empty=True)
        return self._read[name]

    def __getitem__(self, name: str) -> gpd.GeoDataFrame:
        return self.of(name)[0]

    def __iter__(self) -> Iterator[str]:
        return iter(self.sources)

    def __len__(self) -> int:
        return len(self.sources)


def _pick(path: Path, sources: list[Source], pick: Pick | None) -> Layer:
    tables = _Tables(path, sources[:20])
    names = pick(tables) if pick else list(tables)
    listed = ", ".join(source.name for source in sources)
    if len(names) != 1:
        raise DataFileError(
            Message(
                "{file}: it holds several layers ({layers}). Say which with layer=...",
                file=path,
                layers=listed,
            )
        )
    source, (table, notes) = tables.sources[names[0]], tables.of(names[0])
    chosen = Message("Layer '{layer}' of {layers}.", layer=source.name, layers=listed)
    return Layer(table, source.name, source.kind, (chosen, *notes))


def _read(
    path: Path, source: Source, *, empty: bool = False
) -> tuple[gpd.GeoDataFrame, list[Message]]:
    """Read a source; whatever GDAL, GEOS or the codecs raise becomes one sentence."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            table, notes = source.read()
    except CorredorError:
        raise
    except Exception as error:  # GDAL, GEOS, pyarrow and the codecs raise many kinds
        raise DataFileError(
            Message(
                "{file}: this is not a readable geographic layer; it is damaged or incomplete.",
                file=path,
            )
        ) from error
    if not empty and not len(table):
        raise DataFileError(Message("{file}: the layer is empty: it has no rows.", file=path))
    return table.reset_index(drop=True), notes


def _sources(path: Path, kind: str, encoding: str | None) -> list[Source]:
    if kind == "zip":
        return zip_sources(path, encoding)
    if kind == "shapefile" and path.suffix.lower() == ".shp":
        files = {suffix: found for suffix in PARTS if (found := sibling(path, suffix))}
        return [shapefile(path.name, {name: file.read_bytes() for name, file in files.items()},
                           path.stem, encoding)]  # fmt: skip
    if kind == "dbf":
        raise DataFileError(
            Message(
                "{file}: this is only the attribute table of a Shapefile; the shapes are in the"
                " .shp file, which is missing.",
                file=path,
            )
        )
    if kind == "shapefile":
        raise DataFileError(
            Message(
                "{file}: this is one part of a Shapefile. Name the .shp file, with .shx and .dbf"
                " beside it.",
                file=path,
            )
        )
    if kind == "text" and path.suffix.lower() not in JSON_SUFFIXES:
        raise DataFileError(
            Message(
                "{file}: layers are read from {suffixes}, not from '{suffix}'.",
                file=path,
                suffixes=", ".join(SUFFIXES),
                suffix=path.suffix,
            )
        )
    return plain_sources(path.name, path.stem, kind, path, encoding)
