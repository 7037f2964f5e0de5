"""`python -m bench.telegram`: what a message costs on Telegram, beside a bare echo bot on the same
library as the floor. Each bot is a process of its own, against the tests' Bot API server in this
one; they take turns, and the median of the runs counts. The product twice: with questions that
nobody asked before, and with such as go round, each asked by ten people.

A burst: how long a message takes where many wait, and how long the bot works on it. A stream: how
long an asker waits, from the update to sendMessage. Then how much of it is the inbox's and how much
the answer's, measured alone.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))

from botapi_server import BotApi  # noqa: E402  # after the path to it

from bench.bots import parts, questions, told, worked  # noqa: E402
from bot.platforms.telegram.render import render  # noqa: E402

CHATS = 50
BURST = 500  # messages
TOGETHER = 100  # as many as Telegram gives at once
STREAM, PACE = 300, 0.02  # messages, seconds between two of them
RUNS = 5
TARGET = 1.3
ECHO, GOING_ROUND, NEW = "echo bot", "mlinfra, asked by 10", "mlinfra, each new"
EACH = 10  # people who ask the same, where a question goes round
Figures = dict[str, float]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser("python -m bench.telegram", description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    runs = parser.parse_args().runs
    bots = {ECHO: (echo, 1), GOING_ROUND: (product, EACH), NEW: (product, 1)}
    found: dict[str, list[Figures]] = {name: [] for name in bots}
    with tempfile.TemporaryDirectory() as folder:
        for run in range(runs):
            for name, (start, each) in bots.items():
                found[name].append(measured(start, Path(folder) / f"{run} {name}", each))
        print("\n".join(table(found, asyncio.run(parts(Path(folder), render, TOGETHER)))))


def table(found: dict[str, list[Figures]], shares: Figures) -> list[str]:
    """The medians, and what they are as multiples of the echo bot's."""
    lines = [f"{len(found[ECHO])} runs in turns, median; x: multiples of the echo bot's", ""]
    lines.append(f"{'':26}{'a message':>17}{'its work':>17}{'p50':>17}{'p99':>18}")
    middle = {
        name: {key: median(run[key] for run in runs) for key in runs[0]}
        for name, runs in found.items()
    }
    for name, row in middle.items():
        cells = (f"{row[key]:9.2f} ms {row[key] / middle[ECHO][key]:4.2f}x" for key in row)
        lines.append(f"{name:26}{''.join(cells)}")
    return [*lines, "", told(TARGET, shares, middle[NEW]["burst"])]


def measured(
    start: Callable[..., Iterator[subprocess.Popen[bytes]]], folder: Path, each: int
) -> Figures:
    """One bot, from its start: a burst, then a stream. `each` question is asked by so many."""
    with (
        BotApi.in_thread() as server,
        contextmanager(start)(server, folder) as child,
    ):
        chats = [server.private(server.user(f"u{number}")) for number in range(CHATS)]
        asked = iter(_going_round(each))
        _ask(server, chats, asked, CHATS)  # warm: connections are open
        before = worked(child.pid)
        burst = _ask(server, chats, asked, BURST) / BURST
        work = (worked(child.pid) - before) / BURST
        waits = _stream(server, chats, asked)
        cuts = quantiles(waits, n=100)
        return {
            "burst": burst * 1e3,
            "work": work * 1e3,
            "p50": cuts[49] * 1e3,
            "p99": cuts[98] * 1e3,
        }


def _going_round(each: int) -> list[str]:
    """As many questions as are asked. One person asks nothing twice."""
    count = CHATS + BURST + STREAM
    most = questions()[: count // each]
    if each == 1:
        return most
    return [most[(number % CHATS + number // CHATS) % len(most)] for number in range(count)]


def _ask(server: BotApi, chats: Sequence[object], asked: Iterator[str], count: int) -> float:
    """Seconds from the first of many messages to the last answer."""
    before, begun = server.counts["sendMessage"], time.perf_counter()
    for number in range(count):
        chats[number % len(chats)].say(next(asked))
    server.wait(lambda: len(server.sent) >= before + count, 120)
    return time.perf_counter() - begun


def _stream(server: BotApi, chats: Sequence[object], asked: Iterator[str]) -> list[float]:
    """How long each message waited for its sendMessage, coming one by one."""
    first, said = len(server.calls_of("sendMessage")), list[float]()
    for number in range(STREAM):
        said.append(time.perf_counter())
        chats[number % len(chats)].say(next(asked))
        time.sleep(PACE)
    server.wait(lambda: len(server.calls_of("sendMessage")) >= first + STREAM, 60)
    calls = server.calls_of("sendMessage")[first:]
    return [call.at - at for call, at in zip(calls, said, strict=True)]


def echo(server: BotApi, _: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A stock bot that says what it hears."""
    yield from _running(server, [sys.executable, "-m", "bench.echo"], {"API": server.base_url})


def product(server: BotApi, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`mlinfra serve` on SQLite."""
    environ = {
        "MLINFRA_DATA_DIR": str(folder),
        "MLINFRA_CACHE_DIR": str(folder.parent / "cache"),
        "TELEGRAM_API_BASE_URL": server.url,
        "ASK_PER_MINUTE": "100000",
    }
    yield from _running(server, [sys.executable, "-m", "bot", "serve"], environ)


def _running(
    server: BotApi, command: Sequence[str], environ: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    own = {"PATH": os.environ["PATH"], "TELEGRAM_BOT_TOKEN": server.token, "LOG_FORMAT": "json"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    child = subprocess.Popen(command, env={**own, **environ}, cwd=ROOT, **quiet)
    try:
        server.wait(lambda: server.counts["getUpdates"], 30)
        server.settle(30, 1.0)
        yield child
    finally:
        child.terminate()
        child.wait(20)


if __name__ == "__main__":
    main()
