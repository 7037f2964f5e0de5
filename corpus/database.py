"""The database: one engine, reads beside writes, and writes in groups. Only the stores see SQL.

A write is a function of a connection. All writes that wait are made in one transaction: a message
costs a fifth of a transaction of its own under load (44 against 146 µs on SQLite; the asynchronous
driver takes 586). One that fails is made again alone, so it fails alone. One thread writes; brief
writes are made on SQLite in the event loop, as long as nothing has to be waited for.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, TypeVar

import psycopg
from psycopg import sql
from sqlalchemy import (
    URL,
    ClauseElement,
    ColumnElement,
    Connection,
    CursorResult,
    Engine,
    Float,
    MetaData,
    Table,
    create_engine,
)
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from corpus import sqlite

T = TypeVar("T")

LARGEST_GROUP = 500
PATIENCE = 5  # seconds for a server to take a connection
# A server that went without a word, as when its machine or the network dies, is known after 30
# seconds; by itself Linux waits a quarter of an hour for what was sent, and two hours for the rest.
ALIVE = {
    "connect_timeout": PATIENCE,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
TRIES = 5  # of a write that met another one: a deadlock, a lock held too long
_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

DatabaseError = DBAPIError  # what a database raises that is away, or that refuses
metadata = MetaData(naming_convention=_CONVENTION)


class instant(GenericFunction[float]):  # noqa: N801  # a function of SQL
    """Now by the database's clock, in seconds since 1970: replicas may disagree, it does not."""

    type = Float()
    inherit_cache = True


