"""Registers of any size, on a dataframe engine: only distinct values and counts come out of it.

What `read_cases` does row by row is done here once for every distinct value: the judge of personal
data comes first, then the resolver and the readers of dates and words; the engine joins their codes
to the rows and counts. It is written once, on narwhals' lazy frames, so pandas, Polars, DuckDB and
Spark do the same.
"""

from __future__ import annotations

import glob
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from ..account import Reading, Tally
from ..errors import CorredorError, DataFileError, Fault, TableError, missing_extra
from ..messages import Message
from ..places.ends import EndCells, EndFinder
from ..places.resolver import Resolver
from ..sheets.sheet import Sheet
from ..sheets.text import find_separator
from ..words import is_total
from .cases import (
    COUNTED,
    WORDS,
    By,
    CaseCells,
    CaseTables,
    Engine,
    count_cases,
    measure_of,
    open_cases,
    read_dates,
    read_weights,
    read_word,
    say_rows_apart,
    unit_of,
    why_no_flow,
)
from .personal import (
    find_personal_columns,
    is_personal_cell,
    kept_columns,
    not_read,
    safe_header,
)
from .subject import may_be_status, reported_rows

# What engines need beside the base installation.
_EXTRAS = {"polars": "big", "duckdb": "big", "spark": "spark"}
# Rows that tell what the columns are; all distinct values are judged after that.
_SAMPLE = 1_000
# A column with more values in the sample tells no status of a case.
_FEW = 30
# What may stand in a label of totals; what it is, `is_total` says.
_MAYBE_TOTAL = (
    r"(?i)sum|total|tod[oa]|all|general|nacional|national|per[uúÚ]|pa[ií]s|amb[oa]s|country"
)
# What DuckDB may take before it puts groups on the disk.
_MEMORY = "1GB"
# No column of places, dates or words has so many values.
_MOST_VALUES = 2_000_000


@dataclass(frozen=True)
class _Frame:
    """A table in an engine: how to put a small table beside it, and to count several groups."""

    engine: str
    file: str
    rows: nw.LazyFrame[Any]
    table: Callable[[pd.DataFrame], nw.LazyFrame[Any]]
    groups: Callable[[nw.LazyFrame[Any], Sequence[Sequence[str]]], list[pd.DataFrame]]


def count_by_engine(
    source: Any,
    engine: Engine,
    *,
    resolver: Resolver,
    by: Sequence[By],
    measure: str | None,
    columns: Mapping[str, str] | None,
    kind: str | None,
    period: tuple[str, str] | None,
    date_order: str | None,
    source_id: str,
    register: str,
) -> Reading[CaseTables]:
    """Count the cases of files or of a frame, see `read_cases`."""
    with _opened(source, engine) as frame:
        header = tuple(frame.rows.collect_schema().names())
        sample = _text(frame.rows.head(_SAMPLE), header).collect().to_pandas()
        sheet = _sheet(frame.file, header, sample.itertuples(index=False, name=None))
        cells = open_cases(sheet, columns=columns)
        measure = measure or measure_of(cells)
        cells = replace(cells, rows=(), row_numbers=(), totals=0, inferred=0, status="")
        if not set(cells.headers) <= set(header):
            raise DataFileError(
                Message("{file}: its columns were joined or renamed to be read, which engines can't"
                        " do. Read it without an engine.",
                        file=frame.file)
            )  # fmt: skip
        return _Counting(frame, cells, sheet, resolver, by, measure, kind, period, date_order).read(
            source_id, register
        )


def _sheet(file: str, header: Sequence[str], rows: Any) -> Sheet:
    listed = tuple(map(tuple, rows))
    numbers = tuple(range(2, len(listed) + 2))
    return Sheet(file, tuple(header), listed, numbers, mended=(), why=(), notes=())


def _text(frame: nw.LazyFrame[Any], names: Sequence[str], *, short: str = "") -> nw.LazyFrame[Any]:
    """Return columns as text, empty where there is nothing; called c0, c1 ... if they are."""
    return frame.select(
        *(
            nw.when(nw.col(name).is_null())
            .then(nw.lit(""))
            .otherwise(nw.col(name).cast(nw.String))
            .alias(f"{short}{i}" if short else name)
            for i, name in enumerate(names)
        )
    )


_MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)[ T]00:00:00(?:\.0+)?(?:[+-]00:?00|Z)?")
_WHOLE = re.compile(r"(-?\d+)\.0+")


def _plain(text: str) -> str:
    """Return a cell without what an engine adds to numbers and days."""
    text = " ".join(text.split())
    found = _MIDNIGHT.fullmatch(text) or _WHOLE.fullmatch(text)
    return found[1] if found else text


class _Counting:
    """One register: its parts (columns that are read together), their codes, and the counts."""

    def __init__(
        self, frame: _Frame, cells: CaseCells, sheet: Sheet, resolver: Resolver,
        by: Sequence[By], measure: str, kind: str | None, period: tuple[str, str] | None,
        date_order: str | None,
    ) -> None:  # fmt: skip
        self.frame, self.cells, self.sheet, self.resolver = frame, cells, sheet, resolver
        self.by, self.measure, self.kind = by, measure, kind
        self.period, self.date_order = period, date_order
        self.notes, self.faults = Tally(), list[Fault]()

    def read(self, source_id: str, register: str) -> Reading[CaseTables]:
        """Count in two passes: distinct values, and groups of their codes."""
        parts = self._parts()
        status = self._status_columns()
        names = [*self.cells.headers, *status]
        rows = _text(self.frame.rows, names, short="c")
        first = self._first_column(names)
        if first is not None:
            parts["first"] = [len(names)]
            text = nw.col(first).cast(nw.String)
            label = nw.when(text.str.contains(_MAYBE_TOTAL)).then(text).otherwise(nw.lit(""))
            label = nw.when(nw.col(first).is_null()).then(nw.lit("")).otherwise(label)
            rows = _text(self.frame.rows.with_columns(label.alias("first label")),
                         [*names, "first label"], short="c")  # fmt: skip
        parts |= {name: [len(self.cells.headers) + i] for i, name in enumerate(status)}
        sets = {name: [f"c{i}" for i in part] for name, part in parts.items()}
        values = self._distinct(rows, sets)
        self._judge(values, parts)
        codes = self._codes(values, parts, status)
        if self.faults:
            raise TableError("cases", self.cells.file, self.faults)
        for name, coded in codes.items():
            # Text beside its codes; what no code stands for is in none of the passes.
            table = pd.concat([values[name][sets[name]], coded], axis=1)
            rows = rows.join(self.frame.table(table), on=sets[name], how="left")
        return self._count(rows, source_id, register)

    def _parts(self) -> dict[str, list[int]]:
        """Return the columns (positions among those that are counted) that are read together."""
        simple, parts = self.cells.simple, {}
        for end, of_end in self.cells.ends.items():
            parts[end] = list(of_end.values())
        date = next((name for name in ("date", "period", "year") if name in simple), None)
        if date is not None:
            parts["time"] = [simple[name] for name in (date, "month") if name in simple]
        for role in WORDS:
            roles = ("age_group", "age") if role == "age_group" else (role,)
            of_role = [simple[name] for name in roles if name in simple]
            if role in self.by and of_role:
                parts[role] = of_role
        if "value" in simple:
            parts["value"] = [simple["value"]]
        return parts

    def _status_columns(self) -> list[str]:
        """Return the columns that may say of each row whether it was reported."""
        header, rows = self.sheet.header, self.sheet.rows
        keep = kept_columns(header, others=False)
        personal = {column.position for column in find_personal_columns(header, rows, keep=keep)}
        return [
            name for i, name in enumerate(header)
            if i not in personal and len(cells := {row[i] for row in rows}) <= _FEW
            and may_be_status(name, cells)
        ]  # fmt: skip

    def _first_column(self, names: Sequence[str]) -> str | None:
        """Return the first column of the table, where totals are written, if it is not read."""
        first = self.sheet.header[0]
        ends = {self.cells.headers[i] for part in self.cells.ends.values() for i in part.values()}
        return None if first in ends else first

    def _distinct(
        self, rows: nw.LazyFrame[Any], sets: Mapping[str, list[str]]
    ) -> dict[str, pd.DataFrame]:
        found = self.frame.groups(rows.with_columns(nw.lit(1).alias("w")), list(sets.values()))
        for name, table in zip(sets, found, strict=True):
            if len(table) > _MOST_VALUES:
                raise DataFileError(
                    Message("{file}: what was taken for '{role}' has more than {n:,} values, as no"
                            " such column has. Call it otherwise in the file, or leave it out.",
                            file=self.cells.file, role=name, n=_MOST_VALUES)
                )  # fmt: skip
        # Sorted, so that every engine gives the same examples in the same order.
        return {
            name: table.sort_values(sets[name]).reset_index(drop=True)
            for name, table in zip(sets, found, strict=True)
        }

    def _judge(self, values: dict[str, pd.DataFrame], parts: Mapping[str, list[int]]) -> None:
        """Refuse columns that look personal by all their values, as the sample was judged."""
        headers = self.cells.headers
        held = {
            place: list(map(_plain, values[name][f"c{place}"]))
            for name, part in parts.items() for place in part if place < len(headers)
        }  # fmt: skip
        places = list(held)
        header = [headers[place] for place in places]
        rows = list(zip_longest(*held.values(), fillvalue=""))
        for column in find_personal_columns(header, rows, keep=kept_columns(header, others=False)):
            raise not_read("cases", self.cells.file, column)

    def _sub(self, values: pd.DataFrame, part: Sequence[int]) -> CaseCells:
        """Return distinct values as a register of their own; no cell of a person is among them."""
        cells = self.cells
        rows = tuple(
            tuple("" if text and is_personal_cell(text) else text for text in map(_plain, row))
            for row in values[[f"c{place}" for place in part]].itertuples(index=False, name=None)
        )
        at = {place: i for i, place in enumerate(part)}
        simple = {role: at[place] for role, place in cells.simple.items() if place in at}
        headers = tuple(cells.headers[place] for place in part)
        return replace(cells, rows=rows, row_numbers=tuple(range(len(rows))), simple=simple,
                       headers=headers)  # fmt: skip

    def _codes(
        self, values: Mapping[str, pd.DataFrame], parts: Mapping[str, list[int]],
        status: Sequence[str],
    ) -> dict[str, pd.DataFrame]:  # fmt: skip
        """Return for each part the codes of its distinct values, by what they are counted as."""
        self.flows_left, self.reasons = Tally(), list[Message]()
        self.words: dict[str, list[Any]] = {"time": [self.period or ("", "")]}
        self.words |= {role: [none] for role, none in WORDS.items()}
        self.places, self.units = list[str](), [""]
        self.ends: dict[str, list[EndCells]] = {}
        codes: dict[str, pd.DataFrame] = {}
        for name, part in parts.items():
            found = values[name]
            sub = self._sub(found, [i for i in part if i < len(self.cells.headers)])
            if name in self.cells.ends:
                codes[name] = self._places(name, sub, part)
            elif name == "first":
                total = [is_total(text) for text in found[f"c{part[0]}"]]
                codes[name] = pd.DataFrame({"x_first": total}).astype("int64")
            elif name in status:
                codes[name] = self._status(name, found[f"c{part[0]}"])
            elif name == "value":
                weights = read_weights(sub, self.measure, self.faults)
                codes[name] = pd.DataFrame({"weight": weights}).astype("float64")
            else:
                codes[name] = pd.DataFrame({name: self._words(name, sub)}).astype("int64")
        if "time" not in parts:
            read_dates(self._sub(pd.DataFrame(), []), self.by, self.period, None, self.faults)
        self.faults = [replace(fault, row=None) for fault in self.faults]
        return {name: table for name, table in codes.items() if len(table.columns)}

    def _dated(self) -> bool:
        return bool({"year", "month"} & set(self.by))

    def _words(self, name: str, sub: CaseCells) -> list[int]:
        """Return the code of each distinct value of a part: the place of its word."""
        if name == "time":
            # The span of all cases is known when rows of totals are set apart.
            by = self.by if self._dated() else (*self.by, "year")
            faults: list[Fault] = []
            found: list[Any] = read_dates(sub, by, self.period, self.date_order, faults)
            for fault in faults:  # of a row of totals it is none
                found[fault.row or 0] = fault
        else:
            found = [read_word(sub, i, name, self.notes) for i in range(len(sub.rows))]
        known = list(dict.fromkeys(found))
        self.words[name] = known
        return [known.index(word) for word in found]

    def _places(self, end: str, sub: CaseCells, part: Sequence[int]) -> pd.DataFrame:
        """Return places (below 0: why there is none), units, and what is a total, of an end."""
        finder = EndFinder(self.resolver, self.kind, Tally(), shown=False)
        self.ends[end] = []
        at = {level: part.index(place) for level, place in self.cells.ends[end].items()}
        places, units, totals = [], [], []
        for i, row in enumerate(sub.rows):
            cells = EndCells.of_row(row, at)
            total = any(is_total(row[place]) for place in at.values())
            found = finder.match(i, cells)
            self.ends[end].append(cells)
            totals.append(total)
            units.append(_number(self.units, unit_of(found.place, self.kind)))
            if found.place is not None or end == "reported":
                places.append(_number(self.places, found.place.place_id if found.place else ""))
            else:
                why = why_no_flow(end, found, given=bool(cells.cells))
                places.append(-1 - _number(self.reasons, why))
        unit = "reported" in self.cells.ends, end
        columns = {end: places, f"x_{end}": totals, f"as_{end}": [*range(len(places))]}
        if unit in ((True, "reported"), (False, "destination")):
            columns["unit"] = units
        return pd.DataFrame(columns).astype("int64")

    def _status(self, name: str, texts: pd.Series[str]) -> pd.DataFrame:
        """Return which values of a column call a row inferred, the first such column alone."""
        _, inferred, said = reported_rows(
            _sheet(self.cells.file, (name,), zip(map(_plain, texts), strict=True)), register=True
        )
        if not said or self.cells.status:
            return pd.DataFrame(index=texts.index)
        self.cells = replace(self.cells, status=safe_header(name, self.sheet.header.index(name)))
        wrong = texts.index.isin(inferred)
        return pd.DataFrame({"inferred": wrong}, index=texts.index).astype("int64")

    def _count(self, rows: nw.LazyFrame[Any], source_id: str, register: str) -> Reading[CaseTables]:
        """Count the groups of codes, and turn them into tables."""
        there = set(rows.collect_schema().names())
        moves = bool(self.cells.ends.keys() & {"origin", "destination"})
        apart = [f"x_{end}" for end in (*self.cells.ends, "first") if f"x_{end}" in there]
        # 0: a case; 1: a row of totals; 2 and more: what was called inferred comes first.
        what = nw.lit(0) if not apart else nw.max_horizontal(*map(nw.col, apart))
        if "inferred" in there:
            what = what + 2 * nw.col("inferred")
        codes = ["time", *WORDS]
        plain = {name: nw.col(name) if name in there else nw.lit(0)
                 for name in (*codes, "origin", "destination", "unit")}  # fmt: skip
        weight = nw.col("weight") if "weight" in there else nw.lit(1)
        printed = [f"as_{end}" for end in self.ends]
        rows = rows.select(
            what.alias("what"), weight.alias("w"), *map(nw.col, printed),
            *(column.alias(name) for name, column in plain.items()),
        )  # fmt: skip
        sets = [["what", "unit", "time"], *(["what", name] for name in printed)]
        sets += [["what", "origin", "destination", *codes]] if moves else []
        by_unit, *counted = (
            table.astype(dict.fromkeys((*keys, "n"), "int64"))
            for keys, table in zip(sets, self.frame.groups(rows, sets), strict=True)
        )
        apart_rows = by_unit.groupby("what")["n"].sum()
        total = int(apart_rows.sum())
        self.cells = replace(
            self.cells, totals=int(apart_rows.get(1, 0)),
            inferred=int(apart_rows[apart_rows.index >= 2].sum()),
        )  # fmt: skip
        left = self.flows_left
        say_rows_apart(self.cells, left)
        self._note_places(counted)
        self._read_spans(by_unit)
        reported = self._named(by_unit[by_unit["what"] == 0])
        moved = reported
        if moves:
            cases = counted[-1][counted[-1]["what"] == 0]
            self._leave_out(cases, left)
            moved = self._named(cases[(cases["origin"] >= 0) & (cases["destination"] >= 0)])
        return count_cases(
            self.cells, moved, reported, total, left, Tally(), self.notes, by=self.by,
            source_id=source_id, register=register, measure=self.measure,
        )  # fmt: skip

    def _note_places(self, counted: Sequence[pd.DataFrame]) -> None:
        """Note how places were understood, once for each end."""
        finder = EndFinder(self.resolver, self.kind, self.notes, shown=False)
        for (end, printed), groups in zip(self.ends.items(), counted, strict=False):
            rows = groups[groups["what"] == 0].set_index(f"as_{end}")["n"].to_dict()
            for i, cells in enumerate(printed):
                if i in rows:
                    finder.match(i, cells, rows=rows[i])

    def _read_spans(self, by_unit: pd.DataFrame) -> None:
        """Refuse dates that nobody can read; give all cases one span if time tells none apart."""
        used = [self.words["time"][i] for i in by_unit.loc[by_unit["what"] == 0, "time"].unique()]
        if faults := [replace(one, row=None) for one in used if isinstance(one, Fault)]:
            raise TableError("cases", self.cells.file, faults)
        none = ("", "")
        self.words["time"] = [none if isinstance(one, Fault) else one for one in self.words["time"]]
        if self._dated():
            return
        dated = [span for span in used if span[0]]
        whole = (min(d[0] for d in dated), max(d[1] for d in dated)) if dated else ("", "")
        self.words["time"] = [whole if span[0] else span for span in self.words["time"]]

    def _leave_out(self, cases: pd.DataFrame, left: Tally) -> None:
        """Count the cases that are in no flow by the first end that is missing."""
        why = cases["origin"].where(cases["origin"] < 0, cases["destination"])
        lost = cases[why < 0].groupby(why)[["n", "w"]].sum()
        for code, row in lost.iterrows():
            left.leave_out(self.reasons[-1 - int(str(code))], int(row["n"]), float(row["w"]))

    def _named(self, groups: pd.DataFrame) -> pd.DataFrame:
        """Return groups with their words in the place of codes, as a row of `COUNTED` each."""
        words = {"origin": self.places, "destination": self.places, "unit": self.units}
        found = {
            name: np.array(known, dtype=object)[groups[name]]
            for name, known in {**words, **self.words}.items()
            if name in groups and name != "time"
        }
        spans = np.array(self.words["time"], dtype=object).reshape(-1, 2)[groups["time"]]
        none = np.full(len(groups), "", dtype=object)
        table = {
            "region": found.get("unit", none), "period_start": spans[:, 0],
            "period_end": spans[:, 1], "rows": groups["n"].to_numpy(),
            "weight": groups["w"].to_numpy(dtype=float),
        }  # fmt: skip
        return pd.DataFrame(
            {name: table[name] if name in table else found.get(name, none) for name in COUNTED}
        )


