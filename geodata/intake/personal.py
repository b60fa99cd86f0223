"""What looks personal goes no further: the only way from a sheet to a reader's rows.

Columns are judged by their header and by what stands in them. What is found is named by its header
only, never by a cell; its cells are replaced by tokens before any reader sees the table, so that no
message, account or output can hold them. Readers of aggregates also refuse a register with one row
a person here, whatever their options say.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, wraps
from itertools import accumulate
from pathlib import Path
from typing import ParamSpec, TypeVar, Unpack

from ..errors import CorredorError, DataFileError, MissingExtraError, TableError, one_fault
from ..messages import Message
from ..places.build import embedded_resolver
from ..places.gazetteer import is_unit_name, unit_names
from ..places.keys import key_of, wanted_names
from ..sheets.sheet import Opening, Sheet, open_sheet
from ..words import (
    has_given_name,
    header_words,
    is_inferred,
    is_like_a_name,
    is_not_given,
    mentions_person,
    words_of,
)
from .columns import (
    CASE_NUMBER,
    holds_counts,
    is_ratio,
    is_spelled,
    join_codes,
    measure_of,
    read_value_header,
    role_of,
    row_number_columns,
)

P = ParamSpec("P")
R = TypeVar("R")

# Roles of columns that only registers with one row a case have.
PERSON_ROLES = ("sex", "age", "age_group", "date")
_REMARK = re.compile(
    r"observacion(es)?|obs|comentarios?|notas?|remarks?|comments?|resumen|descripcion|detalles?"
)

# Words that make any header personal, even "dirección de origen".
_STRONG = re.compile(
    r"\b(dni|documento|doc|nro doc\w*|pasaportes?|passport|carne|carnet|cedula|ruc|ruc\d|"
    r"telefonos?|telf?|fono|celular(es)?|movil|phone|mobile|whatsapp|correos?|e mail|email|mail|"
    r"direccion(es)?|address|domicilios?|vivienda|calle|jiron|avenida|manzana|lote|referencia|"
    r"albergues?|shelters?|refugios?|hogar|casa de acogida|car|caj|comisarias?|"
    r"dependencia( policial)?|unidad policial|police station|latitud|longitud|latitude|longitude|"
    r"lat|lon|lng|long|coord\w*|ubicacion|geopoint|gps|utm\w*|alias|apodos?|sobrenombre|nickname|nacimiento|"
    r"fec\w* nac\w*|f nac\w*|birth\w*|dob|expedientes?|exp|carpetas?|sgf|caso fiscal|atestado|"
    r"acta|placa|facebook|instagram|tiktok|telegram|redes sociales|usuario|username|perfil|"
    r"apellidos?|surname|last name|first name|full name|paterno|materno|agraviad[oa]s?|"
    r"imputad[oa]s?|denunciad[oa]s?|denunciantes?|detenid[oa]s?|investigad[oa]s?|tratantes?|"
    r"captador(a|es|as)?|testigos?|familiar(es)?|parentesco|padre|apoderad[oa]|tutora?|conyuge|"
    r"hij[oa]s?|fotos?|photo|firma|huella|relato|hechos|testimonio|narracion|resumen|descripcion|"
    r"observacion(es)?|comentarios?|notas?|historia|remarks|comments|narrative|historia clinica|"
    r"diagnostico|establecimiento|local|bar|hotel|hostal|discoteca|cuenta|tarjeta|ip|imei|"
    r"iniciales|initials|contactos?|contact|acogida|chapa|vehiculo|colegio|centro educativo|"
    r"institucion educativa|empresa|centro de trabajo|embaraz\w*|gestante|etnia|religion|"
    r"discapacidad|ficha|seguro|sis|banco|obs|detalles?)\b"
)
# Of these, headers that also stand above counts ("N° de agraviados", "hechos").
_PEOPLE = re.compile(
    r"\b(agraviad|imputad|denunciad|denunciantes|detenid|investigad|testigos|hechos|tratantes|"
    r"captadores|hij[oa]s|victimas?|familiar)"
)
# Words that are personal unless the header speaks of a place ("nombre del departamento").
_WEAK = re.compile(
    r"\b(nombres?|name|names|person|persona|victima|id|identificador|codigo|cod|caso|case|n|no|"
    r"nro|num|numero)\b"
)
_OF_PLACE = re.compile(
    r"\b(departamento|dpto|provincia|distrito|region|lugar|ciudad|pais|origen|destino|captacion|"
    r"explotacion|ubigeo|iso|pcode|place|origin|destination|city|province|district|casos|cases|victimas)\b"
)
# Personal only where nothing else stands in the header.
_ALONE = re.compile(r"(nombre de la )?madre|mother|ce")
# "Madre de Dios", "Padre Abad" and the like are places.
_PLACE_NAMES = re.compile(r"\b(padre abad|madre de dios|hogar del|dos de mayo)\b")

_DIGITS8 = re.compile(r"(?<!\d)\d{8}(?!\d)")
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+\.\w+")
_PHONE = re.compile(
    r"(?<!\d)(?:\+?\s?51[\s-]?)?9\d{2}[\s.-]?\d{3}[\s.-]?\d{3}(?!\d)|"
    r"\(0\d{1,2}\)\s?\d{3}[\s-]?\d{3,4}"
)
_NAME = re.compile(
    r"[A-ZÁÉÍÓÚÜÑ][A-Za-zÁÉÍÓÚÜÑáéíóúüñ'-]+( [A-ZÁÉÍÓÚÜÑ][A-Za-zÁÉÍÓÚÜÑáéíóúüñ'-]+){0,3}, ?"
    r"[A-ZÁÉÍÓÚÜÑ][A-Za-zÁÉÍÓÚÜÑáéíóúüñ'-]+( [A-ZÁÉÍÓÚÜÑ][A-Za-zÁÉÍÓÚÜÑáéíóúüñ'-]+){0,3}"
)
_ADDRESS = re.compile(
    r"\b(jr|jir[oó]n|av|avda|avenida|calle|psje|pasaje|mz|manzana|lt|lote|urb|urbanizaci[oó]n|"
    r"aa\.? ?hh|asent\w* humano|km)\b\.?\s*\S*.*(\d|\bs/n)|"
    r"\ba (una?|dos|tres|cuatro|media|\d+) (cuadras?|casas?|metros)\b|\bfrente al?\b|"
    r"\bal costado\b|\ba espaldas\b",
    re.IGNORECASE,
)
_POINT = re.compile(r"-?\d{1,3}[.,]\d{3,}(\s*[,;\s]\s*-?\d{1,3}[.,]\d{3,})?( 0 [\d.]+)?")
# Only such a point is surely none of the counts that 1.433 may be.
_SURE_POINT = re.compile(r"-\d{1,2}[.,]\d{3,}|-?\d{1,3}[.,]\d{4,}.*-\d{1,3}[.,]\d{4,}.*")
_PASSPORT = re.compile(r"[A-Z]{1,3} ?\d{6,9}|0\d{8}")
_SOCIAL = re.compile(r"(facebook|instagram|tiktok|twitter)\.com/\S|(?<!\S)@\w{3,}", re.IGNORECASE)
_INITIALS = re.compile(r"([A-ZÁÉÍÓÚÑ]\. ?){2,5}(\(?\d{1,2}( años)?\)?)?")
_FILE_NUMBER = re.compile(r"\d{3,}-\d{4}(-\d+)+(-\w+)*")
# Where people are held, sheltered or noted down, which never leaves the program either.
_VENUE = re.compile(
    r"\b(bar|resto ?bar|video ?pub|hotel|hostal|hospedaje|discotecas?|night ?club|cantina|chongo|"
    r"prostibulo|prostibar|chicheria|karaoke|albergue|refugio|hogar|casa (de |hogar|sumaq)|"
    r"casa acogida|car|cem|comisaria|dni|ruc|pasaporte|celular|telefono)\b"
)
_PCODE = re.compile(r"PE-?\d{2,6}", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"\d{7}")
_DAY = re.compile(r"(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")

PATTERNS: tuple[tuple[re.Pattern[str], bool, Message], ...] = (
    (_MAIL, False, Message("it holds e-mail addresses")),
    (_DIGITS8, False, Message("it holds numbers of eight digits, as identity cards have")),
    (_PHONE, False, Message("it holds telephone numbers")),
    (_FILE_NUMBER, True, Message("it holds numbers of files")),
    (_PASSPORT, True, Message("it holds numbers of documents")),
    (_ADDRESS, False, Message("it holds addresses")),
    (_POINT, True, Message("it holds coordinates")),
    (_SOCIAL, False, Message("it holds accounts of social networks")),
    (_INITIALS, True, Message("it holds initials of names")),
    (_NAME, True, Message("it holds names written 'Surname, Name'")),
)
_NAMES = Message("it holds names of persons")
# Headers of what names one person, as only a register with one row a case has.
_IDENTITY = re.compile(
    r"\b(dni|documento de identidad|n de documento|nro documento|pasaporte|carne|carnet|cedula|"
    r"telefonos?|telf|celular|movil|correos?|e ?mail|apellidos?|nombres|nombre (de la victima|"
    r"completo|y apellidos?)|surname|last name|first name|full name|agraviad[oa]s?|imputad[oa]s?|"
    r"denunciantes?|nacimiento|fec\w* nac\w*|birth\w*|expedientes?|carpetas? fiscal(es)?)\b"
)
_OF_PERSONS = (
    *(why for pattern, _, why in PATTERNS if pattern in (_MAIL, _DIGITS8, _PHONE, _NAME)),
    _NAMES,
)
_BY_HEADER = Message("its header speaks of persons, addresses, places of shelter or documents")


@dataclass(frozen=True)
class PersonalColumn:
    """A column that looks personal."""

    position: int  # place in the header, from 0
    header: str  # its header, or ``column N`` where the header looks like a cell
    why: Message  # what it was judged by


def speaks_of_persons(header: str) -> bool:
    """Tell whether a header speaks of persons or addresses, whatever else it says."""
    words = _PLACE_NAMES.sub("", header_words(header))
    return bool(_STRONG.search(words) or _ALONE.fullmatch(words))


def looks_personal_header(header: str) -> bool:
    """Tell whether a header speaks of a person, an address, a shelter or a document."""
    if speaks_of_persons(header):
        return True
    if is_not_given(header):
        return False
    words = header_words(header)
    return bool(_WEAK.search(words)) and not _OF_PLACE.search(words)


def personal_content(
    cells: Sequence[str], *, known: bool = False, names: bool = True
) -> Message | None:
    """Tell by its cells whether a column looks personal."""
    times = Counter(cells)
    filled = {text: n for cell, n in times.items() if (text := cell.strip())}
    many = sum(filled.values())
    for pattern, whole, why in PATTERNS:
        if known and pattern in (_NAME, _POINT, _INITIALS):
            continue
        if pattern is _NAME and not names:
            continue
        one = pattern in (_MAIL, _DIGITS8, _PHONE) and not known
        found = (
            n
            for cell, n in filled.items()
            if (pattern.fullmatch(cell) if whole else _search(pattern, cell))
            and not (_DAY.fullmatch(cell) or _PCODE.fullmatch(cell))
        )
        if _reaches(found, 1 if one else max(1, many / 5)):
            return why
    if names and many:
        found = (n for cell, n in filled.items() if looks_like_person(cell))
        if _reaches(found, max(1, many / 5)):
            return _NAMES
    return None


def _reaches(found: Iterable[int], needed: float) -> bool:
    """Tell whether numbers add up to what is needed, without looking at more of them."""
    return any(total >= needed for total in accumulate(found))


def looks_like_person(text: str) -> bool:
    """Tell whether a text is made like a person's name, and is no province or district."""
    return is_like_a_name(text) and not is_unit_name(key_of(text))


