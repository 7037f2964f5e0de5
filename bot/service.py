"""From an event to the reply given: taken in, answered in its turn, marked. What dies in the middle
is taken up again.

Events of one person in one place go one after the other, for a follow-up needs the answer before
it; all others go side by side.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence

from bot import desk, metrics, notices, phrases, rights, speaking
from bot.chat import DeliveryError, Platform
from bot.current import InForce
from bot.inbox import Inbox, Taken, lane, question_of
from bot.limits import Limits
from bot.logs import fault, log
from bot.model import (
    Answer,
    Channel,
    Choice,
    Delete,
    Edit,
    Event,
    Joined,
    Left,
    Moved,
    Notice,
    Press,
    Question,
)
from bot.outcome import Outcome, Setting
from bot.phrases import say, tell
from corpus.database import DatabaseError
from corpus.record import replace

ABREAST = 64  # events answered side by side
MOST_TRIES = 5  # at sending a reply
SWEEP = 5.0  # seconds between looks for what nobody holds
HOLD = 6.0  # seconds between signs of life for what is in hand
PURGE = 3600.0
GATHER = 1.0  # seconds in which what came too late is gathered, so that a chat gets one line
TELL = 60.0  # seconds between two words to the operator on the same fault


class Service:
    """Takes events from platforms and gives them the replies."""

    def __init__(
        self,
        inbox: Inbox,
        current: InForce,
        platforms: Mapping[str, Platform],
        limits: Limits,
        operator: str | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._inbox = inbox
        self._current = current
        self._platforms = platforms
        self._limits = limits
        self._operator = operator
        self._clock = clock
        self._lanes: dict[tuple[str, str, str], asyncio.Task[None]] = {}
        self._in_hand: dict[int, asyncio.Task[None]] = {}
        self._room = asyncio.Semaphore(ABREAST)
        self._late: list[Taken] = []
        self._told: dict[str, float] = {}

    async def take(self, events: Sequence[Event]) -> Sequence[asyncio.Task[None]]:
        """Write events down, then begin to answer those that are new."""
        found = await self._inbox.take(events)
        for event in events:
            metrics.TAKEN.labels(event.channel.platform, type(event).__name__).inc()
        return [self._begin(taken) for taken in found]

    async def run(self) -> None:
        """Take up what nobody holds, say what is in hand, delete what is over; for ever."""
        swept = held = purged = -PURGE
        while True:
            now = time.monotonic()
            try:
                if now - swept >= SWEEP:
                    swept = now
                    await self.sweep()
                if now - held >= HOLD and self._in_hand:
                    held = now
                    await self._inbox.hold(list(self._in_hand))
                if now - purged >= PURGE:
                    purged = now
                    await self._inbox.purge()
            except Exception as error:  # the database is away: it may come back
                log.error("state", **fault(error))
            await asyncio.sleep(0.5)

    async def sweep(self) -> None:
        """Take up what a process left that died, and what could not be sent."""
        while found := await self._inbox.due(list(self._platforms), ABREAST):
            for taken in found:
                self._begin(taken)
        metrics.PENDING.set(await self._inbox.pending())

    async def drain(self, seconds: float) -> bool:
        """Finish what is in hand; whether all of it was."""
        if self._in_hand:
            await asyncio.wait(list(self._in_hand.values()), timeout=seconds)
        return not self._in_hand

    def _begin(self, taken: Taken) -> asyncio.Task[None]:
        name = lane(taken.claim.event)
        before = self._lanes.get(name)
        task = asyncio.create_task(self._work(taken, before))
        self._lanes[name] = self._in_hand[taken.claim.id] = task

        def ended(_: asyncio.Task[None]) -> None:
            self._in_hand.pop(taken.claim.id, None)
            if self._lanes.get(name) is task:
                del self._lanes[name]

        task.add_done_callback(ended)
        return task

    async def _work(self, taken: Taken, before: asyncio.Task[None] | None) -> None:
        """One event, in its turn; no error leaves it."""
        if before is not None:
            await asyncio.wait([before])
        async with self._room:
            platform = taken.claim.event.channel.platform
            begun = time.monotonic()
            try:
                if before is not None:
                    taken = await self._inbox.again(taken.claim)
                await self._answer(taken, self._platforms[platform])
                metrics.SECONDS.labels(platform).observe(time.monotonic() - begun)
            except DeliveryError as error:
                await self._refused(taken, error)
            except DatabaseError as error:  # what waits there is taken up when it is back
                log.error("state", id=taken.claim.id, **fault(error))
            except Exception as error:
                await self._failed(taken, error)

    async def _answer(self, taken: Taken, platform: Platform) -> None:
        event = taken.claim.event
        if self._inbox.too_late(event):
            self._set_aside(taken)
            return
        match event:
            case Moved():
                await self._inbox.move(event.channel, event.to)
                outcome = Outcome()
            case Delete():
                if taken.earlier:
                    await platform.remove(event.channel, taken.earlier)
                outcome = Outcome()
            case Left():
                outcome = Outcome(settings=(Setting(event.channel.id, "greeted", ""),))
            case Joined() if taken.context.place.get("greeted"):
                outcome = Outcome()
            case _:
                outcome = await self._decided(taken, platform)
        await self._give(taken, outcome, platform)

    async def _decided(self, taken: Taken, platform: Platform) -> Outcome:
        """What the desk says, with the standing that it needs to know."""
        event, context = taken.claim.event, taken.context
        asker = getattr(question_of(event) or event, "asker", "")
        question = question_of(event)
        if question is not None and question.addressed:
            verdict = self._limits.ask(asker, event.channel.id, self._clock())
            if verdict != "yes":
                script = speaking.script(question.text, question.spoken, context)
                notice = notices.one(phrases.TOO_FAST, script) if verdict == "tell" else None
                return Outcome(notice)
        command = desk.command_of(event)
        right = rights.needed(command, event.channel) if command else "anyone"
        if not rights.allowed(right, context.standing):
            admin = await platform.is_admin(event.channel, asker)
            context = replace(context, standing=replace(context.standing, admin=admin))
        outcome = desk.handle(event, context, self._current.retriever)
        if isinstance(event, Joined):
            greeted = Setting(event.channel.id, "greeted", "yes")
            return replace(outcome, settings=(greeted,))
        return outcome

    async def _give(self, taken: Taken, outcome: Outcome, platform: Platform) -> None:
        """Carry an outcome out: on the platform first, then in the inbox."""
        event, answer = taken.claim.event, ""
        if outcome.verdict:
            metrics.VERDICTS.labels(platform.name, outcome.verdict).inc()
        if outcome.again and not await self._inbox.reopen(event.channel):
            script = speaking.script("", getattr(event, "spoken", None), taken.context)
            outcome = Outcome(notices.one(phrases.NOTHING_WAITS, script))
        if outcome.manner == "delete" and isinstance(event, Press | Question):
            pressed = isinstance(event, Press)
            message = event.message if pressed else event.replies_to
            await platform.remove(event.channel, message)
        elif outcome.reply is not None:
            manner, changes = outcome.manner, ""
            if isinstance(event, Edit) and taken.earlier:
                manner, changes = "edit", taken.earlier
            elif isinstance(event, Press) and manner == "edit":
                changes = event.message
            answer = await platform.give(event, outcome.reply, manner, changes)
            metrics.ANSWERED.labels(platform.name, type(outcome.reply).__name__).inc()
        ours = await self._inbox.answered(taken, outcome, answer)
        if not ours and answer and isinstance(event, Question):  # deleted while it was answered
            await platform.remove(event.channel, answer)
        self._log(taken, outcome)
        if outcome.again:
            await self.sweep()

    def _log(self, taken: Taken, outcome: Outcome) -> None:
        reply = outcome.reply
        told = {}
        if isinstance(reply, Answer):
            told = {"confidence": reply.confidence, "hits": len(reply.found)}
        log.info(
            "answered",
            id=taken.claim.id,
            channel=taken.claim.event.channel.id,
            kind=type(taken.claim.event).__name__,
            reply=type(reply).__name__ if reply else None,
            **told,
        )

    async def _refused(self, taken: Taken, error: DeliveryError) -> None:
        """A platform did not take the reply: for good, or for now."""
        platform = taken.claim.event.channel.platform
        metrics.FAULTS.labels(platform, "platform").inc()
        log.warning("refused", id=taken.claim.id, reason=error.reason, permanent=error.permanent)
        if error.permanent or taken.claim.attempt >= MOST_TRIES:
            await self._inbox.answered(taken, Outcome(), "")

    async def _failed(self, taken: Taken, error: Exception) -> None:
        """A fault of ours: told in one sentence, and to the operator, and not tried again."""
        event = taken.claim.event
        metrics.FAULTS.labels(event.channel.platform, "ours").inc()
        log.error("failed", id=taken.claim.id, **fault(error))
        try:
            if question_of(event):
                notice = notices.one(phrases.FAULT, speaking.script("", None, taken.context))
                await self._platforms[event.channel.platform].give(event, notice, "send")
            await self._inbox.answered(taken, Outcome(), "")
        except Exception as second:
            log.error("failed", id=taken.claim.id, **fault(second))
        await self.tell_operator(f"{type(error).__name__} ({taken.claim.id})", type(error).__name__)

    async def tell_operator(self, sentence: str, kind: str) -> None:
        """A line to the operator's channel, once a minute for each kind of fault."""
        now = time.monotonic()
        if self._operator is None or now - self._told.get(kind, -TELL) < TELL:
            return
        self._told[kind] = now
        channel = Channel(self._operator, shared=True)
        platform = self._platforms.get(channel.platform)
        try:
            if platform is not None:
                await platform.post(channel, Notice((f"mlinfra: {sentence}",)))
        except Exception as error:
            log.error("operator", **fault(error))

    def _set_aside(self, taken: Taken) -> None:
        """What came too late waits a moment for the others, so that each chat gets one line."""
        if not self._late:
            asyncio.get_running_loop().call_later(GATHER, self._tell_late)
        self._late.append(taken)

    def _tell_late(self) -> None:
        late, self._late = self._late, []
        task = asyncio.create_task(self._say_late(late))
        self._in_hand[-id(task)] = task
        task.add_done_callback(lambda done: self._in_hand.pop(-id(done), None))

    async def _say_late(self, late: Sequence[Taken]) -> None:
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
