"""The Bot API as this platform calls it: the SDK's client, its answers left as Telegram sent them.

The SDK would make objects of every update and message: half a millisecond each, and one update that
it cannot read loses the batch that it came in.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

# Else the SDK warns of its own default whenever it tells how long to wait.
os.environ.setdefault("PTB_TIMEDELTA", "true")

import aiohttp
import httpx
from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import BaseRequest

from bot import proxies
from bot.platforms.telegram.request import AiohttpRequest, HttpxRequest, UnsentError

__all__ = [
    "Api",
    "BadRequest",
    "ChatMigrated",
    "Conflict",
    "Forbidden",
    "InvalidToken",
    "NetworkError",
    "RetryAfter",
    "TelegramError",
    "TimedOut",
    "seconds",
    "told_of",
    "was_lost",
]

LONG = 10  # seconds that Telegram holds getUpdates open
PATIENT = 20.0  # seconds for the answer to any other call
ABREAST = 64  # calls at the same time
_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class ForeignError(NetworkError):
    """An answer that is not the Bot API's: a page of something in between, which knows no chat and
    no token.
    """


class Api(Bot):
    """Calls of the Bot API. Errors are the SDK's."""

    def __init__(self, token: str, root: str, environ: Mapping[str, str]) -> None:
        proxy, context = proxies.proxy_for(root, environ), proxies.ssl_context(environ)
        super().__init__(
            token,
            base_url=f"{root}/bot",
            base_file_url=f"{root}/file/bot",
            request=_client(ABREAST, proxy, context),
            get_updates_request=_client(1, proxy, context),
        )

    async def call(self, method: str, read_timeout: float = PATIENT, **values: Any) -> Any:
        """The result of a method; values that are None are left out."""
        given = {name: value for name, value in values.items() if value is not None}
        try:
            return await self._do_post(method, given, read_timeout=read_timeout)
        except (BadRequest, Conflict, Forbidden, InvalidToken) as error:
            if error.__cause__ is None:
                raise
            raise ForeignError("not the Bot API") from None  # its body could not be read
        except (TelegramError, KeyError) as error:
            if isinstance(error, KeyError) or type(error) is TelegramError:  # the same, with a 200
                raise ForeignError("not the Bot API") from None
            raise

    async def check(self) -> None:
        """InvalidToken where it is the token: a method that a server lacks looks the same."""
        try:
            await self.call("getMe")
        except InvalidToken:
            raise
        except TelegramError:
            return

    async def open(self) -> None:
        """Take up connections; nothing is called yet."""
        for request in self._request:
            await request.initialize()
        self._requests_initialized = True

    async def close_connections(self) -> None:
        """Let go of the connections."""
        for request in self._request:
            await request.shutdown()


def seconds(error: RetryAfter) -> float:
    """How long Telegram says to wait."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def told_of(error: TelegramError) -> dict[str, str]:
    """An error for the log, with what Telegram says where only the operator can mend it, or why it
    was not reached.
    """
    cause = type(error.__cause__).__name__ if error.__cause__ else ""
    said = str(error)[:120] if isinstance(error, BadRequest | Conflict) else cause
    return {"error": type(error).__name__, **({"reason": said} if said else {})}


def was_lost(error: TelegramError) -> bool:
    """Whether a call may have had its effect, though no answer came."""
    cause = error.__cause__
    if isinstance(error, UnsentError) or isinstance(cause, _UNSENT):
        return False
    return isinstance(cause, httpx.HTTPError | aiohttp.ClientError | TimeoutError)


def _client(connections: int, proxy: str | None, context: ssl.SSLContext) -> BaseRequest:
    """A way to call: by httpx where the proxy speaks SOCKS, which aiohttp does not."""
    if proxy is None or not proxy.startswith("socks"):
        return AiohttpRequest(connections, PATIENT, proxy, context)
    return HttpxRequest(
        connections,
        read_timeout=PATIENT,
        pool_timeout=PATIENT,
        proxy=proxy,
        httpx_kwargs={"verify": context, "trust_env": False},
    )
