"""`python -m bench.slack`: a mention's time in Slack, beside a bare slack_bolt app that echoes.

Both are programs of their own, on Socket Mode, in turns, beside the server of the tests that speaks
as Slack does. All at once: the wall time from the first mention to the last answer, by mention, and
the processor time of the program. One by one: the time from a mention until its answer reaches
Slack; how long Slack then looks at its blocks is not the bot's.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from slack_server import SlackServer  # noqa: E402

from bench.bots import parts, questions, told, worked  # noqa: E402
from bot.platforms.slack.render import drawn  # noqa: E402

MOST = 1.3  # times the peer's time: more is a fault
ECHO = """
import asyncio, os
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

async def main():
    client = AsyncWebClient(os.environ["TOKEN"], base_url=os.environ["API"])
    app = AsyncApp(client=client)

    @app.event("app_mention")
    async def mentioned(event, say):
        await say(text=event["text"], thread_ts=event["ts"])

    @app.event("message")
    async def message():
        pass

    await AsyncSocketModeHandler(app, os.environ["APP_TOKEN"], web_client=client).start_async()

asyncio.run(main())
"""
WARM = 60  # questions before the clock starts
PEER = "slack_bolt, echo"
NEW = "mlinfra, each new"
# How many people ask each question: none was asked before, or they go round.
PROGRAMS = {PEER: 1, "mlinfra, asked by 10": 10, NEW: 1}
TOGETHER = 10  # mentions that are taken in at once, about
Times = tuple[float, float, float]  # by mention: all at once, of the processor, one by one


@asynccontextmanager
async def running(name: str, slack: SlackServer, folder: Path) -> AsyncIterator[int]:
    """A program on the server, until the block ends; its process id."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith("SLACK_")}
    ours: Mapping[str, str] = {
        "SLACK_API_BASE_URL": slack.base_url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "MLINFRA_DATA_DIR": str(folder),
        "MLINFRA_CACHE_DIR": str(folder),
        "ASK_PER_MINUTE": "100000",
    }
    theirs = {"API": slack.base_url, "TOKEN": slack.bot_token, "APP_TOKEN": slack.app_token}
    product = name != PEER
    line = ("-m", "bot", "serve") if product else ("-W", "ignore", "-c", ECHO)
    lines = 2 if product else 1
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        *line,
        cwd=ROOT,
        env={**plain, **(ours if product else theirs)},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await slack.sockets.connected(lines, 30)
        yield child.pid
    finally:
        child.kill()
        await child.wait()


async def measured(name: str, count: int) -> Times:
    """A program's times on a fresh server."""
    async with SlackServer.running() as slack:
        people = [slack.add_user(f"u{number}") for number in range(20)]
        rooms = [slack.add_channel(f"c{number}", *people) for number in range(10)]

        asked = questions()[: (100 + count) // PROGRAMS[name]]

        def ask(number: int) -> Any:  # nobody asks the same twice
            at = number if PROGRAMS[name] == 1 else number % 20 + number // 20
            text = f"@mlinfra {asked[at % len(asked)]}"
            return slack.say(people[number % 20], rooms[number % 10], text)

        async def answered(sent: Any) -> None:
            while not slack.replies(sent):
                await asyncio.sleep(0.001)

        with tempfile.TemporaryDirectory() as folder:
            async with running(name, slack, Path(folder)) as child:
                for number in range(WARM):
                    await answered(ask(number))
                alone = []
                for number in range(WARM, WARM + 40):
                    begun = time.monotonic()
                    await answered(ask(number))
                    posts = [call for call in slack.calls if call.method == "chat.postMessage"]
                    alone.append(posts[-1].at - begun)
                used, begun = worked(child), time.perf_counter()
                sent = [ask(number) for number in range(100, 100 + count)]
                for one in sent:
                    await answered(one)
                wall = (time.perf_counter() - begun) / count
                await asyncio.sleep(0.5)  # what it does after the answer is its time too
                return wall, (worked(child) - used) / count, median(alone)


def table(found: Mapping[str, list[Times]], shares: Mapping[str, float]) -> str:
    """The medians side by side, and how many times the peer's they are."""
    lines = [f"{'a mention':24}{'all at once':>17}{'processor':>17}{'one by one':>17}"]
    rows = {
        name: [median(part) for part in zip(*times, strict=True)] for name, times in found.items()
    }
    for name, row in rows.items():
        cells = zip(row, rows[PEER], strict=True)
        shown = (f"{1e3 * mine:9.2f} ms {mine / theirs:4.2f}x" for mine, theirs in cells)
        lines.append(f"{name:24}{''.join(shown)}")
    return "\n".join([*lines, "", told(MOST, shares, 1e3 * rows[NEW][0])])


async def compared(runs: int, count: int) -> str:
    """All in turns."""
    found: dict[str, list[Times]] = {name: [] for name in PROGRAMS}
    for _ in range(runs):
        for name, times in found.items():
            times.append(await measured(name, count))
    with tempfile.TemporaryDirectory() as folder:
        return table(found, await parts(Path(folder), drawn, TOGETHER))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser("python -m bench.slack", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="the median of so many")
    parser.add_argument("--count", type=int, default=300, help="mentions at once")
    options = parser.parse_args()
    print(asyncio.run(compared(options.runs, options.count)), flush=True)


if __name__ == "__main__":
    main()
