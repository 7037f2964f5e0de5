"""Updates by asking for them. A batch is written down before Telegram may forget it: the next call
is what confirms the last.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

from bot.logs import fault, log
from bot.platforms.telegram.api import (
    LONG,
    Api,
    Conflict,
    InvalidToken,
    RetryAfter,
    TelegramError,
    seconds,
    told_of,
)
from bot.platforms.telegram.intake import KINDS
from bot.platforms.telegram.said import Json

FIRST, LONGEST = 0.5, 15.0  # seconds before the next try where one failed
BRIEF = 0.05
MARGIN = 5.0  # seconds beyond those that Telegram holds a call open


class Polling:
    """Fetches updates until it is cancelled. `ready`: whether they come in."""

    def __init__(self, api: Api, take: Callable[[Sequence[Json]], Awaitable[None]]) -> None:
        self._api = api
        self._take = take
        self.ready = False

    async def run(self) -> None:
        """Fetch and take, for ever. InvalidToken where the token is not taken any more."""
        offset, wait = None, FIRST
        while True:
            try:
                begun = time.monotonic()
                updates = await self._fetch(offset)
                if not updates and time.monotonic() - begun < BRIEF:
                    await asyncio.sleep(BRIEF)  # a server that does not hold the call open
                if updates:
                    await self._taken(updates)
                    offset = max(int(update["update_id"]) for update in updates) + 1
                self.ready, wait = True, FIRST
            except Exception as error:  # whatever it is, the next try may go well
                self.ready = False
                if isinstance(error, InvalidToken):
                    await self._api.check()
                await self._failed(error, wait)
                wait = min(2 * wait, LONGEST)

    async def _fetch(self, offset: int | None) -> Sequence[Json]:
        found = await self._api.call(
            "getUpdates",
            read_timeout=LONG + MARGIN,
            offset=offset,
            timeout=LONG if self.ready else 0,  # to know at once that updates come in
            allowed_updates=list(KINDS),
        )
        return [one for one in found if isinstance(one, dict) and type(one.get("update_id")) is int]

    async def _taken(self, updates: Sequence[Json]) -> None:
        """Write a batch down; once begun, even where we are told to stop meanwhile."""
        taking = asyncio.ensure_future(self._take(updates))
        try:
            await asyncio.shield(taking)
        except asyncio.CancelledError:
            await asyncio.wait([taking])
            raise

    async def _failed(self, error: Exception, wait: float) -> None:
        """Say why nothing comes in, and wait."""
        if isinstance(error, RetryAfter):
            wait = max(wait, seconds(error))
        told = told_of(error) if isinstance(error, TelegramError) else fault(error)
        log.warning("polling", **{"error": type(error).__name__, **told}, again_in=wait)
        if isinstance(error, Conflict) and "webhook" in str(error).lower():
            try:  # set by somebody while we were polling; a second bot is another matter
                await self._api.call("deleteWebhook")
            except TelegramError as second:
                log.warning("polling", error=type(second).__name__)
        await asyncio.sleep(wait)