def _search(pattern: re.Pattern[str], cell: str) -> re.Match[str] | None:
    # An address stands at the front; looking for one in a long cell takes time with its square.
    return pattern.search(cell[:300] if pattern is _ADDRESS else cell)


def names_one_person(column: PersonalColumn) -> bool:
    """Tell whether a column names persons one by one, by its header or by its cells."""
    words = header_words(column.header)
    return column.why in _OF_PERSONS or _IDENTITY.search(words) is not None


def tells_of_contact(text: str) -> bool:
    """Tell whether a text holds what reaches or names one person for certain."""
    return any(_search(p, text) for p in (_MAIL, _DIGITS8, _PHONE, _SOCIAL))


def names_venue(text: str) -> bool:
    """Tell whether the name of a place is that of a house: a venue, a shelter, an address.

    Towns are called after people, and camps after the kilometre of a road where they lie.
    """
    if tells_of_contact(text):
        return True
    parts = re.split(r"[,;/|()]", _KILOMETRE.sub("", text))
    return any(
        (_search(_ADDRESS, part) or _VENUE.search(words_of(part))) and not _is_unit(part)
        for part in parts
    )


_KILOMETRE = re.compile(r"\b(km|kil[oó]metro)\b\.? ?\d*", re.IGNORECASE)


