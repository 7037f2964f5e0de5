"""What Telegram shows of the bot before anybody writes: menus of commands, per kind of chat and per
language, and descriptions. Set at every start, beside everything else: a failure is logged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

from bot import labels, phrases
from bot.logs import fault, log
from bot.model import Coverage
from bot.phrases import say, tell
from bot.platforms.telegram.api import Api, RetryAfter, seconds
from corpus.language import Script

# By the language of somebody's app; the empty one is for all the others.
LANGUAGES: tuple[tuple[str, Script], ...] = (("", "en"), ("en", "en"), ("zh", "zh-Hans"))
_ALONE = (
    "topics",
    "more",
    "paper",
    "subscribe",
    "subscriptions",
    "zh",
    "en",
    "settings",
    "privacy",
    "forget",
    "help",
)
_TOGETHER = ("ask", "more", "topics", "paper", "zh", "en", "privacy", "help")
SCOPES = {
    "default": _ALONE,
    "all_private_chats": _ALONE,
    "all_group_chats": _TOGETHER,
    "all_chat_administrators": (*_TOGETHER, "subscribe", "subscriptions", "settings"),
}


def calls(held: Coverage) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every method to call, and with what."""
    for code, script in LANGUAGES:
        there = {"language_code": code or None}
        for scope, names in SCOPES.items():
            commands = [
                {"command": name, "description": tell(labels.MENU_COMMANDS[name], script)}
                for name in names
            ]
            yield "setMyCommands", {"commands": commands, "scope": {"type": scope}, **there}
        told = {"works": held.works, "first": held.first, "last": held.last}
        about = say(phrases.ABOUT_BOT, script, **told)
        yield "setMyDescription", {"description": about, **there}
        short = tell(phrases.ABOUT_BOT_SHORT, script)
        yield "setMyShortDescription", {"short_description": short, **there}


async def put(api: Api, held: Coverage) -> None:
    """Set them all, one after the other; what fails is left as it was."""
    for method, values in calls(held):
        try:
            try:
                await api.call(method, **values)
            except RetryAfter as error:
                await asyncio.sleep(seconds(error))
                await api.call(method, **values)
        except Exception as error:
            log.warning("menus", method=method, **fault(error))