def _number(known: list[Any], one: Any) -> int:
    """Return the place of a value in a list, to which it is added if it is not there."""
    try:
        return known.index(one)
    except ValueError:
        known.append(one)
        return len(known) - 1


# The engines.


@contextmanager
def _opened(source: Any, engine: str) -> Iterator[_Frame]:
    """Open a source; what an engine says of a fault is not repeated, since it repeats cells."""
    with tempfile.TemporaryDirectory(prefix="corredor-") as room:
        try:
            yield _open(source, engine, room)
            return
        except (CorredorError, ModuleNotFoundError):
            raise
        except Exception as error:
            told = type(error).__name__
    name = Path(str(source)).name if isinstance(source, str | Path) else "table"
    raise DataFileError(
        Message(
            "{file}: the engine could not read it ({error}). It needs CSV in UTF-8 with the names"
            " of columns in the first line and as many cells in every line, or Parquet.",
            file=name,
            error=told,
        )
    )


def _open(source: Any, engine: str, room: str) -> _Frame:
    if isinstance(source, str | Path):
        return _open_files(str(source), "duckdb" if engine == "auto" else engine, room)
    rows = nw.from_native(source).lazy()
    name = rows.implementation.value.removesuffix("_connect").replace("pyspark", "spark")
    if engine not in ("auto", name):
        raise DataFileError(
            Message("A table of {name} is counted by {name}: leave engine out.", name=name)
        )
    home = source.sparkSession if name == "spark" else None
    if name == "duckdb":
        import duckdb

        home = duckdb.default_connection()
    return _frame(name, "table", rows, home)


