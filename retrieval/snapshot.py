"""A Retriever kept in a folder, so that the next start need not build it: instant, and derived.

`index` is the Index's own file; `tables` holds the rest as marshalled plain values behind a
checksum. A folder is named by the digest of what it was made from and written in one step, so a
reader finds a whole one or none. Nothing in it is worth keeping: losing it costs a second.
"""

from __future__ import annotations

import gc
import marshal
import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from zlib import crc32

from retrieval.index import Index, IndexFileError

KEPT = 3  # folders: those of the versions that may be running side by side
_INDEX, _TABLES = "index", "tables"


def load(folder: Path) -> tuple[Index, dict[str, Any]] | None:
    """The index and the tables of a folder; None where there is none that can be trusted."""
    try:
        data = (folder / _TABLES).read_bytes()
        if int.from_bytes(data[:4], "little") != crc32(data[4:]):
            return None
        return Index.load(folder / _INDEX), _unpacked(memoryview(data)[4:])
    except (OSError, IndexFileError, EOFError, ValueError, TypeError):
        return None


def save(folder: Path, index: Index, tables: Mapping[str, Any]) -> bool:
    """Write a folder beside and rename it; False where the place cannot be written."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(mkdtemp(dir=folder.parent, prefix=".new-"))
    except OSError:
        return False
    try:
        index.save(beside / _INDEX)
        data = marshal.dumps(dict(tables))
        (beside / _TABLES).write_bytes(crc32(data).to_bytes(4, "little") + data)
        _put(beside, folder)
    except OSError:
        return False
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    _prune(folder.parent)
    return True


def _unpacked(data: memoryview) -> dict[str, Any]:
    """The tables. They hold no cycles: looking for some while they grow would take most of it."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        tables: dict[str, Any] = marshal.loads(data)
        return tables
    finally:
        if collecting:
            gc.enable()


def _put(beside: Path, folder: Path) -> None:
    """Rename into place. A folder there already is another start's, or it is broken."""
    try:
        beside.rename(folder)
    except OSError:
        if load(folder) is None:
            shutil.rmtree(folder, ignore_errors=True)
            beside.rename(folder)


def _prune(parent: Path) -> None:
    """Keep the newest few."""
    folders = [path for path in parent.iterdir() if (path / _TABLES).exists()]
    folders.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for old in folders[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
