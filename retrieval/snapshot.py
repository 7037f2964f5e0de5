"""A Retriever kept in a folder, so that the next start need not build it: instant, and derived.

`index` is the Index's own file; `tables` holds the rest as marshalled plain values behind a
checksum, and what it was made from. A folder is written in one step, so a reader finds a whole one
or none. Nothing in it is worth keeping: losing it costs a second.
"""

from __future__ import annotations

import gc
import marshal
from collections.abc import Mapping
from contextlib import suppress
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any
from zlib import crc32

from retrieval import worddict
from retrieval.index import Index, IndexFileError

KEPT = 3  # folders: those of the versions that may be running side by side
LEFT = 3600  # seconds after which nobody is writing a folder any more
_INDEX, _TABLES = "index", "tables"
_BEGUN = ".new-"  # how the name of what is not whole yet begins


def load(parent: Path, origin: str) -> tuple[Index, dict[str, Any]] | None:
    """The index and the tables made from an origin; None where there are none to be trusted."""
    return _read(_folder(parent, origin), origin)


def save(parent: Path, origin: str, index: Index, tables: Mapping[str, Any]) -> bool:
    """Write a folder beside and rename it; False where the place cannot be written."""
    import shutil  # with tempfile 6 ms, which a start from a snapshot does not pay
    from tempfile import mkdtemp

    try:
        parent.mkdir(parents=True, exist_ok=True)
        beside = Path(mkdtemp(dir=parent, prefix=_BEGUN))
    except OSError:
        return False
    try:
        index.save(beside / _INDEX)
        data = marshal.dumps((origin, dict(tables)))
        (beside / _TABLES).write_bytes(crc32(data).to_bytes(4, "little") + data)
        _put(beside, _folder(parent, origin), origin)
        with suppress(OSError):  # what another program puts in its place just now
            _prune(parent)
    except OSError:
        return False
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return True


def point(path: Path, origin: str) -> None:
    """Write an origin to a file in one step, whoever else does so at the same moment."""
    from tempfile import NamedTemporaryFile

    with NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, prefix=_BEGUN, delete=False
    ) as beside:
        beside.write(origin)
    Path(beside.name).replace(path)


def _folder(parent: Path, origin: str) -> Path:
    """Where to look. Two origins may share a name: which of them is there stands inside."""
    return parent / f"{crc32(origin.encode('utf-8', 'surrogatepass')):08x}"


def _read(folder: Path, origin: str) -> tuple[Index, dict[str, Any]] | None:
    try:
        with (folder / _TABLES).open("rb") as file:
            data = memoryview(mmap(file.fileno(), 0, access=ACCESS_READ))
        if int.from_bytes(data[:4], "little") != crc32(data[4:]):
            return None
        made_from, tables = _unpacked(data[4:])
        return (Index.load(folder / _INDEX), tables) if made_from == origin else None
    except (OSError, IndexFileError, EOFError, ValueError, TypeError):
        return None


def _unpacked(data: memoryview) -> tuple[str, dict[str, Any]]:
    """The tables. They hold no cycles: looking for some while they grow would take most of it."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        kept: tuple[str, dict[str, Any]] = marshal.loads(data)
        return kept
    finally:
        if collecting:
            gc.enable()


def _put(beside: Path, folder: Path, origin: str) -> None:
    """Rename into place. A folder there already is another start's, or it is broken."""
    import shutil

    try:
        beside.rename(folder)
    except OSError:
        if _read(folder, origin) is None:
            shutil.rmtree(folder, ignore_errors=True)
            beside.rename(folder)


def _prune(parent: Path) -> None:
    """Keep the newest few, and what others are writing now; what a cut-off start left goes.

    Of the dictionaries that stand beside the snapshots too.
    """
    import shutil

    times = {path: path.stat().st_mtime for path in parent.iterdir()}
    newest_first = sorted(times, key=lambda path: times[path], reverse=True)
    whole = [path for path in newest_first if path.name[0] != "." and (path / _TABLES).exists()]
    words = [path for path in newest_first if path.name.startswith(worddict.NAME)]
    newest = times[whole[0]] if whole else 0.0
    begun = (_BEGUN, f".{worddict.NAME}")
    left = [p for p in times if p.name.startswith(begun) and times[p] < newest - LEFT]
    for old in (*whole[KEPT:], *words[KEPT:], *left):
        if old.is_dir():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.unlink(missing_ok=True)
