"""Every addressed event taken in once and answered once: the promises, over the tables that keep
them. What the bot knows when it takes an event up comes along in the same transaction.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import Connection

from bot import sameness
from bot.lanes import asker_of, believed, message_of, question_of, thread_of
from bot.limits import MINUTE
from bot.model import Answer, Channel, Delete, Edit, Event, Press, Question
from bot.outcome import Context, Outcome
from bot.rights import Standing
from bot.store import asked, conversations, inbox, known, settings, subscriptions, threads, unwanted
from bot.store.inbox import Claim
from bot.subscription import Known
from corpus.database import Database
from corpus.record import record, replace

LEASE = 20.0  # seconds that a claim is ours without a sign of life
SAME = 30.0  # seconds in which the same words of one person are one question
LATE = 600.0  # seconds after which an answer says that it comes late
REMEMBERED = timedelta(days=3)  # that an event is known again when it comes twice


@record
class Taken:
    """A claim, and what is known of it."""

    claim: Claim
    context: Context
    earlier: str = ""  # the message that answered the question before it was edited

    @property
    def unwanted(self) -> str:
        """The bot's message that is to go, where one is; empty where none stands."""
        event = self.claim.event
        if isinstance(event, Edit | Delete):
            return self.earlier
        return event.message if isinstance(event, Press) else self.context.unwanted


