"""Which columns of a table look as if they held data about persons.

Columns are judged by their header and by what stands in them. Whatever is found is named by its
header only, never by a cell; a header that itself looks like a cell is named by its position.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ..messages import Message
from ..words import is_not_given, words_of
from .person_names import looks_like_person, mentions_person

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
    r"lat|lon|lng|long|coord\w*|gps|utm\w*|alias|apodos?|sobrenombre|nickname|nacimiento|"
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
# Words that are personal unless the header speaks of a place ("nombre del departamento").
_WEAK = re.compile(
    r"\b(nombres?|name|names|person|persona|victima|id|identificador|codigo|cod|caso|case|n|no|"
    r"nro|num|numero)\b"
)
_OF_PLACE = re.compile(
    r"\b(departamento|dpto|provincia|distrito|region|lugar|ciudad|pais|origen|destino|captacion|"
    r"explotacion|ubigeo|place|origin|destination|city|province|district|casos|cases|victimas)\b"
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
    r"aa\.? ?hh|asent\w* humano|km)\b\.?\s*\S*.*(\d|\bs/n)",
    re.IGNORECASE,
)
_POINT = re.compile(r"-?\d{1,3}[.,]\d{3,}(\s*[,;]\s*-?\d{1,3}[.,]\d{3,})?")
_PASSPORT = re.compile(r"[A-Z]{1,3} ?\d{6,9}|0\d{8}")
_SOCIAL = re.compile(r"(facebook|instagram|tiktok|twitter)\.com/\S|(?<!\S)@\w{3,}", re.IGNORECASE)
_INITIALS = re.compile(r"([A-ZÁÉÍÓÚÑ]\. ?){2,5}(\(?\d{1,2}( años)?\)?)?")
_FILE_NUMBER = re.compile(r"\d{3,}-\d{4}(-\d+)+(-\w+)*")
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
    """A column that looks personal.

    Parameters
    ----------
    position : int
        Place in the header, from 0.
    header : str
        Its header, or ``column N`` where the header looks like a cell.
    why : Message
        What it was judged by.
    """

    position: int
    header: str
    why: Message


def speaks_of_persons(header: str) -> bool:
    """Tell whether a header speaks of persons or addresses, whatever else it says."""
    words = _PLACE_NAMES.sub("", words_of(header.replace("_", " ")))
    return bool(_STRONG.search(words) or _ALONE.fullmatch(words))


def looks_personal_header(header: str) -> bool:
    """Tell whether a header speaks of a person, an address, a shelter or a document."""
    if speaks_of_persons(header):
        return True
    if is_not_given(header):
        return False
    words = words_of(header.replace("_", " "))
    return bool(_WEAK.search(words)) and not _OF_PLACE.search(words)


def personal_content(
    cells: Sequence[str], *, known: bool = False, names: bool = True
) -> Message | None:
    """Tell by its cells whether a column looks personal.

    Parameters
    ----------
    cells : sequence of str
        Cells of one column.
    known : bool
        Whether the header tells that these are places, dates or the like. Then one cell in five
        must match, and neither "Surname, Name" nor coordinates count: "Santa Rosa, Loreto" and
        the count 1.433 are written so too.
    names : bool
        Whether "Surname, Name" counts in other columns.

    Returns
    -------
    Message or None
        What the cells look like; None where they look like nothing personal. A single e-mail,
        telephone or identity number is enough; other patterns count from one filled cell in five.
    """
    times = Counter(cells)
    filled = {text: n for cell, n in times.items() if (text := cell.strip())}
    many = sum(filled.values())
    for pattern, whole, why in PATTERNS:
        if known and pattern in (_NAME, _POINT, _INITIALS):
            continue
        if pattern is _NAME and not names:
            continue
        found = sum(
            n
            for cell, n in filled.items()
            if (pattern.fullmatch(cell) if whole else pattern.search(cell))
            and not _DAY.fullmatch(cell)
        )
        one = pattern in (_MAIL, _DIGITS8, _PHONE) and not known
        if found >= (1 if one else max(1, many / 5)):
            return why
    if names and many:
        found = sum(n for cell, n in filled.items() if looks_like_person(cell))
        if found >= max(1, many / 5):
            return _NAMES
    return None


def names_one_person(column: PersonalColumn) -> bool:
    """Tell whether a column names persons one by one, by its header or by its cells."""
    words = words_of(column.header.replace("_", " "))
    return column.why in _OF_PERSONS or _IDENTITY.search(words) is not None


def is_remark(header: str) -> bool:
    """Tell whether a column holds remarks, which any table may have."""
    return _REMARK.fullmatch(words_of(header.replace("_", " "))) is not None


def safe_notes(notes: Sequence[Message]) -> tuple[Message, ...]:
    """Return remarks of a table, without those that seem to speak of a person.

    Parameters
    ----------
    notes : sequence of Message
        Titles, footnotes and the like; their values come from the file.

    Returns
    -------
    tuple of Message
        Each as it was, or a sentence that one is not repeated.
    """
    return tuple(
        Message("a line above or below the table looks personal and is not repeated here")
        if any(_is_of_person(str(value)) for _, value in note.values)
        else note
        for note in notes
    )


def _is_of_person(text: str) -> bool:
    return mentions_person(text) or any(p.search(text) for p in (_MAIL, _DIGITS8, _PHONE))


def find_personal_columns(
    header: Sequence[str], rows: Sequence[Sequence[str]], *, keep: Sequence[int] = ()
) -> tuple[PersonalColumn, ...]:
    """Find the columns that look personal.

    Parameters
    ----------
    header : sequence of str
        Column names.
    rows : sequence of sequence of str
        Cells, as many in each row as in the header.
    keep : sequence of int
        Positions judged by their content only (see ``known`` in `personal_content`).

    Returns
    -------
    tuple of PersonalColumn
        In the order of the header. None of them holds a cell.
    """
    found = []
    for i, name in enumerate(header):
        why = _BY_HEADER if i not in keep and looks_personal_header(name) else None
        if why is None:
            why = personal_content([row[i] for row in rows], known=i in keep)
        if why is not None:
            found.append(PersonalColumn(i, safe_header(name, i), why))
    return tuple(found)


def safe_header(header: str, position: int) -> str:
    """Return a header fit to be shown: its position where it looks like a cell."""
    looks_like_cell = (
        len(header) > 60
        or sum(c.isdigit() for c in header) > 4
        or personal_content([header]) is not None
    )
    return f"column {position + 1}" if looks_like_cell else header
