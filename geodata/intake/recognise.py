"""What a table is, told by its columns and by the places in them."""

from __future__ import annotations

from typing import Literal

from ..errors import DataFileError
from ..messages import Message
from ..places.codes import is_code, region_of_code
from ..places.keys import key_of
from ..places.resolver import Resolver, embedded_resolver
from ..sheets.numbers import read_period
from ..sheets.sheet import Sheet
from ..words import is_total, words_of
from .complaints.columns import find_layout
from .complaints.values import listed_columns, read_value_header
from .flows.columns import kept_columns, place_columns, role_of, row_number_columns
from .personal import PERSON_ROLES, find_personal_columns, is_remark, personal_content, safe_header

SheetKind = Literal[
    "mininter", "mpfn", "complaints_wide", "complaints_long", "flows", "od_matrix", "itineraries",
    "cases", "unknown",
]  # fmt: skip

# Other spellings of the official columns.
SPELLINGS = {
    "anio": ("anio", "año", "ano"),
    "anio_denuncia": ("anio_denuncia", "año_denuncia", "ano_denuncia", "anio", "año"),
    "departamento": ("departamento", "dpto", "region", "dpto_hecho", "departamento_hecho"),
    "denuncias por comision": ("denuncias por comision", "denuncias_por_comision",
                               "denuncia por comision", "denuncias x comision"),
    "periodo_denuncia": ("periodo_denuncia", "periodo", "periodo de denuncia"),
    "distrito_fiscal": ("distrito_fiscal", "dist_fiscal", "df", "nombre_distrito_fiscal"),
    "articulo": ("articulo", "art", "articulo_penal", "num_articulo"),
}  # fmt: skip
OFFICIAL: dict[SheetKind, tuple[str, ...]] = {
    "mininter": ("categoria", "denuncias por comision", "valor"),
    "mpfn": ("distrito_fiscal", "articulo", "cantidad"),
}


def find_official(sheet: Sheet, name: str) -> str | None:
    """Return the column that an official name stands for, in any of its spellings."""
    return sheet.find(*SPELLINGS.get(name, (name,)))


def recognise_table(sheet: Sheet) -> tuple[SheetKind, tuple[Message, ...]]:
    """Tell what a table is.

    Parameters
    ----------
    sheet : Sheet
        The table.

    Returns
    -------
    tuple of (str, tuple of Message)
        The kind, and what it was recognised by; ``unknown`` where nothing fits. No cell is
        repeated, nor a header that looks like one.
    """
    for kind, names in OFFICIAL.items():
        if all(find_official(sheet, name) for name in names):
            return kind, (columns_reason(sheet, kind),)
    resolver = embedded_resolver()
    if _is_headless(sheet, resolver):
        return "unknown", (
            Message(
                "The first row looks like data instead of column names. Write the names above."
            ),
        )
    if found := _recognise_movement(sheet):
        return found
    if _is_matrix(sheet, resolver):
        return "od_matrix", (Message("places stand down the side and across the top"),)
    return _recognise_complaints(sheet, resolver)


def columns_reason(sheet: Sheet, kind: SheetKind) -> Message:
    """Say by which official columns a table was recognised."""
    return _has([column for name in OFFICIAL[kind] if (column := find_official(sheet, name))])


def _has(names: list[str]) -> Message:
    return Message("it has the columns {columns}", columns=listed_columns(names))


def _is_headless(sheet: Sheet, resolver: Resolver) -> bool:
    """Tell whether the header is a row of data: a person's cells, or a place above places."""
    if any(personal_content([name]) for name in sheet.header):
        return True
    above = [
        i for i, name in enumerate(sheet.header)
        if role_of(name) is None and resolver.names_region(name)
    ]  # fmt: skip
    below = ([cell for row in sheet.rows if not (cell := row[i]).isdigit()] for i in above)
    return any(_share_of_regions(cells, resolver) > 0.5 for cells in below)


def _share_of_regions(cells: list[str], resolver: Resolver) -> float:
    filled = [cell for cell in cells if cell.strip() and not is_total(cell)]
    known = {cell: _is_region(cell, resolver) for cell in set(filled)}
    return sum(known[cell] for cell in filled) / len(filled) if filled else 0.0


