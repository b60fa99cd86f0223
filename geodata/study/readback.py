"""What was written, read back before it is moved into place: only released counts may be in it.

Written apart from all that writes: pages, tables, layers, graphs and documents are opened as
anybody would open them, and each number that stands with a place or pair and a period of an own
count is looked up among the cells that were attacked and found safe. Pictures and PDF are not read:
they are drawn from the same rows, and a publication holds no value of a withheld cell at all.
"""

from __future__ import annotations

import base64
import csv
import html
import json
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from ..errors import SuppressionError
from ..messages import Message
from .linked import ALL, Key

if TYPE_CHECKING:
    from .model import Tables
    from .own import Part

Row = Mapping[str, Any]
_BLOCK = re.compile(r'<script type="text/plain" id="[\w-]+">([A-Za-z0-9+/]+=*)</script>')
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
# Columns of documents that hold counts of people.
_COUNTED = {Message(text).render(lang) for text in ("Count", "People") for lang in ("es", "en")}
NEAR = 1e-6


def reader_of(tables: Tables, parts: Sequence[Part], own: Set[str]) -> Callable[[Path], None]:
    """Return what looks at a written file or folder.

    Parameters
    ----------
    tables : Tables
        Those of a protected publication.
    parts : sequence of Part
        What was released of own counts.
    own : set of str
        Sources that are not public.

    Returns
    -------
    callable
        It raises a `SuppressionError` if a path holds counts that were not released.
    """
    release = _Release(tables, parts, own)

    def look(path: Path) -> None:
        files = sorted(path.iterdir()) if path.is_dir() else [path]
        strangers = sum(release.strangers(file) for file in files)
        if strangers:
            raise SuppressionError(
                Message(
                    "{file}: {n} figures in it are none of the release, so it was not written."
                    " This is a fault of the program: please report it, without the file.",
                    file=path.name,
                    n=strangers,
                )
            )

    return look