def _frame(name: str, file: str, rows: nw.LazyFrame[Any], home: Any) -> _Frame:
    """Return a table with what its engine needs; ``home`` is a connection or a session."""
    if name == "pandas":
        return _Frame(name, file, rows, lambda table: nw.from_native(table).lazy(), _each)
    if name == "polars":
        import polars as pl

        return _Frame(name, file, rows, lambda t: nw.from_native(pl.from_pandas(t).lazy()), _each)
    if name == "duckdb":
        return _Frame(name, file, rows, lambda table: nw.from_native(home.from_df(table)), _at_once)
    if name == "spark":
        return _Frame(name, file, rows, lambda table: _spark_table(home, table), _at_once)
    raise DataFileError(
        Message("Tables of {name} are not counted. Engines: {engines}.", name=name,
                engines="pandas, polars, duckdb, spark")
    )  # fmt: skip


def _spark_table(session: Any, table: pd.DataFrame) -> nw.LazyFrame[Any]:
    kinds = {"int64": "long", "float64": "double"}
    schema = ", ".join(f"{name} {kinds.get(str(k), 'string')}" for name, k in table.dtypes.items())
    rows = [tuple(row) for row in table.astype(object).itertuples(index=False, name=None)]
    return nw.from_native(session.createDataFrame(rows, schema))  # type: ignore[no-any-return]


