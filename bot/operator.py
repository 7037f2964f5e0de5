"""A line to the operator when something goes wrong: its kind and number, never anybody's words."""

from __future__ import annotations

import time
from collections.abc import Mapping

from bot.chat import Platform
from bot.logs import fault, log
from bot.model import Channel, Notice

TELL = 60.0  # seconds between two words on the same kind of fault


class Operator:
    """Who runs the bot, reached in a channel of theirs; without one nobody is told."""

    def __init__(self, channel: str | None, platforms: Mapping[str, Platform]) -> None:
        self._channel = channel
        self._platforms = platforms
        self._told: dict[str, float] = {}

    async def tell(self, sentence: str, kind: str) -> None:
        """Say it, once a minute for each kind of fault."""
        now = time.monotonic()
        if self._channel is None or now - self._told.get(kind, -TELL) < TELL:
            return
        self._told[kind] = now
        channel = Channel(self._channel, shared=True)
        platform = self._platforms.get(channel.platform)
        try:
            if platform is not None:
                await platform.post(channel, Notice((f"mlinfra: {sentence}",)))
        except Exception as error:
            log.error("operator", **fault(error))