class Inbox:
    """The durable intake of one process."""

    def __init__(
        self,
        database: Database,
        conversation_life: timedelta,
        pending_life: timedelta,
        clock: Callable[[], float] = time.time,
        place: str | None = None,
    ) -> None:
        self._place = place  # the only one, for a terminal beside others on one database
        self._database = database
        self._life = conversation_life.total_seconds()
        self._pending_life = pending_life.total_seconds()
        self._clock = clock
        self._key = b""
        self._alone = False

    async def open(self, platforms: Collection[str], alone: bool) -> None:
        """Begin. A process that knows itself `alone` takes over at once what another left."""
        self._alone = alone

        def begin(connection: Connection) -> str:
            if alone:
                inbox.release(connection, platforms, self._place)
            return settings.key(connection, "fingerprint")

        self._key = (await self._database.write(begin)).encode()

    async def take(self, events: Sequence[Event]) -> Sequence[Taken]:
        """Write events down; those that are new, with what is known. Afterwards they are ours."""

        def admit(connection: Connection) -> list[Taken]:
            now = self._clock()
            claims = (self._admit(connection, believed(event, now)) for event in events)
            return self._known(connection, [claim for claim in claims if claim])

        return await self._database.write(admit, brief=True)

    async def asked(self, claim: Claim, at: float) -> tuple[int, int]:
        """How much its asker, and its place, asked in the minute before, in all processes."""
        if self._alone:
            return 0, 0
        since = at - MINUTE
        return await self._database.read(lambda kept: asked.before(kept, claim, since))

    async def tells(self, owner: str, at: float) -> bool:
        """Whether somebody, or a place, is to be told of the limit: nobody did in the last minute,
        in any process.
        """
        if self._alone or not owner:
            return True
        return await self._database.write(
            lambda kept: settings.lately(kept, owner, "limit", at, MINUTE)
        )

    async def again(self, claim: Claim) -> Taken | None:
        """What is known of a claim now, after others of the same conversation were answered; None
        where it is no longer ours.
        """

        def look(connection: Connection) -> Taken | None:
            ours = inbox.is_ours(connection, claim)
            return self._known(connection, [claim])[0] if ours else None

        return await self._database.read(look)

    async def known(self, event: Event) -> Known | None:
        """What is known of the paper of the week in a place, for an event as if it came there."""
        return await self._database.read(lambda connection: known.known(connection, event))

    async def due(
        self, platforms: Collection[str], limit: int, besides: Collection[int] = ()
    ) -> Sequence[Taken]:
        """Claims that nobody holds: left by a process that died, or whose sending failed."""

        def claim(connection: Connection) -> list[Taken]:
            found = inbox.due(connection, platforms, limit, LEASE, besides, self._place)
            return self._known(connection, found)

        return await self._database.write(claim)

    def too_late(self, event: Event) -> bool:
        """Whether an event waited longer than questions are answered."""
        at = event.at
        return bool(at) and self._clock() - at > self._pending_life

    async def set_aside(self, claims: Sequence[Claim]) -> None:
        """Keep what came too late, to be asked again."""
        ids = [claim.id for claim in claims]
        await self._database.write(
            lambda connection: inbox.expire(connection, ids, self._pending_life)
        )

    async def reopen(self, channel: Channel) -> int:
        """Let what was set aside in a place be answered after all; how many questions it is."""
        now = self._clock()

        def ask(connection: Connection) -> int:
            found = inbox.expired(connection, channel.id)
            for claim in found:
                inbox.reopen(connection, claim, replace(claim.event, at=now), now)
            return len(found)

        return await self._database.write(ask)

    async def answered(self, taken: Taken, outcome: Outcome, answer: str) -> bool:
        """Mark an event answered by a message, with all that comes of it.

        False where it is no longer ours, as when the question was deleted meanwhile.
        """
        return await self._database.write(
            lambda connection: self._answered(connection, taken, outcome, answer),
            brief=not outcome.forget,  # all that is known of somebody may be much
        )

    async def postpone(self, claims: Collection[int], seconds: float) -> None:
        """Let events wait before they are taken up again."""
        await self._database.write(lambda connection: inbox.postpone(connection, claims, seconds))

    async def hold(self, claims: Collection[int]) -> None:
        """Say that these are still in hand."""
        await self._database.write(lambda connection: inbox.hold(connection, claims, LEASE))

    async def move(self, channel: Channel, to: Channel) -> None:
        """Follow a place to its new id, with all that waits and is kept there."""

        def move(connection: Connection) -> None:
            for table in (inbox, conversations, settings, subscriptions):
                table.move(connection, channel.id, to.id)

        await self._database.write(move)

    async def pending(self) -> int:
        """How many events wait."""
        return await self._database.read(inbox.pending)

    async def purge(self) -> None:
        """Delete what need not be known any longer."""

        def purge(connection: Connection) -> None:
            conversations.purge(connection)
            age = max(self._life, REMEMBERED.total_seconds())
            inbox.purge(connection, age, 2 * self._pending_life + age)

        await self._database.write(purge)

    def _admit(self, connection: Connection, event: Event) -> Claim | None:
        question = question_of(event)
        if question and not question.addressed and not threads.concerns(connection, event):
            return None  # what people say to each other is not written down
        mark, at = None, event.at or self._clock()
        if isinstance(event, Question) and not event.repeats and sameness.is_new(event.text):
            mark = sameness.fingerprint(self._key, event)
        if isinstance(event, Delete | Edit):
            inbox.outdate(connection, event)
        return inbox.admit(connection, event, at=at, fingerprint=mark, same=SAME, lease=LEASE)

    def _known(self, connection: Connection, claims: Sequence[Claim]) -> list[Taken]:
        owners = {
            owner for claim in claims for owner in (*_places(claim.event), asker_of(claim.event))
        }
        found = settings.of(connection, owners - {""}) if claims else {}
        return [self._taken(connection, claim, found) for claim in claims]

    def _taken(
        self, connection: Connection, claim: Claim, found: Mapping[str, Mapping[str, str]]
    ) -> Taken:
        """A claim with what is known of it; `found` is what its place and its asker have set."""
        event, earlier = claim.event, ""
        channel, asker = event.channel.id, asker_of(event)
        if isinstance(event, Edit | Delete):
            earlier = inbox.answer_to(connection, channel, message_of(event))
        conversation = threads.conversation(connection, event) if self._life else None
        gone = unwanted.found(connection, event)
        place = {
            name: value for one in _places(event) for name, value in found.get(one, {}).items()
        }
        context = Context(
            conversation=conversation,
            place=place,
            person=found.get(asker, {}),
            standing=Standing(asked=gone[1] if gone else threads.is_askers(event, conversation)),
            keeps=round(self._life / 86400),
            late=self._late(event),
            unwanted=gone[0] if gone else "",
            digest=known.known(connection, event),
        )
        return Taken(claim, context, earlier)

    def _answered(
        self, connection: Connection, taken: Taken, outcome: Outcome, answer: str
    ) -> bool:
        event = taken.claim.event
        channel, asker = event.channel.id, asker_of(event)
        repeats = not isinstance(outcome.reply, Answer)
        if not inbox.answered(connection, taken.claim, answer, repeats):
            return False
        for setting in outcome.settings:
            settings.keep(connection, setting)
        known.change(connection, outcome.changes)
        if outcome.manner == "delete":
            unwanted.gone(connection, channel, taken.unwanted)
        if outcome.forget:
            subscriptions.forget(connection, asker, channel)
            conversations.forget(connection, asker)
            settings.forget(connection, asker)
            inbox.forget(connection, asker)
            if not event.channel.shared:
                settings.forget(connection, channel)
        elif outcome.conversation and answer and self._life:
            thread, kept = thread_of(event), outcome.conversation
            if outcome.manner == "private":  # it is the presser's, and the thread goes on as it was
                thread, kept = f"alone:{answer}", replace(kept, asker=asker)
            if isinstance(event, Edit | Press):  # what is sent anew stands for none yet
                conversations.drop(connection, channel, answer)
            conversations.keep(connection, channel, thread, answer, kept, self._life)
        return True

    def _late(self, event: Event) -> int:
        at = event.at
        waited = self._clock() - at if at else 0.0
        return round(waited / 60) if waited > LATE and question_of(event) else 0


def _places(event: Event) -> tuple[str, str, str]:
    """Who may have set something for a place, the nearest last: it decides."""
    channel = event.channel
    return channel.within, channel.id, f"{channel.id}#{thread_of(event)}"