def _each(rows: nw.LazyFrame[Any], sets: Sequence[Sequence[str]]) -> list[pd.DataFrame]:
    """Count groups of rows (``n``, and ``w`` added up) by each set of columns."""
    counted = [
        rows.group_by(*keys).agg(nw.len().alias("n"), nw.col("w").sum().alias("w")) for keys in sets
    ]
    if rows.implementation.is_polars():
        import polars as pl

        # Together, so that files are read once.
        found = pl.collect_all([one.to_native() for one in counted])
        return [nw.from_native(one).to_pandas() for one in found]
    return [one.collect("pandas").to_native() for one in counted]


def _at_once(rows: nw.LazyFrame[Any], sets: Sequence[Sequence[str]]) -> list[pd.DataFrame]:
    """Count as `_each` does, by GROUPING SETS, so that files are read once."""
    names = list(dict.fromkeys(name for keys in sets for name in keys))
    mask = " + ".join(f"GROUPING({name}) * {1 << i}" for i, name in enumerate(names))
    listed = ", ".join(f"({', '.join(keys)})" for keys in sets)
    sql = (
        f"SELECT {', '.join(names)}, {mask} AS mask, COUNT(*) AS n, SUM(w) AS w FROM corredor_rows"
        f" GROUP BY GROUPING SETS ({listed})"
    )
    native = rows.to_native()
    if rows.implementation.is_duckdb():
        found = native.query("corredor_rows", sql).df()
    else:
        native.createOrReplaceTempView("corredor_rows")
        found = native.sparkSession.sql(sql).toArrow().to_pandas()
    masks = [sum(1 << i for i, name in enumerate(names) if name not in keys) for keys in sets]
    return [
        found.loc[found["mask"] == mask, [*keys, "n", "w"]].reset_index(drop=True)
        for mask, keys in zip(masks, sets, strict=True)
    ]


