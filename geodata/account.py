"""The account of a reading: what a file was taken for, what was mended, what was left out.

Every reader returns its table together with an `Account`, so that nothing is lost in silence: the
rows and the total that came in are those that went on, were merged, or are listed as left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

from .errors import clip
from .messages import Language, Message

T = TypeVar("T")


@dataclass(frozen=True)
class LeftOut:
    """Rows that did not go on.

    Parameters
    ----------
    reason : Message
        Why.
    rows : int
        How many.
    total : float or None
        Sum of the counts they carry; None where rows carry no count.
    examples : tuple of str
        A few of them, aggregate text only, never a person's record.
    """

    reason: Message
    rows: int
    total: float | None = None
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Account:
    """What happened between a file and its table.

    Parameters
    ----------
    file : str
        Name of the file.
    taken_for : Message
        What the file was recognised as.
    why : tuple of Message
        What it was recognised by.
    mended : tuple of Message
        Repairs, each with its count.
    left_out : tuple of LeftOut
        Rows that did not go on.
    notes : tuple of Message
        What the reader of the table must know: vintage, approximations, footnotes.
    rows_in, rows_out, merged : int
        Rows of the file, rows of the table, and rows that went into another row (parts of one
        region, monthly rows of one year).
    total_in, total_out : float or None
        Sum of the counts before and after; None for tables without counts.
    extra : dict of str to object, optional
        What only one kind of file has; goes into `to_dict` as it is.
    """

    file: str
    taken_for: Message
    why: tuple[Message, ...] = ()
    mended: tuple[Message, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[Message, ...] = ()
    rows_in: int = 0
    rows_out: int = 0
    merged: int = 0
    total_in: float | None = None
    total_out: float | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    def render(self, language: Language = "en") -> str:
        """Return the account as plain text.

        Parameters
        ----------
        language : {"en", "es"}, optional
            Language of the text.

        Returns
        -------
        str
            What the file was taken for, what was mended and left out, rows and totals; a line each.
        """
        lines = [f"{self.file}: {self.taken_for.render(language)}"]
        lines += [f"  {message.render(language)}" for message in self.why]
        lines += [
            f"  {Message('mended: {what}', what=message).render(language)}"
            for message in self.mended
        ]
        for part in self.left_out:
            said = Message("left out: {rows} row(s), {why}", rows=part.rows, why=part.reason)
            if part.total is not None:
                said = Message(
                    "left out: {rows} row(s) with {total:,.0f} in all, {why}",
                    rows=part.rows,
                    total=part.total,
                    why=part.reason,
                )
            shown = f" ({'; '.join(part.examples)})" if part.examples else ""
            lines.append(f"! {said.render(language)}{shown}")
        lines += [f"  {message.render(language)}" for message in self.notes]
        rows = Message(
            "{rows_in} row(s) in, {rows_out} out, {merged} merged",
            rows_in=self.rows_in,
            rows_out=self.rows_out,
            merged=self.merged,
        )
        lines.append(f"  {rows.render(language)}")
        if self.total_in is not None and self.total_out is not None:
            totals = Message(
                "total {before:,.0f} in, {after:,.0f} out",
                before=self.total_in,
                after=self.total_out,
            )
            lines.append(f"  {totals.render(language)}")
        return "\n".join(lines)

    def to_dict(self, language: Language = "en") -> dict[str, Any]:
        """Return the account as plain data, for JSON.

        Parameters
        ----------
        language : {"en", "es"}, optional
            Language of the text.

        Returns
        -------
        dict of str to object
            The fields of the account, with their texts in ``language``.
        """
        return {
            "file": self.file,
            "taken_for": self.taken_for.render(language),
            "why": [message.render(language) for message in self.why],
            "mended": [message.render(language) for message in self.mended],
            "left_out": [
                {
                    "reason": part.reason.render(language),
                    "rows": part.rows,
                    "total": part.total,
                    "examples": list(part.examples),
                }
                for part in self.left_out
            ],
            "notes": [message.render(language) for message in self.notes],
            "rows": {"in": self.rows_in, "out": self.rows_out, "merged": self.merged},
            "total": {"in": self.total_in, "out": self.total_out},
            **_plain(self.extra, language),
        }


def _plain(value: Any, language: Language) -> Any:
    """Return plain data with the messages in it rendered."""
    if isinstance(value, Message):
        return value.render(language)
    if isinstance(value, dict):
        return {name: _plain(part, language) for name, part in value.items()}
    return [_plain(part, language) for part in value] if isinstance(value, list) else value


class Reading(NamedTuple, Generic[T]):
    """A table and the account of how it was read.

    Parameters
    ----------
    table : object
        What was read, mostly a DataFrame.
    account : Account
        How it was read.
    """

    table: T
    account: Account


_EXAMPLES, _SHOWN = 5, 20


class Tally:
    """What is left out or noted while a table is read: rows by reason, their sum, a few examples.

    ``said`` are sentences without a count.
    """

    def __init__(self, said: Sequence[Message] = ()) -> None:
        self.said = list(said)
        self._rows: dict[Message, int] = {}
        self._totals: dict[Message, float] = {}
        self._examples: dict[Message, dict[str, None]] = {}

    def add(
        self, reason: Message, *, total: float | None = None, example: str = "", rows: int = 1
    ) -> None:
        """Count a row, or several; ``example`` must never come from a person's record."""
        self._rows[reason] = self._rows.get(reason, 0) + rows
        if total is not None:
            self._totals[reason] = self._totals.get(reason, 0) + total
        if example:
            self._examples.setdefault(reason, {})[clip(example)] = None

    def leave_out(
        self,
        reason: Message,
        rows: int,
        total: float | None = None,
        examples: Sequence[str] = (),
    ) -> None:
        """Count several rows at once; no example of a person's record here either."""
        self._rows[reason] = self._rows.get(reason, 0) + rows
        if total is not None:
            self._totals[reason] = self._totals.get(reason, 0) + total
        self._examples.setdefault(reason, {}).update(dict.fromkeys(examples))

    def mention(self, reason: Message, example: str) -> None:
        """Add an example of a row that is counted already."""
        self._examples.setdefault(reason, {})[clip(example)] = None

    def left_out(self) -> tuple[LeftOut, ...]:
        """Return what was counted as parts of an account."""
        return tuple(
            LeftOut(
                reason,
                rows,
                self._totals.get(reason),
                tuple(self._examples.get(reason, {}))[:_SHOWN],
            )
            for reason, rows in self._rows.items()
        )

    def notes(self) -> tuple[Message, ...]:
        """Return what was counted as sentences with their counts."""
        return tuple(
            Message(
                "{what} ({n} row(s): {examples})",
                what=reason,
                n=rows,
                examples="; ".join((*tuple(self._examples[reason])[:_EXAMPLES], *more)),
            )
            if self._examples.get(reason)
            else Message("{what} ({n} row(s))", what=reason, n=rows)
            for reason, rows in self._rows.items()
            for more in [("...",) if len(self._examples.get(reason, ())) > _EXAMPLES else ()]
        )
