"""What a PostgreSQL database holds: tables a user may read, and the columns of a query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import DataFileError, suggestion
from ..messages import Message
from .database_address import DatabaseAddress, check_select
from .database_connection import quote_name, run_select

if TYPE_CHECKING:
    from sqlalchemy import Connection

_RELATIONS = """
    SELECT c.oid, n.nspname, c.relname, pg_table_is_visible(c.oid),
           has_any_column_privilege(c.oid, 'SELECT') AND has_schema_privilege(n.oid, 'USAGE'),
           c.relrowsecurity
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND n.nspname !~ '^pg_'
      AND n.nspname <> %(system)s AND NOT EXISTS (
          SELECT FROM pg_depend d WHERE d.objid = c.oid
          AND d.classid = 'pg_class'::regclass AND d.deptype = 'e')
    ORDER BY 2, 3
"""
_COLUMNS = """
    SELECT a.attname, t.typname, n.nspname, has_column_privilege(a.attrelid, a.attnum, 'SELECT')
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE a.attrelid = %(oid)s AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""
_TYPES = """
    SELECT t.oid, t.typname, n.nspname FROM pg_type t
    JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.oid = ANY(%(oids)s)
"""


@dataclass(frozen=True)
class DatabaseColumn:
    """A column: its name, and the name and schema of its type."""

    name: str
    kind: str
    schema: str


@dataclass(frozen=True)
class Origin:
    """What rows come from.

    Parameters
    ----------
    sql : str
        What stands after FROM, with ``%`` doubled.
    columns : tuple of DatabaseColumn
        What may be selected.
    notes : tuple of Message
        What the reader must be told.
    ordered : bool
        Whether the rows come in an order that somebody asked for.
    """

    sql: str
    columns: tuple[DatabaseColumn, ...]
    notes: tuple[Message, ...] = ()
    ordered: bool = False


def find_table(connection: Connection, place: DatabaseAddress) -> Origin:
    """Find the table that an address names.

    The table and the columns that this user may read.
    """
    relations = run_select(connection, _RELATIONS, system="information_schema")
    readable = [f"{r[1]}.{r[2]}" for r in relations if r[4]]
    if not place.table:
        raise DataFileError(
            Message(
                "{address}: say which table to read with ?table=. There are: {tables}.",
                address=place.shown,
                tables=", ".join(readable[:12]) or "-",
            )
        )
    found = [r for r in relations if f"{r[1]}.{r[2]}" == place.table]
    found = found or [r for r in relations if r[2] == place.table and r[3]]
    found = found or [r for r in relations if r[2] == place.table]
    if not found:
        short = [name.partition(".")[2] for name in readable]
        names = readable if "." in place.table else short
        raise DataFileError(
            Message(
                "{address}: there is no table of this name. {hint}",
                address=place.shown,
                hint=suggestion(place.table, names),
            )
        )
    if len(found) > 1:
        raise DataFileError(
            Message(
                "{address}: there are several tables of this name. Write one of: {tables}.",
                address=place.shown,
                tables=", ".join(f"{r[1]}.{r[2]}" for r in found),
            )
        )
    oid, schema, name, _, allowed, guarded = found[0]
    columns = run_select(connection, _COLUMNS, oid=oid)
    granted = [c for c in columns if c[3]] if allowed else []
    if not granted:
        raise DataFileError(
            Message(
                "{address}: this user may not read it. Ask for the right to SELECT.",
                address=place.shown,
            )
        )
    notes = []
    if len(granted) < len(columns):
        closed = ", ".join(c[0] for c in columns if not c[3])
        notes.append(Message("This user may not read the columns {columns}.", columns=closed))
    if guarded:
        notes.append(Message("The table hides rows from some users: there may be more of them."))
    return Origin(
        quote_name(connection, schema, name),
        tuple(DatabaseColumn(c[0], c[1], c[2]) for c in granted),
        tuple(notes),
    )


def find_query(connection: Connection, place: DatabaseAddress) -> Origin:
    """Find which columns the query of an address gives, without fetching a row.

    The query in brackets and its columns.
    """
    query = check_select(place.query or "", place.shown).replace("%", "%%")
    sql = f"({query}\n) AS q"
    answer = connection.exec_driver_sql(f"SELECT * FROM {sql} LIMIT %(rows)s", {"rows": 0})
    cursor = answer.cursor
    described = [(d[0], d[1]) for d in (cursor.description or ())] if cursor else []
    answer.close()
    names = [name for name, _ in described]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise DataFileError(
            Message(
                "{address}: the query names the column '{name}' more than once. Rename one of them"
                " with AS.",
                address=place.shown,
                name=twice[0],
            )
        )
    kinds = {r[0]: r for r in run_select(connection, _TYPES, oids=[oid for _, oid in described])}
    columns = tuple(DatabaseColumn(name, kinds[oid][1], kinds[oid][2]) for name, oid in described)
    return Origin(sql, columns, ordered=True)
