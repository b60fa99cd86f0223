"""What the columns of a complaint table are: places, codes, periods, counts, and what is left."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ..errors import DataFileError, fold, suggestion
from ..messages import Message
from ..tabular.numbers import Count, Period, is_missing, read_count, read_month, read_period
from ..tabular.sheet_header import header_key
from ..tabular.sheets import Sheet
from .tidy_places import PlaceIndex, resolve_district, resolve_region

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
PERSONAL = re.compile(
    r"\b(dni|documento|pasaporte|apellidos?|nombres|nombre (?:de (?:la )?victima|completo|y)|"
    r"telefono|celular|correo|email|e-mail|direccion|domicilio|fecha de? nac\w*|nacimiento|"
    r"albergue|latitud|longitud|coordenadas?|carne)\b"
)
_MEASURES: dict[str, re.Pattern[str]] = {
    "rescued": re.compile(r"rescat|rescued"),
    "victims": re.compile(r"victim|agraviad|personas afectadas"),
    "complaints": re.compile(r"denunci|complaint|casos|case|hechos|ingres|delito"),
}
_ANY_VALUE = re.compile(
    r"cantidad|total|valor|value|numero|nro|n|count|conteo|frecuencia|cifra|registros?|n casos|cant"
)
_RATIO = re.compile(
    r"%|porcent|\bporc\b|particip|\btasas?\b|\bvar\b|variacion|ranking|\brank\b|puesto|poblacion|"
    r"\borden\b|^n[°º.]?$|\bitem\b|^#$|promedio|indice|acumulad|\bx 100|por 100|diferencia"
)
_PERIOD_WORD = re.compile(
    r"ene|feb|mar|abr|may|jun|jul|ago|set|sep|oct|nov|dic|jan|apr|aug|dec|sem|trim|hasta|primer|"
    r"segundo|tercer|cuarto|^(i|ii|iii|iv|a|al|de|del|s|t)$"
)


@dataclass(frozen=True)
class ValueColumn:
    """A column of counts.

    Parameters
    ----------
    name : str
        Its name in the file.
    period : Period or None
        The period its name states.
    month : int or None
        The month its name states without a year.
    words : str
        What else its name says, folded.
    """

    name: str
    period: Period | None = None
    month: int | None = None
    words: str = ""


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
    """

    roles: dict[str, str]
    values: tuple[ValueColumn, ...]
    totals: tuple[ValueColumn, ...] = ()
    finer: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    why: tuple[Message, ...] = field(default=())

    @property
    def wide(self) -> bool:
        """Whether periods stand in the header."""
        return any(column.period or column.month for column in self.values)


def read_value_header(name: str) -> ValueColumn:
    """Read the name of a column for a period and for what it counts.

    Parameters
    ----------
    name : str
        ``2017``, ``Denuncias 2017 (p)``, ``Ene``, ``Víctimas``, ``Total 2017``.

    Returns
    -------
    ValueColumn
        Its parts.
    """
    month = read_month(name) if not name.strip().isdigit() else None
    if month is not None:
        return ValueColumn(name, month=month)
    if period := read_period(name):
        return ValueColumn(name, period)
    words = fold(name).replace("_", " ").split()
    kept = [w for w in words if not w.isalpha() or _PERIOD_WORD.match(w)]
    rest = [w for w in words if w not in kept]
    period = read_period(" ".join(kept)) if rest and kept else None
    if period:
        return ValueColumn(name, period, words=" ".join(rest))
    return ValueColumn(name, words=" ".join(words))


def is_ratio(name: str) -> bool:
    """Tell whether a column holds shares, rates or ranks, not counts."""
    return bool(_RATIO.search(fold(name).replace("_", " ")))


def measure_of(words: str) -> str | None:
    """Return what a column name says it counts, or None."""
    return next((name for name, pattern in _MEASURES.items() if pattern.search(words)), None)