def _is_region(cell: str, resolver: Resolver) -> bool:
    return resolver.names_region(cell) or region_of_code(cell) is not None


def _recognise_movement(sheet: Sheet) -> tuple[SheetKind, tuple[Message, ...]] | None:
    """Recognise flows, routes and registers, which have an origin and a destination."""
    personal = [
        column
        for column in find_personal_columns(
            sheet.header, sheet.rows, keep=kept_columns(sheet.header, others=False)
        )
        if not is_remark(sheet.header[column.position])
    ]
    hidden = {column.position for column in personal} | row_number_columns(sheet.header, sheet.rows)
    roles: dict[str, list[str]] = {}
    for i, name in enumerate(sheet.header):
        part = None if i in hidden else role_of(name)
        if part is not None:
            roles.setdefault(part[0], []).append(name)
    ends = [names[0] for end in ("origin", "destination") if (names := roles.get(end))]
    valued = "value" in roles
    if len(ends) == 2 and not place_columns(sheet.header):
        person = [role for role in PERSON_ROLES if role in roles]
        if personal or (person and not valued):
            said = [column.header for column in personal] or [roles[role][0] for role in person]
            return "cases", (_has([*ends, *said]),)
        if "via" in roles and not valued:
            return "itineraries", (_has([*ends, roles["via"][0]]),)
        return "flows", (_has(ends),)
    if "seq" in roles and ("route_id" in roles or "route" in roles):
        said = [roles[role][0] for role in ("route_id", "route", "seq") if role in roles]
        return "itineraries", (_has(said),)
    if "route" in roles:
        return ("flows" if valued else "itineraries"), (_has(roles["route"]),)
    return None


def _is_matrix(sheet: Sheet, resolver: Resolver) -> bool:
    """Tell whether places stand down the side and across the top."""
    if place_columns(sheet.header):
        return True
    if len(sheet.header) < 3 or not sheet.rows:
        return False
    if all(read_period(row[0]) or is_total(row[0]) for row in sheet.rows):
        return False  # periods down the side
    names = 1 if all(is_code(row[0]) for row in sheet.rows) and not is_code(sheet.header[1]) else 0
    top = [name for name in sheet.header[names + 1 :] if not is_total(name)]
    if any(read_period(name) is not None for name in top):
        return False
    down = [row[names] for row in sheet.rows if row[names] and not is_total(row[names])]
    across_keys, down_keys = set(map(key_of, top)), set(map(key_of, set(down)))
    both = len(across_keys & down_keys)
    if both >= 2 and both * 2 >= min(len(across_keys), len(down_keys)):
        return True
    corner = words_of(sheet.header[names])
    told = any(word in corner for word in ("origen", "destino", "origin", "destination"))
    regions = sum(_is_region(name, resolver) for name in top)
    if told:
        return regions >= 1 or all(role_of(name) is None for name in top)
    if all(map(str.isdigit, top)) and not all(map(is_code, down)):
        return False  # 16 and 17 beside names are years, not codes
    return 2 <= regions >= len(top) / 2 and _share_of_regions(down, resolver) > 0.5


def _recognise_complaints(
    sheet: Sheet, resolver: Resolver
) -> tuple[SheetKind, tuple[Message, ...]]:
    try:
        layout = find_layout(sheet, resolver, measure="complaints")
    except DataFileError as error:
        person = [name for name in sheet.header if (role_of(name) or ("",))[0] in PERSON_ROLES]
        personal = find_personal_columns(sheet.header, sheet.rows)
        if (person or personal) and any(role_of(n) == ("reported", "region") for n in sheet.header):
            return "cases", (_has([*person, *(column.header for column in personal)][:3]),)
        shown = [safe_header(name, i) for i, name in enumerate(sheet.header)]
        if shown != list(sheet.header):
            return "unknown", (_has(shown),)
        return "unknown", (error.message,)
    if layout.across:
        names = listed_columns([column.name for column in layout.values])
        return "complaints_wide", (Message("the header names places ({names})", names=names),)
    place = layout.roles.get("place") or layout.roles["code"]
    if layout.wide:
        dated = [c.name for c in layout.values if read_value_header(c.name).period or c.month]
        return "complaints_wide", (_has([place, *dated[:3]]),)
    return "complaints_long", (_has([place, layout.values[0].name]),)
