"""What a posting is worth: the formula of rank_bm25.BM25Plus with delta = 0, in its own order
of operations, so that every score has the same bits. numpy's doubles and Python's agree.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from corpus.record import record

K1 = 1.2
B = 0.75


@record
class Collection:
    """The figures of all passages together, and the two parameters of BM25."""

    passages: int  # the empty ones counted too: rank_bm25's corpus_size
    length: int  # terms in all of them
    k1: float
    b: float

    def idf(self, passages: int) -> float:
        """How much a term says that this many passages hold."""
        return math.log((self.passages + 1) / passages)

    def share(self, count: int, length: int) -> float:
        """What a term adds for being in a passage of a length so often, before its idf."""
        average = self.length / self.passages if self.length else 1.0  # nothing is left: no score
        return (count * (self.k1 + 1)) / (
            self.k1 * (1 - self.b + self.b * length / average) + count
        )

    def shares(self, pairs: Sequence[int] | memoryview) -> list[float]:
        """The same for each code: pairs holds a count and a length for every one."""
        return list(map(self.share, pairs[::2], pairs[1::2]))
