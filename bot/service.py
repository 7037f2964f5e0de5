"""From an event to the reply given: taken in, answered in its turn, marked. What dies in the middle
is taken up again.

Events of one person in one place go one after the other, for a follow-up needs the answer before
it; all others go side by side.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping, Sequence, Set

from bot import desk, elsewhere, metrics, notices, phrases, rights, speaking
from bot.chat import DeliveryError, Platform
from bot.command import ALWAYS
from bot.current import InForce
from bot.digest import subscribing
from bot.faults import Faults
from bot.handover import Handover
from bot.inbox import Inbox, Taken
from bot.lanes import asker_of, lane, question_of, typed_in
from bot.latecomers import Latecomers
from bot.limits import Limits
from bot.logs import about, fault, log
from bot.model import Answer, Delete, Edit, Event, Joined, Left, Moved, Press, Question
from bot.operator import Operator
from bot.outcome import Outcome, Setting
from bot.restraint import Restraint
from corpus.database import DatabaseError
from corpus.record import replace

ABREAST = 64  # events answered side by side
SWEEP = 5.0  # seconds between looks for what nobody holds
HOLD = 6.0  # seconds between signs of life for what is in hand
PURGE = 3600.0
SETTLE = 1.0  # seconds before a greeting: a group that moved says so beside coming to a new place
PATIENCE = 300.0  # seconds that a reply waits in hand for a platform that says "later"
LAST = 3.0  # seconds before the end from which on nothing is begun


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
        curators: Set[str] = frozenset(),
    ) -> None:
        self._curators = curators  # people, and the channels where everybody is one
        self._operator = operator  # the channel where everybody runs the bot
        self._inbox = inbox
        self._current = current
        self._platforms = platforms
        self._restraint = Restraint(limits, inbox, clock)
        self._faults = Faults(inbox, platforms, Operator(operator, platforms))
        self._lanes: dict[tuple[str, str, str], asyncio.Task[None]] = {}
        self._in_hand: dict[int, asyncio.Task[None]] = {}
        self._handover = Handover()
        self._moving: dict[str, asyncio.Task[None]] = {}  # to a place: what is said there waits
        self._room = asyncio.Semaphore(ABREAST)
        self._latecomers = Latecomers(inbox, platforms)
        self._ending = asyncio.Event()

    async def take(self, events: Sequence[Event]) -> Sequence[asyncio.Task[None]]:
        """Write events down and begin to answer those that are new; a task is named by the key."""
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
                if now - held >= HOLD and self._in_hand:
                    held = now
                    await self._inbox.hold(list(self._in_hand))
                if now - swept >= SWEEP:
                    swept = now
                    await self.sweep()
                if now - purged >= PURGE:
                    purged = now
                    await self._inbox.purge()
            except Exception as error:  # the database is away: it may come back
                log.error("state", **fault(error))
            await asyncio.sleep(0.5)

    async def sweep(self) -> None:
        """Take up what a process left that died, and what could not be sent."""
        platforms = list(self._platforms)
        while found := await self._inbox.due(platforms, ABREAST, list(self._in_hand)):
            for taken in found:
                self._begin(taken)
        metrics.PENDING.set(await self._inbox.pending())

    async def settle(self) -> None:
        """Wait until nothing is in hand."""
        while self._in_hand or self._latecomers.waiting:
            await asyncio.wait([*self._in_hand.values(), *self._latecomers.waiting])

    async def drain(self, seconds: float) -> bool:
        """Finish what is in hand; whether all of it was. What has not begun near the end stays in
        the inbox: a send that is cut off may be given twice.
        """
        for share in (seconds - LAST, LAST):
            if work := [*self._in_hand.values(), *self._latecomers.waiting]:
                await asyncio.wait(work, timeout=share)
            self._ending.set()
        return not self._in_hand

    def _begin(self, taken: Taken) -> asyncio.Task[None]:
        name = lane(taken.claim.event)
        event = taken.claim.event
        moving = self._moving.get(event.channel.within or event.channel.id)
        before = [task for task in (self._lanes.get(name), moving) if task]
        task = asyncio.create_task(self._work(taken, before), name=event.key)
        self._lanes[name] = self._in_hand[taken.claim.id] = task

        def ended(_: asyncio.Task[None]) -> None:
            self._in_hand.pop(taken.claim.id, None)
            if self._lanes.get(name) is task:
                del self._lanes[name]
                self._handover.end(name)
            if isinstance(event, Moved):
                self._moving.pop(event.to.id, None)

        if isinstance(event, Moved):
            self._moving[event.to.id] = task
        task.add_done_callback(ended)
        return task

    async def _work(self, taken: Taken, before: Sequence[asyncio.Task[None]]) -> None:
        """One event, in its turn; no error leaves it."""
        event, begun = taken.claim.event, time.monotonic()
        about(taken.claim.id)
        platform = self._platforms[event.channel.platform]
        if before:
            await asyncio.wait(before)
        if isinstance(event, Joined):
            await asyncio.sleep(SETTLE)
        try:
            if before or isinstance(event, Joined):
                now = self._handover.next(taken) or await self._inbox.again(taken.claim)
                if now is None:  # taken over, or deleted meanwhile
                    return
                taken = now
            await self._answer(taken, platform)
            metrics.SECONDS.labels(platform.name).observe(time.monotonic() - begun)
        except DeliveryError as error:
            await self._faults.refused(taken, error)
        except DatabaseError as error:  # what waits there is taken up when it is back
            log.error("state", id=taken.claim.id, **fault(error))
        except Exception as error:
            await self._faults.failed(taken, error)

    async def _answer(self, taken: Taken, platform: Platform) -> None:
        """Decide once, then give as often as the platform says "later", for as long as it is worth.

        Near the end nothing is begun: it stays in the inbox.
        """
        outcome, latest = None, time.monotonic() + PATIENCE
        while True:
            async with self._room:  # who waits for a platform leaves room for others
                if self._ending.is_set():
                    return
                try:
                    outcome = outcome or await self._outcome(taken, platform)
                    if outcome is not None:
                        await self._give(taken, outcome, platform)
                    return
                except DeliveryError as error:
                    if error.after is None or time.monotonic() + error.after > latest:
                        raise
                    wait = error.after
            await self._pause(wait)

    async def _pause(self, seconds: float) -> None:
        """Wait, unless the end comes first."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._ending.wait(), seconds)

    async def _outcome(self, taken: Taken, platform: Platform) -> Outcome | None:
        """What comes of an event; None where it was put aside."""
        event = taken.claim.event
        if self._inbox.too_late(event):
            if isinstance(event, Question) and event.addressed:
                self._latecomers.add(taken)
                return None
            return Outcome()
        match event:
            case Moved():
                await self._inbox.move(event.channel, event.to)
                return Outcome(settings=(Setting(event.to.id, "greeted", "yes"),))
            case Delete():
                if taken.earlier:
                    await platform.remove(event.channel, taken.earlier)
                return Outcome()
            case Left():
                rests = subscribing.left(taken.context)
                await elsewhere.tell_who_subscribed(rests, platform)
                return Outcome(settings=(Setting(event.channel.id, "greeted", ""),), changes=rests)
            case _:
                return await self._decided(taken, platform)

    async def _decided(self, taken: Taken, platform: Platform) -> Outcome:
        """What the desk says, with the standing that it needs to know."""
        event, context = taken.claim.event, taken.context
        asker = asker_of(event)
        question = question_of(event)
        command = desk.command_of(event)
        limited = command is None or command.verb not in ALWAYS
        if question is not None and question.addressed and limited and taken.claim.attempt == 1:
            refused = await self._restraint.refused(taken)
            if refused is not None:
                return refused
        meant = question is None or question.addressed
        if command is not None and meant and elsewhere.named(command):
            inbox, retriever = self._inbox, self._current.retriever
            return await elsewhere.decide(event, command, context, platform, inbox, retriever)
        right: rights.Right = "anyone"
        if command is not None:
            right = rights.needed(command, event.channel, context.place, typed_in(event))
        if right != "anyone":
            standing = rights.known(
                context.standing, asker, event.channel, self._curators, self._operator
            )
            if right != "curator" and not rights.allowed(right, standing):
                admin = await platform.is_admin(event.channel, asker)
                standing = replace(standing, admin=admin)
            context = replace(context, standing=standing)
        outcome = desk.handle(event, context, self._current.retriever)
        if isinstance(event, Joined) and event.greets:
            greeted = Setting(event.channel.id, "greeted", "yes")
            return replace(outcome, settings=(greeted,))
        return await elsewhere.there(event, outcome, context, platform)

    async def _give(self, taken: Taken, outcome: Outcome, platform: Platform) -> None:
        """Carry an outcome out: on the platform first, then in the inbox."""
        event, answer = taken.claim.event, ""
        if outcome.verdict:
            metrics.VERDICTS.labels(platform.name, outcome.verdict).inc()
        if outcome.again and not await self._inbox.reopen(event.channel):
            script = speaking.script("", getattr(event, "spoken", None), taken.context)
            outcome = Outcome(notices.one(phrases.NOTHING_WAITS, script))
        if outcome.manner == "delete":
            if taken.unwanted:
                await platform.remove(event.channel, taken.unwanted)
        elif outcome.reply is not None:
            manner, changes = outcome.manner, ""
            if isinstance(event, Edit) and taken.earlier:
                manner, changes = "edit", taken.earlier
            elif isinstance(event, Press) and manner == "edit":
                changes = event.message
            answer = await platform.give(event, outcome.reply, manner, changes)
            metrics.ANSWERED.labels(platform.name, type(outcome.reply).__name__).inc()
        ours = await self._marked(taken, outcome, answer)
        self._handover.keep(taken, outcome, answer if ours else "")
        if not ours and answer and isinstance(event, Question):  # deleted while it was answered
            await platform.remove(event.channel, answer)
        _log(taken, outcome)
        if outcome.again:
            await self.sweep()

    async def _marked(self, taken: Taken, outcome: Outcome, answer: str) -> bool:
        """Mark it answered, however long the database is away: it has been sent."""
        while True:
            try:
                return await self._inbox.answered(taken, outcome, answer)
            except DatabaseError as error:
                if self._ending.is_set():
                    raise
                log.error("state", id=taken.claim.id, **fault(error))
            await self._pause(1.0)


def _log(taken: Taken, outcome: Outcome) -> None:
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
