"""Which columns of a layer tell its units, and at which level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import DataFileError, suggestion
from ..messages import Message
from ..places.build import find_region
from ..places.codes import digits_of, pad_codes
from ..places.gazetteer import DIGITS, Level, find_unit
from ..text import mend_texts
from .extent import refuse_abroad
from .schemas import LEVELS, Fields, Recognised, find_column
from .units import Cells

if TYPE_CHECKING:
    import geopandas as gpd

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
