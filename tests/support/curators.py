"""A week with curators on any platform: what is coming is shown to them, and what they press
counts. The same on every platform's server, over real sockets.
"""

from __future__ import annotations

import time
from datetime import timedelta

from bot.digest import schedule
from bot.digest.deliver import Deliverer
from bot.digest.office import Office
from bot.digest.preview import Preview
from bot.store import editions, ledger, subscriptions
from bot.subscription import Filters, Subscription, Terms

HOURS = 3600.0


class Week:
    """Places that get theirs in so many hours, and the curators' place."""

    def __init__(self, current, database, platforms, curators):
        self._database, self._platforms = database, platforms
        self._shelf = lambda: current.retriever
        self.office = Office(database, timedelta(days=3))
        self.preview = Preview(self.office, self._shelf, platforms, curators)
        self._due = 0.0
        self.week = ""

    async def subscribe(self, *channels, hours=23.0):
        """Places that are due at one moment."""
        moment = time.time() + hours * HOURS
        day = schedule.local(moment, "UTC")
        terms = Terms(day.isoweekday(), day.hour * 60 + day.minute, "UTC", "en")
        self.week, self._due = schedule.following(terms, moment - 120)
        found = [
            Subscription(channel, True, terms, next_week=self.week, next_at=self._due)
            for channel in channels
        ]
        await self._database.write(lambda c: subscriptions.save_all(c, found))

    async def look(self):
        """What the curators' place is shown now; how many."""
        return await self.preview.look()

    async def send(self, later=0.0):
        """Send as if the moment had come, and so many hours more had passed; what came of it."""

        async def tell(*words):
            raise AssertionError(words)

        office = Office(self._database, timedelta(days=3), self._due + 5 + later * HOURS)
        deliverer = Deliverer(office, self._shelf, self._platforms, tell, 0.01)
        await deliverer.send_due(20)
        return dict(deliverer.outcomes)

    async def entry(self):
        """What the Edition has."""
        found = await self._database.read(lambda c: editions.of(c, Filters(), self.week))
        return found.entry

    async def title(self):
        """The title of what it has."""
        entry = await self.entry()
        return next(one.title for one in self._shelf().entries if one.id == entry)

    async def counts(self):
        """What became of the week's digests."""
        return dict(await self._database.read(lambda c: ledger.counts(c, self.week)))
