"""How common a word is in the language at large: a rare one says more than a frequent one.

English comes from `lexicon/english.tsv` (word, Zipf value; sorted), searched where it lies: a
question asks for a handful of its 50,000 words. Chinese comes from jieba's own counts.
"""

from __future__ import annotations

import math
from mmap import ACCESS_READ, mmap
from pathlib import Path

from retrieval.lexicon import FOLDER

UNKNOWN = 0.0  # Zipf value of a word seen nowhere; 3 is once in a million words


class English:
    """Zipf values (log10 of occurrences in a billion words) of English words."""

    def __init__(self, path: Path = FOLDER / "english.tsv") -> None:
        with path.open("rb") as file:
            self._lines = mmap(file.fileno(), 0, access=ACCESS_READ)

    def zipf(self, word: str) -> float:
        """The value of a lower-case word, UNKNOWN where it is not listed."""
        wanted = word.encode() + b"\t"
        low, high = 0, len(self._lines)
        while low < high:  # lines from `low` on, before `high`; both stand at starts of lines
            start = self._lines.rfind(b"\n", low, (low + high) // 2) + 1 or low
            start = max(start, low)
            end = self._lines.find(b"\n", start) + 1
            line = self._lines[start:end]
            if line.startswith(wanted):
                return float(line[len(wanted) :])
            if line < wanted:
                low = end
            else:
                high = start
        return UNKNOWN


def zipf(count: int, total: int) -> float:
    """The Zipf value of a count among a total."""
    return math.log10(count / total * 1e9) if count else UNKNOWN
