"""Codes and what they stand for: files of SPSS and Stata, and workbooks with a sheet of labels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from ..errors import DataFileError, missing_extra
from ..messages import Message
from ..places.keys import key_of
from .source import Source
from .text import MOST_CELLS, Grid
from .values import refuse_damaged, value_text

PROGRAMS = {
    "spss": ("read_sav", ".sav", Message("SPSS file; labels stand instead of codes")),
    "stata": ("read_dta", ".dta", Message("Stata file; labels stand instead of codes")),
}
_VARIABLE = frozenset(map(key_of, ("variable", "variables", "nombre de variable", "nombre de la"
                                   " variable", "campo", "field", "columna", "pregunta",
                                   "item")))  # fmt: skip
_NAME = frozenset({"name", "nombre"})
_CODE = frozenset(map(key_of, ("codigo", "cod", "code", "valor", "value", "values", "opcion",
                               "respuesta", "codigo de respuesta")))  # fmt: skip
_LABEL = frozenset(map(key_of, ("etiqueta", "etiquetas", "etiqueta de valor", "etiqueta de valores",
                                "label", "labels", "value label", "significado", "descripcion",
                                "definicion", "texto", "categoria", "etiqueta de variable",
                                "meaning")))  # fmt: skip
_WITHIN = 15  # rows in which the names of columns are looked for

# Variable, by its key, -> label of a code; and -> label of the variable itself.
Codes = dict[str, dict[str, str]]


def read_coded_grid(source: Source) -> tuple[Grid, Mapping[str, str]]:
    """Read a file of SPSS or Stata: its cells, rows counted as there, and labels of variables.

    What the file itself declares missing (``999``) is no value, whether it has a label or not.
    """
    function, suffix, why = PROGRAMS[source.kind]
    try:
        library = import_module("pyreadstat")
    except ImportError as error:
        raise missing_extra("spss", source.path) from error
    read = getattr(library, function)
    try:
        with source.open() as file:
            _, about = read(file, metadataonly=True)
            size = max(about.number_rows or 0, 0) * about.number_columns
            if size <= MOST_CELLS:
                file.seek(0)
                columns, about = read(file, output_format="dict")
    except Exception as error:  # its errors have no common root
        raise refuse_damaged(source.path, suffix) from error
    if size > MOST_CELLS:
        raise DataFileError(
            Message("{file}: more than {n:,} cells are not read.", file=source.path, n=MOST_CELLS)
        )
    cells = [
        [_text(value, about.variable_value_labels.get(name, {})) for value in columns[name]]
        for name in about.column_names
    ]
    lines = enumerate(zip(*cells, strict=True), start=1)
    rows = tuple((number, row) for number, row in lines if any(row))
    names = tuple(map(str, about.column_names))
    labels = {name: label for name, label in about.column_names_to_labels.items() if label}
    return Grid(((0, names), *rows), (why,)), labels


def _text(value: Any, labels: Mapping[Any, str]) -> str:
    value = value.item() if hasattr(value, "item") else value
    return (labels.get(value) or value_text(value)).strip()


def label_codes(
    grids: Mapping[str, Grid], candidates: Sequence[str]
) -> tuple[str, Grid, Mapping[str, str]] | None:
    """Find the one candidate whose codes another sheet explains, and write its labels for them.

    Returns its name, its cells with labels, and the labels of variables; None where no sheet is
    such a list of labels, or none or several hold its variables.
    """
    codes: Codes = defaultdict(dict)
    variables: dict[str, str] = {}
    lists = []
    for name, grid in grids.items():
        if _read_labels(grid, codes, variables):
            lists.append(name)
    data = [n for n in candidates if n not in lists and _header_of(grids[n], codes) >= 0]
    if not codes or len(data) != 1:
        return None
    grid = grids[data[0]]
    start = _header_of(grid, codes)
    header = grid.rows[start][1]
    of_column = [codes.get(key_of(name), {}) for name in header]
    rows = tuple(
        (number, tuple(
            labels.get(_code(cell), cell) for labels, cell in zip(of_column, cells, strict=True)
        ))
        if i > start else (number, cells)
        for i, (number, cells) in enumerate(grid.rows)
    )  # fmt: skip
    why = Message("labels of sheet '{sheet}' stand instead of codes", sheet=", ".join(lists))
    named = {name: label for name in header if (label := variables.get(key_of(name)))}
    return data[0], Grid(rows, (*grid.why, why), grid.notes, grid.merged), named


def _read_labels(grid: Grid, codes: Codes, variables: dict[str, str]) -> bool:
    """Take the labels of a sheet that lists variable, code and label, or variable and label."""
    for start, (_, cells) in enumerate(grid.rows[:_WITHIN]):
        at = _places(cells)
        if at is None:
            continue
        variable, code, label = at
        current = ""
        for _, row in grid.rows[start + 1 :]:
            current = key_of(row[variable]) or current  # a name stands in its first row only
            if code is None:
                variables[current] = row[label].strip()
            elif row[code].strip() and row[label].strip():
                codes[current][_code(row[code])] = row[label].strip()
        return True
    return False


def _places(cells: Sequence[str]) -> tuple[int, int | None, int] | None:
    """Return the columns of variable, code (if there is one) and label."""
    keys = [key_of(cell) for cell in cells]
    if sum(map(bool, keys)) > 8:
        return None  # a table of data may have a column called "categoría"
    label = next((i for i, key in enumerate(keys) if key in _LABEL), None)
    code = next((i for i, key in enumerate(keys) if key in _CODE), None)
    variable = next((i for i, key in enumerate(keys) if key in _VARIABLE), None)
    if variable is None and code == 0 and label is not None and label > 1 and not keys[1]:
        variable, code = 0, 1  # "Value", merged over names and codes, as SPSS prints it
    if variable is None and code is None:
        variable = next((i for i, key in enumerate(keys) if key in _NAME), None)
    if label is None or variable is None or label == variable:
        return None
    return variable, code, label


def _header_of(grid: Grid, codes: Codes) -> int:
    """Return the place of the row that names variables with codes, -1 if there is none."""
    for start, (_, cells) in enumerate(grid.rows[:_WITHIN]):
        if any(key_of(cell) in codes for cell in cells if cell) and len(grid.rows) > start + 1:
            return start
    return -1


def _code(cell: str) -> str:
    """Return a code without the decimals that programs print: ``8.00`` is 8, ``08`` too."""
    text = cell.strip()
    try:
        return f"{float(text):g}" if len(text) < 12 else text
    except ValueError:
        return text.casefold()
