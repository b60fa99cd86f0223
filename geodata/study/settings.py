"""Changing what ``study.toml`` says, with everything else in it as it was, comments too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import CorredorError, missing_extra
from ..files import write_book
from .model import Study
from .read import read_study, stories_digest
from .toml import STUDY_FILE, read_config, table_entries


def change_study(
    folder: str | Path,
    *,
    title: str | None = None,
    threshold: int | None = None,
    together: Sequence[str] | None = None,
    stories: Sequence[Mapping[str, Any]] | None = None,
) -> Study:
    """Change settings of a study, and read it; what does not read back is not kept.

    Parameters
    ----------
    folder : str or Path
        Folder with ``study.toml``.
    title : str, optional
        Heading of the map, in both languages.
    threshold : int, optional
        Smallest count of an own source that is shown.
    together : sequence of str, optional
        What own counts are taken together by: any of "purposes", "periods", "regions".
    stories : sequence of mapping, optional
        All stories: ``title``, ``text`` and the keys of a view. They hold for the figures that the
        study has now.

    Returns
    -------
    Study
        The study as it is then.

    Raises
    ------
    StudyError
        If it would not be a study; it stays as it was.
    MissingExtraError
        If the extra ``desk`` is missing.
    """
    try:
        import tomlkit
    except ModuleNotFoundError:
        raise missing_extra("desk") from None
    file = Path(folder) / STUDY_FILE
    config = read_config(file)
    before = file.read_text(encoding="utf-8")
    document = tomlkit.parse(before)
    if title is not None:
        document["title"] = {"es": title, "en": title}
    publication = {"threshold": threshold, "together": together and list(together)}
    if "publication" not in document and (threshold is not None or together):
        document["publication"] = tomlkit.table()
    for name, value in publication.items():
        if value:
            document["publication"][name] = value
        elif together is not None and name == "together" and "publication" in document:
            document["publication"].pop(name, None)
    if stories is not None:
        document.pop("stories", None)
        digest = stories_digest(table_entries(config, file.parent))
        listed = tomlkit.aot()
        for story in stories:
            listed.append(tomlkit.item({"written_for": digest, **story}))
        if stories:
            document["stories"] = listed
    after = tomlkit.dumps(document)
    if after != before:
        _write(file, after)
    try:
        return read_study(folder)
    except CorredorError:
        _write(file, before)
        raise


def _write(file: Path, text: str) -> None:
    write_book(file, lambda part: part.write_text(text, encoding="utf-8", newline="\n"))
