"""What rank_bm25 itself answers: the specification of every score, asked in its own slow way."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from rank_bm25 import BM25Plus

Passages = Sequence[Sequence[str] | None]


def scores(
    passages: Passages, terms: Mapping[str, float], k1: float = 1.2, b: float = 0.75
) -> dict[int, float]:
    """The score of each passage that shares a term; a None among the passages is not there."""
    present = {
        position: passage for position, passage in enumerate(passages) if passage is not None
    }
    if not any(present.values()):
        return {}  # rank_bm25 divides by zero
    oracle = BM25Plus(list(present.values()), k1=k1, b=b, delta=0)
    total = np.zeros(len(present))
    for term, weight in terms.items():
        total += weight * oracle.get_scores([term])
    return {
        position: float(score)
        for (position, passage), score in zip(present.items(), total, strict=True)
        if not terms.keys().isdisjoint(passage)
    }


def best(
    passages: Passages,
    terms: Mapping[str, float],
    k: int,
    among: Collection[int] | None = None,
    k1: float = 1.2,
    b: float = 0.75,
) -> list[tuple[int, float]]:
    """The k best of them by score, then by lower position."""
    found = scores(passages, terms, k1, b).items()
    kept = [(position, score) for position, score in found if among is None or position in among]
    return sorted(kept, key=lambda hit: (-hit[1], hit[0]))[:k]
