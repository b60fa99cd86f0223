"""Regions, provinces and districts from geographic files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from ..account import Account, LeftOut, Reading
from ..errors import DataFileError, Fault, TableError, casefolded
from ..messages import Message
from ..places.codes import System
from ..places.gazetteer import (
    DIGITS,
    LIMA_CITY,
    LIMA_REST,
    Level,
)
from .columns import LEVELS, only_level, only_peru
from .extent import WGS84, locate, units_elsewhere
from .notes import (
    best_name,
    callao_notes,
    coverage_notes,
    incomplete_notes,
    merge_notes,
    vintage,
)
from .open import Layer, open_layer
from .shapes import area_km2, dissolve, overlap_notes, polygons_of, repair, survey, tangled
from .units import LEVEL_WORDS, Units, name_units

if TYPE_CHECKING:
    import geopandas as gpd

    from .units import Mask


# What shapely calls them.
POLYGON, MULTIPOLYGON, COLLECTION = 3, 6, 7
LAYER_NAMES: Mapping[Level, tuple[str, ...]] = {
    "region": ("regions", "regiones", "departamentos"),
    "province": ("provinces", "provincias"),
    "district": ("districts", "distritos"),
}
CHOICES: Mapping[str, tuple[str, ...]] = {
    "level": LEVELS,
    "lima": ("merge", "keep"),
    "codes": ("inei", "reniec"),
}


def read_regions(
    path: str | Path,
    *,
    level: Level = "region",
    columns: Mapping[str, str] | None = None,
    crs: str | None = None,
    encoding: str | None = None,
    codes: System | None = None,
    lima: Literal["merge", "keep"] = "merge",
    layer: str | None = None,
    look_for_gaps: bool | None = None,
    allow_unmatched: bool = False,
) -> Reading[gpd.GeoDataFrame]:
    """Read the boundaries of Peru's regions, provinces or districts, whoever made them.

    Parameters
    ----------
    path : str or Path
        Shapefile (plain or zipped), GeoPackage, GeoJSON, TopoJSON, FlatGeobuf or GeoParquet.
    level : {"region", "province", "district"}, optional
        Which units; a finer layer is joined to them by code.
    columns : mapping of str to str, optional
        For a make that is not recognised: the columns with ``ubigeo`` and ``name``, and with the
        names of the units above, ``region`` and ``province``, where codes are missing.
    crs : str, optional
        Reference system of the coordinates, for example ``EPSG:32718``, where the file names none
        or a wrong one.
    encoding : str, optional
        Encoding of the text, where the bytes don't tell.
    codes : {"inei", "reniec"}, optional
        Whose codes they are, where names don't tell.
    lima : {"merge", "keep"}, optional
        Whether metropolitan Lima and the rest of Lima become one region (15) or stay two (1501 and
        1599) where the layer has them apart.
    layer : str, optional
        Name of the layer, for a file that holds several.
    look_for_gaps : bool, optional
        Whether to count lakes, gaps and overlaps for the account; left out, in layers of up to
        100,000 points only.
    allow_unmatched : bool, optional
        Whether rows whose code or name is none of Peru's may be left out, by name.

    Returns
    -------
    Reading of GeoDataFrame
        One row per unit in order of ``ubigeo`` (index from 0), EPSG:4326, with the columns
        ``ubigeo`` (INEI code of 2, 4 or 6 digits, text), ``name``, ``level``, ``area_km2``
        (float64, equal-area projection) and ``geometry`` (valid polygons); and the account of what
        was recognised, mended, merged and left out.

    Raises
    ------
    DataFileError
        If the file is no layer of Peru's units, is damaged, or its reference system is missing or
        wrong.
    TableError
        If codes and names disagree, or units can't be told; all faults at once.
    MissingExtraError
        If GeoParquet is read without pyarrow.
    """
    path = Path(path)
    _check_choices(path.name, level=level, lima=lima, codes=codes)

    def pick(tables: Mapping[str, gpd.GeoDataFrame]) -> list[str]:
        return _layers_for(tables, level, path.name)

    opened = open_layer(path, layer=layer, encoding=encoding, pick=pick)
    account = Account(
        file=path.name, taken_for=Message(), rows_in=len(opened.table), notes=opened.notes
    )
    table, elsewhere = only_peru(opened.table, path.name)
    table, finer = only_level(table, level)
    table, mended = _only_polygons(table, path.name)
    account = replace(account, left_out=(*elsewhere, *finer), mended=tuple(mended))
    units = name_units(
        table,
        file=path.name,
        columns=columns,
        codes=codes,
        level=level,
        allow_unmatched=allow_unmatched,
    )
    state = _State(table, units, _describe(account, opened, units), tuple(units.codes))
    state = state.take(np.array([bool(code) for code in units.codes]))
    state = _without_geometry(state)
    _refuse_same_shapes(state)
    state = _in_place(state, crs)
    state = _repaired(state)
    return _joined(state, level, lima, look_for_gaps)


def _check_choices(file: str, **given: str | None) -> None:
    for name, value in given.items():
        if value is not None and value not in CHOICES[name]:
            text = Message("{name}: use one of: {choices}.",
                           name=name, choices=", ".join(CHOICES[name]))  # fmt: skip
            raise DataFileError(Message("{file}: {what}", file=file, what=text))


@dataclass(frozen=True)
class _State:
    """A layer on its way: the table, what each row is, and the account so far."""

    table: gpd.GeoDataFrame
    units: Units
    account: Account
    every: tuple[str, ...]

    def take(self, keep: Mask) -> _State:
        if keep.all():
            return self
        return replace(self, table=self.table[keep], units=self.units.take(keep))


def _layers_for(tables: Mapping[str, gpd.GeoDataFrame], level: Level, file: str) -> list[str]:
    """Return the layers that hold polygons of just this level; else those that can make it.

    Where each is called by the name of its level, the others are not read.
    """
    held: dict[str, Level] = {}
    named = {name: one for name in tables for one in LEVELS if casefolded(name) in LAYER_NAMES[one]}
    distinct = len(named) == len(set(named.values())) == len(tables)
    for name in sorted(tables, key=lambda name: named.get(name) != level):
        try:
            polygons, _ = _only_polygons(only_level(tables[name], level)[0], file)
            # Only columns matter here: rows that are no unit are told of when the layer is read.
            units = name_units(polygons, file=file, level="region", allow_unmatched=True)
            held[name] = units.level
        except (DataFileError, TableError):
            continue
        if distinct and held[name] == level == named[name]:
            return [name]
    exact = [name for name, one in held.items() if one == level]
    finer = [name for name, one in held.items() if LEVELS.index(one) > LEVELS.index(level)]
    if held and not exact and not finer:
        coarser = max(held.values(), key=LEVELS.index)
        listed = f"{file} ({', '.join(held)})"
        raise DataFileError(
            Message(
                "{file}: this layer holds {held}, not {wanted}.",
                file=listed,
                held=LEVEL_WORDS[coarser],
                wanted=LEVEL_WORDS[level],
            )
        )
    return exact or (finer if len(finer) == 1 else [])


def _only_polygons(table: gpd.GeoDataFrame, file: str) -> tuple[gpd.GeoDataFrame, list[Message]]:
    """Refuse points and lines; of collections, keep the polygons."""
    import shapely

    if table.empty:
        raise DataFileError(Message("{file}: the layer is empty: it has no rows.", file=file))
    shapes = table.geometry.to_numpy()
    kinds = shapely.get_type_id(shapes)
    wrong = ~np.isin(kinds, (-1, POLYGON, MULTIPOLYGON, COLLECTION))
    if wrong.all():
        raise DataFileError(
            Message(
                "{file}: the layer holds {kind} geometries; boundaries are polygons.",
                file=file,
                kind=table.geom_type.iloc[0],
            )
        )
    if wrong.any():
        raise TableError(
            "regions",
            file,
            [
                Fault(
                    int(table.index[at]) + 1,
                    "geometry",
                    None,
                    Message("The geometry is a {kind}.", kind=table.geom_type.iloc[at]),
                    Message("Regions need polygons."),
                )
                for at in np.flatnonzero(wrong)
            ],
        )
    mixed = kinds == COLLECTION
    if not mixed.any():
        return table, []
    flat = np.array(shapes, dtype=object)
    flat[mixed] = [polygons_of(shape) for shape in flat[mixed]]
    note = Message("{n} collection(s) of shapes, of which the polygons were kept",
                   n=int(mixed.sum()))  # fmt: skip
    return table.set_geometry(flat, crs=table.crs), [note]


def _describe(account: Account, opened: Layer, units: Units) -> Account:
    made = Message(" ({schema})", schema=units.schema) if units.schema else ""
    return replace(
        account,
        taken_for=Message(
            "{kind} layer with {level}{made}",
            kind=opened.kind,
            level=LEVEL_WORDS[units.level],
            made=made,
        ),
        why=(*account.why, *units.why),
        mended=(*account.mended, *units.mended),
        left_out=(*account.left_out, *units.left_out),
        notes=(*account.notes, *units.notes),
    )


def _without_geometry(state: _State) -> _State:
    """Leave out units without a shape, by name."""
    import shapely

    shapes = state.table.geometry.to_numpy()
    nothing = np.asarray(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    state = _leave_out(state, nothing, Message("without a geometry"))
    # The bounds of a shape pass over a vertex that is no number.
    at, owner = shapely.get_coordinates(state.table.geometry.to_numpy(), return_index=True)
    broken = np.zeros(len(state.table), dtype=bool)
    broken[owner[~np.isfinite(at).all(axis=1)]] = True
    if broken.any():
        raise DataFileError(
            Message(
                "{file}: {n} unit(s) have coordinates that are no numbers: {units}.",
                file=state.account.file,
                n=int(broken.sum()),
                units="; ".join(state.units.take(np.asarray(broken)).labels()[:5]),
            )
        )
    return state


def _leave_out(state: _State, which: Mask, reason: Message) -> _State:
    if not which.any():
        return state
    if which.all():
        raise DataFileError(
            Message("{file}: no unit has a geometry that can be drawn.", file=state.account.file)
        )
    labels = tuple(state.units.take(which).labels()[:20])
    part = LeftOut(reason, int(which.sum()), examples=labels)
    account = replace(state.account, left_out=(*state.account.left_out, part))
    return replace(state, account=account).take(~which)


def _refuse_same_shapes(state: _State) -> None:
    """Refuse a shape that stands for two units: one of them would be drawn in the wrong place."""
    import shapely

    shapes, codes = state.table.geometry.to_numpy(), state.units.codes
    corners = shapely.bounds(shapes)
    if len(np.unique(corners @ [1.0, 3.0, 7.0, 11.0])) == len(shapes):
        return  # no two have the same bounds
    first: dict[tuple[float, ...], int] = {}
    faults = []
    for at, bounds in enumerate(map(tuple, corners.tolist())):
        other = first.setdefault(bounds, at)
        if codes[other] == codes[at] or not shapely.equals_identical(shapes[at], shapes[other]):
            continue
        label, row = state.units.labels()[other], int(state.units.rows[other])
        reason = Message("The same shape stands in row {row} for {unit}.", row=row, unit=label)
        fix = Message("Give each unit its own shape.")
        place = state.units.labels()[at]
        faults.append(Fault(int(state.units.rows[at]), "geometry", place, reason, fix))
    if faults:
        raise TableError("regions", state.account.file, faults)


def _in_place(state: _State, crs: str | None) -> _State:
    """Bring the layer to degrees, and refuse units that lie where they can't."""
    regions = state.units.certain_regions()
    table, notes = locate(state.table, file=state.account.file, regions=regions, crs=crs)
    elsewhere = units_elsewhere(table, regions)
    if elsewhere.any():
        labels = state.units.labels()
        raise TableError(
            "regions",
            state.account.file,
            [
                Fault(
                    int(state.units.rows[at]),
                    "geometry",
                    labels[at],
                    Message("The unit does not lie in its region."),
                    Message("Check its code, its name and its shape."),
                )
                for at in np.flatnonzero(elsewhere)
            ],
        )
    return replace(
        state, table=table, account=replace(state.account, notes=(*state.account.notes, *notes))
    )


