"""What was worked out before: the same question gets the same answer, and need not be searched
twice. A button under an answer asks its question again; so does every follow-up; so do colleagues.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")

HALF = 3000  # values: between one half and two are remembered, four for a question, 16 KB in all


class Memory:
    """Values by what they were worked out from. Threads may share one: at worst a value is worked
    out twice.
    """

    def __init__(self, half: int = HALF) -> None:
        self._half = half
        self._young: dict[Hashable, Any] = {}
        self._old: dict[Hashable, Any] = {}

    def recall(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of a key, made where it is not known."""
        found = self._young.get(key)
        if found is None:
            found = self._old.get(key)
            found = self._young[key] = make() if found is None else found
            if len(self._young) > self._half:
                self._old, self._young = self._young, {}
        value: T = found
        return value
