"""The boundary files that people really have: which columns hold the code and the name.

Column names are compared in small letters without accents, blanks and punctuation. A Shapefile cuts
names to ten characters, so a name of ten is also taken for the start of a longer one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..places.gazetteer import Level
from ..places.keys import key_of

LEVELS: tuple[Level, ...] = ("region", "province", "district")
Codes = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Fields:
    """The columns of one level.

    Parameters
    ----------
    codes : tuple of tuple of str
        Columns that hold the code, the best first; several are written one after the other.
    names : tuple of str
        Columns that hold the name, the best first.
    """

    codes: Codes
    names: tuple[str, ...]


@dataclass(frozen=True)
class Schema:
    """A make of boundary file.

    Parameters
    ----------
    name : str
        Its usual name.
    marks : tuple of str
        Columns that tell it; one is enough.
    levels : mapping of str to Fields
        What it holds for each level.
    """

    name: str
    marks: tuple[str, ...]
    levels: Mapping[Level, Fields]


SCHEMAS: tuple[Schema, ...] = (
    Schema(
        "OCHA COD-AB / IGN",
        ("adm1pcode", "adm2pcode", "adm3pcode"),
        {
            "region": Fields((("adm1pcode",),), ("adm1es", "adm1name", "adm1en")),
            "province": Fields((("adm2pcode",),), ("adm2es", "adm2name", "adm2en")),
            "district": Fields((("adm3pcode",),), ("adm3es", "adm3name", "adm3en")),
        },
    ),
    Schema(
        "GADM",
        ("gid0", "gid1", "gid2", "gid3", "hasc1", "hasc2"),
        {
            "region": Fields((("cc1",), ("iso1",), ("hasc1",), ("gid1",)), ("name1",)),
            "province": Fields((("cc2",),), ("name2",)),
            "district": Fields((("cc3",),), ("name3",)),
        },
    ),
    Schema(
        "mapsPERU",
        ("coddepartamento", "codregion", "codprovincia", "coddistrito"),
        {
            "region": Fields(
                (("coddepartamento",), ("codregion",)), ("departamento", "region")
            ),
            "province": Fields((("codprovincia",),), ("provincia",)),
            "district": Fields((("coddistrito",),), ("distrito",)),
        },
    ),
    Schema(
        "innovar",
        ("depcode", "provcode", "distrcode"),
        {
            "region": Fields((("depcode",),), ("dep",)),
            "province": Fields((("depcode", "provcode"),), ("prov",)),
            "district": Fields((("ubigeo",), ("depcode", "provcode", "distrcode")), ("distr",)),
        },
    ),
    Schema(
        "INEI",
        (
            "ccdd", "ccpp", "ccdi", "firstiddp", "firstidpr", "iddpto", "idprov", "iddist",
            "coddep", "codprov", "coddist", "nombdep", "nombprov", "nombdist", "departamen",
        ),
        {
            "region": Fields(
                (("ccdd",), ("iddpto",), ("firstiddp",), ("iddep",), ("coddep",), ("coddpto",)),
                ("nombdep", "departamen", "departamento", "firstnomb", "nomdep", "nomdpto", "dpto"),
            ),
            "province": Fields(
                (
                    ("idprov",), ("firstidpr",), ("ccdd", "ccpp"), ("coddep", "codprov"),
                    ("iddpto", "ccpp"), ("codprov",),
                ),
                ("nombprov", "provincia", "nomprov", "prov"),
            ),
            "district": Fields(
                (
                    ("iddist",), ("ubigeo",), ("ccdd", "ccpp", "ccdi"),
                    ("coddep", "codprov", "coddist"), ("firstiddi",),
                ),
                ("nombdist", "distrito", "nomdist", "dist"),
            ),
        },
    ),
    Schema("FAO GAUL", ("adm0code", "str1year", "str2year", "exp1year"), {}),
    Schema("World Bank", ("nam0", "nam1", "adm1cdc", "wbregion"), {}),
    Schema(
        "OpenStreetMap",
        ("osmid", "adminlevel", "osmadminlevel", "refinei"),
        {"region": Fields((("iso31662",), ("hasc",)), ())},
    ),
    Schema(
        "Natural Earth",
        ("adm0a3", "iso31662", "woename", "gua3", "dissme"),
        {"region": Fields((("iso31662",),), ("name", "namees", "gnname", "nameen"))},
    ),
)  # fmt: skip

# Names of columns that say nothing of the make, nor (for the first two) of the level.
ANY_CODE = (
    "ubigeo", "codubigeo", "idubigeo", "ubigeoinei", "ubigeoreniec", "codubi", "ubi", "inei",
    "codigoubigeo", "refinei", "codigo", "cod", "code", "reniec",
)  # fmt: skip
ANY_NAME = ("name", "nombre", "nom", "nombres", "namees", "nombreubigeo", "shapename", "label")
ANY_LEVEL: Mapping[Level, Fields] = {
    "region": Fields(
        (("coddepartamento",), ("idregion",), ("codreg",), ("coddpto",), ("iso",), ("shapeiso",)),
        ("departamento", "region", "department", "nombredepartamento", "nomregion", "nomreg",
         "depto", "departament", "dpto", "nmdep", "nombredd", "departement", "adm1name", "adm1es",
         "adm1en", "nam1", "name1"),
    ),
    "province": Fields(
        (("codprovincia",), ("idprovincia",)),
        ("provincia", "province", "nombreprovincia", "nmprov", "nombrepp", "provinz", "adm2name",
         "adm2es", "adm2en", "nam2", "name2"),
    ),
    "district": Fields(
        (("coddistrito",), ("iddistrito",)),
        ("distrito", "district", "nombredistrito", "nmdist", "nombredi", "distrikt", "adm3name",
         "adm3es", "adm3en", "nam3", "name3"),
    ),
}  # fmt: skip
GEOBOUNDARIES = ("shapename", "shapeiso", "shapegroup", "shapetype")
# Columns that name the country of a row, and what Peru is called there.
COUNTRY = ("adm0pcode", "adm0a3", "gid0", "shapegroup", "isoa2", "isoa3", "iso3", "gua3", "sova3",
           "iso", "admin", "country", "pais", "adm0es", "name0", "adm0name", "adm0en", "nam0",
           "iso2", "countryname")  # fmt: skip
# Columns that say how fine a row is in layers that hold several levels, and the level by value.
ADMIN_LEVEL = ("adminlevel", "osmadminlevel")
OSM_LEVELS: Mapping[str, Level] = {"4": "region", "6": "province", "8": "district"}
PERU = frozenset(("pe", "per", "peru"))


@dataclass(frozen=True)
class Recognised:
    """What the columns of a layer were taken for.

    Parameters
    ----------
    schema : str or None
        Name of the make; None if none of them.
    levels : mapping of str to Fields
        For each level the columns that are there, under the names of the layer.
    any_code, any_name : str or None
        Code and name columns that don't say their level.
    """

    schema: str | None
    levels: Mapping[Level, Fields]
    any_code: str | None
    any_name: str | None

    @property
    def finest(self) -> Level | None:
        """The finest level that columns name; None if only `any_code` or `any_name` do."""
        return next((level for level in reversed(LEVELS) if level in self.levels), None)


def recognise(columns: Iterable[str]) -> Recognised:
    """Tell which make of boundary file has these columns.

    The make and, for each level, the columns of code and name.
    """
    by_key = _by_key(columns)
    schema = next((one for one in SCHEMAS if any(mark in by_key for mark in one.marks)), None)
    sources = [one.levels for one in SCHEMAS if one is schema]
    sources += [one.levels for one in SCHEMAS if one.name == "INEI" and one is not schema]
    sources += [ANY_LEVEL]
    levels = {}
    for level in LEVELS:
        fields = [source[level] for source in sources if level in source]
        codes = _present(by_key, [code for one in fields for code in one.codes])
        names = _present(by_key, [(name,) for one in fields for name in one.names])
        if level != "region" and schema is not None and schema.name == "Natural Earth":
            continue
        if codes or names:
            levels[level] = Fields(codes, tuple(name for (name,) in names))
    name = schema.name if schema else None
    if all(mark in by_key for mark in GEOBOUNDARIES[:1] + GEOBOUNDARIES[2:3]):
        name = "geoBoundaries"
    return Recognised(
        schema=name,
        levels=levels,
        any_code=next((by_key[key] for key in ANY_CODE if key in by_key), None),
        any_name=next((by_key[key] for key in ANY_NAME if key in by_key), None),
    )


def find_column(columns: Iterable[str], wanted: Sequence[str]) -> str | None:
    """Return the first column with one of these keys, or None."""
    by_key = _by_key(columns)
    return next((by_key[key] for key in wanted if key in by_key), None)


def _by_key(columns: Iterable[str]) -> dict[str, str]:
    """Return the columns by key, and cut ones also by the long names they may stand for."""
    names = [str(column) for column in columns]
    by_key: dict[str, str] = {}
    for name in names:
        by_key.setdefault(key_of(name), name)
    cut = {key_of(name): name for name in names if len(name) == 10}
    for key in _LONG_KEYS:
        for short, name in cut.items():
            if len(short) >= 8 and key.startswith(short) and len(key) > len(short):
                by_key.setdefault(key, name)
    return by_key


def _present(by_key: Mapping[str, str], wanted: Sequence[tuple[str, ...]]) -> Codes:
    found = (
        tuple(by_key[key] for key in keys) for keys in wanted if all(key in by_key for key in keys)
    )
    return tuple(dict.fromkeys(found))


_LONG_KEYS = frozenset(
    key
    for levels in (*(schema.levels for schema in SCHEMAS), ANY_LEVEL)
    for fields in levels.values()
    for key in (*fields.names, *(key for keys in fields.codes for key in keys))
    if len(key) >= 8
)
