"""What the bench does in a process of its own, to see its time from the start and its memory.

`python -m bench.child build ENGINE CORPUS FOLDER` or `… ask ENGINE FOLDER TERM …`; prints JSON.
"""

from __future__ import annotations

import marshal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench.engines import ENGINES


def build(name: str, corpus: str, folder: str) -> str:
    """Build an index; how long it took and how much memory at the most."""
    passages = marshal.loads(Path(corpus).read_bytes())
    held = resident()
    started = time.perf_counter()
    ENGINES[name].build(passages, Path(folder))
    seconds = time.perf_counter() - started
    return f'{{"build_s": {seconds}, "build_rss_mb": {resident()}, "corpus_rss_mb": {held}}}'


def ask(name: str, folder: str, *terms: str) -> str:
    """Open an index and answer one question; how much memory that took."""
    found = ENGINES[name].open(Path(folder))(terms, 10)
    return f'{{"rss_mb": {resident()}, "found": {len(found)}}}'


def resident() -> float:
    """The most memory this process has had, in MB, as Linux tells it; 0 elsewhere.

    Not by getrusage, in which a child begins with what its parent had.
    """
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM")), 0.0)


CALLS: dict[str, Callable[..., str]] = {"build": build, "ask": ask}
if __name__ == "__main__":
    print(CALLS[sys.argv[1]](*sys.argv[2:]))