def is_remark(header: str) -> bool:
    """Tell whether a column holds remarks, which any table may have."""
    return _REMARK.fullmatch(header_words(header)) is not None


def safe_notes(notes: Sequence[Message]) -> tuple[Message, ...]:
    """Return remarks of a table, without those that seem to speak of a person."""
    return tuple(
        Message("a line above or below the table looks personal and is not repeated here")
        if any(_is_of_person(str(value)) for _, value in note.values)
        else note
        for note in notes
    )


_CAPITALS = re.compile(r"[A-ZÁÉÍÓÚÜÑ][a-záéíóúüñ]+(?:,? [A-ZÁÉÍÓÚÜÑ][a-záéíóúüñ]+)+")
# A shelter by its name; titles speak of shelters and police stations in general too.
_NAMED_VENUE = re.compile(
    r"\b(?i:bar|hotel|hostal|hospedaje|discoteca|cantina|albergue|refugio|hogar|comisar[ií]a|car)"
    r" (?:de |del |la |el )*[A-ZÁÉÍÓÚÜÑ0-9]"
)


def _is_of_person(text: str) -> bool:
    """Tell whether a line of text seems to speak of a person, an address or a venue."""
    patterns = (_MAIL, _DIGITS8, _PHONE, _SOCIAL, _ADDRESS, _NAMED_VENUE, _SURE_POINT)
    whole = (_FILE_NUMBER, _PASSPORT, _INITIALS)
    if mentions_person(text) or any(_search(p, text) for p in patterns):
        return True
    parts = re.split(r"(?:^|(?<=[\s:]))(?:de|nota|por|a|con|fuente):? ", text, flags=re.IGNORECASE)
    if any(p.fullmatch(part.strip()) for p in whole for part in (text, *parts)):
        return True
    for run in _CAPITALS.findall(text):
        words = words_of(run).split()
        strangers = [word for word in words if word not in _common_words()]
        if len(strangers) > 2 or (strangers and has_given_name(run)):
            return True
    return False


