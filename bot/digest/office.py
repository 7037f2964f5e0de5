"""The durable side of digests: what is due written down once, claimed, and marked.

Each promise is the database's to keep: one row for each subscription and week, a lease on the
database's clock, and an attempt that fences who comes too late.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import Connection

from bot.digest import pick as picks
from bot.digest import plan
from bot.model import Conversation
from bot.store import conversations, deliveries, editions, ledger, settings, subscriptions
from bot.store.ledger import Coming
from bot.subscription import Claim, Edition, Filters, Ledger, Subscription
from corpus.database import Database
from corpus.model import Entry
from corpus.record import record

BATCH = 500  # subscriptions planned in a transaction
LEASE = 90.0  # seconds after its turn that a claim is ours
STRIKES = 3  # refusals for good, after which a subscription rests
KEPT = 30 * 86400.0  # seconds that the buttons under a digest find their entry


@record
class Struck:
    """What a refusal for good came to."""

    strikes: int
    rests: bool


class Office:
    """Plans, claims and marks, for any number of processes beside each other."""

    def __init__(
        self, database: Database, grace: timedelta, now: float | None = None, only: str = ""
    ) -> None:
        self._database = database
        self.grace = grace.total_seconds()
        self.now = now  # a simulation's clock; None: the database's
        self._only = only  # place that it sends to; empty: every one

    async def plan(self) -> int:
        """Write down what is due; how many subscriptions that were."""

        def write(connection: Connection) -> int:
            found = subscriptions.due(connection, BATCH, self.now)
            if not found:
                return 0
            now = subscriptions.moment(connection, self.now)
            made = [plan.planned(one, now, self.grace) for one in found]
            deliveries.plan(connection, [due for due, _ in made if due], now)
            subscriptions.go_on(connection, [after for _, after in made])
            return len(found)

        return await self._database.write(write)

    async def claim(self, platform: str, limit: int, gap: float) -> Sequence[Claim]:
        """Claim what is due on a platform, each with its turn."""
        return await self._database.write(
            lambda connection: deliveries.claim(
                connection, platform, limit, gap, LEASE, self.now, self._only
            )
        )

    async def moment(self) -> float:
        """What the database's clock says."""
        return await self._database.read(
            lambda connection: subscriptions.moment(connection, self.now)
        )

    async def edition(
        self, filters: Filters, week: str, entries: Sequence[Entry]
    ) -> Edition | None:
        """What an Edition has in a week, fixed now if it was not; None: held, or nothing passes.

        What was fixed stands, unless curators hold the week or its entry has left the catalog.
        """

        def find(connection: Connection) -> tuple[Edition | None, Ledger]:
            known = editions.of(connection, filters, week)
            return known, editions.ledger(connection, filters)

        known, found = await self._database.read(find)
        if picks.is_held(found, filters, week):
            return None
        ids = {entry.id for entry in entries}
        if known is not None and known.entry in ids:
            return known
        picked = picks.pick(entries, week, filters, found)
        if picked.entry is None:
            return None
        fixed = Edition(filters, week, picked.entry.id, picked.revision, picked.reasons)

        def fix(connection: Connection) -> Edition:
            if known is not None:
                editions.unfix(connection, filters, week)
            editions.arrive(connection, ids, week)
            return editions.fix(connection, fixed)

        return await self._database.write(fix)

    async def fresh(self, week: str, entries: Sequence[Entry]) -> Sequence[Entry]:
        """What came into the catalog in a week."""
        known = await self._database.read(lambda connection: editions.ledger(connection, Filters()))
        arrived = picks.arrivals(entries, week, dict(known.arrived))
        return [entry for entry in entries if arrived.get(entry.id) == week]

    async def coming(self, seconds: float) -> Sequence[Coming]:
        """The Editions due within so many seconds, the most wanted first."""
        return await self._database.read(
            lambda connection: ledger.coming(connection, seconds, self.now)
        )

    async def to_show(self, edition: Edition) -> bool:
        """Claim showing an Edition to the curators; false where another does, or has."""
        return await self._database.write(
            lambda connection: editions.to_show(
                connection, edition.filters, edition.week, LEASE, self.now
            )
        )

    async def shown(self, edition: Edition, message: str) -> None:
        """Note the message in which the curators see an Edition."""
        await self._database.write(
            lambda connection: editions.shown(connection, edition.filters, edition.week, message)
        )

    async def is_held(self, filters: Filters, week: str) -> bool:
        """Whether the curators hold an Edition's week."""
        found = await self._database.read(lambda connection: editions.ledger(connection, filters))
        return picks.is_held(found, filters, week)

    async def sent(
        self, claim: Claim, entry: str, message: str, told: Conversation | None, rests: str = ""
    ) -> bool:
        """Mark a digest sent by a message, whose buttons find its entry; false: no longer ours.

        `rests`: why the subscription pauses with it, until somebody there says so.
        """

        def mark(connection: Connection) -> bool:
            ours = deliveries.close(
                connection, claim, "sent", entry=entry, message=message, now=self.now
            )
            if claim.subscription.strikes:
                subscriptions.absolve(connection, [claim.subscription.id])
            if rests:
                subscriptions.rest(connection, claim.subscription.id, rests)
            if ours and told is not None and message:
                channel = claim.subscription.channel
                conversations.keep(connection, channel, "", message, told, KEPT)
            return ours

        return await self._database.write(mark)

    async def close(self, claim: Claim, state: str, reason: str, rests: str = "") -> None:
        """Mark a digest that is not sent. `rests`: why the subscription pauses with it."""

        def mark(connection: Connection) -> None:
            deliveries.close(connection, claim, state, reason=reason, now=self.now)
            if rests:
                subscriptions.rest(connection, claim.subscription.id, rests)

        await self._database.write(mark)

    async def put_off(
        self, claim: Claim, seconds: float, reason: str, refused: bool = True
    ) -> None:
        """Let a digest's turn come again later."""
        await self._database.write(
            lambda connection: deliveries.put_off(
                connection, claim, seconds, reason, self.now, refused
            )
        )

    async def strike(self, claim: Claim, reason: str) -> Struck:
        """Count a refusal for good; after some, the subscription rests."""

        def strike(connection: Connection) -> Struck:
            strikes = subscriptions.strike(connection, claim.subscription.id)
            rests = strikes >= STRIKES
            if rests:
                subscriptions.rest(connection, claim.subscription.id, "refused")
                deliveries.close(connection, claim, "failed", reason=reason, now=self.now)
            return Struck(strikes, rests)

        return await self._database.write(strike)

    async def strays(
        self, served: Collection[str], late: float, reason: str
    ) -> tuple[Counter[str], set[str]]:
        """How many digests are late by so many seconds on each platform that nobody serves; and
        the weeks of those that are given up, after the days of grace.
        """

        def look(connection: Connection) -> tuple[Counter[str], set[str]]:
            now = subscriptions.moment(connection, self.now)
            weeks = deliveries.give_up(connection, served, now - self.grace, reason, now)
            return deliveries.strays(connection, served, now - late), weeks

        return await self._database.write(look)

    async def revoked(self) -> Sequence[Subscription]:
        """The subscriptions that rest because our token was taken back."""
        return await self._database.read(
            lambda connection: subscriptions.resting(connection, "revoked")
        )

    async def go_on(self, found: Sequence[Subscription]) -> None:
        """Let subscriptions go on, that still rest as they did."""

        def write(connection: Connection) -> None:
            now = subscriptions.moment(connection, self.now)
            rests = subscriptions.numbered(connection, {one.id for one in found})
            for before in found:
                one = rests.get(before.id)
                if one is not None and (one.state, one.why) == (before.state, before.why):
                    last = plan.had(ledger.last(connection, one.id))
                    subscriptions.save(connection, plan.resumed(one, now, last))

        await self._database.write(write)

    async def failing(self, week: str, least: int, share: float) -> tuple[int, int] | None:
        """(failed, all) of a week, the first time that the failures pass a threshold."""

        def look(connection: Connection) -> tuple[int, int] | None:
            counts = ledger.counts(connection, week)
            failed, everything = counts["failed"], sum(counts.values())
            if failed < least or failed < share * everything:
                return None
            return (failed, everything) if settings.once(connection, f"told {week}") else None

        return await self._database.write(look)
