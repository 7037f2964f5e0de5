"""Run a test against the Slack server; run a bolt app on it, by Socket Mode or by HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_server import SlackServer


def served(test: Callable[[SlackServer], Awaitable[None]]) -> Callable[[], None]:
    """Make a test of a coroutine that takes a running server."""

    async def run() -> None:
        async with SlackServer.running() as slack:
            await test(slack)

    def plain() -> None:
        asyncio.run(run())

    plain.__name__, plain.__doc__ = test.__name__, test.__doc__
    return plain


def client(slack: SlackServer, token: str = "") -> AsyncWebClient:
    """The SDK's client, with our bot's token."""
    return AsyncWebClient(token=token or slack.bot_token, base_url=slack.base_url)


def bolt(slack: SlackServer) -> AsyncApp:
    """A bolt app that knows the server."""
    return AsyncApp(client=client(slack), signing_secret=slack.signing_secret)


@asynccontextmanager
async def socket(slack: SlackServer, app: AsyncApp) -> AsyncIterator[AsyncSocketModeHandler]:
    """The app, connected by Socket Mode."""
    line = AsyncSocketModeHandler(app, slack.app_token, web_client=app.client, ping_interval=1)
    await line.connect_async()  # type: ignore[no-untyped-call]
    await slack.sockets.connected()
    try:
        yield line
    finally:
        await line.close_async()  # type: ignore[no-untyped-call]


@asynccontextmanager
async def http(slack: SlackServer, app: AsyncApp) -> AsyncIterator[str]:
    """The app, behind an address of its own to which the server posts events."""
    door = app.web_app(path="/slack/events")
    runner = web.AppRunner(door, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    slack.deliver_to(address)
    try:
        yield address
    finally:
        await runner.cleanup()


async def refused(call: Awaitable[Any]) -> Any:
    """The answer to a call that Slack refuses."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response


async def error(call: Awaitable[Any]) -> str:
    """The error of a call that Slack refuses."""
    return str((await refused(call))["error"])


def section(text: str, **more: Any) -> dict[str, Any]:
    """A section block."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def echo(slack: SlackServer) -> AsyncApp:
    """An app that answers each mention in its thread."""
    app = bolt(slack)

    @app.event("app_mention")
    async def mentioned(event: dict[str, str], say: Any) -> None:
        await say(text=f"you said {event['text']}", thread_ts=event.get("thread_ts", event["ts"]))

    @app.event("message")
    async def message() -> None:
        pass

    return app


def button(words: str, name: str, **more: Any) -> dict[str, Any]:
    """A button with a value."""
    text = {"type": "plain_text", "text": words}
    return {"type": "button", "text": text, "action_id": name, "value": name, **more}


def actions(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    """Blocks with these to press."""
    return [{"type": "actions", "elements": list(elements)}]
