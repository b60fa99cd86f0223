"""What a file is, told by its content, and which reader takes it, with which options."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, cast, get_args

from ..account import Account, Reading
from ..arguments import annotations_of
from ..errors import DataFileError, clip
from ..files import inspect_file
from ..messages import Message
from ..places.build import build_resolver, embedded_resolver
from ..places.codes import is_code, region_of_code
from ..places.gazetteer import Level
from ..places.keys import key_of
from ..places.resolver import Resolver
from ..sheets.periods import read_period
from ..sheets.sheet import Opening, Sheet, open_records
from ..sheets.source import tables_inside
from ..words import is_total, words_of
from .columns import (
    KINDS,
    end_of_office,
    find_column,
    join_codes,
    office_in,
    place_columns,
    read_value_header,
    role_of,
    row_number_columns,
)
from .complaints.layout import declared_measure, find_layout
from .flows import plain_flows
from .formats import add_format, in_format, know_format
from .personal import (
    find_personal_columns,
    has_columns,
    is_remark,
    kept_columns,
    listed_columns,
    open_guarded,
    personal_content,
    register_signs,
    safe_header,
)

SheetKind = Literal[
    "mininter", "mpfn", "complaints_wide", "complaints_long", "flows", "od_matrix", "itineraries",
    "cases", "unknown",
]  # fmt: skip

FileKind = Literal[
    "regions", "complaints", "mininter", "mpfn", "flows", "itineraries", "cases", "network",
    "htcds", "kobo", "hxl", "ctdc", "population", "migration",
]  # fmt: skip
FILE_KINDS: tuple[FileKind, ...] = get_args(FileKind)
# Where the reader of each kind stands; loaded when it is needed.
_READERS: dict[str, tuple[str, str]] = {
    "regions": ("..layers.regions", "read_regions"),
    "complaints": (".complaints", "read_complaints"),
    "mininter": (".official.mininter", "read_mininter"),
    "mpfn": (".official.mpfn", "read_mpfn"),
    "flows": (".flows", "read_flows"),
    "itineraries": (".itineraries", "read_itineraries"),
    "cases": (".cases", "read_cases"),
    "network": ("..lines.network", "read_network"),
    "ctdc": (".context", "read_ctdc"),
    "population": (".context", "read_population"),
    "migration": (".context", "read_migration"),
}
# Formats of the field, and what they hold; of several kinds the columns tell which.
_HOLDS: dict[str, tuple[FileKind, ...]] = {
    "htcds": ("cases",),
    "kobo": ("cases",),
    "hxl": ("complaints", "flows"),
}
# What a shape of table is read as, where that has another name.
_READ_AS: dict[SheetKind, FileKind] = {
    "complaints_wide": "complaints",
    "complaints_long": "complaints",
    "od_matrix": "flows",
}
OPENING = ("sheet", "encoding", "header_row")
_GEOGRAPHIC = ("json", "geopackage", "sqlite", "flatgeobuf", "shapefile", "dbf")


OFFICIAL: tuple[SheetKind, ...] = ("mininter", "mpfn")


def check_file(path: Path, options: Mapping[str, Any], *, kind: str | None = None) -> Account:
    """Read a file for its account alone, as ``kind`` or as what it looks like."""
    opened: Path | Sheet = path
    why: tuple[Message, ...] = ()
    if kind is None:
        kind, opened, why = _recognise(path, options)
    counted = declared_measure(opened) if isinstance(opened, Sheet) else None
    defaults = {"source_id": "-", "register": "-"}
    if kind == "complaints":
        defaults["measure"] = counted or "complaints"
    account = read_any(kind, opened, options, defaults=defaults).account
    fresh = tuple(message for message in why if message not in account.why)
    return replace(account, why=(*fresh, *account.why))


def recognise_file(path: Path, options: Mapping[str, Any]) -> FileKind:
    """Tell what a file is to be read as; what is nothing known is refused."""
    return _recognise(path, options)[0]


def _recognise(
    path: Path, options: Mapping[str, Any]
) -> tuple[FileKind, Path | Sheet, tuple[Message, ...]]:
    """Return the kind of a file, the file opened if it is a table, and the reasons."""
    if (records := open_records(path)) is not None:
        kind, why = guess_kind(records, options)
        return kind, records, why
    if is_layer(path):
        lines = import_module("..lines.network", __package__)
        is_network = lines.holds_lines(path, encoding=options.get("encoding"))
        return ("network" if is_network else "regions"), path, ()
    sheet = open_guarded(path, **_opening(options))
    kind, why = guess_kind(sheet, options)
    return kind, sheet, why


def rename_places(sheet: Sheet, same_as: Mapping[str, str]) -> tuple[Sheet, tuple[Message, ...]]:
    """Write the name of a known place for one that is not, in cells and headers that hold it alone.

    Returns the sheet and what was done.
    """
    names = {key_of(name): place for name, place in same_as.items()}
    times = dict.fromkeys(names, 0)
    known = cache(lambda cell: names.get(key_of(cell)))

    def renamed(cell: str) -> str:
        place = known(cell)
        if place is None:
            return cell
        times[key_of(cell)] += 1
        return place

    header = tuple(map(renamed, sheet.header))
    rows = tuple(tuple(map(renamed, row)) for row in sheet.rows)
    said = tuple(
        Message("'{name}' was read as '{place}' in {n} cell(s), as was asked", name=clip(name),
                place=place, n=times[key_of(name)])
        for name, place in same_as.items()
    )  # fmt: skip
    return replace(sheet, header=header, rows=rows), said


def _opening(options: Mapping[str, Any]) -> Opening:
    """Return the options with which a table is opened."""
    return {"sheet": options.get("sheet"), "encoding": options.get("encoding"),
            "header_row": options.get("header_row")}  # fmt: skip


def read_any(
    kind: str,
    path: Path | Sheet,
    options: Mapping[str, Any],
    *,
    defaults: Mapping[str, Any] | None = None,
) -> Reading[Any]:
    """Read a file as ``kind``; an option that means nothing for this kind is refused by name.

    ``defaults`` hold for what ``options`` leave out, where the reader knows them.
    """
    given = {name: value for name, value in options.items() if _is_given(value)}
    resolver = given.pop("resolver", None)
    if same_as := given.pop("same_as", None):
        if kind in ("regions", "network"):
            raise DataFileError(_means_nothing("same_as", kind))
        sheet, said = rename_places(open_guarded(path, **_opening(given)), same_as)
        rest = {name: value for name, value in given.items() if name not in OPENING}
        reading = read_any(kind, sheet, {**rest, "resolver": resolver}, defaults=defaults)
        account = replace(reading.account, mended=(*reading.account.mended, *said))
        return reading._replace(account=account)
    _refuse_strange(given, kind)
    # An engine reads no more of a file than it needs.
    if kind not in (*_HOLDS, "complaints", "flows", "cases") or "engine" in given:
        return _read(kind, path, given, defaults or {}, resolver)
    opened = open_guarded(path, register=kind not in ("complaints", "flows"), **_opening(given))
    found = in_format(opened, kind) if kind in _HOLDS else know_format(opened)
    if found is None:
        counted = declared_measure(opened) if kind == "complaints" else None
        filled = {**(defaults or {}), **({"measure": counted} if counted else {})}
        return _read(kind, opened, given, filled, resolver)
    if kind in _HOLDS:
        ends = {(role_of(name) or ("",))[0] for name in found.sheet.header}
        moved = {"origin", "destination"} <= ends
        kind = next(held for held in reversed(_HOLDS[kind]) if held != "flows" or moved)
        if "register" not in options_of(kind):
            given.pop("register", None)  # asked for before anybody knew what the table holds
        _refuse_strange(given, kind)
    defaults = {"measure": found.measure, **(defaults or {})}
    reading = _read(kind, found.sheet, given, defaults, resolver)
    return add_format(reading, found, opened)


def _read(
    kind: str,
    path: Path | Sheet,
    given: Mapping[str, Any],
    defaults: Mapping[str, Any],
    resolver: Resolver | None,
) -> Reading[Any]:
    known = options_of(kind)
    filled = {name: value for name, value in defaults.items() if name in known}
    if "resolver" in known:
        filled["resolver"] = resolver or study_resolver()
    return reader_of(kind)(path, **{**filled, **given})


def reader_of(kind: str) -> Callable[..., Reading[Any]]:
    """Return the function that reads a kind of file."""
    module, name = _READERS[_HOLDS.get(kind, (kind,))[0]]
    reader: Callable[..., Reading[Any]] = getattr(import_module(module, __package__), name)
    return reader


@cache
def options_of(kind: str) -> tuple[str, ...]:
    """Return the names of the options that the readers of a kind take, from their signatures."""
    taken = [name for held in _HOLDS.get(kind, (kind,)) for name in annotations_of(reader_of(held))]
    # A format is known by its rows, so it needs the file opened: an engine takes plain registers.
    left_out = {"path", *(["engine"] if kind in _HOLDS else [])}
    return tuple(dict.fromkeys(name for name in taken if name not in left_out))


def _refuse_strange(given: Mapping[str, Any], kind: str) -> None:
    known = (*options_of(kind), "same_as")
    if strange := [name for name in given if name not in known]:
        raise DataFileError(_means_nothing(strange[0], kind))


def _is_given(value: object) -> bool:
    return value is not None and value is not False and value not in ((), [], {}, "")


def _spelled(name: str) -> str:
    return f"{name}=..."  # the command line writes it as its flag


def _means_nothing(name: str, kind: str) -> Message:
    takers = [other for other in FILE_KINDS if name in options_of(other)]
    if name == "same_as":
        takers = [other for other in FILE_KINDS if other not in ("regions", "network")]
    if not takers:
        return Message("{option} is no option of any reader.", option=_spelled(name))
    return Message(
        "{option} means nothing for {kind}. It is for: {kinds}.",
        option=_spelled(name),
        kind=kind,
        kinds=", ".join(takers),
    )


@cache
def study_resolver() -> Resolver:
    """Return a resolver that knows the places of the embedded study too."""
    from ..study.model import embedded_study
    from ..study.read import read_study

    tables = read_study(embedded_study()).tables
    return build_resolver(
        places=tables.places,
        population=tables.population,
        layer=tables.regions,
        network_places=tables.network_places,
    )


def is_layer(path: Path) -> bool:
    """Tell whether a file is a layer of boundaries, not a table."""
    kind = inspect_file(path)
    if kind == "zip":
        return not tables_inside(path)
    sources = import_module("..layers.open", __package__)
    if kind == "parquet":
        return bool(sources.has_shapes(path))
    return kind in _GEOGRAPHIC or path.suffix.lower() in (".shp", *sources.JSON_SUFFIXES)


def guess_kind(
    sheet: Sheet, options: Mapping[str, Any] | None = None
) -> tuple[FileKind, tuple[Message, ...]]:
    """Tell what a table is to be read as, and why; a table that is not known is refused."""
    sheet, _ = plain_flows(join_codes(sheet), embedded_resolver())
    known = know_format(sheet)
    if known is not None:
        return known.kind, (known.why,)
    context = import_module(".context", __package__)
    if context.is_population(sheet):
        return "population", (Message("a header or the title speaks of population"),)
    given = options or {}
    if (asked := _kind_of_roles(given.get("columns") or {})) is not None:
        return asked, ()
    found, why = _recognise_sheet(sheet, given)
    if found in ("od_matrix", "unknown") and context.is_migration(sheet):
        return "migration", (Message("it speaks of migration"),)
    if found != "unknown":
        return _READ_AS.get(found) or cast(FileKind, found), why
    if why and "file" in dict(why[-1].values):
        raise DataFileError(
            Message(
                "{why} If it is no table of complaints, say what it is with --as KIND, with KIND"
                " one of {kinds}.",
                why=why[-1],
                kinds=", ".join(FILE_KINDS),
            )
        )
    raise DataFileError(
        Message(
            "{file}: this table is not recognised. {why} Say what it is: corredor check {file}"
            " --as KIND, with KIND one of {kinds}.",
            file=sheet.file,
            why=why[-1] if why else "",
            kinds=", ".join(FILE_KINDS),
        )
    )


def _kind_of_roles(columns: Mapping[str, str]) -> FileKind | None:
    """Return the kind of table whose roles somebody names: these columns say what it is."""
    ends = {role.partition("_")[0] for role in columns}
    if {"origin", "destination"} <= ends:
        return None if {"sex", "age", "date", "via", "route"} & ends else "flows"
    if "reported" in ends:
        return "cases"
    if "place" in columns or "code" in columns:
        return "complaints"
    return None


def recognise_table(sheet: Sheet) -> tuple[SheetKind, tuple[Message, ...]]:
    """Tell what a table is.

    Parameters
    ----------
    sheet : Sheet
        The table.

    Returns
    -------
    tuple of (str, tuple of Message)
        The kind, and what it was recognised by; ``unknown`` where nothing fits. No cell is
        repeated, nor a header that looks like one.
    """
    return _recognise_sheet(sheet, {})


def _recognise_sheet(
    sheet: Sheet, options: Mapping[str, Any]
) -> tuple[SheetKind, tuple[Message, ...]]:
    for kind in OFFICIAL:
        if all(find_column(sheet, name) for name in KINDS[kind]):
            names = [column for name in KINDS[kind] if (column := find_column(sheet, name))]
            return kind, (has_columns(names),)
    resolver = embedded_resolver()
    if _is_headless(sheet, resolver):
        return "unknown", (
            Message(
                "The first row looks like data instead of column names. Write the names above."
            ),
        )
    if found := _recognise_movement(sheet):
        return found
    if _is_matrix(sheet, resolver):
        return "od_matrix", (Message("places stand down the side and across the top"),)
    return _recognise_complaints(sheet, resolver, options)


def _is_headless(sheet: Sheet, resolver: Resolver) -> bool:
    """Tell whether the header is a row of data: a person's cells, or a place above places."""
    if any(personal_content([name]) for name in sheet.header):
        return True
    above = [
        i for i, name in enumerate(sheet.header)
        if role_of(name) is None and resolver.names_region(name)
    ]  # fmt: skip
    below = ([cell for row in sheet.rows if not (cell := row[i]).isdigit()] for i in above)
    return any(_share_of_regions(cells, resolver) > 0.5 for cells in below)


