"""The desk: from files to a protected map and a report, on one local page.

It decides nothing: whatever it does, a function of the library does.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from corredor.geodata.errors import missing_extra

if TYPE_CHECKING:
    from starlette.applications import Starlette

__all__ = ["app"]


def app(
    study_folder: str | Path,
    *,
    token: str | None = None,
    hosts: Sequence[str] = (),
    private: str | Path | None = None,
) -> Starlette:
    """Return the desk of one study as an ASGI application.

    Parameters
    ----------
    study_folder : str or Path
        Folder of the study: one that exists, or one to make.
    token : str, optional
        What a browser must show once, as ``/?token=...``, before it gets a page. Left out, whoever
        reaches the application may use it: put a login before it.
    hosts : sequence of str, optional
        Names under which the application may be called, besides those of this machine.
    private : str or Path, optional
        Folder for what is being worked on, readable to its owner alone; the one of this user if
        left out.

    Returns
    -------
    Starlette
        The application. It keeps the work on one study, so it runs as one process.

    Raises
    ------
    MissingExtraError
        If the extra ``desk`` is missing.
    StudyError
        If the folder holds something else than a study, or its work is open elsewhere.
    """
    try:
        from .pages import build_app
    except ModuleNotFoundError as error:
        raise missing_extra("desk") from error
    return build_app(
        Path(study_folder),
        token=token,
        hosts=tuple(hosts),
        private=None if private is None else Path(private),
    )
