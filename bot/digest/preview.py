"""What is coming, shown to the curators a day before: Send, Swap, Hold. Silence means send."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from bot.chat import Platform
from bot.digest import compose, curating, schedule, sentences
from bot.digest.compose import Issue
from bot.digest.deliver import Shelf
from bot.digest.office import Office
from bot.logs import fault, log
from bot.model import Channel, Digest
from bot.phrases import say, tell
from bot.store.subscriptions import Coming
from bot.subscription import Edition
from corpus.language import Script
from corpus.record import replace

AHEAD = 24 * 3600.0  # seconds before the first place gets it
EVERY = 60.0  # seconds between looks
MOST = 10  # Editions that are shown, the most wanted ones: every filter makes one


class Preview:
    """Shows Editions in the curators' channel."""

    def __init__(
        self,
        office: Office,
        shelf: Callable[[], Shelf],
        platforms: Mapping[str, Platform],
        channel: str,
        script: Script = "en",
    ) -> None:
        self._office = office
        self._shelf = shelf
        self._platform = platforms.get(channel.partition(":")[0])
        self._channel = Channel(channel, shared=True)
        self._script = script

    async def run(self) -> None:
        """Show what is coming, for ever."""
        while True:
            try:
                await self.look()
            except Exception as error:
                log.error("preview", **fault(error))
            await asyncio.sleep(EVERY)

    async def look(self) -> int:
        """Show what nobody has seen; how many that were."""
        if self._platform is None:
            return 0
        shown = 0
        for coming in (await self._office.coming(AHEAD))[:MOST]:
            entries = self._shelf().entries
            edition = await self._office.edition(coming.filters, coming.week, entries)
            if edition is None or edition.preview or not await self._office.to_show(edition):
                continue
            message = await self._platform.post(self._channel, await self._told(edition, coming))
            await self._office.shown(edition, message or "shown")
            shown += 1
        return shown

    async def _told(self, edition: Edition, coming: Coming) -> Digest:
        entries = self._shelf().entries
        entry = next(entry for entry in entries if entry.id == edition.entry)
        fresh = tuple(await self._office.fresh(edition.week, entries))
        issue = Issue(edition.week, entry, edition.reasons, fresh)
        digest = compose.compose(issue, entries, "both", self._script)
        at = schedule.local(coming.at, "UTC").strftime("%Y-%m-%d %H:%M UTC")
        name = edition.filters.key or tell(sentences.ALL_KINDS, self._script)
        note = say(sentences.PREVIEW, self._script, at=at, places=coming.places, edition=name)
        return replace(
            digest, note=note, rows=(digest.rows[0], curating.choices(edition, self._script))
        )
