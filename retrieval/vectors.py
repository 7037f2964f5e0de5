"""Search a large index with numpy, in one of two ways, whichever touches less.

Pruned: once k passages are known to reach some score, a passage that holds none of the rarer
terms cannot reach it. So rare terms are added up, and common ones, which hold most postings and
little of the score, are looked up for the few passages left. Exhaustive: every term is added, a
common one as a whole column. Both sum in the question's order at last: rank_bm25's bits.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from itertools import accumulate
from operator import itemgetter
from struct import Struct
from typing import Any

import numpy as np

from retrieval.asked import Holding, Knowledge, Positions, Row, Rows
from retrieval.masks import RUNGS, Booleans, Flags, Floats, depth, rung
from retrieval.postings import Postings
from retrieval.ranking import LEAST_WEIGHT, SLACK, Hits

WIDE = 1 << 15  # passages beyond which pruning pays for its many calls
DENSE = 0.9  # what a filter lets through: below it, it pays to leave its postings out
MANY = 12  # one in so many passages touched: from there on pruning costs more than it saves
BIG = 1000  # postings; before so many are added, it pays to see how far the sums have come
FEW = 50  # candidates beyond which common terms narrow them one by one

BEST = 1000  # a longer list than this is kept sorted too slowly by insertion
TERMS = 64  # of a question
PACK = [Struct(f"5q{terms}q{terms}d").pack_into for terms in range(TERMS + 1)]
HIT = Struct("qd")

Found = tuple[Positions, Floats]
Asked = Sequence[tuple[Row, float]]  # with their weights, in the question's order
Falling = Sequence[tuple[float, Row, float]]  # with what each can give, most first
MOST = itemgetter(0)


def reached(scores: Floats, k: int) -> float:
    """A score that k of them reach, at or just under the k-th best; 0 where there are fewer.

    np.partition takes 8 ns a score. The maxima of columns are a sixteenth as many, and each of
    the k best maxima is a score of its own.
    """
    if len(scores) >= 32 * k:
        return reached(scores[: len(scores) // 16 * 16].reshape(16, -1).max(axis=0), k)
    return (
        float(np.partition(scores, len(scores) - k)[len(scores) - k]) if len(scores) >= k else 0.0
    )


class Searcher:
    """Searches rows; each thread adds up in memory of its own, which it leaves at zero."""

    def __init__(self, postings: Postings, shares: Sequence[float], held: Holding) -> None:
        """Search these postings."""
        self._rows = Rows(postings, shares, held)
        self._own = threading.local()

    def search(self, terms: Mapping[str, float], k: int, mask: Flags | None) -> Hits | None:
        """The k best passages by score, then by lower position. None where a weight is too small.

        Several threads may search at once.
        """
        if min(terms.values(), default=1.0) < LEAST_WEIGHT:
            return None
        rows = self._rows
        asked = [(row, weight) for term, weight in terms.items() if (row := rows[term])]
        if not asked:
            return []
        try:
            totals = self._own.totals
        except AttributeError:
            totals = self._own.totals = np.zeros(rows.passages)
        try:
            if mask is None:
                return best(*likely(asked, k, totals), k)
            return best(*let_through(asked, k, mask, totals), k)
        except BaseException:  # an interrupt too: the next question must find zeros
            totals.fill(0.0)
            raise


class Accelerator(Searcher):
    """The same by compiled code, for servers that stay up: an optional extra.

    A search is one call with one array of addresses: to hand over a dozen arrays would take as
    long as to search some hundred passages.
    """

    def __init__(self, postings: Postings, shares: Sequence[float], held: Holding) -> None:
        """Take the columns as they are, and compile or load what was compiled before."""
        from retrieval import compiled

        super().__init__(postings, shares, held)  # for the few questions that ask too much
        self._known = Knowledge(postings, shares, held, compiled)
        self._compiled, self._find, self._asked = compiled, compiled.search, 8 * compiled.COUNT
        self.search({}, 1, None)

    def search(self, terms: Mapping[str, float], k: int, mask: Flags | None) -> Hits | None:
        """The k best passages by score, then by lower position. None where a weight is too small.

        Several threads may search at once, each in a room of its own.
        """
        count, known = len(terms), self._known
        if count > TERMS or k > BEST:
            return super().search(terms, k, mask)
        try:
            asked, hits, _ = self._own.room
        except AttributeError:
            asked, hits, _ = self._own.room = room_for(known, self._compiled)
        way = (rung(k), 0, 0) if mask is None else (rung(k, mask.part), *mask.addresses)
        numbers = map(known.__getitem__, terms)
        PACK[count](asked, self._asked, count, k, *way, *numbers, *terms.values())
        found = self._find(asked, known.codes)
        if found < 0:
            return super().search(terms, k, mask)
        return [*HIT.iter_unpack(hits[: 16 * found])]


def room_for(known: Knowledge, layout: Any) -> tuple[Any, ...]:
    """Memory for a thread to search in: what it asks, what is found, and what must be kept.

    It begins with the addresses of what is known and of the rest of it. From search to search
    only the totals must be zero.
    """
    size = layout.WINDOW * layout.STRETCH + 1  # one more than places: a place is noted, then kept
    places, orders = np.zeros((2, size), np.uint16), np.zeros((2, TERMS + 1))
    columns, work = known.columns(), (np.zeros(size), *places, *orders, np.zeros(2 * BEST))
    addresses = [array.ctypes.data for array in columns]
    addresses += [known.passages, known.windows, *(array.ctypes.data for array in work)]
    asked = np.zeros(layout.QUESTION + 2 * TERMS, np.int64)
    asked[: len(addresses)] = addresses
    return asked, memoryview(work[-1]).cast("B"), (columns, work)  # an address keeps nothing alive


def likely(asked: Asked, k: int, totals: Floats) -> Found:
    """Passages among which the k best are, and what they score. Totals are zero before and after.

    Where they are fewer than k, they are all that share a term.
    """
    passages = pruned(asked, k, None, totals) if len(totals) > WIDE else None
    if passages is not None:
        return passages, summed(asked, passages, totals)
    exhausted(asked, totals)
    found = tops(totals, k, first_bound(asked, k))
    totals.fill(0.0)
    return found


def let_through(asked: Asked, k: int, mask: Flags, totals: Floats) -> Found:
    """The same of those passages that the mask lets through."""
    if len(mask.few):
        passages = mask.few[1:]
        return kept(passages, sums := summed(asked, passages, totals), sums > 0)
    if len(totals) > WIDE and mask.part < DENSE:
        held = pruned(asked, k, mask.every, totals)
        if held is not None:
            return held, summed(asked, held, totals)
    else:
        deep = depth(k, mask.part)
        passages, sums = likely(asked, deep, totals)
        places = mask.every.take(passages).nonzero()[0]
        if len(places) >= k or len(passages) < deep:
            return passages.take(places), sums.take(places)
    exhausted(asked, totals)
    found = tops(totals * mask.every, k, 0.0)
    totals.fill(0.0)
    return found


def kept(passages: Positions, sums: Floats, which: Booleans) -> Found:
    """Some of the passages."""
    places = which.nonzero()[0]
    return passages.take(places), sums.take(places)


def best(passages: Positions, totals: Floats, k: int) -> Hits:
    """The k best of some passages, which rise."""
    if len(passages) > 10 * k:
        passages, totals = kept(passages, totals, totals >= reached(totals, k))
    order = (-totals).argsort(kind="stable")[:k]
    return list(zip(passages.take(order).tolist(), totals.take(order).tolist(), strict=True))


def weighted(scores: Floats, weight: float) -> Floats:
    """Scores for a weight."""
    return scores if weight == 1.0 else weight * scores


def summed(asked: Asked, passages: Positions, spare: Floats) -> Floats:
    """The totals of some passages, added in the question's order."""
    totals = np.zeros(len(passages))
    for row, weight in asked:
        totals += weighted(row.lookup(passages, spare), weight)
    return totals


