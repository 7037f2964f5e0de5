"""Subscriptions, one a place: its terms, and when its next digest is due."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
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
    func,
    literal,
    select,
    update,
)

from bot.subscription import Filters, Subscription, Terms
from corpus.database import inserted, instant, metadata
from corpus.record import fields

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("channel", String, nullable=False, unique=True),
    Column("platform", String, nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("day", Integer, nullable=False),
    Column("minute", Integer, nullable=False),
    Column("zone", String, nullable=False),
    Column("language", String, nullable=False),
    Column("edition", String, nullable=False),  # the key of the filters
    Column("filters", Text, nullable=False),
    Column("by", String, nullable=False),
    Column("script", String, nullable=False),
    Column("state", String, nullable=False),
    Column("why", String, nullable=False),
    Column("until", Float, nullable=False),
    Column("next_week", String, nullable=False),
    Column("next_at", Float),  # null: never, as it stands
    Column("skip", String, nullable=False),
    Column("strikes", Integer, nullable=False),
    Index(None, "next_at"),
    Index(None, "by"),
)
_KEPT = [column.name for column in subscriptions.c if column.name not in ("id", "channel")]
_SAVE = inserted(subscriptions, ("channel",), replace=_KEPT)
_NEXT = (
    update(subscriptions)
    .where(subscriptions.c.id == bindparam("which"))
    .values(
        next_week=bindparam("week"),
        next_at=bindparam("at"),
        state=bindparam("as"),
        why=bindparam("reason"),
        until=bindparam("end"),
    )
)


def clock(now: float | None) -> ColumnElement[float]:
    """The database's clock, unless a moment is given, as a simulation does."""
    return instant() if now is None else literal(now)


def moment(connection: Connection, now: float | None = None) -> float:
    """What the clock says."""
    return float(connection.execute(select(clock(now))).scalar_one())


def save(connection: Connection, subscription: Subscription) -> None:
    """Keep a subscription, in the place of one that its channel has."""
    connection.execute(_SAVE, _values(subscription))


def save_all(connection: Connection, found: Sequence[Subscription]) -> None:
    """Keep many at once."""
    if found:
        connection.execute(_SAVE, [_values(subscription) for subscription in found])


def of(connection: Connection, channel: str) -> Subscription | None:
    """The subscription of a place, also one that has ended."""
    found = select(subscriptions).where(subscriptions.c.channel == channel)
    row = connection.execute(found).mappings().first()
    return _subscription(row) if row else None


def by(connection: Connection, person: str) -> Sequence[Subscription]:
    """What a person has subscribed places to."""
    found = select(subscriptions).where(
        subscriptions.c.by == person, subscriptions.c.state != "ended"
    )
    rows = connection.execute(found.order_by(subscriptions.c.id)).mappings()
    return [_subscription(row) for row in rows]


def within(connection: Connection, channel: str) -> Sequence[Subscription]:
    """The subscriptions of a place and of its parts, that have not ended."""
    places = subscriptions.c.channel
    found = select(subscriptions).where(
        (places == channel) | places.startswith(f"{channel}:", autoescape=True),
        subscriptions.c.state != "ended",
    )
    rows = connection.execute(found.order_by(subscriptions.c.id)).mappings()
    return [_subscription(row) for row in rows]


def every(connection: Connection) -> Sequence[Subscription]:
    """All of them, those that have ended too."""
    rows = connection.execute(select(subscriptions).order_by(subscriptions.c.id)).mappings()
    return [_subscription(row) for row in rows]


def active(connection: Connection) -> Mapping[str, int]:
    """How many there are on each platform that do not rest."""
    found = select(subscriptions.c.platform, func.count()).where(subscriptions.c.state == "active")
    rows = connection.execute(found.group_by(subscriptions.c.platform))
    return {row[0]: row[1] for row in rows}


def resting(connection: Connection, why: str) -> Sequence[Subscription]:
    """Those that are paused for a reason."""
    c = subscriptions.c
    found = select(subscriptions).where(c.state == "paused", c.why == why).order_by(c.id)
    return [_subscription(row) for row in connection.execute(found).mappings()]


def numbered(connection: Connection, ids: Collection[int]) -> dict[int, Subscription]:
    """Some of them by their ids."""
    found = select(subscriptions).where(subscriptions.c.id.in_(ids))
    rows = connection.execute(found).mappings()
    return {row["id"]: _subscription(row) for row in rows}


