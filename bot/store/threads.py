"""Which conversation an event goes on from, and where the bot takes part."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.lanes import asker_of, question_of
from bot.model import Conversation, Edit, Event, Press, Question
from bot.store import conversations, inbox, settings


def conversation(connection: Connection, event: Event) -> Conversation | None:
    """The conversation that an event refers to: the answer's, else the asker's own in the place."""
    channel = event.channel.id
    if isinstance(event, Press):
        return conversations.of_answer(connection, event.channel, event.message)
    question = question_of(event)
    if question is None:
        return None
    found = None
    if question.replies_to:
        found = conversations.of_answer(connection, question.channel, question.replies_to)
        if found is None and (answer := inbox.answer_to(connection, channel, question.replies_to)):
            found = conversations.of_message(connection, channel, answer)
    if found is None and (event is not question or not question.begins):
        found = conversations.of_asker(connection, channel, question.thread, question.asker)
    if found is None and not question.addressed and question.thread:
        found = conversations.of_thread(connection, channel, question.thread)
    if found is None and question.thread and not question.begins:  # it may be under an answer
        found = conversations.of_message(connection, channel, question.thread)
    return found


def concerns(connection: Connection, event: Event) -> bool:
    """Whether something overheard is said where the bot takes part, or was a question to it before
    its words changed.
    """
    question = question_of(event)
    if question is None:
        return False
    if isinstance(event, Edit) and inbox.knows(connection, question.channel.id, question.message):
        return True
    return is_in(connection, question)


def is_askers(event: Event, conversation: Conversation | None) -> bool:
    """Whether what a button stands under was asked by the presser: nobody's, if we do not know."""
    asker = asker_of(event)
    if conversation is not None:
        return conversation.asker == asker
    if isinstance(event, Press) and event.channel.shared:
        return event.asked_by == asker
    return True


def is_in(connection: Connection, question: Question) -> bool:
    """Whether the bot takes part where something was overheard: by an answer, or opted in."""
    channel, thread = question.channel, question.thread
    place = settings.of(connection, [channel.id, channel.within])
    if any(found.get("answers") == "all" for found in place.values()):
        return True
    if not thread:
        return False
    of_thread, of_message = conversations.of_thread, conversations.of_message
    return bool(
        of_thread(connection, channel.id, thread) or of_message(connection, channel.id, thread)
    )
