"""What a run that was cut off has read, made fit to be searched before somebody asks."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

from sqlalchemy.exc import SQLAlchemyError

from bot import indexing, underway
from bot.settings import Settings
from retrieval import inside


def catch_up(settings: Settings, folder: Path, output: TextIO, quick: int = indexing.QUICK) -> None:
    """Make the index where that is quick, else say what is missing. An answer is had either way."""
    try:
        waiting = indexing.catch_up(settings.database_url, folder, quick)
    except (SQLAlchemyError, OSError):
        # Told once: a database that is away would be waited for each time.
        underway.forget(folder)
        inside.know_nothing(folder)
        print(
            "mlinfra: what was read of pages may not be searched, for the database cannot be read; "
            "mend: mlinfra doctor, then mlinfra refresh",
            file=output,
        )
        return
    if waiting:
        print(
            f"mlinfra: a refresh was cut off, and {waiting} passages that are kept may not be "
            "searched yet; mend: mlinfra refresh",
            file=output,
        )
