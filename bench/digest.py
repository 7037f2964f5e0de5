"""The paper of the week at scale: the real store, a clock that jumps, and places in all zones.

    python -m bench.digest PLACES WEEKS [--url URL] [--draw]

Each place must get each of its weeks once. Every thousandth claim dies with its worker, and must be
found again after its lease. The picture is docs/digest.svg.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import resource
import time
import zoneinfo
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select, text

from bench.drawing import Plane, box, picture, words
from bot import migrations
from bot.digest import pace, schedule
from bot.digest.office import LEASE, Office
from bot.store import subscriptions
from bot.subscription import Claim, Filters, Subscription, Terms
from corpus.database import Database

START = datetime(2026, 11, 1, 12, tzinfo=UTC).timestamp()
HOUR, WEEK = 3600.0, 7 * 86400.0
DIES = 1000  # one claim of so many dies with its worker
BATCH = 500
REPLICAS = 4
PICTURE = Path("docs/digest.svg")
DAYS = (40, 12, 12, 12, 14, 5, 5)  # of 100 places, who wants which day
HOURS = {7: 5, 8: 15, 9: 40, 10: 15, 12: 8, 15: 5, 18: 7, 20: 5}
KINDS = ((), ("paper",), ("book",), ("article",))


@dataclass
class Figures:
    """What a run has shown."""

    places: int
    weeks: int
    database: str
    expected: int = 0
    sent: int = 0
    doubled: int = 0
    lost: int = 0
    died: int = 0
    seconds: float = 0.0  # of work in the store
    megabytes: float = 0.0  # of the database
    growth: float = 0.0  # of the process, from the first week to the last, in megabytes
    hours: Counter[int] = field(default_factory=Counter)  # of the busiest week, UTC

    @property
    def busiest(self) -> int:
        """Digests of the busiest hour."""
        return max(self.hours.values(), default=0)

    @property
    def drained(self) -> float:
        """Minutes that the busiest hour takes at Telegram's limit."""
        return self.busiest * pace.gap("telegram") / 60

    def told(self) -> str:
        """In a line."""
        return (
            f"{self.places:,} places, {self.weeks} weeks, {self.database}: {self.sent:,} sent, "
            f"{self.lost} lost, {self.doubled} doubled, {self.died} workers died; "
            f"{self.sent / self.seconds:,.0f} a second; {self.megabytes:,.0f} MB; memory "
            f"{self.growth:+.0f} MB; busiest hour {self.busiest:,}, drained in "
            f"{self.drained:.0f} minutes"
        )


def places(count: int) -> Iterator[Subscription]:
    """Places in all zones, most of them on a Monday morning."""
    chance = random.Random(5)
    zones = [*sorted(zoneinfo.available_timezones()), "+14:00", "-12:00", "+05:30", "+08:45"]
    for number in range(count):
        day = chance.choices(range(1, 8), DAYS)[0]
        hour = chance.choices(list(HOURS), list(HOURS.values()))[0]
        filters = Filters(kinds=KINDS[number % 4] if number % 5 == 0 else ())
        terms = Terms(day, hour * 60, zones[number % len(zones)], "both", filters)
        week, at = schedule.following(terms, START)
        yield Subscription(f"stage:{number}", True, terms, next_week=week, next_at=at)


async def simulate(url: str, count: int, weeks: int) -> Figures:
    """Let so many weeks pass."""
    database = Database(url)
    migrations.upgrade(database.engine)
    found = Figures(count, weeks, database.engine.dialect.name)
    kept = list(places(count))
    for at in range(0, count, BATCH):
        part = kept[at : at + BATCH]
        await database.write(lambda connection, part=part: subscriptions.save_all(connection, part))
    offices = [Office(database, timedelta(days=3), START) for _ in range(REPLICAS)]
    run = _Run(offices, found)
    end, now, memory = START + weeks * WEEK, START, 0.0
    while (now := await _next(database, now)) <= end:
        await run.hour(now)
        if not memory and now > START + WEEK:
            memory = _memory()
    await run.hour(end)
    await run.hour(end + LEASE + HOUR, plan=False)  # what died in the last hour
    found.growth = _memory() - memory
    run.count(kept, end)
    found.megabytes = await _megabytes(database)
    await database.close()
    return found


