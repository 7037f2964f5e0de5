"""What replies look like, as they were rendered before: an answer that is remembered comes back as
the same value, so its message is known by it. Rendering took as long as the rest of such an answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from bot.model import Answer, Reply
from retrieval.memory import Memory

T = TypeVar("T")

HALF = 20_000  # characters of keys, as in any memory: 300 answers of a few kilobytes each


class Rendered(Generic[T]):
    """The messages of replies; `render` must make the same of the same reply each time."""

    def __init__(self, render: Callable[[Reply], T]) -> None:
        self._render = render
        self._memory = Memory(HALF)

    def of(self, reply: Reply) -> T:
        """The message of a reply."""
        # What is remembered holds the reply: as long as its id is known, no other one has it.
        asked = reply.question if isinstance(reply, Answer) else ""  # a long one's answer is large
        return self._memory.recall((id(reply), asked), lambda: (reply, self._render(reply)))[1]
