"""Digests composed once for all places that get the same, and Editions looked up once a moment:
a morning has thousands of deliveries and a handful of texts.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from bot.digest import compose
from bot.digest.compose import Issue
from bot.digest.office import Office
from bot.model import Digest
from bot.subscription import Edition, Filters, Spoken
from corpus.language import Script
from corpus.model import Entry

MOST = 256  # texts kept
MOMENT = 2.0  # seconds that an Edition is taken as it was: a swap or a hold counts after them


class Texts:
    """What is sent this week."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._editions: dict[tuple[str, str], tuple[float, Edition]] = {}
        self._told: dict[tuple[str, str, str, str, str, str], Digest] = {}

    async def edition(
        self, filters: Filters, week: str, entries: Sequence[Entry]
    ) -> Edition | None:
        """What an Edition has in a week; None: held, or nothing passes."""
        key, now = (filters.key, week), time.monotonic()
        until, known = self._editions.get(key, (0.0, None))
        if known is not None and now < until:
            return known
        found = await self._office.edition(filters, week, entries)
        if len(self._editions) > MOST:
            self._editions.clear()
        if found is not None:
            self._editions[key] = now + MOMENT, found
        return found

    async def digest(
        self,
        edition: Edition,
        entries: Sequence[Entry],
        language: Spoken,
        script: Script,
        note: str = "",
    ) -> Digest:
        """An Edition's text, under a note where something is to be said of the place."""
        key = (edition.filters.key, edition.week, edition.entry, language, script, note)
        if key not in self._told:
            while len(self._told) >= MOST:
                self._told.pop(next(iter(self._told)))
            entry = next(entry for entry in entries if entry.id == edition.entry)
            fresh = tuple(await self._office.fresh(edition.week, entries))
            issue = Issue(edition.week, entry, edition.reasons, fresh)
            self._told[key] = compose.compose(issue, entries, language, script, note=note)
        return self._told[key]
