"""Layers in JSON (GeoJSON, TopoJSON, Esri JSON), read without GDAL.

GDAL would follow web addresses that such a file can name; nothing here opens anything.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import DataFileError
from ..messages import Message

if TYPE_CHECKING:
    import geopandas as gpd

Json = Mapping[str, Any]
_EPSG = re.compile(r"epsg[:/]+(?:[\d.]+[:/]|:)?(\d{4,6})$", re.IGNORECASE)
_ESRI_WEB = {102100: 3857, 102113: 3857}
_SCRIPT = re.compile(r"\s*(?:(?:export|var|let|const)\s|[\w.$]+\s*[=(])")
# How deep coordinates are nested.
_DEPTHS = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2,
           "MultiPolygon": 3}  # fmt: skip
_GEOMETRIES = (*_DEPTHS, "GeometryCollection")


def parse_json(data: bytes, file: str) -> Json:
    """Read the bytes of a JSON file, refusing what is cut off or nested too deeply.

    What it holds.
    """
    text = _text_of(data)
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        if (features := _features_by_line(text)) is not None:
            return {"type": "FeatureCollection", "features": features}
        raise _no_json(text, file, error.lineno) from error
    except RecursionError as error:
        raise DataFileError(
            Message("{file}: this JSON is nested too deeply.", file=file)
        ) from error
    except ValueError as error:  # Python reads no number of more than 4,300 digits
        raise DataFileError(
            Message("{file}: a number in this JSON has thousands of digits.", file=file)
        ) from error
    if isinstance(content, list) and content and all(map(_is_feature, content)):
        return {"type": "FeatureCollection", "features": content}
    if not isinstance(content, dict):
        raise _no_layer(file)
    return content


def _text_of(data: bytes) -> str:
    try:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _is_feature(content: object) -> bool:
    return isinstance(content, dict) and content.get("type") == "Feature"


def _features_by_line(text: str) -> list[Json] | None:
    """Return features that stand one to a line; None if the text is anything else."""
    features = []
    for line in text.splitlines():
        if not (bare := line.strip(" \t\x1e")):
            continue
        try:
            one = json.loads(bare)
        except (ValueError, RecursionError):
            return None
        if not _is_feature(one):
            return None
        features.append(one)
    return features or None


def _no_json(text: str, file: str, line: int) -> DataFileError:
    if _SCRIPT.match(text):
        return DataFileError(
            Message(
                "{file}: this is JavaScript, not JSON: delete what stands before the first brace,"
                " and the semicolon at the end.",
                file=file,
            )
        )
    return DataFileError(
        Message(
            "{file}: this is not valid JSON from line {line} on; perhaps the file was cut off.",
            file=file,
            line=line,
        )
    )


def layers_in_json(content: Json, file: str) -> dict[str, list[Json]]:
    """Return the features of each layer of a JSON file.

    Features with ``properties`` and ``geometry``; GeoJSON has one layer, named "".
    """
    kind = content.get("type")
    if kind == "Topology" and isinstance(content.get("objects"), dict):
        layers = {
            str(name): one.get("geometries", [one])
            for name, one in content["objects"].items()
            if isinstance(one, dict)
        }
    elif kind == "Feature":
        layers = {"": [content]}
    elif isinstance(content.get("features"), list):
        layers = {"": content["features"]}
    else:
        raise _no_layer(file, content)
    if not layers:
        raise _no_layer(file)
    for features in layers.values():
        if not isinstance(features, list):
            raise _no_layer(file)
        for row, feature in enumerate(features, start=1):
            if not isinstance(feature, dict):
                raise DataFileError(
                    Message("{file}: feature {row} is empty or broken.", file=file, row=row)
                )
    return layers


def build_table(
    content: Json, features: Sequence[Json], file: str
) -> tuple[gpd.GeoDataFrame, list[Message]]:
    """Build the table of one layer.

    One row per feature; the reference system is EPSG:4326 where the file names none.
    """
    import geopandas as gpd
    import pandas as pd
    from shapely.errors import GEOSException

    arcs = _Arcs(content, file) if content.get("type") == "Topology" else None
    shapes = []
    for row, feature in enumerate(features, start=1):
        try:
            shapes.append(_shape(feature, arcs))
        except (KeyError, ValueError, TypeError, IndexError, GEOSException, RecursionError,
                AttributeError, OverflowError) as error:  # fmt: skip
            raise DataFileError(
                Message(
                    "{file}: the geometry of feature {row} is damaged: its coordinates are not"
                    " closed rings of number pairs.",
                    file=file,
                    row=row,
                )
            ) from error
    crs, notes = _crs_of(content)
    properties = content.get("properties")
    if {**(properties if isinstance(properties, dict) else {}), **content}.get(
        "exceededTransferLimit"
    ) is True:
        notes = [*notes, Message("The server sent only part of this layer (its transfer limit).")]
    cells = [_attributes(feature) for feature in features]
    # Object columns: a number here and a text there is common, and nothing is computed with them.
    table = pd.DataFrame(cells, index=range(len(cells)), dtype=object)
    table = table.drop(columns="geometry", errors="ignore")
    return gpd.GeoDataFrame(table, geometry=np.array(shapes, dtype=object), crs=crs), notes


def _attributes(feature: Json) -> dict[str, Any]:
    cells = feature.get("properties") or feature.get("attributes") or {}
    named = {str(k): v for k, v in cells.items()} if isinstance(cells, dict) else {}
    return named if "id" in named or "id" not in feature else {**named, "id": feature["id"]}


def _crs_of(content: Json) -> tuple[Any, list[Message]]:
    """Return the reference system that a file names; a web address is never followed."""
    esri = content.get("spatialReference")
    if isinstance(esri, dict):
        number = esri.get("latestWkid") or esri.get("wkid")
        return _known_crs(_ESRI_WEB.get(number, number) if isinstance(number, int) else None), []
    named = content.get("crs")
    if not isinstance(named, dict):
        return "EPSG:4326", []
    properties = named.get("properties")
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    if name.upper().endswith("CRS84"):
        return "EPSG:4326", []
    if found := _EPSG.search(name):
        return _known_crs(int(found[1])), []
    return None, [Message("The file does not name its reference system in a form that is read.")]


def _known_crs(number: int | None) -> Any:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        return CRS.from_epsg(number) if number else None
    except CRSError:
        return None


def _shape(feature: Json, arcs: _Arcs | None) -> Any:
    """Return the shape of a feature; None where it has none."""
    import shapely
    from shapely.geometry import shape

    geometry = feature if arcs is not None else feature.get("geometry")
    if not geometry:
        return None
    if "rings" in geometry:  # Esri tells holes by their direction only
        lines = [_flat(ring, 1) for ring in geometry["rings"]]
        return shapely.build_area(shapely.MultiLineString(lines)) if lines else None
    kind = geometry.get("type")
    if kind is None:
        return None
    if kind == "GeometryCollection":
        parts = [_shape({"geometry": part}, None) for part in geometry["geometries"]]
        return shapely.GeometryCollection([part for part in parts if part is not None])
    nested = geometry.get("coordinates") or []
    if arcs is not None and "arcs" in geometry:
        nested = _of_arcs(geometry["arcs"], arcs, _DEPTHS[kind])
    return shape({"type": kind, "coordinates": _flat(nested, _DEPTHS[kind])})


def _flat(nested: Any, depth: int) -> Any:
    """Return coordinates with two numbers each, however many a file gives; lines as arrays."""
    if depth == 0:
        return nested[:2]
    if depth > 1:
        return [part for part in (_flat(one, depth - 1) for one in nested) if len(part)]
    if not len(nested):
        return []
    pairs = np.asarray(nested, dtype=float)
    if pairs.ndim != 2 or pairs.shape[1] < 2:
        pairs = np.array([point[:2] for point in nested], dtype=float)
    return pairs[:, :2]


class _Arcs:
    """The arcs of a TopoJSON as arrays of coordinates, each decoded when a layer first uses it."""

    def __init__(self, content: Json, file: str) -> None:
        self._file, self._known = file, dict[int, Any]()
        try:
            self._given, transform = content["arcs"], content.get("transform")
            self._steps = bool(transform)
            if transform:
                self._scale = np.array(transform["scale"], float)
                self._shift = np.array(transform["translate"], float)
        except (KeyError, ValueError, TypeError) as error:
            raise self._damaged() from error

    def __getitem__(self, at: int) -> Any:
        if at not in self._known:
            try:
                given = self._given[at]
                arc = np.array([point[:2] for point in given], dtype=float)
                self._known[at] = (
                    arc.cumsum(axis=0) * self._scale + self._shift if self._steps else arc
                )
            except (ValueError, TypeError, KeyError) as error:
                raise self._damaged() from error
        return self._known[at]

    def _damaged(self) -> DataFileError:
        return DataFileError(
            Message("{file}: the arcs of this TopoJSON are damaged.", file=self._file)
        )


def _of_arcs(nested: Any, arcs: _Arcs, depth: int) -> Any:
    """Return coordinates instead of numbers of arcs; a number below 0 is an arc turned round."""
    if depth > 1:
        return [_of_arcs(part, arcs, depth - 1) for part in nested]
    return np.concatenate([arcs[at] if at >= 0 else arcs[~at][::-1] for at in nested])


def _no_layer(file: str, content: Json | None = None) -> DataFileError:
    content = content or {}
    if content.get("type") in _GEOMETRIES:
        what = Message(
            "{file}: this JSON holds shapes without a table, so nothing tells which units they"
            " are. Save the layer with its attributes.",
            file=file,
        )
    elif "error" in content:
        error = content["error"]
        error = error.get("message", error) if isinstance(error, dict) else error
        what = Message(
            "{file}: this is no map layer but the error message of a server: {said}",
            file=file,
            said=str(error)[:200],
        )
    else:
        what = Message(
            "{file}: this is JSON, but no map layer (GeoJSON, TopoJSON or Esri JSON).", file=file
        )
    return DataFileError(what)