def find_personal_columns(
    header: Sequence[str], rows: Sequence[Sequence[str]], *, keep: Sequence[int] = ()
) -> tuple[PersonalColumn, ...]:
    """Find the columns that look personal, in the order of the header.

    Those in ``keep`` are judged by their content only (see ``known`` in `personal_content`).
    """
    found = []
    for i, name in enumerate(header):
        cells = [row[i] for row in rows]
        why = _BY_HEADER if i not in keep and looks_personal_header(name) else None
        if why is not None and _PEOPLE.search(header_words(name)) and _all_counts(cells):
            why = None
        if why is None:
            why = personal_content(cells, known=i in keep)
        if why is not None:
            found.append(PersonalColumn(i, safe_header(name, i), why))
    return tuple(found)


def _all_counts(cells: Iterable[str]) -> bool:
    filled = {cell for cell in cells if cell.strip()}
    return bool(filled) and all(len(cell) < 8 and cell[:1].isdigit() for cell in filled)


def safe_header(header: str, position: int) -> str:
    """Return a header fit to be shown: its position where it looks like a cell."""
    looks_like_cell = (
        len(header) > 60
        or _LONG_NUMBER.search(header) is not None
        or personal_content([header]) is not None
        or _is_of_person(header)
    )
    return f"column {position + 1}" if looks_like_cell else header


def listed_columns(names: Sequence[str]) -> str:
    """Return column names for a message: at most twelve, and none that looks like a person's."""
    shown = ", ".join(safe_header(name, i) for i, name in enumerate(names[:12]))
    return f"{shown}, ..." if len(names) > 12 else shown


def has_columns(names: Sequence[str]) -> Message:
    """Say by which columns a table was recognised."""
    return Message("it has the columns {columns}", columns=listed_columns(names))


# A cell that no reader understood is repeated only if it can't be of a person.

HIDDEN = "•••"


@cache
def _common_words() -> frozenset[str]:
    """Words that tables of places, months and counts are made of."""
    names = " ".join(words_of(name) for name in unit_names().values())
    return frozenset((*names.split(), *_WORDS.split()))


_WORDS = """
amazonas ancash apurimac arequipa ayacucho cajamarca callao cusco huancavelica huanuco ica junin
la libertad lambayeque lima loreto madre dios moquegua pasco piura puno san martin tacna tumbes
ucayali peru departamento dpto provincia distrito region ciudad fiscal judicial metropolitana
provincias norte sur este oeste centro de del el los las y a o en no sin con por enero febrero
marzo abril mayo junio julio agosto setiembre septiembre octubre noviembre diciembre ene feb mar
abr may jun jul ago set sep oct nov dic trimestre semestre primer segundo tercer cuarto january
february march april june july august september october november december total totales general
subtotal casos denuncias victimas personas dato datos especificado especifica and of the to not
other otros otro unknown origen destino captacion explotacion procedencia lugar place origin
destination value valor cantidad numero nombre codigo ubigeo fecha date edad sexo genero grupo
tipo modalidad finalidad sexual laboral trata ruta modo fuente source registro periodo year month
ano anio mes delito articulo categoria denuncia caso victima persona poblacion porcentaje tasa
ministerio publico policia fiscalia instituto estadistica informatica observatorio sistema
informacion mujer poblaciones vulnerables justicia interior defensoria pueblo sociales humano
humanos capital alternativo organizacion internacional migraciones migracion naciones unidas
relaciones exteriores elaboracion propia criminalidad seguridad ciudadana
"""


