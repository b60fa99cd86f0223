"""What can go wrong, and the classes that say so.

::

    CorredorError
    ├── DataFileError (OSError)       a file is missing, unreadable or not what its name says
    ├── StudyError (ValueError)       study.toml does not describe a study
    ├── TableError (ValueError)       a table breaks its contract: all faults at once
    ├── UnknownPlaceError (LookupError)
    ├── NetworkError (ValueError)     a network, or what is asked of it, does not hold together
    ├── SuppressionError (ValueError) unprotected counts would leave the program
    ├── ArgumentError (TypeError, ValueError)  a function was handed what it does not take
    └── MissingExtraError (ImportError)

    CorredorWarning (UserWarning)     something was left out or assumed, with its count
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .messages import Language, Message

SHOWN_FAULTS = 20


class CorredorWarning(UserWarning):
    """Rows were left out or something was assumed; the text says what and how many."""


class CorredorError(Exception):
    """Root of all errors raised on purpose; `render` gives the text in either language.

    Parameters
    ----------
    message : Message
        What is wrong and what to do, in both languages.
    """

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message

    def render(self, language: Language = "en") -> str:
        """Return the error as one paragraph in ``language``.

        Parameters
        ----------
        language : {"en", "es"}, optional
            Language of the text.

        Returns
        -------
        str
            Text without markup.
        """
        return self.message.render(language)

    def __str__(self) -> str:
        return self.render()


class DataFileError(CorredorError, OSError):
    """A file is missing, unreadable, or not what its name says."""


class StudyError(CorredorError, ValueError):
    """``study.toml`` does not describe a study."""


class UnknownPlaceError(CorredorError, LookupError):
    """A place, region or district is not in the tables."""


class NetworkError(CorredorError, ValueError):
    """A network, or what is asked of it, does not hold together."""


class SuppressionError(CorredorError, ValueError):
    """Unprotected counts would leave the program."""


class ArgumentError(CorredorError, TypeError, ValueError):
    """A function was handed a value of another type, or none of its choices."""


class MissingExtraError(CorredorError, ImportError):
    """An optional package is needed; the text names the extra that brings it."""


@dataclass(frozen=True)
class Fault:
    """One fault of a table.

    Parameters
    ----------
    row : int or None
        Row as a spreadsheet counts it (the header is row 1); None for the whole column or file.
    column : str or None
        Column name.
    value : str or None
        What stands there.
    reason, fix : Message
        What is wrong, and how to mend it.
    """

    row: int | None
    column: str | None
    value: str | None
    reason: Message
    fix: Message

    def render(self, language: Language = "en") -> str:
        """Return the fault as one line in ``language``.

        Parameters
        ----------
        language : {"en", "es"}, optional
            Language of the text.

        Returns
        -------
        str
            Row, column, value, reason and fix.
        """
        where: list[str] = []
        if self.row is not None:
            where.append(Message("row {row}", row=self.row).render(language))
        if self.column is not None:
            where.append(Message("column {column}", column=self.column).render(language))
        if self.value is not None:
            where.append(f"'{clip(self.value)}'")
        place = ", ".join(where)
        said = f"{self.reason.render(language)} {self.fix.render(language)}"
        return f"{place}: {said}" if place else said


_TABLES = {
    "complaints": Message("complaints"),
    "flows": Message("flows"),
    "itineraries": Message("itineraries"),
    "cases": Message("cases"),
    "population": Message("population"),
    "migration": Message("migration"),
}


class TableError(CorredorError, ValueError):
    """A table breaks its contract.

    Parameters
    ----------
    table, file : str
        Which table, read from which file.
    faults : list of Fault
        The faults found, in the order of the file.
    more : int
        How many were found besides, where they are too many to keep.
    """

    def __init__(self, table: str, file: str, faults: list[Fault], *, more: int = 0) -> None:
        super().__init__(
            Message(
                "{file} (table {table}): {n} fault(s).",
                file=file,
                table=_TABLES.get(table, table),
                n=len(faults) + more,
            )
        )
        self.table, self.file, self.faults, self.more = table, file, faults, more

    def render(self, language: Language = "en") -> str:
        """Return the heading and the first faults, one a line.

        Parameters
        ----------
        language : {"en", "es"}, optional
            Language of the text.

        Returns
        -------
        str
            The first 20 faults, and how many more there are.
        """
        lines = [self.message.render(language)]
        lines += [f"  {fault.render(language)}" for fault in self.faults[:SHOWN_FAULTS]]
        if (rest := len(self.faults) + self.more - SHOWN_FAULTS) > 0:
            lines.append("  " + Message("... and {n} more.", n=rest).render(language))
        return "\n".join(lines)


def one_fault(
    table: str, file: str, reason: Message, fix: Message, *, column: str | None = None
) -> TableError:
    """Return the error of one fault of a whole table, or of a whole column."""
    return TableError(table, file, [Fault(None, column, None, reason, fix)])


def missing_extra(extra: str, file: str | Path | None = None) -> MissingExtraError:
    """Return the error for an extra that is not installed, and the file that asks for it."""
    if file is None:
        return MissingExtraError(
            Message("This needs the extra '{extra}': pip install 'corredor[{extra}]'", extra=extra)
        )
    return MissingExtraError(
        Message(
            "{file}: reading this kind of file needs an extra: pip install 'corredor[{extra}]'.",
            file=file,
            extra=extra,
        )
    )


def clip(text: str, length: int = 60) -> str:
    """Return ``text`` on one line, cut to ``length`` characters, without control characters."""
    flat = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return flat if len(flat) <= length else flat[: length - 1] + "…"


def casefolded(name: str) -> str:
    """Return ``name`` without accents, case and surplus blanks, for comparing names."""
    if name.isascii():  # most names, and this is called for every cell
        return " ".join(name.lower().split())
    plain = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that looks most like ``name``, or None if none does."""
    by_fold = {casefolded(candidate): candidate for candidate in known}
    import difflib

    found = difflib.get_close_matches(casefolded(name), by_fold, n=1, cutoff=0.6)
    return by_fold[found[0]] if found else None


def suggestion(name: str, known: Iterable[str]) -> Message:
    """Return the sentence that offers the nearest known name."""
    candidate = nearest(name, known)
    if candidate is None:
        return Message("Nothing known looks like it.")
    return Message("Did you mean '{candidate}'?", candidate=candidate)
