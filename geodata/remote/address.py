"""Addresses of database tables, and the check that a query is one SELECT; opens no connection."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from ..errors import DataFileError, suggestion
from ..messages import Message

SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")
# What may be said after '?': what to read, and how to connect.
_READ = ("table", "query", "geometry")
_CONNECT = ("host", "port", "sslmode", "sslrootcert")

_SKIPPED = re.compile(
    r"""
      --[^\n]*                                   # comment to the end of the line
    | (?<![\w$\x80-\U0010ffff])[eE]'(?:[^'\\]|\\.|'')*'  # text with backslashes
    | '(?:[^']|'')*'                             # text
    | "(?:[^"]|"")*"                             # name
    | (?<![\w$\x80-\U0010ffff])(?P<tag>\$(?:[^\W\d]\w*)?\$).*?(?P=tag)  # text between dollars
    """,
    re.VERBOSE | re.DOTALL,
)
# What may not be left when texts, names and comments are gone.
_OPEN = re.compile(r""";|'|"|/\*|\$\w*\$""")


@dataclass(frozen=True)
class DatabaseAddress:
    """Where a table or the answer to a query is.

    Parameters
    ----------
    host, user, password, database : str
        As in ``postgresql://user:password@host/database``; empty where left to libpq.
    port : int or None
        None for the usual one.
    connect : tuple of (str, str)
        Settings of the connection.
    table, query, geometry : str or None
        What to read.
    """

    host: str
    port: int | None
    user: str
    password: str
    database: str
    connect: tuple[tuple[str, str], ...] = ()
    table: str | None = None
    query: str | None = None
    geometry: str | None = None

    def __repr__(self) -> str:
        return f"DatabaseAddress({self.shown!r})"

    @property
    def shown(self) -> str:
        """The address for people: without password, and without the text of a query."""
        login = f"{self.user}@" if self.user else ""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = f":{self.port}" if self.port else ""
        what = f"?table={self.table}" if self.table else "?query=..." if self.query else ""
        return f"postgresql://{login}{host}{port}/{self.database}{what}"


def is_database_address(text: object) -> bool:
    """Tell whether a text is the address of a database rather than the path of a file.

    Parameters
    ----------
    text : object
        Anything.

    Returns
    -------
    bool
        Whether it begins like the address of a PostgreSQL database.
    """
    return isinstance(text, str) and text.strip().lower().startswith(
        tuple(f"{scheme}://" for scheme in SCHEMES)
    )


def mask_address(text: str) -> str:
    """Return the address of a database without what may be secret, also where it is malformed."""
    scheme, found, rest = text.strip().partition("://")
    if not found:
        return "postgresql://..."
    place = rest.rpartition("@")[2].split("?", 1)[0].split("#", 1)[0]
    return f"{scheme}://{place}"


def parse_address(
    address: str,
    *,
    table: str | None = None,
    query: str | None = None,
    geometry: str | None = None,
) -> DatabaseAddress:
    """Take an address apart.

    Its parts; at most one of ``table`` and ``query`` is there.
    """
    if not is_database_address(address):
        raise DataFileError(
            Message(
                "{address}: a table in a database is written postgresql://user@host/database?"
                "table=schema.name.",
                address=mask_address(address),
            )
        )
    place, _, settings = address.strip().partition("?")
    try:
        parts = urlsplit(place)
        host, port = unquote(parts.hostname or ""), parts.port
        malformed = bool(parts.fragment) or "@" in parts.path
    except ValueError:
        malformed = True
    if malformed:
        raise DataFileError(
            Message(
                "{address}: this address cannot be taken apart. In a password write @ as %40, : as"
                " %3A, / as %2F, # as %23 and ? as %3F.",
                address=mask_address(address),
            )
        )
    said = _settings(settings, mask_address(address))
    found = DatabaseAddress(
        host=host,
        port=port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        database=unquote(parts.path.lstrip("/")),
        connect=tuple((name, said[name]) for name in _CONNECT if name in said),
        table=table or said.get("table"),
        query=query or said.get("query"),
        geometry=geometry or said.get("geometry"),
    )
    if found.table and found.query:
        raise DataFileError(
            Message("{address}: name a table or give a query, not both.", address=found.shown)
        )
    return found


def _settings(text: str, shown: str) -> dict[str, str]:
    """Return what stands after '?'; a query is the last setting and may hold '&' itself."""
    said: dict[str, str] = {}
    while text:
        name, _, rest = text.partition("=")
        if name not in (*_READ, *_CONNECT):
            raise DataFileError(
                Message(
                    "{address}: the setting '{name}' is not known. {hint} A query stands last and"
                    " is put in quotes on the command line.",
                    address=shown,
                    name=name if name.isidentifier() and "@" not in rest else "...",
                    hint=suggestion(name, (*_READ, *_CONNECT)),
                )
            )
        value, _, text = (rest, "", "") if name == "query" else rest.partition("&")
        if value:
            said[name] = unquote(value)
    return said


def check_select(query: str, shown: str) -> str:
    """Check that a query is one SELECT and nothing else.

    The query without comments and without a semicolon at its end.
    """
    bare = _without_comments(query).strip().rstrip(";").strip()
    plain = _SKIPPED.sub(" '' ", bare)
    depth, level = 0, 0
    for character in plain:
        level += (character == "(") - (character == ")")
        depth = min(depth, level)
    first = re.match(r"[\s(]*(\w*)", plain)
    starts = first is not None and first[1].lower() in ("select", "with")
    if not starts or depth < 0 or level or _OPEN.search(plain.replace("''", "")):
        raise DataFileError(
            Message(
                "{address}: only one SELECT is run here, nothing that writes and nothing after it."
                " Give a single SELECT with all its brackets and quotes closed.",
                address=shown,
            )
        )
    return bare


def _without_comments(query: str) -> str:
    """Return a query with a blank in the place of each comment; texts and names stay."""
    kept, at = [], 0
    while at < len(query):
        if query.startswith("/*", at):
            end = _end_of_comment(query, at)
            kept.append(" " if end else query[at:])
            at = end or len(query)
        elif found := _SKIPPED.match(query, at):
            kept.append(" " if found[0].startswith("--") else found[0])
            at = found.end()
        else:
            kept.append(query[at])
            at += 1
    return "".join(kept)


def _end_of_comment(query: str, at: int) -> int | None:
    """Return where a comment ends, if it does; they stand inside each other in PostgreSQL."""
    level = 0
    for found in re.finditer(r"/\*|\*/", query[at:]):
        level += 1 if found[0] == "/*" else -1
        if level == 0:
            return at + found.end()
    return None
