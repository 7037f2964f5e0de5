"""Text in a terminal's cells: how wide it is, where it may break, how it is painted. Pure.

A Chinese character takes two cells. Closing punctuation does not begin a line, opening punctuation
does not end one, and an address is never broken.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice, pairwise

from corpus.pattern import pattern
from corpus.record import record

_WIDE = (
    "\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f"
    "\uff00-\uff60\uffe0-\uffe6\U0001f300-\U0001faff\U00020000-\U0003fffd"
)
_OPEN = "（《「『“‘【〈"
_CLOSE = r"，。、；：！？）》」』”’】〉…,.;:!?)\]}%"
_UNIT = pattern(rf"(?P<space>\s+)|[{_OPEN}(\[]*(?:[^\s{_WIDE}]+|\S)[{_CLOSE}]*(?: [·｜](?=\s))?")
_NARROW = pattern(r"(?P<space>\s+)|\S+(?: ·(?=\s))?")  # the same, where nothing is wide

# What takes a cell each and is no mark of direction: most of what is not Chinese.
_PLAIN = pattern(r"[ -~¡-¬®-˿‐-‧]*")

Lines = tuple[tuple[int, int], ...]


@record
class Style:
    """How a stretch of a text is painted: an SGR code such as "1" (bold), or a link to click."""

    start: int
    end: int
    code: str = ""
    url: str = ""


def cells(text: str) -> int:
    """How many cells of a terminal a text takes."""
    return len(text) if text.isascii() else sum(map(_cell, text))


def clean(text: str) -> str:
    """Without what would command a terminal: controls, escapes, marks of direction, surrogates."""
    if text.isprintable():
        return text
    return "".join(
        " " if letter in "\n\t" else letter
        for letter in text
        if letter in "\n\t\u200d" or unicodedata.category(letter) not in ("Cc", "Cf", "Cs")
    )


@lru_cache(maxsize=4096)
def wrap(text: str, width: int) -> Lines:
    """The lines of a text, as stretches of it without the blanks at their ends."""
    return tuple(_lines(text, width))


def _lines(text: str, width: int) -> Iterator[tuple[int, int]]:
    start, last = len(text) - len(text.lstrip()), len(text.rstrip())
    if width > 1 and _PLAIN.fullmatch(text) and "· ·" not in text:  # a tenth of the time
        while last - start > width and (line := _full(width).match(text, start)):
            yield line.span(1)
            start = line.end()
        if 0 < last - start <= width:
            yield start, last
            return
    yield from _broken_lines(text, width, start)


def _broken_lines(text: str, width: int, at: int) -> Iterator[tuple[int, int]]:
    """The lines of a text from a place on, unit by unit."""
    start = end = used = 0  # of the line so far
    begun = False
    for start_of, end_of, size, space in _units(text, width, at):
        if space:
            used += size if begun else 0
            continue
        if begun and used + size > width:
            yield start, end
            begun = False
        if not begun:
            start, used, begun = start_of, 0, True
        end, used = end_of, used + size
    if begun:
        yield start, end


@lru_cache(maxsize=4096)
def clip(text: str, width: int, most: int) -> str:
    """A text cut to the lines that hold so many cells, an ellipsis where something is left out."""
    count = -(-most // width)
    lines = [*islice(_lines(text, width), count + 1)]
    if len(lines) <= count:
        return text
    start, end = lines[count - 1]
    if cells(text[start:end]) == width:  # the ellipsis wants a cell
        end = start + wrap(text[start:end], width - 1)[0][1]
    return text[:end].rstrip(" ·，,；;：:、。") + "…"


def paint(text: str, lines: Lines, styles: Sequence[Style]) -> list[str]:
    """The lines of a text with their styles; each line closes what it opens."""
    if not styles:
        return [text[start:end] for start, end in lines]
    return [_painted(text, start, end, styles) for start, end in lines]


def _painted(text: str, start: int, end: int, styles: Sequence[Style]) -> str:
    here = [style for style in styles if style.start < end and style.end > start]
    if not here:
        return text[start:end]
    cuts = {start, end}
    for style in here:
        cuts.add(max(start, style.start))
        cuts.add(min(end, style.end))
    pieces = [
        _piece(text[left:right], [s for s in here if s.start <= left and s.end >= right])
        for left, right in pairwise(sorted(cuts))
    ]
    return "".join(pieces)


def _piece(text: str, styles: Sequence[Style]) -> str:
    if not styles:
        return text
    if codes := ";".join([style.code for style in styles if style.code]):
        text = f"\x1b[{codes}m{text}\x1b[0m"
    for style in styles:
        if style.url:
            text = f"\x1b]8;;{style.url}\x1b\\{text}\x1b]8;;\x1b\\"
    return text


def _holds_wide(text: str) -> bool:
    if text.isascii():
        return False
    return max(text) >= "\u2e80" or any("\u1100" <= letter <= "\u115f" for letter in text)


@lru_cache
def _full(width: int) -> re.Pattern[str]:
    """What fills a line of plain letters, where more comes behind."""
    return re.compile(rf"(\S(?:.{{,{width - 2}}}\S)?)(?! · ) +")


def _units(text: str, width: int, at: int) -> Iterator[tuple[int, int, int, bool]]:
    """(start, end, cells, blank) of what a line is not broken inside of."""
    for unit in (_UNIT if _holds_wide(text) else _NARROW).finditer(text, at):
        start, end = unit.span()
        size = cells(unit[0])
        space = unit["space"] is not None
        if size <= width or space or "://" in unit[0]:
            yield start, end, size, space
        else:
            yield from _broken(text, start, end, width)


def _broken(text: str, start: int, end: int, width: int) -> list[tuple[int, int, int, bool]]:
    """A word longer than a line, cut where the line is full."""
    found, first, used = [], start, 0
    for place in range(start, end):
        size = _cell(text[place])
        if used + size > width:
            found.append((first, place, used, False))
            first, used = place, 0
        used += size
    return [*found, (first, end, used, False)]


@lru_cache(maxsize=16384)
def _cell(letter: str) -> int:
    if unicodedata.east_asian_width(letter) in "WF":
        return 2
    return 0 if unicodedata.category(letter) in ("Mn", "Me", "Cf") else 1
