"""Who runs a chat, by Telegram's word; asked again after a moment, for it may change.

A "no" is not kept: who was made an admin just now wants to go on at once.
"""

from __future__ import annotations

import time

from bot.logs import log
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
