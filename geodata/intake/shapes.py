"""Other shapes of tables of flows, brought to one row a pair: i, j, fij; both ways; coordinates.

Also records of open-data portals (JSON), which are tables without a header of their own.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..messages import Message
from ..places.keys import key_of
from ..places.resolver import Resolver
from ..sheets.sheet import Sheet
from ..sheets.values import value_text
from ..words import words_of
from .columns import role_of

_LARGEST_JSON = 50_000_000
_BACK = re.compile(r"(vuelta|regreso|retorno|back|return)( .*)?")
_THERE = re.compile(r"(ida|going|there|outward)( .*)?")
_POINT = re.compile(
    r"(origin|origen|from|o|start|captacion|dest|destination|destino|to|d|end|explotacion) ?"
    r"(lat|latitud|latitude|y|lon|lng|long|longitud|longitude|x)"
    r"|(lat|latitud|latitude|y|lon|lng|long|longitud|longitude|x) ?(?:de |del )?"
    r"(origin|origen|from|o|start|captacion|dest|destination|destino|to|d|end|explotacion)"
)
_DESTINATIONS = ("dest", "destination", "destino", "to", "d", "end", "explotacion")
_EARTH_KM = 6371.0


def plain_flows(sheet: Sheet, resolver: Resolver) -> tuple[Sheet, tuple[Message, ...]]:
    """Return a table of flows with one row a pair and names of ends, and what was done for it."""
    named: tuple[Message, ...] = ()
    sheet = _matrix_letters(sheet)
    if (points := _points(sheet)) is not None:
        sheet, named = _nearest(sheet, points, resolver)
    return _both_ways(sheet), named


def _matrix_letters(sheet: Sheet) -> Sheet:
    """Read ``i``, ``j``, ``fij`` as origin, destination and flow."""
    keys = [key_of(name) for name in sheet.header]
    if not {"i", "j"} <= set(keys) or not {"fij", "flow", "value", "n"} & set(keys):
        return sheet
    names = {"i": "origen", "j": "destino", "fij": "flujos", "flow": "flujos"}
    header = tuple(names.get(k, name) for k, name in zip(keys, sheet.header, strict=True))
    return replace(sheet, header=header)


def _both_ways(sheet: Sheet) -> Sheet:
    """Make two rows of one with a count each way (``ida``, ``vuelta``); nothing is dropped."""
    words = [words_of(name.replace("_", " ")) for name in sheet.header]
    there = [i for i, text in enumerate(words) if _THERE.fullmatch(text)]
    back = [i for i, text in enumerate(words) if _BACK.fullmatch(text)]
    roles = [role_of(name) for name in sheet.header]
    ends: dict[str, dict[str, int]] = {"origin": {}, "destination": {}}
    for i, role in enumerate(roles):
        if role is not None and role[0] in ends:
            ends[role[0]][role[1]] = i
    same = ends["origin"].keys() == ends["destination"].keys()
    if len(there) != 1 or len(back) != 1 or not ends["origin"] or not same:
        return sheet
    swap = {ends["origin"][level]: ends["destination"][level] for level in ends["origin"]}
    swap |= {other: one for one, other in swap.items()}
    kept = [i for i in range(len(words)) if i not in back]
    rows, numbers = [], []
    for number, row in zip(sheet.row_numbers, sheet.rows, strict=True):
        turned = [row[swap.get(i, i)] for i in range(len(row))]
        turned[there[0]] = row[back[0]]
        rows += [tuple(row[i] for i in kept), tuple(turned[i] for i in kept)]
        numbers += [number, number]
    header = tuple("casos" if i in there else sheet.header[i] for i in kept)
    return replace(sheet, header=header, rows=tuple(rows), row_numbers=tuple(numbers))


def _points(sheet: Sheet) -> Mapping[tuple[str, str], int] | None:
    """Return the columns of coordinates of both ends, if no column names an end."""
    if any((role_of(name) or ("",))[0] in ("origin", "destination") for name in sheet.header):
        return None
    found: dict[tuple[str, str], int] = {}
    for i, name in enumerate(sheet.header):
        match = _POINT.fullmatch(
            words_of(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " "))
        )
        if match is not None:
            end = match[1] or match[4]
            axis = match[2] or match[3]
            which = "destination" if end in _DESTINATIONS else "origin"
            found[which, "lat" if axis[:3] == "lat" or axis == "y" else "lon"] = i
    wanted = {(end, axis) for end in ("origin", "destination") for axis in ("lat", "lon")}
    return found if found.keys() == wanted else None


def _nearest(
    sheet: Sheet, points: Mapping[tuple[str, str], int], resolver: Resolver
) -> tuple[Sheet, tuple[Message, ...]]:
    """Bring both ends to the nearest place known, and drop the coordinates at once."""
    known = [place for place in resolver.places.values() if not math.isnan(place.lat)]
    kept = [i for i in range(len(sheet.header)) if i not in points.values()]
    far: list[float] = []
    rows = []
    for row in sheet.rows:
        ends = []
        for end in ("origin", "destination"):
            at = _number(row[points[end, "lat"]]), _number(row[points[end, "lon"]])
            if None in at or not known:
                ends.append("")
                continue
            best, km = min(((p, _km(at, (p.lat, p.lon))) for p in known), key=lambda pair: pair[1])
            far.append(km)
            ends.append(best.place_id)
        rows.append((*ends, *(row[i] for i in kept)))
    header = ("código de origen", "código de destino", *(sheet.header[i] for i in kept))
    note = Message(
        "both ends were brought to the nearest known place, {median:.0f} km away as a rule and"
        " {most:.0f} km at most; the coordinates were dropped",
        median=sorted(far)[len(far) // 2] if far else 0.0,
        most=max(far, default=0.0),
    )
    return replace(sheet, header=header, rows=tuple(rows)), (note,)


def _number(text: str) -> float | None:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None


def _km(one: tuple[Any, Any], other: tuple[float, float]) -> float:
    """Return the great-circle distance of two points in degrees."""
    (a, b), (c, d) = (tuple(map(math.radians, point)) for point in (one, other))
    chord = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, chord)))


def open_records(path: Path) -> Sheet | None:
    """Open records of an open-data portal (JSON) as a sheet; None where a file holds none."""
    if path.suffix.lower() not in (".json", ".js", "") or path.stat().st_size > _LARGEST_JSON:
        return None
    with path.open("rb") as file:
        head = file.read(2_000)
    if re.search(rb'"(FeatureCollection|Topology|Feature|esriGeometry\w+|geometryType)"', head):
        return None  # a layer; to parse it twice would take time
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return None
    records, names = _records_in(found)
    if not records:
        return None
    if all(isinstance(record, dict) for record in records):
        names = list(dict.fromkeys(name for record in records for name in record))
        cells = [[record.get(name) for name in names] for record in records]
    elif names and all(isinstance(r, list) and len(r) == len(names) for r in records):
        cells = records
    else:
        return None
    if any(isinstance(cell, dict | list) for row in cells for cell in row):
        return None  # nested: a layer, or no table
    rows = tuple(tuple(value_text(cell) for cell in row) for row in cells)
    return Sheet(
        file=path.name,
        header=tuple(map(str, names)),
        rows=rows,
        row_numbers=tuple(range(1, len(rows) + 1)),
        mended=(),
        why=(Message("records of a JSON file"),),
        notes=(),
    )


def _records_in(found: Any) -> tuple[list[Any], list[str]]:
    """Return the records of a JSON document and the names of its fields."""
    for _ in range(3):
        if not isinstance(found, dict):
            break
        fields = found.get("fields") or found.get("columns") or []
        names = [
            str(f.get("id") or f.get("name")) if isinstance(f, dict) else str(f) for f in fields
        ]
        for key in ("records", "data", "rows"):
            if isinstance(found.get(key), list):
                return found[key], names
        found = found.get("result")
    return (found, []) if isinstance(found, list) else ([], [])