def _open_files(pattern: str, engine: str, room: str) -> _Frame:
    """Open CSV or Parquet files by a pattern as text."""
    paths = [pattern] if "://" in pattern else sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207
    name = Path(pattern).name
    if not paths:
        raise DataFileError(Message("{file}: no such file.", file=pattern))
    suffixes = {Path(path).suffix.lower() for path in paths}
    if len(suffixes) > 1 or not suffixes <= {".csv", ".tsv", ".txt", ".parquet", ".pq"}:
        raise DataFileError(
            Message("{file}: engines read CSV or Parquet, and one of the two at a time. Other files"
                    " are read without an engine.", file=name)
        )  # fmt: skip
    parquet = suffixes <= {".parquet", ".pq"}
    separator = "," if parquet or "://" in pattern else _separator(paths, name)
    try:
        rows, home = _READERS[engine](paths, parquet, separator, room)
    except ModuleNotFoundError as error:
        raise missing_extra(_EXTRAS.get(engine, "parquet"), name) from error
    return _frame(engine, name, nw.from_native(rows).lazy(), home)


def _separator(paths: Sequence[str], name: str) -> str:
    """Return what separates cells; the first lines of all files must be the same."""
    heads = set()
    for path in paths:
        with Path(path).open("rb") as file:
            raw = file.read(100_000)
        try:
            text = raw[: raw.rfind(b"\n") + 1 or None].decode("utf-8-sig")
        except UnicodeDecodeError:
            raise DataFileError(
                Message("{file}: engines read text in UTF-8 only. Save it as UTF-8, or leave"
                        " the engine out.", file=Path(path).name)
            ) from None  # fmt: skip
        heads.add((text.splitlines() or [""])[0].strip())
    if len(heads) > 1:
        raise DataFileError(
            Message("{file}: the files have different first lines. Read those together that have"
                    " the same columns in the same order.", file=name)
        )  # fmt: skip
    return find_separator(text)


