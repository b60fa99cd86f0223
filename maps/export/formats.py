"""The formats of an export: each fills an empty folder with its files."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import pandas as pd
from corredor.geodata import Publication
from corredor.geodata.files import is_formula, write_csv, write_layer
from corredor.geodata.messages import Language, Message
from corredor.geodata.text import clean
from corredor.routes import build_flow_graph, to_graph

from ..scene.positions import Scene
from .dictionary import dictionary_rows, hxl_tags
from .styles import layer_styles
from .tables import Part

if TYPE_CHECKING:
    from corredor.routes import Corridors

BASE = "corredor"
# Excel takes no longer names of sheets, and not these signs in them.
_SHEET = re.compile(r"[\[\]:*?/\\]")
_WIDEST = 48
# Layers of several kinds of shapes are parted; the first kind keeps the name.
_SUFFIXES = {"LineString": "", "Point": "_within", "Polygon": "_areas"}


@dataclass(frozen=True)
class Export:
    """What goes out, ready to be written."""

    publication: Publication
    corridors: Corridors | None
    scene: Scene
    parts: list[Part]
    notes: list[str]
    lang: Language
    hxl: bool = False


@dataclass(frozen=True)
class Written:
    """One file of an export, and the tables in it (by the name of their sheet, layer or file)."""

    file: str
    tables: tuple[tuple[str, Part], ...]


def write_csvs(export: Export, folder: Path) -> list[Written]:
    """Write each table as CSV, layers without their shapes."""
    return [_write_csv(part, folder, hxl=export.hxl) for part in export.parts]


def _write_csv(part: Part, folder: Path, *, hxl: bool = False) -> Written:
    rows = _flat(part)
    if hxl:
        tags = pd.DataFrame([hxl_tags(list(rows.columns))], columns=rows.columns)
        rows = pd.concat([tags, rows.astype(object)], ignore_index=True)
    write_csv(rows, folder / f"{part.name}.csv")
    return Written(f"{part.name}.csv", ((part.name, part),))


def _flat(part: Part) -> pd.DataFrame:
    return pd.DataFrame(part.rows.drop(columns="geometry")) if part.mapped else part.rows


def write_geojsons(export: Export, folder: Path) -> list[Written]:
    """Write layers as GeoJSON and all other tables as CSV."""
    written = []
    for part in export.parts:
        if not part.mapped:
            written.append(_write_csv(part, folder))
            continue
        for name, rows in split_shapes(part):
            file = f"{name}.geojson"
            write_layer(
                rows, folder / file, driver="GeoJSON", layer=name,
                COORDINATE_PRECISION=6, RFC7946="YES",
            )  # fmt: skip
            written.append(Written(file, ((name, part),)))
    return written


def write_parquets(export: Export, folder: Path) -> list[Written]:
    """Write each table as Parquet, layers as GeoParquet."""
    for part in export.parts:
        part.rows.to_parquet(folder / f"{part.name}.parquet", index=False)
    return [Written(f"{part.name}.parquet", ((part.name, part),)) for part in export.parts]


def write_geopackage(export: Export, folder: Path) -> list[Written]:
    """Write all tables into one GeoPackage, with the styles that QGIS takes by itself."""
    path = folder / f"{BASE}.gpkg"
    stored: list[tuple[str, Part]] = []
    for part in export.parts:
        if part.mapped:
            stored += [(name, replace(part, rows=rows)) for name, rows in split_shapes(part)]
        else:
            stored.append((part.name, part))
    for number, (name, part) in enumerate(stored):
        # The version that programs of the last ten years read without a warning.
        options = {} if number else {"VERSION": "1.2"}
        write_layer(part.rows, path, driver="GPKG", layer=name, append=number > 0, **options)
    about = dictionary_rows(export.parts, export.lang)
    write_layer(about, path, driver="GPKG", layer="dictionary", append=True)
    notes = pd.DataFrame({"note": export.notes})
    write_layer(notes, path, driver="GPKG", layer="notes", append=True)
    styles = layer_styles([one for one in stored if one[1].mapped], export.scene, export.lang)
    write_layer(styles, path, driver="GPKG", layer="layer_styles", append=True)
    return [Written(path.name, tuple(stored))]


def split_shapes(part: Part) -> list[tuple[str, Any]]:
    """Return a layer by the kind of its shapes, as most programs want it.

    Flows within a place are points, others lines; waters are lines and areas. Rows without a shape
    stay in the first.
    """
    kinds: pd.Series[str] = part.rows.geometry.geom_type
    kinds = kinds.str.removeprefix("Multi")
    kinds = kinds.where(kinds.isin(list(_SUFFIXES)))
    found = [kind for kind in _SUFFIXES if (kinds == kind).any()]
    if len(found) < 2:
        return [(part.name, part.rows)]
    kinds = kinds.fillna(found[0])
    return [
        (
            part.name if kind == found[0] else f"{part.name}{_SUFFIXES[kind]}",
            part.rows[kinds == kind].reset_index(drop=True),
        )
        for kind in found
    ]


def write_workbook(export: Export, folder: Path) -> list[Written]:
    """Write all tables into one Excel workbook: notes, dictionary, then a sheet for each table."""
    import xlsxwriter

    path = folder / f"{BASE}.xlsx"
    # Text stays text: neither formulas nor links are made of it.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": False}
    book = xlsxwriter.Workbook(path, options)
    study = export.scene["study"]
    book.set_properties(
        {
            "title": study["title"][0 if export.lang == "es" else 1],
            "author": f"Corredor {study['version']}",
            "created": datetime(2000, 1, 1),
        }
    )
    looks = {
        "head": book.add_format({"bold": True, "bg_color": "#e9eef1", "bottom": 1,
                                 "text_wrap": True, "valign": "top"}),
        "tag": book.add_format({"italic": True, "font_color": "#66727b"}),
        "text": book.add_format({"valign": "top"}),
        # What looks like a formula stays text also after somebody edits the cell.
        "quoted": book.add_format({"valign": "top", "quote_prefix": True}),
        "title": book.add_format({"bold": True, "font_size": 15}),
        "note": book.add_format({"text_wrap": True, "valign": "top"}),
    }  # fmt: skip
    notes = book.add_worksheet(Message("Read me").render(export.lang))
    notes.set_column(0, 0, 110)
    for row, text in enumerate(export.notes):
        notes.write_string(row, 0, clean(text), looks["note" if row else "title"])
    about = dictionary_rows(export.parts, export.lang)
    _sheet(book, Message("Dictionary").render(export.lang), about, looks, tags=None)
    for part in export.parts:
        rows = _flat(part)
        tags = hxl_tags(list(rows.columns)) if export.hxl else None
        _sheet(book, sheet_name(part.name), rows, looks, tags=tags)
    book.close()
    return [Written(path.name, tuple((sheet_name(part.name), part) for part in export.parts))]


def sheet_name(name: str) -> str:
    """Return the name of the sheet of a table."""
    return _SHEET.sub("_", name)[:31]


def _sheet(
    book: Any, name: str, rows: pd.DataFrame, looks: Mapping[str, Any], *, tags: list[str] | None
) -> None:
    sheet = book.add_worksheet(name)
    first = 2 if tags else 1
    for column, header in enumerate(rows.columns):
        sheet.write_string(0, column, str(header), looks["head"])
        if tags:
            sheet.write_string(1, column, tags[column], looks["tag"])
        cells = rows[header].tolist()
        for row, cell in enumerate(cells, start=first):
            _write_cell(sheet, row, column, cell, looks)
        lengths = sorted(len(str(cell)) for cell in cells)
        usual = lengths[len(lengths) * 9 // 10] if lengths else 0
        sheet.set_column(column, column, min(_WIDEST, max(len(str(header)), usual) + 2))
    sheet.freeze_panes(first, 1)
    if len(rows) and not tags:
        sheet.autofilter(0, 0, len(rows), len(rows.columns) - 1)


def _write_cell(sheet: Any, row: int, column: int, cell: Any, looks: Mapping[str, Any]) -> None:
    """Write a number as a number, text as text, and nothing where there is no value."""
    if isinstance(cell, str):
        if cell:
            look = looks["quoted" if is_formula(cell) else "text"]
            sheet.write_string(row, column, clean(cell), look)
    elif not pd.isna(cell):
        write = sheet.write_boolean if isinstance(cell, bool) else sheet.write_number
        write(row, column, cell, looks["text"])


def write_graphs(export: Export, folder: Path) -> list[Written]:
    """Write reported flows and inferred corridors as two graphs, and their sources as CSV."""
    tables = export.publication.tables
    told = {part.name: part for part in export.parts}
    written = []
    if "flows" in told:
        G = build_flow_graph(tables.flows, tables.places, tables.sources)
        rows = {row["flow_id"]: row for row in _flat(told["flows"]).to_dict("records")}
        _write_graph(G, folder / "flows.graphml", rows, told["flows"].what.render(export.lang))
        written.append(Written("flows.graphml", (("flows", told["flows"]),)))
    if export.corridors is not None and "corridor_links" in told:
        H = to_graph(export.corridors)
        rows = {row["link_id"]: row for row in _flat(told["corridor_links"]).to_dict("records")}
        what = told["corridor_links"].what.render(export.lang)
        _write_graph(H, folder / "corridors.graphml", rows, what)
        written.append(Written("corridors.graphml", (("corridor_links", told["corridor_links"]),)))
    written.append(_write_csv(told["sources"], folder))
    return written


def _write_graph(
    G: nx.MultiGraph[str], path: Path, rows: dict[str, dict[Any, Any]], what: str
) -> None:
    """Write a graph whose edges say what they are and who says so, without cells XML can't hold."""
    kept: Any = type(G)(crs="EPSG:4326", what=clean(what))
    for node, data in G.nodes(data=True):
        kept.add_node(clean(str(node)), **_plain_cells(data))
    for start, end, key, data in G.edges(keys=True, data=True):
        row = {name: cell for name, cell in rows.get(key, {}).items() if name not in data}
        ends = ("origin", "destination", "from", "to")
        said = {**data, **{name: row[name] for name in row if name not in ends}}
        kept.add_edge(clean(str(start)), clean(str(end)), key=clean(str(key)), **_plain_cells(said))
    nx.write_graphml(kept, path, named_key_ids=True)


def _plain_cells(data: Mapping[Any, Any]) -> dict[str, Any]:
    """Return attributes without empty ones; text without signs that XML can't hold."""
    return {
        str(name): clean(value) if isinstance(value, str) else value
        for name, value in data.items()
        if isinstance(value, str | int | float | bool) and value == value and value != ""
    }


WRITERS: dict[str, Callable[[Export, Path], list[Written]]] = {
    "csv": write_csvs,
    "geojson": write_geojsons,
    "gpkg": write_geopackage,
    "graphml": write_graphs,
    "parquet": write_parquets,
    "xlsx": write_workbook,
}
# Formats that take a row of HXL tags below the names of columns.
TAGGED = ("csv", "xlsx")
