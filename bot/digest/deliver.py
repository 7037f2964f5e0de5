"""Digests sent, by a job beside the answers: planned, claimed, sent in their turn, marked.

Between a platform's yes and our mark is the one window in which a kill makes a digest come twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Protocol

from bot.chat import DeliveryError, Platform
from bot.digest import compose, curating, pace, sentences
from bot.digest.office import LEASE, Office
from bot.digest.pace import Pace
from bot.digest.texts import Texts
from bot.digest.watch import Tell, watch
from bot.logs import fault, log
from bot.model import Channel, Digest, Notice
from bot.phrases import say
from bot.subscription import HELD, Claim, Subscription
from corpus.database import DatabaseError
from corpus.model import Entry

BATCH = 25  # digests of a platform that are claimed at once
ABREAST = 100  # that are in hand: one slow place holds up no other
IDLE = 5.0  # seconds between looks at the clock
SOON, BUSY = 0.2, 2.0  # the same while there may be more: a batch's turns take over a second
WAIT = 1.1  # seconds in which the turns that other replicas were given are over
HOLDS = 600.0  # seconds before a week that is held is looked at again
AGAIN = (3600.0, 6 * 3600.0)  # seconds before what was refused for good is tried again
TIMEOUT = 45.0  # seconds that a send may take
MARKING = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)  # seconds between tries to mark what was posted
FAULTS = 5  # of ours at one digest, after which it is given up


class Shelf(Protocol):
    """Where the catalog in force is found."""

    @property
    def entries(self) -> Sequence[Entry]:
        """The entries in force."""
        ...


class Deliverer:
    """Sends what is due on the platforms that are connected."""

    def __init__(
        self,
        office: Office,
        shelf: Callable[[], Shelf],
        platforms: Mapping[str, Platform],
        tell: Tell,
        wait: float = WAIT,
        turns: Pace | None = None,
    ) -> None:
        self._office = office
        self._shelf = shelf
        self._platforms = platforms
        self._tell = tell
        self._wait = wait  # for the turns of other replicas
        self._pace = turns or Pace()
        self._later = 0.0  # when the last one comes that had to let others of its group go first
        self._ending = asyncio.Event()
        self._in_hand: set[asyncio.Task[None]] = set()
        self._texts = Texts(office)
        self.outcomes: Counter[str] = Counter()

    async def run(self) -> None:
        """Send what is due, for ever."""
        busy = 0.0
        while not self._ending.is_set():
            try:
                if await self.round():
                    busy = time.monotonic() + BUSY
            except Exception as error:  # the database is away: it may come back
                log.error("digest", **fault(error))
            more = self._in_hand or time.monotonic() < busy
            await self._pause(SOON if more else IDLE)

    async def round(self) -> int:
        """Plan what is due, and begin to send a batch on each platform; how many were claimed."""
        while await self._office.plan():
            pass
        return sum([await self._batch(name) for name in self._platforms])

    async def send_due(self, patience: float = 3600.0) -> None:
        """Send everything that is due now, then end."""
        until, idle = time.monotonic() + patience, 0
        while idle < 2 and time.monotonic() < until:
            idle = 0 if await self.round() else idle + 1
            if self._in_hand:
                await self.settle()
            elif (later := self._later - time.monotonic()) > 0:
                await self._pause(later)
                idle = 0
            elif idle == 1:
                await self._pause(self._wait)

    async def settle(self) -> None:
        """Wait for what is being sent."""
        if self._in_hand:
            await asyncio.wait(list(self._in_hand))

    async def drain(self, seconds: float) -> bool:
        """Begin nothing more, and finish what is being sent; whether all of it was."""
        self._ending.set()
        if self._in_hand:
            await asyncio.wait(list(self._in_hand), timeout=seconds)
        return not self._in_hand

    async def _batch(self, name: str) -> int:
        room = ABREAST - sum(task.get_name() == name for task in self._in_hand)
        if room <= 0 or self._ending.is_set():
            return 0
        claims = await self._office.claim(name, min(BATCH, room), pace.gap(name))
        begun = time.monotonic()
        for claim in claims:
            turn = begun + claim.at - claims[0].at
            work = self._work(claim, turn, begun + LEASE - TIMEOUT)
            task = asyncio.create_task(work, name=name)
            self._in_hand.add(task)
            task.add_done_callback(self._in_hand.discard)
        return len(claims)

    async def _work(self, claim: Claim, turn: float, latest: float) -> None:
        """One delivery, in its turn; no error leaves it."""
        place, now = claim.subscription, time.monotonic()
        later = self._pace.next(place.channel, now)
        try:
            if later > latest:  # a group with many topics: others' turns are before it
                self._later = max(self._later, later)
                await self._office.put_off(claim, later - now, "", refused=False)
                return
            turn = max(turn, self._pace.turn(place.channel, place.shared, now))
            await self._pause(turn - time.monotonic())
            if self._ending.is_set() or time.monotonic() > latest:
                await self._office.put_off(claim, 0.0, "", refused=False)
                return
            await self._send(claim)
        except DeliveryError as error:
            await self._refused(claim, error)
        except DatabaseError as error:  # the lease runs out, and it is taken up again
            log.error("digest", id=claim.id, **fault(error))
        except Exception as error:
            log.error("digest", id=claim.id, **fault(error))
            await self._failed(claim, type(error).__name__)

    async def _send(self, claim: Claim) -> None:
        place, terms = claim.subscription, claim.subscription.terms
        if place.state != "active":
            await self._close(claim, "withdrawn", "")
            return
        if await self._office.moment() - claim.due_at > self._office.grace:
            held = await self._office.is_held(terms.filters, claim.week)
            await self._close(claim, "held" if held else "missed", "")
            return
        entries = self._shelf().entries
        edition = await self._texts.edition(terms.filters, claim.week, entries)
        if edition is None:
            await self._without(claim)
            return
        digest = await self._texts.digest(edition, entries, terms.language, place.script)
        await self._post(claim, digest, place.channel)

    async def _post(self, claim: Claim, digest: Digest, channel: str, rests: str = "") -> None:
        platform = self._platforms[claim.subscription.channel.partition(":")[0]]
        async with asyncio.timeout(TIMEOUT):
            message = await platform.post(Channel(channel, claim.subscription.shared), digest)
        await self._mark(claim, digest, message, rests)
        self.outcomes["sent"] += 1
        log.info("digest", id=claim.id, week=claim.week, channel=channel, entry=digest.entry)

    async def _mark(self, claim: Claim, digest: Digest, message: str, rests: str) -> None:
        """Mark what was posted, however long the database is away: else it would come again."""
        told = curating.shown(digest)
        mark = partial(
            self._office.sent, claim, digest.entry, message, told, *filter(None, [rests])
        )
        for wait in MARKING:
            try:
                await mark()
                return
            except DatabaseError as error:
                log.error("digest unmarked", id=claim.id, **fault(error))
                await asyncio.sleep(wait)
        await mark()

    async def _without(self, claim: Claim) -> None:
        """What becomes of a delivery whose Edition has nothing."""
        if await self._office.is_held(claim.subscription.terms.filters, claim.week):
            self.outcomes["held"] += 1
            await self._office.put_off(claim, HOLDS, HELD, refused=False)
        else:
            await self._close(claim, "failed", "nothing passes the filters")

    async def _refused(self, claim: Claim, error: DeliveryError, general: bool = False) -> None:
        """A platform did not take a digest: for now, or for good."""
        reason = error.reason[:120]
        if error.mendable:  # by the operator alone: it waits meanwhile
            await self._tell(f"{reason} (digest {claim.id})", f"digest {reason}")
        log.warning("digest refused", id=claim.id, reason=reason, permanent=error.permanent)
        if not general and _is_closed_topic(claim.subscription.channel, reason):
            await self._to_general(claim)
        elif error.permanent and not error.mendable:
            await self._strike(claim, reason)
        else:
            seconds = error.after or pace.backoff(claim.refused)
            now = await self._office.moment()
            if now + seconds - claim.due_at > self._office.grace:
                await self._close(claim, "failed", reason, "revoked" if error.mendable else "")
            else:
                self.outcomes["put off"] += 1
                await self._office.put_off(claim, seconds, reason)

    async def _strike(self, claim: Claim, reason: str) -> None:
        struck = await self._office.strike(claim, reason)
        if not struck.rests:
            self.outcomes["put off"] += 1
            seconds = AGAIN[min(struck.strikes, len(AGAIN)) - 1]
            await self._office.put_off(claim, seconds, reason)
            return
        self.outcomes["failed"] += 1
        await self._tell_subscriber(claim, reason)
        await watch(self._office, claim.week, self._tell)

    async def _to_general(self, claim: Claim) -> None:
        """To the group itself this once, since its topic is closed; then the subscription rests."""
        place = claim.subscription
        entries = self._shelf().entries
        edition = await self._texts.edition(place.terms.filters, claim.week, entries)
        if edition is None:
            await self._without(claim)
            return
        language, topic = place.terms.language, place.channel.rpartition(":")[2]
        note = say(sentences.MOVE_IT, compose.script_of(language, place.script), topic=topic)
        digest = await self._texts.digest(edition, entries, language, place.script, note)
        try:
            await self._post(claim, digest, pace.whole(place.channel), "topic")
        except DeliveryError as error:
            await self._refused(claim, error, general=True)

    async def _tell_subscriber(self, claim: Claim, reason: str) -> None:
        """Tell who subscribed a place that it rests, in their own chat."""
        place = claim.subscription
        platform = self._platforms[place.channel.partition(":")[0]]
        if not place.by or place.by == place.channel:
            return
        try:
            await platform.post(Channel(place.by), stopped(place, reason))
        except Exception as error:  # the ledger has it
            log.info("digest untold", id=claim.id, **fault(error))

    async def _failed(self, claim: Claim, kind: str) -> None:
        """A fault of ours: tried again some times, and told."""
        await self._tell(f"{kind} (digest {claim.id})", kind)
        if claim.refused >= FAULTS:
            await self._close(claim, "failed", kind)
        else:
            self.outcomes["put off"] += 1
            await self._office.put_off(claim, pace.backoff(claim.refused), kind)

    async def _close(self, claim: Claim, state: str, reason: str, rests: str = "") -> None:
        self.outcomes[state] += 1
        await self._office.close(claim, state, reason, rests)
        if state == "failed":
            await watch(self._office, claim.week, self._tell)

    async def _pause(self, seconds: float) -> None:
        """Wait, unless the end comes first."""
        if seconds > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), seconds)


def stopped(place: Subscription, reason: str) -> Notice:
    """What is told to who subscribed a place that gets nothing any more."""
    line = say(sentences.STOPPED, place.script, place=place.channel, reason=reason)
    return Notice((line,), script=place.script)


def _is_closed_topic(channel: str, reason: str) -> bool:
    """Whether a part of a group is closed or gone, and not the group."""
    words = reason.casefold()
    closed = "topic" in words or "thread not found" in words
    return closed and pace.whole(channel) != channel
