"""What is looked at beside the sending: a week in which many fail, places on a platform that is not
set up, which would wait without a word, and workspaces that took our token back.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence

from bot.chat import Platform
from bot.digest.office import Office
from bot.logs import fault, log
from bot.subscription import Subscription

LEAST, SHARE = 3, 0.05  # failures of a week that the operator is told of
EVERY = 600.0  # seconds between looks
LATE = 600.0  # seconds after which no other process is about to send a digest
WAITS = "terminal"  # for its person to open it: nobody serves one
PROBES = 3  # places of a workspace that are asked for, to see whether it has us back
NOT_SET_UP = "its platform is not set up"

Tell = Callable[[str, str], Awaitable[None]]


async def watch(office: Office, week: str, tell: Tell) -> None:
    """A line to the operator when a week's failures pass a threshold, once a week."""
    found = await office.failing(week, LEAST, SHARE)
    if found:
        sentence = f"{found[0]} of {found[1]} digests of {week} failed: mlinfra digest status"
        await tell(sentence, f"digest {week}")


async def now_and_then(look: Callable[[], Awaitable[object]], name: str) -> None:
    """Look at something, for ever."""
    while True:
        try:
            await look()
        except Exception as error:  # the database or the platform is away: it may come back
            log.error(name, **fault(error))
        await asyncio.sleep(EVERY)


class Strays:
    """Digests that are due on platforms that are not set up: said while they wait, and counted as
    failed after the days of grace.
    """

    def __init__(self, office: Office, served: Collection[str], tell: Tell) -> None:
        self._office = office
        self._served = (*served, WAITS)
        self._tell = tell
        self._told: set[str] = set()  # platforms that the operator knows of

    async def look(self, late: float = LATE) -> Counter[str]:
        """Tell of them; how many wait on each platform."""
        found, weeks = await self._office.strays(self._served, late, NOT_SET_UP)
        for platform, count in found.items():
            log.warning("digests wait", platform=platform, count=count, reason=NOT_SET_UP)
            if platform not in self._told:
                told = f"digests wait for {platform}, which is not set up here: {count}"
                await self._tell(f"{told} (mlinfra doctor)", f"waits {platform}")
        self._told = set(found)
        for week in weeks:
            await watch(self._office, week, self._tell)
        return found


class Returns:
    """Places of workspaces that took our token back: they go on when we may write there again."""

    def __init__(self, office: Office, platforms: Mapping[str, Platform]) -> None:
        self._office = office
        self._platforms = platforms

    async def look(self) -> int:
        """Let places go on where we are back; how many."""
        houses: dict[str, list[Subscription]] = {}
        for one in await self._office.revoked():
            houses.setdefault(":".join(one.channel.split(":")[:2]), []).append(one)
        count = 0
        for house, places in houses.items():
            if await self._is_back(places[:PROBES]):
                await self._office.go_on(places)
                log.info("digests go on", place=house, count=len(places))
                count += len(places)
        return count

    async def _is_back(self, places: Sequence[Subscription]) -> bool:
        platform = self._platforms.get(places[0].channel.partition(":")[0])
        if platform is None:
            return False
        for one in places:
            if await platform.find(one.channel) is not None:
                return True
        return False
