"""What the columns of a layer say: which units, at which level, and which rows are none.

The makes of boundary files that people really have are told by their columns. Their names are
compared in small letters without accents, blanks and punctuation. A Shapefile cuts names to ten
characters, so a name of ten is also taken for the start of a longer one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..account import LeftOut
from ..errors import DataFileError, casefolded, suggestion
from ..messages import Message
from ..places.build import find_region
from ..places.codes import digits_of, pad_codes
from ..places.gazetteer import DIGITS, Level, find_unit, official_name, region_codes
from ..places.keys import key_of
from ..text import mend_texts
from ..words import is_missing, is_total
from .extent import refuse_abroad

if TYPE_CHECKING:
    import geopandas as gpd


Cells = list[str]
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


_BLANK = frozenset(("", "na", "n.a.", "nan", "none", "null", "<na>", "nat", "-"))


@dataclass(frozen=True)
class Columns:
    """The cells of one layer that say what its rows are.

    Parameters
    ----------
    level : {"region", "province", "district"}
        The level of the rows.
    codes : list of str or None
        Full-length codes, INEI's or RENIEC's; None where there is none.
    from_digits : bool
        Whether the codes are numbers; False for ISO 3166-2, HASC and GADM codes.
    names : list of str
        Mended names; empty where there is none.
    above : dict of str to list of str
        Names of the region and province of each row.
    code_column, name_column : str
        Where they stand; empty where there is no such column.
    raw : list of str
        The codes as they stand in the file; empty where there is none.
    rows : list of int
        Row of the file, the first being 1.
    unused : list of str
        Columns that might hold codes and hold none that can be used.
    """

    level: Level
    codes: list[str | None]
    from_digits: bool
    names: Cells
    above: dict[Level, Cells]
    code_column: str
    name_column: str
    raw: Cells
    rows: list[int]
    unused: Cells


def text_columns(table: gpd.GeoDataFrame) -> list[str]:
    """Return the names of all columns but the geometry."""
    return [str(name) for name in table.columns if name != table.geometry.name]


def user_columns(table: gpd.GeoDataFrame, columns: Mapping[str, str], file: str) -> Recognised:
    """Take the columns that the user names for code, name and the units above.

    Those columns and no others.
    """
    there = text_columns(table)
    for name, column in columns.items():
        if name not in ("ubigeo", "name", "region", "province"):
            raise DataFileError(
                Message(
                    "{file}: columns can name ubigeo, name, region and province, not '{name}'.",
                    file=file,
                    name=name,
                )
            )
        if column not in there:
            raise DataFileError(
                Message(
                    "{file}: there is no column '{column}'. {hint} Columns found: {columns}.",
                    file=file,
                    column=column,
                    hint=suggestion(column, there),
                    columns=", ".join(there),
                )
            )
    above: tuple[tuple[Level, str], ...] = (("region", "region"), ("province", "province"))
    levels = {level: Fields((), (columns[key],)) for level, key in above if key in columns}
    return Recognised(None, levels, columns.get("ubigeo"), columns.get("name"))


def no_columns(table: gpd.GeoDataFrame, file: str) -> DataFileError:
    """Return the error that lists the columns of a layer of which none is of use."""
    return DataFileError(
        Message(
            "{file}: no column with codes or names of Peru's units was recognised. Say which with"
            " --columns ubigeo=...,name=... Columns found: {columns}.",
            file=file,
            columns=", ".join(text_columns(table)) or "-",
        )
    )


def _texts(table: gpd.GeoDataFrame, column: str, mends: list[Message]) -> Cells:
    raw = ["" if cell is None else str(cell) for cell in table[column].tolist()]
    texts, messages = mend_texts(raw)
    mends += [message for message in messages if message not in mends]
    return ["" if text.casefold() in _BLANK else text for text in texts]


def _read_codes(
    table: gpd.GeoDataFrame, fields: Fields, level: Level
) -> tuple[list[str | None], str, bool] | None:
    """Return the codes of the first column that has codes of this level in nearly all rows."""
    for names in fields.codes:
        columns = [table[name].tolist() for name in names]
        filled = sum(not _is_blank(cell) for cell in columns[-1])
        parts = [[digits_of(cell) for cell in column] for column in columns]
        codes = pad_codes(parts[-1], level)
        if len(names) > 1 and _count(codes) < 0.9 * filled:
            wide = [[part.zfill(2) if part else None for part in one] for one in parts]
            joined = ["".join(filter(None, row)) if all(row) else None
                      for row in zip(*wide, strict=True)]  # fmt: skip
            codes = pad_codes(joined, level)
        digits = True
        if level == "region" and _count(codes) < 0.9 * filled:
            codes, digits = [find_region(str(cell)) for cell in columns[-1]], False
        if filled and filled >= 0.5 * len(table) and _count(codes) >= 0.9 * filled:
            return codes, "+".join(names), digits
    return None


def _count(codes: Sequence[str | None]) -> int:
    return sum(code is not None for code in codes)


def _is_blank(cell: object) -> bool:
    if cell is None or (isinstance(cell, float) and cell != cell):
        return True
    return str(cell).strip().casefold() in _BLANK


def read_columns(
    table: gpd.GeoDataFrame, found: Recognised, file: str, mends: list[Message]
) -> Columns:
    """Choose the finest level that codes or names tell, and read its cells.

    Cells by row.
    """
    names: dict[Level, tuple[Cells, str]] = {}
    for level, fields in found.levels.items():
        for column in fields.names:
            texts = _texts(table, column, mends)
            if sum(map(bool, texts)) >= 0.5 * len(texts):
                names[level] = texts, column
                break
    any_name = _texts(table, found.any_name, mends) if found.any_name else [""] * len(table)
    read: dict[Level, tuple[list[str | None], str, bool]] = {}
    for level in reversed(LEVELS):
        if level in found.levels and (got := _read_codes(table, found.levels[level], level)):
            read[level] = got
            break
    any_codes, any_level = ([], None) if "district" in read else _any_codes(table, found)
    held: list[Level] = [level for level in LEVELS if level in names or read.get(level)]
    if any_level and (not held or LEVELS.index(any_level) >= LEVELS.index(held[-1])):
        if not read.get(any_level):
            read[any_level] = any_codes, str(found.any_code), True
        held.append(any_level)
    if not held:
        held.append(_level_of_names(table, found, any_name, file))
    elif not read and (finer := _finer_names(any_name, names, held[-1])):
        held.append(finer)
    level = held[-1]
    if level not in names:
        names[level] = any_name, found.any_name or ""
    nothing: list[str | None] = [None] * len(table)
    codes, column, digits = read.get(level) or (nothing, "", False)
    first = column.split("+")[0]
    return Columns(
        level=level,
        codes=codes,
        from_digits=digits,
        names=names[level][0],
        above={one: names[one][0] for one in LEVELS if one in names and one != level},
        code_column=column,
        name_column=names[level][1],
        raw=_raw(table, first) if first else names[level][0],
        rows=[int(row) + 1 for row in table.index],
        unused=_unused(table, found, level) if not column else [],
    )


def _raw(table: gpd.GeoDataFrame, column: str) -> Cells:
    return ["" if _is_blank(cell) else str(cell) for cell in table[column].tolist()]


def _unused(table: gpd.GeoDataFrame, found: Recognised, level: Level) -> Cells:
    """Return the columns that should hold codes, are filled, and hold none."""
    fields = found.levels.get(level)
    wanted = [*(fields.codes if fields else ()), *([(found.any_code,)] if found.any_code else ())]
    names = dict.fromkeys(str(columns[-1]) for columns in wanted)
    return [name for name in names if sum(map(bool, _raw(table, name))) >= 0.5 * len(table)]


def _any_codes(table: gpd.GeoDataFrame, found: Recognised) -> tuple[list[str | None], Level | None]:
    if found.any_code is None:
        return [None] * len(table), None
    codes = pad_codes([digits_of(cell) for cell in table[found.any_code].tolist()])
    lengths = {len(code) for code in codes if code}
    level = next((level for level in LEVELS if DIGITS[level] in lengths), None)
    return codes, level


def _finer_names(
    any_name: Cells, names: Mapping[Level, tuple[Cells, str]], held: Level
) -> Level | None:
    """Return the level of a plain name column that is finer than the columns that say theirs."""
    above = names[held][0]
    pairs = [(name, over) for name, over in zip(any_name, above, strict=True) if name]
    if not pairs or sum(name != over for name, over in pairs) < 0.7 * len(pairs):
        return None
    within = {over: (find_unit(over, held) or "")[:2] for over in set(above)}
    for level in LEVELS[LEVELS.index(held) + 1 :]:
        hits = sum(find_unit(name, level, within=within[over]) is not None for name, over in pairs)
        if hits >= 0.7 * len(pairs):
            return level
    return None


def _level_of_names(table: gpd.GeoDataFrame, found: Recognised, names: Cells, file: str) -> Level:
    """Tell the level of units that only have a name."""
    kind = find_column(text_columns(table), ("shapetype",))
    if kind is not None:
        words = {str(cell).strip().upper() for cell in table[kind].tolist()}
        levels: dict[str, Level] = {"ADM1": "region", "ADM2": "province", "ADM3": "district"}
        if len(words) == 1 and (word := words.pop()) in levels:
            return levels[word]
    given = [name for name in names if name]
    for level in LEVELS:
        hits = sum(find_unit(name, level) is not None for name in given)
        if given and hits >= 0.7 * len(given):
            return level
    refuse_abroad(table, file)
    raise DataFileError(
        Message(
            "{file}: the names in column {column} are not those of Peru's regions, provinces or"
            " districts (for example '{name}').",
            file=file,
            column=found.any_name or found.any_code or "",
            name=given[0] if given else "",
        )
    )


_WATER = re.compile(r"(?:lago|laguna|lake|agua|water|cuerpo de agua|oceano|mar)\b")


def only_peru(table: gpd.GeoDataFrame, file: str) -> tuple[gpd.GeoDataFrame, list[LeftOut]]:
    """Leave out the units of other countries, where a column names the country.

    The rows of Peru, under their index; what was left out.
    """
    column = find_column(text_columns(table), COUNTRY)
    if column is None:
        return table, []
    words = table[column].astype(str).str.casefold().str.strip().str.replace("ú", "u")
    ours = (words.isin(list(PERU)) | words.str.startswith("pe-")).to_numpy()
    if ours.all():
        return table, []
    known = words[~words.fillna("").map(is_missing).astype(bool)]
    if not ours.any():
        if known.empty or not known.str.fullmatch(r"[a-z]{2,3}").all():
            return table, []
        raise DataFileError(
            Message(
                "{file}: this layer holds other countries ({countries}), nothing of Peru.",
                file=file,
                countries=", ".join(sorted(set(known.str.upper()))[:5]),
            )
        )
    others = tuple(sorted({str(cell) for cell in table[column][~ours].tolist()})[:20])
    return table[ours], [
        LeftOut(Message("of other countries"), int((~ours).sum()), examples=others)
    ]


def only_level(table: gpd.GeoDataFrame, level: Level) -> tuple[gpd.GeoDataFrame, list[LeftOut]]:
    """Leave out the rows of other levels, where a column says how fine each row is.

    The rows of that level, or of the next finer one that is there; what was left out.
    """
    column = find_column(text_columns(table), ADMIN_LEVEL)
    if column is None:
        return table, []
    cells = table[column].astype(str).str.removesuffix(".0").str.strip()
    held = {OSM_LEVELS[cell] for cell in cells.unique() if cell in OSM_LEVELS}
    wanted = next((one for one in LEVELS[LEVELS.index(level) :] if one in held), None)
    if cells.nunique() < 2 or wanted is None:
        return table, []
    ours = (cells.map(OSM_LEVELS) == wanted).to_numpy()
    reason = Message("of other levels ({column})", column=column)
    return table[ours], [LeftOut(reason, int((~ours).sum()))]


def set_aside(cells: Columns) -> tuple[Columns, list[LeftOut]]:
    """Blank the rows that are water or the whole country, not a unit.

    The cells, without code and name where a row is no unit; what was left out.
    """
    empty, water, whole = [], [], []
    for at, (code, name) in enumerate(zip(cells.codes, cells.names, strict=True)):
        if code is not None and official_name(code) is not None:
            continue
        is_water = bool(name) and _WATER.match(casefolded(name)) is not None
        if code and code[:2] in region_codes() and not is_water:
            continue
        if not name:
            empty += [at] if code is None and not cells.raw[at].strip() else []
        elif is_total(name):
            whole.append(at)
        elif is_water and find_unit(name, cells.level) is None:
            water.append(at)
    parts = (
        (empty, Message("without code and name (water or unnamed areas)")),
        (water, Message("that are water")),
        (whole, Message("for the whole country")),
    )
    left = [
        LeftOut(reason, len(at), examples=tuple(filter(None, (cells.names[i] for i in at[:20]))))
        for at, reason in parts
        if at
    ]
    gone = {*water, *whole}
    if not gone:
        return cells, left
    rows = range(len(cells.names))
    return replace(
        cells,
        codes=[None if at in gone else cells.codes[at] for at in rows],
        names=["" if at in gone else cells.names[at] for at in rows],
        raw=["" if at in gone else cells.raw[at] for at in rows],
    ), left