class _Release:
    """The cells that may be shown, and what rows speak of them."""

    def __init__(self, tables: Tables, parts: Sequence[Part], own: Set[str]) -> None:
        self.own = own
        self.cells = {part.name: part.printed.cells for part in parts}
        self.axes = {part.name: [d.name for d in part.printed.dimensions] for part in parts}
        self.purposes = {
            part.name: d.leaves
            for part in parts
            for d in part.printed.dimensions
            if d.name == "purpose"
        }
        self.people = dict(zip(tables.regions["ubigeo"], tables.regions["population"], strict=True))
        # A study may add own counts to a register and measure of which others are public.
        public = tables.complaints.loc[~tables.complaints["source_id"].isin(own)]
        self.public = set(zip(public["source_id"], public["value"], strict=True))
        released = {value for cells in self.cells.values() for value in cells.values()}
        self.numbers = released | {
            int(value)
            for rows in (tables.complaints, tables.flows)
            for value in rows.loc[~rows["source_id"].isin(self.own), "value"].dropna()
        }

    def strangers(self, file: Path) -> int:
        """Count the figures of a file that were not released."""
        suffix = file.suffix.lower()
        if suffix in (".html", ".htm"):
            text = file.read_text(encoding="utf-8")
            scenes = list(_scenes(text))
            found = sum(self._of_scene(scene) for scene in scenes)
            return found if scenes else self._of_tables(_html_tables(text))
        if suffix in (".docx", ".pptx"):
            return self._of_tables(_office_tables(file))
        if suffix in _ROWS:
            return sum(not self.knows(row) for row in _ROWS[suffix](file))
        return 0

    def knows(self, row: Row) -> bool:
        """Tell whether all that a row counts of own sources was released."""
        cited = re.split(r";\s*|,\s*", str(row.get("source_ids") or row.get("source_id") or ""))
        name = f"{row.get('register')}, {row.get('measure')}"
        value = _number(row.get("value"))
        if not self.own & set(cited) and (name not in self.cells or self._is_public(row, cited)):
            return True
        if value is None:  # nothing is counted, so nothing may follow from a count either
            return all(_number(row.get(column)) is None for column in ("rate", "low", "high"))
        if "origin" in row and "destination" in row:
            return row.get("value_kind", "count") == "count" and self._flows(row, value, cited)
        if "register" not in row:
            return False
        return self._count(row, value, name) and self._follows(row, value)

    def _is_public(self, row: Row, cited: Sequence[str]) -> bool:
        """Tell whether a figure, or each part of a sum, is printed by a public source it cites."""
        parts = [part.rpartition(": ")[2] for part in str(row.get("parts") or "").split("; ")]
        counts = [_number(count) for count in (parts if row.get("parts") else [row.get("value")])]
        return all(any((source, count) in self.public for source in cited) for count in counts)

    def _flows(self, row: Row, value: float, cited: Sequence[str]) -> bool:
        key = {"origin": row["origin"], "place": row["destination"]}
        return any(
            self.cells[name].get(self._key(name, key)) == value
            for name, axes in self.axes.items()
            if "origin" in axes
        )

    def _count(self, row: Row, value: float, name: str) -> bool:
        """Look a count up; a sum passes where each of its parts is looked up by itself."""
        if name not in self.cells:
            return False
        said = str(row.get("parts") or "")
        if said:
            parts = [_number(part.rpartition(": ")[2]) for part in said.split("; ")]
            return None not in parts and abs(sum(p or 0 for p in parts) - value) < NEAR
        code = str(row.get("ubigeo") or "") or "PE"
        when = f"{row.get('period_start')}/{row.get('period_end')}"
        purpose = str(row.get("purpose") or "all")
        given = {"place": code, "period": when}
        # Where there is one purpose, all of them are that one.
        whole = purpose == "all" or self.purposes[name] == (purpose,)
        asked = ([] if purpose == "all" else [purpose]) + ([ALL] if whole else [])
        return any(
            self.cells[name].get(self._key(name, {**given, "purpose": what})) == value
            for what in asked
        )

    def _key(self, name: str, given: Mapping[str, str]) -> Key:
        return tuple(given.get(axis, ALL) for axis in self.axes[name])

    def _follows(self, row: Row, value: float) -> bool:
        """Tell whether rate and interval are those of the count."""
        low, high, rate = (_number(row.get(column)) for column in ("low", "high", "rate"))
        if low is not None and high is not None:
            from scipy.stats import chi2

            wanted = (chi2.ppf(0.025, 2 * value) / 2, chi2.ppf(0.975, 2 * value + 2) / 2)
            if max(abs(low - wanted[0]), abs(high - wanted[1])) > 0.01:
                return False
        if rate is None:
            return True
        months = _months(str(row["period_start"]), str(row["period_end"]))
        people = float(self.people.get(str(row.get("ubigeo")), 0) or 0)
        return abs(rate * people * months / 12 / 1e5 - value) < 0.001 * max(value, 1)

    def _of_scene(self, scene: Row) -> int:
        """Count the strangers in the data of a page."""
        ids = [source["id"] for source in scene["sources"]]
        units = [region["id"] for region in scene["regions"]]
        drawn: dict[int, set[float]] = {}
        found, of_own = 0, set()
        for figure in scene["figures"]:
            low, high = figure["interval"] or (None, None)
            row = {
                **figure,
                "ubigeo": "" if figure["level"] == "national" else units[figure["region"]],
                "source_ids": "; ".join(ids[n] for n in figure["sources"]),
                "parts": "; ".join(f"{part[0]}: {part[-1]}" for part in figure["parts"]),
                "low": low,
                "high": high,
            }
            if figure["level"] != "region" and figure["level"] != "national":
                row["ubigeo"] = units[figure["region"]]
            found += not self.knows(row)
            drawn.setdefault(figure["series"], set()).add(figure["value"])
            if self.own & {ids[n] for n in figure["sources"]}:
                of_own.add(figure["series"])
        for number, series in enumerate(scene["series"]):
            # Breaks of what publications alone print may lie between its counts.
            public = number in drawn and number not in of_own
            if f"{series['register']}, {series['measure']}" in self.cells and not public:
                told = {
                    *series["national"],
                    *(v for c in series["breaks"]["count"].values() for v in c),
                }
                found += len(told - drawn.get(number, set()) - {None})
        for name in ("rankings", "context", "itineraries"):
            found += sum(self._cites_own(row, ids) for row in scene[name])
        return found + self._of_flows(scene, ids)

    def _cites_own(self, row: Any, ids: Sequence[str]) -> bool:
        """Tell whether a row without a count comes from an own source."""
        if not isinstance(row, Mapping):
            return False
        cited = row.get("sources", row.get("source", []))
        numbers = cited if isinstance(cited, list) else [cited]
        return any(isinstance(n, int) and ids[n] in self.own for n in numbers)

    def _of_flows(self, scene: Row, ids: Sequence[str]) -> int:
        if not scene["flows"]:
            return 0
        column = {name: _unpacked(packed) for name, packed in scene["flows"].items()}
        places = [place["id"] for place in scene["places"]]
        return sum(
            not self.knows(
                {
                    "origin": places[start],
                    "destination": places[end],
                    "value": value,
                    "value_kind": kind,
                    "source_id": ids[source],
                }
            )
            for start, end, value, kind, source in zip(
                *(column[name] for name in ("from", "to", "value", "kind", "source")), strict=True
            )
        )

    def _of_tables(self, tables: Iterator[list[list[str]]]) -> int:
        """Count the strangers in tables of a document, by the heads of their columns."""
        found = 0
        for head, *rows in (table for table in tables if table):
            for axis in (n for n, text in enumerate(head) if text.strip() in _COUNTED):
                for row in rows:
                    said = re.sub(r"[^\d]", "", row[axis]) if axis < len(row) else ""
                    found += bool(said) and int(said) not in self.numbers
        return found


