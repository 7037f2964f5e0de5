"""Whether a question is one too many, and what is said of it then.

Each process counts what it answers itself. Where others answer from the same database, what they
took in is counted too, but only for who asks much: nobody else's question waits for a count.
"""

from __future__ import annotations

from collections.abc import Callable

from bot import notices, phrases, speaking
from bot.inbox import Inbox, Taken
from bot.lanes import asker_of, question_of
from bot.limits import Limits
from bot.outcome import Outcome


class Restraint:
    """Keeps people, and places, to what may be asked in a minute."""

    def __init__(self, limits: Limits, inbox: Inbox, clock: Callable[[], float]) -> None:
        self._limits = limits
        self._inbox = inbox
        self._clock = clock

    async def refused(self, taken: Taken) -> Outcome | None:
        """What comes of a question that is one too many: a notice, or silence after it. None for
        what is to be answered.
        """
        event = taken.claim.event
        person, place = asker_of(event), event.channel.id
        # What waited while we were away was not asked fast.
        at = event.at or self._clock()
        elsewhere = (0, 0)
        if self._limits.much(person, place, at):
            elsewhere = await self._inbox.asked(taken.claim, at)
        verdict = self._limits.ask(person, place, at, elsewhere)
        if verdict == "yes":
            return None
        question = question_of(event)
        if verdict == "no" or question is None:
            return Outcome()
        if not await self._inbox.tells(self._limits.full(person, place, at, elsewhere), at):
            return Outcome()
        script = speaking.script(question.text, question.spoken, taken.context)
        return Outcome(notices.one(phrases.TOO_FAST, script))
