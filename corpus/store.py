"""What the corpus keeps in the database: so far its generation, which tells that it has changed."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Connection, Integer, Table, func, select

from corpus.database import inserted, metadata

CHANNEL = "mlinfra_generation"  # of PostgreSQL's NOTIFY

generations = Table(
    "generations",
    metadata,
    Column("id", Integer, primary_key=True),  # always 1
    Column("number", BigInteger, nullable=False),
)


def generation(connection: Connection) -> int:
    """How often the corpus has changed."""
    return int(connection.execute(select(generations.c.number)).scalar() or 0)


def advance(connection: Connection) -> int:
    """Count a change, and tell whoever listens when the transaction is done."""
    number = generation(connection) + 1
    statement = inserted(generations, ("id",), replace=("number",))
    connection.execute(statement, {"id": 1, "number": number})
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_notify(CHANNEL, str(number))))
    return number
