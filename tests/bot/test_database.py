"""The database on SQLite and PostgreSQL: grouped writes, the schema, and many at once."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

import bot.platforms.slack.installations
import bot.store.conversations
import bot.store.deliveries
import bot.store.editions
import bot.store.inbox
import bot.store.settings  # noqa: F401
import corpus.store
from bot import migrations
from bot.model import Channel
from bot.outcome import Setting
from bot.store import conversations, settings
from corpus import sqlite
from corpus.database import Database, connect, instant, metadata

ROOT = Path(__file__).parents[2]
BEGUN = 32 + 24 + 4096  # bytes of SQLite's log with one page of nobody's words


def test_the_steps_make_what_the_stores_say(url):
    """A table that only one of the two knows would fail in the field."""
    engine = connect(url)
    migrations.upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, metadata) == []
        assert migrations.version(connection) == migrations.head()
    engine.dispose()


def test_an_answer_in_any_part_of_a_place_is_found_by_an_index(tmp_path):
    """To look at each of a hundred thousand conversations took 60 ms of a message."""
    engine = connect(f"sqlite:///{tmp_path / 'test.db'}")
    migrations.upgrade(engine)
    with engine.connect() as connection:
        told = []
        connection.connection.driver_connection.set_trace_callback(told.append)
        conversations.of_answer(connection, Channel("telegram:-1001", shared=True), "7")
        connection.connection.driver_connection.set_trace_callback(None)
        plans = [
            connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {one.replace('%', '%%')}").all()
            for one in told
            if "FROM conversations" in one
        ]
    engine.dispose()
    assert len(plans) == 2
    assert all("ix_conversations_message_channel" in str(plan) for plan in plans), plans


def test_an_upgrade_may_be_called_again(url):
    """At every start, for one."""
    engine = connect(url)
    for _ in range(2):
        migrations.upgrade(engine)
    engine.dispose()


def test_four_replicas_may_upgrade_at_once(url):
    """One takes the steps, the others wait and find them taken."""
    program = "import sys; from bot.commands import db; sys.exit(db.run(['upgrade']))"
    environ = {"DATABASE_URL": url.replace("+psycopg", ""), "PYTHONPATH": str(ROOT)}
    replicas = [
        subprocess.Popen([sys.executable, "-c", program], env=environ, stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    assert [replica.wait(60) for replica in replicas] == [0] * 4
    for replica in replicas:
        replica.stdout.close()
    engine = connect(url)
    with engine.connect() as connection:
        assert migrations.version(connection) == migrations.head()
    engine.dispose()


async def test_writes_that_wait_are_made_together(database):
    """One transaction for all of them, and each gets its own result."""
    seen = []

    def write(number):
        def do(connection):
            seen.append(connection.get_transaction())
            settings.keep(connection, Setting("a", str(number), "x"))
            return number

        return do

    found = await asyncio.gather(*(database.write(write(number)) for number in range(50)))
    assert found == list(range(50))
    assert len(set(map(id, seen))) <= 2  # the first goes alone where nothing waited yet
    kept = await database.read(lambda connection: settings.of(connection, ["a"]))
    assert len(kept["a"]) == 50


async def test_a_write_that_fails_fails_alone(database):
    """Those beside it are kept."""

    def good(number):
        return lambda connection: settings.keep(connection, Setting("a", str(number), "x"))

    def bad(connection):
        row = {"owner": "b", "name": "n", "value": "v"}
        connection.execute(settings.settings.insert(), [row, row])

    def ours(_):
        raise ValueError("ours")

    found = await asyncio.gather(
        *(database.write(write) for write in (good(1), bad, good(2), ours, good(3))),
        return_exceptions=True,
    )
    assert isinstance(found[1], IntegrityError)
    assert isinstance(found[3], ValueError)
    kept = await database.read(lambda connection: settings.of(connection, ["a", "b"]))
    assert set(kept["a"]) == {"1", "2", "3"}
    assert kept["b"] == {}


async def test_writers_beside_each_other_lose_nothing(url):
    """Two processes in one: each has its own connections."""
    one, other = Database(url), Database(url)
    migrations.upgrade(one.engine)

    def write(number):
        return lambda connection: settings.keep(connection, Setting("a", str(number), "x"))

    async def all_of(database, numbers):
        for number in numbers:
            await database.write(write(number))

    await asyncio.gather(all_of(one, range(100)), all_of(other, range(100, 200)))
    kept = await one.read(lambda connection: settings.of(connection, ["a"]))
    assert len(kept["a"]) == 200
    for database in (one, other):
        await database.close()


async def test_who_waits_for_another_writer_holds_nobody_up(tmp_path):
    """Writes are made where they stand, but not what has to be waited for; then it is kept too."""
    url = f"sqlite:///{tmp_path / 'test.db'}"
    database, other = Database(url), connect(url)
    migrations.upgrade(database.engine)

    def write(number):
        return lambda connection: settings.keep(connection, Setting("a", str(number), "x"))

    await database.write(write(0), brief=True)
    with other.begin():
        waiting = asyncio.create_task(database.write(write(1), brief=True))
        begun = time.monotonic()
        await asyncio.sleep(0.3)
        assert time.monotonic() - begun < 0.6
        assert not waiting.done()
        assert len(await database.read(lambda kept: settings.of(kept, ["a"])["a"])) == 1
    await asyncio.wait_for(waiting, 5)
    await database.write(write(2), brief=True)
    kept = await database.read(lambda connection: settings.of(connection, ["a"]))
    assert set(kept["a"]) == {"0", "1", "2"}
    await database.close()
    other.dispose()


async def test_a_long_write_holds_nobody_up(database):
    """Only brief ones are made in the event loop, on SQLite; a purge of a year is none."""
    await database.write(lambda _: None, brief=True)
    threads = []
    for brief in (True, False):
        await database.write(lambda _: threads.append(threading.current_thread()), brief=brief)
    here = threading.current_thread()
    assert (threads[0] is here) == (database.engine.dialect.name == "sqlite")
    assert threads[1] is not here


async def test_the_log_of_sqlite_stays_small_however_much_is_written(tmp_path):
    """It is put into the database every few hundred writes, not by those who write."""
    database = Database(f"sqlite:///{tmp_path / 'test.db'}")
    migrations.upgrade(database.engine)
    largest = 0
    for number in range(3 * sqlite.FULL):
        one = Setting(f"{number:0500}", "name", "x")
        write = partial(settings.keep, setting=one)
        await database.write(write, brief=True)
        largest = max(largest, (tmp_path / "test.db-wal").stat().st_size)
    assert largest < 6_000_000  # half of what all of it comes to
    await database.close()


async def test_who_reads_for_long_holds_no_writer_up(tmp_path):
    """To empty SQLite's log waited ten seconds for a backup's reader, and all that was written for
    that; what was erased goes as soon as nobody reads.
    """
    url = f"sqlite:///{tmp_path / 'test.db'}"
    database, other = Database(url, tidy=0.05), connect(url)
    migrations.upgrade(database.engine)
    log = tmp_path / "test.db-wal"
    with other.connect().execution_options(reads=True) as reading:
        settings.of(reading, ["a"])
        begun = time.monotonic()
        for number in range(5):
            one = Setting("a", str(number), "x")
            await database.write(partial(settings.keep, setting=one), brief=True)
            await asyncio.sleep(0.1)
        assert time.monotonic() - begun < 5
        assert log.stat().st_size > BEGUN
    for _ in range(50):
        await asyncio.sleep(0.1)
        if log.stat().st_size <= BEGUN:
            break
    assert log.stat().st_size <= BEGUN
    await database.close()
    other.dispose()


async def test_the_log_is_begun_by_who_empties_it(tmp_path):
    """Its first write waits for the disk, which no write made in the event loop may."""
    engine = connect(f"sqlite:///{tmp_path / 'test.db'}")
    migrations.upgrade(engine)
    assert sqlite.empty(engine)
    assert (tmp_path / "test.db-wal").stat().st_size == BEGUN
    with engine.connect() as connection:
        assert migrations.version(connection) == migrations.head()
    engine.dispose()


async def test_nothing_is_tidied_after_the_end(tmp_path):
    """What is written last would have the log emptied by threads that are gone."""
    database, faults = Database(f"sqlite:///{tmp_path / 'test.db'}", tidy=0.05), []
    asyncio.get_running_loop().set_exception_handler(lambda _, told: faults.append(told))
    migrations.upgrade(database.engine)
    last = asyncio.create_task(database.write(lambda _: time.sleep(0.1)))
    await asyncio.sleep(0)
    assert await database.close()
    await last
    await asyncio.sleep(0.2)
    assert not faults


async def test_what_cannot_be_written_at_once_is_written_with_patience(tmp_path):
    """Where there is no second connection to be had, nobody waits for ever."""
    path = tmp_path / "test.db"
    database = Database(f"sqlite:///{path}")
    migrations.upgrade(database.engine)  # its connection stays open, and serves
    path.rename(tmp_path / "elsewhere.db")
    path.mkdir()
    assert sqlite.at_once(database.engine.url) is None
    write = partial(settings.keep, setting=Setting("a", "b", "x"))
    async with asyncio.timeout(5):
        await database.write(write, brief=True)
    kept = await database.read(lambda connection: settings.of(connection, ["a"]))
    assert kept["a"] == {"b": "x"}
    await database.close()


async def test_the_clock_is_the_databases(database):
    """In seconds since 1970, with a fraction."""
    now = await database.read(lambda connection: connection.execute(select(instant())).scalar())
    assert now == pytest.approx(time.time(), abs=5)


async def test_a_change_of_the_corpus_is_noticed(database):
    """At once on PostgreSQL, which notifies; at the next look on SQLite."""
    seconds = 30 if database.engine.dialect.name == "postgresql" else 0.1
    changes = database.changes(corpus.store.CHANNEL, seconds)
    waiting = asyncio.ensure_future(anext(changes))
    await asyncio.sleep(0.5)
    assert await database.write(corpus.store.advance) == 1
    await asyncio.wait_for(waiting, 5)
    assert await database.read(corpus.store.generation) == 1
    await changes.aclose()


async def test_a_database_that_went_away_is_found_again(database):
    """A connection that the server ended is not the end of ours."""
    if database.engine.dialect.name != "postgresql":
        pytest.skip("there is no server")
    await database.read(lambda connection: connection.execute(text("SELECT 1")).scalar())
    other = Database(database.engine.url.render_as_string(hide_password=False))
    end = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await other.write(lambda connection: connection.execute(end).all())
    await database.write(lambda connection: settings.keep(connection, Setting("a", "b", "c")))
    await other.close()


def test_the_folder_of_a_database_is_made_for_its_owner_alone(tmp_path):
    """Nobody else reads what people asked."""
    path = tmp_path / "new" / "mlinfra.db"
    engine = connect(f"sqlite:///{path}")
    migrations.upgrade(engine)
    engine.dispose()
    assert path.parent.stat().st_mode & 0o077 == 0


def test_a_server_that_is_gone_without_a_word_is_known_soon(url):
    """Linux alone waits for hours; what the operator says in the address stands."""
    if url.startswith("sqlite"):
        pytest.skip("there is no server")
    engine = connect(f"{url}&keepalives_idle=77")
    with engine.connect() as connection:
        told = connection.connection.driver_connection.info.get_parameters()
    engine.dispose()
    assert (told["keepalives_idle"], told["tcp_user_timeout"]) == ("77", "30000")