def due(connection: Connection, limit: int, now: float | None) -> Sequence[Subscription]:
    """Those whose moment has come, the oldest first, held for this transaction."""
    waiting = (
        select(subscriptions)
        .where(subscriptions.c.next_at <= clock(now))
        .order_by(subscriptions.c.next_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [_subscription(row) for row in connection.execute(waiting).mappings()]


def go_on(connection: Connection, found: Sequence[Subscription]) -> None:
    """Keep when each is due next, and whether it rests."""
    rows = [
        {
            "which": one.id,
            "week": one.next_week,
            "at": one.next_at or None,
            "as": one.state,
            "reason": one.why,
            "end": one.until,
        }
        for one in found
    ]
    if rows:
        connection.execute(_NEXT, rows)


_STRUCK = (
    update(subscriptions)
    .where(subscriptions.c.id == bindparam("which"))
    .values(strikes=subscriptions.c.strikes + 1)
    .returning(subscriptions.c.strikes)
)


def strike(connection: Connection, subscription: int) -> int:
    """Count a refusal for good; how many there are now."""
    return int(connection.execute(_STRUCK, {"which": subscription}).scalar() or 0)


def absolve(connection: Connection, ids: Collection[int]) -> None:
    """Forget refusals: something has arrived."""
    struck = update(subscriptions).where(subscriptions.c.id.in_(ids), subscriptions.c.strikes > 0)
    connection.execute(struck.values(strikes=0))


def rest(connection: Connection, subscription: int, why: str) -> None:
    """Pause one until somebody says so."""
    one = update(subscriptions).where(subscriptions.c.id == subscription)
    connection.execute(one.values(state="paused", why=why, until=0.0, next_at=None))


def move(connection: Connection, channel: str, to: str) -> bool:
    """Follow a place to its new id, and its parts; what is subscribed there already stands, and
    what has ended there goes.
    """
    moved = False
    places = subscriptions.c.channel
    within = select(places).where(
        (places == channel) | (places.startswith(f"{channel}:", autoescape=True))
    )
    for place in connection.execute(within).scalars().all():
        there = to + place.removeprefix(channel)
        ended = subscriptions.c.state == "ended"
        connection.execute(delete(subscriptions).where(places == there, ended))
        if connection.execute(select(places).where(places == there)).first():
            connection.execute(delete(subscriptions).where(places == place))
            continue
        values = {"channel": there, "platform": there.partition(":")[0]}
        connection.execute(update(subscriptions).where(places == place).values(**values))
        moved = True
    return moved


def forget(connection: Connection, person: str, channel: str) -> None:
    """Take a person's name away, and the subscription of the place where they are alone."""
    alone = delete(subscriptions).where(subscriptions.c.channel == channel)
    connection.execute(alone.where(subscriptions.c.shared.is_(False)))
    theirs = update(subscriptions).where(subscriptions.c.by == person)
    connection.execute(theirs.values(by=""))


def read(filters: str) -> Filters:
    """Filters as they are kept."""
    return Filters(**{name: tuple(words) for name, words in json.loads(filters).items()})


def write(filters: Filters) -> str:
    """Filters as text."""
    return json.dumps(fields(filters), ensure_ascii=False)


def _values(subscription: Subscription) -> dict[str, Any]:
    terms = subscription.terms
    return {
        "channel": subscription.channel,
        "platform": subscription.channel.partition(":")[0],
        "shared": subscription.shared,
        "day": terms.day,
        "minute": terms.minute,
        "zone": terms.zone,
        "language": terms.language,
        "edition": terms.filters.key,
        "filters": write(terms.filters),
        "by": subscription.by,
        "script": subscription.script,
        "state": subscription.state,
        "why": subscription.why,
        "until": subscription.until,
        "next_week": subscription.next_week,
        "next_at": subscription.next_at or None,
        "skip": subscription.skip,
        "strikes": subscription.strikes,
    }


def _subscription(row: RowMapping) -> Subscription:
    names = ("day", "minute", "zone", "language")
    terms = Terms(**{name: row[name] for name in names}, filters=read(row["filters"]))
    same = ("channel", "shared", "by", "script", "state", "why", "until", "next_week")
    return Subscription(
        **{name: row[name] for name in same},
        terms=terms,
        next_at=row["next_at"] or 0.0,
        skip=row["skip"],
        strikes=row["strikes"],
        id=row["id"],
    )
