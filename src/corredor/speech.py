"""What Click says, in the language of the terminal, and how it lists commands."""

from __future__ import annotations

from typing import Any

import click
import click.core
import click.decorators
import click.exceptions
import click.formatting
import click.parser
import click.types

from corredor.geodata.files import one_run
from corredor.geodata.messages import Language, Message

from .options import say

# All that Click can say of our commands, listed so that it stands in the catalogue.
SAID = (
    Message("Usage:"),
    Message("Options"),
    Message("Commands"),
    Message("Positional arguments"),
    Message("Show this message and exit."),
    Message("default: {default}"),
    Message("required"),
    Message("Error: {message}"),
    Message("Try '{command} {option}' for help."),
    Message("Aborted!"),
    Message("Missing command."),
    Message("Missing argument"),
    Message("Missing option"),
    Message("Choose from:\n\t{choices}"),
    Message("No such option {name!r}."),
    Message("No such command {name!r}."),
    Message("Did you mean {possibility}?"),
    Message("(Did you mean one of: {possibilities}?)"),
    Message("Invalid value: {message}"),
    Message("Invalid value for {param_hint}: {message}"),
    Message("{value!r} is not one of {choices}."),
    Message("{value!r} is not a valid {number_type}."),
    Message("{value} is not in the range {range}."),
    Message("Option {name!r} requires an argument."),
    Message("Option {name!r} does not take a value."),
    Message("Got unexpected extra argument ({args})"),
    Message("Got unexpected extra arguments ({args})"),
)
MODULES = (click.core, click.decorators, click.exceptions, click.formatting, click.parser,
           click.types)  # fmt: skip


def speak(language: Language) -> None:
    """Let Click look its texts up in our catalogue.

    Click asks gettext for the language of the system and a catalogue of its own, which has no
    Spanish. Each of its modules holds the two functions under these names.
    """

    def one(text: str) -> str:
        return Message(text).render(language)

    def several(singular: str, plural: str, n: int) -> str:
        return one(singular if n == 1 else plural)

    for module in MODULES:
        for name, function in (("_", one), ("ngettext", several)):
            if hasattr(module, name):
                setattr(module, name, function)


class Command(click.Command):
    """A command whose usage line speaks the language of the terminal."""

    def __init__(self, *args: object, **rest: object) -> None:
        rest.setdefault("options_metavar", say(Message("[OPTIONS]")))
        super().__init__(*(args or (None,)), **rest)  # type: ignore[arg-type]

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; none of its outputs may fall on what it read or wrote."""
        with one_run():
            return super().invoke(ctx)


class Group(click.Group):
    """Commands in the order in which they are met, with what each does in full."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which they were given."""
        return list(self.commands)

    def texts(self) -> dict[str, str]:
        """Return what each command does."""
        return {name: command.help or "" for name, command in self.commands.items()}

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands."""
        with formatter.section(say(Message("Commands"))):
            formatter.write_dl(list(self.texts().items()))