@compiles(instant, "sqlite")
def _sqlite_instant(*_: Any, **__: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(instant, "postgresql")
def _postgresql_instant(*_: Any, **__: Any) -> str:
    return "extract(epoch from clock_timestamp())::float8"


class _Waiting(NamedTuple):
    do: sqlite.Write
    future: asyncio.Future[Any]
    brief: bool


class Database:
    """A database in use: `read` and `write` take a function of a connection."""

    def __init__(self, url: str, tidy: float = sqlite.TIDY) -> None:
        self.engine = connect(url)
        self._writer = ThreadPoolExecutor(1, "writes")
        self._readers = ThreadPoolExecutor(2, "reads")
        self._waiting: list[_Waiting] = []
        self._writing: asyncio.Task[None] | None = None
        self._at_once: sqlite.AtOnce | None = None
        is_sqlite = self.engine.dialect.name == "sqlite"
        self._log = sqlite.Log(self.engine, self._writer, tidy) if is_sqlite else None

    async def read(self, ask: Callable[[Connection], T]) -> T:
        """What a function finds."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, self._read, ask)

    async def apart(self, work: Callable[[], T]) -> T:
        """What a library does on our engine by itself, in a thread of ours: asyncio's own threads
        look up names too, and must not all wait for a database that hangs.
        """
        return await asyncio.get_running_loop().run_in_executor(self._readers, work)

    async def write(self, do: Callable[[Connection], T], brief: bool = False) -> T:
        """What a function gives once its changes are kept, together with others that waited. One
        that changes a few rows, found by an index, is `brief`.
        """
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(do, future, brief))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())
        return await future

    async def changes(self, channel: str, seconds: float) -> AsyncIterator[None]:
        """Yields when PostgreSQL is notified of something, and every so many seconds anyway.

        A notice is lost while nobody listens, so the caller looks for itself each time.
        """
        if self.engine.dialect.name != "postgresql":
            while True:
                await asyncio.sleep(seconds)
                yield
        url = self.engine.url.set(drivername="postgresql")
        alive = {name: str(value) for name, value in _alive(url).items()}
        address = url.update_query_dict(alive).render_as_string(hide_password=False)
        while True:
            try:
                listening = await psycopg.AsyncConnection.connect(address, autocommit=True)
                async with listening:
                    await listening.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
                    while True:
                        async for _ in listening.notifies(timeout=seconds, stop_after=1):
                            pass
                        yield
            except psycopg.OperationalError:  # away: look at the usual times until it is back
                await asyncio.sleep(seconds)
                yield

    async def close(self, seconds: float | None = None) -> bool:
        """Finish what is being written, and let go. False where that took longer than it may: a
        thread of ours hangs in the driver, and the process can only be left.
        """
        if self._log:
            self._log.close()
        try:
            async with asyncio.timeout(seconds):
                while self._writing and not self._writing.done():
                    await asyncio.wait([self._writing])
                await asyncio.to_thread(self._let_go)
        except TimeoutError:
            return False
        return True

    def _let_go(self) -> None:
        self._writer.shutdown()
        self._readers.shutdown()
        if self._at_once:
            self._at_once.close()
        self.engine.dispose()

    def _read(self, ask: Callable[[Connection], T]) -> T:
        with self.engine.connect().execution_options(reads=True) as connection:
            return ask(connection)

    async def _write_all(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            group = self._waiting[:LARGEST_GROUP]
            del self._waiting[:LARGEST_GROUP]
            writes = [one.do for one in group]
            made = self._made_at_once(writes) if all(one.brief for one in group) else None
            if made is None:
                made = await loop.run_in_executor(self._writer, self._make, writes)
            for one, (value, error) in zip(group, made, strict=True):
                if one.future.cancelled():
                    continue
                if error is None:
                    one.future.set_result(value)
                else:
                    one.future.set_exception(error)
        if self._log:
            self._log.wrote()

    def _made_at_once(self, writes: Sequence[sqlite.Write]) -> list[sqlite.Made] | None:
        if self._at_once is None or self._log is None or self._log.is_being_emptied:
            return None
        self._log.grow()
        return self._at_once.make(writes)

    def _make(self, writes: Sequence[sqlite.Write]) -> list[sqlite.Made]:
        if self._at_once is None and self._log:
            self._at_once = sqlite.at_once(self.engine.url)
        try:
            with self.engine.begin() as connection:
                return [(do(connection), None) for do in writes]
        except Exception as error:
            if len(writes) == 1 and not isinstance(error, DBAPIError):
                return [(None, error)]
        return [self._make_alone(do) for do in writes]

    def _make_alone(self, do: Callable[[Connection], T]) -> tuple[T | None, Exception | None]:
        for attempt in range(TRIES):
            try:
                with self.engine.begin() as connection:
                    return do(connection), None
            except DBAPIError as error:
                failed: Exception = error
                time.sleep(0.02 * attempt)
            except Exception as error:
                return None, error
        return None, failed


class Prepared:
    """A statement that every event needs, compiled once for each kind of database: to look up what
    SQLAlchemy compiled before, and to bind it, was two thirds of a statement (24 against 8 µs).
    """

    def __init__(self, statement: ClauseElement, columns: Sequence[str] | None = None) -> None:
        self._statement = statement
        self._columns = columns  # that an INSERT is given values for
        self._compiled: dict[str, tuple[str, Sequence[str] | None, Mapping[str, Any]]] = {}

    def on(
        self, connection: Connection, values: Mapping[str, Any]
    ) -> CursorResult[*tuple[Any, ...]]:
        """What it finds or changes with the values of its parameters; types must need no change."""
        dialect = connection.dialect
        if dialect.name not in self._compiled:
            compiled = self._statement.compile(dialect=dialect, column_keys=self._columns)
            names = getattr(compiled, "positiontup", None)
            self._compiled[dialect.name] = str(compiled), names, dict(compiled.params)
        words, names, fixed = self._compiled[dialect.name]
        given = {**fixed, **values}
        parameters = given if names is None else tuple([given[name] for name in names])
        return connection.exec_driver_sql(words, parameters)


def connect(url: str) -> Engine:
    """An engine for a URL; the folder of a SQLite file is made."""
    if make_url(url).get_backend_name() == "sqlite":
        return sqlite.connect(url)
    alive = _alive(make_url(url))
    return create_engine(
        url, pool_pre_ping=True, pool_size=4, connect_args=alive, hide_parameters=True
    )


def _alive(url: URL) -> dict[str, int]:
    """How a dead server is known; what the operator says stands."""
    return {name: value for name, value in ALIVE.items() if name not in url.query}


def probe(engine: Engine) -> None:
    """Write something and take it back; DatabaseError where that cannot be done."""
    with engine.connect() as connection, connection.begin() as transaction:
        connection.exec_driver_sql("CREATE TABLE mlinfra_probe (id INTEGER)")
        transaction.rollback()


def inserted(
    table: Table,
    key: Sequence[str] = (),
    replace: Sequence[str] = (),
    where: ColumnElement[bool] | None = None,
) -> Insert:
    """An INSERT that lets a row with the same key stand, or replaces some columns of it, `where`
    it is such a row. Without a key it lets every row stand that it would meet.

    SQLite took ON CONFLICT over from PostgreSQL, word for word: one statement serves both.
    """
    statement = insert(table)
    if not replace:
        return statement.on_conflict_do_nothing(index_elements=key or None)
    new = {name: statement.excluded[name] for name in replace}
    return statement.on_conflict_do_update(index_elements=key, set_=new, where=where)
