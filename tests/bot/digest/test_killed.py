"""Killed at any step of a delivery, none is lost; only a send in flight may come twice."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sender import STEPS, Paper
from sqlalchemy import select

from bot import migrations
from bot.digest import schedule
from bot.digest.deliver import Deliverer
from bot.digest.office import Office
from bot.store import subscriptions
from bot.store.deliveries import deliveries
from bot.subscription import Filters, Subscription, Terms
from corpus.database import Database, connect

ROOT = Path(__file__).parents[3]
SENDER = ROOT / "tests/support/sender.py"
GRACE = timedelta(days=3)
COUNT = 40
KINDS = ((), ("book",), ("article",))


def subscribed(url, count=COUNT):
    """A database with places whose digest is due since a few seconds."""
    engine = connect(url)
    migrations.upgrade(engine)
    now = time.time()
    here = schedule.local(now - 120, "UTC")
    found = []
    for number in range(count):
        kinds = Filters(kinds=KINDS[number % 3])
        terms = Terms(here.isoweekday(), here.hour * 60 + here.minute, "UTC", "en", kinds)
        week, at = schedule.missed(terms, now)
        found.append(Subscription(f"paper:{number}", True, terms, next_week=week, next_at=at))
    with engine.begin() as connection:
        subscriptions.save_all(connection, found)
    engine.dispose()


def killed(url, cache, file, step, number):
    """A process that is gone at a step; what it had posted, and what it had marked."""
    done = subprocess.run(
        [sys.executable, str(SENDER), url, str(cache), str(file), step, str(number)],
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests/support'}"},
        stderr=subprocess.PIPE,
        timeout=60,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()[-2000:]
    engine = connect(url)
    with engine.begin() as connection:
        sent = select(subscriptions.subscriptions.c.channel).join(
            deliveries, deliveries.c.subscription == subscriptions.subscriptions.c.id
        )
        marked = set(connection.execute(sent.where(deliveries.c.state == "sent")).scalars())
        # the lease runs out
        connection.execute(deliveries.update().values(lease_until=deliveries.c.lease_until - 1e4))
    engine.dispose()
    return set(posted(file)), marked


def posted(file):
    return (
        Counter(line.split()[0] for line in file.read_text().splitlines()) if file.exists() else {}
    )


async def replicas(url, current, file, count=4):
    """So many processes beside each other, each with its own connections, until all is done."""

    async def tell(*words):
        raise AssertionError(words)

    databases = [Database(url) for _ in range(count)]
    deliverers = [
        Deliverer(Office(one, GRACE), lambda: current.retriever, {"paper": Paper(file)}, tell, 0.01)
        for one in databases
    ]
    await asyncio.gather(*(deliverer.send_due(60) for deliverer in deliverers))
    for database in databases:
        await database.close()


RARE = ("plan", "planned", "edition", "fixed", "posting", "marked")  # beside those next to them


@pytest.mark.parametrize(
    "step",
    [pytest.param(step, marks=[pytest.mark.slow] if step in RARE else []) for step in STEPS],
)
async def test_killed_at_a_step_nothing_is_lost(url, cache, current, tmp_path, step):
    """What was posted and not marked is the one ambiguous window: it may come twice."""
    subscribed(url)
    file = tmp_path / "posted"
    number = {"plan": 1, "planned": 1, "claimed": 2, "edition": 2, "fixed": 2}.get(step, 17)
    before, marked = await asyncio.to_thread(killed, url, cache, file, step, number)
    assert marked <= before
    await replicas(url, current, file)
    found = posted(file)
    assert set(found) == {f"paper:{number}" for number in range(COUNT)}
    doubled = {channel for channel, times in found.items() if times > 1}
    assert doubled <= before - marked
    assert max(found.values()) <= 2
    entries = {}
    for line in file.read_text().splitlines():
        channel, entry = line.split()
        entries.setdefault(int(channel.partition(":")[2]) % 3, set()).add(entry)
    assert all(len(picks) == 1 for picks in entries.values())  # the same Edition before and after
    await replicas(url, current, file)
    assert posted(file) == found


@pytest.mark.slow
async def test_four_replicas_killed_at_once_lose_nothing(url, cache, current, tmp_path):
    """Each in the middle of something else; the four that come after them finish it."""
    subscribed(url, 120)
    file = tmp_path / "posted"
    ends = (("claimed", 1), ("posting", 5), ("posted", 9), ("marking", 13))
    runs = (asyncio.to_thread(killed, url, cache, file, *end) for end in ends)
    before, marked = (set().union(*sets) for sets in zip(*await asyncio.gather(*runs), strict=True))
    await replicas(url, current, file)
    found = posted(file)
    assert set(found) == {f"paper:{number}" for number in range(120)}
    assert sum(times - 1 for times in found.values()) <= 4 * 25  # what four had in hand
    assert {channel for channel, times in found.items() if times > 1} <= before - marked