def _share_of_regions(cells: list[str], resolver: Resolver) -> float:
    filled = [cell for cell in cells if cell.strip() and not is_total(cell)]
    known = {cell: _is_region(cell, resolver) for cell in set(filled)}
    return sum(known[cell] for cell in filled) / len(filled) if filled else 0.0


def _is_region(cell: str, resolver: Resolver) -> bool:
    return resolver.names_region(cell) or region_of_code(cell) is not None


def _recognise_movement(sheet: Sheet) -> tuple[SheetKind, tuple[Message, ...]] | None:
    """Recognise flows, routes and registers, which have an origin and a destination."""
    keep = kept_columns(sheet.header, others=False)
    personal = find_personal_columns(sheet.header, sheet.rows, keep=keep)
    hidden = {
        column.position for column in personal if not is_remark(sheet.header[column.position])
    } | row_number_columns(sheet.header, sheet.rows)
    roles: dict[str, list[str]] = {}
    for i, name in enumerate(sheet.header):
        part = None if i in hidden else role_of(name)
        if part is not None:
            roles.setdefault(part[0], []).append(name)
    ends = [names[0] for end in ("origin", "destination") if (names := roles.get(end))]
    valued = "value" in roles
    moved = len(ends) == 2 and not place_columns(sheet.header)
    if signs := register_signs(sheet.header, sheet.rows, personal):  # no other reader takes it
        places = ends if moved else roles.get("reported", [])[:1]
        return "cases", (has_columns([*places, *signs] if moved else [*places, *signs][:4]),)
    if moved:
        if "via" in roles and not valued:
            return "itineraries", (has_columns([*ends, roles["via"][0]]),)
        return "flows", (has_columns(ends),)
    offices = {end: name for name in sheet.header if (end := end_of_office(name))}
    if {"origin", "destination"} - roles.keys() == offices.keys() and offices:
        raise DataFileError(
            Message(
                "{file}: columns {columns} name units of an office. They bear names of regions, but"
                " their bounds are others. Add columns with the regions; if the units do have the"
                " bounds of the regions, say columns={{{roles}}}.",
                file=sheet.file,
                columns=listed_columns(list(offices.values())),
                roles=", ".join(f"'{end}': '{name}'" for end, name in offices.items()),
            )
        )
    if "seq" in roles and ("route_id" in roles or "route" in roles):
        named = [roles[role][0] for role in ("route_id", "route", "seq") if role in roles]
        return "itineraries", (has_columns(named),)
    if "route" in roles:
        return ("flows" if valued else "itineraries"), (has_columns(roles["route"]),)
    return None


