"""The test server's webhooks: secret, retries, order, and the way back to polling."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from botapi_server import BotApi
from botapi_testing import scenario
from botapi_webhook import SECRET_HEADER
from telegram import Bot
from telegram.error import BadRequest, Conflict


class Site:
    """A place for a webhook: keeps what comes, answers with the statuses it is told."""

    def __init__(self) -> None:
        self.got: list[tuple[str | None, dict[str, Any]]] = []
        self.statuses: list[int] = []
        self.body: dict[str, Any] | None = None
        self.url = ""

    async def take(self, request: web.BaseRequest) -> web.Response:
        self.got.append((request.headers.get(SECRET_HEADER), await request.json()))
        status = self.statuses.pop(0) if self.statuses else 200
        return (
            web.json_response(self.body, status=status)
            if self.body
            else web.Response(status=status)
        )


@asynccontextmanager
async def site() -> AsyncIterator[Site]:
    place = Site()
    runner = web.ServerRunner(web.Server(place.take), shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    place.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield place
    finally:
        await runner.cleanup()


@scenario
async def test_updates_are_posted_with_the_secret(server: BotApi, bot: Bot) -> None:
    async with site() as place:
        await bot.set_webhook(place.url, secret_token="s-1_A", max_connections=3)
        server.private().say("hello")
        await server.until(lambda: place.got and not server.pending)
        secret, update = place.got[0]
        assert (secret, update["message"]["text"]) == ("s-1_A", "hello")
        shown = await bot.get_webhook_info()
        assert (shown.url, shown.max_connections) == (place.url, 3)
        assert (shown.pending_update_count, shown.last_error_message) == (0, None)


@scenario
async def test_what_is_not_taken_comes_again(server: BotApi, bot: Bot) -> None:
    """Until 2xx; the next of the same chat waits, another chat's does not."""
    async with site() as place:
        place.statuses = [500, 403]
        await bot.set_webhook(place.url)
        chat = server.private()
        chat.say("one")
        chat.say("two")
        await server.until(lambda: not server.pending)
        texts = [update["message"]["text"] for _, update in place.got]
        assert texts == ["one", "one", "one", "two"]
        assert [status for _, status in server.webhook.posts] == [500, 403, 200, 200]
        shown = await bot.get_webhook_info()
        assert shown.last_error_message == "Wrong response from the webhook: 403"


@scenario
async def test_a_dead_site_keeps_updates_waiting(server: BotApi, bot: Bot) -> None:
    async with site() as place:
        await bot.set_webhook(place.url)
    server.private().say("hello")
    await server.until(lambda: server.webhook.posts)
    shown = await bot.get_webhook_info()
    assert shown.pending_update_count == 1
    assert shown.last_error_message.startswith("Connection failed")
    await bot.delete_webhook()
    assert [update.message.text for update in await bot.get_updates()] == ["hello"]


@scenario
async def test_polling_beside_a_webhook_is_a_conflict(server: BotApi, bot: Bot) -> None:
    async with site() as place:
        await bot.set_webhook(place.url, allowed_updates=["message"])
        with pytest.raises(Conflict, match="while webhook is active"):
            await bot.get_updates()
        assert (await bot.get_webhook_info()).allowed_updates == ("message",)
        server.webhook.retry_seconds = 60
        place.statuses = [500]
        server.private().say("dropped")
        await server.until(lambda: place.got)
        await bot.delete_webhook(drop_pending_updates=True)
        assert (await bot.get_webhook_info()).url == ""
        assert await bot.get_updates() == ()


@scenario
async def test_a_webhook_may_answer_with_a_call(server: BotApi, bot: Bot) -> None:
    async with site() as place:
        chat = server.private()
        place.body = {"method": "sendMessage", "chat_id": chat.id, "text": "at once"}
        await bot.set_webhook(place.url)
        chat.say("hello")
        await server.until(lambda: chat.texts == ["at once"])


@scenario
async def test_a_public_address_leads_to_this_machine(server: BotApi, bot: Bot) -> None:
    """As through a reverse proxy; without one the server calls no other machine."""
    async with site() as place:
        await bot.set_webhook("https://bot.example.org/hook?x=1")
        server.private().say("hello")
        await server.until(lambda: server.webhook.error)
        assert server.webhook.error.endswith("calls no other machine")
        server.webhook.through = place.url.removesuffix("/hook")
        await server.until(lambda: not server.pending)
        assert len(place.got) == 1


@scenario
async def test_a_webhook_ends_a_poll_under_way(server: BotApi, bot: Bot) -> None:
    asked = asyncio.create_task(bot.get_updates(timeout=5))
    await server.until(lambda: server.counts["getUpdates"])
    await bot.set_webhook("https://bot.example.org/hook")
    with pytest.raises(Conflict, match=r"(?i)terminated by setWebhook request"):
        await asked


@scenario
async def test_what_makes_no_webhook_is_refused(server: BotApi, bot: Bot) -> None:
    """A secret has letters, digits, _ and -; plain http is for a self-hosted server only."""
    with pytest.raises(BadRequest, match="unallowed characters"):
        await bot.set_webhook("https://example.org/", secret_token="a b")
    with pytest.raises(BadRequest, match="too long"):
        await bot.set_webhook("https://example.org/", secret_token="a" * 257)
    server.webhook.plain_http = False
    with pytest.raises(BadRequest, match="https url must be provided"):
        await bot.set_webhook("http://example.org/")
