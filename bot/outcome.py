"""What is known when an event is taken up, and what comes of it: the two ends of the desk."""

from __future__ import annotations

from collections.abc import Mapping

from bot.model import Conversation, Manner, Reply
from bot.rights import Standing
from bot.subscription import Change, Known
from corpus.record import record

NOTHING_SET: Mapping[str, str] = {}


@record
class Context:
    """What is known when an event is taken up."""

    conversation: Conversation | None = None  # that the event refers to
    place: Mapping[str, str] = NOTHING_SET  # what was set for the place, and for the thread
    person: Mapping[str, str] = NOTHING_SET  # what the person set for themselves
    standing: Standing = Standing()
    keeps: int = 7  # days that a conversation is kept
    late: int = 0  # minutes that the event waited, where that is worth a word
    unwanted: str = ""  # the bot's message that a typed "remove" is about
    digest: Known | None = None  # where the event is about the paper of the week


@record
class Setting:
    """Something set for a place or a person; without a value it is as if never set."""

    owner: str  # the id of a channel, of a thread in it, or of a person
    name: str
    value: str


@record
class Outcome:
    """What comes of an event."""

    reply: Reply | None = None
    manner: Manner = "send"
    conversation: Conversation | None = None  # what the reply's message stands for from now on
    settings: tuple[Setting, ...] = ()
    forget: bool = False  # all that is kept of the person
    again: bool = False  # what waited too long is to be answered after all
    verdict: str = ""  # good or bad: what somebody thinks of an answer
    changes: tuple[Change, ...] = ()  # of subscriptions and Editions
