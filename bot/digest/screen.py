"""How much of a digest has room on one screen of a phone. Pure.

A phone shows some thirty lines of 44 Latin letters, a Chinese one being as wide as two. What is
left out first is what the buttons and next week's digest bring anyway.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from corpus.pattern import pattern
from corpus.record import record

COLUMNS, LINES = 44, 30
_SENTENCES = pattern(r"(?<=[.!?])(?<!\b[A-Z]\.)\s+(?=[\"“(A-Z0-9])|(?<=[。！？])")
_LOOSE = pattern(r"[A-Za-z0-9'’-]+$")  # a word that may be half


@record
class Room:
    """How many of each thing there are, and how wide they are."""

    facts: int
    fact: int  # columns of one
    fresh: int  # titles of new entries
    related: int
    summary: int  # columns, in all languages together


ROOMS = (  # the first in which a digest has a screen's lines is taken
    Room(3, 230, 3, 2, 800),
    Room(2, 230, 3, 2, 800),
    Room(2, 230, 2, 2, 560),
    Room(2, 180, 1, 2, 480),
    Room(2, 180, 1, 1, 400),
    Room(2, 150, 1, 1, 320),
    Room(2, 130, 1, 1, 260),
    Room(2, 130, 1, 1, 200),
    Room(2, 110, 1, 1, 150),
)


def width(text: str) -> int:
    """The columns that a text takes."""
    return len(text) + sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)


def height(lines: Iterable[str]) -> int:
    """The lines of a phone that lines take; those with nothing in them take none."""
    return sum(-(-width(line) // COLUMNS) for line in lines)


def cut(text: str, room: int) -> str:
    """A text's first sentences that have room; of one that is too long itself, its beginning."""
    if width(text) <= room:
        return text
    said = ""
    for part in _SENTENCES.split(text):
        longer = f"{said} {part}".strip() if part.isascii() else said + part
        if width(longer) > room - 2:
            break
        said = longer
    if said:
        return f"{said} …" if said.isascii() else f"{said}…"
    while width(text) > room - 1:
        text = text[: max(1, (room - 1) * len(text) // width(text))].rstrip()
    return (_LOOSE.sub("", text).rstrip(" ，、；：（,;:(") or text) + "…"
