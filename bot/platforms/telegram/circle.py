"""Whom a private instance serves. Pure but for the memory of who has been told."""

from __future__ import annotations

from collections.abc import Iterable

from bot.platforms.telegram.intake import place
from bot.platforms.telegram.said import Json

SUPERGROUPS = -1_000_000_000_000  # the ids of supergroups and channels are below


class Circle:
    """The ids of people and groups that are served; without any, everybody is."""

    def __init__(self, ids: Iterable[int]) -> None:
        self._ids = set(ids)
        self._told: set[int] = set()

    def serves(self, update: Json) -> bool:
        """Whether an update comes from inside."""
        if not self._ids:
            return True
        if query := update.get("inline_query"):
            return int(query["from"]["id"]) in self._ids
        found = place(update)
        before = (update.get("message") or {}).get("migrate_from_chat_id")
        return found is None or not self._ids.isdisjoint((found[0], before))

    def groups(self) -> list[int]:
        """The groups inside that may have become supergroups while nobody told us."""
        return [chat for chat in self._ids if SUPERGROUPS < chat < 0]

    def move(self, old: int, new: int) -> None:
        """A group inside has another id now."""
        if old in self._ids:
            self._ids.add(new)

    def is_first(self, chat: int) -> bool:
        """Whether a chat outside has not been told yet."""
        if chat in self._told:
            return False
        self._told.add(chat)
        return True

    def forget(self, chat: int) -> None:
        """A chat that was left may ask us in again, to be told again."""
        self._told.discard(chat)
