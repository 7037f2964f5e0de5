"""A chat with the bot itself: a real service on a real database, and a terminal that is read."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from datetime import timedelta

from bot import migrations
from bot.inbox import Inbox
from bot.limits import Limits
from bot.platforms.terminal.adapter import Terminal
from bot.platforms.terminal.look import Look
from bot.service import Service
from corpus.database import Database


class Talk:
    """Lines said one after the other; each reply as it was shown."""

    def __init__(self, current, folder, look=None, spoken="en", person="ann", per_minute=1000):
        self._current = current
        self._url = f"sqlite:///{folder / 'talk.db'}"
        self._look = look or Look(80)
        self._spoken = spoken
        self._person = person
        self._per_minute = per_minute

    def say(self, *lines):
        """The replies to the lines, in one chat."""
        return asyncio.run(self._talk(lines))

    async def _talk(self, lines):
        database = Database(self._url)
        migrations.upgrade(database.engine)
        inbox = Inbox(database, timedelta(days=7), timedelta(hours=24))
        output = io.StringIO()
        shown = []
        terminal = Terminal(
            _marking(lines, output, shown), output, self._look, self._person, self._spoken
        )
        service = Service(inbox, self._current, {"terminal": terminal}, Limits(self._per_minute))
        await inbox.open(["terminal"], alone=True)
        await terminal.run(service.take)
        await service.drain(5)
        await database.close()
        return shown


def _marking(lines, output, shown) -> Iterator[str]:
    """The lines; before each, and at the end, what was shown since the last is put aside."""
    for number, line in enumerate(lines):
        if number:
            _aside(output, shown)
        yield line
    _aside(output, shown)


def _aside(output, shown):
    shown.append(output.getvalue().removeprefix("\n"))
    output.seek(0)
    output.truncate()
