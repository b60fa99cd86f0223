"""Whether a page of the desk is still open."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

GRACE_S = 8.0  # from one page to the next nothing is open for a moment
BEAT_S = 5.0


class Presence:
    """Knows whether a page is open: each holds a stream of beats."""

    def __init__(self) -> None:
        self.open = 0
        self.seen = False
        self.last = time.monotonic()

    async def beats(self) -> AsyncIterator[bytes]:
        """Yield a line now and then, as long as the page is there."""
        self.open += 1
        self.seen = True
        try:
            while True:
                yield b": here\n\n"
                await asyncio.sleep(BEAT_S)
        finally:
            self.open -= 1
            self.last = time.monotonic()

    def is_over(self) -> bool:
        """Tell whether the last page was closed a while ago."""
        return self.seen and not self.open and time.monotonic() - self.last > GRACE_S
