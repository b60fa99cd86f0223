"""A desk without a server."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from at_desk import DeskClient, write_register

sys.path.append(str(Path(__file__).parents[1] / "browser"))  # payloads, axe, Chromium


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskClient]:
    client = DeskClient(tmp_path / "estudio", tmp_path / "private")
    yield client
    client.close()


@pytest.fixture
def open_desk(tmp_path: Path) -> Iterator[Callable[..., DeskClient]]:
    """Return a function that opens a desk on a folder, one after the other."""
    opened: list[DeskClient] = []

    def open_(folder: Path | None = None) -> DeskClient:
        opened.append(DeskClient(folder or tmp_path / "estudio", tmp_path / "private"))
        return opened[-1]

    yield open_
    for client in opened:
        client.close()


@pytest.fixture(scope="session")
def excel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_register(tmp_path_factory.mktemp("register") / "casos.xlsx")