def _is_matrix(sheet: Sheet, resolver: Resolver) -> bool:
    """Tell whether places stand down the side and across the top."""
    if place_columns(sheet.header):
        return True
    if len(sheet.header) < 3 or not sheet.rows:
        return False
    if all(read_period(row[0]) or is_total(row[0]) for row in sheet.rows):
        return False  # periods down the side
    names = 1 if all(is_code(row[0]) for row in sheet.rows) and not is_code(sheet.header[1]) else 0
    if office_in(sheet.header[names]):
        return False
    top = [name for name in sheet.header[names + 1 :] if not is_total(name)]
    if any(read_period(name) is not None for name in top):
        return False
    down = [row[names] for row in sheet.rows if row[names] and not is_total(row[names])]
    across_keys, down_keys = set(map(key_of, top)), set(map(key_of, set(down)))
    both = len(across_keys & down_keys)
    if both >= 2 and both * 2 >= min(len(across_keys), len(down_keys)):
        return True
    corner = words_of(sheet.header[names])
    named = any(word in corner for word in ("origen", "destino", "origin", "destination"))
    regions = sum(_is_region(name, resolver) for name in top)
    if named:
        return regions >= 1 or all(role_of(name) is None for name in top)
    if all(map(str.isdigit, top)) and not all(map(is_code, down)):
        return False  # 16 and 17 beside names are years, not codes
    return 2 <= regions >= len(top) / 2 and _share_of_regions(down, resolver) > 0.5


def _recognise_complaints(
    sheet: Sheet, resolver: Resolver, options: Mapping[str, Any]
) -> tuple[SheetKind, tuple[Message, ...]]:
    level: Level = options.get("level") or "region"
    try:
        layout = find_layout(
            sheet,
            resolver if level == "region" else embedded_resolver(level),
            measure=options.get("measure") or declared_measure(sheet) or "complaints",
            columns=options.get("columns"),
            unit=options.get("unit"),
            level=level,
            add_up=options.get("add_up") or (),
        )
    except DataFileError as error:
        shown = [safe_header(name, i) for i, name in enumerate(sheet.header)]
        if shown != list(sheet.header):
            return "unknown", (has_columns(shown),)
        return "unknown", (error.message,)
    if layout.across:
        names = listed_columns([column.name for column in layout.values])
        return "complaints_wide", (Message("the header names places ({names})", names=names),)
    place = layout.roles.get("place") or layout.roles["code"]
    if layout.wide:
        dated = [c.name for c in layout.values if read_value_header(c.name).period or c.month]
        return "complaints_wide", (has_columns([place, *dated[:3]]),)
    return "complaints_long", (has_columns([place, layout.values[0].name]),)
