"""What was worked out before: the same question gets the same answer, and need not be searched
twice. A button under an answer asks its question again; so does every follow-up; so do colleagues.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")

# Characters of keys. Between one half and two are remembered, the last that were asked for: 170 to
# 340 questions of 16 KB each, or as few as 10 of 2,000 characters, for which 2 MB are kept each.
HALF = 36_000


class Memory:
    """Values by what they were worked out from. Threads may share one: at worst a value is worked
    out twice.
    """

    def __init__(self, half: int = HALF) -> None:
        self._half = half
        self._held = 0  # characters of the keys of the young ones
        self._young: dict[Hashable, Any] = {}
        self._old: dict[Hashable, Any] = {}

    def recall(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of a key, made where it is not known."""
        found = self._young.get(key)
        if found is None:
            found = self._old.get(key)
            found = self._young[key] = make() if found is None else found
            self._held += len(repr(key))  # what is long has more worked out from it
            if self._held > self._half:
                self._old, self._young, self._held = self._young, {}, 0
        value: T = found
        return value
