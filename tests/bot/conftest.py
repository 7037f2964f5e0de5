"""The real catalog, opened once; real databases, new for each test."""

from __future__ import annotations

import shutil

import databases
import pytest

from bot import migrations
from bot.current import InForce
from bot.settings import Settings
from corpus.database import Database


@pytest.fixture(scope="session")
def current(cache):
    """What is in force over the shipped catalog."""
    found = InForce(Settings(catalog=None, cache=cache))
    found.retriever.search("训练")
    return found


@pytest.fixture(scope="session")
def retriever(current):
    """The retriever over the shipped catalog."""
    return current.retriever


@pytest.fixture
def own_cache(current, cache, tmp_path):
    """A cache folder of the test's own, with the catalog in it: to read that anew takes seconds."""
    del current  # which has filled the session's
    without = shutil.ignore_patterns("inside")  # what others have read of pages
    return shutil.copytree(cache, tmp_path / "cache", ignore=without)


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL server for the session."""
    with databases.postgres() as url:
        yield url


@pytest.fixture(name="url", params=["sqlite", "postgresql"])
def _url(request, tmp_path):
    """The URL of an empty database, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'state' / 'test.db'}"
    return databases.fresh(request.getfixturevalue("postgres"))


@pytest.fixture(name="database")
async def _database(url):
    """A database at the newest step, of each kind."""
    database = Database(url)
    migrations.upgrade(database.engine)
    yield database
    await database.close()
