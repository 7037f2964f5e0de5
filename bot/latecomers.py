"""Events that waited longer than questions are answered: set aside, told of, to be asked again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

from bot import phrases, speaking
from bot.chat import DeliveryError, Platform
from bot.inbox import Inbox, Taken, question_of
from bot.logs import log
from bot.model import Choice, Notice
from bot.phrases import say, tell

GATHER = 1.0  # seconds in which they are gathered


class Latecomers:
    """Gathers what came too late; `hold` is told of the work on it."""

    def __init__(
        self,
        inbox: Inbox,
        platforms: Mapping[str, Platform],
        hold: Callable[[asyncio.Task[None]], None],
    ) -> None:
        self._inbox = inbox
        self._platforms = platforms
        self._hold = hold
        self._late: list[Taken] = []

    def add(self, taken: Taken) -> None:
        """One more. The first waits a moment for the others, so that each chat gets one line."""
        if not self._late:
            asyncio.get_running_loop().call_later(GATHER, self._tell)
        self._late.append(taken)

    def _tell(self) -> None:
        late, self._late = self._late, []
        task = asyncio.create_task(self._say(late))
        self._hold(task)

    async def _say(self, late: Sequence[Taken]) -> None:
        counts = await self._inbox.set_aside([taken.claim for taken in late])
        known = {taken.claim.event.channel: taken for taken in late}
        for channel, count in counts.items():
            question = question_of(known[channel].claim.event)
            words, spoken = (question.text, question.spoken) if question else ("", None)
            script = speaking.script(words, spoken, known[channel].context)
            line = say(phrases.TOO_LATE, script, count=count)
            again = Choice(tell(phrases.ASK_AGAIN, script), "again")
            try:
                await self._platforms[channel.platform].post(
                    channel, Notice((line,), (again,), script)
                )
            except DeliveryError as error:
                log.warning("refused", reason=error.reason, permanent=error.permanent)
