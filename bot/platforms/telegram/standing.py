"""Who runs a chat, by Telegram's word; asked again after a moment, for it may change.

A "no" is not kept: who was made an admin just now wants to go on at once.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from bot.logs import log
from bot.model import Channel
from bot.platforms.telegram.api import Api, TelegramError

SECONDS = 30.0  # that an answer is good for
MOST = 1000


class Standings:
    """Remembers for a moment who is an admin."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._known: dict[tuple[int, int], float] = {}  # admins, and when we heard so

    async def is_admin(self, chat: int, person: int) -> bool:
        """Whether somebody runs a chat. An admin who hides behind the group speaks as the group."""
        if person == chat or chat > 0:
            return True
        if person <= 0:  # a channel
            return False
        now = time.monotonic()
        if now - self._known.get((chat, person), -SECONDS) < SECONDS:
            return True
        try:
            member = await self._api.call("getChatMember", chat_id=chat, user_id=person)
        except TelegramError as error:
            log.warning("standing", error=type(error).__name__)
            return False
        found = member.get("status") in ("creator", "administrator")
        if len(self._known) > MOST:
            self._known.clear()
        if found:
            self._known[chat, person] = now
        return found

    async def find(self, name: str) -> Channel | None:
        """A group or channel by its id or @name; None where the bot may not post."""
        if not (name.startswith("@") or name.partition(":")[0].startswith("-")):
            return None  # somebody's own chat is theirs alone
        chat, _, topic = name.partition(":")
        try:
            found = await self._api.call("getChat", chat_id=chat)
            me = int(self._api.token.partition(":")[0])
            ours = await self._api.call("getChatMember", chat_id=found["id"], user_id=me)
        except TelegramError as error:
            log.info("finding", error=type(error).__name__)
            return None
        if found.get("type") == "private" or not _may_post(found, ours):
            return None
        within = f"telegram:{found['id']}"
        return Channel(f"{within}:{topic}", True, within) if topic else Channel(within, True)


def _may_post(chat: Mapping[str, Any], member: Mapping[str, Any]) -> bool:
    """Whether the bot may write in a chat: in a channel only as an admin with that right."""
    status = member.get("status")
    if chat.get("type") == "channel":
        return status == "administrator" and bool(member.get("can_post_messages", True))
    return status in ("member", "administrator", "restricted")
