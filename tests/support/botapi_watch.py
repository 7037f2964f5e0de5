"""What a test sees of the server: the calls, waiting for them, and letting them go wrong."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from botapi_chat import Chat
from botapi_faults import Fault, Faults, Flood, How
from botapi_world import World

T = TypeVar("T")


@dataclass(slots=True)
class Call:
    """A call of the bot, and how it was answered."""

    method: str
    params: dict[str, Any]
    at: float  # time.perf_counter()
    seconds: float = 0.0
    code: int = 0  # 0 while it lasts; 200 for ok; 599 for a dropped connection without effect
    answer: Any = None  # the result, or the description of the refusal


class Watch(World):
    """A world whose calls are watched."""

    loop: asyncio.AbstractEventLoop

    def __init__(self, **world: Any) -> None:
        super().__init__(**world)
        self.calls: list[Call] = []
        self.counts: Counter[str] = Counter()
        self.faults, self.flood = Faults(lambda: self.loop), Flood()
        self.changes: list[Callable[[], None]] = []  # called in the loop when something happened
        self.updates.changed = self.changed
        self._thread, self._last = 0, 0.0

    def run_here(self) -> None:
        """Belong to the running loop and its thread."""
        self.loop, self._thread = asyncio.get_running_loop(), threading.get_ident()
        self._news = asyncio.Event()

    def heard(self, call: Call) -> None:
        """Keep a call."""
        self.calls.append(call)
        self.counts[call.method] += 1

    def changed(self) -> None:
        """Something has happened; from any thread."""
        self._last = time.monotonic()
        if threading.get_ident() == self._thread:
            self._tell()
        elif self._thread and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._tell)

    def _tell(self) -> None:
        self._news.set()
        for change in self.changes:
            change()

    # Waiting

    async def until(self, condition: Callable[[], T], seconds: float = 5.0) -> T:
        """Wait for a condition, looking whenever something happens; its value."""
        limit = time.monotonic() + seconds
        while not (met := condition()):
            self._news.clear()
            left = limit - time.monotonic()
            assert left > 0, self._late(seconds)
            with contextlib.suppress(TimeoutError):  # what passes elsewhere is seen in 20 ms
                await asyncio.wait_for(self._news.wait(), min(left, 0.02))
        return met

    def wait(self, condition: Callable[[], T], seconds: float = 5.0) -> T:
        """The same for a test that is not asynchronous."""
        limit = time.monotonic() + seconds
        while not (met := condition()):
            assert time.monotonic() < limit, self._late(seconds)
            time.sleep(0.005)
        return met

    async def settled(self, seconds: float = 5.0, quiet: float = 0.1) -> None:
        """Wait until no update is left and nothing has happened for a while: for what must not."""
        await self.until(lambda: self._still(quiet), seconds)

    def settle(self, seconds: float = 5.0, quiet: float = 0.1) -> None:
        """The same for a test that is not asynchronous."""
        self.wait(lambda: self._still(quiet), seconds)

    def _still(self, quiet: float) -> bool:
        lasting = any(not c.code and c.method != "getUpdates" for c in self.calls[-50:])
        return not self.pending and not lasting and time.monotonic() - self._last > quiet

    def _late(self, seconds: float) -> str:
        tail = [f"{c.method} {c.code} {str(c.answer)[:200]}" for c in self.calls[-8:]]
        return f"not within {seconds} s; {self.pending} updates wait; last calls: {tail}"

    # Reading

    def calls_of(self, method: str) -> list[Call]:
        """The calls of one method."""
        return [call for call in self.calls if call.method == method]

    def refusals(self) -> list[Call]:
        """The calls that were refused."""
        return [call for call in self.calls if call.code >= 400]

    # Breaking

    def fail(self, method: str, how: How, **more: Any) -> Fault:
        """Let a method ("*": any) go wrong; see Faults.add for times, when, seconds, refusal."""
        return self.faults.add(method, how, **more)

    def throttle(self, seconds: float, chat: Chat | None = None) -> None:
        """Answer 429 to what is sent to a chat, or to all, for a time."""
        self.flood.until[str(chat.id) if chat else "*"] = self.now() + seconds
