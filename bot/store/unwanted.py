"""Which answer somebody wants removed who types so, whether it was theirs, and that it is gone."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.command import parse
from bot.model import Event, Question
from bot.store import conversations, inbox

LONGEST = 16  # characters of a line that can say so


def found(connection: Connection, event: Event) -> tuple[str, bool] | None:
    """The bot's message, empty where none can be meant, and whether its asker says so; None where
    an event is no such line.

    It is the one replied to; in a thread or a chat of one's own else the last, one's own first.
    """
    return _found(connection, event) if isinstance(event, Question) and _says(event) else None


def gone(connection: Connection, channel: str, message: str) -> None:
    """Forget what stood on a message that was removed, and that its question was answered."""
    conversations.drop(connection, channel, message)
    if message:
        inbox.unanswer(connection, channel, message)


def _says(question: Question) -> bool:
    command = parse(question.text) if len(question.text) <= LONGEST else None
    return command is not None and command.verb == "remove"


def _found(connection: Connection, question: Question) -> tuple[str, bool]:
    channel, thread, asker = question.channel.id, question.thread, question.asker
    if message := question.replies_to:
        kept = conversations.of_answer(connection, question.channel, message)
        theirs = kept.asker if kept else inbox.asker_of(connection, channel, message)
        if theirs or question.channel.shared:
            return message, theirs == asker
    if question.channel.shared and not thread:
        return "", True
    if message := conversations.last_message(connection, channel, thread, asker):
        return message, True
    if message := conversations.last_message(connection, channel, thread):
        return message, False
    root = conversations.of_message(connection, channel, thread) if thread else None
    return (thread, root.asker == asker) if root else ("", True)
