"""What the operator hears of digests: a week in which many fail, and places on a platform that is
not set up, which would wait without a word.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection

from bot.digest.office import Office
from bot.logs import fault, log

LEAST, SHARE = 3, 0.05  # failures of a week that the operator is told of
EVERY = 600.0  # seconds between looks
LATE = 600.0  # seconds after which no other process is about to send a digest
WAITS = "terminal"  # for its person to open it: nobody serves one
NOT_SET_UP = "its platform is not set up"

Tell = Callable[[str, str], Awaitable[None]]


async def watch(office: Office, week: str, tell: Tell) -> None:
    """A line to the operator when a week's failures pass a threshold, once a week."""
    found = await office.failing(week, LEAST, SHARE)
    if found:
        sentence = f"{found[0]} of {found[1]} digests of {week} failed: mlinfra digest status"
        await tell(sentence, f"digest {week}")


class Strays:
    """Digests that are due on platforms that are not set up: said while they wait, and counted as
    failed after the days of grace.
    """

    def __init__(self, office: Office, served: Collection[str], tell: Tell) -> None:
        self._office = office
        self._served = (*served, WAITS)
        self._tell = tell

    async def run(self) -> None:
        """Look for them, for ever."""
        while True:
            try:
                await self.look()
            except Exception as error:  # the database is away: it may come back
                log.error("strays", **fault(error))
            await asyncio.sleep(EVERY)

    async def look(self, late: float = LATE) -> Counter[str]:
        """Tell of them; how many wait on each platform."""
        found, weeks = await self._office.strays(self._served, late, NOT_SET_UP)
        for platform, count in found.items():
            log.warning("digests wait", platform=platform, count=count, reason=NOT_SET_UP)
            told = f"{count} digests wait for {platform}, which is not set up here: mlinfra doctor"
            await self._tell(told, f"waits {platform} {count}")
        for week in weeks:
            await watch(self._office, week, self._tell)
        return found
