"""How common a word is in the language at large: a rare one says more than a frequent one.

English comes from `lexicon/english.tsv` (word, Zipf value; sorted), searched where it lies: a
question asks for a handful of its 50,000 words. Chinese comes from jieba's own counts.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from mmap import ACCESS_READ, mmap
from pathlib import Path

from retrieval.lexicon import FOLDER

ALIKE = 3  # letters: no more than a few hundred words begin alike
UNKNOWN = 0.0  # Zipf value of a word seen nowhere; 3 is once in a million words


class English:
    """Zipf values (log10 of occurrences in a billion words) of English words."""

    def __init__(self, path: Path = FOLDER / "english.tsv") -> None:
        with path.open("rb") as file:
            self._lines = mmap(file.fileno(), 0, access=ACCESS_READ)
        self._values: dict[str, float] = {}
        self._read: set[str] = set()

    def zipf(self, word: str) -> float:
        """The value of a lower-case word, UNKNOWN where it is not listed.

        The words that begin as it does are read with it: the next questions will ask for some.
        """
        beginning = f"{word}\t"[:ALIKE]
        if beginning not in self._read:
            self._values.update(self._beginning(beginning.encode()))
            self._read.add(beginning)
        return self._values.get(word, UNKNOWN)

    def _beginning(self, letters: bytes) -> Iterator[tuple[str, float]]:
        """Every word that begins with some letters, and its value."""
        low, high = 0, len(self._lines)
        while low < high:  # lines from `low` on, before `high`; both stand at starts of lines
            start = max(self._lines.rfind(b"\n", low, (low + high) // 2) + 1, low)
            end = self._lines.find(b"\n", start) + 1
            if self._lines[start:end] < letters:
                low = end
            else:
                high = start
        while self._lines[low : low + len(letters)] == letters:
            end = self._lines.find(b"\n", low)
            word, value = self._lines[low:end].decode().split("\t")
            yield word, float(value)
            low = end + 1


def zipf(count: int, total: int) -> float:
    """The Zipf value of a count among a total."""
    return math.log10(count / total * 1e9) if count else UNKNOWN
