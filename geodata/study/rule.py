"""Which counts are too small to be published."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import SuppressionError
from ..messages import Message

FLOOR = 5  # UNODC calls a flow a flow from five detected victims on
DEFAULT = 10
PRESETS = {"corredor": DEFAULT, "ctdc": 11, "unodc": FLOOR}


@dataclass(frozen=True)
class Rule:
    """The primary rule: a count of fewer than ``threshold`` is withheld, zero included.

    Parameters
    ----------
    threshold : int
        Smallest count that is published, at least 5.
    """

    threshold: int = DEFAULT

    def __post_init__(self) -> None:
        whole = isinstance(self.threshold, int) and not isinstance(self.threshold, bool)
        if not whole or self.threshold < FLOOR:
            raise SuppressionError(
                Message(
                    "The threshold is {value}: use a whole number of at least {floor}.",
                    value=self.threshold,
                    floor=FLOOR,
                )
            )

    def is_small(self, values: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell for each count whether it is withheld for itself.

        Zero is: where small counts are withheld, a zero that is printed says that nobody of whom
        something is known belongs there, and an absent row of a list would say "1 to k - 1".
        """
        return np.asarray(values < self.threshold)


def not_few(n: int, threshold: int) -> int | Message:
    """Return how many rows are left out as it may be said: a few rows are a few cases."""
    return n if n >= threshold else Message("Fewer than {k}", k=threshold)
