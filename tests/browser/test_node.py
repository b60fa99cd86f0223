"""The tests of the page's own modules, which Node runs."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "js"


def test_modules_pass_their_own_tests() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is missing (Debian, Ubuntu: apt-get install nodejs; 18 or newer)")
    files = sorted(FOLDER.glob("*.test.mjs"))
    assert len(files) >= 5
    # In one process: `node --test` starts one for each file, which takes three times as long.
    script = "".join(f"await import({json.dumps(file.as_uri())});\n" for file in files)
    done = subprocess.run(
        [node, "--input-type=module", "-"],
        input=script, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "# fail 0" in done.stdout
