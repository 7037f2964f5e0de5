"""The running service put together: state, retriever, platforms, HTTP surface, and their end."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import gc
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import text
from sqlalchemy.engine import make_url

import corpus.store
from bot import answering, logs, underway
from bot.chat import Platform, Take
from bot.commands import state
from bot.commands.platforms import connect
from bot.commands.weekly import Weekly
from bot.current import InForce, inside_folder
from bot.errors import RevokedError, SettingsError, StateError
from bot.inbox import Inbox
from bot.limits import Limits
from bot.logs import fault, log
from bot.service import Service
from bot.settings import Settings
from bot.web import Application, Checks, Listening, surface
from corpus.database import Database

LAST = 1.0  # seconds for platforms to take what they have begun to
GRACE = 6.0  # seconds for what is in hand at the end; whoever stops us waits ten
CLOSING = 2.0  # seconds for platforms to let go
POLL = 5.0  # seconds between looks for a new generation
PORT = 8080
# Values made since the last look for garbage. What questions leave is remembered, not garbage: at
# Python's own 700 one question in sixty waited 4 ms for such looks, a fifteenth of the whole time.
YOUNG = 50_000
# Seconds that a thread goes on while another one waits. Writing to the database takes many short
# turns: at Python's own 5 ms a burst of new questions took 3.9 ms each on a busy machine, now 2.3.
TURN = 0.001
AGAIN = 60.0  # seconds before a platform is tried again that took its token back


def run(settings: Settings, environ: Mapping[str, str], output: TextIO) -> int:
    """Serve; the exit code. The environment tells each client its proxy."""
    logs.configure(output, settings.log_format, settings.secrets)
    with _alone(settings):
        return asyncio.run(_serve(settings, environ))


@contextlib.contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """A SQLite file serves one process: another would take over what this one has in hand."""
    if not settings.database_url.startswith("sqlite"):
        yield
        return
    path = Path(make_url(settings.database_url).database or "mlinfra.db")
    with state.told(settings):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = path.with_name(f"{path.name}.lock").open("a")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StateError(f"another mlinfra serve uses {path}: stop it first") from None
        yield


async def _serve(settings: Settings, environ: Mapping[str, str]) -> int:
    asyncio.get_running_loop().set_exception_handler(logs.lost)
    stop = _stopped_by_signal()
    opening = asyncio.create_task(asyncio.to_thread(state.opened, settings))
    await _until(stop, [opening])
    if not opening.done():  # told to stop while the database hangs, and so does our thread
        log.info("stopped")
        sys.stderr.flush()
        os._exit(0)
    database = opening.result()
    current = InForce(settings, answering.warm)
    _tell_problems(current)
    gc.freeze()
    gc.set_threshold(YOUNG)
    sys.setswitchinterval(TURN)
    platforms = {
        platform.name: platform for platform in connect(settings, current, environ, database)
    }
    alone = database.engine.dialect.name == "sqlite"
    service = await service_of(settings, database, current, platforms, alone)
    weekly = Weekly(settings, database, current, platforms)
    routes = [route for platform in platforms.values() for route in platform.routes()]
    taking = [
        asyncio.create_task(_kept(platform, service.take, alone=len(platforms) == 1))
        for platform in platforms.values()
    ]
    jobs = (
        service.run(),
        _renew(settings, current, database),
        _keep_reading(settings, environ, current, database),
        *weekly.jobs(),
    )
    beside = [asyncio.create_task(job) for job in jobs]
    if settings.http_port is not None or routes:
        application = surface(routes, _checks(database, platforms), settings.metrics_token)
        port = PORT if settings.http_port is None else settings.http_port
        beside.append(asyncio.create_task(_listen(application, settings.http_host, port)))
    try:
        code = await _until(stop, [*taking, *beside])
    finally:
        await _end(service, weekly, list(platforms.values()), taking, beside)
        if not await database.close(LAST):  # a thread hangs in the driver, and would hold us too
            log.warning("unfinished", reason="the database does not answer")
            sys.stderr.flush()
            os._exit(0 if stop.is_set() else 1)
    log.info("stopped")
    return code


async def _until(stop: asyncio.Event, running: Sequence[asyncio.Task[Any]]) -> int:
    """Run all until told to stop, or until one of them fails."""
    stopped = asyncio.create_task(stop.wait())
    everything: list[asyncio.Future[Any]] = [stopped, *running]
    await asyncio.wait(everything, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    for task in running:
        if task.done():
            task.result()  # raises what ended it
    return 0


async def _kept(platform: Platform, take: Take, alone: bool) -> None:
    """Run a platform. What it does not take at the start ends all; what it takes no more later ends
    only a process that serves nobody else.
    """
    revoked = False
    while True:
        try:
            return await platform.run(take)
        except SettingsError as error:
            revoked = revoked or isinstance(error, RevokedError)
            if alone or not revoked:
                raise
            log.error("platform", name=platform.name, refused=str(error), again_in=AGAIN)
        await asyncio.sleep(AGAIN)


async def service_of(
    settings: Settings,
    database: Database,
    current: InForce,
    platforms: Mapping[str, Platform],
    alone: bool,
) -> Service:
    """The service over a database; `alone`: no other process works on it."""
    inbox = Inbox(database, settings.conversation_life, settings.pending_life)
    await inbox.open(list(platforms), alone)
    limits = Limits(settings.ask_per_minute)
    curators = settings.curators | {settings.curator_channel or ""}
    return Service(inbox, current, platforms, limits, settings.operator_channel, curators=curators)


async def _end(
    service: Service,
    weekly: Weekly,
    platforms: Sequence[Platform],
    taking: Sequence[asyncio.Task[None]],
    beside: Sequence[asyncio.Task[None]],
) -> None:
    """Take no more, finish what is in hand, let go. What is not finished stays in the inbox.

    What a platform still takes counts too: where the database hangs, it takes all the time it has.
    """
    until = time.monotonic() + GRACE
    await asyncio.gather(*(platform.stop() for platform in platforms))
    await asyncio.wait(taking, timeout=LAST)
    left = until - time.monotonic()
    if not all(await asyncio.gather(service.drain(left), weekly.drain(left))):
        log.warning("unfinished")
    for task in (*taking, *beside):
        task.cancel()
    await asyncio.gather(*taking, *beside, return_exceptions=True)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(CLOSING):
            await asyncio.gather(*(platform.close() for platform in platforms))


async def _renew(settings: Settings, current: InForce, database: Database) -> None:
    """Swap the retriever when its files, or the corpus in the database, have changed."""
    # Of the index of pages nothing is known yet: the cache folder may be a new one.
    known = (-1, "")
    async for _ in database.changes(corpus.store.CHANNEL, POLL):
        try:
            known = await renew(settings, current, database, known)
        except Exception as error:  # the one in force stays
            log.error("renewal", **fault(error))
            await asyncio.sleep(6 * POLL)  # a large index that fails is not begun again at once


async def renew(
    settings: Settings, current: InForce, database: Database, known: tuple[int, str]
) -> tuple[int, str]:
    """Look once whether anything has changed since a generation and state, which are known; what
    they are now.
    """
    number, told = await database.read(corpus.store.news)
    folder = inside_folder(settings)
    # A `mlinfra refresh` beside us that was killed still holds its links, and has no news of them.
    cut_off = underway.is_cut_off(folder)
    if number != known[0] or told not in ("", known[1]) or cut_off:
        await _rebuild(settings, database)
        underway.forget(folder)
    if await asyncio.to_thread(current.renew):
        log.info("renewed", generation=number)
        _tell_problems(current)
    return number, told or known[1]


def _tell_problems(current: InForce) -> None:
    for problem in current.problems:
        log.warning("catalog", problem=str(problem))


async def _rebuild(settings: Settings, database: Database) -> None:
    from bot import refreshing

    await refreshing.rebuild(settings, database)


async def _keep_reading(
    settings: Settings, environ: Mapping[str, str], current: InForce, database: Database
) -> None:
    from bot import refreshing  # a third of a second, which no start waits for

    def urls() -> Sequence[str]:
        return refreshing.addresses(current.retriever.entries, settings.feeds)

    tokenizer = current.retriever.tokenizer
    await refreshing.keep_reading(settings, environ, tokenizer, database, urls)


async def _listen(application: Application, host: str, port: int) -> None:
    try:
        async with Listening(application, host, port) as listening:
            log.info("listening", port=listening.port)
            await asyncio.Event().wait()
    except OSError as error:
        why = (error.strerror or str(error)).rpartition(": ")[2]
        told = f"HTTP_HOST and HTTP_PORT: {host} port {port} cannot be listened on: {why}"
        raise SettingsError([told]) from None


def _checks(database: Database, platforms: Mapping[str, Platform]) -> Checks:
    async def checks() -> Mapping[str, bool]:
        ready = {name: platform.ready for name, platform in platforms.items()}
        return {"index": True, "database": await _answers(database), **ready}

    return checks


async def _answers(database: Database) -> bool:
    try:
        async with asyncio.timeout(2):
            await database.read(lambda connection: connection.execute(text("SELECT 1")))
    except Exception:  # whatever it is, it does not answer
        return False
    return True


def _stopped_by_signal() -> asyncio.Event:
    """Set by the first SIGTERM or SIGINT; the second ends the process at once."""
    stop = asyncio.Event()

    def heard() -> None:
        if stop.is_set():
            os._exit(130)
        stop.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, heard)
    return stop