def is_personal_cell(cell: str) -> bool:
    """Tell whether one cell plainly holds what is a person's, or names a venue or a shelter."""
    if not cell or (cell.isdigit() and len(cell) < 7):
        return False
    text = cell[:300]
    if _DAY.fullmatch(text) or _PCODE.fullmatch(text):
        return False
    if _MAIL.search(cell) or any(p.search(text) for p in (_DIGITS8, _PHONE, _SOCIAL, _ADDRESS)):
        return True
    if any(p.fullmatch(text) for p in (_FILE_NUMBER, _PASSPORT, _SURE_POINT)):
        return True
    if _INITIALS.fullmatch(text) and not is_not_given(text):
        return True
    if not any(map(str.isalpha, text)):
        return False
    if _NAME.fullmatch(text) and has_given_name(text.partition(",")[2]) and not _is_unit(text):
        return True
    parts = (text, *re.split(r"[,;/|()]", text))
    named = (p for p in parts if looks_like_person(p) or _VENUE.search(words_of(p)))
    return any(not _is_unit(part) for part in named)


# Towns called after a person that are neither province nor district.
_TOWNS = frozenset({"pedroruizgallo", "pedroruiz"})


def _is_unit(text: str) -> bool:
    return key_of(text) in _TOWNS or any(is_unit_name(way.key) for way in wanted_names(text))


def _is_place(text: str) -> bool:
    return _is_unit(text) or embedded_resolver().names_region(text)


def safe_cell(cell: str) -> str:
    """Return a cell that was not understood, or dots where it may be of a person.

    More than one word that no place, month or count is written with is taken for a name: frequent
    names of persons are listed (`person_names`), but no list holds all.
    """
    if is_unit_name(key_of(cell)):
        return cell
    words = [word for word in words_of(cell).split() if word.isalpha() and len(word) > 2]
    strangers = [word for word in dict.fromkeys(words) if word not in _common_words()]
    hidden = (
        len(strangers) > 1 or len(cell) > 60 or _LONG_NUMBER.search(cell) or is_personal_cell(cell)
        or mentions_person(cell)
    )  # fmt: skip
    return HIDDEN if hidden else cell


def shown_cell(cell: str) -> str:
    """Return a cell fit to be an example, or the empty string."""
    safe = safe_cell(cell)
    return "" if HIDDEN in safe else safe


# A register: one row a person, by the columns it has.

_DESCRIBES = re.compile(
    r"\b(edad|age|sexo|sex|genero|gender|vinculo|parentesco|estado civil|nacionalidad|citizenship|"
    r"ocupacion|grado (de )?(instruccion|estudios)|nivel educativo|hijos|etnia|lengua materna|"
    r"discapacidad|gestante|embarazo|birthdate|age ?broad|majority ?status)\b|"
    r"\b(victima|agresor|tratante|agraviad[oa]) (edad|sexo|nro|nacionalidad|vinculo)"
)
_GROUP = re.compile(r"\b(grupo|rango|tramo|group|range|menor|mayor|promedio|media|total|casos)")
_CASE_ID = re.compile(
    rf"{CASE_NUMBER.pattern}|uuid|case id|marca temporal|timestamp|expediente|"
    r"carpeta( fiscal)?|ficha"
)
_OF_CASE = re.compile(
    r"\b(caso|case|victima|victim|persona|denuncia|expediente|atencion|carpeta)\b"
)
# What names somebody's person, not an office (which has a telephone and an address too).
_OF_PERSON = re.compile(
    r"\b(dni|documento de identidad|pasaporte|apellidos?|nombres|nombre (de la victima|completo|"
    r"y apellidos?)|surname|first name|last name|full name|agraviad[oa]s?|imputad[oa]s?|"
    r"denunciantes?|nacimiento|iniciales|birth\w*)\b"
)
_COUNTED = re.compile(r"\b(atendid|atencion|atenciones|cantidad|frecuencia|conteo|count)")
_ENOUGH_CELLS = 200  # to tell whether a column that is personal anyway holds names
_ROW_NUMBERS = ("n", "no", "nro", "num", "numero")


