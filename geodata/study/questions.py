"""What only the user can know of files, as data: each question with the option that answers it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..arguments import accepted
from ..errors import CorredorError, Fault, StudyError, TableError
from ..intake.complaints.rows import UNPLACED
from ..intake.personal import HIDDEN, open_guarded, safe_header
from ..intake.read import FILE_KINDS, options_of, reader_of
from ..messages import Language, Message
from ..places.resolver import NOT_KNOWN, Resolver

# What is asked of a file, by the option of its reader that the answer becomes.
ASKED: Mapping[str, Message] = {
    "register": Message("Who counts?"),
    "measure": Message("What is counted?"),
    "kind_of_file": Message("What is this file?"),
    "period": Message("Which months does it cover?"),
    "year": Message("Of which year?"),
    "columns": Message("Which column is it?"),
    "add_up": Message("Which column is added up?"),
    "level": Message("Are the places regions, provinces or districts?"),
    "unit": Message("Are the places regions or districts of courts?"),
    "kind": Message("What do bare names of places mean?"),
    "date_order": Message("Does the day or the month stand first in its dates?"),
    "value_kind": Message("What are the numbers of the flows?"),
    "shares": Message("How are its shares written?"),
    "mode": Message("How do people travel on these lines?"),
    "codes": Message("Whose codes are these?"),
    "lima": Message("Are the two parts of Lima kept apart?"),
    "crs": Message("In which reference system is the layer?"),
    "layer": Message("Which layer of the file?"),
    "sheet": Message("Which sheet of the workbook?"),
    "encoding": Message("In which encoding is the text?"),
    "header_row": Message("In which row do the column names stand?"),
    "category": Message("Which category is counted?"),
    "close_gaps_m": Message("Up to how many metres are gaps of the network closed?"),
    "same_as": Message("Which place is this?"),
    "allow_unmatched": Message("May rows be left out whose place is not known?"),
}
# Choices that the annotation of a reader does not name.
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "measure": ("complaints", "records", "victims", "rescued"),
    "value_kind": ("count", "share_of_origin", "share_of_destination", "none"),
    "kind_of_file": FILE_KINDS,
    "allow_unmatched": ("yes",),
}
# Faults of names that another name of a place would mend.
_UNKNOWN = (NOT_KNOWN.text, UNPLACED.text)
MOST_NAMES = 30
_OPTION = re.compile(rf"\b(?P<name>{'|'.join(ASKED)})=(?!\{{)")
_ROLES = re.compile(r"\bcolumns=\{(?P<pairs>[^{}]*)\}")
_ROLE = re.compile(r"'(?P<role>[^']*)': '")


@dataclass(frozen=True)
class Question:
    """Something that must be known of a file, or that would change how it is read.

    Parameters
    ----------
    file : str
        Name of the file.
    option : str
        Option of its reader that the answer sets.
    role : str
        What a column is for, where the option is ``columns``; the name of a place that is not
        known, where it is ``same_as``; else empty.
    choices : tuple of str
        Values to choose from; where there are none, or ``free``, the answer is a text.
    free : bool
        Whether another text than the choices may be given.
    """

    file: str
    option: str
    role: str = ""
    choices: tuple[str, ...] = ()
    free: bool = False

    @property
    def text(self) -> Message:
        """The question itself."""
        return ASKED[self.option]


class FilesError(StudyError):
    """Files that make no study yet: what is wrong with each, and what only the user can know.

    Parameters
    ----------
    message : Message
        All of it in one text.
    errors : mapping of str to CorredorError
        The error of each file that could not be read, by its name.
    questions : sequence of Question
        What must be answered, or would help, in the order of the files.
    """

    def __init__(
        self,
        message: Message,
        *,
        errors: Mapping[str, CorredorError],
        questions: Sequence[Question],
    ) -> None:
        super().__init__(message)
        self.errors, self.questions = dict(errors), tuple(questions)

    def render(self, language: Language = "en") -> str:
        """Return all of it, with the faults of tables one a line.

        Parameters
        ----------
        language : {"en", "es"}, optional
            Language of the text.

        Returns
        -------
        str
            A text of several lines.
        """
        text = super().render(language)
        for error in self.errors.values():
            text = text.replace(error.message.render(language), error.render(language), 1)
        return text


def questions_of(
    path: Path, kind: str | None, error: CorredorError, resolver: Resolver
) -> tuple[Question, ...]:
    """Return what would help with an error: places that names can mean, and options it offers.

    Messages of readers name arguments of Python, as `say_flags` of the command line knows too.
    """
    unknown = [fault for fault in _faults(error) if fault.reason.text in _UNKNOWN]
    names = [one.value for one in unknown if one.value and HIDDEN not in one.value]
    places = [
        Question(path.name, "same_as", name, resolver.nearest(name), free=True)
        for name in dict.fromkeys(names)
    ][:MOST_NAMES]
    found: dict[tuple[str, str], None] = {}
    for message in _messages(error):
        text = message.render("en")
        for pairs in _ROLES.finditer(text):
            found |= {("columns", one["role"]): None for one in _ROLE.finditer(pairs["pairs"])}
        found |= {(one["name"], ""): None for one in _OPTION.finditer(text)}
        if "--as " in text:
            found["kind_of_file", ""] = None
    return (*places, *(question_of(path, kind, option, role) for option, role in found))


def question_of(path: Path, kind: str | None, option: str, role: str = "") -> Question:
    """Return the question that an option answers, with the choices there are for this file."""
    choices = _CHOICES.get(option, ())
    if not choices and kind is not None and option in options_of(kind):
        wanted = accepted(reader_of(kind)).get(option, ())
        choices = tuple(str(one) for some in wanted if isinstance(some, tuple) for one in some)
    if option in ("columns", "add_up"):
        choices = _headers(path)
    if option == "same_as":
        return Question(path.name, option, role, free=True)
    return Question(path.name, option, role, choices, free=option == "register")


def _faults(error: CorredorError) -> list[Fault]:
    return error.faults if isinstance(error, TableError) else []


def _messages(error: CorredorError) -> Iterable[Message]:
    for fault in _faults(error):
        yield from (fault.reason, fault.fix)
    yield error.message


def _headers(path: Path) -> tuple[str, ...]:
    """Return the headers of a table that may be shown."""
    try:
        header = open_guarded(path).header
    except CorredorError:
        return ()
    return tuple(name for i, name in enumerate(header) if name and safe_header(name, i) == name)


def open_questions(path: Path, kind: str, given: Mapping[str, Any]) -> tuple[Question, ...]:
    """Return what a file that was read can still be told: what was said, who counts, and what."""
    known = options_of(kind)
    told = [
        (option, role)
        for option, value in given.items()
        if option in ASKED
        for role in (value if option in ("columns", "same_as") else ("",))
    ]
    always = [(option, "") for option in ("register", "measure") if option in known]
    return tuple(
        question_of(path, kind, option, role) for option, role in dict.fromkeys([*always, *told])
    )


def given_answer(options: Mapping[str, Any], question: Question) -> str:
    """Return what was answered to a question, as the text that `answer` takes."""
    value = options.get(question.option, "")
    if question.option in ("columns", "same_as"):
        value = (value or {}).get(question.role, "")
    if question.option == "period":
        return "/".join(value)
    if question.option == "add_up":
        return next(iter(value), "")
    return "yes" if value is True else str(value)


def answer(options: Mapping[str, Any], question: Question, value: str) -> dict[str, Any]:
    """Return the options of a file with an answer; an empty one takes it back.

    Raises
    ------
    StudyError
        If the answer is none of the choices, or no period.
    """
    told = dict(options)
    value = value.strip()
    if question.choices and not question.free and value not in ("", *question.choices):
        raise StudyError(
            Message("'{value}' is none of: {choices}", value=value,
                    choices=", ".join(question.choices))
        )  # fmt: skip
    if question.option in ("columns", "same_as"):
        pairs = {**told.pop(question.option, {}), question.role: value}
        given: Any = {one: meant for one, meant in pairs.items() if meant}
    elif question.option == "period" and value:
        months = re.findall(r"\d{4}-\d{2}", value)
        if len(months) != 2:
            raise StudyError(
                Message("'{text}' is not a period such as 2017-01/2023-12", text=value)
            )
        given = (months[0], months[1])
    elif question.option == "add_up":
        given = [value] if value else []
    elif question.option == "allow_unmatched":
        given = bool(value)
    elif question.option in ("header_row", "close_gaps_m") and value:
        try:
            given = int(value) if question.option == "header_row" else float(value)
        except ValueError as error:
            raise StudyError(Message("'{value}' is not a number.", value=value)) from error
    else:
        given = value
    told.pop(question.option, None)
    return {**told, **({question.option: given} if given else {})}
