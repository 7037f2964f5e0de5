"""How often a site is asked: a few pages at a time, a while between them, later if it says so."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from corpus.errors import Refused

LONGEST_PAUSE = 60.0  # seconds between two pages, whatever a site's robots.txt asks for
FARTHEST = 7 * 86_400.0  # a Retry-After beyond this is a slip


class Site:
    """One host, and when it may be asked again."""

    def __init__(self, at_once: int, pause: float) -> None:
        self.pause = pause
        self.closed_until = 0.0
        self._places = asyncio.Semaphore(at_once)
        self._next = 0.0

    @asynccontextmanager
    async def turn(
        self, patience: float, clock: Callable[[], float] = time.monotonic
    ) -> AsyncIterator[None]:
        """A turn to ask. Refused where the site has asked for more time than our patience."""
        async with self._places:
            now = clock()
            if self.closed_until - now > patience:
                raise Refused("busy", "the site asked to come back later")
            start = max(now, self._next, self.closed_until)
            self._next = start + self.pause
            await asyncio.sleep(start - now)
            yield

    def close(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Leave the site alone for so long."""
        self.closed_until = max(self.closed_until, clock() + seconds)

    def slow_down(self, pause: float) -> None:
        """Leave more time between pages, as robots.txt asks for."""
        self.pause = min(max(self.pause, pause), LONGEST_PAUSE)


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for, as a number or a date."""
    if not value:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit() and len(value) < 10:
        return min(float(value), FARTHEST)
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    date = date if date.tzinfo else date.replace(tzinfo=UTC)
    return min(max(0.0, (date - now).total_seconds()), FARTHEST)
