"""What became of digests, read for those who ask: of a place, of a week, of an Edition; and
what is about to come.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, case, func, select

from bot.store import subscriptions
from bot.store.deliveries import deliveries
from bot.subscription import Delivery, Filters, Subscription
from corpus.record import record


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


def waiting(connection: Connection) -> Sequence[tuple[str, str]]:
    """(place, week) of what was written down and is not sent yet."""
    d, s = deliveries.c, subscriptions.subscriptions.c
    found = (
        select(s.channel, d.week)
        .select_from(deliveries.join(subscriptions.subscriptions, d.subscription == s.id))
        .where(d.state == "due")
        .order_by(d.id)
    )
    return [(channel, week) for channel, week in connection.execute(found)]


@record
class Coming:
    """An Edition that places are about to get: its filters, week, first moment, and how many."""

    filters: Filters
    week: str
    at: float
    places: int


def coming(connection: Connection, seconds: float, now: float | None) -> Sequence[Coming]:
    """The Editions due within so many seconds, the most wanted first."""
    c = subscriptions.subscriptions.c
    found = (
        select(c.edition, c.next_week, func.min(c.filters), func.min(c.next_at), func.count())
        .where(
            c.state == "active",
            c.next_at <= subscriptions.clock(now) + seconds,
            c.next_at > subscriptions.clock(now),
        )
        .group_by(c.edition, c.next_week)
        .order_by(func.count().desc(), c.edition)
    )
    return [
        Coming(subscriptions.read(filters), week, at, places)
        for _, week, filters, at, places in connection.execute(found)
    ]
