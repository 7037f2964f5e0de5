"""The database's schema, step by step (Alembic). Several replicas may call `upgrade` at once."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

FOLDER = Path(__file__).parent
LOCK = 7_305_213  # of PostgreSQL's advisory locks: ours, chosen once


def head() -> str:
    """The newest step that this program knows: the steps are files in the order of their names."""
    return max(path.stem.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*.py"))


def version(connection: Connection) -> str | None:
    """The step that a database has reached; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def upgrade(engine: Engine) -> None:
    """Bring a database to the newest step, all steps in one transaction or none."""
    with engine.connect().execution_options(reads=True) as connection:
        if version(connection) == head():
            return  # Alembic takes a quarter of a second to import
    from alembic import command
    from alembic.config import Config

    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
        config = Config()
        config.set_main_option("script_location", str(FOLDER))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
