"""The work on one study: what was answered so far, and the study that follows from it.

All answers together are a recipe. After each one the study is made anew from the files by the
functions of the library and put into its folder, so that the command line finds the same study
there. Of a study without files at hand only what `change_study` can change is changed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corredor.geodata import protect, read_study
from corredor.geodata.account import Account
from corredor.geodata.errors import CorredorError, StudyError
from corredor.geodata.messages import Language, Message
from corredor.geodata.study.new import new_study
from corredor.geodata.study.questions import (
    FilesError,
    Question,
    given_answer,
    open_questions,
)
from corredor.geodata.study.toml import TOGETHER, read_config

from .private import PrivatePlace

if TYPE_CHECKING:
    from corredor.geodata import Publication, Study

STUDY_FILE = "study.toml"
MOST_UNDONE = 30


@dataclass(frozen=True)
class Recipe:
    """All that was said of a study.

    Parameters
    ----------
    files : tuple of str
        The files, as paths below the private folder; none where the study came without.
    options : mapping
        Options of the readers by the name of the file, as `new_study` takes them.
    public : mapping
        Addresses of files whose figures anybody can read.
    settings : mapping
        What else `change_study` is to change.
    """

    files: tuple[str, ...] = ()
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    public: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    publisher: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Standing:
    """What has become of a recipe: the study, or what stands in its way."""

    accounts: tuple[tuple[Account, str], ...] = ()
    notes: tuple[Message, ...] = ()
    kinds: Mapping[str, str] = field(default_factory=dict)
    error: CorredorError | None = None
    study: Study | None = None
    publication: Publication | None = None
    refusal: CorredorError | None = None
    offers: dict[tuple[str, ...], tuple[int, int] | None] = field(default_factory=dict)


class Work:
    """The work on one study, kept in a private place between answers.

    Parameters
    ----------
    folder : Path
        Folder of the study.
    private : Path, optional
        Folder of all work of this user.

    Raises
    ------
    StudyError
        If the folder holds something else, or is worked on elsewhere.
    """

    def __init__(self, folder: Path, private: Path | None = None) -> None:
        self.folder = Path(os.path.realpath(folder))
        if self.folder.exists() and not _is_fit(self.folder):
            raise StudyError(
                Message("{folder}: this exists already and is not empty. Name another.",
                        folder=folder)
            )  # fmt: skip
        self.place = PrivatePlace(self.folder, private)
        self.lock = threading.RLock()
        self.language: Language = "es"
        self.revision = 1
        self.history: list[Recipe] = [Recipe()]
        self.base: dict[str, str] = {}
        self.wrote: dict[str, str] = {}
        self.standing = Standing()
        self.resumed = False
        self._read()

    @property
    def recipe(self) -> Recipe:
        """What was said last."""
        return self.history[-1]

    @property
    def paths(self) -> list[Path]:
        """The files that the study is made of."""
        return [self.place.files / name for name in self.recipe.files]

    @property
    def questions(self) -> list[tuple[Question, str]]:
        """What is asked of the files, and what can be said anew, with the answer there is."""
        error, options = self.standing.error, self.recipe.options
        asked = list(error.questions) if isinstance(error, FilesError) else []
        for path in self.paths:
            if kind := self.standing.kinds.get(path.name):
                asked += open_questions(path, kind, options.get(path.name, {}))
        return [(one, given_answer(options.get(one.file, {}), one)) for one in asked]

    def _read(self) -> None:
        state = self.place.read()
        self.language = "en" if state.get("language") == "en" else "es"
        self.base, self.wrote = state.get("base", {}), state.get("wrote", {})
        history = [_recipe(one) for one in state.get("history", ())]
        there = all((self.place.files / name).is_file() for one in history for name in one.files)
        untouched = state.get("making") or self.wrote == _digests(self.folder, self.wrote)
        if history and there and untouched:
            self.history = history
            self.revision = int(state.get("revision", 1))
            self.resumed = len(history) > 1
        else:  # the study was changed elsewhere: what is in its folder holds
            self.base, self.wrote = {}, {}
        if not self.base and (self.folder / STUDY_FILE).is_file() and not self.recipe.files:
            self.base = {STUDY_FILE: (self.folder / STUDY_FILE).read_text(encoding="utf-8")}
        self._drop_files()
        self.make()

    def _save(self, *, making: bool = False) -> None:
        self.place.write(
            {
                "making": making,
                "language": self.language,
                "revision": self.revision,
                "history": [asdict(one) for one in self.history],
                "base": self.base,
                "wrote": self.wrote,
            }
        )

    def _drop_files(self) -> None:
        """Remove files that no recipe names, which nobody could undo to."""
        used = {Path(name).parts[0] for one in self.history for name in one.files}
        for entry in self.place.files.iterdir():
            if entry.name not in used:
                shutil.rmtree(entry, ignore_errors=True)

    def say(self, recipe: Recipe) -> None:
        """Take an answer, keep it, and make the study that follows.

        Raises
        ------
        CorredorError
            If it makes no sense; it is not kept then. What files still lack is no error.
        """
        with self.lock:
            if recipe == self.recipe:
                return
            before = self.history
            self.history = [*before, recipe][-MOST_UNDONE:]
            self.revision += 1
            self.make()
            error = self.standing.error
            if error is not None and not isinstance(error, FilesError):
                self.history = before
                self.make()
            self._drop_files()
            if self.history is before and error is not None:
                raise error

    def undo(self) -> None:
        """Take the last answer back."""
        with self.lock:
            if len(self.history) > 1:
                self.history.pop()
                self.revision += 1
                self._drop_files()
                self.make()

    def set_language(self, language: Language) -> None:
        """Speak another language."""
        self.language = language
        self._save()

    def make(self) -> None:
        """Make the study that follows from what was said, and look at it."""
        with self.lock:
            self._save(making=True)
            standing = Standing()
            try:
                self._make(standing)
            except CorredorError as error:
                standing.error = error
            self.standing = standing
            self._save()

    def _make(self, standing: Standing) -> None:
        recipe = self.recipe
        if recipe.files:
            staging = self.place.temporary / "study"
            shutil.rmtree(staging, ignore_errors=True)
            # The title of a study is the name of its folder unless another is given.
            made = new_study(
                staging / self.folder.name,
                self.paths,
                options={name: dict(told) for name, told in recipe.options.items()},
                title=recipe.title,
                publisher=recipe.publisher,
                public=dict(recipe.public),
            )
            standing.accounts, standing.notes = made.accounts, made.notes
            standing.kinds = made.kinds
            _change(made.path, recipe.settings)
            self._put(made.path)
            shutil.rmtree(staging, ignore_errors=True)
        elif self.base:
            for name, text in self.base.items():
                _write(self.folder / name, text.encode())
            title = {"title": recipe.title} if recipe.title else {}
            _change(self.folder, {**title, **recipe.settings})
            self.wrote = _digests(self.folder, self.base)
        else:
            self._take_away(self.wrote)
            self.wrote = {}
            return
        standing.study = read_study(self.folder)
        try:
            standing.publication = protect(standing.study)
        except CorredorError as error:
            standing.refusal = error

    def _put(self, made: Path) -> None:
        """Put a study into its folder, beside the ledger and whatever else stands there."""
        self.folder.mkdir(parents=True, exist_ok=True)
        new = {path.name: path for path in made.iterdir()}
        for name, path in sorted(new.items(), key=lambda one: (one[0] == STUDY_FILE, one[0])):
            _write(self.folder / name, path.read_bytes())
        self._take_away(set(self.wrote) - set(new))
        self.wrote = _digests(self.folder, new)

    def _take_away(self, names: Sequence[str] | set[str] | Mapping[str, str]) -> None:
        for name in names:
            (self.folder / name).unlink(missing_ok=True)

    @property
    def publication(self) -> Publication:
        """What may be shown to anybody."""
        publication = self.standing.publication
        if publication is None:
            raise self.standing.refusal or StudyError(Message("There is no study yet."))
        return publication

    @property
    def stories(self) -> list[Mapping[str, Any]]:
        """The stories of the study, as they stand in its file."""
        file = self.folder / STUDY_FILE
        told = self.recipe.settings.get("stories")
        if told is None and self.standing.study is not None:
            told = read_config(file).get("stories", [])
        return list(told or [])

    def compare(self) -> None:
        """Find what would be shown if own counts were taken together in other ways."""
        study = self.standing.study
        if study is None:
            return
        for together in [(), *((one,) for one in TOGETHER), tuple(TOGETHER)]:
            meta = replace(study.meta, together=together)
            shown = None
            try:
                released = protect(replace(study, meta=meta)).released
            except CorredorError:
                released = None
            if released is not None:
                shown = len(released.complaints), len(released.flows)
            self.standing.offers[together] = shown

    def close(self) -> None:
        """End: files of cases are removed once the study stands; unfinished work is kept."""
        unfinished = bool(self.recipe.files) and self.standing.error is not None
        self.place.close(keep=unfinished)


def add_files(recipe: Recipe, names: Sequence[str]) -> Recipe:
    """Return the recipe with more files; one of the same name takes the place of the other."""
    new = {Path(name).name: name for name in names}
    kept = [name for name in recipe.files if Path(name).name not in new]
    return replace(recipe, files=(*kept, *new.values()))


def drop_file(recipe: Recipe, name: str) -> Recipe:
    """Return the recipe without a file and what was said of it."""
    return replace(
        recipe,
        files=tuple(one for one in recipe.files if Path(one).name != name),
        options={file: told for file, told in recipe.options.items() if file != name},
        public={file: address for file, address in recipe.public.items() if file != name},
    )


def _change(folder: Path, settings: Mapping[str, Any]) -> None:
    if settings:
        from corredor.geodata.study.settings import change_study

        change_study(folder, **settings)


def _recipe(told: Mapping[str, Any]) -> Recipe:
    """Return a recipe from JSON, whose lists are tuples again."""
    options = {
        file: {name: tuple(one) if name == "period" else one for name, one in some.items()}
        for file, some in told["options"].items()
    }
    return Recipe(tuple(told["files"]), options, told["public"], told["title"], told["publisher"],
                  told["settings"])  # fmt: skip


def _is_fit(folder: Path) -> bool:
    """Tell whether a folder is a study or may become one."""
    if not folder.is_dir():
        return False
    return (folder / STUDY_FILE).is_file() or not any(
        not entry.name.startswith(".") and not entry.name.startswith("releases.")
        for entry in folder.iterdir()
    )


def _digests(folder: Path, names: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in names
        if (folder / name).is_file()
    }


def _write(path: Path, content: bytes) -> None:
    """Write a file whole, unless it holds that already."""
    from corredor.geodata.files import write_book

    if not path.is_file() or path.read_bytes() != content:
        write_book(path, lambda part: part.write_bytes(content))
