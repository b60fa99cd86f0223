"""Opening layers safely: one known format at a time, from memory, nothing followed or unpacked."""

from __future__ import annotations

import io
import struct
import unicodedata
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import CorredorError, DataFileError, missing_extra, suggestion
from ..files import inspect_file
from ..messages import Message
from .encoding import check_encoding, decode_table
from .geojson import build_table, layers_in_json, parse_json

if TYPE_CHECKING:
    import geopandas as gpd


SUFFIXES = (
    ".shp", ".zip", ".gpkg", ".geojson", ".json", ".topojson", ".geojsonl", ".geojsons", ".ndjson",
    ".fgb", ".parquet", ".geoparquet",
)  # fmt: skip
PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
JSON_SUFFIXES = (".geojson", ".json", ".topojson", ".geojsonl", ".geojsons", ".ndjson")
# Larger files are read by GDAL where they lie, smaller ones from memory.
LARGEST_IN_MEMORY = 200_000_000


@dataclass(frozen=True)
class Source:
    """A layer that a file holds: its name, its format, and how to read it."""

    name: str
    kind: str
    read: Callable[[], tuple[gpd.GeoDataFrame, list[Message]]]


def zip_sources(path: Path, encoding: str | None) -> list[Source]:
    """Return the layers of an archive, in any folder of it; nothing is unpacked to disk.

    At least one.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = _members(archive)
            if sum(archive.getinfo(name).file_size for name in members) > LARGEST_IN_MEMORY:
                raise DataFileError(
                    Message("{file}: this archive is too large; unpack it first.", file=path)
                )
            data = {name: archive.read(name) for name in members}
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, OSError) as error:
        if isinstance(error, DataFileError):
            raise
        raise DataFileError(
            Message("{file}: this is {what}.", file=path,
                    what=Message("a damaged or half-downloaded archive"))
        ) from error  # fmt: skip
    return [source for name in members for source in _member_sources(path, name, data, encoding)
            ] or _no_layer_in(path, members)  # fmt: skip


def _members(archive: zipfile.ZipFile) -> list[str]:
    """Return the members that may be a layer or a part of one."""
    names = [member.filename for member in archive.infolist() if not member.is_dir()]
    return [
        name
        for name in names
        if PurePosixPath(name).suffix.lower() in (*SUFFIXES, *PARTS)
        and not any(
            part.startswith((".", "__MACOSX")) and part != ".."
            for part in PurePosixPath(name).parts
        )
    ]


def _member_sources(
    path: Path, name: str, data: Mapping[str, bytes], encoding: str | None
) -> list[Source]:
    member = PurePosixPath(name)
    suffix = member.suffix.lower()
    file = f"{path.name}/{name}"
    if suffix == ".shp":
        beside = {other: PurePosixPath(other) for other in data}
        parts = {
            one.suffix.lower(): data[other]
            for other, one in beside.items()
            if one.parent == member.parent and _plain_name(one.stem) == _plain_name(member.stem)
        }
        return [shapefile(file, parts, member.stem, encoding)]
    kinds = {".gpkg": "geopackage", ".fgb": "flatgeobuf", ".parquet": "parquet",
             ".geoparquet": "parquet", **dict.fromkeys(JSON_SUFFIXES, "json")}  # fmt: skip
    if suffix not in kinds:
        return []
    return plain_sources(file, member.stem, kinds[suffix], data[name], encoding)


def _no_layer_in(path: Path, members: list[str]) -> list[Source]:
    what = Message("it holds no map layer")
    if path.suffix.lower() == ".kmz":
        what = Message("a KMZ file: open it in QGIS and export the layer as GeoPackage")
    if any(name.lower().endswith(".dbf") for name in members):
        what = Message("it holds parts of a Shapefile, but no .shp file")
    elif any(name.lower().endswith(".zip") for name in members):
        what = Message("it holds another archive: unpack it first")
    raise DataFileError(Message("{file}: {what}.", file=path, what=what))


def plain_sources(
    file: str, stem: str, kind: str, data: Path | bytes, encoding: str | None
) -> list[Source]:
    """Return the layers of a file that is one format in itself."""
    if kind in ("json", "text"):
        return _json_sources(file, stem, _bytes(data), encoding)
    if kind in ("geopackage", "sqlite"):
        return _geopackage_sources(file, data, encoding)
    if kind == "flatgeobuf":
        content = _in_memory(data)
        return [Source(stem, "FlatGeobuf", lambda: (_gdal(content, None, encoding), []))]
    if kind == "parquet":
        return [Source(stem, "GeoParquet", lambda: (_parquet(file, data), []))]
    raise DataFileError(
        Message(
            "{file}: this is a table or workbook, not a map layer ({suffixes}).",
            file=file,
            suffixes=", ".join(SUFFIXES),
        )
    )


def _bytes(data: Path | bytes) -> bytes:
    return data if isinstance(data, bytes) else data.read_bytes()


def _in_memory(data: Path | bytes) -> Path | bytes:
    """Return the bytes of a file, unless it is large: then its path."""
    if isinstance(data, Path) and data.stat().st_size > LARGEST_IN_MEMORY:
        return data.resolve()
    return _bytes(data)


def _gdal(data: Path | bytes, layer: str | None, encoding: str | None) -> gpd.GeoDataFrame:
    import geopandas as gpd
    import pyogrio

    try:
        table = pyogrio.read_dataframe(data, layer=layer, encoding=encoding)
    except UnicodeDecodeError:
        table = pyogrio.read_dataframe(data, layer=layer, encoding="ISO-8859-1")
        table, _ = decode_table(table, file=str(layer), encoding=None, declared="utf-8")
    if not isinstance(table, gpd.GeoDataFrame):
        raise ValueError("no geometry")
    return table


def _geopackage_sources(file: str, data: Path | bytes, encoding: str | None) -> list[Source]:
    import pyogrio
    from pyogrio.errors import DataSourceError

    from .geopackage import plain_layers

    content = _in_memory(data)
    if isinstance(content, bytes) and content[18:20] == b"\x02\x02":
        # Written in a way that needs a companion file; the copy in memory says it does not.
        content = content[:18] + b"\x01\x01" + content[20:]
    layers = plain_layers(data, file)
    if layers is None:  # no GeoPackage, but perhaps another SQLite database with layers
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found = pyogrio.list_layers(content)
        except (DataSourceError, ValueError) as error:
            raise DataFileError(
                Message("{file}: this GeoPackage is damaged or incomplete.", file=file)
            ) from error
        layers = [str(name) for name, kind in found if kind is not None]
    if not layers:
        raise DataFileError(Message("{file}: it holds tables, but no map layer.", file=file))

    def reader(name: str) -> Source:
        return Source(name, "GeoPackage", lambda: (_gdal(content, name, encoding), []))

    return [reader(name) for name in layers]


def _json_sources(file: str, stem: str, data: bytes, encoding: str | None) -> list[Source]:
    if len(data) > LARGEST_IN_MEMORY:
        raise DataFileError(
            Message("{file}: this JSON is too large. Save the layer as a GeoPackage.", file=file)
        )
    content = parse_json(data, file)
    layers = layers_in_json(content, file)
    kind = {"Topology": "TopoJSON"}.get(str(content.get("type")), "GeoJSON")
    kind = "Esri JSON" if "geometryType" in content else kind
    utf8 = _is_utf8(data)

    def reader(name: str, features: list[Mapping[str, Any]]) -> Source:
        def read() -> tuple[gpd.GeoDataFrame, list[Message]]:
            table, notes = build_table(content, features, file)
            if utf8:
                return table, notes
            table, more = decode_table(table, file=file, encoding=encoding, declared="utf-8")
            return table, notes + more

        return Source(name or stem, kind, read)

    return [reader(name, features) for name, features in layers.items()]


def _is_utf8(data: bytes) -> bool:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _parquet(file: str, data: Path | bytes) -> gpd.GeoDataFrame:
    import geopandas as gpd

    content = io.BytesIO(_bytes(data))
    try:
        table = gpd.read_parquet(content)
        for name in table.columns.drop(table.geometry.name):
            table[name].tolist()  # Arrow finds text that is no UTF-8 only here
        return table
    except ImportError as error:
        raise missing_extra("parquet", file) from error
    except (OSError, TypeError, ValueError):  # pyarrow's errors are of these kinds
        return _parquet_without_geo(content, file)


def _parquet_without_geo(content: io.BytesIO, file: str) -> gpd.GeoDataFrame:
    """Read a plain Parquet table that has shapes as WKB or WKT in one of its columns."""
    import geopandas as gpd
    import pandas as pd
    import shapely

    content.seek(0)
    table = pd.read_parquet(content)
    for name in table.columns:
        cells = table[name].dropna()
        if not len(cells) or not isinstance(cells.iloc[0], bytes | str):
            continue
        read = shapely.from_wkb if isinstance(cells.iloc[0], bytes) else shapely.from_wkt
        try:
            shapes = read(np.array([None if cell is None or cell != cell else cell
                                    for cell in table[name]], dtype=object))  # fmt: skip
        except (shapely.errors.GEOSException, TypeError):
            continue
        return gpd.GeoDataFrame(table.drop(columns=name), geometry=shapes)
    raise DataFileError(
        Message("{file}: this is a Parquet table without shapes, not a map layer.", file=file)
    )


def has_shapes(path: Path) -> bool:
    """Tell a Parquet file with shapes from one that is only a table.

    Whether it is GeoParquet or has a column of bytes; False if it can't be read at all.
    """
    try:
        import pyarrow as pa  # type: ignore[import-untyped]
        from pyarrow import parquet

        schema = parquet.read_schema(path)
    except (ImportError, OSError, ValueError):  # pyarrow's errors are of the latter kinds
        return False
    bytes_ = (pa.types.is_binary, pa.types.is_large_binary)
    return b"geo" in (schema.metadata or {}) or any(
        is_(field.type) for field in schema for is_ in bytes_
    )


def sibling(path: Path, suffix: str) -> Path | None:
    """Return the part of a Shapefile with this suffix, its name written in any case."""
    if (candidate := path.with_suffix(suffix)).is_file():
        return candidate
    wanted = _plain_name(path.stem + suffix)
    for candidate in sorted(path.parent.iterdir()):
        if _plain_name(candidate.name) == wanted and candidate.is_file():
            return candidate
    return None


def _plain_name(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def shapefile(file: str, parts: Mapping[str, bytes], stem: str, encoding: str | None) -> Source:
    """Check that a Shapefile is whole, and return how to read it."""
    for suffix in (".shx", ".dbf"):
        if suffix not in parts:
            raise DataFileError(
                Message(
                    "{file}: the {suffix} file that belongs to this Shapefile is missing. Copy all"
                    " its parts together.",
                    file=file,
                    suffix=suffix,
                )
            )
    _check_whole(file, parts)
    declared = parts[".cpg"][:40].decode("ascii", "replace").strip() if ".cpg" in parts else None
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for suffix in (".shp", ".shx", ".dbf", ".prj"):
            if suffix in parts:
                archive.writestr(f"layer{suffix}", parts[suffix])
        archive.writestr("layer.cpg", "ISO-8859-1")

    def read() -> tuple[gpd.GeoDataFrame, list[Message]]:
        table = _gdal(packed.getvalue(), None, None)
        return decode_table(table, file=file, encoding=encoding, declared=declared)

    return Source(stem, "Shapefile", read)


def _check_whole(file: str, parts: Mapping[str, bytes]) -> None:
    shapes, index, cells = parts[".shp"], parts[".shx"], parts[".dbf"]
    if min(len(shapes), len(index)) < 100 or len(cells) < 32:
        raise _cut_off(file)
    (said,) = struct.unpack(">i", shapes[24:28])
    (said_index,) = struct.unpack(">i", index[24:28])
    rows, head, width = struct.unpack("<IHH", cells[4:12])
    if said * 2 > len(shapes) or said_index * 2 > len(index) or head + rows * width > len(cells):
        raise _cut_off(file)
    if (said_index * 2 - 100) // 8 != rows:
        raise DataFileError(
            Message(
                "{file}: the .shp and .dbf files have {shapes} and {rows} rows; they do not belong"
                " together.",
                file=file,
                shapes=(said_index * 2 - 100) // 8,
                rows=rows,
            )
        )


def _cut_off(file: str) -> DataFileError:
    return DataFileError(
        Message("{file}: this Shapefile was cut off; copy or download it again.", file=file)
    )


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
