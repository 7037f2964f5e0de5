"""A process that takes events in and answers them, to be killed in the middle.

    python burst.py URL CACHE FOLDER FIRST COUNT

It says "taken N" on standard output once an event is ours, and appends a line for each reply to
FOLDER/answers before it returns from sending, as a platform would show it. With COUNT 0 it only
takes up what another left, until nothing is pending.
"""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import timedelta
from pathlib import Path

from bot import logs
from bot.current import InForce
from bot.inbox import Inbox
from bot.limits import Limits
from bot.model import Channel, Question
from bot.service import Service
from bot.settings import Settings
from corpus.database import Database


class Paper:
    """A platform that writes its replies down."""

    name = "paper"
    ready = True

    def __init__(self, path):
        self._path = path

    async def give(self, event, reply, manner, answer=""):
        await asyncio.sleep(0.005)  # on its way
        with self._path.open("a") as out:
            out.write(f"{event.key} {type(reply).__name__}\n")
        await asyncio.sleep(0.005)  # the platform's yes on its way back
        return event.key


def question(number):
    return Question(
        f"gpipe {number}",
        key=f"paper:{number}",
        channel=Channel(f"paper:{number % 25}"),
        asker=f"paper:u{number % 25}",
        message=str(number),
        at=time.time(),
        repeats=False,
    )


async def run(url, cache, folder, first, count):
    database = Database(url)
    inbox = Inbox(database, timedelta(days=7), timedelta(hours=24))
    current = InForce(Settings(catalog=None, cache=cache))
    service = Service(inbox, current, {"paper": Paper(folder / "answers")}, Limits(1_000_000))
    await inbox.open(["paper"], alone=True)
    for start in range(first, first + count, 10):
        await service.take([question(number) for number in range(start, start + 10)])
        for number in range(start, start + 10):
            print("taken", number, flush=True)
    while await inbox.pending():
        await service.sweep()
        await service.drain(30)
    await database.close()


if __name__ == "__main__":
    url, cache, folder, first, count = sys.argv[1:]
    logs.configure(sys.stderr, "json", [])
    asyncio.run(run(url, Path(cache), Path(folder), int(first), int(count)))
