"""What the columns of a table are, told by their headers (Spanish, English): one table of words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import takewhile
from typing import NamedTuple

from ..errors import DataFileError, Fault, TableError, casefolded, one_fault, suggestion
from ..messages import Message
from ..places.keys import key_of
from ..sheets.counts import Count, read_count
from ..sheets.periods import Period, read_month, read_period
from ..sheets.sheet import Sheet
from ..words import header_words, is_missing, words_of

ENDS = ("origin", "destination", "reported")


class Role(NamedTuple):
    """How a header says what a column is: spelled so (best first), or built after a pattern."""

    words: tuple[str, ...] = ()
    pattern: str = ""


# One table for all readers: role -> words. Spellings are compared without accents, case and
# punctuation (`Sheet.find`); patterns are tried in this order on plain words (`role_of`).
ROLES: dict[str, Role] = {
    "flow_id": Role(pattern=r"flow id"),
    "source_id": Role(pattern=r"source id|id( de)?( la)? fuente|fuente id|fuente|source"),
    "route_id": Role(
        pattern=r"(id|cod|codigo|n|nro|no|numero)( de)?( la)? ruta|route( id)?|ruta id"
    ),
    "seq": Role(pattern=r"seq|orden|secuencia|n de orden|parada n|paso n"),
    "value_kind": Role(pattern=r"value kind|tipo de valor|tipo valor"),
    "mode": Role(pattern=r"mode( to next)?|modo|medio( de transporte)?|transporte"),
    "purpose": Role(
        pattern=r".*\b(finalidad|proposito|purpose)\b.*|(tipo|modalidad|forma|fin|fines)"
        r"( de)?( la)? (explotacion|trata)|modalidad|type of exploitation|exploitation type"
    ),
    "period_start": Role(
        pattern=r"period start|desde( el)?( mes| ano)?|inicio( del periodo)?|mes inicial"
    ),
    "period_end": Role(pattern=r"period end|hasta( el)?( mes| ano)?|fin( del periodo)?|mes final"),
    "date": Role(pattern=r"(fecha|date|fec)\b.*|marca temporal|timestamp|submission ?date"),
    "year": Role(
        ("ano", "año", "anio", "year", "ano denuncia", "anio denuncia", "ejercicio", "aaaa",
         "ano del hecho", "periodo anual", "anho", "agno"),
        r"(ano|anio|year)\b.*",
    ),
    "month": Role(
        ("mes", "month", "mes denuncia", "nombre mes", "mes nombre", "meses", "mes del hecho",
         "num mes", "nro mes"),
        r"(mes|month)\b.*",
    ),
    "period": Role(
        ("periodo", "fecha", "periodo denuncia", "ano mes", "anio mes", "mes ano", "mes anio",
         "trimestre", "semestre", "period", "ano y mes"),
        r"(periodo|period|gestion)\b.*",
    ),
    "sex": Role(pattern=r"sexo|sex|genero|gender"),
    "age_group": Role(
        pattern=r"(grupo|rango|tramo)s?( de)? (edad|etario)(es)?|grupo etareo|"
        r"age (group|range|band)|menor de edad|menor o mayor de edad|condicion de edad"
    ),
    "age": Role(pattern=r"edad( .*)?|age"),
    "via": Role(
        pattern=r"(vias?|transitos?|escalas?|paradas?|transit|lugar(es)? de (transito|paso)|paso|"
        r"pasando por|puntos? (de paso|intermedios?|de transito)|lugar(es)? intermedios?)( ?\d+)?"
    ),
    "route": Role(pattern=r"ruta|itinerario|recorrido|trayecto|corredor|itinerary|path"),
    # Of tables of complaints: the place and its code, months from and to, the unit.
    "place": Role(
        ("distrito fiscal", "distrito judicial", "distritos fiscales", "distritos judiciales",
         "distrito fiscal fn", "dist fiscal", "dist judicial", "df", "dj", "corte superior",
         "departamento", "departamentos", "dpto", "dptos", "depto", "dep", "nombdep", "nomdep",
         "nom dep", "nombre departamento", "nombre del departamento", "departamento del hecho",
         "dpto hecho", "dpto_hecho_new", "region", "regiones", "nombre region",
         "nombre de la region", "ambito", "ambito geografico", "lugar",
         "jurisdiccion", "place", "department", "departamento region", "region departamento",
         "territorio", "unidad territorial", "desagregacion", "area geografica"),
    ),
    "code": Role(
        ("ubigeo", "codigo ubigeo", "cod ubigeo", "cod_dep", "coddep", "ccdd", "cod dpto",
         "cod_dpto", "cod depto", "codigo", "cod", "iddpto", "iddep", "id dpto",
         "codigo departamento", "codigo de departamento", "cod region", "codigo region",
         "ubigeo hecho", "ubigeo_dep", "ubigeo_hecho", "first_iddp", "idprov", "iddist",
         "ubigeo inei", "ubigeo reniec", "iso 3166 2", "iso", "pcode", "p code", "adm1 pcode",
         "admin1pcode", "adm1 code", "adm2 pcode", "admin2pcode", "adm3 pcode", "admin3pcode"),
    ),
    "start": Role(("period_start", "desde", "inicio", "periodo inicio", "fecha inicio")),
    "end": Role(("period_end", "hasta", "fin", "periodo fin", "fecha fin")),
    "unit": Role(("unit", "unidad")),
    # Columns that part a region further; their rows are added up.
    "finer": Role(
        ("provincia", "distrito", "prov", "dist", "nombprov", "nombdist", "provincia hecho",
         "dist hecho", "prov hecho", "comisaria", "dependencia", "fiscalia", "comisaria pnp"),
    ),
    "smaller": Role(
        ("provincia", "provincias", "prov", "nombprov", "distrito", "distritos", "dist",
         "nombdist"),
    ),
    # Of the two official layouts.
    "anio": Role(("anio", "año", "ano")),
    "mes": Role(("mes",)),
    "anio_denuncia": Role(("anio_denuncia", "año_denuncia", "ano_denuncia", "anio", "año")),
    "periodo_denuncia": Role(("periodo_denuncia", "periodo", "periodo de denuncia")),
    "departamento": Role(("departamento", "dpto", "region", "dpto_hecho", "departamento_hecho")),
    "provincia": Role(("provincia",)),
    "distrito": Role(("distrito",)),
    "categoria": Role(("categoria",)),
    "denuncias por comision": Role(
        ("denuncias por comision", "denuncias_por_comision", "denuncia por comision",
         "denuncias x comision"),
    ),
    "valor": Role(("valor",)),
    "distrito_fiscal": Role(("distrito_fiscal", "dist_fiscal", "df", "nombre_distrito_fiscal")),
    "articulo": Role(("articulo", "art", "articulo_penal", "num_articulo")),
    "cantidad": Role(("cantidad",)),
}  # fmt: skip

# Kind of table -> the roles that `columns=` may name, or by which an official layout is told.
KINDS: dict[str, tuple[str, ...]] = {
    "complaints": ("place", "code", "year", "month", "period", "start", "end", "value", "unit"),
    "mininter": ("categoria", "denuncias por comision", "valor"),
    "mpfn": ("distrito_fiscal", "articulo", "cantidad"),
}


def find_column(sheet: Sheet, role: str) -> str | None:
    """Return the column that is spelled as a role, in the best of its spellings."""
    return sheet.find(*ROLES[role].words)


@cache
def _keys(role: str) -> frozenset[str]:
    return frozenset(map(key_of, ROLES[role].words))


def is_spelled(header: str, *roles: str) -> bool:
    """Tell whether a header is one of the spellings of a role."""
    return any(key_of(header) in _keys(role) for role in roles)


_END_WORDS = (
    (
        "destination",
        re.compile(
            r"\b(destino|explotacion|explotad[oa]s?|exploitation|destination|dest|llegada|hacia|to|"
            r"trasladad[oa]s?)\b"
        ),
    ),
    (
        "origin",
        re.compile(
            r"\b(origen|orig|captacion|captad[oa]s?|reclutad[oa]s?|procedencia|origin|from|salida|"
            r"reclutamiento|recruitment)\b"
        ),
    ),
)
_REPORTED = re.compile(
    r"(departamento|dpto|depto|region|provincia|distrito|lugar|ciudad|place|province|district|"
    r"ubigeo)( (de|del|de la|donde|donde se|of|where)? ?(la |el )?(denuncia|registro|hechos?|"
    r"intervencion|rescate|reported|report|ubigeo|casos?|ocurrencia|ocurrio|atencion|incidente))?"
)
_LEVEL_WORDS = (
    ("code", re.compile(r"\b(ubigeo|cod|codigo|code|id|pcode|iso|ccdd|ccpp|ccdi)\b")),
    ("district", re.compile(r"\b(distritos?|distrital(es)?|districts?|dist|nombdist)\b")),
    ("province", re.compile(r"\b(provincias?|provincial(es)?|provinces?|prov|nombprov)\b")),
    (
        "region",
        re.compile(r"\b(departamentos?|dptos?|depto|dep|region(es)?|departments?|nombdep)\b"),
    ),
    ("city", re.compile(r"\b(ciudad|city|localidad|centro poblado)\b")),
)
# Words of offices and churches: their units bear the names of regions, within bounds of their own.
_OFFICE = re.compile(
    r"\b(policial(es)?|policia|pnp|regpol|macrepol|dirtepol|divpol|frente|militar|electoral|jee|"
    r"salud|sanitari[ao]|diresa|geresa|disa|dirsa|ugel|dre|gre|educaci(on|ones)|educativa|"
    r"registral|registros publicos|oficinas?|jefaturas?|zonal|direccion(es)?|diocesis|"
    r"arquidiocesis|prelatura|intendencia|gerencia|macro ?r?regi(on|ones)|procuraduria|fiscalias?|"
    r"juzgados?|cortes?|comisarias?|defensorial|hospital(es)?|sede|ejecutora|desconcentrada|"
    r"notarial|penitenciari[ao])\b|\bdistritos? (fiscal|judicial)(es)?\b"
)
_OTHER = re.compile(
    r"\b(pais|country|fiscal|judicial|nacionalidad|lat\w*|lon\w*|medios?|modalidad|modo|forma|"
    r"metodos?|tipo|fecha|edad|motivo|relacion|quien|como|red social|redes|internet|tiempo)\b"
)
_VALUE = re.compile(
    r"(?:n|no|nro|num)( (de )?(casos|victimas|denuncias|personas|registros|flujos|cases)\b.*)?|"
    r"(cantidad|numero|number|total|conteo|count|frecuencia|freq|valor|value|casos|victimas|denuncias|"
    r"personas|flujos?|cases|victims|complaints|people|rescatad[oa]s|porcentaje|proporcion|fraccion|"
    r"share|percent(age)?|proportion|participacion)\b.*"
)


# The number of one case, which only looks like a number of cases.
CASE_NUMBER = re.compile(
    r"(id|cod|codigo|code|n|no|nro|num|numero|number|uuid)( del?| of)?( la| el| the)? "
    r"(caso|case|victima|victim|persona|expediente|atencion|ficha|registro|denuncia|carpeta)|"
    r"(caso|case|victima|victim|persona) (id|cod|codigo|n|no|nro|num|numero|number)"
)

_MEASURES: dict[str, re.Pattern[str]] = {
    "rescued": re.compile(r"rescat|rescued"),
    "victims": re.compile(r"victim|agraviad|personas afectadas"),
    "complaints": re.compile(r"denunci|complaint|casos|case|hechos|ingres|delito"),
}
_RATIO = re.compile(
    r"%|porcent|\bporc\b|particip|\btasas?\b|\bvar\b|variacion|ranking|\brank\b|puesto|poblacion|"
    r"\borden\b|^n[°º.]?$|\bitem\b|^#$|promedio|indice|acumulad|\bx 100|por 100|diferencia"
)
_OF_AGE = re.compile(r"\b(?:menor|mayor)(?:es)?(?: de)? edad\b")
_NO_COUNT = re.compile(
    r"\b(edad(es)?|age|dni|ruc|telefono|celular|monto|soles|costo|precio|presupuesto|km2?|altitud|"
    r"superficie|lat\w*|lon\w*|hora|dia|nivel|nacimiento|expediente|carpeta|caso n[°º]|id)\b"
)

PERIOD_WORD = re.compile(
    r"ene|feb|mar|abr|may|jun|jul|ago|set|sep|oct|nov|dic|jan|apr|aug|dec|sem|trim|hasta|primer|"
    r"segundo|tercer|cuarto|^(i|ii|iii|iv|a|al|de|del|s|t)$"
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
    """The part each column plays, as positions in the header."""

    # position by role: ``value``, ``period``, ``purpose``, ``sex`` and the like
    simple: Mapping[str, int]
    # for ``origin``, ``destination`` and ``reported``: position by level (``place``, ``region``,
    # ``province``, ``district``, ``city``, ``code``)
    ends: Mapping[str, Mapping[str, int]]
    via: tuple[int, ...]  # columns of places on the way, in their order

    @property
    def used(self) -> frozenset[int]:
        """Positions of all columns that play a part."""
        of_ends = (place for end in self.ends.values() for place in end.values())
        return frozenset((*self.simple.values(), *of_ends, *self.via))


@lru_cache(maxsize=20_000)
def role_of(header: str) -> tuple[str, str] | None:
    """Return role and level of a column, or None if its header tells none."""
    if "%" in header:
        return "value", ""
    words = header_words(header)
    for role, spelled in ROLES.items():
        if spelled.pattern and re.fullmatch(spelled.pattern, words):
            return role, ""
    level = next((name for name, pattern in _LEVEL_WORDS if pattern.search(words)), "place")
    if _VALUE.fullmatch(words) and not CASE_NUMBER.fullmatch(words):
        return "value", ""
    if not (_OTHER.search(words) or _OFFICE.search(words)):
        for end, pattern in _END_WORDS:
            if pattern.search(words):
                return end, level
        if _REPORTED.fullmatch(words) or words == "place id":
            return "reported", level
    return None


# What may stand above names of regions. Whatever else does (cities, offices, dioceses) bears the
# names of regions without being one; a list of all that would never be complete.
_REGION_WORDS = """
departamento departamentos dpto dptos depto deptos dep department departments region regions
regiones regional lugar lugares place places name nombre nombres ambito ubicacion territorio
territorial territoriales entidad zona jurisdiccion area geografica geografico desagregacion
unidad gobierno etiquetas fila row labels column columna unnamed adm1 admin1 nombdep nomdep ubigeo
hecho hechos ocurrencia ocurrio denuncia registro intervencion rescate caso casos explotacion
politico administrativa peru pais de del la las los el en por y o of the
"""
_OF_REGIONS = frozenset(_REGION_WORDS.split())


def says_region(header: str) -> bool:
    """Tell whether a header may stand above regions: it says so, or nothing of what they are."""
    words = header_words(header).split()
    return all(word in _OF_REGIONS or len(word) == 1 or not word.isalpha() for word in words)


def office_in(header: str) -> str:
    """Return the word by which a header names units of an office or a church, or ""."""
    found = _OFFICE.search(header_words(header))
    return found[0] if found else ""


def end_of_office(header: str) -> str:
    """Return the end of a flow that units of an office stand for: "UGEL de origen"."""
    words = header_words(header)
    return next((end for end, p in _END_WORDS if office_in(header) and p.search(words)), "")


def level_of(header: str) -> str:
    """Return the level of territory that a header names, "code" for codes of units, or ""."""
    words = header_words(header)
    if _OTHER.search(words) or _OFFICE.search(words):
        return ""
    return next((name for name, pattern in _LEVEL_WORDS if pattern.search(words)), "")


def is_ratio(name: str) -> bool:
    """Tell whether a column holds shares, rates, ranks, ages or money, not counts."""
    words = _OF_AGE.sub("", casefolded(name).replace("_", " "))  # "menores de edad" are people
    return bool(_RATIO.search(words) or _NO_COUNT.search(words))


def measure_of(words: str) -> str | None:
    """Return what a column name says it counts, or None."""
    return next((name for name, pattern in _MEASURES.items() if pattern.search(words)), None)


def measures_of(words: str) -> list[str]:
    """Return all that a text says is counted."""
    return [name for name, pattern in _MEASURES.items() if pattern.search(words)]


@dataclass(frozen=True)
class ValueColumn:
    """A column of counts."""

    name: str  # its name in the file
    period: Period | None = None  # the period its name states
    month: int | None = None  # the month its name states without a year
    words: str = ""  # what else its name says, folded


def read_value_header(name: str) -> ValueColumn:
    """Read the name of a column for a period and for what it counts."""
    month = read_month(name) if not name.strip().isdigit() else None
    if month is not None:
        return ValueColumn(name, month=month)
    if period := read_period(name):
        return ValueColumn(name, period)
    words = casefolded(name).replace("_", " ").split()
    kept = [w for w in words if not w.strip(".°").isalpha() or PERIOD_WORD.match(w)]
    rest = [w for w in words if w not in kept]
    period = read_period(" ".join(kept)) if rest and kept else None
    if period:
        return ValueColumn(name, period, words=" ".join(rest))
    return ValueColumn(name, words=" ".join(words))


def holds_counts(cells: Sequence[str]) -> bool:
    """Tell whether most cells of a column that say anything are counts."""
    seen = set(cells)
    counts = [cell for cell in seen if isinstance(read_count(cell), Count) and not is_missing(cell)]
    return bool(counts) and len(counts) * 2 >= len([c for c in seen if not is_missing(c)])


def place_columns(header: Sequence[str]) -> dict[int, tuple[str, str]]:
    """Find columns that name a place below a common ``Destino`` or ``Origen``."""
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
    """Find the part each column plays."""
    asked: dict[int, tuple[str, str]] = {}
    for role, name in (columns or {}).items():
        if name not in header:
            reason = Message("This column is missing.")
            raise one_fault(table, file, reason, suggestion(name, header), column=name)
        end, _, level = role.partition("_")
        asked[list(header).index(name)] = (end, level or "place") if end in ENDS else (role, "")
    claims: dict[tuple[str, str], list[int]] = defaultdict(list)
    given = set(asked.values())
    for place, name in enumerate(header):
        part = asked.get(place) or (None if place in skip else role_of(name))
        if part is not None and (place in asked or part not in given):
            claims[part].append(place)
    via = tuple(claims.pop(("via", ""), ()))
    dates = claims.get(("date", ""), [])
    if len(dates) > 1:  # when a form was sent is no date of a case beside another
        stamps = [i for i in dates if not words_of(header[i]).startswith(("fec", "date"))]
        claims["date", ""] = [i for i in dates if i not in stamps] or dates
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


def required_columns(sheet: Sheet, wanted: tuple[str, ...]) -> dict[str, str]:
    """Return the columns of an official layout by their official name; one missing is refused."""
    found = {name: find_column(sheet, name) for name in wanted}
    missing = [name for name, column in found.items() if column is None]
    if missing:
        free = [name for name in sheet.header if name not in found.values()]
        raise DataFileError(
            Message(
                "{file}: column '{column}' is missing, so this is not the layout expected. {hint}",
                file=sheet.file,
                column=missing[0],
                hint=suggestion(missing[0], free),
            )
        )
    return {name: column for name, column in found.items() if column is not None}


def require_column(sheet: Sheet, name: str) -> None:
    """Refuse the name of a column that is not there, with the nearest that is."""
    if name not in sheet.header:
        raise DataFileError(
            Message(
                "{file}: there is no column '{column}'. {hint}",
                file=sheet.file,
                column=name,
                hint=suggestion(name, sheet.header),
            )
        )


_PARTS_OF_CODE = ("ccdd", "ccpp", "ccdi")


def join_codes(sheet: Sheet) -> Sheet:
    """Join the ubigeo that INEI prints in parts: ``CCDD``, ``CCPP``, ``CCDI``."""
    at = {key_of(name): i for i, name in enumerate(sheet.header)}
    parts = [at[key] for key in takewhile(at.__contains__, _PARTS_OF_CODE)]
    cells = [[row[i].strip() for i in parts] for row in sheet.rows]
    short = all(re.fullmatch(r"\d{0,2}", cell) for row in cells for cell in row)
    if "ubigeo" in at or len(parts) < 2 or not short:
        return sheet
    kept = [i for i in range(len(sheet.header)) if i not in parts]
    joined = ", ".join(sheet.header[i] for i in parts)
    rows = tuple(
        ("".join(cell.zfill(2) for cell in code if cell), *(row[i] for i in kept))
        for code, row in zip(cells, sheet.rows, strict=True)
    )
    why = Message("columns {columns} were joined to the ubigeo", columns=joined)
    header = ("ubigeo", *(sheet.header[i] for i in kept))
    return replace(sheet, header=header, rows=rows, why=(*sheet.why, why))
