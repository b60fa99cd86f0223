"""Counting what is left out or noted while a table is read."""

from __future__ import annotations

from ..account import LeftOut
from ..errors import clip
from ..messages import Message

_EXAMPLES = 5


class Tally:
    """Counts rows by reason, with the sum they carry and a few examples."""

    def __init__(self) -> None:
        self._rows: dict[Message, int] = {}
        self._totals: dict[Message, float] = {}
        self._examples: dict[Message, dict[str, None]] = {}

    def add(self, reason: Message, *, total: float | None = None, example: str = "") -> None:
        """Count one row; ``example`` must never come from a person's record."""
        self._rows[reason] = self._rows.get(reason, 0) + 1
        if total is not None:
            self._totals[reason] = self._totals.get(reason, 0) + total
        if example:
            self._examples.setdefault(reason, {})[clip(example)] = None

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
                tuple(self._examples.get(reason, {}))[:_EXAMPLES],
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
