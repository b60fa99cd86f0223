"""Names of regions and of judicial and fiscal districts as complaint tables print them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Literal

import pandas as pd

from ...errors import fold, suggestion
from ...messages import Message
from ...places.codes import find_region
from ...places.keys import words_of
from ...places.loose import find_loosely
from ...study.tables import read_checked

Unit = Literal["national", "region", "judicial_district", "fiscal_district"]
PlaceKind = Literal["place", "total", "subtotal", "unstated", "unknown", "blank"]

LIMA, CALLAO = "15", "07"
_ALIASES = {
    "cuzco": "08",
    "provconstdelcallao": CALLAO,
    "provconstdecallao": CALLAO,
    "provconstcallao": CALLAO,
    "pconstdelcallao": CALLAO,
    "provinciaconstitucionaldelcallao": CALLAO,
    "provinciaconstitucionaldecallao": CALLAO,
    "provinciaconstitucionalcallao": CALLAO,
    "provinciaconstdelcallao": CALLAO,
    "constitucionaldelcallao": CALLAO,
    "callaoprovinciaconstitucional": CALLAO,
    "callaoprovconst": CALLAO,
    "elcallao": CALLAO,
    "libertadla": "13",
    "libertad": "13",
    "diosmadrede": "17",
    "mdedios": "17",
}
# Names that mean a part of the department of Lima.
_LIMA_CITY = {"limametropolitana", "provinciadelima", "limaprovincia", "provlima", "limacapital",
              "limamet", "limametro", "municipalidadmetropolitanadelima", "provdelima",
              "regionlimametropolitana", "departamentolimametropolitana"}  # fmt: skip
_LIMA_REST = {"limaprovincias", "regionlima", "limaregion", "limaprov", "provinciasdelima",
              "gobiernoregionaldelima", "regionlimaprovincias", "limaresto", "restodelima",
              "gobiernoregionallima", "regiondelima"}  # fmt: skip
_PREFIX = re.compile(
    r"^(departamento|depto\.?|dpto\.?|dep\.?|region|gobierno regional|gore|distrito fiscal|"
    r"distrito judicial|d\.? ?f\.?|d\.? ?j\.?|corte superior(?: de justicia)?|"
    r"ministerio publico|presidencia)\s+(?:(?:de|del)\s+)?(?=\S)"
)
_SUFFIX = re.compile(r"\s+(region|department)$")
_TOTAL = re.compile(
    r"(gran |grand |sub ?)?total(es)?\b.*|t o t a l|suma|overall|whole country|"
    r"(a )?nivel nacional|nacional|peru|todo el (pais|peru)|"
    r"pais|republica del peru|ambito nacional|resumen nacional"
)
_SUBTOTAL = re.compile(r"(sub ?)?total(?: (?:de|del|region|departamento))* (?P<place>.+)")
_UNSTATED = re.compile(
    r"(no|sin) (especifica(do|da)?|identifica(do|da)|determina(do|da)|precisa(do|da)?|indica(do)?|"
    r"informacion|dato|datos|registra(do)?|especificar|precisar|determinar|lugar|departamento)|"
    r"desconocido|ignorado|extranjero|exterior|otro pais|otros paises|n\.?e\.?|s/i|n\.?d\.?|"
    r"sin info\.?|otros|otro|no consigna|por determinar|en blanco|\(en blanco\)|\(blank\)"
)
_ISO = re.compile(r"PE-[A-Z]{3}|PE\.[A-Z]{2}", re.IGNORECASE)
_MARK = re.compile(r"\s*(\*+|\(?\d\)|\(?\d/\)?|[¹²³⁴]|\([a-z]\)|\b[a-c]/)$")


@dataclass(frozen=True)
class PlaceMatch:
    """What a printed name stands for.

    Parameters
    ----------
    kind : {"place", "total", "subtotal", "unstated", "unknown", "blank"}
        A place; a sum of all places; a sum of one region; the rest whose place the source does not
        give; a name that is not known; or no name.
    key : str
        Equal for two names of one place.
    ubigeo : str
        Code of the region; the empty string where there is none.
    part : {"", "city", "rest"}
        The half of the department of Lima that the name means.
    """

    kind: PlaceKind
    key: str = ""
    ubigeo: str = ""
    part: Literal["", "city", "rest"] = ""


@dataclass(frozen=True)
class PlaceIndex:
    """Known regions and districts; build it with `index_places`.

    Parameters
    ----------
    names : dict of str to str
        Name of each region by its code.
    regions : dict of str to str
        Code by folded name.
    districts : dict of str to (str, str, str, str)
        Canonical name, code and the two notes, by folded name.
    printed : dict of str to str
        Printed name of districts by folded name, for suggestions.
    """

    names: dict[str, str]
    regions: dict[str, str]
    districts: dict[str, tuple[str, str, str, str]]
    printed: dict[str, str] = field(default_factory=dict)


def place_key(name: str) -> str:
    """Return a place name without accents, case, blanks and punctuation."""
    return re.sub(r"[\W_]+", "", fold(name))


def embedded_districts() -> pd.DataFrame:
    """Return the embedded crosswalk from judicial and fiscal districts to regions."""
    folder = resources.files("corredor.geodata.peru")
    with resources.as_file(folder / "fiscal_districts.csv") as path:
        return read_checked(path, "districts")


def embedded_regions() -> dict[str, str]:
    """Return the names of the 25 regions by their INEI code."""
    folder = resources.files("corredor.geodata.peru")
    with resources.as_file(folder / "population.csv") as path:
        table = read_checked(path, "population")
    return dict(zip(table["ubigeo"], table["name"], strict=True))


def index_places(
    regions: Mapping[str, str] | None = None, districts: pd.DataFrame | None = None
) -> PlaceIndex:
    """Build the index that resolves printed names.

    Parameters
    ----------
    regions : mapping of str to str, optional
        Name of each region by its INEI code; the 25 of Peru if left out.
    districts : DataFrame, optional
        Crosswalk with ``district``, ``canonical``, ``ubigeo``, ``note_es``, ``note_en``; the
        embedded one if left out.

    Returns
    -------
    PlaceIndex
        The index.
    """
    names = dict(regions) if regions is not None else embedded_regions()
    table = districts if districts is not None else embedded_districts()
    by_name = {place_key(name): code for code, name in names.items()}
    by_name |= {alias: code for alias, code in _ALIASES.items() if code in names}
    known = {
        place_key(row["district"]): (
            row["canonical"],
            row["ubigeo"],
            row["note_es"],
            row["note_en"],
        )
        for row in table.to_dict("records")
    }
    printed = {place_key(name): str(name) for name in table["district"]}
    return PlaceIndex(names, by_name, known, printed)


def clean_place(name: str) -> str:
    """Return a printed name without footnote signs."""
    plain = name.strip()
    while marked := _MARK.search(plain):
        if marked.start() == 0:
            break
        plain = plain[: marked.start()].strip()
    return plain.rstrip(":").strip()


def resolve_region(name: str, index: PlaceIndex) -> PlaceMatch:
    """Tell which region a printed name means.

    Parameters
    ----------
    name : str
        As printed, in any case, with or without accents and footnote signs.
    index : PlaceIndex
        Known names.

    Returns
    -------
    PlaceMatch
        ``key`` is the code of the region.
    """
    return _resolve(name, index, district=False)


def resolve_district(name: str, index: PlaceIndex) -> PlaceMatch:
    """Tell which judicial or fiscal district a printed name means.

    Parameters
    ----------
    name : str
        As printed.
    index : PlaceIndex
        Known names.

    Returns
    -------
    PlaceMatch
        ``key`` is the canonical name of the district, ``ubigeo`` the region it is brought to.
    """
    return _resolve(name, index, district=True)


def _resolve(name: str, index: PlaceIndex, *, district: bool) -> PlaceMatch:
    plain = clean_place(name)
    folded = fold(plain)
    if found := _place(plain, index, district=district):
        return found
    if subtotal := _SUBTOTAL.fullmatch(folded):
        inner = _place(subtotal.group("place"), index, district=district)
        if inner:
            return PlaceMatch("subtotal", inner.key, inner.ubigeo, inner.part)
    if _TOTAL.fullmatch(folded.strip(" .:")):
        return PlaceMatch("total")
    if not folded:
        return PlaceMatch("blank")
    if _UNSTATED.fullmatch(folded.strip(" .:")):
        return PlaceMatch("unstated")
    read = read_loosely(plain, index, district=district)
    return (read and _place(read, index, district=district)) or PlaceMatch("unknown")


def read_loosely(name: str, index: PlaceIndex, *, district: bool) -> str:
    """Return the one name that a damaged or shortened one can stand for.

    Parameters
    ----------
    name : str
        For example ``Jun?n``, ``LORET0``, ``S. Martín``.
    index : PlaceIndex
        Known names.
    district : bool
        Whether it should name a judicial or fiscal district.

    Returns
    -------
    str
        The empty string if there is none, or more than one.
    """
    printed = index.printed if district else index.names
    found = find_loosely(name, {words_of(one): one for one in printed.values()})
    return found[0] if len(found) == 1 else ""


def _place(name: str, index: PlaceIndex, *, district: bool) -> PlaceMatch | None:
    folded = fold(name)
    for candidate in (folded, _PREFIX.sub("", folded), _SUFFIX.sub("", folded)):
        key = place_key(candidate)
        if district:
            if key in index.districts:
                canonical, ubigeo, _, _ = index.districts[key]
                return PlaceMatch("place", canonical, ubigeo)
            continue
        if key in index.regions:
            return PlaceMatch("place", index.regions[key], index.regions[key], _lima_part(folded))
        if LIMA in index.names and key in _LIMA_CITY | _LIMA_REST:
            return PlaceMatch("place", LIMA, LIMA, "city" if key in _LIMA_CITY else "rest")
    return None


def _lima_part(folded: str) -> Literal["", "city", "rest"]:
    """Tell "Región Lima", which leaves the city out, from the department."""
    key = place_key(folded)
    return "rest" if key in _LIMA_REST else "city" if key in _LIMA_CITY else ""


def read_region_code(text: str) -> str | None:
    """Read the code of a region from an INEI code of any length.

    Parameters
    ----------
    text : str
        ``1``, ``01``, ``010000``, ``150101``, ``17.0``, ``PE01``, ``PE-AMA``.

    Returns
    -------
    str or None
        Two digits; None if it is no code.
    """
    match = re.fullmatch(r"(?:PE-?)?([0-9]{1,6})(?:\.0)?", text.strip(), re.IGNORECASE)
    if not match:
        return (find_region(text) or "")[:2] or None if _ISO.fullmatch(text.strip()) else None
    digits = match.group(1)
    return digits.zfill(len(digits) + len(digits) % 2)[:2]


def suggest_place(name: str, index: PlaceIndex, *, district: bool) -> Message:
    """Return the sentence that offers the nearest known name.

    Parameters
    ----------
    name : str
        A name that is not known.
    index : PlaceIndex
        Known names.
    district : bool
        Whether it should name a judicial or fiscal district.

    Returns
    -------
    Message
        The suggestion.
    """
    known = index.printed.values() if district else index.names.values()
    other = resolve_district(name, index) if not district else resolve_region(name, index)
    if other.kind == "place" and not district:
        return Message("It is a judicial or fiscal district: say so with unit='fiscal_district'.")
    if read_region_code(name) in index.names:
        return Message("If this column holds codes, say so with columns={'code': '...'}.")
    words = set(fold(clean_place(name)).replace("(", " ").replace(")", " ").split())
    if {"lima", "callao"} <= words and not district:
        return Message(
            "It is one count for two regions, which cannot be shared out. Use a table that gives"
            " Lima and Callao apart, or leave the row out with allow_unmatched=True."
        )
    near = suggestion(clean_place(name), list(known))
    if near.values:
        return near
    return Message(
        "Nothing known looks like it. Write the region it lies in, or leave it out with"
        " allow_unmatched=True, which counts it."
    )
