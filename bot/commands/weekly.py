"""The paper of the week as jobs of the service."""

from __future__ import annotations

from collections import Counter
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any

from bot.chat import Platform
from bot.current import InForce
from bot.digest.deliver import Deliverer
from bot.digest.office import Office
from bot.digest.preview import Preview
from bot.digest.watch import Returns, Strays, now_and_then
from bot.operator import Operator
from bot.settings import Settings
from corpus.database import Database


class Weekly:
    """What sends digests, and shows them to the curators before."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        current: InForce,
        platforms: Mapping[str, Platform],
        only: str = "",
    ) -> None:
        """`only`: the one place that is sent to, as a terminal is."""
        office = Office(database, settings.digest_grace, only=only)
        operator = Operator(settings.operator_channel, platforms)
        self._deliverer = Deliverer(office, lambda: current.retriever, platforms, operator.tell)
        self._returns = Returns(office, platforms)
        self._strays = Strays(office, tuple(platforms), operator.tell)
        self._preview: Preview | None = None
        if settings.curator_channel:
            self._preview = Preview(
                office,
                lambda: current.retriever,
                platforms,
                settings.curator_channel,
                tell=operator.tell,
            )

    def jobs(self) -> Sequence[Coroutine[Any, Any, None]]:
        """What runs as long as the service does."""
        preview = [self._preview.run()] if self._preview else []
        beside = [
            now_and_then(self._strays.look, "strays"),
            now_and_then(self._returns.look, "returns"),
        ]
        return [self._deliverer.run(), *beside, *preview]

    async def once(self) -> Counter[str]:
        """Show and send what is due now; what became of it."""
        if self._preview:
            await self._preview.once()
        await self._returns.look()
        await self._deliverer.send_due()
        waiting = await self._strays.look(late=0.0)
        told = {f"waiting for {name}, which is not set up": n for name, n in waiting.items()}
        return self._deliverer.outcomes + Counter(told)

    async def now(self) -> None:
        """Send what is due at this moment, without waiting for others."""
        await self._deliverer.round()
        await self._deliverer.settle()

    async def drain(self, seconds: float) -> bool:
        """Begin no more, and finish what is being sent; whether all of it was."""
        return await self._deliverer.drain(seconds)
