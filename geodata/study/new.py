"""A study of one's own: a copy of the embedded one, an empty one, or one made from files.

Made from files, a study holds what was found in them and what stands behind it: of the embedded
study only the boundaries, the network, population, and the sources and registers that are in use.
"""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..account import Account, Reading
from ..errors import CorredorError, StudyError, casefolded
from ..files import write_folder
from ..intake.cases import CaseTables
from ..intake.personal import is_personal_cell
from ..intake.read import options_of, read_any, recognise_file
from ..messages import Message
from ..places.build import add_places
from ..places.gazetteer import DIGITS, Level
from .contracts import CONTRACTS
from .imported import missing_places, resolver_of, write_table, write_table_file
from .model import Bilingual, Study, Tables, embedded_study
from .questions import FilesError, Question, question_of, questions_of
from .read import read_study, stories_digest
from .tables import empty_table
from .toml import STUDY_FILE, read_config, table_entries

if TYPE_CHECKING:
    from ..places.resolver import Resolver

# The tables that a reading may become, by a column that only they have.
MARKS = {"complaints": "register", "flows": "flow_id", "itineraries": "route_id",
         "population": "population"}  # fmt: skip
# The regions, provinces and districts of the embedded study.
UNITS = "units.zip"
# What a copy of the embedded study takes along that no table names: licences, and a layer that can
# stand for that of the regions.
ALONGSIDE = ("README.md", "regions.zip")
COURTS = ("judicial_district", "fiscal_district")
NETWORK = ("network_places", "network_links")
EMPTY = ("complaints", "flows", "itineraries", "places")


@dataclass(frozen=True)
class NewStudy:
    """A study that was made from files.

    Parameters
    ----------
    path : Path
        Its folder.
    accounts : tuple of (Account, str)
        For each file what it was taken for and what was left out, and the file of the study it
        became; an empty text for what became none.
    notes : tuple of Message
        What the user must know or decide.
    kinds : mapping of str to str
        What each file was read as, by its name.
    """

    path: Path
    accounts: tuple[tuple[Account, str], ...]
    notes: tuple[Message, ...]
    kinds: Mapping[str, str]


def copy_embedded(target: str | Path) -> Path:
    """Copy the embedded study to a new folder, as a start for one's own.

    Parameters
    ----------
    target : str or Path
        Folder that does not exist yet or is empty.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    StudyError
        If ``target`` exists and is not empty.
    """

    def fill(folder: Path) -> None:
        source = embedded_study()
        entries = table_entries(read_config(source / STUDY_FILE), source)
        others = [source / name for name in (STUDY_FILE, *ALONGSIDE)]
        for file in chain(others, *entries.values()):
            shutil.copyfile(file, folder / file.name)
        _bind_stories(folder)

    return write_folder(Path(target), fill, last=STUDY_FILE)


def empty_study(target: str | Path, *, title: str = "") -> Path:
    """Make a study of headers only, with the regions, population and network of Peru.

    Parameters
    ----------
    target : str or Path
        Folder that does not exist yet or is empty.
    title : str, optional
        Heading of the map; the name of the folder if left out.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    StudyError
        If ``target`` exists and is not empty.
    """
    target = Path(target)
    plan = _Plan(read_study())

    def fill(folder: Path) -> None:
        for name in EMPTY:
            plan.add(name, empty_table(name))
        plan.write(folder, title or _title_of(target))

    return write_folder(target, fill, last=STUDY_FILE)


def new_study(
    target: str | Path,
    files: Sequence[str | Path],
    *,
    options: Mapping[str, Mapping[str, Any]] | None = None,
    title: str = "",
    publisher: str = "",
    public: Mapping[str, str] | None = None,
) -> NewStudy:
    """Make a study from files as they are: each is recognised, imported and put in its place.

    Parameters
    ----------
    target : str or Path
        Folder that does not exist yet or is empty.
    files : sequence of str or Path
        Tables of complaints, flows or itineraries, layers of boundaries or of roads.
    options : mapping of str to mapping, optional
        Options of the readers by the name of the file; under "" those of all files to which they
        mean something. Options are those of `read_complaints` and its like, and ``kind_of_file``.
    title : str, optional
        Heading of the map; the name of the folder if left out.
    publisher : str, optional
        Who stands behind the figures; the register, or "Datos propios", if left out.
    public : mapping of str to str, optional
        Address where anybody can read the figures of a file already, by the name of the file; under
        "" that of all. Counts of the others are the organisation's own, and are protected.

    Returns
    -------
    NewStudy
        The folder, and for each file its account.

    Raises
    ------
    FilesError
        If any file can't be read: all of them in one text, with what must be known of each, also
        as data; nothing is written then.
    StudyError
        If ``target`` exists and is not empty, or what is said of the files makes no sense.
    """
    target = Path(target)
    base = read_study()
    paths = _distinct([Path(file) for file in files])
    _check_addresses(public or {}, paths)
    readings = _read_all(paths, base.tables, dict(options or {}))
    who = publisher or str((options or {}).get("", {}).get("register", ""))
    plan = _Plan(base, publisher=who, public=public)
    for path, (kind, reading) in readings.items():
        plan.take(path, kind, reading)

    def fill(folder: Path) -> None:
        plan.write(folder, title or _title_of(target))
        read_study(folder)  # what does not read back is not handed out

    write_folder(target, fill, last=STUDY_FILE)
    kinds = {path.name: kind for path, (kind, _) in readings.items()}
    return NewStudy(target, tuple(plan.accounts), tuple(plan.notes), kinds)


