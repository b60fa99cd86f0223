"""The face that pictures and PDFs are set in: Lato (OFL), the same on every machine."""

from __future__ import annotations

from pathlib import Path

from corredor.geodata import MissingExtraError
from corredor.geodata.messages import Message


def font_files() -> list[Path]:
    """Return the files of the face.

    Raises
    ------
    MissingExtraError
        Without the extra ``pictures``.
    """
    try:
        from font_lato import font_directory
    except ImportError:
        raise missing("pictures") from None
    return sorted(Path(font_directory).glob("Lato-*.ttf"))


def missing(extra: str) -> MissingExtraError:
    """Return the error for an extra that is not installed."""
    return MissingExtraError(
        Message("This needs the extra '{extra}': pip install 'corredor[{extra}]'", extra=extra)
    )
