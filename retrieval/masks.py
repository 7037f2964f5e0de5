"""Filters of passages as numpy's booleans, and how deep to look for what a filter lets through.

The best passages of all are asked for, more of them than are wanted, so that enough are let
through: then a filter costs no more than no filter. Where they are not enough, the search is
made again, slowly. So what is found is exact, and only how long it takes is a guess.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from corpus.record import record
from retrieval import ranking
from retrieval.ranking import KNOWN, Hits

FEW, RARE = 6000, 6  # passages, one in so many: no more let through, and all are scored
LEAST = 400  # so few are always scored: that takes no longer than to look for the best of all
SPARSE, RARER = 2000, 32  # the same for compiled code, which loses less by looking at the others
DEEPEST = 500  # a list from which a set of positions is picked out faster than it is made a mask
RUNGS = 17  # ranks of which a term's score is kept: KNOWN, then twice as many at each second one
RANKS = np.rint(KNOWN * 2 ** (np.arange(RUNGS) / 2)).astype(np.intp)
FOLDED = 4 * int(RANKS[-1])  # scores beyond which their maxima are sorted instead
SPREAD = 1.5  # standard deviations; a guess that fails costs a second search

Booleans = NDArray[np.bool_]
Floats = NDArray[np.float64]


@record
class Flags:
    """Which of an index's passages may be found."""

    every: Booleans
    part: float  # how many of them all
    few: NDArray[np.intp]  # where they are few: how many, then the positions, rising; else nothing
    addresses: tuple[int, int]  # of every and of few; 0 where there are none


def flagged(among: Collection[int] | None, passages: int, but: Collection[int]) -> Flags:
    """Which passages of an index may be found: those among some, or all, but for others."""
    if isinstance(among, ranking.Mask) and len(among.flags) >= passages:
        flags = np.frombuffer(among.flags, np.bool_, passages)
        flags = flags.copy() if but else flags
    else:
        flags = np.full(passages, among is None)
        flags[within(among or (), passages)] = True
    flags[within(but, passages)] = False
    let_through = int(np.count_nonzero(flags))
    is_few = let_through <= max(min(FEW, passages // RARE), LEAST)
    few = np.concatenate([[let_through], flags.nonzero()[0]]) if is_few else np.zeros(0, np.intp)
    is_sparse = let_through <= min(SPARSE, passages // RARER)
    addresses = flags.ctypes.data, few.ctypes.data if is_sparse else 0
    return Flags(flags, let_through / max(passages, 1), few, addresses)


def within(positions: Collection[int], passages: int) -> NDArray[np.int64]:
    """Those positions that an index of so many passages has."""
    every = np.fromiter(positions, np.int64, len(positions))
    return every[(every >= 0) & (every < passages)]


def picked(
    search: Callable[[int], Hits | None], k: int, among: Collection[int], passages: int
) -> Hits | None:
    """The k best that a set lets through, out of a longer list; None where that is not enough."""
    deep = depth(k, min(len(among) / max(passages, 1), 1.0))
    found = search(deep) if deep <= DEEPEST else None
    if found is None:
        return None
    kept = [hit for hit in found if hit[0] in among]
    return kept[:k] if len(kept) >= k or len(found) < deep else None


@lru_cache(maxsize=1 << 12)
def depth(k: int, part: float) -> int:
    """How many of the best passages hold k that a filter lets through, most likely."""
    return math.ceil((k + SPREAD * math.sqrt(k * (1 - part))) / part) if part else 1 << 62


@lru_cache(maxsize=1 << 12)
def rung(k: int, part: float = 1.0) -> int:
    """The rung of a ladder whose rank is deep enough for that; RUNGS where none is."""
    return int(RANKS.searchsorted(depth(k, part)))


def ladder(scores: Floats) -> Floats:
    """A score for each rung that so many reach, at or just under the best such; 0 past the last.

    One more 0 follows. Of many scores the maxima of columns are sorted: each is a score itself.
    """
    while len(scores) > FOLDED:
        scores = scores[: len(scores) // 4 * 4].reshape(4, -1).max(axis=0)
    falling, found = np.sort(scores)[::-1], np.zeros(RUNGS + 1)
    known = int(RANKS.searchsorted(len(falling), side="right"))
    found[:known] = falling[RANKS[:known] - 1]
    return found
