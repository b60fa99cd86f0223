"""The private place of the desk: what is being worked on, readable to its owner alone.

Files of cases are kept here, outside the study, as long as the work on them goes on: each open
study has a folder, locked while a desk is open. What no work needs is removed when a desk starts
and ends, also what a killed one has left.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sys
import unicodedata
from pathlib import Path
from typing import IO, Any

from corredor.geodata.errors import StudyError
from corredor.geodata.files import write_book
from corredor.geodata.messages import Message

STATE = "work.json"
# What stands there between two starts: all else is removed.
KEPT = (STATE, "files")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
_LONGEST = 100


def private_root() -> Path:
    """Return the folder of this user for what is being worked on."""
    home = Path.home()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_STATE_HOME") or home / ".local" / "state")
    return base / "corredor" / "desk"


def make_private(folder: Path) -> Path:
    """Make a folder that only its owner can open."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    return folder


class PrivatePlace:
    """The folder of one study's work, locked while it is open.

    Parameters
    ----------
    study : Path
        Folder of the study.
    root : Path, optional
        Folder of all work of this user.

    Raises
    ------
    StudyError
        If another desk works on the same study.
    """

    def __init__(self, study: Path, root: Path | None = None) -> None:
        root = make_private(root or private_root())
        name = hashlib.sha256(os.fsencode(os.path.realpath(study))).hexdigest()[:16]
        self.folder = make_private(root / name)
        self._lock = _locked(self.folder / "lock")
        if self._lock is None:
            raise StudyError(
                Message("{folder}: this study is open at another desk already.", folder=study)
            )
        for other in root.iterdir():
            if other != self.folder:
                _clear_left(other)
        self._tidy()
        self.temporary = make_private(self.folder / "temporary")
        self.files = make_private(self.folder / "files")

    def read(self) -> dict[str, Any]:
        """Return the work that was left, or nothing."""
        try:
            found = json.loads((self.folder / STATE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def write(self, state: dict[str, Any]) -> None:
        """Keep the work, whole or as it was."""
        text = json.dumps(state, ensure_ascii=False, indent=1)
        write_book(self.folder / STATE, lambda part: part.write_text(text, encoding="utf-8"))

    def _tidy(self) -> None:
        for entry in self.folder.iterdir() if self.folder.is_dir() else ():
            if entry.name not in (*KEPT, "lock"):
                _remove(entry)

    def close(self, *, keep: bool) -> None:
        """Remove what no work needs any more; with ``keep`` it can go on another time."""
        if self._lock is None:
            return
        self._tidy()
        self._lock.close()
        self._lock = None
        if not keep:
            shutil.rmtree(self.folder, ignore_errors=True)


def _clear_left(folder: Path) -> None:
    """Remove what a killed desk left of another study, but for work that can go on."""
    lock = _locked(folder / "lock") if folder.is_dir() else None
    if lock is None:
        return
    with lock:
        for entry in folder.iterdir():
            if entry.name not in (*KEPT, "lock"):
                _remove(entry)
        if not (folder / STATE).is_file():
            shutil.rmtree(folder, ignore_errors=True)


def _remove(entry: Path) -> None:
    if entry.is_dir() and not entry.is_symlink():
        shutil.rmtree(entry, ignore_errors=True)
    else:
        entry.unlink(missing_ok=True)


def _locked(path: Path) -> IO[bytes] | None:
    """Open a file that no other process holds; it is free again when its process ends."""
    try:
        file = path.open("ab")
    except OSError:
        return None
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def safe_name(name: str) -> str:
    """Return the name of an uploaded file with nothing in it that a file system would obey.

    Readers and accounts call a file by its name, so it is kept as far as it is harmless.
    """
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    kept = "".join(c if c.isalnum() or c in " ._-()+,&" else "_" for c in name).strip(" .")
    stem, dot, suffix = kept.rpartition(".")
    stem, suffix = (stem, suffix[:12]) if dot else (suffix, "")
    while len(stem.encode()) > _LONGEST:
        stem = stem[:-1]
    stem = stem.strip(" .") or "archivo"
    if _RESERVED.match(stem):
        stem = f"_{stem}"
    return f"{stem}.{suffix}" if suffix else stem