def _by_pandas(paths: Sequence[str], parquet: bool, separator: str, room: str) -> tuple[Any, Any]:
    del room
    if parquet:
        return pd.concat([pd.read_parquet(path) for path in paths], ignore_index=True), None
    read = [
        pd.read_csv(path, sep=separator, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        for path in paths
    ]
    return pd.concat(read, ignore_index=True), None


def _by_polars(paths: Sequence[str], parquet: bool, separator: str, room: str) -> tuple[Any, Any]:
    del room
    import polars as pl

    if parquet:
        return pl.scan_parquet(list(paths)), None
    return pl.scan_csv(list(paths), separator=separator, infer_schema=False), None


def _by_duckdb(paths: Sequence[str], parquet: bool, separator: str, room: str) -> tuple[Any, Any]:
    import duckdb

    # Groups that outgrow the memory go into a folder of their own that is deleted at the end.
    home = duckdb.connect(config={"memory_limit": _MEMORY, "temp_directory": room,
                                  "preserve_insertion_order": "false"})  # fmt: skip
    if parquet:
        return home.read_parquet(list(paths)), home
    return home.read_csv(list(paths), header=True, sep=separator, all_varchar=True, quotechar='"',
                         escapechar='"'), home  # fmt: skip


def _by_spark(paths: Sequence[str], parquet: bool, separator: str, room: str) -> tuple[Any, Any]:
    del room
    from pyspark.sql import SparkSession

    home = (
        SparkSession.builder.appName("corredor").config("spark.ui.enabled", "false").getOrCreate()
    )
    if parquet:
        return home.read.parquet(*paths), home
    return home.read.csv(list(paths), header=True, sep=separator, quote='"', escape='"'), home


_READERS = {"pandas": _by_pandas, "polars": _by_polars, "duckdb": _by_duckdb, "spark": _by_spark}
