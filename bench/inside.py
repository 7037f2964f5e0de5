"""How long 100,000 passages of pages take: built, opened, and swapped while questions go on.

python -m bench.inside [PASSAGES]
"""

from __future__ import annotations

import asyncio
import itertools
import random
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from bot import current, migrations, refreshing
from bot.settings import Settings
from corpus import store
from corpus.database import Database, connect
from corpus.model import Extract, Page, Piece

QUESTIONS = (
    "pipeline parallelism of large models",
    "参数服务器怎么同步梯度",
    "vibration of cooling fans",
    "feature store at uber",
    "zorblax frobnication",
)
_NUMBERS = itertools.count()


def main() -> None:
    """Print the figures, a line each."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        _measure(count, Settings(catalog=None, cache=place / "cache", data=place / "data"))


def _measure(count: int, settings: Settings) -> None:
    force = current.InForce(settings)
    before = _timed(force, 3.0)
    print(f"a question, without pages: {_told(before)}")
    asyncio.run(_fill(settings, _pieces(count, force)))
    start = time.perf_counter()
    _rebuild(settings)
    print(f"{count:,} passages built and kept: {time.perf_counter() - start:.1f} s")
    start = time.perf_counter()
    force.renew()
    print(f"opened and swapped: {time.perf_counter() - start:.2f} s")
    steady = _timed(force, 3.0)
    print(f"a question, with them: {_told(steady)}")
    swapping = threading.Thread(target=_swap, args=(settings, force))
    swapping.start()
    during = _timed(force, 600.0, swapping)
    print(f"a question, while they are built anew and swapped: {_told(during)}")
    print(f"p99 during the swap / usual: {_p99(during) / _p99(steady):.1f}")


def _pieces(count: int, force: current.InForce) -> list[tuple[str, Piece]]:
    """Passages of 150 terms, as words are spread in a language, over the catalog's own links."""
    draw = random.Random(1)
    words = [f"word{at}" for at in range(50_000)]
    weights = [1 / (at + 10) for at in range(len(words))]
    urls = [link.url for entry in force.retriever.entries for link in entry.links]
    found = []
    for at in range(count):
        terms = tuple(draw.choices(words, weights, k=150))
        url = urls[at * len(urls) // count]
        found.append((url, Piece(" ".join(terms), at % 20 + 1, "", terms)))
    return found


async def _fill(settings: Settings, pieces: list[tuple[str, Piece]]) -> None:
    """Keep the passages in a database, as if their pages had been read."""
    engine = connect(settings.database_url)
    migrations.upgrade(engine)
    engine.dispose()
    pages: dict[str, list[Piece]] = {}
    for url, piece in pieces:
        pages.setdefault(url, []).append(piece)
    database = Database(settings.database_url)
    for url, found in pages.items():
        held = store.Held(Page(url, url, "text/html", b""), Extract(), None, 1.0, tuple(found))
        await database.write(lambda connection, held=held: store.keep(connection, held))
    await database.write(store.advance)
    await database.close()


def _rebuild(settings: Settings) -> None:
    async def rebuild() -> None:
        database = Database(settings.database_url)
        await refreshing.rebuild(settings, database)
        await database.close()

    asyncio.run(rebuild())


def _swap(settings: Settings, force: current.InForce) -> None:
    asyncio.run(_count(settings))
    _rebuild(settings)
    force.renew()


async def _count(settings: Settings) -> None:
    """Something has changed: the index is made anew."""
    database = Database(settings.database_url)
    await database.write(store.advance)
    await database.close()


def _timed(
    force: current.InForce, seconds: float, until: threading.Thread | None = None
) -> list[float]:
    """How long questions take, one after the other, so long or until a thread ends."""
    times = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end and (until is None or until.is_alive()):
        # One more word each time: what was asked before is remembered, and would tell nothing.
        question = f"{QUESTIONS[len(times) % len(QUESTIONS)]} word{next(_NUMBERS)}"
        start = time.perf_counter()
        force.retriever.search(question)
        times.append(time.perf_counter() - start)
        time.sleep(0.002)
    return times


def _p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[98]


def _told(times: list[float]) -> str:
    p50, p99 = 1000 * statistics.median(times), 1000 * _p99(times)
    return f"p50 {p50:.2f} ms, p99 {p99:.2f} ms ({len(times)} asked)"


if __name__ == "__main__":
    main()
