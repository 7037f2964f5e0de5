"""What was set for a place or by a person, one value a row; and keys of our own."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Connection, String, Table, bindparam, delete, select, update

from bot.outcome import Setting
from corpus.database import Prepared, inserted, metadata

settings = Table(
    "settings",
    metadata,
    Column("owner", String, primary_key=True),  # a channel, a thread in it, a person; ours: empty
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
)
_OF = select(settings.c.owner, settings.c.name, settings.c.value)
_OF_MANY = _OF.where(settings.c.owner.in_(bindparam("owners", expanding=True)))
FEW = 4  # a place, what it is in, a thread and a person: all that one event asks for
_NONE: Mapping[str, str | None] = {f"owner{number}": None for number in range(FEW)}
_OF_FEW = Prepared(_OF.where(settings.c.owner.in_([bindparam(name) for name in _NONE])))
_KEEP = inserted(settings, ("owner", "name"), replace=("value",))


def of(connection: Connection, owners: Collection[str]) -> Mapping[str, Mapping[str, str]]:
    """What each owner has set."""
    found: dict[str, dict[str, str]] = {owner: {} for owner in owners}
    rows: Iterable[Sequence[Any]]
    if len(owners) <= FEW:
        rows = _OF_FEW.on(connection, {**_NONE, **dict(zip(_NONE, owners, strict=False))})
    else:
        rows = connection.execute(_OF_MANY, {"owners": list(owners)})
    for owner, name, value in rows:
        found[owner][name] = value
    return found


def language(connection: Connection, person: str) -> str:
    """The language that somebody chose; empty where they chose none."""
    return of(connection, [person])[person].get("language", "")


def keep(connection: Connection, setting: Setting) -> None:
    """Set a value; an empty one is as if never set."""
    if setting.value:
        values = {"owner": setting.owner, "name": setting.name, "value": setting.value}
        connection.execute(_KEEP, values)
    else:
        theirs = delete(settings).where(settings.c.owner == setting.owner)
        connection.execute(theirs.where(settings.c.name == setting.name))


def forget(connection: Connection, owner: str) -> None:
    """Delete all that an owner has set."""
    connection.execute(delete(settings).where(settings.c.owner == owner))


def move(connection: Connection, channel: str, to: str) -> None:
    """Follow a place to its new id, and its threads; what is set there already stands."""
    owners = settings.c.owner
    parts = select(owners).where(
        (owners == channel) | owners.startswith(f"{channel}#", autoescape=True)
    )
    for owner in set(connection.execute(parts).scalars()):
        now = to + owner.removeprefix(channel)
        there = select(settings.c.name).where(owners == now)
        moved = update(settings).where(owners == owner, settings.c.name.not_in(there))
        connection.execute(moved.values(owner=now))
        forget(connection, owner)


def once(connection: Connection, name: str) -> bool:
    """Whether something of our own is noted for the first time, by any replica."""
    made = {"owner": "", "name": name, "value": "yes"}
    noted = inserted(settings, ("owner", "name")).returning(settings.c.name)
    return connection.execute(noted, made).first() is not None


def lately(connection: Connection, owner: str, name: str, at: float, seconds: float) -> bool:
    """Whether something happens at a moment that did not in so many seconds before, by any replica;
    it is noted.
    """
    made = {"owner": owner, "name": name, "value": _stamp(at)}
    over = settings.c.value < _stamp(at - seconds)
    noted = inserted(settings, ("owner", "name"), replace=("value",), where=over)
    return connection.execute(noted.returning(settings.c.name), made).first() is not None


def _stamp(at: float) -> str:
    """A moment as text that sorts as it does."""
    return f"{at:015.3f}"


def key(connection: Connection, name: str) -> str:
    """A random key of our own, made when it is first asked for; the same for all replicas."""
    made = {"owner": "", "name": name, "value": secrets.token_hex(16)}
    connection.execute(inserted(settings, ("owner", "name")), made)
    found = select(settings.c.value).where(settings.c.owner == "", settings.c.name == name)
    return str(connection.execute(found).scalar_one())