def find_layout(
    sheet: Sheet,
    index: PlaceIndex,
    *,
    measure: str,
    columns: Mapping[str, str] | None = None,
) -> Layout:
    """Find out what the columns of a complaint table are.

    Parameters
    ----------
    sheet : Sheet
        The table.
    index : PlaceIndex
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
    if "period" in roles and "year" in roles and "month" not in roles:
        roles = _period_or_month(sheet, roles)
    taken = set(roles.values()) | set(personal)
    free = [name for name in sheet.header if name not in taken]
    finer = tuple(n for n in free if header_key(n) in {header_key(f) for f in FINER})
    free = [name for name in free if name not in finer]
    if "place" not in roles and "code" not in roles:
        place = _place_by_content(sheet, [*free, *finer], index)
        roles["place"] = place
        free = [name for name in free if name != place]
        finer = tuple(name for name in finer if name != place)
    values, totals = _value_columns(sheet, free, roles, measure)
    used = {column.name for column in (*values, *totals)}
    unused = tuple(name for name in free if name not in used)
    return Layout(roles, values, totals, finer, unused, personal)


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
    """Take a period column without years beside a year column for months."""
    cells = [cell for cell in sheet.column(roles["period"]) if cell]
    if cells and all(read_month(cell) is not None for cell in set(cells)):
        return {("month" if role == "period" else role): name for role, name in roles.items()}
    return roles


def _place_by_content(sheet: Sheet, free: list[str], index: PlaceIndex) -> str:
    fits = []
    for name in free:
        cells = {cell for cell in sheet.column(name) if cell}
        known = [
            cell
            for cell in cells
            if resolve_region(cell, index).kind == "place"
            or resolve_district(cell, index).kind == "place"
        ]
        if cells and len(known) * 2 > len(cells):
            fits.append(name)
    if len(fits) == 1:
        return fits[0]
    raise DataFileError(
        Message(
            "{file}: {found} Say which column holds the places with columns={{'place': '...'}}."
            " Columns: {columns}.",
            file=sheet.file,
            found=Message("several columns hold names of places.")
            if fits
            else Message("no column of places was recognised."),
            columns=", ".join(sheet.header),
        )
    )


Values = tuple[tuple[ValueColumn, ...], tuple[ValueColumn, ...]]


def _value_columns(sheet: Sheet, free: list[str], roles: dict[str, str], measure: str) -> Values:
    """Return the columns of counts, and those that add them up."""
    if "value" in roles:
        return (read_value_header(roles["value"]),), ()
    headers = [read_value_header(name) for name in free if not is_ratio(name)]
    dated = [column for column in headers if column.period or column.month]
    if dated:
        return _dated_columns(sheet, headers, dated, measure)
    numeric = [column for column in headers if _holds_counts(sheet.column(column.name))]
    said = [column for column in numeric if measure_of(column.words) == measure]
    plain = [c for c in numeric if _ANY_VALUE.fullmatch(c.words) or "total" in c.words.split()]
    other = [c for c in numeric if measure_of(c.words) not in (None, measure)]
    for found in (said, plain, [c for c in numeric if c not in other]):
        if len(found) == 1:
            return (found[0],), ()
        if len(found) > 1:
            break
    raise DataFileError(
        Message(
            "{file}: {found} Say which column holds the counts with columns={{'value': '...'}}."
            " Columns: {columns}.",
            file=sheet.file,
            found=Message("several columns could hold the counts.")
            if numeric
            else Message("no column of counts was recognised."),
            columns=", ".join(c.name for c in numeric) or ", ".join(sheet.header),
        )
    )


def _holds_counts(cells: tuple[str, ...]) -> bool:
    seen = set(cells)
    counts = [cell for cell in seen if isinstance(read_count(cell), Count) and not is_missing(cell)]
    return bool(counts) and len(counts) * 2 >= len([c for c in seen if not is_missing(c)])


def _dated_columns(
    sheet: Sheet, headers: list[ValueColumn], dated: list[ValueColumn], measure: str
) -> Values:
    """Choose among columns with a period in their name; find those that add others up."""
    measures = {measure_of(column.words) for column in dated}
    if measures - {None, measure} and measure in measures:
        dated = [column for column in dated if measure_of(column.words) in (None, measure)]
    totals = [
        column
        for column in headers
        if "total" in column.words.split() and not (column.period or column.month)
    ]
    spans: dict[tuple[object, ...], list[ValueColumn]] = {}
    for column in dated:
        start = (column.period.start, column.period.end) if column.period else (column.month,)
        spans.setdefault(start, []).append(column)
    values: list[ValueColumn] = []
    for same in spans.values():
        if len(same) == 1:
            values += same
            continue
        whole = [column for column in same if "total" in column.words.split()] or [
            column for column in same if not column.words
        ]
        if len(whole) != 1:
            raise DataFileError(
                Message(
                    "{file}: columns {columns} all state the same period. Keep one of them, or say"
                    " which with columns={{'value': '...'}} and period=...",
                    file=sheet.file,
                    columns=", ".join(f"'{column.name}'" for column in same),
                )
            )
        values += whole
    summed = [column for column in values if _adds_others(column, values)]
    values = [column for column in values if column not in summed]
    return tuple(values), (*totals, *summed)


def _adds_others(column: ValueColumn, values: list[ValueColumn]) -> bool:
    """Tell whether a column's period is parted by other columns (a year beside its months)."""
    if not column.period or ("total" not in column.words.split() and column.words):
        return False
    inside = [
        other
        for other in values
        if other.period
        and other is not column
        and column.period.start <= other.period.start
        and other.period.end <= column.period.end
    ]
    return len(inside) > 1
