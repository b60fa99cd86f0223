"""The command line: one short command per task, each in a file of ``commands``.

Exit codes: 0 done; 1 the input was refused, nothing was written; 2 the command was not understood;
130 interrupted.
"""

from __future__ import annotations

import gc
import os
import sys
import warnings

import click

from corredor.geodata.errors import CorredorError
from corredor.geodata.messages import Message
from corredor.geodata.text import clean

from . import options
from .commands import (
    archive,
    check,
    corridors,
    desk,
    embed,
    export,
    fetch,
    figure,
    import_,
    map,
    new,
    posts,
    report,
)
from .options import option, say, say_flags
from .speech import Group, speak
from .terminal import show_warning

SHELLS = ("bash", "zsh", "fish")


def _show_version(ctx: click.Context, _param: object, wanted: bool) -> None:
    if wanted:
        from corredor import __version__

        click.echo(__version__)
        ctx.exit()


def _show_completion(ctx: click.Context, _param: object, shell: str | None) -> None:
    if shell is not None:
        from click.shell_completion import get_completion_class

        completion = get_completion_class(shell)
        assert completion is not None
        click.echo(completion(app, {}, "corredor", "_CORREDOR_COMPLETE").source())
        ctx.exit()


app = Group(
    "corredor",
    commands=[desk.COMMAND, new.COMMAND, map.COMMAND, check.COMMAND, import_.COMMAND,
              corridors.COMMAND, posts.COMMAND, figure.COMMAND, report.COMMAND, export.COMMAND,
              archive.COMMAND, archive.RERUN,
              embed.COMMAND, fetch.COMMAND],
    help=say(Message("Maps of reported human trafficking in Peru: offline, sourced, bilingual.")),
    no_args_is_help=True,
    options_metavar=say(Message("[OPTIONS]")),
    subcommand_metavar=say(Message("COMMAND ...")),
    context_settings={"help_option_names": ["-h", "--help"]},
    params=[
        option("--version", is_flag=True, is_eager=True, expose_value=False,
               callback=_show_version, help=Message("Show the version.")),
        option("--completion", type=click.Choice(SHELLS), is_eager=True, expose_value=False,
               callback=_show_completion,
               help=Message("Show what lets the shell complete commands: eval it in its profile.")),
    ],
)  # fmt: skip


def main() -> None:
    """Run the command line."""
    gc.disable()  # a command is short: looking for garbage among imports only takes time
    # Matrices are small here: a pool of threads would wait for work, which is work for the machine.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    warnings.showwarning = show_warning  # type: ignore[assignment]
    speak(options.SPOKEN)
    try:
        app(prog_name="corredor")
    except CorredorError as error:
        click.echo(clean(say_flags(error.render(options.SPOKEN))), err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        gc.freeze()  # nor at the end, when the system takes back all memory at once


if __name__ == "__main__":
    main()
