"""What the columns of a table of flows or cases are, told by their headers (Spanish, English)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...errors import Fault, TableError, suggestion
from ...messages import Message
from ...words import words_of
from ..personal import looks_personal_header, speaks_of_persons

ENDS = ("origin", "destination", "reported")

_SIMPLE: tuple[tuple[str, str], ...] = (
    ("flow_id", r"flow id"),
    ("source_id", r"source id|id( de)?( la)? fuente|fuente id|fuente|source"),
    ("route_id", r"(id|cod|codigo|n|nro|no|numero)( de)?( la)? ruta|route( id)?|ruta id"),
    ("seq", r"seq|orden|secuencia|n de orden|parada n|paso n"),
    ("value_kind", r"value kind|tipo de valor|tipo valor"),
    ("mode", r"mode( to next)?|modo|medio( de transporte)?|transporte"),
    ("purpose", r".*\b(finalidad|proposito|purpose)\b.*|(tipo|modalidad|forma|fin|fines)"
     r"( de)?( la)? (explotacion|trata)|modalidad|type of exploitation|exploitation type"),
    ("period_start", r"period start|desde( el)?( mes| ano)?|inicio( del periodo)?|mes inicial"),
    ("period_end", r"period end|hasta( el)?( mes| ano)?|fin( del periodo)?|mes final"),
    ("date", r"(fecha|date|fec)\b.*"),
    ("year", r"(ano|anio|year)\b.*"),
    ("month", r"(mes|month)\b.*"),
    ("period", r"(periodo|period|gestion)\b.*"),
    ("sex", r"sexo|sex|genero|gender"),
    ("age_group", r"(grupo|rango|tramo)s?( de)? (edad|etario)(es)?|grupo etareo|"
     r"age (group|range|band)|menor de edad|menor o mayor de edad|condicion de edad"),
    ("age", r"edad( .*)?|age"),
    ("via", r"(vias?|transitos?|escalas?|paradas?|transit|lugar(es)? de (transito|paso)|paso|"
     r"pasando por|puntos? (de paso|intermedios?|de transito)|lugar(es)? intermedios?)( ?\d+)?"),
    ("route", r"ruta|itinerario|recorrido|trayecto|corredor|itinerary|path"),
)  # fmt: skip
_END_WORDS = (
    ("destination", re.compile(r"\b(destino|explotacion|destination|llegada|hacia|to)\b")),
    (
        "origin",
        re.compile(
            r"\b(origen|captacion|procedencia|origin|from|salida|reclutamiento|recruitment)\b"
        ),
    ),
)
_REPORTED = re.compile(
    r"(departamento|dpto|depto|region|provincia|distrito|lugar|ciudad|place|province|district|"
    r"ubigeo)( (de|del|de la|donde se|of|where) ?(la |el )?(denuncia|registro|hechos?|"
    r"intervencion|rescate|reported|report|ubigeo))?"
)
_LEVEL_WORDS = (
    ("code", re.compile(r"\b(ubigeo|cod|codigo|code|id)\b")),
    ("district", re.compile(r"\b(distrito|district)\b")),
    ("province", re.compile(r"\b(provincia|province|prov)\b")),
    ("region", re.compile(r"\b(departamento|dpto|depto|dep|region|department)\b")),
    ("city", re.compile(r"\b(ciudad|city|localidad|centro poblado)\b")),
)
_OTHER = re.compile(r"\b(pais|country|fiscal|judicial|nacionalidad|lat\w*|lon\w*)\b")
_VALUE = re.compile(
    r"(?:n|no|nro|num)( (de )?(casos|victimas|denuncias|personas|registros|flujos|cases)\b.*)?|"
    r"(cantidad|numero|number|total|conteo|count|frecuencia|freq|valor|value|casos|victimas|denuncias|"
    r"personas|flujos?|cases|victims|complaints|people|rescatad[oa]s|porcentaje|proporcion|fraccion|"
    r"share|percent(age)?|proportion|participacion)\b.*"
)


# "Destino Lima", as a merged cell above names of places leaves it.
_END_OF_PLACE = re.compile(
    r"(?:(?:lugar|departamento|dpto\.?|regi[oó]n|ciudad) (?:de )?)?"
    r"(destino|origen|captaci[oó]n|explotaci[oó]n|destination|origin)[\s:/·|–-]+(\S.*)",
    re.IGNORECASE,
)
_NO_PLACE = re.compile(r"lugar|nombre|name|place|pais|country|n|nro|\d+")


@dataclass(frozen=True)
class Roles:
    """The part each column plays, as positions in the header.

    Parameters
    ----------
    simple : mapping of str to int
        Position by role: ``value``, ``period``, ``purpose``, ``sex`` and the like.
    ends : mapping of str to mapping of str to int
        For ``origin``, ``destination`` and ``reported``: position by level (``place``, ``region``,
        ``province``, ``district``, ``city``, ``code``).
    via : tuple of int
        Columns of places on the way, in their order.
    """

    simple: Mapping[str, int]
    ends: Mapping[str, Mapping[str, int]]
    via: tuple[int, ...]

    @property
    def used(self) -> frozenset[int]:
        """Positions of all columns that play a part."""
        of_ends = (place for end in self.ends.values() for place in end.values())
        return frozenset((*self.simple.values(), *of_ends, *self.via))


def role_of(header: str) -> tuple[str, str] | None:
    """Return role and level of a column, or None if its header tells none.

    Parameters
    ----------
    header : str
        For example ``Departamento de captación``.

    Returns
    -------
    tuple of (str, str) or None
        For example ("origin", "region"); the level is empty for columns that are no places.
    """
    if "%" in header:
        return "value", ""
    words = words_of(header.replace("_", " "))
    for role, pattern in _SIMPLE:
        if re.fullmatch(pattern, words):
            return role, ""
    level = next((name for name, pattern in _LEVEL_WORDS if pattern.search(words)), "place")
    if _VALUE.fullmatch(words):
        return "value", ""
    if not _OTHER.search(words):
        for end, said in _END_WORDS:
            if said.search(words):
                return end, level
        if _REPORTED.fullmatch(words) or words == "place id":
            return "reported", level
    return None


def place_columns(header: Sequence[str]) -> dict[int, tuple[str, str]]:
    """Find columns that name a place below a common ``Destino`` or ``Origen``.

    Parameters
    ----------
    header : sequence of str
        Column names, for example ``Destino Lima``, ``Destino Cusco``.

    Returns
    -------
    dict of int to (str, str)
        By position: "destination" or "origin", and the name of the place; empty where fewer than
        two columns of one end do.
    """
    found: dict[int, tuple[str, str]] = {}
    for i, name in enumerate(header):
        split = _END_OF_PLACE.fullmatch(name.strip())
        rest = words_of(split[2]) if split else ""
        if not rest or _NO_PLACE.fullmatch(rest) or any(p.search(rest) for _, p in _LEVEL_WORDS):
            continue
        part = role_of(split[1]) if split else None
        if part is not None and split is not None:
            found[i] = part[0], split[2]
    ends = {end for end, _ in found.values()}
    return found if len(ends) == 1 and len(found) > 1 else {}


def find_roles(
    header: Sequence[str],
    *,
    table: str,
    file: str,
    columns: Mapping[str, str] | None = None,
    skip: frozenset[int] = frozenset(),
) -> Roles:
    """Find the part each column plays.

    Parameters
    ----------
    header : sequence of str
        Column names.
    table, file : str
        Shown in errors.
    columns : mapping of str to str, optional
        Header by role, where the headers don't tell: ``{"origin": "A", "origin_region": "B"}``.
    skip : frozenset of int
        Positions not to look at.

    Returns
    -------
    Roles
        Columns without a part are in none of its lists.

    Raises
    ------
    TableError
        If two columns claim one part, or ``columns`` names one that is not there.
    """
    told: dict[int, tuple[str, str]] = {}
    for role, name in (columns or {}).items():
        if name not in header:
            raise TableError(
                table,
                file,
                [
                    Fault(
                        None,
                        name,
                        None,
                        Message("This column is missing."),
                        suggestion(name, header),
                    )
                ],
            )
        end, _, level = role.partition("_")
        told[list(header).index(name)] = (end, level or "place") if end in ENDS else (role, "")
    claims: dict[tuple[str, str], list[int]] = defaultdict(list)
    given = set(told.values())
    for place, name in enumerate(header):
        part = told.get(place) or (None if place in skip else role_of(name))
        if part is not None and (place in told or part not in given):
            claims[part].append(place)
    via = tuple(claims.pop(("via", ""), ()))
    faults = [
        Fault(
            None,
            " / ".join(header[place] for place in places),
            None,
            Message("These columns all look like '{role}'.", role="_".join(filter(None, part))),
            Message(
                "Say which to use with columns={{'{role}': '...'}}.",
                role="_".join(filter(None, part)),
            ),
        )
        for part, places in claims.items()
        if len(places) > 1
    ]
    if faults:
        raise TableError(table, file, faults)
    ends: dict[str, dict[str, int]] = {end: {} for end in ENDS}
    simple: dict[str, int] = {}
    for (role, level), places in claims.items():
        if role in ENDS:
            ends[role][level] = places[0]
        else:
            simple[role] = places[0]
    return Roles(simple, ends, via)


def kept_columns(header: Sequence[str], *, others: bool = True) -> tuple[int, ...]:
    """Return the columns that are personal only if their cells plainly are.

    Parameters
    ----------
    header : sequence of str
        Column names.
    others : bool
        Whether columns without a part are among them, if their header does not look personal (the
        columns of a matrix have no part).

    Returns
    -------
    tuple of int
        Positions. "Dirección de origen" tells a part but is never among them.
    """
    return tuple(
        place
        for place, name in enumerate(header)
        if not speaks_of_persons(name)
        and (role_of(name) is not None or (others and not looks_personal_header(name)))
    )


def row_number_columns(header: Sequence[str], rows: Sequence[Sequence[str]]) -> frozenset[int]:
    """Return a first column that only numbers the rows (``N°`` with 1, 2, 3 ...)."""
    cells = [row[0] for row in rows if row[0].strip()]
    ordered = cells == [str(n) for n in range(1, len(cells) + 1)]
    named = bool(header) and words_of(header[0]) in ("n", "no", "nro", "num", "numero", "item", "")
    return frozenset({0} if named and ordered and len(cells) > 1 else ())


def ids_for_names(roles: Roles) -> Roles:
    """Return roles whose columns of places hold ids, as the contracts have them."""
    ends = {
        end: {"code" if level == "place" else level: place for level, place in columns.items()}
        for end, columns in roles.ends.items()
    }
    return Roles(roles.simple, ends, roles.via)
