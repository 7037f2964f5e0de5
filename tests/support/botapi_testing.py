"""Tests that run in a loop with a server, without a plugin of pytest."""

from __future__ import annotations

import asyncio
import functools
import inspect
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

# RetryAfter.retry_after is a timedelta only if the SDK is told so; else reading it warns.
os.environ.setdefault("PTB_TIMEDELTA", "true")

from botapi_server import BotApi
from telegram import Bot, Update
from telegram.ext import Updater

Scenario = Callable[..., Awaitable[None]]


def scenario(test: Scenario) -> Callable[..., None]:
    """Run `async def test(server, bot, …)` with a fresh server and the SDK's Bot for it."""

    @functools.wraps(test)
    def run(**fixtures: Any) -> None:
        asyncio.run(_with_server(functools.partial(test, **fixtures)))

    rest = list(inspect.signature(test).parameters.values())[2:]
    run.__signature__ = inspect.Signature(rest)  # type: ignore[attr-defined]  # pytest reads it
    return run


async def _with_server(test: Scenario) -> None:
    async with BotApi() as server, Bot(server.token, base_url=server.base_url) as bot:
        await test(server, bot)


@asynccontextmanager
async def polling(bot: Bot, **how: Any) -> AsyncIterator[asyncio.Queue[Any]]:
    """The SDK's own Updater at work; what it fetched."""
    queue: asyncio.Queue[Any] = asyncio.Queue()
    updater = Updater(bot, queue)
    await updater.initialize()
    await updater.start_polling(**{"poll_interval": 0.0, "timeout": 2, **how})
    try:
        yield queue
    finally:
        await updater.stop()
        await updater.shutdown()


async def news(bot: Bot) -> list[Update]:
    """What has come since the last look."""
    updates = await bot.get_updates(limit=100)
    if updates:
        await bot.get_updates(offset=updates[-1].update_id + 1)
    return list(updates)
