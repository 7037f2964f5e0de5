"""How much one person, and one place, may ask in a minute. The time comes with each question."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import Literal

Verdict = Literal["yes", "tell", "no"]

MINUTE = 60.0
PLACE = 6  # times what one person may ask
SHARE = 4  # processes over which what is asked may be spread, and still be counted as one
MOST = 10_000  # names that are remembered: who has asked nothing for a minute is forgotten


class Limits:
    """Counts questions of the last minute, by person and by place."""

    def __init__(self, per_minute: int) -> None:
        self._most = per_minute
        self._asked: dict[tuple[str, str], deque[float]] = defaultdict(deque)
        self._told: dict[tuple[str, str], float] = {}

    def much(self, person: str, place: str, now: float) -> bool:
        """Whether so much was asked here that a few processes together may have had too much."""
        names = self._names(person, place)
        return any(SHARE * self._count(name, now) >= most for name, most in names.items())

    def ask(self, person: str, place: str, now: float, known: tuple[int, int] = (0, 0)) -> Verdict:
        """Whether a question is answered; "tell" once a minute where it is not, else silence.

        `known` is how much the person, and the place, asked wherever it was answered.
        """
        if len(self._asked) > MOST:
            self._forget(now)
        full = self._full(person, place, now, known)
        if full is None:
            for name in self._names(person, place):
                self._asked[name].append(now)
            return "yes"
        # Whose it is too much for is told: a place once, not everybody in it.
        if now - self._told.get(full, -MINUTE) < MINUTE:
            return "no"
        self._told[full] = now
        return "tell"

    def full(self, person: str, place: str, now: float, known: tuple[int, int] = (0, 0)) -> str:
        """Whose minute is full, the person or the place; empty where neither's is."""
        found = self._full(person, place, now, known)
        return found[1] if found else ""

    def _full(
        self, person: str, place: str, now: float, known: tuple[int, int]
    ) -> tuple[str, str] | None:
        asked = zip(self._names(person, place).items(), known, strict=True)
        return next(
            (name for (name, most), all_ in asked if max(all_, self._count(name, now)) >= most),
            None,
        )

    def _names(self, person: str, place: str) -> dict[tuple[str, str], int]:
        # On some platforms a private chat has the id of the person in it.
        return {("person", person): self._most, ("place", place): PLACE * self._most}

    def _count(self, name: tuple[str, str], now: float) -> int:
        times = self._asked[name]
        while times and now - times[0] >= MINUTE:
            times.popleft()
        return len(times)

    def _forget(self, now: float) -> None:
        for name in [
            name for name, times in self._asked.items() if not times or now - times[-1] > MINUTE
        ]:
            del self._asked[name]
        self._told = {name: at for name, at in self._told.items() if now - at < MINUTE}
