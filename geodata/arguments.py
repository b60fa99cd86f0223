"""What public functions are given: a wrong type or choice gets one sentence, at the door."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from .messages import Message


def check_type(
    value: object, wanted: type | tuple[type, ...], name: str, *, fix: Message | str = ""
) -> None:
    """Raise TypeError in one sentence unless ``value`` is of a wanted type."""
    wanted = wanted if isinstance(wanted, tuple) else (wanted,)
    # True is an int for Python, and never meant as a number.
    if isinstance(value, wanted) and (bool in wanted or not isinstance(value, bool)):
        return
    values = {
        "name": name,
        "wanted": " | ".join("None" if kind is type(None) else kind.__name__ for kind in wanted),
        "found": "None" if value is None else type(value).__name__,
    }
    if fix:
        raise TypeError(Message("{name}: expected {wanted}, not {found}. {fix}", **values, fix=fix))
    raise TypeError(Message("{name}: expected {wanted}, not {found}.", **values))


def check_choice(value: object, known: Iterable[str], name: str) -> None:
    """Raise ValueError, with all that can be chosen, unless ``value`` is one of the choices."""
    choices = list(known)
    if value not in choices:
        raise ValueError(
            Message(
                "{name}: {value} is none of {known}.",
                name=name,
                value=repr(value),
                known=", ".join(repr(choice) for choice in choices),
            )
        )


def as_path(value: str | os.PathLike[str], name: str = "path") -> Path:
    """Return a path; text is taken as one."""
    check_type(value, (str, os.PathLike), name)
    return Path(value)