def register_signs(
    header: Sequence[str], rows: Sequence[Sequence[str]], personal: Sequence[PersonalColumn]
) -> tuple[str, ...]:
    """Name the columns that show one row a person; none where the table adds up."""
    skip = row_number_columns(header, rows)
    hidden = {column.position for column in personal}
    cells = {i: [text for row in rows if (text := row[i].strip())] for i in range(len(header))}
    identities = [
        column.header for column in personal
        if names_one_person(column) and not _all_counts(cells[column.position])
    ]  # fmt: skip
    described = [
        safe_header(name, i) for i, name in enumerate(header) if i not in skip and _describes(name)
    ]
    single = [
        safe_header(name, i) for i, name in enumerate(header)
        if i not in skip and re.search(r"\b(edad|age)\b", header_words(name))
        and not _GROUP.search(header_words(name)) and _are_ages(cells[i])
    ]  # fmt: skip
    ids = [
        safe_header(name, i) for i, name in enumerate(header)
        if _CASE_ID.fullmatch(header_words(name)) and len(set(cells[i])) == len(cells[i]) > 0
    ]  # fmt: skip
    persons = [
        column.header for column in personal
        if (
            _OF_PERSON.search(header_words(header[column.position]))
            or column.why == _NAMES
            or personal_content(cells[column.position][:_ENOUGH_CELLS]) == _NAMES
        )
        and len(set(cells[column.position])) * 2 > len(rows)
        and not _all_counts(cells[column.position])
        and not all(map(_is_place, cells[column.position]))  # "departamento de nacimiento"
    ]  # fmt: skip
    counted = any(
        _adds_up(name, cells[i])
        for i, name in enumerate(header)
        if i not in skip | hidden and not _describes(name)
    )
    if counted:  # a count of each row, yet a row is one person by name
        named = [name for name in persons if name in identities]
        return tuple(dict.fromkeys((*named, *single))) if named else ()
    ends = {(role_of(name) or ("",))[0] for name in header}
    moved = {"origin", "destination"} <= ends
    dates = [name for name in described if (role_of(name) or ("",))[0] == "date"]
    undated = [name for name in described if name not in dates]
    # A table of counts may have dates of download and cut, but these alone describe nobody.
    described = [name for name in described if name not in dates[1:]]
    cases = [name for name in ids if _OF_CASE.search(header_words(name))]
    if moved and (identities or undated or cases):
        return tuple(dict.fromkeys((*identities, *described, *cases)))
    ones = [
        safe_header(name, i) for i, name in enumerate(header)
        if i not in skip and _says_counts(name, cells[i])
        and len(cells[i]) == len(rows) > 1 and set(cells[i]) <= {"1", "1.0"}
    ]  # fmt: skip
    if persons or len(described) > 1 or single or (ids and (described or ones)):
        return tuple(dict.fromkeys((*persons, *ids, *described, *single, *ones)))
    if flags := _yes_and_no(header, cells, len(rows), skip | hidden):
        return tuple(dict.fromkeys((*ids, *flags)))
    return ()


_ANSWERS = frozenset({"0", "1", "1.0", "0.0", "si", "no", "yes", "x", "true", "false", "verdadero",
                      "falso", "s", "n"})  # fmt: skip


def _yes_and_no(
    header: Sequence[str], cells: Mapping[int, Sequence[str]], rows: int, skip: frozenset[int]
) -> list[str]:
    """Name the columns of yes and no that describe one person each; none if a row is a place."""
    named, flags = False, []
    for i, name in enumerate(header):
        words = {words_of(cell) for cell in cells[i]}
        unique = len(words) == len(cells[i]) == rows
        named = named or (unique and i not in skip and not all(map(str.isdigit, words)))
        counts = _says_counts(name, cells[i]) or role_of(name) is not None
        if words and words <= _ANSWERS and not counts and i not in skip:
            flags.append(safe_header(name, i))
    return flags if len(flags) > 1 and rows > 2 and not named else []


def _describes(name: str) -> bool:
    """Tell whether a header says sex, age, date or bonds, as of one person."""
    words = header_words(name)
    declared = (role_of(name) or ("",))[0] in PERSON_ROLES
    return declared or bool(_DESCRIBES.search(words) and not _GROUP.search(words))


def _adds_up(name: str, cells: Sequence[str]) -> bool:
    """Tell whether a column holds counts that differ from one a row."""
    if CASE_NUMBER.fullmatch(header_words(name)) and len(set(cells)) == len(cells):
        return False
    more = any(cell not in ("0", "1", "1.0") for cell in cells)
    return more and _says_counts(name, cells) and holds_counts(cells)


