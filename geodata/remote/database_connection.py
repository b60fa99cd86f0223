"""Read-only connections to PostgreSQL, and their failures in one sentence each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..errors import DataFileError, MissingExtraError, clip
from ..messages import Message
from .database_address import DatabaseAddress

if TYPE_CHECKING:
    from sqlalchemy import Connection


@contextmanager
def connect_read_only(place: DatabaseAddress, timeout: float) -> Iterator[Connection]:
    """Open a read-only transaction; what goes wrong inside becomes one sentence.

    It is rolled back and closed at the end.
    """
    try:
        import psycopg
        import sqlalchemy
    except ImportError as error:
        raise MissingExtraError(
            Message(
                "{file}: reading this kind of file needs an extra: pip install"
                " 'corredor[{extra}]'.",
                file=place.shown,
                extra="postgres",
            )
        ) from error
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