def _check_addresses(public: Mapping[str, str], paths: Sequence[Path]) -> None:
    """Refuse an address of no file, and one that nobody can open."""
    for name, address in public.items():
        if name and name not in {path.name for path in paths}:
            raise StudyError(Message("{file}: no such file was given.", file=name))
        if not re.fullmatch(r"https?://[^\s\"'<>]+", address):
            raise StudyError(
                Message(
                    "'{address}' is no address. Say where anybody can read these figures:"
                    " https://..., or leave it out, and they are protected.",
                    address=address,
                )
            )


def _distinct(paths: Sequence[Path]) -> list[Path]:
    twice = sorted({path.name for path in paths if sum(p.name == path.name for p in paths) > 1})
    if twice:
        raise StudyError(Message("{files}: given twice.", files=", ".join(twice)))
    return list(paths)


def _read_all(
    paths: Sequence[Path], tables: Tables, options: dict[str, Mapping[str, Any]]
) -> dict[Path, tuple[str, Reading[Any]]]:
    """Read every file; layers first, because their units are places that tables may name."""
    unknown = [name for name in options if name and name not in {path.name for path in paths}]
    if unknown:
        raise StudyError(Message("{file}: no such file was given.", file=unknown[0]))
    kinds: dict[Path, str] = {}
    errors: dict[Path, CorredorError] = {}
    questions: dict[Path, Sequence[Question]] = {}
    for path in paths:
        own = {**options.get("", {}), **options.get(path.name, {})}
        # Files that need an engine are not opened to see what they are.
        kind = own.get("kind_of_file") or ("cases" if own.get("engine") else None)
        try:
            kinds[path] = kind or recognise_file(path, _for_file(path, None, options))
        except CorredorError as error:
            errors[path] = error
    found: dict[Path, tuple[str, Reading[Any]]] = {}
    resolver = resolver_of(tables)
    lacking: dict[Path, list[str]] = {}
    for path in sorted(kinds, key=lambda path: kinds[path] not in ("regions", "network")):
        kind = kinds[path]
        given = _for_file(path, kind, options)
        if unknown := _unknown_of(path, kind, given):
            lacking[path] = unknown
            questions[path] = [question_of(path, kind, one) for one in unknown]
            continue
        try:
            reading = _read(path, kind, given, resolver)
        except CorredorError as error:
            errors[path] = error
            continue
        if kind == "regions":
            resolver = resolver_of(replace(tables, regions=reading.table))
        found[path] = kind, reading
    if errors or lacking:
        wrong = [error.message for error in errors.values()]
        for path, fault in errors.items():
            questions[path] = questions_of(path, kinds.get(path), fault, resolver)
        raise FilesError(
            _together([*wrong, *([_ask(lacking, tables)] if lacking else [])]),
            errors={path.name: error for path, error in errors.items()},
            questions=[one for path in paths for one in questions.get(path, ())],
        )
    return {path: found[path] for path in paths}


def _read(path: Path, kind: str, given: Mapping[str, Any], resolver: Resolver) -> Reading[Any]:
    source = source_id_of(path)
    defaults = {"source_id": source, "id_prefix": f"{source}-"}
    if "register" in options_of(kind):
        defaults["register"] = given.get("register") or source
    resolved = {"resolver": resolver} if "resolver" in options_of(kind) else {}
    return read_any(kind, path, {**given, **resolved}, defaults=defaults)


