"""A bound on the work of choosing what is withheld."""

from __future__ import annotations

import time

STEPS = 900_000_000
SECONDS = 100.0


class UnprotectedError(Exception):
    """No protected pattern was found within the bounds on the work."""


class Work:
    """What may still be spent: steps, which are the same everywhere, and seconds as a last resort.

    Parameters
    ----------
    steps : int
        A programme costs its iterations times its size; the default is about a minute.
    seconds : float
        CPU seconds of this process. Only a table that is too large for its steps reaches them.
    """

    def __init__(self, steps: int = STEPS, seconds: float = SECONDS) -> None:
        self.steps, self.end = steps, time.process_time() + seconds

    def spend(self, steps: int) -> None:
        """Count work that was done.

        Raises
        ------
        UnprotectedError
            If it was too much.
        """
        self.steps -= steps
        if self.steps < 0 or time.process_time() > self.end:
            raise UnprotectedError

    def left(self) -> float:
        """Return the seconds that a programme may take."""
        return max(1.0, self.end - time.process_time())
