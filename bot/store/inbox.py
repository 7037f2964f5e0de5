"""The inbox: every event that was taken in, once, and the text of those not answered yet."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Float,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    bindparam,
    delete,
    exists,
    func,
    select,
    true,
    update,
)

from bot import lanes
from bot.model import Delete, Edit, Event
from bot.store import events
from corpus.database import Prepared, inserted, instant, metadata
from corpus.record import record

inbox = Table(
    "inbox",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("key", String, nullable=False, unique=True),  # the event's, on its platform
    Column("platform", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("message", String, nullable=False),  # that asks
    Column("asker", String, nullable=False),
    Column("fingerprint", String),  # of the words, so that the same again is known; never the words
    Column("asked_at", Float, nullable=False),
    Column("received_at", Float, nullable=False),
    # pending, answered, expired (waited too long), withdrawn (the question was deleted)
    Column("state", String, nullable=False),
    Column("lease_until", Float, nullable=False),  # pending: whose turn; expired: when it goes
    Column("attempt", Integer, nullable=False),
    Column("event", Text),  # with the text; null as soon as it is not needed
    Column("answer", String),  # the message that answers
    Column("slot", BigInteger),  # of time, as wide as the same words are one question
    Index(None, "state", "lease_until"),
    Index(None, "channel", "message"),
    # Two replicas that take the same words in at one moment do not see each other's.
    Index(None, "fingerprint", "slot", unique=True),
    Index(None, "asker"),
)


@record
class Claim:
    """An event that is ours to answer for as long as the lease lasts; `attempt` fences it."""

    id: int
    attempt: int
    event: Event


_OURS = ("id", "received_at", "lease_until", "answer")
_GIVEN = tuple(column for column in inbox.c if column.name not in _OURS)
_SAME = select(inbox.c.id).where(
    inbox.c.fingerprint == bindparam("fingerprint"),
    inbox.c.asked_at > bindparam("since"),
    inbox.c.asked_at < bindparam("until"),
)
# What was done to the same message then or later.
_LATER = select(inbox.c.id).where(
    inbox.c.channel == bindparam("channel"),
    inbox.c.message == bindparam("message"),
    inbox.c.message != "",
    inbox.c.asked_at >= bindparam("told"),
)
_ADMIT = Prepared(
    inserted(inbox)
    .from_select(
        [*_GIVEN, inbox.c.received_at, inbox.c.lease_until],
        select(
            *(bindparam(column.name, type_=column.type) for column in _GIVEN),
            instant(),
            instant() + bindparam("lease", type_=Float),
        ).where(~exists(_SAME), ~exists(_LATER)),
    )
    .returning(inbox.c.id)
)


def admit(
    connection: Connection,
    event: Event,
    *,
    at: float,
    fingerprint: str | None,
    same: float,
    lease: float,
) -> Claim | None:
    """Write an event down and claim it; None where it is there already, where the same person said
    the same words in the same place less than `same` seconds from it, or where it is overtaken.
    """
    values = {
        "key": event.key,
        "platform": event.channel.platform,
        "channel": event.channel.id,
        "message": lanes.message_of(event),
        "asker": lanes.asker_of(event),
        "fingerprint": fingerprint,
        "slot": int(at // same) if fingerprint else None,
        "asked_at": at,
        "state": "pending",
        "attempt": 1,
        "event": events.dump(event),
        "lease": lease,
        "told": lanes.overtaken(event),
        "since": at - same,
        "until": at + same,
    }
    found = _ADMIT.on(connection, values).scalar()
    return None if found is None else Claim(found, 1, event)


def due(
    connection: Connection,
    platforms: Collection[str],
    limit: int,
    lease: float,
    besides: Collection[int] = (),
    place: str | None = None,
) -> Sequence[Claim]:
    """Claim pending events that nobody holds, the oldest first; those in hand are not taken from
    oneself, even where a lease ran out while the machine slept.
    """
    now = instant()
    waiting = (
        select(inbox.c.id)
        .where(inbox.c.state == "pending", inbox.c.lease_until < now)
        .where(inbox.c.platform.in_(platforms), inbox.c.id.not_in(besides))
        .where(inbox.c.channel == place if place else true())
        .order_by(inbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = (
        update(inbox)
        .where(inbox.c.id.in_(waiting))
        .values(lease_until=now + lease, attempt=inbox.c.attempt + 1)
        .returning(inbox.c.id, inbox.c.attempt, inbox.c.event, inbox.c.channel)
    )
    found = connection.execute(taken).mappings()
    return sorted((_claim(row) for row in found if row["event"]), key=lambda claim: claim.id)


def release(connection: Connection, platforms: Collection[str], place: str | None = None) -> None:
    """Let go of every lease: for a process that knows itself alone, when it starts."""
    pending = update(inbox).where(inbox.c.state == "pending", inbox.c.platform.in_(platforms))
    pending = pending.where(inbox.c.channel == place if place else true())
    connection.execute(pending.values(lease_until=0.0))


def is_ours(connection: Connection, claim: Claim) -> bool:
    """Whether an event still waits and nobody has taken it over."""
    found = select(inbox.c.id).where(
        inbox.c.id == claim.id, inbox.c.attempt == claim.attempt, inbox.c.state == "pending"
    )
    return connection.execute(found).first() is not None


def postpone(connection: Connection, claims: Collection[int], seconds: float) -> None:
    """Let events wait: nobody takes them up before so many seconds have passed."""
    waiting = update(inbox).where(inbox.c.id.in_(claims), inbox.c.state == "pending")
    connection.execute(waiting.values(lease_until=instant() + seconds))


def hold(connection: Connection, claims: Collection[int], lease: float) -> None:
    """Prolong the lease of what is still in hand."""
    held = update(inbox).where(inbox.c.id.in_(claims), inbox.c.state == "pending")
    connection.execute(held.values(lease_until=instant() + lease))


_ANSWERED = Prepared(
    update(inbox)
    .where(inbox.c.id == bindparam("claim"), inbox.c.attempt == bindparam("fence"))
    .where(inbox.c.state == "pending")
    .values(state="answered", event=None, answer=bindparam("by"))
)
_SILENT = update(inbox).where(inbox.c.id == bindparam("claim")).values(fingerprint=None)


def answered(connection: Connection, claim: Claim, answer: str, repeats: bool = False) -> bool:
    """Mark an event answered and erase its text; false where it is no longer ours.

    What `repeats` may be asked again at once: it got no answer that would serve for the second.
    """
    values = {"claim": claim.id, "fence": claim.attempt, "by": answer or None}
    ours = _ANSWERED.on(connection, values).rowcount == 1
    if ours and repeats:
        connection.execute(_SILENT, {"claim": claim.id})
    return ours


def answer_to(connection: Connection, channel: str, message: str) -> str:
    """The message that answers a question; empty where none does."""
    found = select(inbox.c.answer).where(
        inbox.c.channel == channel, inbox.c.message == message, inbox.c.answer.is_not(None)
    )
    return connection.execute(found.order_by(inbox.c.id.desc()).limit(1)).scalar() or ""


def knows(connection: Connection, channel: str, message: str) -> bool:
    """Whether a message was taken in as a question."""
    found = select(inbox.c.id).where(inbox.c.channel == channel, inbox.c.message == message)
    return connection.execute(found.limit(1)).first() is not None


def asker_of(connection: Connection, channel: str, answer: str) -> str:
    """Who asked what a message answers; empty where it answers nobody."""
    found = select(inbox.c.asker).where(inbox.c.channel == channel, inbox.c.answer == answer)
    return connection.execute(found.order_by(inbox.c.id).limit(1)).scalar() or ""


def outdate(connection: Connection, event: Delete | Edit) -> None:
    """A question was deleted, or says something else: its words may be asked anew. A deleted one is
    not answered any more.
    """
    theirs = update(inbox).where(inbox.c.channel == event.channel.id)
    theirs = theirs.where(inbox.c.message == lanes.message_of(event))
    connection.execute(theirs.values(fingerprint=None))
    if isinstance(event, Delete):
        pending = theirs.where(inbox.c.state.in_(("pending", "expired")))
        connection.execute(pending.values(state="withdrawn", event=None))


def unanswer(connection: Connection, channel: str, answer: str) -> None:
    """An answer was removed: the same words may be asked anew."""
    answered = update(inbox).where(inbox.c.channel == channel, inbox.c.answer == answer)
    connection.execute(answered.values(fingerprint=None))


def expire(connection: Connection, claims: Collection[int], keep: float) -> None:
    """Set aside what waited too long; it can be asked again for so many seconds."""
    late = update(inbox).where(inbox.c.id.in_(claims))
    connection.execute(late.values(state="expired", lease_until=instant() + keep))


def expired(connection: Connection, channel: str) -> Sequence[Claim]:
    """What was set aside in a place."""
    found = select(inbox.c.id, inbox.c.attempt, inbox.c.event, inbox.c.channel).where(
        inbox.c.state == "expired", inbox.c.channel == channel, inbox.c.event.is_not(None)
    )
    rows = connection.execute(found.order_by(inbox.c.id)).mappings()
    return [_claim(row) for row in rows]


def reopen(connection: Connection, claim: Claim, event: Event, at: float) -> None:
    """Ask again what was set aside."""
    values = {"state": "pending", "lease_until": 0.0, "asked_at": at, "event": events.dump(event)}
    connection.execute(update(inbox).where(inbox.c.id == claim.id).values(**values))


def pending(connection: Connection) -> int:
    """How many events wait."""
    waiting = select(func.count()).select_from(inbox).where(inbox.c.state == "pending")
    return int(connection.execute(waiting).scalar_one())


def forget(connection: Connection, asker: str) -> None:
    """Erase a person's words and name, and where they were; the keys alone stay, for some days."""
    theirs = update(inbox).where(inbox.c.asker == asker)
    blank = {"asker": "", "channel": "", "message": "", "answer": None}
    connection.execute(theirs.values(event=None, fingerprint=None, state="answered", **blank))


def move(connection: Connection, channel: str, to: str) -> None:
    """Follow a place to its new id."""
    there = update(inbox).where(inbox.c.channel == channel)
    connection.execute(there.values(channel=to))


def purge(connection: Connection, age: float, abandoned: float) -> int:
    """Delete what has been answered for so many seconds, what was set aside long enough, and what
    waits for a platform that is no longer served.
    """
    done = inbox.c.state.in_(("answered", "withdrawn")) & (inbox.c.received_at < instant() - age)
    late = (inbox.c.state == "expired") & (inbox.c.lease_until < instant())
    left = (inbox.c.state == "pending") & (inbox.c.received_at < instant() - abandoned)
    return connection.execute(delete(inbox).where(done | late | left)).rowcount


def _claim(row: RowMapping) -> Claim:
    return Claim(row["id"], row["attempt"], events.at(events.load(row["event"]), row["channel"]))
