"""How fast is said what: as fast as it comes, until Slack tells to wait; then one a second."""

from __future__ import annotations

import time

GAP = 1.0  # seconds between messages to a place that was limited
MINDED = 60.0  # seconds that a place is kept slow after it was limited
MOST = 2000  # places that are remembered


class Pace:
    """Turns by name: one that must wait holds up no other."""

    def __init__(self) -> None:
        self._next: dict[str, float] = {}
        self._slow: dict[str, float] = {}  # until when

    def turn(self, name: str) -> float:
        """Seconds until one's turn; 0.0 where it is now, which takes it."""
        free = self._next.get(name)
        if free is None:
            return 0.0
        now = time.monotonic()
        if now < free:
            return free - now
        self._taken(name, now)
        return 0.0

    def limited(self, name: str, seconds: float) -> None:
        """Slack told to wait so many seconds here."""
        now = time.monotonic()
        if len(self._next) > MOST:
            self._forget(now)
        self._next[name] = max(self._next.get(name, 0.0), now + seconds)
        self._slow[name] = now + seconds + MINDED

    def _taken(self, name: str, now: float) -> None:
        if now > self._slow.get(name, 0.0):
            del self._next[name]
            self._slow.pop(name, None)
        else:
            self._next[name] = now + GAP

    def _forget(self, now: float) -> None:
        for name in [name for name, until in self._slow.items() if now > until]:
            del self._slow[name]
            self._next.pop(name, None)
