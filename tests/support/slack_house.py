"""The service with Slack, in the test's own process, beside a server that speaks as Slack does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from aiohttp import web
from slack_server import SlackServer

from bot import migrations
from bot.inbox import Inbox
from bot.limits import Limits
from bot.platforms.slack.adapter import EVENTS, Slack
from bot.platforms.slack.installations import Many
from bot.platforms.slack.workspaces import One
from bot.service import Service
from bot.settings import Slack as Set
from corpus.database import Database

PUBLIC = "https://bot.example.org"


class House:
    """A Slack server, our platform on it, and what people said last."""

    def __init__(self, slack: SlackServer, platform: Slack, service: Service) -> None:
        self.slack = slack
        self.platform = platform
        self.service = service
        self.database = None
        self.door = ""  # the address of our surface, where it listens

    async def answer(self, sent, count: int = 1):
        """The reply in the thread of a message, or after it where there are no threads."""
        if sent.channel.kind == "im" and not sent.thread_ts:
            found = await self.slack.until(lambda: self._after(sent))
        else:
            found = await self.slack.until(
                lambda: len(self.slack.replies(sent)) >= count and self.slack.replies(sent)
            )
        return found[count - 1]

    async def nothing(self, sent, seconds: float = 0.4) -> bool:
        """Whether a message gets no reply."""
        await self.slack.settled()
        await asyncio.sleep(seconds / 4)
        await self.service.settle()
        return not self.slack.replies(sent) and not self._after(sent)

    def _after(self, sent):
        bot = self.slack.bot
        return [m for m in self.slack.messages(sent.channel, by=bot) if m.ts > sent.ts]


@asynccontextmanager
async def housed(
    current, folder: Path, *, http: bool = False, per_minute: int = 10_000, **more
) -> AsyncIterator[House]:
    """The house, until the block ends."""
    async with SlackServer.running() as slack:
        many = more.get("many", False)
        settings = Set(
            bot_token=None if many else slack.bot_token,
            app_token=None if http else slack.app_token,
            signing_secret=slack.signing_secret,
            client_id=slack.client_id if many else None,
            client_secret=slack.client_secret if many else None,
            token_key=more.get("key"),
            api=slack.base_url,
        )
        database = Database(more.get("url") or f"sqlite:///{folder / 'slack.db'}")
        workspaces = Many(settings, database, PUBLIC) if many else One(slack.bot_token)
        told = more.get("told", [])  # what the operator hears of the platform itself
        platform = Slack(settings, workspaces, tell=_teller(told), finds=current.finds)
        migrations.upgrade(database.engine)
        inbox = Inbox(database, timedelta(days=more.get("days", 7)), timedelta(hours=24))
        await inbox.open(["slack"], alone=True)
        service = Service(
            inbox,
            current,
            {"slack": platform},
            Limits(per_minute),
            more.get("operator"),
            curators=more.get("curators", frozenset()),
        )
        running = [
            asyncio.create_task(platform.run(service.take)),
            asyncio.create_task(service.run()),
        ]
        runner = await _listen(slack, platform) if http else None
        if not http:
            await slack.sockets.connected(2)
        await slack.until(lambda: platform.ready)
        try:
            house = House(slack, platform, service)
            house.database = database
            if runner is not None:
                house.door = f"http://127.0.0.1:{runner.addresses[0][1]}"
            yield house
        finally:
            await platform.stop()
            await service.drain(5)
            await platform.close()
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            if runner is not None:
                await runner.cleanup()
            await database.close()


def _teller(told: list[str]):
    async def tell(sentence: str, _: str) -> None:
        told.append(sentence)

    return tell


async def _listen(slack: SlackServer, platform: Slack) -> web.AppRunner:
    door = web.Application()
    door.add_routes(platform.routes())
    runner = web.AppRunner(door, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.deliver_to(f"http://127.0.0.1:{runner.addresses[0][1]}{EVENTS}")
    return runner
