"""A process that sends digests over a database and kills itself at one step of one delivery.

`sender.py URL CACHE FILE STEP NUMBER`: posts go to the file, a line each, on the disk before the
platform says yes. STEP is one of `steps`; at its NUMBER-th time the process is gone.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

from bot.current import InForce
from bot.digest.deliver import Deliverer
from bot.digest.office import Office
from bot.settings import Settings
from corpus.database import Database

STEPS = ("plan", "planned", "claimed", "edition", "fixed", "posting", "posted", "marking", "marked")


class Killer:
    """Ends the process, as kill -9 does, at the n-th time of a step."""

    def __init__(self, step: str, number: int) -> None:
        self._step, self._left = step, number

    def at(self, step: str) -> None:
        self._left -= step == self._step
        if self._left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)


class Desk(Office):
    """An office whose every step can be the last."""

    killer: Killer

    async def plan(self):
        self.killer.at("plan")
        count = await super().plan()
        self.killer.at("planned")
        return count

    async def claim(self, platform, limit, gap):
        found = await super().claim(platform, limit, gap)
        if found:
            self.killer.at("claimed")
        return found

    async def edition(self, filters, week, entries):
        self.killer.at("edition")
        found = await super().edition(filters, week, entries)
        self.killer.at("fixed")
        return found

    async def sent(self, claim, entry, message, told):
        self.killer.at("marking")
        ours = await super().sent(claim, entry, message, told)
        self.killer.at("marked")
        return ours


class Paper:
    """A platform that is a file: what is written there was posted, for good."""

    name = "paper"
    ready = True

    def __init__(self, path: Path, killer: Killer | None = None) -> None:
        self._path = path
        self._killer = killer
        self._count = 0

    async def post(self, channel, reply):
        if self._killer:
            self._killer.at("posting")
        await asyncio.sleep(0)
        with self._path.open("a") as file:
            file.write(f"{channel.id} {reply.entry}\n")
            file.flush()
            os.fsync(file.fileno())
        if self._killer:
            self._killer.at("posted")
        self._count += 1
        return str(self._count)


async def main(url: str, cache: str, file: str, step: str, number: str) -> None:
    """Send what is due, until the step."""
    current = InForce(Settings(catalog=None, cache=Path(cache)))
    database = Database(url)
    killer = Killer(step, int(number))
    desk = Desk(database, timedelta(days=3))
    desk.killer = killer

    async def tell(sentence, kind):
        print(kind, sentence, file=sys.stderr)

    paper = Paper(Path(file), killer)
    deliverer = Deliverer(desk, lambda: current.retriever, {"paper": paper}, tell)
    await deliverer.send_due()
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
