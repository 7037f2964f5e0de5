"""Whose an event is, and what is answered one after the other."""

from __future__ import annotations

from bot.model import Edit, Event, Question


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


def typed_in(event: Event) -> str:
    """The thread that a line was typed in; empty for a button."""
    question = question_of(event)
    return question.thread if question else ""


def thread_of(event: Event) -> str:
    """The thread in its channel, where the platform has threads."""
    return str(getattr(question_of(event) or event, "thread", ""))
