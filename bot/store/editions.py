"""Editions: what each had in which week; the curators' rulings; since when entries are known."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Float,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    select,
    update,
)

from bot.store.subscriptions import clock, read, write
from bot.subscription import Edition, Filters, Ledger, Past, Ruling
from corpus.database import inserted, metadata

editions = Table(
    "editions",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("edition", String, nullable=False),  # the key of the filters
    Column("week", String, nullable=False),
    Column("filters", Text, nullable=False),
    Column("entry", String, nullable=False),
    Column("revision", String, nullable=False),  # of the catalog
    Column("reasons", String, nullable=False),
    Column("preview", String),  # the message in which the curators saw it; null: not yet
    Column("lease_until", Float, nullable=False),  # whose turn it is to show it
    UniqueConstraint("edition", "week"),
)

rulings = Table(
    "rulings",
    metadata,
    Column("kind", String, primary_key=True),
    Column("week", String, primary_key=True),
    Column("edition", String, primary_key=True),
    Column("entry", String, primary_key=True),
)
arrivals = Table(
    "arrivals",
    metadata,
    Column("entry", String, primary_key=True),
    Column("week", String, nullable=False),  # empty: it was there when we first looked
)


_OF = select(editions).where(
    editions.c.edition == bindparam("which"), editions.c.week == bindparam("at")
)
_FIX = inserted(editions, ("edition", "week"))


def of(connection: Connection, filters: Filters, week: str) -> Edition | None:
    """What was fixed for a week."""
    row = connection.execute(_OF, {"which": filters.key, "at": week}).mappings().first()
    return _edition(row) if row else None


def numbered(connection: Connection, number: int) -> Edition | None:
    """An Edition by its id."""
    row = connection.execute(select(editions).where(editions.c.id == number)).mappings().first()
    return _edition(row) if row else None


def fix(connection: Connection, edition: Edition) -> Edition:
    """Fix a pick; what another replica has fixed before stands."""
    values = {
        "edition": edition.filters.key,
        "week": edition.week,
        "filters": write(edition.filters),
        "entry": edition.entry,
        "revision": edition.revision,
        "reasons": " ".join(edition.reasons),
        "lease_until": 0.0,
    }
    connection.execute(_FIX, values)
    return of(connection, edition.filters, edition.week) or edition


def swap(connection: Connection, edition: Edition) -> None:
    """Put another pick in the place of one; who has seen the preview has seen it too."""
    values = {
        "entry": edition.entry,
        "revision": edition.revision,
        "reasons": " ".join(edition.reasons),
    }
    connection.execute(update(editions).where(editions.c.id == edition.id).values(**values))


def unfix(connection: Connection, filters: Filters, week: str) -> None:
    """Take a pick back, so that it is made again."""
    one = delete(editions).where(editions.c.edition == filters.key, editions.c.week == week)
    connection.execute(one)


def ledger(connection: Connection, filters: Filters) -> Ledger:
    """All that the picks of an Edition stand on beside the catalog."""
    past = (
        select(editions.c.week, editions.c.entry)
        .where(editions.c.edition == filters.key)
        .order_by(editions.c.week)
    )
    return Ledger(
        past=tuple(Past(week, entry) for week, entry in connection.execute(past)),
        rulings=tuple(Ruling(*row) for row in connection.execute(select(rulings))),
        arrived=tuple(
            (entry, week)
            for entry, week in connection.execute(select(arrivals).order_by(arrivals.c.entry))
        ),
    )


def rule(connection: Connection, ruling: Ruling) -> None:
    """Keep a ruling."""
    connection.execute(inserted(rulings, ("kind", "week", "edition", "entry")), _ruled(ruling))


def lift(connection: Connection, ruling: Ruling) -> None:
    """Take a ruling back."""
    conditions = (rulings.c[name] == value for name, value in _ruled(ruling).items())
    connection.execute(delete(rulings).where(*conditions))


def lift_all(connection: Connection, ruling: Ruling) -> None:
    """Take a ruling back for every Edition."""
    same = {name: value for name, value in _ruled(ruling).items() if name != "edition"}
    conditions = (rulings.c[name] == value for name, value in same.items())
    connection.execute(delete(rulings).where(*conditions))


def arrive(connection: Connection, entries: Collection[str], week: str) -> None:
    """Note entries that were not seen before: at the first time all, as there already."""
    known = set(connection.execute(select(arrivals.c.entry)).scalars())
    new = [{"entry": entry, "week": week if known else ""} for entry in set(entries) - known]
    if new:
        connection.execute(inserted(arrivals, ("entry",)), new)


def to_show(
    connection: Connection, filters: Filters, week: str, lease: float, now: float | None
) -> bool:
    """Claim showing an Edition to the curators; false where another does, or has."""
    claimed = (
        update(editions)
        .where(editions.c.edition == filters.key, editions.c.week == week)
        .where(editions.c.preview.is_(None), editions.c.lease_until < clock(now))
        .values(lease_until=clock(now) + lease)
    )
    return connection.execute(claimed).rowcount == 1


def shown(connection: Connection, filters: Filters, week: str, message: str) -> None:
    """Note the message in which the curators see an Edition."""
    one = update(editions).where(editions.c.edition == filters.key, editions.c.week == week)
    connection.execute(one.values(preview=message))


def of_week(connection: Connection, week: str) -> Sequence[Edition]:
    """Every Edition of a week."""
    found = select(editions).where(editions.c.week == week).order_by(editions.c.edition)
    return [_edition(row) for row in connection.execute(found).mappings()]


def _ruled(ruling: Ruling) -> dict[str, str]:
    return {
        "kind": ruling.kind,
        "week": ruling.week,
        "edition": ruling.edition,
        "entry": ruling.entry,
    }


def _edition(row: RowMapping) -> Edition:
    return Edition(
        read(row["filters"]),
        row["week"],
        row["entry"],
        row["revision"],
        tuple(row["reasons"].split()),
        row["preview"] or "",
        row["id"],
    )
