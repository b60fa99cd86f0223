"""The server of the desk on this machine: it opens the browser, and ends with its last page."""

from __future__ import annotations

import asyncio
import html
import secrets
import socket
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from corredor.geodata.errors import DataFileError
from corredor.geodata.messages import Message

if TYPE_CHECKING:
    from .pages import Desk

HOST = "127.0.0.1"


def serve(
    folder: Path,
    *,
    port: int = 0,
    open_browser: bool = True,
    say: Callable[[str], object] = lambda address: None,
    private: Path | None = None,
) -> None:
    """Serve the desk of a study on this machine until its last page is closed.

    Parameters
    ----------
    folder : Path
        Folder of the study.
    port : int, optional
        Port; a free one if left out.
    open_browser : bool, optional
        Open the browser.
    say : callable, optional
        Called with the address, which opens once.
    private : Path, optional
        Folder of all work of this user.

    Raises
    ------
    DataFileError
        If the port is taken.
    """
    import uvicorn

    from .pages import build_app

    listening = _listen(port)
    token = secrets.token_urlsafe(24)
    address = f"http://{HOST}:{listening.getsockname()[1]}/?token={token}"
    door: list[Path] = []

    def entered() -> None:
        for path in door:
            path.unlink(missing_ok=True)

    app = build_app(folder, token=token, hosts=(), private=private, entered=entered)
    desk: Desk = app.state.desk
    config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False,
                            lifespan="on", timeout_graceful_shutdown=2, ws="none")  # fmt: skip
    server = uvicorn.Server(config)

    async def run() -> None:
        watching = asyncio.create_task(_watch(server, desk))
        await server.serve(sockets=[listening])
        watching.cancel()

    say(address)
    if open_browser:
        door.append(_door(desk.work.place.temporary, address))
        webbrowser.open(door[0].as_uri())
    try:
        asyncio.run(run())
    except KeyboardInterrupt:  # the way to end it that the terminal names
        pass
    finally:
        listening.close()
        desk.work.close()


async def _watch(server: object, desk: Desk) -> None:
    """End the server when the last page is closed and nothing is being made."""
    while True:
        await asyncio.sleep(1)
        busy = desk.job is not None and not desk.job.done.done()
        if desk.presence.is_over() and not busy:
            server.should_exit = True  # type: ignore[attr-defined]


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.bind((HOST, port))
        listening.listen()  # who is told the address waits until the server answers
    except OSError as error:
        listening.close()
        raise DataFileError(
            Message("Port {port} is taken ({detail}). Leave out --port, or name another.",
                    port=port, detail=error.strerror)
        ) from error  # fmt: skip
    return listening


def _door(folder: Path, address: str) -> Path:
    """Write the page that leads to the desk: an address on a command line is for all to read."""
    path = folder / "corredor.html"
    path.touch(mode=0o600)
    path.write_text(
        '<!DOCTYPE html><meta charset="utf-8"><title>Corredor</title>'
        f'<meta http-equiv="refresh" content="0;url={html.escape(address)}">'
        f'<a href="{html.escape(address)}">Corredor</a>',
        encoding="utf-8",
    )
    return path
