"""`python -m bench.answers`: how long an asker waits. Warm, from a question to its rendered answer;
cold, from the start of a process to its end. Both as multiples of something small in the same run,
so that a busy machine changes them little.
"""

from __future__ import annotations

import argparse
import gc
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import quantiles

ROOT = Path(__file__).parent.parent
JUDGMENTS = ROOT / "tests" / "retrieval" / "judgments"
BASE = "python -c 'import json'"
STARTS: Mapping[str, Sequence[str]] = {
    BASE: ("-c", "import json"),
    "mlinfra ask, English": ("-m", "bot", "ask", "how does pipeline parallelism work"),
    "mlinfra ask, Chinese": ("-m", "bot", "ask", "怎么把大模型切成流水线训练"),
    "mlinfra ask, Traditional": ("-m", "bot", "ask", "參數伺服器是什麼"),
    "mlinfra --help": ("-m", "bot", "--help"),
}
CUT = "jieba's cut alone"
PARTS = ("tune", "hold")


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser("python -m bench.answers", description=__doc__)
    parser.add_argument("--runs", type=int, default=15, help="the best of so many starts")
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as cache:
        print("\n".join([*warm(Path(cache)), "", *cold(Path(cache), runs)]))


def warm(cache: Path) -> list[str]:
    """From a question's text to what is printed, over the tune questions: first asked, and again.

    First: nothing of this question is remembered. Again: the best of three.
    """
    ways, asked = _ways(cache)
    first = {name: [_timed(way, text) for text in asked] for name, way in ways.items()}
    again = {
        name: [min(_timed(way, text) for _ in range(3)) for text in asked]
        for name, way in ways.items()
    }
    lines = [f"{len(asked)} questions, warm; x: multiples of {CUT}", ""]
    lines.append(f"{'':24}{'first p50':>14}{'p99':>14}{'again p50':>14}{'p99':>14}")
    for name in ways:
        row = ""
        for times in (first, again):
            for share in (50, 99):
                time_of, base = _percentile(times[name], share), _percentile(times[CUT], share)
                row += f"{1e3 * time_of:7.3f} ms {time_of / base:3.0f}x"
        lines.append(f"{name:24}{row}")
    return lines


def _ways(cache: Path) -> tuple[dict[str, Callable[[str], object]], list[str]]:
    """What is measured, and the questions. Each way has answered other questions before."""
    import jieba

    from bot import answering, current
    from bot.commands.serving import YOUNG
    from bot.model import Question
    from bot.platforms.terminal.jsonline import line
    from bot.platforms.terminal.look import Look
    from bot.platforms.terminal.render import render
    from bot.settings import Settings
    from retrieval import evaluate

    jieba.setLogLevel(logging.WARNING)
    retriever = current.load(Settings(catalog=None, cache=cache)).retriever
    look = Look(80, styled=True, clickable=True)
    ways: dict[str, Callable[[str], object]] = {
        CUT: lambda text: list(jieba.cut_for_search(text, HMM=False)),
        "terminal, 5 hits": lambda text: render(answering.answer(Question(text), retriever), look),
        "JSON, 10 results": lambda text: line(answering.answer(Question(text), retriever, 10)),
    }
    asked = {part: [one.question for one in evaluate.load(JUDGMENTS, part)] for part in PARTS}
    for text in asked["hold"]:
        for way in ways.values():
            way(text)
    gc.collect()
    gc.freeze()  # as `serve` does once it has what it needs
    gc.set_threshold(YOUNG)
    return ways, asked["tune"]


def cold(cache: Path, runs: int) -> list[str]:
    """From the start of a process to its end, on a warm disk: wall time, and processor time."""
    best: dict[str, tuple[float, float]] = {}
    for _ in range(runs + 1):  # the first compiles, and writes the snapshot
        for name, arguments in STARTS.items():
            took = _started(arguments, cache)
            if name in best:
                took = (min(took[0], best[name][0]), min(took[1], best[name][1]))
            best[name] = took
    lines = [f"cold, the best of {runs}; x: multiples of {BASE}", ""]
    for name, (wall, cpu) in best.items():
        multiples = f"{wall / best[BASE][0]:6.2f}x {cpu / best[BASE][1]:6.2f}x"
        lines.append(f"{name:28}{1e3 * wall:7.1f} ms {1e3 * cpu:7.1f} ms cpu {multiples} cpu")
    return lines


def _started(arguments: Sequence[str], cache: Path) -> tuple[float, float]:
    # An installed program is compiled; where this is set, every start would compile it anew.
    environ = {**os.environ, "MLINFRA_CACHE_DIR": str(cache), "PYTHONDONTWRITEBYTECODE": ""}
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.DEVNULL, cwd=ROOT, env=environ
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{arguments} left with {process.returncode}")
    return time.perf_counter() - started, used.ru_utime + used.ru_stime


def _timed(way: Callable[[str], object], text: str) -> float:
    started = time.perf_counter()
    way(text)
    return time.perf_counter() - started


def _percentile(times: Sequence[float], share: int) -> float:
    return quantiles(times, n=100)[share - 1]


if __name__ == "__main__":
    main()
