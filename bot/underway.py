"""Whether a run that reads pages is under way, or was cut off before its index was made.

A mark in the folder of the index, held locked by each run as long as it lives: a kill lets go of
the lock and leaves the mark. Asking costs one look for a file that is not there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

_MARK = "begun"


@contextmanager
def marked(folder: Path) -> Iterator[None]:
    """Mark a run that is under way. The mark goes when the last of several ends as it should."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        mark = (folder / _MARK).open("a")
    except OSError:  # where nothing can be written no index is kept either
        yield
        return
    with mark:
        _locked(mark, shared=True)
        yield
        if _locked(mark):
            forget(folder)


def is_cut_off(folder: Path) -> bool:
    """Whether a run was begun that did not end as it should, and none is under way."""
    try:
        with (folder / _MARK).open("r+") as mark:
            return _locked(mark)
    except OSError:
        return False


def forget(folder: Path) -> None:
    """Take the mark off."""
    with suppress(OSError):
        (folder / _MARK).unlink(missing_ok=True)


def _locked(mark: TextIO, shared: bool = False) -> bool:
    """Whether the lock is ours; a shared one is had beside others."""
    import fcntl  # which a start without a mark does not need

    try:
        fcntl.flock(mark, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
