"""`mlinfra serve` as it is started by anybody, told to take a Slack of ours for Slack."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from slack_server import SlackServer

ROOT = Path(__file__).parents[2]


class Served:
    """The program, running."""

    def __init__(self, running: asyncio.subprocess.Process, log: Path) -> None:
        self.running = running
        self._log = log

    @property
    def log(self) -> str:
        """What it has logged."""
        return self._log.read_text(encoding="utf-8")

    async def ended(self, seconds: float = 15.0) -> int:
        """Wait for its end; the exit code."""
        return await asyncio.wait_for(self.running.wait(), seconds)

    async def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it; the exit code."""
        if self.running.returncode is None:
            self.running.send_signal(how)
        return await self.ended()


def environ(slack: SlackServer, folder: Path, **more: str) -> Mapping[str, str]:
    """What the program is told: a workspace by its token, Socket Mode."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("SLACK_")}
    told = {
        "SLACK_API_BASE_URL": slack.base_url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "MLINFRA_DATA_DIR": str(folder / "data"),
        "MLINFRA_CACHE_DIR": str(folder / "cache"),
        "ASK_PER_MINUTE": "10000",
        "LOG_FORMAT": "json",
        **more,
    }
    return {**plain, **{name: value for name, value in told.items() if value}}


async def start(slack: SlackServer, folder: Path, *, wait: bool = True, **more: str) -> Served:
    """Start the program; wait until it hears."""
    log = folder / "log"
    before = len(slack.sockets.connections)
    with log.open("ab") as output:
        running = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "serve",
            cwd=ROOT,
            env=environ(slack, folder, **more),
            stdout=output,
            stderr=output,
        )
    served = Served(running, log)
    if wait and more.get("SLACK_APP_TOKEN", "x"):
        await slack.until(lambda: len(slack.sockets.connections) >= before + 2, 30)
    return served


@asynccontextmanager
async def serving(slack: SlackServer, folder: Path, **more: str) -> AsyncIterator[Served]:
    """The program, until the block ends."""
    served = await start(slack, folder, **more)
    try:
        yield served
    finally:
        if served.running.returncode is None:
            served.running.kill()
            await served.running.wait()
