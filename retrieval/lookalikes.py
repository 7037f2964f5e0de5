"""What is taken for one another: Chinese characters, out of two tables of the lexicon, and words a
few letters apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

SHORTEST = 4  # letters of a word that may be a slip


def by_sound(path: Path) -> dict[str, str]:
    """Every character and the others that sound like it."""
    found: dict[str, str] = {}
    for _, letters in _rows(path):
        for letter in letters:
            found[letter] = found.get(letter, "") + letters.replace(letter, "")
    return found


def by_shape(path: Path) -> dict[str, str]:
    """Every character that looks like one of the lexicon's, and which may be meant by it."""
    found: dict[str, str] = {}
    for meant, letters in _rows(path):
        for letter in letters:
            found[letter] = found.get(letter, "") + meant
    return found


def _rows(path: Path) -> Iterator[tuple[str, str]]:
    """The rows below a table's header; none where there is no table."""
    lines = path.read_text(encoding="utf-8").splitlines()[1:] if path.exists() else []
    for line in lines:
        first, _, letters = line.partition("\t")
        yield first, letters


def distance(one: str, other: str, limit: int) -> int:
    """Edits and swaps of neighbours (optimal string alignment); `limit` + 1 where more."""
    one, other = _apart(one, other)
    if not (one and other):
        return min(len(one) + len(other), limit + 1)
    if limit == 1:  # one letter for another, or two neighbours swapped: the same without a table
        return 1 if len(one) == len(other) == 1 or (len(one) == 2 and one == other[::-1]) else 2
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, its in enumerate(other, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != its))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                best = min(best, last[j - 2] + 1)
            row.append(best)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


def _apart(one: str, other: str) -> tuple[str, str]:
    """Two words without the beginning and the end that they share: slips leave few letters."""
    most, start, end = min(len(one), len(other)), 0, 0
    while start < most and one[start] == other[start]:
        start += 1
    while end < most - start and one[-1 - end] == other[-1 - end]:
        end += 1
    return one[start : len(one) - end], other[start : len(other) - end]


def letters(word: str) -> int:
    """The letters of a word as bits; two that share a bit let more words through to be compared."""
    return sum({1 << ord(letter) % 61 for letter in word})


def plausible(word: str, other: str) -> bool:
    """Whether a word may be a slip of another at all.

    In a short word another letter makes another word: only swaps and one letter more or less.
    """
    if word == other + other[-1]:
        return len(other) > SHORTEST  # the last key was hit twice
    if word.startswith(other) or word.endswith(other):
        return False  # rebalancing is not balancing, pgvector is not vector
    swapped = sorted(word) == sorted(other)
    if len(word) <= 5:
        return word[0] == other[0] and (len(word) != len(other) or swapped)
    # a first letter is seldom wrong, and then nothing else: macbook is not facebook
    return word[0] == other[0] or swapped or other[1:] in (word, word[1:])
