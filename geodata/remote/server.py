"""A PostgreSQL server: read-only connections, what fails in one sentence each, what it holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import DataFileError, clip, missing_extra, suggestion
from ..messages import Message
from .address import DatabaseAddress, check_select

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


@contextmanager
def connect_read_only(place: DatabaseAddress, timeout: float) -> Iterator[Connection]:
    """Open a read-only transaction; what goes wrong inside becomes one sentence.

    It is rolled back and closed at the end.
    """
    try:
        import psycopg
        import sqlalchemy
    except ImportError as error:
        raise missing_extra("postgres", place.shown) from error
    engine = sqlalchemy.create_engine(
        sqlalchemy.URL.create(
            "postgresql+psycopg",
            username=place.user or None,
            password=place.password or None,
            host=place.host or None,
            port=place.port,
            database=place.database or None,
            query=dict(place.connect),
        ),
        poolclass=sqlalchemy.NullPool,
        hide_parameters=True,
        connect_args={"connect_timeout": 10, "client_encoding": "utf8", "prepare_threshold": None},
        execution_options={"postgresql_readonly": True},
    )
    opened = False
    try:
        with engine.connect() as connection:
            opened = True
            for setting, value in (
                ("statement_timeout", str(max(1, int(timeout * 1000)))),
                ("datestyle", "ISO, YMD"),
                ("standard_conforming_strings", "on"),
                ("lc_messages", "C"),
            ):
                _set(connection, setting, value)
            yield connection
            connection.rollback()
    except UnicodeDecodeError:
        raise DataFileError(
            Message(
                "{address}: the database does not say in which encoding its texts are, and they are"
                " not UTF-8. Export the table as a file.",
                address=place.shown,
            )
        ) from None
    except (sqlalchemy.exc.SQLAlchemyError, psycopg.Error) as error:
        # Not chained: what the server and the driver write may hold values from rows.
        cause = getattr(error, "orig", None) or error
        raise _failure(place, cause, timeout) if opened else _no_entry(place, cause) from None
    finally:
        engine.dispose()


def _set(connection: Connection, setting: str, value: str) -> None:
    """Change a setting for this transaction; one that only a superuser may change is left."""
    if setting == "lc_messages":
        allowed = connection.exec_driver_sql("SELECT current_setting('is_superuser')").scalar()
        if allowed != "on":
            return
    connection.exec_driver_sql(
        "SELECT set_config(%(setting)s, %(value)s, true)", {"setting": setting, "value": value}
    )


def _no_entry(place: DatabaseAddress, cause: BaseException) -> DataFileError:
    """Return why no connection came about; the server says it in its own language."""
    said = str(cause).lower()
    pgconn = getattr(cause, "pgconn", None)
    asked = bool(
        getattr(pgconn, "needs_password", False) or getattr(pgconn, "used_password", False)
    )
    if "fatal" not in said and not asked:
        text = Message(
            "{address}: no database server answers there. Check host and port, and whether this"
            " computer is connected.",
            address=place.shown,
        )
    elif asked or "password" in said or "contraseña" in said or "autentific" in said:
        text = Message("{address}: the server refuses this user or password.", address=place.shown)
    elif 'database "' in said or "base de datos" in said:
        text = Message(
            "{address}: the server has no database '{name}'.",
            address=place.shown,
            name=place.database,
        )
    else:
        text = Message(
            "{address}: the server does not let this user in from this computer.",
            address=place.shown,
        )
    return DataFileError(text)


def _failure(place: DatabaseAddress, cause: BaseException, timeout: float) -> DataFileError:
    """Return why a statement failed. The server's own words are shown only where they name SQL."""
    state = str(getattr(cause, "sqlstate", None) or "")
    if state == "57014":
        return DataFileError(
            Message(
                "{address}: the answer takes longer than {seconds:g} s. Ask for fewer rows, or sum"
                " them up in the query.",
                address=place.shown,
                seconds=timeout,
            )
        )
    if state == "42501":
        return DataFileError(
            Message(
                "{address}: this user may not read it. Ask for the right to SELECT.",
                address=place.shown,
            )
        )
    if state.startswith("25"):
        return DataFileError(
            Message(
                "{address}: the query would write. Only reading is done here.", address=place.shown
            )
        )
    if state[:2] in ("42", "0A"):
        diagnosis = getattr(cause, "diag", None)
        return DataFileError(
            Message(
                "{address}: the server does not understand the query ({detail}).",
                address=place.shown,
                detail=clip(getattr(diagnosis, "message_primary", None) or state, 120),
            )
        )
    return DataFileError(
        Message(
            "{address}: the server stopped while answering (error {code}).",
            address=place.shown,
            code=state or "-",
        )
    )


def run_select(connection: Connection, sql: str, **values: object) -> list[Any]:
    """Run one SELECT and return its rows.

    Its rows, each a tuple.
    """
    return list(connection.exec_driver_sql(sql, values).all())


def quote_name(connection: Connection, *names: str) -> str:
    """Return a name, with its schema before it, as the dialect quotes it (``%`` doubled)."""
    preparer = connection.dialect.identifier_preparer
    return ".".join(preparer.quote_identifier(name) for name in names)


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
