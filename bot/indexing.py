"""The index of the pages behind the links, made of what the database has of them.

A large one is made in a process of its own: it takes seconds and hundreds of megabytes, and
questions would wait for the interpreter meanwhile. The process may be ended at any moment.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from pathlib import Path
from zlib import crc32

from bot import migrations, underway
from corpus import store
from corpus.database import Database, connect
from retrieval import inside

LARGE = 3000  # passages from which on it takes a process
QUICK = 10_000  # passages up to which one who asks waits for it: some two seconds, once
_FORM = 2  # of what is kept: another one is made anew
_ROOT = Path(__file__).parents[1]
_PROGRAM = (
    f"import sys; sys.path.insert(0, {str(_ROOT)!r}); from bot import indexing; indexing.run()"
)


async def rebuild(url: str, folder: Path, database: Database, large: int = LARGE) -> int:
    """Make the index for whoever looks next, unless it is there; how many passages it has."""
    named = origin(url, await database.read(store.state))
    if named in ("", inside.newest(folder)):
        return 0
    count = await database.read(store.passages_kept)
    if count < large:
        return await database.read(lambda c: make(store.everything(c), url, folder))
    await _elsewhere(url, folder)
    return count


def origin(url: str, state: str) -> str:
    """The name of a corpus as it is: of which database, and in which state."""
    return f"{crc32(url.encode()):08x} {state} {_FORM}" if state else ""


def make(found: store.Everything, url: str, folder: Path) -> int:
    """Make the index of what is there now."""
    named = origin(url, found.state)
    return inside.save(folder, named, found.pieces, found.notes, found.summaries)


def catch_up(url: str, folder: Path, quick: int) -> int:
    """Make the index of what runs have kept that were cut off; how many passages wait where that
    would take long.
    """
    engine = connect(url)
    try:
        with engine.connect().execution_options(reads=True) as connection:
            made = migrations.version(connection) == migrations.head()
            named = origin(url, store.state(connection)) if made else ""
            if not named:
                inside.know_nothing(folder)
            elif named != inside.newest(folder):
                count = store.passages_kept(connection)
                if count > quick:
                    return count
                make(store.everything(connection), url, folder)
    finally:
        engine.dispose()
    underway.forget(folder)
    return 0


async def _elsewhere(url: str, folder: Path) -> None:
    """The same in a process. The address may hold a password, so it stands in no command line."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        _PROGRAM,
        stdin=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is ours to answer
    )
    try:
        await process.communicate(json.dumps([url, str(folder)]).encode())
    except BaseException:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        raise
    if process.returncode:
        raise OSError(f"the index was not made: its process ended with {process.returncode}")


def run() -> None:
    """What that process does."""
    url, folder = json.load(sys.stdin)
    with contextlib.suppress(OSError):  # a service may be closed so far that this is not allowed
        os.nice(5)  # questions come first
    engine = connect(url)
    with engine.connect().execution_options(reads=True) as connection:
        make(store.everything(connection), url, Path(folder))