def _number(cell: Any) -> float | None:
    try:
        number = float(cell)
    except (TypeError, ValueError):
        return None
    return number if number == number else None


def _months(start: str, end: str) -> int:
    (y, m), (z, n) = ((int(part) for part in day.split("-")) for day in (start, end))
    return 12 * (z - y) + n - m + 1


def _scenes(page: str) -> Iterator[Row]:
    """Yield the data that a page holds."""
    for packed in _BLOCK.findall(page):
        text = zlib.decompress(base64.b64decode(packed)).decode("utf-8")
        if text.startswith("{"):
            yield json.loads(text)


def _unpacked(packed: Row) -> list[Any]:
    """Return a column of the page, by the description of its format."""
    if "codes" not in packed:
        return list(packed["words"])
    rows = len(packed["codes"]) // packed["digits"]
    numbers = [0] * rows
    for at, sign in enumerate(packed["codes"]):
        numbers[at % rows] = numbers[at % rows] * len(_DIGITS) + _DIGITS.index(sign)
    numbers = [number + packed["low"] for number in numbers]
    if packed["step"]:
        for at in range(1, rows):
            numbers[at] += numbers[at - 1]
    return [packed["words"][n] for n in numbers] if "words" in packed else numbers


def _csv_rows(file: Path) -> Iterator[Row]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        yield from csv.DictReader(opened)


def _xlsx_rows(file: Path) -> Iterator[Row]:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(file))
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python()
        yield from (dict(zip(map(str, rows[0]), row, strict=False)) for row in rows[1:])


def _gpkg_rows(file: Path) -> Iterator[Row]:
    base = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)
    try:
        base.row_factory = sqlite3.Row
        for (name,) in base.execute("SELECT table_name FROM gpkg_contents").fetchall():
            for row in base.execute(f'SELECT * FROM "{name}"'):
                yield dict(row)
    finally:
        base.close()


def _geojson_rows(file: Path) -> Iterator[Row]:
    content = json.loads(file.read_text(encoding="utf-8"))
    yield from (feature["properties"] for feature in content.get("features", []))


def _parquet_rows(file: Path) -> Iterator[Row]:
    import pyarrow.parquet  # type: ignore[import-untyped]

    table = pyarrow.parquet.read_table(file)
    yield from table.drop_columns([n for n in table.column_names if n == "geometry"]).to_pylist()


def _graph_rows(file: Path) -> Iterator[Row]:
    """Yield the edges of a graph as rows of flows."""
    root = ElementTree.parse(file).getroot()
    name = {key.get("id"): str(key.get("attr.name")) for key in root.iterfind("{*}key")}
    for edge in root.iterfind(".//{*}edge"):
        row = {name[data.get("key")]: data.text for data in edge.iterfind("{*}data")}
        yield {"origin": edge.get("source"), "destination": edge.get("target"), **row}


def _json_rows(file: Path) -> Iterator[Row]:
    """Yield every object of a file that says a value."""
    waiting = [json.loads(file.read_text(encoding="utf-8"))]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting += item.values()
            if "value" in item:
                yield item
        elif isinstance(item, list):
            waiting += item


_ROWS: Mapping[str, Callable[[Path], Iterator[Row]]] = {
    ".csv": _csv_rows,
    ".xlsx": _xlsx_rows,
    ".gpkg": _gpkg_rows,
    ".geojson": _geojson_rows,
    ".parquet": _parquet_rows,
    ".graphml": _graph_rows,
    ".json": _json_rows,
}


def _html_tables(page: str) -> Iterator[list[list[str]]]:
    for table in re.findall(r"<table\b.*?</table>", page, re.DOTALL):
        yield [
            [html.unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in _CELL.findall(row)]
            for row in re.findall(r"<tr\b.*?</tr>", table, re.DOTALL)
        ]


_CELL = re.compile(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", re.DOTALL)


def _office_tables(file: Path) -> Iterator[list[list[str]]]:
    with zipfile.ZipFile(file) as archive:
        for member in archive.namelist():
            if not re.fullmatch(r"word/document\.xml|ppt/slides/slide\d+\.xml", member):
                continue
            root = ElementTree.fromstring(archive.read(member))
            for space in (_WORD, _DRAWING):
                for table in root.iter(f"{space}tbl"):
                    yield [
                        ["".join(cell.itertext()).strip() for cell in row.iter(f"{space}tc")]
                        for row in table.iter(f"{space}tr")
                    ]
