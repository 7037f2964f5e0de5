"""How much one person, and one place, may ask in a minute. The time comes with each question."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import Literal

Verdict = Literal["yes", "tell", "no"]

MINUTE = 60.0
PLACE = 6  # times what one person may ask
MOST = 10_000  # names that are remembered: who has asked nothing for a minute is forgotten


class Limits:
    """Counts questions of the last minute, by person and by place."""

    def __init__(self, per_minute: int) -> None:
        self._most = per_minute
        self._asked: dict[tuple[str, str], deque[float]] = defaultdict(deque)
        self._told: dict[tuple[str, str], float] = {}

    def ask(self, person: str, place: str, now: float) -> Verdict:
        """Whether a question is answered; "tell" once a minute where it is not, else silence."""
        if len(self._asked) > MOST:
            self._forget(now)
        # On some platforms a private chat has the id of the person in it.
        names = {("person", person): self._most, ("place", place): PLACE * self._most}
        full = next((name for name, most in names.items() if self._full(name, most, now)), None)
        if full is None:
            for name in names:
                self._asked[name].append(now)
            return "yes"
        # Whose it is too much for is told: a place once, not everybody in it.
        if now - self._told.get(full, -MINUTE) < MINUTE:
            return "no"
        self._told[full] = now
        return "tell"

    def _full(self, name: tuple[str, str], most: int, now: float) -> bool:
        times = self._asked[name]
        while times and now - times[0] >= MINUTE:
            times.popleft()
        return len(times) >= most

    def _forget(self, now: float) -> None:
        for name in [
            name for name, times in self._asked.items() if not times or now - times[-1] > MINUTE
        ]:
            del self._asked[name]
        self._told = {name: at for name, at in self._told.items() if now - at < MINUTE}
