"""What is asked of a bot that is measured, how long it works on that, and on which part."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import yaml

from bot import answering, migrations
from bot.current import InForce
from bot.inbox import Inbox
from bot.model import Answer, Channel, Question
from bot.outcome import Outcome
from bot.settings import Settings
from corpus.database import Database

BURST = 500  # messages
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


async def parts(
    folder: Path, render: Callable[[Answer], object], together: int
) -> dict[str, float]:
    """Milliseconds a message of the inbox and of the answer, each alone, as in a burst: of which
    so many come together. `render` makes a message of an answer.
    """
    retriever = InForce(Settings(catalog=None, cache=folder / "cache")).retriever
    texts = questions()[:BURST]
    answering.warm(retriever)
    begun = time.perf_counter()
    for text in texts:
        render(answering.answer(Question(text), retriever))
    answer = time.perf_counter() - begun
    database = Database(f"sqlite:///{folder / 'parts.db'}")
    migrations.upgrade(database.engine)
    inbox = Inbox(database, timedelta(days=7), timedelta(hours=24))
    await inbox.open(["telegram"], alone=True)
    events = [
        Question(text, key=f"k{n}", channel=Channel(f"telegram:{n % 50}"), asker=f"telegram:{n}")
        for n, text in enumerate(texts)
    ]
    begun = time.perf_counter()
    for start in range(0, BURST, together):
        taken = await inbox.take(events[start : start + together])
        marks = (inbox.answered(one, Outcome(), str(n)) for n, one in enumerate(taken))
        await asyncio.gather(*marks)
    kept = time.perf_counter() - begun
    await database.close()
    return {"inbox": kept / BURST * 1e3, "answer": answer / BURST * 1e3}


def told(most: float, shares: Mapping[str, float], whole: float) -> str:
    """What is aimed at, and what of a message with a new question is whose, in milliseconds."""
    each = (f"{name} {ms:.2f} ms ({ms / whole:.0%})" for name, ms in shares.items())
    return f"at most {most}x; of a message with a new question: " + ", ".join(each)
