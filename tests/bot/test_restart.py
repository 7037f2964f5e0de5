"""Killed in the middle, nothing is lost; only what was being sent at that moment may come twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from bot import migrations
from corpus.database import connect

ROOT = Path(__file__).parents[2]
BURST = ROOT / "tests/support/burst.py"
COUNT = 300
ABREAST = 64  # events answered side by side


@pytest.fixture(name="start")
def _start(url, cache, current, tmp_path):
    """Start a process over the same state; `current` has left a snapshot: it starts fast."""
    assert current
    engine = connect(url)
    migrations.upgrade(engine)
    engine.dispose()

    def start(first, count):
        return subprocess.Popen(
            [sys.executable, str(BURST), url, str(cache), str(tmp_path), str(first), str(count)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    return start


def answers(folder):
    path = folder / "answers"
    return (
        Counter(line.split()[0] for line in path.read_text().splitlines()) if path.exists() else {}
    )


@pytest.mark.parametrize("after", [1, 120, 290])
def test_killed_under_load_nothing_is_lost(start, tmp_path, after):
    """What was taken is answered by the next process; doubled is at most what was in flight."""
    process, taken = start(0, COUNT), 0
    for line in process.stdout:
        taken = int(line.split()[1]) + 1
        if taken >= after:
            process.send_signal(signal.SIGKILL)
            break
    taken = max([taken, *(int(line.split()[1]) + 1 for line in process.stdout)])
    process.stdout.close()
    process.wait(10)
    before = answers(tmp_path)
    with start(0, 0) as process:
        process.communicate(timeout=60)
    found = answers(tmp_path)
    assert {f"paper:{number}" for number in range(taken)} <= set(found)
    doubled = [key for key, times in found.items() if times > 1]
    assert len(doubled) <= ABREAST
    assert set(doubled) <= set(before)
    assert max(found.values()) <= 2
    with start(0, 0) as process:
        process.communicate(timeout=60)
    assert answers(tmp_path) == found
