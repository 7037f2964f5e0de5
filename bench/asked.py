"""What is asked of a bot that is measured: the judged questions, as people ask them."""

from __future__ import annotations

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
