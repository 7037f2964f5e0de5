"""A terminal alone with one person: the same service as for many, for as long as it lasts."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from bot import logs
from bot.commands import opening, state
from bot.commands.weekly import Weekly
from bot.current import InForce
from bot.errors import StateError
from bot.inbox import Inbox
from bot.limits import Limits
from bot.platforms.terminal.adapter import Terminal
from bot.service import Service
from bot.settings import Settings
from corpus.database import Database, DatabaseError
from corpus.record import replace

GRACE = 7.0  # seconds for what is in hand at the end
LAST = 1.0  # and for what is being written, where somebody wants to leave
INTERRUPTED = 130
UNLIMITED = 1_000_000  # nobody else waits for an answer


def converse(settings: Settings, terminal: Terminal, output: TextIO) -> int:
    """Run a chat until it ends; the exit code."""
    logs.configure(output, "console", settings.secrets, logging.WARNING)
    signal.signal(signal.SIGINT, _interrupt)  # asyncio's own waits until a line was read
    opening.catch_up(settings, output)
    current = InForce(settings)
    for problem in current.problems:
        print(problem, file=output)
    with _state(settings, output) as database:
        try:
            asyncio.run(_converse(settings, terminal, current, database))
        except DatabaseError as error:
            raise StateError(f"the database cannot be written: {error.orig}") from None
    return 0


async def _converse(
    settings: Settings, terminal: Terminal, current: InForce, database: Database
) -> None:
    inbox = Inbox(
        database, settings.conversation_life, settings.pending_life, place=terminal.place.id
    )
    await inbox.open([terminal.name], alone=True)
    platforms = {terminal.name: terminal}
    weekly = Weekly(settings, database, current, platforms, only=terminal.place.id)
    service = Service(inbox, current, platforms, Limits(UNLIMITED))
    await inbox.purge()
    gc.freeze()
    gc.enable()
    code, patience = 1, GRACE
    try:
        await service.sweep()
        await weekly.now()
        await terminal.run(service.take)
    except asyncio.CancelledError:
        code, patience = INTERRUPTED, LAST
        raise
    finally:
        await service.drain(GRACE)
        if not await database.close(patience):
            # A thread hangs in the driver, and would hold us too.
            print("mlinfra: the database does not answer", file=sys.stderr, flush=True)
            os._exit(code)


def _interrupt(*_: object) -> None:
    """Leave, with what is in hand; the second time at once."""
    signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    raise KeyboardInterrupt


@contextmanager
def _state(settings: Settings, output: TextIO) -> Iterator[Database]:
    """The database; where it cannot be used, one for the moment: a chat needs none to answer."""
    try:
        database = state.opened(settings)
    except StateError as error:
        print(f"mlinfra: {error}. Nothing of this chat is kept", file=output)
    else:
        yield database
        return
    with TemporaryDirectory() as folder:
        yield state.opened(replace(settings, database="", data=Path(folder)))
