"""Deliveries: one row for each subscription and local week, claimed, sent once, and kept as the
ledger of what became of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
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
    or_,
    select,
    tuple_,
    update,
)

from bot.store import subscriptions
from bot.store.subscriptions import clock
from bot.subscription import HELD, Claim, Due
from corpus.database import inserted, instant, metadata

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


# A week that came to nothing comes after all where its terms were changed to a later day of it.
_NOTHING = ("skipped", "missed", "held", "withdrawn", "failed")
_PLAN = inserted(
    deliveries,
    ("subscription", "week"),
    replace=("state", "platform", "due_at", "lease_until", "refused", "reason", "at"),
    where=or_(*(deliveries.c.state == state for state in _NOTHING)),
)


def plan(connection: Connection, found: Sequence[Due], now: float) -> None:
    """Write deliveries down; those that were sent, or are on their way, stand. What an older week
    still owes is missed: a place gets the latest only.
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
    d = deliveries.c
    older = (
        update(deliveries)
        .where(d.subscription.in_([one.subscription for one in found]), d.state == "due")
        .where(tuple_(d.subscription, d.week).not_in([(o.subscription, o.week) for o in found]))
        .values(state=case((d.reason == HELD, "held"), else_="missed"), at=now)
    )
    connection.execute(older)
    connection.execute(_PLAN, rows)


def claim(
    connection: Connection,
    platform: str,
    limit: int,
    gap: float,
    lease: float,
    now: float | None = None,
    only: str = "",
) -> Sequence[Claim]:
    """Claim what is due, the oldest first; each its turn, `gap` seconds after the last one that
    any replica was given. Nothing while the turns given out reach into the future. Of `only` one
    place, where that is named.
    """
    moment = subscriptions.moment(connection, now)
    start = _turn(connection, platform, moment)
    if start is None:
        return []
    rows = _taken(connection, platform, limit, moment, start + gap * limit + lease, only)
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
    connection: Connection, platform: str, limit: int, now: float, until: float, only: str
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
    if only:
        place = subscriptions.subscriptions.c
        waiting = waiting.where(d.subscription.in_(select(place.id).where(place.channel == only)))
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
    .where(
        # What was withdrawn or given up while it was on its way has come all the same.
        (deliveries.c.state == "due")
        | (
            ((deliveries.c.state == "withdrawn") | (deliveries.c.state == "missed"))
            & (bindparam("as", type_=String()) == "sent")
        )
    )
    .values(
        state=bindparam("as", type_=String()),
        entry=bindparam("what"),
        message=bindparam("by"),
        reason=bindparam("because"),
        at=func.coalesce(bindparam("when", type_=Float()), instant()),
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
    values |= {"by": message, "because": reason, "when": now}
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


def strays(connection: Connection, served: Collection[str], before: float) -> Counter[str]:
    """How many have been due since before a moment on each platform that is not served."""
    d = deliveries.c
    found = select(d.platform, func.count()).where(d.platform.not_in(served), d.due_at < before)
    rows = connection.execute(found.where(d.state == "due").group_by(d.platform))
    return Counter({row[0]: row[1] for row in rows})


def give_up(
    connection: Connection, served: Collection[str], before: float, reason: str, now: float
) -> set[str]:
    """Count as failed what has been due since before a moment on platforms that are not served;
    the weeks in which that is.
    """
    d = deliveries.c
    stray = update(deliveries).where(d.platform.not_in(served), d.due_at < before)
    failed = stray.where(d.state == "due").values(state="failed", reason=reason, at=now)
    return set(connection.execute(failed.returning(d.week)).scalars())


def withdraw(connection: Connection, subscription: int) -> None:
    """Send nothing that is still due to a subscription."""
    waiting = update(deliveries).where(deliveries.c.subscription == subscription)
    connection.execute(waiting.where(deliveries.c.state == "due").values(state="withdrawn"))


def retracted(connection: Connection, delivery: int) -> None:
    """Note that a digest was taken away again."""
    one = update(deliveries).where(deliveries.c.id == delivery)
    connection.execute(one.values(state="retracted"))
