"""The queue of updates: what may be forgotten, who waits for it, and which kinds are wanted."""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from botapi_errors import conflict

_ASKED_FOR_ONLY = {"chat_member", "message_reaction", "message_reaction_count"}
_OTHER = "terminated by other getUpdates request; make sure that only one bot instance is running"
KEPT_SECONDS = 24 * 3600
LONGEST_POLL = 50


@dataclass(slots=True, eq=False)
class Update:
    """An update that the bot has not confirmed yet."""

    id: int
    kind: str
    shape: dict[str, Any]
    born: float
    key: int  # updates of one key reach a webhook one after another
    fetched: int = 0
    sending: bool = False
    repeated: bool = False

    def gone(self, offset: int, oldest: float) -> bool:
        """Whether it is confirmed or too old; a repeated one is handed out once more first."""
        confirmed = self.id < offset and (self.fetched > 0 or not self.repeated)
        return confirmed or self.born < oldest


@dataclass
class Updates:
    """Updates in the order they came; thread-safe, so that a test may drive from outside."""

    now: Callable[[], float]
    pending: deque[Update] = field(default_factory=deque)
    allowed: list[str] | None = None
    webhook: str = ""
    changed: Callable[[], None] = lambda: None
    filtered: list[Update] = field(default_factory=list)  # kinds that the bot did not ask for

    def __post_init__(self) -> None:
        self._ids = itertools.count(int(time.time()) % 100_000_000 + 500_000_000)
        self._lock = threading.RLock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiter: asyncio.Future[str] | None = None

    def wanted(self, kind: str) -> bool:
        """Whether the bot takes updates of a kind."""
        return kind in self.allowed if self.allowed else kind not in _ASKED_FOR_ONLY

    def add(self, kind: str, payload: Any, key: int = 0) -> Update:
        """Put an update in line and wake whoever waits."""
        with self._lock:
            number = next(self._ids)
            update = Update(number, kind, {"update_id": number, kind: payload}, self.now(), key)
            if self.wanted(kind):
                self.pending.append(update)
            else:
                self.filtered.append(update)
        self.wake("news")
        self.changed()
        return update

    def again(self, update: Update) -> None:
        """Deliver an update a second time, as Telegram may."""
        with self._lock:
            self.pending.append(replace(update, repeated=True, fetched=0, sending=False))
        self.wake("news")
        self.changed()

    def wake(self, why: str) -> None:
        """End the waiting of the poll under way, from any thread."""
        loop = self._loop
        if self._waiter is None or loop is None or loop.is_closed():
            return
        if threading.get_ident() == self._thread:
            self._settle(why)
        else:
            loop.call_soon_threadsafe(self._settle, why)

    def _settle(self, why: str) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(why)

    def confirm(self, offset: int) -> None:
        """Forget what is older than an offset; a negative one counts from the end."""
        with self._lock:
            oldest = self.now() - KEPT_SECONDS
            if offset < 0:
                while len(self.pending) > -offset:
                    self.pending.popleft()
            while self.pending and self.pending[0].gone(offset, oldest):
                self.pending.popleft()

    def forget(self, update: Update) -> None:
        """Forget one update: a webhook has taken it."""
        with self._lock:
            self.pending.remove(update)
        self.changed()

    def clear(self) -> None:
        """Forget all: drop_pending_updates."""
        with self._lock:
            self.pending.clear()

    async def poll(self, offset: int, limit: int, timeout: float) -> Sequence[dict[str, Any]]:
        """Answer getUpdates: at once if there is something, else when there is."""
        self._refuse_beside_webhook()
        self.wake(_OTHER)
        self.confirm(offset)
        if not self.pending and timeout > 0:
            why = await self._wait(min(timeout, LONGEST_POLL))
            if why not in ("news", "time"):
                raise conflict(why)
        with self._lock:
            batch = list(itertools.islice(self.pending, limit))
            for update in batch:
                update.fetched += 1
        return [update.shape for update in batch]

    def _refuse_beside_webhook(self) -> None:
        if self.webhook:
            raise conflict(
                "can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first"
            )

    async def _wait(self, seconds: float) -> str:
        self._loop, self._thread = asyncio.get_running_loop(), threading.get_ident()
        waiter: asyncio.Future[str] = self._loop.create_future()
        self._waiter = waiter
        if self.pending:  # came from another thread meanwhile
            return "news"
        timer = self._loop.call_later(seconds, self._settle, "time")
        try:
            return await waiter
        finally:
            timer.cancel()
            if self._waiter is waiter:
                self._waiter = None