def _repaired(state: _State) -> _State:
    import shapely

    given = state.table.geometry.to_numpy()
    knots = tangled(given)
    if knots.any():
        raise DataFileError(
            Message(
                "{file}: the outline of {units} crosses itself in very many places, so nothing"
                " tells what lies inside.",
                file=state.account.file,
                units="; ".join(state.units.take(knots).labels()[:5]),
            )
        )
    shapes, wrong = repair(given)
    if shapes is given:
        return state
    account = state.account
    flat = shapely.is_empty(shapes)
    wrong = wrong & ~flat
    if wrong.any():
        note = Message(
            "{n} geometry(ies) that crossed themselves: {units}",
            n=int(wrong.sum()),
            units="; ".join(state.units.take(wrong).labels()[:5]),
        )
        account = replace(account, mended=(*account.mended, note))
    table = state.table.set_geometry(shapes, crs=WGS84)
    state = replace(state, table=table, account=account)
    return _leave_out(state, flat, Message("with a geometry without area"))


def _joined(state: _State, level: Level, lima: str, look: bool | None) -> Reading[gpd.GeoDataFrame]:
    """Join the rows of each unit of the level asked for."""
    import geopandas as gpd

    units, account = state.units, state.account
    groups = [_group(code, level, lima) for code in units.codes]
    shapes = state.table.geometry.to_numpy()
    joined = dissolve(shapes, groups)
    ubigeos = sorted(joined)
    names = best_name(units, groups, level)
    ordered = np.array([joined[code] for code in ubigeos], dtype=object)
    table = gpd.GeoDataFrame(
        {
            "ubigeo": ubigeos,
            "name": [names[code] for code in ubigeos],
            "level": [level] * len(ubigeos),
            "area_km2": area_km2(ordered),
        },
        geometry=ordered,
        crs=WGS84,
    )
    years, notes = vintage(state.every)
    overlapping = overlap_notes(ordered, [names[code] for code in ubigeos], look=look)
    account = replace(
        account,
        mended=(*account.mended, *merge_notes(units, groups, level)),
        notes=(
            *account.notes,
            *coverage_notes(ubigeos, level, known=units.known),
            *callao_notes(ubigeos, names, ordered),
            *notes,
            *(incomplete_notes(units.codes, level) if level != units.level else ()),
            *survey(ordered, look=look),
            *overlapping,
        ),
        rows_out=len(table),
        merged=len(groups) - len(table),
        extra={
            **account.extra,
            "level": level,
            "boundaries_of": years,
            "overlaps": overlapping,
        },
    )
    return Reading(table, account)


def _group(code: str, level: Level, lima: str) -> str:
    if level == "region" and code[:2] == "15":
        if lima == "merge" or len(code) == 2:
            return "15"
        return LIMA_CITY if code[:4] == LIMA_CITY else LIMA_REST
    return code[: DIGITS[level]]
