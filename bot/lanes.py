"""Whose an event is, and when; what is answered one after the other."""

from __future__ import annotations

from math import inf, nextafter

from bot.model import Delete, Edit, Event, Question
from corpus.record import replace

OLDEST = 30 * 86_400.0  # seconds: no platform holds an event for so long
AHEAD = 86_400.0  # and no clock is honestly so far before ours


def lane(event: Event) -> tuple[str, str, str]:
    """What is answered one after the other: one person's events in one place."""
    return event.channel.id, thread_of(event), asker_of(event)


def question_of(event: Event) -> Question | None:
    """The question that an event asks, for the first time or in other words."""
    if isinstance(event, Edit):
        return event.question
    return event if isinstance(event, Question) else None


def asker_of(event: Event) -> str:
    """Who brought an event about; empty where nobody is known to."""
    return str(getattr(question_of(event) or event, "asker", ""))


def message_of(event: Event) -> str:
    """The message that asks, or that was taken back; empty where none was written."""
    if isinstance(event, Delete):
        return event.message
    question = question_of(event)
    return question.message if question else ""


def overtaken(event: Event) -> float | None:
    """From when on something else that was done to its message makes an event too old: what was
    not taken in comes once more, after the next. Edits in one second come in their order.
    """
    if isinstance(event, Edit) and event.at:
        return nextafter(event.at, inf)
    return event.at or None if isinstance(event, Question) else None


def typed_in(event: Event) -> str:
    """The thread that a line was typed in; empty for a button."""
    question = question_of(event)
    return question.thread if question else ""


def thread_of(event: Event) -> str:
    """The thread in its channel, where the platform has threads."""
    return str(getattr(question_of(event) or event, "thread", ""))


def believed(event: Event, now: float) -> Event:
    """An event at a time that can be. A server whose clock stands wrong tells of years: what it
    tells of just now is asked now, or it would never be answered.
    """
    if not event.at or now - OLDEST < event.at < now + AHEAD:
        return event
    if isinstance(event, Edit):
        return replace(event, question=replace(event.question, at=now))
    return replace(event, at=now)
