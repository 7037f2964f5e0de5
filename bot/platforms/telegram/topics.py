"""Where a reply goes that its topic does not take: to the group itself, then to the asker alone.

Without its question above it, it says what it answers. To the asker alone only those of its buttons
come that say all by themselves: the others look for what stands in the group.
"""

from __future__ import annotations

import contextlib

from bot import phrases
from bot.chat import DeliveryError
from bot.lanes import asker_of, question_of
from bot.model import Answer, Event, Reply
from bot.phrases import tell
from bot.platforms.telegram.keyboard import Keyboard
from bot.platforms.telegram.render import Message, render
from bot.platforms.telegram.sending import Sender
from bot.remarks import quoted
from corpus.record import replace

CLOSED = ("topic_closed", "topic_deleted")
ASTRAY = "thread not found"  # deleted with all that was in it, or the group has no topics any more


async def give(
    sender: Sender, chat: int, event: Event, reply: Reply, asking: str, error: DeliveryError
) -> str:
    """Give a reply elsewhere; the message's id, empty where the asker alone saw it. The error where
    there is no such place.
    """
    if ASTRAY in error.reason:  # where the question is gone too, nobody asks any more
        return await sender.send(chat, None, render(reply), asking, strict=True)
    if error.reason not in CLOSED:
        raise error
    message, kept = _away(event, reply)
    with contextlib.suppress(DeliveryError):
        return await sender.send(chat, None, message)
    person = int(asker_of(event).partition(":")[2] or 0)
    if person <= 0:  # the group itself, or a channel
        raise error
    try:
        await sender.send(person, None, replace(message, keyboard=kept))
    except DeliveryError:  # they have no chat with the bot
        raise error from None
    return ""


def _away(event: Event, reply: Reply) -> tuple[Message, Keyboard]:
    """A reply that says where it was asked for, and for what; the buttons that need no more."""
    question = question_of(event)
    words = quoted(question.text if question else getattr(event, "question", ""))
    where = tell(phrases.CLOSED_TOPIC, reply.script)
    colon = ": " if reply.script == "en" else "："
    note = f"{where}{colon}{words}" if words else where
    message = render(reply, note)
    kept = message.keyboard[:1] if isinstance(reply, Answer) and reply.found else []
    return message, kept
