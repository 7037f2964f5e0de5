"""What is asked of a bot that is measured, and how long it works on that."""

from __future__ import annotations

import os
import random
from pathlib import Path

import yaml

JUDGED = Path(__file__).parents[1] / "tests/retrieval/judgments"


def questions() -> list[str]:
    """The tune questions, each once, in an order that stays."""
    found: dict[str, None] = {}
    for path in sorted(JUDGED.glob("tune*.yaml")):
        for one in yaml.safe_load(path.read_text(encoding="utf-8")) or ():
            if isinstance(one.get("q"), str) and "\n" not in one["q"]:
                found[one["q"]] = None
    asked = list(found)
    random.Random(20261125).shuffle(asked)
    return asked


def worked(pid: int) -> float:
    """Seconds that a process has worked, by the kernel: a busy machine changes them less."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
