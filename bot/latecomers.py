"""Questions that waited too long, as after an outage of days: they are not answered late. Each chat
gets one line, with a button that asks them again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from bot import phrases, speaking
from bot.chat import DeliveryError, Platform
from bot.inbox import Inbox, Taken
from bot.lanes import question_of
from bot.logs import fault, log
from bot.model import Channel, Choice, Notice
from bot.phrases import say, tell

AGAIN = 60.0  # seconds until a chat that could not be told is tried again
GATHER = 1.0  # seconds in which they are gathered, so that a chat gets one line for all of them


class Latecomers:
    """Gathers them, then tells each chat how many there are."""

    def __init__(self, inbox: Inbox, platforms: Mapping[str, Platform]) -> None:
        self._inbox = inbox
        self._platforms = platforms
        self._gathered: list[Taken] = []
        self.waiting: set[asyncio.Task[None]] = set()

    def add(self, taken: Taken) -> None:
        """One more; it waits a moment for the others."""
        self._gathered.append(taken)
        if len(self._gathered) == 1:
            task = asyncio.create_task(self._tell())
            self.waiting.add(task)
            task.add_done_callback(self.waiting.discard)

    async def _tell(self) -> None:
        await asyncio.sleep(GATHER)
        late, self._gathered = self._gathered, []
        places: dict[Channel, list[Taken]] = {}
        for taken in late:
            places.setdefault(taken.claim.event.channel, []).append(taken)
        for channel, waiting in places.items():
            try:
                await self._tell_place(channel, waiting)
            except Exception as error:  # the database is away: they wait on
                log.error("state", **fault(error))

    async def _tell_place(self, channel: Channel, waiting: Sequence[Taken]) -> None:
        """Told first, then set aside: what is not told yet waits for another try."""
        claims = [taken.claim for taken in waiting]
        try:
            await self._platforms[channel.platform].post(channel, _line(waiting[0], len(waiting)))
        except DeliveryError as error:
            log.warning("refused", reason=error.reason, permanent=error.permanent)
            if not error.permanent:
                await self._inbox.postpone([claim.id for claim in claims], error.after or AGAIN)
                return
        await self._inbox.set_aside(claims)


def _line(taken: Taken, count: int) -> Notice:
    """How many questions were not answered, in the language of one of them."""
    question = question_of(taken.claim.event)
    words, spoken = (question.text, question.spoken) if question else ("", None)
    script = speaking.script(words, spoken, taken.context)
    again = Choice(tell(phrases.ASK_AGAIN, script), "again")
    return Notice((say(phrases.TOO_LATE, script, count=count),), (again,), script)
