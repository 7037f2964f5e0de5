"""Words that point at what somebody else said: "what is this about?" beside a link. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.command import parse
from corpus.pattern import pattern

BARE = ("", "/ask")  # what is left of a line that is no more than our name
# A question, "this", "what is said above".
_POINTS = pattern(
    r"[?？]|\b(?:this|that|it|these|those|above|here|thoughts|explain|tl;?dr|summar\w+)\b"
    r"|[这這那该該此它吗嗎]|上面|什么|什麼|怎么|怎麼|介绍|介紹|总结|總結|收录|收錄",
    re.IGNORECASE,
)


def points(said: str, finds: Callable[[str], bool]) -> bool:
    """Whether a line is about something else; `finds` tells whether it finds a work by itself."""
    if said in BARE:
        return True
    return parse(said) is None and _POINTS.search(said) is not None and not finds(said)


def together(said: str, words: str) -> str:
    """A line that points, with the words that it points at."""
    return words if said in BARE else f"{said}\n{words}"
