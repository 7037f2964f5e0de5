"""Updates by a webhook: what Telegram posts is written down before it is told that we have it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import urlsplit

from aiohttp import web

from bot.logs import fault, log
from bot.platforms.telegram.api import Api, InvalidToken, TelegramError, told_of
from bot.platforms.telegram.intake import KINDS
from bot.platforms.telegram.said import Json

HEADER = "X-Telegram-Bot-Api-Secret-Token"
LOOK = 60.0  # seconds between looks at whether the webhook is still ours
FIRST, LONGEST = 0.5, 15.0
# No JSON, no update, or no gzip though it says so.
MALFORMED = (
    *(ValueError, KeyError, TypeError, OverflowError, RecursionError),
    web.RequestPayloadError,
)


class Webhook:
    """An address that Telegram posts updates to, from `run` to `stop`."""

    def __init__(
        self,
        api: Api,
        url: str,
        secret: str,
        take: Callable[[Sequence[Json]], Awaitable[None]],
    ) -> None:
        self._api = api
        self._url = url
        self._secret = secret
        self._take = take
        self._open = False
        self.ready = False

    def route(self) -> web.RouteDef:
        """The address' path on our HTTP surface."""
        return web.post(urlsplit(self._url).path or "/", self._posted)

    async def run(self) -> None:
        """Set the webhook, and set it again where somebody took it away; for ever."""
        self._open, wait = True, FIRST
        while True:
            try:
                if await self._is_away():
                    await self._set()
                self.ready, wait = True, FIRST
                await asyncio.sleep(LOOK)
            except TelegramError as error:
                if isinstance(error, InvalidToken):
                    self.ready = False
                    await self._api.check()
                log.warning("webhook", **told_of(error), again_in=wait)
                await asyncio.sleep(wait)
                wait = min(2 * wait, LONGEST)

    def stop(self) -> None:
        """Take nothing more: Telegram keeps it, and posts it again."""
        self._open = self.ready = False

    async def _is_away(self) -> bool:
        if not self.ready:
            return True
        told = await self._api.call("getWebhookInfo")
        if told.get("last_error_message"):
            log.warning("webhook", waiting=told.get("pending_update_count"))
        return bool(told.get("url") != self._url)

    async def _set(self) -> None:
        await self._api.call(
            "setWebhook",
            url=self._url,
            secret_token=self._secret,
            allowed_updates=list(KINDS),
            drop_pending_updates=False,
        )

    async def _posted(self, request: web.Request) -> web.Response:
        given = request.headers.get(HEADER, "")
        if not hmac.compare_digest(given.encode(errors="replace"), self._secret.encode()):
            return web.Response(status=401)
        if not self._open:
            return web.Response(status=503)
        try:
            update = json.loads(await request.read())
            int(update["update_id"])
        except MALFORMED:
            return web.Response(status=400)
        try:
            await asyncio.shield(self._take([update]))
        except Exception as error:
            log.error("webhook", **fault(error))
            return web.Response(status=500)
        return web.Response()


def secret_of(token: str) -> str:
    """A secret that every replica derives alike from the bot's token."""
    return hmac.new(token.encode(), b"telegram webhook", hashlib.sha256).hexdigest()