def _for_file(
    path: Path, kind: str | None, options: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the options of one file: its own, and those of all files that mean something to it."""
    common = options.get("", {})
    if kind is None:
        common = {name: common[name] for name in ("sheet", "encoding", "header_row")
                  if name in common}  # fmt: skip
        own = {name: value for name, value in options.get(path.name, {}).items() if name in
               ("sheet", "encoding", "header_row")}  # fmt: skip
        return {**common, **own}
    known = options_of(kind)
    own = {n: v for n, v in options.get(path.name, {}).items() if n != "kind_of_file"}
    if kind not in ("regions", "network"):
        known = (*known, "same_as")
    return {**{name: value for name, value in common.items() if name in known}, **own}


def _unknown_of(path: Path, kind: str, given: Mapping[str, Any]) -> list[str]:
    """Return the options that a file needs and that only the user knows."""
    if kind == "hxl":
        return [] if given.get("register") else ["register"]
    if kind != "complaints":
        return []
    from ..intake.complaints.layout import declared_measure
    from ..sheets.sheet import open_sheet

    lacking = [] if given.get("register") else ["register"]
    if not given.get("measure"):
        opening = {n: given[n] for n in ("sheet", "encoding", "header_row") if n in given}
        if declared_measure(open_sheet(path, **opening)) is None:
            lacking.append("measure")
    return lacking


def _ask(lacking: Mapping[Path, Sequence[str]], tables: Tables) -> Message:
    """Ask for all that is not known in one text, with the option for each."""
    asked = {
        option: ", ".join(path.name for path, options in lacking.items() if option in options)
        for option in ("register", "measure")
    }
    texts = {
        "register": Message(
            "who counts ({files}): --register NAME, a register of your own such as your"
            " organisation's name, or one that is known: {registers}",
            files=asked["register"],
            registers=", ".join(tables.registers["register"]),
        ),
        "measure": Message(
            "what is counted ({files}): --measure complaints, records, victims or rescued",
            files=asked["measure"],
        ),
    }
    said = _joined([texts[name] for name in texts if asked[name]], "; ")
    return Message(
        "Only you can know {questions}. FILE=VALUE says it of one file alone.", questions=said
    )


def _joined(parts: Sequence[Message], separator: str) -> Message:
    whole = parts[0]
    for part in parts[1:]:
        whole = Message("{one}{separator}{other}", one=whole, separator=separator, other=part)
    return whole


def _together(wrong: Sequence[Message]) -> Message:
    if len(wrong) == 1:
        return wrong[0]
    return Message("{n} things stand in the way:\n{list}", n=len(wrong), list=_joined(wrong, "\n"))


def source_id_of(path: Path) -> str:
    """Return the source_id of a file: its name in small letters."""
    return re.sub(r"[^a-z0-9]+", "_", casefolded(path.stem)).strip("_") or "own"


def _title_of(target: Path) -> str:
    return re.sub(r"[_-]+", " ", target.resolve().name).strip().capitalize() or "Corredor"


class _Plan:
    """What a new study will hold: own tables, and what of the embedded study they need."""

    def __init__(
        self, study: Study, *, publisher: str = "", public: Mapping[str, str] | None = None
    ) -> None:
        self.base, self.boundaries = study.tables, study.meta.boundaries_note
        self.publisher = publisher
        self.public = public or {}
        self.parts: dict[str, list[tuple[str, pd.DataFrame]]] = {}
        self.readings: dict[str, tuple[Path, Reading[Any]]] = {}  # of layers
        self.sources: list[dict[str, str]] = []
        self.registers: list[str] = []
        self.accounts: list[tuple[Account, str]] = []
        self.notes: list[Message] = []
        self.files: list[str] = []

    def add(self, name: str, table: pd.DataFrame, suffix: str = "") -> str:
        """Take a table, and return the file it will stand in."""
        file = f"{name}{suffix}.csv"
        self.parts.setdefault(name, []).append((file, table))
        return file

    def take(self, path: Path, kind: str, reading: Reading[Any]) -> None:
        """Take what was read from one file."""
        account = reading.account
        if isinstance(reading.table, CaseTables):
            self._take_cases(path, reading.table, account)
            return
        name = kind if kind in ("regions", "network") else _table_of(reading.table)
        if name is None:
            self.accounts.append((account, ""))
            self.notes.append(_why_not(path))
            return
        if name in ("regions", "network"):
            if name in self.readings:
                raise StudyError(
                    Message(
                        "{one} and {other} are both layers of the same kind. Give one of them.",
                        one=self.readings[name][0].name,
                        other=path.name,
                    )
                )
            self.readings[name] = path, reading
            self.accounts.append(
                (account, "regions.geojson" if name == "regions" else "network_*.csv")
            )
            return
        table = reading.table
        if name == "population":  # what it does not say, such as regions beside provinces
            known = self.base.population
            rest = known[~known["ubigeo"].isin(table["ubigeo"])]
            table = pd.concat([table, rest], ignore_index=True)
        registers = list(dict.fromkeys(table["register"])) if "register" in table else []
        # Who counts the people is not who counts the cases.
        who = path.name if name == "population" else self.publisher or _publisher(registers)
        self._note_source(path, who, registers, is_census=name == "population")
        self.accounts.append((account, self._put(name, table, path)))

    def _take_cases(self, path: Path, cases: CaseTables, account: Account) -> None:
        """Take the counts of a register: its complaints, and its flows without sex and age."""
        registers = list(dict.fromkeys(cases.complaints["register"]))
        self._note_source(path, self.publisher or _publisher(registers), registers)
        columns = [column.name for column in CONTRACTS["flows"]]
        found = (("complaints", cases.complaints), ("flows", cases.flows[columns]))
        files = [self._put(name, table, path) for name, table in found if len(table)]
        self.accounts.append((account, ", ".join(files)))

    def _put(self, name: str, table: pd.DataFrame, path: Path) -> str:
        several = name in self.parts
        return self.add(name, table, f"_{source_id_of(path)}" if several else "")

    def _note_source(
        self, path: Path, publisher: str, registers: Sequence[str], *, is_census: bool = False
    ) -> None:
        self.registers += [one for one in registers if one not in self.registers]
        address = self.public.get(path.name, self.public.get("", ""))
        source = _source(source_id_of(path), publisher, path)
        if address:
            today = datetime.now(UTC).date().isoformat()
            source |= {"access": "public", "url": address, "accessed": today}
        elif not is_census:
            source["access"] = "own"
        self.sources.append(source)
        self.files.append(_safe_name(path))

    def write(self, folder: Path, title: str) -> None:
        """Write all of it into an empty folder."""
        tables = self._tables()
        entries = {name: [file for file, _ in parts] for name, parts in self.parts.items()}
        for parts in self.parts.values():
            for file, table in parts:
                write_table_file(table, folder / file)
        layers = self._write_layers(folder)
        for name, table in tables.items():
            if name not in entries or name in ("sources", "registers"):
                write_table_file(table, folder / f"{name}.csv")
                entries[name] = [f"{name}.csv"]
        text = _config(title, self.files, entries, layers, self.boundaries)
        (folder / STUDY_FILE).write_text(text, encoding="utf-8", newline="\n")

    def _tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables behind one's own: places, population, registers and sources in use."""
        base = self.base
        own = [table for parts in self.parts.values() for _, table in parts]
        regions = self.readings["regions"][1].table if "regions" in self.readings else base.regions
        resolver = resolver_of(replace(base, regions=regions))
        nothing = replace(base, places=base.places.iloc[:0])
        named = [one for table in own for one in missing_places(table, nothing)]
        had = base.places[base.places["place_id"].isin(named)]
        found = {} if "population" in self.parts else {"population": base.population}
        if any("unit" in table and set(table["unit"]) & set(COURTS) for table in own):
            found["districts"] = base.districts
        if "network" not in self.readings:
            found |= {name: getattr(base, name) for name in NETWORK}
        if "places" not in self.parts:
            found["places"] = add_places(had, resolver, named)
        known = base.registers[base.registers["register"].isin(self.registers)]
        mine = [one for one in self.registers if one not in set(known["register"])]
        rows = _rows(
            [{"register": one, "name_es": one, "name_en": one} for one in mine], base.registers
        )
        found["registers"] = pd.concat([known, rows], ignore_index=True)
        used = {
            one
            for table in (*own, *found.values())
            if "source_id" in table
            for one in table["source_id"]
        }
        cited = base.sources[base.sources["source_id"].isin(used)]
        added = _rows(self.sources, base.sources)
        found["sources"] = pd.concat([cited, added], ignore_index=True)
        return found

    def _write_layers(self, folder: Path) -> dict[str, str]:
        """Write the layers, and return the lines of ``[tables]`` that name them."""
        lines = {}
        if "regions" in self.readings:
            path, reading = self.readings["regions"]
            write_table(reading, folder / "regions.geojson")
            (level,) = set(reading.table["level"])
            lines["regions"] = f'{{ file = "regions.geojson", level = "{level}" }}'
            lines["boundaries"] = path.name
        else:
            shutil.copyfile(embedded_study() / UNITS, folder / UNITS)
            level = _level_of(self.parts.get("complaints", []))
            lines["regions"] = f'{{ file = "{UNITS}", level = "{level}" }}'
        for name in ("neighbours", "waters"):
            shutil.copyfile(embedded_study() / f"{name}.geojson", folder / f"{name}.geojson")
            lines[name] = f'{{ file = "{name}.geojson" }}'
        if "network" in self.readings:
            write_table(self.readings["network"][1], folder)
            lines |= {name: f'{{ file = "{name}.csv" }}' for name in NETWORK}
        return lines


def _level_of(complaints: Sequence[tuple[str, pd.DataFrame]]) -> Level:
    """Return the finest level that every place counted has a code of, so that it can be drawn."""
    codes = [code for _, table in complaints for code in table.get("ubigeo", []) if code]
    shortest = min(map(len, codes), default=0)
    return next((level for level in reversed(DIGITS) if DIGITS[level] <= shortest), "region")


def _rows(entries: Sequence[Mapping[str, str]], like: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the columns of a table of texts, empty where nothing is given."""
    filled = [{name: entry.get(name, "") for name in like.columns} for entry in entries]
    return pd.DataFrame(filled, columns=like.columns, dtype=object)


def _table_of(table: object) -> str | None:
    """Return the table of a study that a reading becomes; context becomes none."""
    columns = getattr(table, "columns", ())
    return next((name for name, mark in MARKS.items() if mark in columns), None)


def _why_not(path: Path) -> Message:
    return Message(
        "{file} is context, neither complaints nor reported flows, and no part of the study.",
        file=path.name,
    )


def _publisher(registers: Sequence[str]) -> str:
    return ", ".join(registers) or "Datos propios"


def _safe_name(path: Path) -> str:
    """Return the name of a file, unless somebody is named in it: it stands on the map."""
    return f"•••{path.suffix}" if is_personal_cell(path.stem) else path.name


def _source(source: str, publisher: str, path: Path) -> dict[str, str]:
    return {
        "source_id": source,
        "publisher": publisher,
        "title": _safe_name(path),
        "note_es": "leído de este archivo; complete aquí título, fecha y dirección",
        "note_en": "read from this file; complete title, date and address here",
    }


def _config(
    title: str,
    files: Sequence[str],
    entries: Mapping[str, Sequence[str]],
    layers: Mapping[str, str],
    boundaries: Bilingual,
) -> str:
    """Return the text of ``study.toml``."""
    if "boundaries" in layers:
        name = layers["boundaries"]
        boundaries = Bilingual(
            es=f"Límites de {name}, solo de referencia.",
            en=f"Boundaries from {name}, for reference only.",
        )
    listed = ", ".join(files)
    subtitle = Bilingual(
        es=f"Datos de {listed}" if files else "Estudio propio",
        en=f"Data of {listed}" if files else "A study of one's own",
    )
    lines = ["# Made by 'corredor new'. Every table is described in docs/data.md.", ""]
    for name, text in (("title", Bilingual(title, title)), ("subtitle", subtitle),
                       ("boundaries_note", boundaries)):  # fmt: skip
        lines += [f"[{name}]", f"es = {_quoted(text.es)}", f"en = {_quoted(text.en)}", ""]
    lines += [
        "# Counts of an own source are protected: those below the threshold are withheld, and",
        "# others where one could be computed back. In sources.csv, access = public with url and",
        "# accessed is for figures that anybody can read already.",
        "[publication]", "threshold = 10", "",
        "[tables]",
    ]  # fmt: skip
    lines += [f"{name} = {line}" for name, line in layers.items() if name != "boundaries"]
    for name in CONTRACTS:
        if name in entries:
            quoted = [_quoted(file) for file in entries[name]]
            file = quoted[0] if len(quoted) == 1 else f"[{', '.join(quoted)}]"
            lines.append(f"{name} = {{ file = {file} }}")
    return "\n".join([*lines, ""])


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else " " for c in escaped) + '"'


def _bind_stories(folder: Path) -> None:
    """Let stories of a copied study hold only while the copied files are unchanged."""
    file = folder / STUDY_FILE
    text = file.read_text(encoding="utf-8")
    note = '# A table may stand in several files: file = ["flows.csv", "mine.csv"].\n[tables]'
    digest = stories_digest(table_entries(tomllib.loads(text), folder))
    text = text.replace("[[stories]]", f'[[stories]]\nwritten_for = "{digest}"')
    file.write_text(text.replace("[tables]", note, 1), encoding="utf-8", newline="\n")
