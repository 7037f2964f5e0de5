"""What goes wrong on purpose: lost answers, broken servers, waiting, and too many calls."""

from __future__ import annotations

import asyncio
import math
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from botapi_errors import Refused, flooded

# -before: the call has no effect. -after: it has, and the answer is late or lost.
How = Literal[
    "drop-before",
    "drop-after",
    "500",
    "502",
    "502-after",
    "400-page",  # of something in between
    "401-page",
    "403-page",
    "404-page",
    "200-json",  # of the same, which knows JSON too
    "401-json",
    "flood",
    "delay",
    "delay-after",
    "hold",
    "hold-after",
    "refuse",
]
PROXY_JSON = b'{"foo": 1}'
PROXY_PAGE = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body></body>\r\n</html>\r\n"
)


@dataclass(eq=False)
class Fault:
    """One thing that goes wrong, a number of times."""

    method: str
    how: How
    left: float
    when: Callable[[dict[str, Any]], bool]
    seconds: float
    refusal: Refused | None
    loop: Callable[[], asyncio.AbstractEventLoop]
    met: int = 0
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def after(self) -> bool:
        """Whether the call has its effect first."""
        return self.how.endswith("-after")

    def release(self) -> None:
        """Let go what is held, and hold no more; from any thread."""
        self.left = 0
        loop = self.loop()
        loop.call_soon_threadsafe(self.gate.set)

    async def wait(self) -> None:
        """Wait as long as this fault says."""
        if self.how.startswith("hold"):
            await self.gate.wait()
        elif self.how.startswith("delay"):
            await asyncio.sleep(self.seconds)


class Faults:
    """The faults to come."""

    def __init__(self, loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
        self._loop, self._faults, self._lock = loop, list[Fault](), threading.Lock()

    def add(
        self,
        method: str,
        how: How,
        *,
        times: float = 1,
        when: Callable[[dict[str, Any]], bool] | None = None,
        seconds: float = 1.0,
        refusal: Refused | None = None,
    ) -> Fault:
        """Let a method ("*": any) go wrong; `when` looks at the parameters."""
        fault = Fault(method, how, times, when or (lambda _: True), seconds, refusal, self._loop)
        with self._lock:
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Let all go well again; what is held goes on."""
        for fault in self._faults:
            fault.release()
        self._faults.clear()

    def take(self, method: str, params: dict[str, Any]) -> Fault | None:
        """The fault that meets this call."""
        if not self._faults:
            return None
        with self._lock:
            for fault in self._faults:
                if fault.method in ("*", method) and fault.left > 0 and fault.when(params):
                    fault.left -= 1
                    fault.met += 1
                    return fault
        return None


@dataclass
class Flood:
    """Telegram's limits, as they are told: off until a test turns them on."""

    overall: int | None = None  # messages a second, over all chats
    per_chat: int | None = None  # messages a second
    per_group: int | None = None  # messages a minute
    until: dict[str, float] = field(default_factory=dict)  # chats that must wait, or "*"
    refused: int = 0
    _times: dict[str, deque[float]] = field(default_factory=dict)

    def check(self, chat: str, now: float) -> None:
        """Refuse what comes too soon; count what does not."""
        for key in (chat, "*"):
            if self.until.get(key, 0.0) > now:
                self._refuse(self.until[key] - now)
        limits = [("*", self.overall, 1.0), (chat, self.per_chat, 1.0)]
        if chat.startswith("-"):
            limits.append((f"group {chat}", self.per_group, 60.0))
        counted = []
        for key, most, span in limits:
            if most is None:
                continue
            times = self._times.setdefault(key, deque())
            while times and times[0] <= now - span:
                times.popleft()
            if len(times) >= most:
                self._refuse(times[0] + span - now)
            counted.append(times)
        for times in counted:
            times.append(now)

    def _refuse(self, seconds: float) -> None:
        self.refused += 1
        raise flooded(max(1, math.ceil(seconds)))
