"""Deliveries: one row for each subscription and local week, claimed, sent once, and kept as the
ledger of what became of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Float,
    Index,
    Integer,
    Row,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    case,
    delete,
    func,
    select,
    update,
)

from bot.store import subscriptions
from bot.store.subscriptions import clock
from bot.subscription import Claim, Delivery, Due, Subscription
from corpus.database import inserted, metadata
from corpus.record import record

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("subscription", BigInteger, nullable=False),
    Column("week", String, nullable=False),  # of the place's own calendar
    Column("platform", String, nullable=False),
    Column("due_at", Float, nullable=False),
    # due, sent, failed, missed (too late), skipped (asked to), held (by the curators)
    Column("state", String, nullable=False),
    Column("lease_until", Float, nullable=False),  # due: when its turn comes, or comes again
    Column("attempt", Integer, nullable=False),
    Column("refused", Integer, nullable=False),  # times that the platform did not take it
    Column("entry", String, nullable=False),
    Column("message", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("at", Float, nullable=False),  # of the last change
    UniqueConstraint("subscription", "week"),
    Index(None, "state", "platform", "lease_until"),
    Index(None, "week", "state"),
)
# Until when a platform's messages are given out, so that all replicas together keep its pace.
paces = Table(
    "paces",
    metadata,
    Column("platform", String, primary_key=True),
    Column("next_at", Float, nullable=False),
)


_PLAN = inserted(deliveries, ("subscription", "week"))


def plan(connection: Connection, found: Sequence[Due], now: float) -> None:
    """Write deliveries down; those that are there stand. What an older week still owes is missed:
    a place gets the latest only.
    """
    rows = [
        {
            "subscription": one.subscription,
            "week": one.week,
            "platform": one.platform,
            "due_at": one.at,
            "state": one.state,
            "lease_until": 0.0,
            "attempt": 0,
            "refused": 0,
            "entry": "",
            "message": "",
            "reason": "",
            "at": now,
        }
        for one in found
    ]
    if not rows:
        return
    older = (
        update(deliveries)
        .where(deliveries.c.subscription == bindparam("which"))
        .where(deliveries.c.week < bindparam("this"), deliveries.c.state == "due")
        .where(deliveries.c.lease_until < now)
        .values(state="missed", at=now)
    )
    connection.execute(older, [{"which": one.subscription, "this": one.week} for one in found])
    connection.execute(_PLAN, rows)


def claim(
    connection: Connection,
    platform: str,
    limit: int,
    gap: float,
    lease: float,
    now: float | None = None,
) -> Sequence[Claim]:
    """Claim what is due, the oldest first; each its turn, `gap` seconds after the last one that
    any replica was given. Nothing while the turns given out reach into the future.
    """
    moment = subscriptions.moment(connection, now)
    start = _turn(connection, platform, moment)
    if start is None:
        return []
    rows = _taken(connection, platform, limit, moment, start + gap * limit + lease)
    if not rows:
        return []
    pace = update(paces).where(paces.c.platform == platform)
    connection.execute(pace.values(next_at=start + gap * len(rows)))
    places = subscriptions.numbered(connection, {row.subscription for row in rows})
    if gone := [row.id for row in rows if row.subscription not in places]:
        connection.execute(delete(deliveries).where(deliveries.c.id.in_(gone)))
    known = sorted((row for row in rows if row.subscription in places), key=lambda row: row.due_at)
    return [
        Claim(row.id, row.attempt, row.week, row.due_at, row.refused, places[row.subscription], at)
        for at, row in ((start + gap * number, row) for number, row in enumerate(known))
    ]


def _taken(
    connection: Connection, platform: str, limit: int, now: float, until: float
) -> Sequence[Row[Any]]:
    """Rows that are ours from now until a moment, the oldest first."""
    d = deliveries.c
    waiting = (
        select(d.id)
        .where(d.state == "due", d.platform == platform, d.lease_until < now)
        .order_by(d.lease_until, d.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = (
        update(deliveries)
        .where(d.id.in_(waiting))
        .values(lease_until=until, attempt=d.attempt + 1)
        .returning(d.id, d.attempt, d.week, d.due_at, d.refused, d.subscription)
    )
    return connection.execute(taken).all()


def _turn(connection: Connection, platform: str, now: float) -> float | None:
    """The next free turn of a platform, its row held for this transaction; None: later."""
    connection.execute(inserted(paces, ("platform",)), {"platform": platform, "next_at": 0.0})
    found = select(paces.c.next_at).where(paces.c.platform == platform).with_for_update()
    until = float(connection.execute(found).scalar_one())
    return None if until > now else now


_CLOSE = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("which"), deliveries.c.attempt == bindparam("fence"))
    .where(deliveries.c.state == "due")
    .values(
        state=bindparam("as"),
        entry=bindparam("what"),
        message=bindparam("by"),
        reason=bindparam("because"),
        at=bindparam("when"),
    )
)


def close(
    connection: Connection,
    claim: Claim,
    state: str,
    *,
    entry: str = "",
    message: str = "",
    reason: str = "",
    now: float | None = None,
) -> bool:
    """Say what became of a delivery; false where it is no longer ours."""
    values = {"which": claim.id, "fence": claim.attempt, "as": state, "what": entry}
    values |= {"by": message, "because": reason, "when": subscriptions.moment(connection, now)}
    return connection.execute(_CLOSE, values).rowcount == 1


def put_off(
    connection: Connection,
    claim: Claim,
    seconds: float,
    reason: str,
    now: float | None = None,
    refused: bool = True,
) -> None:
    """Let a delivery's turn come again later."""
    one = update(deliveries).where(deliveries.c.id == claim.id, deliveries.c.state == "due")
    connection.execute(
        one.where(deliveries.c.attempt == claim.attempt).values(
            lease_until=clock(now) + seconds,
            refused=deliveries.c.refused + (1 if refused else 0),
            reason=reason,
            at=clock(now),
        )
    )


