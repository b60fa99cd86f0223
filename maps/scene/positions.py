"""What all parts of a scene share: texts, rows and units, each known by its position."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import shapely
from corredor.geodata import Tables
from corredor.geodata.figures import unit_of
from corredor.geodata.flows import LEVELS, Level
from corredor.geodata.places.gazetteer import unit_points
from numpy.typing import NDArray

from .shapes import label_point

Scene = dict[str, Any]

# Where a place lies that is in no unit drawn: outside all of them, or in a larger one, or beyond
# the part of the country that a study shows.
ABROAD, ELSEWHERE = -1, -2
# A layer may be drawn so coarsely that a point of INEI's lies that far outside.
NEAR_DEG = 0.1


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


class Units:
    """The units of the layer that is drawn, and those above and below them."""

    def __init__(self, tables: Tables) -> None:
        regions = tables.regions
        self.level: Level = regions["level"].iloc[0] if len(regions) else "region"
        self.of = Positions(regions["ubigeo"]).of
        self.names = dict(zip(regions["ubigeo"], regions["name"], strict=True))
        self._shapes = shapes = regions.geometry.to_numpy()
        self._spots = {code: label_point(g) for code, g in zip(self.of, shapes, strict=True)}
        for digits in LEVELS.values():
            if digits < LEVELS[self.level]:
                groups = regions["ubigeo"].str[:digits].to_numpy()
                for code in np.unique(groups):
                    joined = shapely.union_all(shapes[groups == code])
                    self._spots.setdefault(code, label_point(joined))

    def find(self, ubigeo: str) -> int:
        """Return the position of the unit that a code is or lies in; else one of the above."""
        code = unit_of(ubigeo, self.of.keys())
        return self.of[code] if code else ELSEWHERE if ubigeo else ABROAD

    def spot(self, ubigeo: str) -> list[float] | None:
        """Return where a unit stands: in the middle of its shape, or of INEI's where both agree."""
        if ubigeo in self._spots:
            return self._spots[ubigeo]
        official = unit_points().get(ubigeo)
        around = self.find(ubigeo)
        if official is None or around == ELSEWHERE:
            return official
        lies_there = self._shapes[around].dwithin(shapely.Point(official[::-1]), NEAR_DEG)
        return official if lies_there else None
