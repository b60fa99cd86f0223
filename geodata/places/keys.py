"""How names of places are compared: spelling, abbreviations, words for a level, hints, codes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ..errors import fold
from ..text import mend_text

Level = Literal["region", "province", "district", "city"]

SHORT = {
    "pto": "puerto", "pta": "punta", "sta": "santa", "sto": "santo", "gral": "general",
    "cnel": "coronel", "crnl": "coronel", "mcal": "mariscal", "nva": "nueva", "nvo": "nuevo",
    "cdad": "ciudad", "const": "constitucional", "sn": "san", "vta": "vista", "vlla": "villa",
    "cmdte": "comandante", "tnte": "teniente", "hda": "hacienda", "alte": "almirante",
}  # fmt: skip
_LEVELS: dict[str, Level] = {
    "region": "region", "reg": "region", "departamento": "region", "departament": "region",
    "dpto": "region", "depto": "region", "dep": "region", "dpt": "region", "department": "region",
    "gobierno regional": "region", "gore": "region",
    "provincia": "province", "prov": "province", "province": "province",
    "distrito": "district", "dist": "district", "district": "district",
    "ciudad": "city", "city": "city", "centro poblado": "city", "ccpp": "city",
    "localidad": "city", "caserio": "city", "pueblo": "city",
}  # fmt: skip
_PREFIX = re.compile(rf"({'|'.join(sorted(_LEVELS, key=len, reverse=True))}) (?:del? |of )?(.+)")
_SUFFIX = re.compile(r"(.+) (region|department|province|provincia|district|distrito|city|ciudad)")
_NO_DISTRICT = re.compile(r"distrito (fiscal|judicial)\b")
_PARTS = re.compile(r"\s*[,;/|()]\s*|\s+[-–—]\s+")
_CODE = re.compile(r"(?:PE)?(\d{1,6})(?:\.0+)?", re.IGNORECASE)
_NOT_GIVEN = re.compile(
    r"n d|nd|na|n a|s d|sd|s i|sin dato|sin datos|sin informacion|no especifica|no especificado|"
    r"no especificada|no indica|no indicado|no precisa|no precisado|no registra|no registrado|"
    r"no determinado|no identificado|desconocido|desconocida|se desconoce|ignorado|por determinar|"
    r"unknown|not specified|not known|null|none|nan|otro|otros|otras|other|varios|varias"
)
_TOTAL = re.compile(
    r"(?:sub ?|gran |grand )?total(?:es)?(?: (?:de |del |of )?(.+))?|suma(?: total)?"
)
_OF_ALL = re.compile(
    r"(?:la |los |las )?(?:general(?:es)?|nacional|peru|pais|departamentos?|regiones|origen(?:es)?|"
    r"destinos?|casos|victimas|denuncias|flujos|personas|filas?|columnas?|\d+)"
)


_COUNTRY = re.compile(r"(el )?peru|todo el (peru|pais)|(a )?nivel nacional|nacional|pais|interior")
_ABROAD = re.compile(
    r"(en )?(el )?(extranjero|exterior)|otros? pais(es)?|abroad|argentina|bolivia|brasil|brazil|"
    r"chile|colombia|ecuador|paraguay|uruguay|venezuela|mexico|panama|cuba|haiti|"
    r"republica dominicana|estados unidos|ee ?uu|usa|united states|canada|espana|spain|italia|"
    r"italy|francia|alemania|reino unido|suiza|holanda|paises bajos|turquia|japon|japan|china|"
    r"corea( del sur)?|filipinas|tailandia|europa|asia|la paz|santiago de chile|guayaquil|quito|"
    r"bogota|buenos aires|sao paulo|madrid|milan"
)
_AREA = re.compile(
    r"(la |zonas? de |ciudades de la )?(costa|sierra|selva|amazonia|frontera|altiplano|vraem|vrae)"
    r"( norte| sur| central| centro| peruana| alta| baja)?|(el )?(norte|sur|centro|oriente)"
    r"( del pais| del peru| chico)?|zonas? (mineras?|rural(es)?|fronterizas?)|triple frontera|"
    r"mineria( ilegal)?|minas?|cocha|rio"
)


@dataclass(frozen=True)
class WantedName:
    """What a cell asks for.

    Parameters
    ----------
    key : str
        The name for comparing (see `key_of`).
    level : {"region", "province", "district", "city"} or None
        The level that the cell itself names ("Provincia de Puno").
    within : tuple of str
        Keys of the units it is said to lie in, the smallest first ("Santa Rosa (Melgar, Puno)").
    """

    key: str
    level: Level | None
    within: tuple[str, ...] = ()


@lru_cache(maxsize=20_000)
def words_of(name: str) -> str:
    """Return ``name`` in small plain letters, abbreviations written out, no punctuation."""
    plain = "".join(c if c.isalnum() else " " for c in fold(mend_text(name)[0]))
    return " ".join(SHORT.get(word, word) for word in plain.split())


def key_of(name: str) -> str:
    """Return what two spellings of one name share: ``Quince Mil`` and ``QUINCEMIL`` are one."""
    return words_of(name).replace(" ", "")


@lru_cache(maxsize=20_000)
def is_not_given(name: str) -> bool:
    """Tell whether a cell says that no place is known: empty, a dash, ``n.d.``, ``otros``."""
    words = words_of(name)
    return not words or _NOT_GIVEN.fullmatch(words) is not None


def is_total(name: str) -> bool:
    """Tell whether a cell is the label of a row or column of totals."""
    return total_of(name) is not None


def total_of(name: str) -> str | None:
    """Return what a label of totals adds up.

    Parameters
    ----------
    name : str
        For example ``TOTAL GENERAL``, ``Subtotal Puno``, ``Total de Ica``.

    Returns
    -------
    str or None
        Words of one place, the empty string for all, None where the label is none of a total.
    """
    found = _TOTAL.fullmatch(words_of(name))
    if found is None:
        return None
    of = found[1] or ""
    return "" if _OF_ALL.fullmatch(of) else of


def is_country(name: str) -> bool:
    """Tell whether a cell names Peru as a whole."""
    return _COUNTRY.fullmatch(words_of(name)) is not None


def is_abroad(name: str) -> bool:
    """Tell whether a cell names another country, or a well known city in one."""
    return _ABROAD.fullmatch(words_of(name)) is not None


def is_area(name: str) -> bool:
    """Tell whether a cell names an area without a point, such as the highlands."""
    return _AREA.fullmatch(words_of(name)) is not None


def code_of(name: str) -> str | None:
    """Return the INEI code that a cell holds, or None if it holds none.

    Parameters
    ----------
    name : str
        ``8``, ``08``, ``080000``, ``PE08``, ``8.0`` are region 08; zeros lost at the front come
        back, zeros that pad a region or province go.

    Returns
    -------
    str or None
        Two, four or six digits.
    """
    found = _CODE.fullmatch(name.strip())
    if found is None:
        return None
    digits = found[1]
    digits = digits.zfill(len(digits) + len(digits) % 2)
    while len(digits) > 2 and digits.endswith("00"):
        digits = digits[:-2]
    return digits


def wanted_names(name: str) -> list[WantedName]:
    """Return the ways a cell can be read, the most literal first.

    Parameters
    ----------
    name : str
        For example ``Dpto. Puno``, ``Santa Rosa (Loreto)``, ``PUNO / MELGAR / SANTA ROSA``.

    Returns
    -------
    list of WantedName
        Whole name; name without the word for its level; smallest unit first in larger ones, and
        the other way round.
    """
    ways = [WantedName(key_of(name), None), _without_level(name)]
    parts = [part for part in _PARTS.split(mend_text(name)[0]) if part and key_of(part) != "peru"]
    if parts and parts[0] != name:
        for order in (parts, parts[::-1]):
            first = _without_level(order[0])
            within = tuple(_without_level(part).key for part in order[1:])
            levels = [_LEVELS.get(words_of(part)) for part in order[1:]]
            named = next((level for level in levels if level), None)
            within = tuple(key for key, level in zip(within, levels, strict=True) if not level)
            ways.append(WantedName(key_of(order[0]), named, within))
            ways.append(WantedName(first.key, first.level or named, within))
    return [way for way in dict.fromkeys(ways) if way.key]


def _without_level(name: str) -> WantedName:
    words = words_of(name)
    if _NO_DISTRICT.match(words):
        return WantedName(key_of(name), None)
    if found := _PREFIX.fullmatch(words):
        return WantedName(found[2].replace(" ", ""), _LEVELS[found[1]])
    if found := _SUFFIX.fullmatch(words):
        return WantedName(found[1].replace(" ", ""), _LEVELS[found[2]])
    return WantedName(words.replace(" ", ""), None)
