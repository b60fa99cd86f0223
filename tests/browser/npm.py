"""Files of npm packages, in a cache of this user, never in the repository."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path


def find_npm_file(package: str, version: str, name: str) -> Path | None:
    """Return a file of an npm package, fetched once; None where there is no npm."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    folder = cache / "corredor" / f"{package.replace('/', '-')}-{version}"
    file = folder / "node_modules" / package / name
    if not file.is_file():
        npm = shutil.which("npm")
        if npm is None:
            return None
        folder.mkdir(parents=True, exist_ok=True)
        options = ["--prefix", str(folder), "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(
            [npm, "install", *options, "--no-save", f"{package}@{version}"],
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert file.is_file(), done.stdout + done.stderr
    return file