class _Run:
    """Replicas at work hour by hour, and what came to each place."""

    def __init__(self, offices: Sequence[Office], found: Figures) -> None:
        self._offices = offices
        self._found = found
        self._came: dict[str, bytearray] = {}
        self._claims = 0
        self._by_week: Counter[tuple[str, int]] = Counter()

    async def hour(self, now: float, plan: bool = True) -> None:
        """Send all that is due."""
        begun = time.perf_counter()
        for office in self._offices:
            office.now = now
        while plan and await self._offices[0].plan():
            pass
        busy = True
        while busy:
            busy = any(await asyncio.gather(*(self._batch(office) for office in self._offices)))
        self._found.seconds += time.perf_counter() - begun

    async def _batch(self, office: Office) -> bool:
        claims = await office.claim("stage", BATCH, 0.0)
        await asyncio.gather(*(self._send(office, claim) for claim in claims))
        return bool(claims)

    async def _send(self, office: Office, claim: Claim) -> None:
        self._claims += 1
        if self._claims % DIES == 0:
            self._found.died += 1
            return
        number = int(claim.subscription.channel.partition(":")[2])
        week = self._came.setdefault(claim.week, bytearray(self._found.places))
        week[number] += 1
        self._by_week[claim.week, int(claim.due_at // HOUR)] += 1
        await office.sent(claim, "", "", None)

    def count(self, kept: Sequence[Subscription], end: float) -> None:
        """Hold what came against what each place's own calendar says."""
        found = self._found
        for number, one in enumerate(kept):
            week, at = schedule.following(one.terms, START)
            while at <= end:
                found.expected += 1
                came = self._came.get(week, b"\0" * found.places)[number]
                found.lost += came == 0
                week, at = schedule.following(one.terms, at, week)
        found.sent = sum(sum(week) for week in self._came.values())
        found.doubled = sum(came - 1 for week in self._came.values() for came in week if came > 1)
        weeks = Counter[str]()
        for (week, _), times in self._by_week.items():
            weeks[week] += times
        best = max(weeks, key=weeks.__getitem__)
        monday = schedule.at(best, Terms(minute=0))
        for (week, hour), times in self._by_week.items():
            if week == best:
                found.hours[int(hour - monday // HOUR)] += times


async def _next(database: Database, now: float) -> float:
    """The next full hour in which something is due; workers that died are found again in it."""
    due = select(subscriptions.subscriptions.c.next_at).order_by(
        subscriptions.subscriptions.c.next_at
    )
    first = await database.read(lambda connection: connection.execute(due.limit(1)).scalar())
    return max(now + HOUR, ((first or now) // HOUR + 1) * HOUR)


async def _megabytes(database: Database) -> float:
    if database.engine.dialect.name == "sqlite":
        return Path(database.engine.url.database or "").stat().st_size / 1e6
    size = text("SELECT pg_database_size(current_database())")
    return await database.read(lambda connection: connection.execute(size).scalar_one()) / 1e6


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def draw(found: Figures) -> str:
    """The hours of a week, and what the run has shown."""
    first, last = min(found.hours), max(found.hours)
    top = found.busiest * 1.1
    plane = Plane(80, 70, 940, 300, (first, last + 1), (0, top))
    step = 10 ** (len(str(int(top))) - 1)
    rows = {value: f"{value:,}" for value in range(0, int(top), max(step, 1))}
    names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Mon")
    columns = {day * 24.0: names[day] for day in range(7) if first <= day * 24 <= last}
    bars = []
    for hour, times in sorted(found.hours.items()):
        x, y = plane.place(hour, times)
        width = (plane.right - plane.left) / (last + 1 - first)
        bars.append(box(x, y, max(width - 0.6, 0.6), plane.bottom - y, "#1f77b4"))
    lines = (
        f"{found.places:,} places in all time zones, {found.weeks} weeks, {found.database}: "
        "digests due in each hour of a week (UTC)",
        f"{found.sent:,} sent of {found.expected:,}, {found.lost} lost, {found.doubled} doubled, "
        f"though {found.died} workers died; {found.sent / found.seconds:,.0f} a second through the "
        f"store, {found.megabytes:,.0f} MB",
        f"the busiest hour has {found.busiest:,}: {found.drained:.0f} minutes at 25 a second, "
        "Telegram’s limit for all digests",
    )
    body = [
        words(80, 26, lines[0], size=15),
        words(80, 48, lines[1], color="#555"),
        *plane.rows(rows),
        *plane.columns(columns, lines=True),
        *bars,
        words(80, 346, lines[2], color="#555"),
    ]
    return picture(960, 365, 13, body)


def main() -> None:
    """Run, tell, and draw where that is asked for."""
    parser = argparse.ArgumentParser("python -m bench.digest", description=__doc__)
    parser.add_argument("places", type=int)
    parser.add_argument("weeks", type=int)
    parser.add_argument("--url", help="of an empty database; a SQLite file for the moment")
    parser.add_argument("--draw", action="store_true", help="write docs/digest.svg")
    chosen = parser.parse_args()
    with TemporaryDirectory() as folder:
        url = chosen.url or f"sqlite:///{folder}/digest.db"
        found = asyncio.run(simulate(url, chosen.places, chosen.weeks))
    print(found.told())
    if chosen.draw:
        PICTURE.write_text(draw(found), encoding="utf-8")


if __name__ == "__main__":
    main()
