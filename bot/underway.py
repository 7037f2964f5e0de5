"""Whether a run that reads pages is under way, or was cut off before its index was made.

A mark in the folder of the index, held locked by each run as long as it lives: a kill lets go of
the lock and leaves the mark. A service has a mark of its own, so that it sees what became of
others. Asking costs two looks for files that are not there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

RUN, SERVICE = "begun", "serving"


@contextmanager
def marked(folder: Path, name: str = RUN) -> Iterator[None]:
    """Mark a run that is under way. The mark goes when the last of several ends as it should."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        mark = (folder / name).open("a")
    except OSError:  # where nothing can be written no index is kept either
        yield
        return
    with mark:
        _locked(mark, shared=True)
        yield
        if _locked(mark):
            _forget(folder / name)


def is_cut_off(folder: Path) -> bool:
    """Whether a run was begun that did not end as it should, and is not under way."""
    return _is_left(folder / RUN) or _is_left(folder / SERVICE)


def forget(folder: Path) -> None:
    """Take the marks off that nobody holds."""
    for mark in (folder / RUN, folder / SERVICE):
        if _is_left(mark):
            _forget(mark)


def _forget(mark: Path) -> None:
    with suppress(OSError):
        mark.unlink(missing_ok=True)


def _is_left(path: Path) -> bool:
    """Whether a mark is there, and nobody holds it."""
    try:
        with path.open("r+") as mark:
            return _locked(mark)
    except OSError:
        return False


def _locked(mark: TextIO, shared: bool = False) -> bool:
    """Whether the lock is ours; a shared one is had beside others, once nobody looks whether it is
    held.
    """
    import fcntl  # which a start without a mark does not need

    try:
        fcntl.flock(mark, fcntl.LOCK_SH if shared else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
