"""What the columns of a complaint table are: places, codes, periods, counts, and what is left."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ...errors import DataFileError, fold, suggestion
from ...messages import Message
from ...places.keys import key_of
from ...places.resolver import Resolver
from ...sheets.numbers import read_month, read_period
from ...sheets.sheet import Sheet
from .values import (
    ValueColumn,
    choose_values,
    holds_counts,
    is_ratio,
    listed_columns,
    parts_of_total,
)

Unit = Literal["national", "region", "judicial_district", "fiscal_district"]
Role = Literal["place", "code", "year", "month", "period", "start", "end", "value", "unit"]
ROLES: tuple[Role, ...] = (
    "place", "code", "year", "month", "period", "start", "end", "value", "unit",
)  # fmt: skip

SPELLINGS: dict[str, tuple[str, ...]] = {
    "place": (
        "distrito fiscal", "distrito judicial", "distritos fiscales", "distritos judiciales",
        "distrito fiscal fn", "dist fiscal", "dist judicial", "df", "dj", "corte superior",
        "departamento", "departamentos", "dpto", "dptos", "depto", "dep", "nombdep", "nomdep",
        "nom dep", "nombre departamento", "nombre del departamento", "departamento del hecho",
        "dpto hecho", "dpto_hecho_new", "region", "regiones", "nombre region",
        "nombre de la region", "region policial", "ambito", "ambito geografico", "lugar",
        "jurisdiccion", "place", "department", "departamento region", "region departamento",
        "territorio", "unidad territorial", "desagregacion", "area geografica",
    ),
    "code": (
        "ubigeo", "codigo ubigeo", "cod ubigeo", "cod_dep", "coddep", "ccdd", "cod dpto",
        "cod_dpto", "cod depto", "codigo", "cod", "iddpto", "iddep", "id dpto",
        "codigo departamento", "codigo de departamento", "cod region", "codigo region",
        "ubigeo hecho", "ubigeo_dep", "ubigeo_hecho", "first_iddp", "idprov", "iddist",
    ),
    "year": ("ano", "año", "anio", "year", "ano denuncia", "anio denuncia", "ejercicio", "aaaa",
             "ano del hecho", "periodo anual", "anho", "agno"),
    "month": ("mes", "month", "mes denuncia", "nombre mes", "mes nombre", "meses", "mes del hecho",
              "num mes", "nro mes"),
    "period": ("periodo", "fecha", "periodo denuncia", "ano mes", "anio mes", "mes ano", "mes anio",
               "trimestre", "semestre", "period", "ano y mes"),
    "start": ("period_start", "desde", "inicio", "periodo inicio", "fecha inicio"),
    "end": ("period_end", "hasta", "fin", "periodo fin", "fecha fin"),
    "unit": ("unit", "unidad"),
}  # fmt: skip
# Columns that part a region further; their rows are added up.
FINER = ("provincia", "distrito", "prov", "dist", "nombprov", "nombdist", "provincia hecho",
         "dist hecho", "prov hecho", "comisaria", "dependencia", "fiscalia",
         "comisaria pnp")  # fmt: skip
_UNITS = (
    "provincia",
    "provincias",
    "prov",
    "nombprov",
    "distrito",
    "distritos",
    "dist",
    "nombdist",
)
PERSONAL = re.compile(
    r"\b(dni|documento|pasaporte|apellidos?|nombres|nombre (?:de (?:la )?victima|completo|y)|"
    r"telefono|celular|correo|email|e-mail|direccion|domicilio|fecha de? nac\w*|nacimiento|"
    r"albergue|latitud|longitud|coordenadas?|carne)\b"
)


@dataclass(frozen=True)
class Layout:
    """What the columns of a table are.

    Parameters
    ----------
    roles : dict of str to str
        Column name in the file by role.
    values : tuple of ValueColumn
        Columns of counts to read.
    totals : tuple of ValueColumn
        Columns that add others up.
    finer : tuple of str
        Columns that part a region further.
    unused, personal : tuple of str
        Columns that are not read; those that may hold personal data.
    across : bool
        Whether each column of counts is a place, with the periods down the side.
    parts : tuple of str
        Columns that the column of counts adds up (men, women); they are only compared with it.
    """

    roles: dict[str, str]
    values: tuple[ValueColumn, ...]
    totals: tuple[ValueColumn, ...] = ()
    finer: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    across: bool = False
    parts: tuple[str, ...] = ()

    @property
    def wide(self) -> bool:
        """Whether periods stand in the header."""
        return any(column.period or column.month for column in self.values)


def find_layout(
    sheet: Sheet,
    resolver: Resolver,
    *,
    measure: str,
    columns: Mapping[str, str] | None = None,
) -> Layout:
    """Find out what the columns of a complaint table are.

    Parameters
    ----------
    sheet : Sheet
        The table.
    resolver : Resolver
        Known places, for columns told by their cells.
    measure : str
        What is to be read: ``complaints``, ``victims`` or ``rescued``.
    columns : mapping of str to str, optional
        Column names by role (`ROLES`), where the caller knows.

    Returns
    -------
    Layout
        The columns.

    Raises
    ------
    DataFileError
        If no column holds places or counts, or several could; the text says which option to pass.
    """
    roles = _given_roles(sheet, columns or {})
    personal = tuple(n for n in sheet.header if PERSONAL.search(fold(n).replace("_", " ")))
    for role, spellings in SPELLINGS.items():
        if role not in roles and (name := sheet.find(*spellings)) and name not in roles.values():
            if role in ("place", "code") and name in personal:
                continue
            roles[role] = name
    roles = _period_or_month(sheet, roles)
    if across := _places_across(sheet, roles, personal, resolver):
        return across
    taken = set(roles.values()) | set(personal)
    free = [name for name in sheet.header if name not in taken]
    finer = tuple(n for n in free if key_of(n) in {key_of(f) for f in FINER})
    free = [name for name in free if name not in finer]
    if "place" not in roles and "code" not in roles:
        place = _place_by_content(sheet, [*free, *finer], resolver)
        roles["place"] = place
        free = [name for name in free if name != place]
        finer = tuple(name for name in finer if name != place)
    values, totals = choose_values(sheet, free, roles, measure)
    used = {column.name for column in (*values, *totals)}
    unused = tuple(name for name in free if name not in used)
    return Layout(
        roles, values, totals, finer, unused, personal, parts=parts_of_total(sheet, values)
    )


def _places_across(
    sheet: Sheet, roles: Mapping[str, str], personal: Sequence[str], resolver: Resolver
) -> Layout | None:
    """Return the layout of a table with its places across the top and its periods down the side."""
    left = [name for name in sheet.header if name not in personal]
    places = [name for name in left if _is_place(name, resolver)]
    corner = next((name for name in left if name not in places and _all_periods(sheet, name)), None)
    named = roles.get("place")
    if len(places) < 2 or "code" in roles or (named is not None and named != corner):
        return None
    dated = {role: name for role, name in roles.items() if role in ("year", "month", "period")}
    if not dated and corner is not None:
        dated = {"period": corner}
    counts = [
        name
        for name in left
        if name not in dated.values()
        and not is_ratio(name)
        and (name in places or holds_counts(sheet.column(name)))
    ]
    if not dated or 2 * len(places) < len(counts):
        return None
    used = {*counts, *dated.values()}
    return Layout(
        dated,
        tuple(ValueColumn(name) for name in counts),
        unused=tuple(name for name in left if name not in used),
        personal=tuple(personal),
        across=True,
    )


def _is_place(name: str, resolver: Resolver) -> bool:
    return resolver.names_region(name) or resolver.names_court(name)


def _all_periods(sheet: Sheet, name: str) -> bool:
    cells = {cell for cell in sheet.column(name) if cell}
    known = [cell for cell in cells if read_period(cell) or read_month(cell)]
    return bool(known) and len(cells) - len(known) <= 1


def _given_roles(sheet: Sheet, columns: Mapping[str, str]) -> dict[str, str]:
    for role, name in columns.items():
        if role not in ROLES:
            raise DataFileError(
                Message(
                    "columns: '{role}' is not a role. Use {roles}.",
                    role=role,
                    roles=", ".join(ROLES),
                )
            )
        if name not in sheet.header:
            raise DataFileError(
                Message(
                    "{file}: there is no column '{column}'. {hint}",
                    file=sheet.file,
                    column=name,
                    hint=suggestion(name, sheet.header),
                )
            )
    return dict(columns)


def _period_or_month(sheet: Sheet, roles: dict[str, str]) -> dict[str, str]:
    """Take a period column without years for months, and months with their year for periods."""
    other, read = ("month", read_month) if "year" in roles else ("period", read_period)
    role = "period" if other == "month" else "month"
    if role not in roles or other in roles:
        return roles
    cells = {cell for cell in sheet.column(roles[role]) if cell}
    if cells and all(read(cell) is not None for cell in cells):
        return {(other if known == role else known): name for known, name in roles.items()}
    return roles


def _place_by_content(sheet: Sheet, free: list[str], resolver: Resolver) -> str:
    fits = []
    for name in free:
        cells = {cell for cell in sheet.column(name) if cell}
        known = [cell for cell in cells if _is_place(cell, resolver)]
        if cells and len(known) * 2 > len(cells):
            fits.append(name)
    if len(fits) == 1:
        return fits[0]
    smaller = next((n for n in free if key_of(n) in _UNITS), None)
    if smaller is not None and not fits:
        raise DataFileError(
            Message(
                "{file}: it has a column '{column}', but none with the region, and units of one"
                " name lie in several. Add a column with the region, or with the ubigeo.",
                file=sheet.file,
                column=smaller,
            )
        )
    raise DataFileError(
        Message(
            "{file}: {found} Say which column holds the places with columns={{'place': '...'}}."
            " Columns: {columns}.",
            file=sheet.file,
            found=Message("several columns hold names of places.")
            if fits
            else Message("no column of places was recognised."),
            columns=listed_columns(sheet.header),
        )
    )
