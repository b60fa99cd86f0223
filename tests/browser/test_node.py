"""The tests of the page's own modules, which Node runs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "js"


def test_modules_pass_their_own_tests() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is missing (Debian, Ubuntu: apt-get install nodejs; 18 or newer)")
    files = [str(file) for file in sorted(FOLDER.glob("*.test.mjs"))]
    assert len(files) >= 5
    done = subprocess.run(
        [node, "--test", *files], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
