"""What happens where an event could not be answered: whose fault it was, who is told, what is tried
again. Nothing raised here leaves it.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot import metrics, notices, phrases, speaking
from bot.chat import DeliveryError, Platform
from bot.inbox import Inbox, Taken
from bot.lanes import question_of
from bot.logs import fault, log
from bot.operator import Operator
from bot.outcome import Outcome

LONGEST = 300.0  # seconds between tries at sending a reply; they double up to here


class Faults:
    """Takes what went wrong with an event."""

    def __init__(self, inbox: Inbox, platforms: Mapping[str, Platform], operator: Operator) -> None:
        self._inbox = inbox
        self._platforms = platforms
        self._operator = operator

    async def refused(self, taken: Taken, error: DeliveryError) -> None:
        """A platform did not take the reply. For good, and the event is over; for now, and it
        waits: as long as questions are answered at all, an outage loses none.
        """
        platform = taken.claim.event.channel.platform
        metrics.FAULTS.labels(platform, "platform").inc()
        log.warning("refused", id=taken.claim.id, reason=error.reason, permanent=error.permanent)
        try:
            if error.permanent:
                await self._inbox.answered(taken, Outcome(), "")
            else:
                seconds = min(2.0 ** min(taken.claim.attempt, 10), LONGEST)
                await self._inbox.postpone([taken.claim.id], seconds)
        except Exception as second:
            log.error("state", id=taken.claim.id, **fault(second))
        if error.mendable:
            await self._operator.tell(f"{platform}: {error.reason}", error.reason)

    async def failed(self, taken: Taken, error: Exception) -> None:
        """A fault of ours: told in one sentence, and to the operator, and not tried again."""
        event = taken.claim.event
        metrics.FAULTS.labels(event.channel.platform, "ours").inc()
        log.error("failed", id=taken.claim.id, **fault(error))
        try:
            if question := question_of(event):
                script = speaking.script(question.text, question.spoken, taken.context)
                notice = notices.one(phrases.FAULT, script)
                await self._platforms[event.channel.platform].give(event, notice, "send")
            await self._inbox.answered(taken, Outcome(), "")
        except Exception as second:
            log.error("failed", id=taken.claim.id, **fault(second))
        kind = type(error).__name__
        await self._operator.tell(f"{kind} ({taken.claim.id})", kind)
