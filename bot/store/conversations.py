"""Conversations, each by the answer's message, and the last of each asker in a place."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Float,
    Index,
    Integer,
    Select,
    String,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from bot.model import Channel, Conversation
from bot.store.events import written
from corpus.database import Prepared, instant, metadata
from corpus.record import fields

conversations = Table(
    "conversations",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("channel", String, nullable=False),
    Column("thread", String, nullable=False),
    Column("asker", String, nullable=False),
    Column("message", String, nullable=False),  # the bot's, that answered
    Column("state", Text, nullable=False),
    Column("expires_at", Float, nullable=False),
    Index(None, "message", "channel"),  # in this order for _ELSEWHERE: 60 ms beside 100,000 others
    Index(None, "channel", "thread", "asker", "id"),
    Index(None, "expires_at"),
    Index(None, "asker"),
)
_OF_MESSAGE = ("channel", "message")
_OF_ASKER = ("channel", "thread", "asker")
_OF_THREAD = ("channel", "thread")


def _last(by: tuple[str, ...]) -> Select[str]:
    found = select(conversations.c.state).where(conversations.c.expires_at > instant())
    for name in by:
        found = found.where(conversations.c[name] == bindparam(name))
    return found.order_by(conversations.c.id.desc()).limit(1)


_LAST: Mapping[tuple[str, ...], Prepared] = {
    by: Prepared(_last(by)) for by in (_OF_MESSAGE, _OF_ASKER, _OF_THREAD)
}
_MESSAGES = {  # but for those that one person saw, who alone can put them away
    by: _last(by)
    .with_only_columns(conversations.c.message)
    .where(conversations.c.message.not_like("alone:%"))
    for by in (_OF_ASKER, _OF_THREAD)
}
_ELSEWHERE = (
    select(conversations.c.state)
    .where(conversations.c.expires_at > instant(), conversations.c.message == bindparam("by"))
    .where(conversations.c.channel.startswith(bindparam("within"), autoescape=False))
    .order_by(conversations.c.id.desc())
    .limit(1)
)
_DROP = delete(conversations).where(
    conversations.c.channel == bindparam("place"), conversations.c.message == bindparam("by")
)
_KEEP = Prepared(
    insert(conversations).values(expires_at=instant() + bindparam("life")),
    columns=("channel", "thread", "asker", "message", "state", "expires_at"),
)


def of_message(connection: Connection, channel: str, message: str) -> Conversation | None:
    """The conversation that a message of the bot stands for."""
    return _found(connection, _OF_MESSAGE, channel=channel, message=message)


def of_answer(connection: Connection, channel: Channel, message: str) -> Conversation | None:
    """The same, also of a message that stands here because a part of this place did not take it, as
    a closed topic does not.
    """
    found = of_message(connection, channel.id, message)
    whole = channel.shared and channel.id.count(":") == 1  # what may have parts
    if found is not None or not (message and whole):
        return found
    within = {"within": f"{channel.id}:", "by": message}
    return _built(connection.execute(_ELSEWHERE, within).scalar())


def of_asker(connection: Connection, channel: str, thread: str, asker: str) -> Conversation | None:
    """The asker's own last one in a place."""
    return _found(connection, _OF_ASKER, channel=channel, thread=thread, asker=asker)


def of_thread(connection: Connection, channel: str, thread: str) -> Conversation | None:
    """The last one of a thread, whoever asked."""
    return _found(connection, _OF_THREAD, channel=channel, thread=thread)


def last_message(connection: Connection, channel: str, thread: str, asker: str = "") -> str:
    """The bot's last message in a thread, or the last there to an asker; empty where none is."""
    values = {"channel": channel, "thread": thread}
    if asker:
        return connection.execute(_MESSAGES[_OF_ASKER], {**values, "asker": asker}).scalar() or ""
    return connection.execute(_MESSAGES[_OF_THREAD], values).scalar() or ""


def drop(connection: Connection, channel: str, message: str) -> None:
    """Forget the conversation of a message that is gone."""
    connection.execute(_DROP, {"place": channel, "by": message})


def keep(
    connection: Connection,
    channel: str,
    thread: str,
    message: str,
    conversation: Conversation,
    life: float,
) -> None:
    """Keep a conversation by the message that tells it, for so many seconds."""
    state = {name: value for name, value in fields(conversation).items() if name != "asker"}
    values = {
        "channel": channel,
        "thread": thread,
        "asker": conversation.asker,
        "message": message,
        "state": written({**state, "asker": conversation.asker}),
        "life": life,
    }
    _KEEP.on(connection, values)


def forget(connection: Connection, asker: str) -> None:
    """Delete a person's conversations."""
    connection.execute(delete(conversations).where(conversations.c.asker == asker))


def move(connection: Connection, channel: str, to: str) -> None:
    """Follow a place to its new id."""
    there = update(conversations).where(conversations.c.channel == channel)
    connection.execute(there.values(channel=to))


def purge(connection: Connection) -> int:
    """Delete those whose time is over."""
    return connection.execute(
        delete(conversations).where(conversations.c.expires_at < instant())
    ).rowcount


def _found(connection: Connection, by: tuple[str, ...], **values: str) -> Conversation | None:
    return _built(_LAST[by].on(connection, values).scalar())


def _built(state: str | None) -> Conversation | None:
    if state is None:
        return None
    plain = json.loads(state)
    lists = {name: tuple(value) for name, value in plain.items() if isinstance(value, list)}
    return Conversation(**(plain | lists))
