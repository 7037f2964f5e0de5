"""The bot on the test server: in this process for transcripts, as a process of its own for the end
of one.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Set
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from botapi_server import BotApi

from bot import migrations
from bot.current import InForce
from bot.inbox import Inbox
from bot.limits import Limits
from bot.platforms.telegram.adapter import Telegram
from bot.platforms.telegram.receiving import Chosen
from bot.service import Service
from bot.settings import Telegram as Settings
from bot.store import settings as stored
from corpus.database import Database


class Trial:
    """A server, and the bot at work on it."""

    def __init__(self, server: BotApi, telegram: Telegram, service: Service) -> None:
        self.server, self.telegram, self.service = server, telegram, service
        self.database: Database | None = None


@asynccontextmanager
async def trial(
    current: InForce,
    folder: Path,
    server: BotApi | None = None,
    days: int = 7,
    curators: Set[str] = frozenset(),
    chosen: Chosen | None = None,
    **settings: Any,
) -> AsyncIterator[Trial]:
    """The bot at work in this process, from its start to its end."""
    async with BotApi() if server is None else _as_it_is(server) as api:
        database = Database(f"sqlite:///{folder / 'trial.db'}")
        migrations.upgrade(database.engine)

        async def kept(person: str) -> str:
            return await database.read(lambda connection: stored.language(connection, person))

        own = Settings(api.token, api.url, **settings)
        telegram = Telegram(own, current, {}, (), chosen or kept)
        inbox = Inbox(database, timedelta(days=days), timedelta(hours=24))
        await inbox.open(["telegram"], alone=True)
        service = Service(inbox, current, {"telegram": telegram}, Limits(10_000), curators=curators)
        running = [asyncio.create_task(telegram.run(service.take))]
        running.append(asyncio.create_task(service.run()))
        await api.until(lambda: telegram.ready)
        try:
            found = Trial(api, telegram, service)
            found.database = database
            yield found
        finally:
            await telegram.stop()
            await asyncio.wait(running[:1], timeout=1)
            await service.drain(7)
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            await telegram.close()
            await database.close()


@asynccontextmanager
async def _as_it_is(server: BotApi) -> AsyncIterator[BotApi]:
    yield server


class Serving:
    """`mlinfra serve` as a process, and what it writes."""

    def __init__(self, server: BotApi, folder: Path, environ: Mapping[str, str]) -> None:
        self.log = folder / f"serve-{time.monotonic_ns()}.log"
        own = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "MLINFRA_DATA_DIR": str(folder / "data"),
            "MLINFRA_CACHE_DIR": str(folder / "cache"),
            "TELEGRAM_BOT_TOKEN": server.token,
            "TELEGRAM_API_BASE_URL": server.url,
            "ASK_PER_MINUTE": "100000",
        }
        with self.log.open("wb") as output:
            self.child = subprocess.Popen(
                [sys.executable, "-m", "bot", "serve"],
                env={**own, **environ},
                stdout=output,
                stderr=output,
            )

    @property
    def said(self) -> str:
        """Everything it has written."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def stop(self, how: signal.Signals = signal.SIGTERM, seconds: float = 15) -> int:
        """End it; its exit code."""
        self.child.send_signal(how)
        return self.child.wait(seconds)


@contextmanager
def serving(server: BotApi, folder: Path, **environ: str) -> Iterator[Serving]:
    """A process at work: ready when it asks for updates, or its webhook is set."""
    process = Serving(server, folder, environ)
    before = server.counts["getUpdates"] + server.counts["setWebhook"]
    try:
        server.wait(
            lambda: (
                server.counts["getUpdates"] + server.counts["setWebhook"] > before
                or process.child.poll() is not None
            ),
            30,
        )
        yield process
    finally:
        if process.child.poll() is None:
            process.stop(signal.SIGKILL)
