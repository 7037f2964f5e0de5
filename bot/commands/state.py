"""The database opened, at the step that this program needs; else what is wrong with it, in a
sentence with the mend.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, inspect
from sqlalchemy.exc import SQLAlchemyError

from bot import migrations
from bot.errors import StateError
from bot.settings import Settings
from bot.store.inbox import inbox
from corpus.database import Database, connect


def opened(settings: Settings, writes: bool = True) -> Database:
    """The database in use. A SQLite file is brought forward by itself; PostgreSQL, which others may
    use too, by `mlinfra db upgrade`. StateError where it cannot be used, or written.
    """
    with told(settings):
        database = Database(settings.database_url)
        try:
            _ready(database.engine)
            if writes:
                try_writing(database.engine)
        except BaseException:
            database.engine.dispose()
            raise
    return database


def _ready(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        upgrade(engine)
        return
    at = reached(engine)
    if at != migrations.head():
        told_at = f"at step {at}" if at else "empty"
        raise StateError(f"the database is {told_at}: run mlinfra db upgrade")


def try_writing(engine: Engine) -> None:
    """Write as the service does; DatabaseError where that cannot be done. It changes nothing."""
    with engine.begin() as connection:
        connection.execute(inbox.delete().where(inbox.c.id < 0))


def upgrade(engine: Engine) -> None:
    """Bring a database forward. StateError where it is another's, or newer than this program."""
    reached(engine)
    migrations.upgrade(engine)


def reached(engine: Engine) -> str | None:
    """The step of a database, None for an empty one. StateError where it is newer than we are, or
    holds tables of another program.
    """
    with engine.connect().execution_options(reads=True) as connection:
        held = inspect(connection).get_table_names()  # first: a replica may be making ours now
        at = migrations.version(connection)
    if at is not None and at > migrations.head():
        newest = migrations.head()
        raise StateError(
            f"the database is at step {at}, newer than this program, which knows {newest}: "
            "use the program that made it, or a newer one"
        )
    if at is None and held:
        raise StateError("the database holds tables of another program: use another")
    return at


@contextmanager
def told(settings: Settings) -> Iterator[None]:
    """Whatever a database raises becomes a StateError, without anybody's password."""
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        raise StateError(_sentence(settings, error)) from None


def engine_of(settings: Settings) -> Engine:
    """An engine alone, to look at a database or to bring it forward."""
    with told(settings):
        return connect(settings.database_url)


def _sentence(settings: Settings, error: Exception) -> str:
    """The driver's own first line, and where the database was looked for."""
    why = str(getattr(error, "orig", None) or getattr(error, "strerror", None) or error)
    line = (why.strip().splitlines() or ["it does not answer"])[0]
    for secret in settings.secrets:
        line = line.replace(secret, "…")
    where = "DATABASE_URL" if settings.database else str(Path(settings.data) / "mlinfra.db")
    name = "" if settings.database else " (MLINFRA_DATA_DIR)"
    return f"the database cannot be used: {line}; look at {where}{name}, or ask mlinfra doctor"
