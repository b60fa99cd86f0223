"""Small pieces that all parts of a scene share: texts and rows known by their position."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Scene = dict[str, Any]


class TextPool:
    """Bilingual texts stored once each; a text is known by its number."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}

    def add(self, es: str, en: str) -> int | None:
        """Return the number of a text, or None for an empty one; one language fills the other."""
        if not es and not en:
            return None
        return self._numbers.setdefault((es or en, en or es), len(self._numbers))

    def texts(self) -> list[list[str]]:
        """Return all texts as ``[es, en]`` in order of their numbers."""
        return [list(pair) for pair in self._numbers]


class Positions:
    """Position of each key in a column."""

    def __init__(self, keys: Iterable[str]) -> None:
        self.of = {key: number for number, key in enumerate(keys)}

    def of_column(self, column: pd.Series[str]) -> NDArray[np.int64]:
        """Return the positions of a whole column; each distinct key is looked up once."""
        codes, keys = pd.factorize(column)
        found = np.array([self.of[key] for key in keys], dtype=np.int64)
        return found[codes] if len(codes) else found

    def all(self, keys: Iterable[str]) -> list[int]:
        """Return the positions of several keys."""
        return [self.of[key] for key in keys]
