"""Regular expressions that are compiled when they are first used: all of ours take 15 ms, and a
first answer needs few of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast


class _Pattern:
    """Takes over the methods of the compiled one as they are asked for."""

    def __init__(self, source: str, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        method = getattr(re.compile(self._source, self._flags), name)
        setattr(self, name, method)
        return method


def pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    """What re.compile gives, later."""
    return cast("re.Pattern[str]", _Pattern(source, flags))


class Rare:
    """A pattern for what few texts hold: one of a few strings stands in every match of it."""

    def __init__(self, needs: Sequence[str], source: str, flags: int = 0) -> None:
        self._needs = needs  # in lower case
        cased = any(map(str.islower, needs))
        self._ignores_case = cased and bool(flags & re.IGNORECASE)
        self._pattern = pattern(source, flags)

    def search(self, text: str) -> re.Match[str] | None:
        """The first match."""
        return self._pattern.search(text) if self._may_match(text) else None

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """The match of the whole text."""
        return self._pattern.fullmatch(text) if self._may_match(text) else None

    def finditer(self, text: str, *stretch: int) -> Iterator[re.Match[str]]:
        """Every match, in a stretch of the text where one is given."""
        return self._pattern.finditer(text, *stretch) if self._may_match(text) else iter(())

    def sub(self, put: Callable[[re.Match[str]], str], text: str) -> str:
        """The text with something put in the place of every match."""
        return self._pattern.sub(put, text) if self._may_match(text) else text

    def _may_match(self, text: str) -> bool:
        text = text.lower() if self._ignores_case else text
        return any(map(text.__contains__, self._needs))  # a question asks forty times
