"""When words that one person says twice are one question. Pure."""

from __future__ import annotations

import hashlib
import hmac

from bot import command
from bot.model import Question
from retrieval import followup


def fingerprint(key: bytes, event: Question) -> str:
    """What is the same for the same words of one person in one place, and tells nothing of them."""
    # What begins a thread is said in the channel, not in the thread that it begins.
    thread = "" if event.begins else event.thread
    # Overheard and not answered, then said to the bot: these are two. So are a message and a
    # command that leaves none: what answers them is not seen by the same people.
    manner = f"{event.addressed} {bool(event.message)}"
    where = (event.channel.id, thread, event.asker, manner)
    said = "\n".join((*where, event.text.strip().lower()))
    return hmac.new(key, said.encode(errors="replace"), hashlib.sha256).hexdigest()[:32]


def is_new(text: str) -> bool:
    """Whether words ask for themselves: "more" twice asks for two pages, "/ask gpipe" for one. Ten
    pictures without any are told once what is read.
    """
    if not text.strip():
        return True
    told = command.parse(text)
    asked = text if told is None else command.question_in(told)
    return bool(asked) and not followup.moves(asked)