def _says_counts(name: str, cells: Sequence[str]) -> bool:
    """Tell whether a header speaks of counts."""
    words = header_words(name)
    return bool(
        (role_of(name) == ("value", "") and words not in _ROW_NUMBERS)
        or (measure_of(words) is not None and not is_ratio(name))
        or _COUNTED.search(words)
        or (read_value_header(name).period and holds_counts(cells))
        or (_is_place(name) and holds_counts(cells))
    )


def _are_ages(cells: Sequence[str]) -> bool:
    """Tell whether cells are ages of one person each, not bands of ages."""
    ages = [cell for cell in cells if re.fullmatch(r"\d{1,3}(\.0)?( años)?", cell)]
    return len(ages) * 2 > len(cells)


# The door.


@dataclass(frozen=True)
class Screened:
    """A table fit to be read: what looks personal stands in it as tokens that tell nothing."""

    sheet: Sheet  # the table; titles and footnotes that speak of a person are not repeated in it
    personal: tuple[PersonalColumn, ...]  # columns whose cells are tokens, all of them
    # titles and footnotes as they are, to be searched and never to be shown
    lines: tuple[str, ...] = field(default=(), repr=False)

    @property
    def hidden(self) -> frozenset[int]:
        """Positions of the columns that look personal."""
        return frozenset(column.position for column in self.personal)

    @property
    def names(self) -> tuple[str, ...]:
        """Headers of the columns that look personal, as the sheet has them."""
        return tuple(self.sheet.header[column.position] for column in self.personal)


def open_guarded(
    path: str | Path | Sheet, *, register: bool = False, **opening: Unpack[Opening]
) -> Sheet:
    """Open a table; no error repeats a cell of a person, nor any text of a register."""
    try:
        opened = _with_labels(open_sheet(path, **opening))
        return replace(opened, why=tuple(map(_safe_sheet, opened.why)))
    except MissingExtraError:
        raise
    except CorredorError as error:
        message = _safe_message(error.message, strict=register)
    # Outside the handler, so that no cell hangs on to the new error.
    raise DataFileError(message)


def _safe_sheet(why: Message) -> Message:
    """Return what a table was recognised by, without the name of a sheet that is a person's."""
    values = {
        name: HIDDEN if name == "sheet" and _is_of_person(str(value)) else value
        for name, value in why.values
    }
    return Message(why.text, **values) if values else why


def _with_labels(opened: Sheet) -> Sheet:
    """Call columns what their labels say (SPSS), unless only the short name tells the role."""
    if not opened.labels:
        return opened
    header = list(opened.header)
    for i, name in enumerate(opened.header):
        label = opened.labels.get(name, "").strip()
        says = role_of(label) is not None or looks_personal_header(label)
        if label and label not in header and (says or role_of(name) is None):
            header[i] = label
    return replace(opened, header=tuple(header), labels={})


def open_screened(
    path: str | Path | Sheet,
    *,
    table: str,
    asked: Sequence[str] = (),
    register: bool = False,
    numbers: bool = False,
    **opening: Unpack[Opening],
) -> Screened:
    """Open a table for a reader of ``table``.

    ``asked`` are the columns that the caller names; they are read by their content, or refused.
    A register with one row a person is refused unless the reader counts it (``register``).
    ``numbers``: eight digits are people of a country here, no identity card.
    """
    opened = join_codes(open_guarded(path, register=register, **opening))
    if any(map(_is_no_header if not register else _is_cell, opened.header)):
        raise one_fault(
            table,
            opened.file,
            Message("The first row looks like a case instead of column names."),
            Message("Write the names above the columns, or say where they stand with header_row."),
        )
    keep = kept_columns(opened.header, others=not register)
    ordinal = row_number_columns(opened.header, opened.rows)
    judged = opened.rows
    if numbers:
        judged = tuple(tuple("" if _is_number(c) else c for c in row) for row in opened.rows)
    personal = tuple(
        column
        for column in find_personal_columns(opened.header, judged, keep=keep)
        if column.position not in ordinal
    )
    if not register and (signs := register_signs(opened.header, opened.rows, personal)):
        raise one_fault(
            table,
            opened.file,
            Message(
                "This is a register with one row a case: it has the columns {columns}.",
                columns=", ".join(signs),
            ),
            Message(
                "Read it with 'corredor check FILE --as cases', which counts the cases and"
                " keeps no row."
            ),
        )
    for column in personal:
        if opened.header[column.position] in asked:
            raise not_read(table, opened.file, column)
    return Screened(_without_cells(opened, personal, numbers), personal, opened.lines)


def _is_cell(name: str) -> bool:
    return personal_content([name]) is not None


