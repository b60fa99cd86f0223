"""Files are written to a temporary file and moved into place only when they are complete."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from .errors import DataFileError
from .messages import Message


def write_whole(path: Path, write: Callable[[Path], object]) -> Path:
    """Let ``write`` fill a temporary file and move it to ``path`` once it is complete.

    Parameters
    ----------
    path : Path
        The file; replaced if it exists.
    write : callable
        Takes the path of a file to write, with the suffix of ``path``.

    Returns
    -------
    Path
        ``path``.

    Raises
    ------
    DataFileError
        If the file can't be written.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=f".part{path.suffix}")
        os.close(handle)
        part = Path(name)
        part.unlink()
        try:
            write(part)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except DataFileError:
        raise
    except OSError as error:
        raise DataFileError(
            Message(
                "{file}: cannot write here ({detail}).", file=path, detail=error.strerror or error
            )
        ) from error
    return path
