"""Lines of a printed page in the order in which they are read: column after column. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from corpus.record import record

_STEP = 3.0  # points between two places where a gutter is looked for
_LEAST = 5  # lines that make a column
_CROSSING = 0.2  # share of lines that may cross a gutter: titles, tables, wide figures
_DEEPEST = 3
_NAMES = (
    r"a ?b ?s ?t ?r ?a ?c ?t|summary|introduction|key ?words|index terms|references"
    r"|acknowledge?ments?|摘\s*要|引\s*言|[关關]\s*[键鍵]\s*[词字詞]|[参參]\s*考\s*文\s*[献獻]"
)
_HEADING = re.compile(rf"\W*(?:(?:\d+|[IVX]+)[.、]?\s*)?(?:{_NAMES})\W*", re.IGNORECASE)
_RUN_IN = re.compile(
    r"(?:Abstract|ABSTRACT|Key ?words|Index Terms|摘\s*要|[关關]\s*[键鍵]\s*[词字詞])\s*[.:：—–-]"
)
_BULLET = re.compile(r"[•◦▪●‣■]\s*\S")
_HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")


@record
class Line:
    """A piece of text on one base line. In points; y grows upwards, as in PDF."""

    left: float
    bottom: float
    right: float
    top: float
    size: float  # of its letters
    text: str


def ordered(lines: Sequence[Line]) -> list[Line]:
    """The lines as one reads them. Where there are no columns, they stay as they were drawn."""
    return _columns(list(lines), _DEEPEST)


def _columns(lines: list[Line], depth: int) -> list[Line]:
    gutter = _gutter(lines) if depth else None
    if gutter is None:
        return lines if _goes_down(lines) else _rows(lines)
    read: list[Line] = []
    left: list[Line] = []
    right: list[Line] = []
    for line in _rows(lines):
        if line.right <= gutter + 1:
            left.append(line)
        elif line.left >= gutter - 1:
            right.append(line)
        else:  # it goes across both columns: what stands above it comes first
            read += [*_columns(left, depth - 1), *_columns(right, depth - 1), line]
            left, right = [], []
    return [*read, *_columns(left, depth - 1), *_columns(right, depth - 1)]


def _gutter(lines: Sequence[Line]) -> float | None:
    """Where an empty stripe divides the lines into columns."""
    if len(lines) < 2 * _LEAST:
        return None
    first, last = min(line.left for line in lines), max(line.right for line in lines)
    width = last - first
    best: tuple[int, float, float] | None = None
    for step in range(int(width * 0.2 / _STEP), int(width * 0.8 / _STEP) + 1):
        at = first + step * _STEP
        crossing = sum(line.left < at - 1 and line.right > at + 1 for line in lines)
        found = (crossing, abs(at - first - width / 2), at)
        if (best is None or found < best) and crossing <= _CROSSING * len(lines):
            best = found if _divides(lines, at) else best
    return None if best is None else best[2]


def _divides(lines: Sequence[Line], at: float) -> bool:
    """Whether full columns stand on both sides, beside each other."""
    left = [line for line in lines if line.right <= at + 1]
    right = [line for line in lines if line.left >= at - 1]
    if min(len(left), len(right)) < _LEAST:
        return False
    top = min(max(line.top for line in side) for side in (left, right))
    bottom = max(min(line.bottom for line in side) for side in (left, right))
    heights = sum(line.top - line.bottom for line in lines) / len(lines)
    return top - bottom > _LEAST * heights and all(_is_prose(side) for side in (left, right))


def _is_prose(lines: Sequence[Line]) -> bool:
    """Whether lines are long enough to be a column, and not one of a table."""
    return sum(len(line.text) for line in lines) / len(lines) > 12


def _goes_down(lines: Sequence[Line]) -> bool:
    """Whether lines were drawn from top to bottom."""
    pairs = list(pairwise(lines))
    down = sum(later.bottom < earlier.top for earlier, later in pairs)
    return down >= 0.95 * len(pairs)


def _rows(lines: Sequence[Line]) -> list[Line]:
    """From top to bottom, and on the same height from left to right."""
    read: list[Line] = []
    row: list[Line] = []
    for line in sorted(lines, key=lambda line: -(line.top + line.bottom)):
        if row and (line.top + line.bottom) / 2 < row[0].bottom + 0.25 * row[0].size:
            read += sorted(row, key=lambda line: line.left)
            row = []
        row.append(line)
    return read + sorted(row, key=lambda line: line.left)


def paragraphs(lines: Iterable[Line]) -> str:
    """Lines as running text: words divided at a line's end are joined, paragraphs kept apart."""
    text, before = "", None
    for line in lines:
        said = line.text.strip()
        if not said:
            continue
        if before is None:
            text = said
        elif _breaks(before, line):
            text += "\n" + said
        else:
            text = _continued(text, said)
        before = line
    return text


def _breaks(before: Line, line: Line) -> bool:
    """Whether a new paragraph begins with a line."""
    if abs(line.size - before.size) > 0.15 * before.size:
        return True
    if any(_HEADING.fullmatch(one.text) for one in (before, line)):
        return True
    if _RUN_IN.match(line.text) or _BULLET.match(line.text):
        return True
    gap = before.bottom - line.top
    return gap > 0.9 * before.size or (line.bottom > before.top and line.left < before.left)


def _continued(text: str, said: str) -> str:
    if text.endswith("-") and said[0].islower() and text[-2:-1].isalpha():
        return text[:-1] + said
    if _HAN.match(text[-1]) and _HAN.match(said[0]):
        return text + said
    return f"{text} {said}"
