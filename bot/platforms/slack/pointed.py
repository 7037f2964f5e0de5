"""What a question in a thread points at: the message that the thread is under."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.model import Question
from bot.platforms.slack import names
from bot.platforms.slack.calls import Calls, LimitedError, LostError, RefusedError
from bot.platforms.slack.intake import LONGEST
from bot.platforms.slack.payloads import content
from bot.platforms.slack.people import PATIENCE
from bot.pointing import points, together
from corpus.record import replace


async def read(calls: Calls, asked: Question, finds: Callable[[str], bool], bot: str) -> Question:
    """A question with the words that it points at; as it is where Slack does not tell them, or
    where they are ours.
    """
    if not asked.addressed or not asked.message or asked.thread in ("", asked.message):
        return asked
    if not points(asked.text, finds):
        return asked
    team, place = names.parts(asked.channel.id)
    given = {"channel": place, "ts": asked.thread, "limit": 1}
    try:
        async with asyncio.timeout(PATIENCE):
            told = await calls.call(team, "conversations.replies", "", False, **given)
    except (TimeoutError, RefusedError, LostError, LimitedError):
        return asked
    said = [one for one in told.get("messages") or () if one.get("ts") == asked.thread]
    words = "".join(content(one) for one in said[:1] if not bot or one.get("user") != bot)
    return replace(asked, text=together(asked.text, words)[:LONGEST]) if words else asked
