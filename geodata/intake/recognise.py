"""What a table is: complaints, flows, a register of cases, or one of the open-data layouts."""

from __future__ import annotations

from typing import Literal

from ..errors import DataFileError
from ..messages import Message
from ..tabular.sheets import Sheet
from .tidy_columns import SPELLINGS, find_layout, read_value_header
from .tidy_places import index_places, place_key

SheetKind = Literal[
    "mininter", "mpfn", "complaints_wide", "complaints_long", "flows", "od_matrix", "cases",
    "unknown",
]  # fmt: skip

_ORIGIN = (
    "origen", "origin", "lugar de origen", "region origen", "region de origen", "procedencia",
    "departamento origen", "departamento de origen", "lugar captacion", "captacion", "dpto origen",
    "from",
)  # fmt: skip
_DESTINATION = (
    "destino", "destination", "lugar de destino", "region destino", "region de destino",
    "departamento destino", "departamento de destino", "dpto destino", "to",
    "lugar de explotacion", "lugar explotacion",
)  # fmt: skip
_PERSON = (
    "sexo", "edad", "grupo edad", "grupo de edad", "genero", "fecha", "fecha del hecho", "dni",
    "nacionalidad", "finalidad", "codigo caso", "caso", "id caso", "expediente", "victima",
)  # fmt: skip
_FLOW_VALUE = (
    "valor", "value", "cantidad", "victimas", "casos", "total", "numero", "n", "flujo", "denuncias",
    "value_kind", "porcentaje",
)  # fmt: skip


def recognise_table(sheet: Sheet) -> tuple[SheetKind, tuple[Message, ...]]:
    """Tell what a table is.

    Parameters
    ----------
    sheet : Sheet
        The table.

    Returns
    -------
    tuple of (str, tuple of Message)
        The kind, and what it was recognised by; ``unknown`` where nothing fits.
    """
    if sheet.find("categoria") and sheet.find("denuncias por comision") and sheet.find("valor"):
        return "mininter", (_columns_reason(["categoria", "Denuncias por comision", "Valor"]),)
    if sheet.find("distrito_fiscal") and sheet.find("articulo") and sheet.find("cantidad"):
        return "mpfn", (_columns_reason(["distrito_fiscal", "articulo", "cantidad"]),)
    origin, destination = sheet.find(*_ORIGIN), sheet.find(*_DESTINATION)
    if origin and destination:
        person = sheet.find(*_PERSON)
        if person and not sheet.find(*_FLOW_VALUE):
            return "cases", (_columns_reason([origin, destination, person]),)
        return "flows", (_columns_reason([origin, destination]),)
    if _is_matrix(sheet):
        return "od_matrix", (Message("the header repeats the places of the first column"),)
    return _recognise_complaints(sheet)


def _columns_reason(names: list[str]) -> Message:
    return Message("it has the columns {columns}", columns=", ".join(names))


def _is_matrix(sheet: Sheet) -> bool:
    """Tell whether the names of the columns are those of the rows."""
    if len(sheet.header) < 3 or not sheet.rows:
        return False
    across = {place_key(name) for name in sheet.header[1:]}
    down = {place_key(row[0]) for row in sheet.rows if row[0]}
    return len(across & down) >= 2 and len(across & down) * 2 >= min(len(across), len(down))


def _recognise_complaints(sheet: Sheet) -> tuple[SheetKind, tuple[Message, ...]]:
    try:
        layout = find_layout(sheet, index_places(), measure="complaints")
    except DataFileError as error:
        person = sheet.find(*_PERSON)
        if person and sheet.find(*SPELLINGS["place"]):
            return "cases", (_columns_reason([person]),)
        return "unknown", (error.message,)
    place = layout.roles.get("place") or layout.roles["code"]
    if layout.wide:
        dated = [c.name for c in layout.values if read_value_header(c.name).period or c.month]
        return "complaints_wide", (_columns_reason([place, *dated[:3]]),)
    return "complaints_long", (_columns_reason([place, layout.values[0].name]),)