def exhausted(asked: Asked, totals: Floats) -> None:
    """Add every term to the totals of all passages."""
    for row, weight in asked:
        if len(row.column):
            np.add(totals, weighted(row.column, weight), totals)
        else:
            np.add.at(totals, row.positions, weighted(row.scores, weight))


def pruned(asked: Asked, k: int, mask: Booleans | None, totals: Floats) -> Positions | None:
    """Passages among which the k best are, with few others; None where it may be too many."""
    falling = sorted([(weight * row.best, row, weight) for row, weight in asked], key=MOST)[::-1]
    rests, bound = from_each_on(falling), first_bound(asked, k) if mask is None else 0.0
    added: list[Positions] = []
    touched = 0
    for rest, (_, row, weight) in zip(rests, falling, strict=False):
        if added and len(row.positions) > BIG:
            bound = max(bound, reached(totals.take(added[-1]), k) * SLACK)
        if rest < bound:
            break
        touched += len(row.positions)
        if touched * MANY > len(totals):
            clear(totals, added)
            return None
        positions, scores = row.held(mask)
        np.add.at(totals, positions, weighted(scores, weight))
        added.append(positions)
    if touched > BIG:
        bound = max(bound, reached(totals.take(added[-1]), k) * SLACK)
    passages = np.concatenate(added)
    sums = totals.take(passages)
    clear(totals, added)
    passages, sums = kept(passages, sums, sums >= bound - rests[len(added)])
    passages, first = np.unique(passages, return_index=True)
    return narrowed(falling[len(added) :], passages, sums.take(first), bound, k, totals)


def first_bound(asked: Asked, k: int) -> float:
    """A score that k passages are known to reach before any sum; 0 where none is known."""
    at = rung(k)
    return max([weight * row.ranked[at] for row, weight in asked]) * SLACK if at < RUNGS else 0.0


def from_each_on(rows: Falling) -> list[float]:
    """What the rows from each on can give together, and at last 0; the least is added first."""
    return [*accumulate([0.0, *[most for most, _, _ in reversed(rows)]])][::-1]


def clear(totals: Floats, added: Sequence[Positions]) -> None:
    """Set to zero what was added to."""
    for positions in added:
        totals[positions] = 0.0


def narrowed(
    rows: Falling, passages: Positions, sums: Floats, bound: float, k: int, spare: Floats
) -> Positions:
    """The passages that may still be among the k best when the other rows are added, falling."""
    for rest, (_, row, weight) in zip(from_each_on(rows)[1:], rows, strict=True):
        if len(passages) <= FEW:
            break
        sums = sums + weighted(row.lookup(passages, spare), weight)
        bound = max(bound, reached(sums, k) * SLACK)
        passages, sums = kept(passages, sums, sums >= bound - rest)
    return passages


def tops(totals: Floats, k: int, least: float) -> tuple[Positions, Floats]:
    """Where the totals reach a score that k of them do, and those totals."""
    if least <= 0.0:
        least = max(reached(totals, k), np.finfo(float).tiny)
    passages = (totals >= least).nonzero()[0]
    return passages, totals.take(passages)
