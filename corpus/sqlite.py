"""SQLite: how its connections are made, and writes that are made where one stands.

Such a write waits for no disk, since the log is put into the database by a thread later. It takes
0.1 ms; to hand it to a thread and to be woken up again took three times that, with nothing else to
do, and a sixth of all the work that a message is, with much.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

Write = Callable[[Connection], Any]
Made = tuple[Any, Exception | None]  # what a write gave, or why it failed

TIDY = 5.0  # seconds after a write in which the log is emptied, and what was erased with it
# How often one connection writes until its log is to be put into the database: about 8 MB of it.
FULL = 250
PATIENCE = 10_000  # milliseconds that a writer waits for another one


def connect(url: str) -> Engine:
    """An engine for a file; its folder is made."""
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with contextlib.suppress(OSError):  # what is there stays, and what is wrong SQLite tells
            Path(path).touch(0o600, exist_ok=False)
    engine = _engine(url)
    event.listen(engine, "begin", _begin)
    return engine


def empty(engine: Engine) -> bool:
    """Put the log into the database, and empty it: it holds what was erased until then. Whether it
    is empty: somebody who reads for long is not waited for, since nobody may write meanwhile.

    Then begin it anew, with nothing: what is written first waits for the disk.
    """
    with contextlib.suppress(DBAPIError, sqlite3.Error), engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        raw.execute("PRAGMA busy_timeout=0")
        try:
            busy, *_ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not busy:
                (number,) = raw.execute("PRAGMA user_version").fetchone()
                raw.execute(f"PRAGMA user_version={number}")
        finally:
            raw.execute(f"PRAGMA busy_timeout={PATIENCE}")
        return not busy
    return False


class Log:
    """When the log is emptied, by the writer's thread: some seconds after a write, sooner where
    much was written at once, and once more where somebody still read.
    """

    def __init__(self, engine: Engine, writer: ThreadPoolExecutor, seconds: float) -> None:
        self._engine = engine
        self._writer = writer
        self._seconds = seconds
        self._timer: asyncio.TimerHandle | None = None
        self._emptied: asyncio.Future[bool] | None = None
        self._groups = 0  # that were written at once since it was emptied
        self._closed = False

    @property
    def is_being_emptied(self) -> bool:
        """Whether what is written now has to wait for that."""
        return self._emptied is not None and not self._emptied.done()

    def grow(self) -> None:
        """Know of a group that is written at once."""
        self._groups += 1

    def wrote(self) -> None:
        """Have the log emptied in a while, or now."""
        if self._closed:
            return
        self._later()
        if self._groups >= FULL:
            self._empty()

    def close(self) -> None:
        """Have it emptied no more."""
        self._closed = True
        if self._timer:
            self._timer.cancel()

    def _later(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._seconds, self._empty)

    def _empty(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer, self._groups = None, 0
        loop = asyncio.get_running_loop()
        self._emptied = loop.run_in_executor(self._writer, empty, self._engine)
        self._emptied.add_done_callback(self._looked)

    def _looked(self, emptied: asyncio.Future[bool]) -> None:
        if not (emptied.cancelled() or emptied.result() or self._closed):
            self._later()


class AtOnce:
    """A connection for writes that wait for nothing, no other writer and no disk."""

    def __init__(self, url: URL) -> None:
        # An engine of its own, without events: to look for them took a fifth of a statement.
        self._engine = _engine(url)
        self._connection = self._engine.connect()
        raw: Any = self._connection.connection.driver_connection
        raw.execute("PRAGMA busy_timeout=0")
        raw.execute("PRAGMA wal_autocheckpoint=0")
        self._raw = raw

    def make(self, writes: Sequence[Write]) -> list[Made] | None:
        """Make all in one transaction; None where none was made: another process writes just now,
        or one of them failed.
        """
        try:
            self._raw.execute("BEGIN IMMEDIATE")
            with self._connection.begin():
                return [(do(self._connection), None) for do in writes]
        except Exception:  # who makes them with patience finds out what it is
            with contextlib.suppress(sqlite3.Error):
                self._raw.rollback()
            return None

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
        self._engine.dispose()


def at_once(url: URL) -> AtOnce | None:
    """A connection for such writes; None where none is to be had, so that others must serve."""
    try:
        return AtOnce(url)
    except (DBAPIError, sqlite3.Error):
        return None


def _engine(url: str | URL) -> Engine:
    # An error's text with its parameters would hold somebody's words.
    engine = create_engine(url, connect_args={"check_same_thread": False}, hide_parameters=True)
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: Any, _: Any) -> None:
    """Readers beside a writer, and ten seconds of patience between writers."""
    connection.isolation_level = None  # the driver begins no transaction of its own
    for line in (
        "journal_mode=WAL",
        f"busy_timeout={PATIENCE}",
        "synchronous=NORMAL",
        "secure_delete=ON",  # what is erased is gone from the file too
    ):
        connection.execute(f"PRAGMA {line}")


def _begin(connection: Connection) -> None:
    # A plain BEGIN that turns to writing later lost 600 of 800 commits to "database is locked".
    reads = connection.get_execution_options().get("reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
