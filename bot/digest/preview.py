"""What is coming, shown to the curators a day before: Send, Swap, Hold. Silence means send."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from bot.chat import DeliveryError, Platform
from bot.digest import compose, curating, schedule, sentences
from bot.digest.compose import Issue
from bot.digest.deliver import Shelf
from bot.digest.office import Office
from bot.digest.watch import Tell
from bot.logs import fault, log
from bot.model import Channel, Digest
from bot.phrases import say, tell
from bot.store.ledger import Coming
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
        tell: Tell | None = None,
    ) -> None:
        """`tell`: who hears that curators see nothing, which lets digests go unseen."""
        self._office = office
        self._shelf = shelf
        self._platform = platforms.get(channel.partition(":")[0])
        self._channel = Channel(channel, shared=True)
        self._script = script
        self._tell = tell
        self._refused = ""  # why, the last time: it is told once

    async def run(self) -> None:
        """Show what is coming, for ever."""
        while True:
            await self.once()
            await asyncio.sleep(EVERY)

    async def once(self) -> None:
        """Show what is coming; no error leaves it, for silence means send."""
        try:
            await self.look()
            self._refused = ""
        except DeliveryError as error:
            reason, known = error.reason[:120], self._refused
            self._refused = reason
            log.warning("preview refused", reason=reason)
            if self._tell is not None and reason != known:
                sentence = f"the curators see no preview in {self._channel.id}: {reason}"
                await self._tell(sentence, "preview")
        except Exception as error:
            log.error("preview", **fault(error))

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
        at = schedule.local(coming.at, "UTC").strftime("%Y-%m-%d %H:%M UTC")
        name = edition.filters.key or tell(sentences.ALL_KINDS, self._script)
        note = say(sentences.PREVIEW, self._script, at=at, places=coming.places, edition=name)
        digest = compose.compose(issue, entries, "both", self._script, note=note)
        return replace(digest, rows=(digest.rows[0], curating.choices(edition, self._script)))