def last(connection: Connection, subscription: int) -> Delivery | None:
    """The latest delivery of a subscription."""
    d = deliveries.c
    found = (
        select(d.week, d.state, case((d.state == "due", d.due_at), else_=d.at), d.reason)
        .where(d.subscription == subscription)
        .order_by(d.week.desc())
        .limit(1)
    )
    row = connection.execute(found).first()
    return Delivery(*row) if row else None


def counts(connection: Connection, week: str) -> Counter[str]:
    """How many deliveries of a week are in which state."""
    d = deliveries.c
    found = select(d.state, func.count()).where(d.week == week).group_by(d.state)
    return Counter({row[0]: row[1] for row in connection.execute(found)})


@record
class Sent:
    """A digest that stands in a place."""

    delivery: int
    week: str
    entry: str
    message: str
    subscription: Subscription


def sent(connection: Connection, week: str) -> Sequence[Sent]:
    """The digests of a week that were sent and stand."""
    d = deliveries.c
    found = select(d.id, d.entry, d.message, d.subscription).where(
        d.week == week, d.state == "sent"
    )
    rows = connection.execute(found.order_by(d.id)).all()
    places = subscriptions.numbered(connection, {row.subscription for row in rows})
    return [
        Sent(row.id, week, row.entry, row.message, places[row.subscription])
        for row in rows
        if row.subscription in places
    ]


def retracted(connection: Connection, delivery: int) -> None:
    """Note that a digest was taken away again."""
    one = update(deliveries).where(deliveries.c.id == delivery)
    connection.execute(one.values(state="retracted"))


def withdraw(connection: Connection, subscription: int) -> None:
    """Send nothing that is still due to a subscription."""
    waiting = update(deliveries).where(deliveries.c.subscription == subscription)
    connection.execute(waiting.where(deliveries.c.state == "due").values(state="withdrawn"))


def reached(connection: Connection, edition: str, week: str) -> int:
    """How many places have an Edition's week already."""
    d, s = deliveries.c, subscriptions.subscriptions.c
    found = (
        select(func.count())
        .select_from(deliveries.join(subscriptions.subscriptions, d.subscription == s.id))
        .where(d.week == week, d.state == "sent", s.edition == edition)
    )
    return int(connection.execute(found).scalar_one())


def failures(connection: Connection, week: str, limit: int = 20) -> Mapping[str, str]:
    """Some places that a week did not reach, with the reason."""
    d, s = deliveries.c, subscriptions.subscriptions.c
    found = (
        select(s.channel, d.reason)
        .join(subscriptions.subscriptions, d.subscription == s.id)
        .where(d.week == week, d.state.in_(("failed", "due")), d.reason != "")
        .order_by(d.id)
        .limit(limit)
    )
    return {row[0]: row[1] for row in connection.execute(found)}


def release(connection: Connection, platforms: Collection[str]) -> None:
    """Let go of the leases of claims that nobody refused: for a process that is alone."""
    held = update(deliveries).where(deliveries.c.state == "due", deliveries.c.refused == 0)
    connection.execute(held.where(deliveries.c.platform.in_(platforms)).values(lease_until=0.0))
