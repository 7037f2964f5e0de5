"""How common a word is in the language at large: a rare one says more than a frequent one.

English comes from `lexicon/english.tsv` (word, Zipf value; sorted), searched where it lies: a
question asks for a handful of its 50,000 words. Chinese comes from jieba's own counts.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from functools import cached_property
from mmap import ACCESS_READ, mmap
from pathlib import Path

from retrieval.lexicon import FOLDER

BLOCK = 1 << 10  # bytes of lines that are looked through at once
UNKNOWN = 0.0  # Zipf value of a word seen nowhere; 3 is once in a million words


class English:
    """Zipf values (log10 of occurrences in a billion words) of English words."""

    def __init__(self, path: Path = FOLDER / "english.tsv") -> None:
        with path.open("rb") as file:
            self._lines = mmap(file.fileno(), 0, access=ACCESS_READ)

    @cached_property
    def _blocks(self) -> tuple[list[bytes], list[int]]:
        """The first word of each block of lines, and where they start, with the end."""
        lines, end = self._lines, len(self._lines)
        starts = [lines.rfind(b"\n", 0, at) + 1 for at in range(0, end, BLOCK)]
        return [lines[start : lines.find(b"\t", start)] for start in starts], [*starts, end]

    def zipf(self, word: str) -> float:
        """The value of a lower-case word, UNKNOWN where it is not listed."""
        wanted = word.encode()
        words, starts = self._blocks
        after = bisect_right(words, wanted)
        block = b"\n" + self._lines[starts[after - 1] : starts[after]] if after else b""
        _, found, rest = block.partition(b"\n" + wanted + b"\t")
        return float(rest[: rest.index(b"\n")]) if found else UNKNOWN


def zipf(count: int, total: int) -> float:
    """The Zipf value of a count among a total."""
    return math.log10(count / total * 1e9) if count else UNKNOWN
