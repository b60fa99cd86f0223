"""Rows of a layer that are no unit: water, the whole country, other levels, other countries."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ..account import LeftOut
from ..errors import DataFileError, fold
from ..messages import Message
from ..places.gazetteer import (
    Level,
    find_unit,
    official_name,
    region_codes,
)
from ..places.keys import key_of
from .schemas import ADMIN_LEVEL, COUNTRY, LEVELS, OSM_LEVELS, PERU, find_column
from .unit_columns import Columns, text_columns

if TYPE_CHECKING:
    import geopandas as gpd

_WATER = re.compile(r"(?:lago|laguna|lake|agua|water|cuerpo de agua|oceano|mar)\b")
_WHOLE = frozenset(("peru", "republicadelperu", "total", "totalnacional", "nacional", "totalpais"))
NO_COUNTRY = ("nan", "none", "", "na", "<na>")


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
    known = words[~words.isin(NO_COUNTRY)]
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
        is_water = bool(name) and _WATER.match(fold(name)) is not None
        if code and code[:2] in region_codes() and not is_water:
            continue
        if not name:
            empty += [at] if code is None and not cells.raw[at].strip() else []
        elif key_of(name) in _WHOLE:
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