def _is_no_header(name: str) -> bool:
    """Tell whether a header is somebody's cell; "Santa Rosa, Loreto" may stand above counts."""
    return personal_content([name], known=_is_unit(name)) is not None


def not_read(table: str, file: str, column: PersonalColumn) -> TableError:
    """Return the error that a column which somebody asked for looks personal."""
    return one_fault(
        table,
        file,
        Message(
            "The column '{column}' is not read, because {why}.",
            column=column.header,
            why=column.why,
        ),
        Message("Take these cells out of it, or name another column."),
    )


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"[\d.,\s'’]+", cell) is not None


def _without_cells(opened: Sheet, personal: Sequence[PersonalColumn], numbers: bool) -> Sheet:
    """Return the sheet with tokens instead of personal cells, each text always with the same."""
    hidden = {column.position for column in personal}
    tokens: dict[str, str] = {}
    columns = []
    changed = False
    for i, column in enumerate(zip(*opened.rows, strict=True)):
        marked = [
            text for text in dict.fromkeys(column)
            if text and (i in hidden or is_personal_cell(text))
            and not is_inferred(words_of(text), whole=True)  # a word of status, which decides
            and not (numbers and _is_number(text))
        ]  # fmt: skip
        if marked:
            changed = True
            for text in marked:
                # Letters, so that no token is empty, a code or a number to any reader.
                tokens.setdefault(text, f"{HIDDEN}x{len(tokens) + 1}")
            own = {text: tokens[text] for text in marked}
            column = tuple(own.get(text, text) for text in column)
        columns.append(column)
    rows = tuple(zip(*columns, strict=True)) if changed else opened.rows
    return replace(opened, rows=rows, notes=safe_notes(opened.notes))


def kept_columns(header: Sequence[str], *, others: bool = True) -> tuple[int, ...]:
    """Return the columns that are personal only if their cells plainly are.

    ``others``: whether columns without a part are among them, if their header does not look
    personal (the columns of a matrix have no part). "Dirección de origen" is never among them.
    """
    spelled = ("place", "code", "year", "month", "period", "start", "end", "unit")
    return tuple(
        place
        for place, name in enumerate(header)
        if not speaks_of_persons(name)
        and (
            role_of(name) is not None
            or (
                others
                and (
                    not looks_personal_header(name)
                    or is_spelled(name, *spelled)
                    or read_value_header(name).period is not None  # "2017 N°"
                )
            )
        )
    )


# Gaps of messages that never hold a cell.
_SAFE_GAPS = frozenset(
    {"file", "row", "found", "wanted", "separator", "extra", "kind", "n", "size", "limit", "line",
     "position", "what", "first", "last", "suffix", "kinds", "choices"}
)  # fmt: skip
_SAFE_OF_TABLES = _SAFE_GAPS | {"column", "columns"}  # a register may have cells for names


def guarded(reader: Callable[P, R]) -> Callable[P, R]:
    """Wrap a reader so that its errors repeat no cell that may be of a person."""

    @wraps(reader)
    def read(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return reader(*args, **kwargs)
        except MissingExtraError:
            raise
        except TableError as error:
            faults = [
                replace(
                    fault,
                    column=None if fault.column is None else _safe_name(fault.column),
                    value=None if fault.value is None else safe_cell(fault.value),
                )
                for fault in error.faults
            ]
            safe: CorredorError = TableError(error.table, error.file, faults, more=error.more)
        except DataFileError as error:
            safe = DataFileError(_safe_message(error.message))
        # Outside the handler, so that no cell hangs on to the new error.
        raise safe

    return read


def _safe_name(name: str) -> str:
    """Return the name of a column, or dots where somebody's cell was given for one."""
    return HIDDEN if _LONG_NUMBER.search(name) or is_personal_cell(name) else name


def _safe_message(message: Message, *, strict: bool = False) -> Message:
    """Return a message without what may be of a person; ``strict`` without any text of a file."""
    safe = _SAFE_GAPS if strict else _SAFE_OF_TABLES
    values: Mapping[str, object] = {
        name: _safe_message(value, strict=strict) if isinstance(value, Message)
        # Without the names of sheets nobody could say which to read.
        else ", ".join(map(safe_cell, value.split(", ")))
        if name in ("sheet", "sheets") and isinstance(value, str)
        else HIDDEN if name not in safe and isinstance(value, str)
        and (strict or _is_of_person(value))
        else _safe_name(value) if name == "column" and isinstance(value, str)
        else value
        for name, value in message.values
    }  # fmt: skip
    return Message(message.text, **values) if values else message
