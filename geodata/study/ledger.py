"""The ledger of releases: what a study has published so far, and whether one more gives it back.

Two releases of a growing register tell more than each alone: 24 cases in March and 26 in June are
2 new ones. So everything that is published is written into the folder of the study first, and a
release that differs from *any* earlier one by a change of 1 to k - 1 is refused.

    systems = [printed("register", system, pattern.withheld, public=["year", "sex"])]
    with releasing(folder, systems, k=10, artefact="map.html") as release:
        write_page(...)                      # release.number, release.study: to be shown

`releasing` reads the ledger, checks (`check_release`; a `SuppressionError` says how many cells and
what would pass), writes the intent to the disk, lets the caller write, and notes that it is done.
A run that is killed in between has released: nobody knows whether the file got out. The same
content again is the same release, with the same number, so that all outputs of one study share it.

`check_release(read_ledger(folder), systems, k=10)` only looks. `small_changes(...)` names the cells
that must not be printed this time, for `suppress(system, k, also=...)`: so `protect` makes a next
release of what changed by enough. `Release.systems` keeps the printed cells, from which earlier
figures can be published again.

Two files: ``releases.jsonl``, one entry a line, each with a digest over itself and the one before;
and ``releases.head``, the last digest. A ledger that was cut or edited is refused. Both hold
published values only: no value of a withheld cell, and no code that no printed cell names, unless
its dimension is ``public`` (years, sexes, regions: codes that stand there whatever was counted).
The id of a study is the digest of its first release, so it comes along when the folder is copied.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import DataFileError, SuppressionError
from ..files import note_read, remove_left, write_book
from ..messages import Message
from .change import Change, compare
from .linked import Key
from .printed import Printed

ENTRIES, HEAD = "releases.jsonl", "releases.head"
PATIENCE, PAUSE = 200, 0.05  # another run writes its entry: 10 seconds


@dataclass(frozen=True)
class Release:
    """What was published once.

    Parameters
    ----------
    number : int
        1 for the first release of the study.
    study : str
        Id of the study.
    k : int
        Smallest count that was printed.
    systems : tuple of Printed
        The printed cells, one system a register.
    artefacts : tuple of str
        Names of the files that were written.
    done : bool
        Whether one of them is known to be complete. If not, it counts as published all the same.
    """

    number: int
    study: str
    k: int
    systems: tuple[Printed, ...]
    artefacts: tuple[str, ...] = ()
    done: bool = False


@dataclass(frozen=True)
class Ledger:
    """The releases of a study, in their order.

    Parameters
    ----------
    folder : Path
        Folder of the study.
    releases : tuple of Release
        All of them.
    study : str
        Id of the study; empty before its first release.
    """

    folder: Path
    releases: tuple[Release, ...]
    study: str
    _lines: tuple[str, ...] = ()
    _digests: tuple[str, ...] = ("",)


@dataclass(frozen=True)
class Check:
    """What a release would tell beside earlier ones.

    Parameters
    ----------
    number : int
        Number that it gets: the next, or that of the earlier release that it repeats.
    repeats : bool
        Whether it is an earlier release once more.
    changed : int
        Cells of which a change of 1 to k - 1 could be seen; where such cells are printed in both
        releases, no others were looked for.
    opened : int
        Cells withheld in one of two releases of which both together give too much away.
    against : tuple of int
        Numbers of the earlier releases that show it.
    """

    number: int
    repeats: bool
    changed: int
    opened: int
    against: tuple[int, ...]

    @property
    def passes(self) -> bool:
        """Whether nothing is given away."""
        return not (self.changed or self.opened)


def read_ledger(folder: str | Path, *, study: str = "") -> Ledger:
    """Read and verify the ledger of a study.

    Parameters
    ----------
    folder : str or Path
        Folder of the study.
    study : str
        Id that the study is known to have, so that a ledger that was deleted is missed.

    Returns
    -------
    Ledger
        Without releases if nothing was published yet.

    Raises
    ------
    DataFileError
        If the ledger was cut, edited or removed.
    """
    folder = Path(folder)
    entries, head = folder / ENTRIES, folder / HEAD
    last = _read(head).strip()
    lines = tuple(_read(entries).split("\n")[:-1])
    digests = [""]
    for line in lines:
        digests.append(_digest(digests[-1], _entry(line)))
        if not line.endswith(f"\t{digests[-1]}"):
            raise _broken(entries)
    # A kill between the two files leaves the head behind the entries, never ahead of them.
    if last not in digests or (len(lines) > 1 and not last):
        raise _broken(entries)
    name = digests[1][:12] if lines else ""
    if study and name != study:
        raise _broken(entries)
    try:
        releases = _releases([json.loads(_entry(line)) for line in lines], name)
    except (ValueError, LookupError, TypeError) as error:
        raise _broken(entries) from error
    return Ledger(folder, releases, name, lines, tuple(digests))


def check_release(ledger: Ledger, systems: Sequence[Printed], *, k: int) -> Check:
    """Compare a release with every earlier one.

    Parameters
    ----------
    ledger : Ledger
        From `read_ledger`.
    systems : sequence of Printed
        What would be printed.
    k : int
        Smallest count that is printed.

    Returns
    -------
    Check
        `Check.passes` if no change of 1 to k - 1 can be seen, in any cell, margin or combination.
    """
    content = _content(systems, k)
    for release in ledger.releases:
        if _content(release.systems, release.k) == content:
            return Check(release.number, True, 0, 0, ())
    number = len(ledger.releases) + 1
    # What both print tells at once; programmes are solved only where that says nothing.
    plain = {release.number: _plain_changes(release, systems, k) for release in ledger.releases}
    if any(plain.values()):
        told = set().union(*plain.values())
        return Check(number, False, len(told), 0, tuple(n for n, keys in plain.items() if keys))
    changed: set[tuple[str, Key]] = set()
    opened: set[tuple[str, Key]] = set()
    against = []
    for release in ledger.releases:
        for name, found in _changes(release, systems, k):
            changed |= {(name, key) for key in found.changed}
            opened |= {(name, key) for key in found.opened}
            if (found.changed or found.opened) and release.number not in against:
                against.append(release.number)
    return Check(number, False, len(changed), len(opened), tuple(against))


def small_changes(ledger: Ledger, systems: Sequence[Printed], *, k: int) -> dict[str, set[Key]]:
    """Return for each system the cells that must not be printed beside an earlier release.

    Those known to have changed by 1 to k - 1, and of cells that both print those that changed by
    fewer than k, none included: else what is withheld now would say that it changed by a few.

    Parameters
    ----------
    ledger : Ledger
        From `read_ledger`.
    systems : sequence of Printed
        What would be printed.
    k : int
        Smallest count that is printed.

    Returns
    -------
    dict of str to set of tuple
        Keys by name of the system. To be withheld, not to be told.
    """
    found: dict[str, set[Key]] = {system.name: set() for system in systems}
    for release in ledger.releases:
        before = {system.name: system.cells for system in release.systems}
        for system in systems:
            old = before.get(system.name, {})
            least = max(k, release.k)
            found[system.name] |= {
                key for key, n in system.cells.items() if abs(n - old.get(key, n + least)) < least
            }
        for name, change in _changes(release, systems, k):
            found[name] |= change.changed | change.opened
    return found


@contextmanager
def releasing(
    folder: str | Path,
    systems: Sequence[Printed],
    *,
    k: int,
    artefact: str = "",
    study: str = "",
) -> Iterator[Release]:
    """Put a release into the ledger, let its file be written, and note that it is done.

    Parameters
    ----------
    folder : str or Path
        Folder of the study.
    systems : sequence of Printed
        What is printed.
    k : int
        Smallest count that is printed.
    artefact : str
        Name of the file that is written inside (its folders are left out).
    study : str
        Id that the study is known to have.

    Yields
    ------
    Release
        With its number and the id of the study.

    Raises
    ------
    SuppressionError
        If it would tell a small change since an earlier release: nothing is written.
    DataFileError
        If the ledger was cut or edited, or can't be written.
    """
    folder, artefact = Path(folder), Path(artefact).name
    remove_left(
        folder
    )  # a release that stands there already writes no entry, and so cleans nothing
    release = _begin(folder, tuple(systems), k, artefact, study)
    yield release
    _note(folder, {"done": release.number, "artefact": artefact})


def _begin(
    folder: Path, systems: tuple[Printed, ...], k: int, artefact: str, study: str
) -> Release:
    """Write the intent; what another run releases meanwhile is checked, too."""
    while True:
        ledger = read_ledger(folder, study=study)
        check = check_release(ledger, systems, k=k)
        if not check.passes:
            raise refusal(folder, check, k)
        if check.repeats:
            return ledger.releases[check.number - 1]
        content: dict[str, Any] = {"number": check.number, "artefact": artefact}
        content |= json.loads(_content(systems, k))
        if _append(ledger, content):
            return read_ledger(folder).releases[check.number - 1]


def _note(folder: Path, content: dict[str, Any]) -> None:
    """Add a note that tells nothing new about what is published, unless it stands there."""
    while True:
        ledger = read_ledger(folder)
        release = ledger.releases[content["done"] - 1]
        if release.done and content["artefact"] in release.artefacts:
            return
        if _append(ledger, content):
            return


def refusal(folder: Path, check: Check, k: int) -> SuppressionError:
    """Return the refusal of a release that tells too much: how many cells, never which.

    Parameters
    ----------
    folder : Path
        Folder of the study.
    check : Check
        That does not pass.
    k : int
        Smallest count that is printed.

    Returns
    -------
    SuppressionError
        The error to raise.
    """
    return SuppressionError(
        Message(
            "{study}: beside what was published before (release {numbers}), these figures would"
            " tell of at least {n} cells that they changed by 1 to {most}, and so nothing was"
            " written. Publish the earlier figures again, wait until more cases have come in, or"
            ' take more together: in study.toml, [publication] together = ["periods"], or'
            " purposes, or regions.",
            study=folder,
            numbers=", ".join(map(str, check.against)),
            n=check.changed + check.opened,
            most=k - 1,
        )
    )


def _plain_changes(release: Release, systems: Sequence[Printed], k: int) -> set[tuple[str, Key]]:
    """Return the cells printed in both releases that changed by 1 to k - 1."""
    before = {system.name: system.cells for system in release.systems}
    return {
        (system.name, key)
        for system in systems
        for key, value in system.cells.items()
        if 0 < abs(value - before.get(system.name, {}).get(key, value)) < max(k, release.k)
    }


def _changes(release: Release, systems: Sequence[Printed], k: int) -> Iterator[tuple[str, Change]]:
    """Compare the systems of the same name; another name counts other records."""
    before = {system.name: system for system in release.systems}
    for system in systems:
        if system.name in before:
            yield system.name, compare(before[system.name], system, max(k, release.k))


def _content(systems: Sequence[Printed], k: int) -> str:
    """Return what is published as text, by which two releases are known to be the same."""
    ordered = sorted(systems, key=lambda system: system.name)
    return _text({"k": k, "systems": [system.to_json() for system in ordered]})


def _text(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _releases(entries: Collection[dict[str, Any]], study: str) -> tuple[Release, ...]:
    artefacts: dict[int, list[str]] = {}
    done: set[int] = set()
    for entry in entries:
        number = entry["number"] if "number" in entry else entry["done"]
        names = artefacts.setdefault(number, [])
        if entry["artefact"] and entry["artefact"] not in names:
            names.append(entry["artefact"])
        done |= {entry["done"]} if "done" in entry else set()
    return tuple(
        Release(
            number=entry["number"],
            study=study,
            k=entry["k"],
            systems=tuple(Printed.from_json(system) for system in entry["systems"]),
            artefacts=tuple(artefacts[entry["number"]]),
            done=entry["number"] in done,
        )
        for entry in entries
        if "number" in entry
    )


def _append(ledger: Ledger, content: Mapping[str, Any]) -> bool:
    """Write one more entry; tell whether the ledger was still the one that was read."""
    text = _text(content)
    digest = _digest(ledger._digests[-1], text)
    entries = ledger.folder / ENTRIES
    if len(ledger._lines) == 1 and not _read(ledger.folder / HEAD):
        # A run was killed before the first head; without one, two entries look like a cut ledger.
        _wait(ledger.folder / HEAD, lambda part: _write_head(ledger.folder, part))

    def write(part: Path) -> None:
        # Only one run writes at a time, so what is read here is what is replaced.
        if read_ledger(ledger.folder)._digests != ledger._digests:
            raise _MovedError
        part.write_text(
            "".join(f"{line}\n" for line in (*ledger._lines, f"{text}\t{digest}")),
            encoding="utf-8",
            newline="\n",
        )

    try:
        _wait(entries, write)
    except _MovedError:
        return False
    _wait(ledger.folder / HEAD, lambda part: _write_head(ledger.folder, part))
    return True


def _write_head(folder: Path, part: Path) -> None:
    part.write_text(f"{read_ledger(folder)._digests[-1]}\n", encoding="utf-8", newline="\n")


class _MovedError(Exception):
    """Another run has written into the ledger since it was read."""


def _wait(path: Path, write: Any) -> None:
    """Write a file of the ledger, after another run that is just writing it."""
    for left in reversed(range(PATIENCE)):
        try:
            write_book(path, write)
        except DataFileError as error:
            if not (left and isinstance(error.__cause__, FileExistsError)):
                raise
            time.sleep(PAUSE)
        else:
            return


def _read(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise _broken(path) from error
    note_read(path)
    return text


def _entry(line: str) -> str:
    return line.rpartition("\t")[0]


def _digest(before: str, text: str) -> str:
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()


def _broken(path: Path) -> DataFileError:
    return DataFileError(
        Message(
            "{file}: this ledger of what the study has published was cut, edited or removed, so"
            " nobody can tell what a new release would give away. Put it back from a copy,"
            " together with releases.head.",
            file=path,
        )
    )
