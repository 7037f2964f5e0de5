"""A look at what stands in a place: whether a message of ours was posted though nobody told us."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.platforms.slack.busy import SIGN
from bot.platforms.slack.calls import Calls

Json = Mapping[str, Any]


async def read(
    calls: Calls, team: str, place: str, thread: str, since: str, patient: bool = False
) -> Sequence[Json]:
    """What was said in a place from a message on, that one included."""
    reading = {"channel": place, "oldest": since, "inclusive": "true", "limit": 50}
    method = "conversations.replies" if thread else "conversations.history"
    if thread:
        reading["ts"] = thread
    told = await calls.call(team, method, "", patient, **reading)
    return list(told.get("messages") or ())


def among(told: Sequence[Json], text: str, since: str) -> str:
    """The id of a message of ours that says a text, later than a moment; empty where none does."""
    for one in told:
        same = _letters(str(one.get("text", ""))) == _letters(text)
        if one.get("bot_id") and same and str(one.get("ts", "")) > since:
            return str(one["ts"])
    return ""


def is_signed(told: Sequence[Json], message: str) -> bool:
    """Whether a sign that somebody is busy stands on a message."""
    here = (one.get("reactions") or () for one in told if one.get("ts") == message)
    return any(sign.get("name") == SIGN for signs in here for sign in signs)


def _letters(text: str) -> str:
    """The beginning of a text without what Slack may write otherwise."""
    return "".join(letter for letter in text if letter.isalnum())[:80]
