"""Reading ``study.toml``: what must stand there, and what to say if it does not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import StudyError
from ..messages import Message

STUDY_FILE = "study.toml"


@dataclass(frozen=True)
class Bilingual:
    """A text in Spanish and in English."""

    es: str
    en: str


def section(config: dict[str, Any], name: str, folder: Path) -> dict[str, Any]:
    """Return a section that every study has."""
    found = config.get(name.rsplit(".", 1)[-1])
    if not isinstance(found, dict):
        raise fault(folder, name, Message("This section is missing."))
    return found


def text_of(found: dict[str, Any], name: str, folder: Path) -> str:
    """Return a text of a section; ``name`` is its full name, as in ``title.es``."""
    value = found.get(name.rsplit(".", 1)[-1])
    if not isinstance(value, str) or not value.strip():
        raise fault(folder, name, Message("This text is missing."))
    return value


def bilingual(config: dict[str, Any], name: str, folder: Path) -> Bilingual:
    """Return a text in both languages."""
    found = section(config, name, folder)
    return Bilingual(
        es=text_of(found, f"{name}.es", folder), en=text_of(found, f"{name}.en", folder)
    )


def fault(folder: Path, key: str, fix: Message) -> StudyError:
    """Return the error that names the file, the key and what to do."""
    return StudyError(Message("{file}, [{key}]: {fix}", file=folder / STUDY_FILE, key=key, fix=fix))
