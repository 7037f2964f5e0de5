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
MARGIN = 1  # lines: each platform joins addresses and related works in its own way
_SENTENCES = pattern(r"(?<=[.!?])(?<!\b[A-Z]\.)\s+(?=[\"“(A-Z0-9])|(?<=[。！？])")
# A word with the blanks before it; of Chinese each letter, with the mark that stays behind it.
_WORDS = pattern(r"(\s*)([⺀-鿿豈-﫿]|[^\s⺀-鿿豈-﫿]+)")
_LOOSE = pattern(r"[A-Za-z0-9'’-]+$")  # a word that may be half


@record
class Room:
    """How many of each thing there are, and how wide they are."""

    facts: int
    fact: int  # columns of one
    fresh: int  # titles of new entries
    related: int
    summary: int  # columns, in all languages together
    title: int = 90  # columns of a title named beside the pick
    cuts: bool = False  # whether of a fact that is too long only the first sentences are told


ROOMS = (  # the first in which a digest has a screen's lines is taken
    Room(3, 230, 3, 2, 800),
    Room(2, 230, 3, 2, 800),
    Room(2, 230, 2, 2, 560),
    Room(2, 180, 1, 2, 480),
    Room(2, 180, 1, 1, 400),
    Room(2, 150, 1, 1, 320),
    Room(2, 130, 1, 1, 260, 60),
    Room(2, 130, 1, 1, 200, 44),
    Room(2, 110, 1, 1, 150, 44),
    Room(2, 110, 1, 1, 104, 28),
    Room(2, 110, 1, 1, 150, 36, cuts=True),
    Room(2, 88, 1, 1, 120, 28, cuts=True),
    Room(2, 60, 1, 1, 88, 20, cuts=True),
)


def width(text: str) -> int:
    """The columns that a text takes."""
    return len(text) + sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)


def height(lines: Iterable[str]) -> int:
    """The lines of a phone that lines take; those with nothing in them take none."""
    return sum(map(_wrapped, lines))


def fits(lines: Iterable[str]) -> bool:
    """Whether lines are no more than a screen, on whatever platform."""
    return height(lines) <= LINES - MARGIN


def _wrapped(line: str) -> int:
    """The lines of a phone that one takes, where words are not parted, but Chinese is."""
    count, column = 0, COLUMNS
    for found in _WORDS.finditer(line.strip()):
        wide = width(found[2])
        if column + width(found[1]) + wide <= COLUMNS:
            column += width(found[1]) + wide
        else:  # a word longer than a line goes on in the next
            count += -(-wide // COLUMNS)
            column = (wide - 1) % COLUMNS + 1
    return count


def sentences(text: str, room: int) -> str:
    """A text's first sentences that have room, the first of them in any case."""
    told, *rest = _SENTENCES.split(text)
    return cut(text, max(room, width(told) + 2)) if rest else text


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
    return clip(text, room)


def clip(text: str, room: int) -> str:
    """The beginning of a text that has room, up to a whole word."""
    if width(text) <= room:
        return text
    while width(text) > room - 1:
        text = text[: max(1, (room - 1) * len(text) // width(text))].rstrip()
    return (_LOOSE.sub("", text).rstrip(" ，、；：（,;:(") or text) + "…"
