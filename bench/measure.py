"""Measure the engines on one corpus: built and started alone, asked in turns."""

from __future__ import annotations

import gc
import json
import marshal
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.engines import ENGINES, Ours, Passages, Search

K = 10
REPEATS = 5  # the best of them counts: it filters the neighbours' noise, not the slow questions
TURN = 50  # questions: a turn is short beside the noise of a machine, and long beside its caches
FEWEST = 10
PATIENCE = 900  # seconds for one build

Row = dict[str, Any]


def measured(
    passages: Passages,
    questions: Sequence[Sequence[str]],
    names: Sequence[str],
    folder: Path,
    slow: float,
    starts: int,
) -> dict[str, Row]:
    """A row of figures for each engine; one that cannot be run says why.

    An engine that needs more than so many slow seconds for all questions gets fewer. The best of
    so many starts counts.
    """
    corpus = folder / "corpus"
    corpus.write_bytes(marshal.dumps([list(passage) for passage in passages]))
    rows = {name: built_alone(name, corpus, folder / name) for name in names}
    corpus.unlink()
    for name in names:
        if "failed" not in rows[name]:
            rows[name] |= started_alone(name, folder / name, questions[0], starts)
    searches = {}
    for name in names:
        if "failed" not in rows[name]:
            searches[name] = ENGINES[name].open(folder / name)
    asked = {name: few_enough(search, questions, slow) for name, search in searches.items()}
    for name, times in interleaved(searches, asked).items():
        rows[name] |= percentiles(times) | {"questions": len(times)}
    for name, agreement in agreements(searches, asked).items():
        rows[name] |= agreement
    for name in searches:
        if isinstance(engine := ENGINES[name], Ours):
            rows[name] |= ways(engine.ways(folder / name), questions)
    return rows


def ways(searches: dict[str, Search], questions: Sequence[Sequence[str]]) -> Row:
    """What weights and a filter cost, as multiples of the plain median."""
    found = interleaved(searches, dict.fromkeys(searches, questions))
    middles = {way: percentiles(times)["p50_us"] for way, times in found.items()}
    return {f"{way}_ratio": middles[way] / middles["plain"] for way in ("weighted", "filtered")}


def built_alone(name: str, corpus: Path, folder: Path) -> Row:
    """Build in a process of its own: time, memory, bytes on the disk."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        row = child("build", name, str(corpus), str(folder))
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        said = (error.stderr or b"").decode(errors="replace").strip().splitlines()
        return {"failed": said[-1] if said else str(error)}
    files = [path for path in folder.rglob("*") if path.is_file()]
    return row | {"bytes": sum(path.stat().st_size for path in files)}


def started_alone(name: str, folder: Path, question: Sequence[str], starts: int) -> Row:
    """From the start of a process to its first answer, warm disk, beside one that does nothing."""
    walls: list[float] = []
    nothing: list[float] = []
    row: Row = {}
    for _ in range(starts):
        started = time.perf_counter()
        row = child("ask", name, str(folder), *question)
        walls.append(time.perf_counter() - started)
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import json"], check=True)
        nothing.append(time.perf_counter() - started)
        if walls[-1] > 5:
            break
    return {"cold_ms": min(walls) * 1e3, "cold_ratio": min(walls) / min(nothing)} | row


def child(*arguments: str) -> Row:
    """What a process of the bench's prints."""
    command = [sys.executable, "-m", "bench.child", *arguments]
    result = subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
    row: Row = json.loads(result.stdout.splitlines()[-1])
    return row


def few_enough(
    search: Search, questions: Sequence[Sequence[str]], slow: float
) -> Sequence[Sequence[str]]:
    """As many of the questions as an engine can answer in the time it is given."""
    for question in questions[:3]:  # the first may compile or read the file
        search(question, K)
    started = time.perf_counter()
    for question in questions[:3]:
        search(question, K)
    each = (time.perf_counter() - started) / 3
    return questions[: max(FEWEST, int(slow / REPEATS / each))]


def interleaved(
    searches: dict[str, Search], asked: dict[str, Sequence[Sequence[str]]]
) -> dict[str, list[float]]:
    """Each engine's best time for each question, in microseconds; they take turns.

    A turn begins with cold caches. So turns begin elsewhere in each round: else the slow tail
    would be made of the same first questions.
    """
    best = {name: [float("inf")] * len(asked[name]) for name in searches}
    gc.collect()
    gc.freeze()  # the corpus of the bench itself is no part of any engine
    for part in range(REPEATS):
        first = -(TURN * part // REPEATS)
        for start in range(first, max(map(len, asked.values()), default=0), TURN):
            for name, search in searches.items():
                for number in range(max(start, 0), min(start + TURN, len(asked[name]))):
                    started = time.perf_counter_ns()
                    search(asked[name][number], K)
                    taken = (time.perf_counter_ns() - started) / 1e3
                    best[name][number] = min(best[name][number], taken)
    gc.unfreeze()
    return best


def percentiles(times: Sequence[float]) -> Row:
    """The middle and the slow tail; the tail only of enough questions."""
    ordered = sorted(times)
    row = {"p50_us": ordered[len(ordered) // 2]}
    return row | ({"p99_us": ordered[len(ordered) * 99 // 100]} if len(ordered) >= 100 else {})


def agreements(
    searches: dict[str, Search], asked: dict[str, Sequence[Sequence[str]]]
) -> dict[str, Row]:
    """How much of rank_bm25's first ten each finds, and how often the very same list."""
    if "rank_bm25" not in searches:
        return {}
    questions = asked["rank_bm25"][:200]
    truth = [searches["rank_bm25"](question, K) for question in questions]
    return {
        name: agreement(truth, [search(question, K) for question in questions])
        for name, search in searches.items()
    }


def agreement(truth: Sequence[list[int]], lists: Sequence[list[int]]) -> Row:
    """The share of passages found, and of lists that are identical."""
    common = sum(len(set(one) & set(other)) for one, other in zip(truth, lists, strict=True))
    same = sum(one == other for one, other in zip(truth, lists, strict=True))
    return {"overlap": common / max(sum(map(len, truth)), 1), "identical": same / len(truth)}
