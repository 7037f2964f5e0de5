"""Search a large index with numpy, in one of two ways, whichever touches less.

Pruned: once k passages are known to reach some score, a passage that holds none of the rarer
terms cannot reach it. So rare terms are added up, and common ones, which hold most postings and
little of the score, are looked up for the few passages left. Exhaustive: every term is added, a
common one as a whole column. Both sum in the question's order at last: rank_bm25's bits.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from corpus.record import record
from retrieval import ranking
from retrieval.postings import Held, Postings
from retrieval.ranking import KNOWN, LEAST_WEIGHT

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]
Mask = NDArray[np.bool_]

SLACK = 1 - 1e-9  # sums in another order differ by less
COMMON = 32  # a term in one passage of so many gets a column, so that it is looked up at once
REMEMBERED = 20_000  # words; beyond so many, one without a passage is looked for again
BUDGET = 256 << 20  # bytes of expanded rows; all are dropped when it is reached
WIDE = 1 << 15  # passages beyond which pruning pays for its many calls
LARGE = 1 << 18  # passages beyond which a column holds codes, a quarter of the bytes
MANY = 12  # one in so many passages touched: from there on pruning costs more than it saves
BIG = 1000  # postings; before so many are added, it pays to see how far the sums have come
NOTHING = np.zeros(0)
SHORT = 2000  # postings that are written into the totals faster than searched by halves
FEW = 50  # candidates beyond which common terms narrow them one by one


@record
class Row:
    """A term's postings with their scores for weight 1."""

    positions: Positions
    scores: Floats
    best: float
    tenth: float  # a score that ten of them reach
    column: Floats  # of a common term: its score in every passage, 0 where absent; else empty
    codes: NDArray[np.integer]  # the same of a large index, by codes that count from 1
    worth: Floats  # the score of each code

    def lookup(self, passages: Positions, totals: Floats) -> Floats:
        """The score in each of the passages; 0 where the term is absent. Totals are left at 0."""
        if len(self.column):
            return self.column.take(passages)
        if len(self.codes):
            return self.worth.take(self.codes.take(passages))
        if len(self.positions) <= SHORT:
            totals[self.positions] = self.scores
            found = totals.take(passages)
            totals[self.positions] = 0.0
            return found
        at = self.positions.searchsorted(passages)
        held = self.positions.take(at, mode="clip") == passages
        scores: Floats = self.scores.take(at, mode="clip") * held
        return scores

    def held(self, mask: Mask | None) -> tuple[Positions, Floats]:
        """The postings of the passages that the mask lets through."""
        if mask is None:
            return self.positions, self.scores
        kept = mask.take(self.positions).nonzero()[0]
        return self.positions.take(kept), self.scores.take(kept)

    @property
    def nbytes(self) -> int:
        """The memory it takes."""
        arrays = self.positions, self.scores, self.column, self.codes, self.worth
        return sum(array.nbytes for array in arrays)


Asked = Sequence[tuple[Row, float]]  # with their weights, in the question's order
Falling = Sequence[tuple[float, Row, float]]  # with what each can give, most first
MOST = itemgetter(0)


def mask(among: Collection[int] | None, passages: int, but: Collection[int]) -> Mask:
    """Which passages of an index may be found: those among some, or all, but for others."""
    if isinstance(among, ranking.Mask) and len(among.flags) >= passages:
        flags = np.frombuffer(among.flags, np.bool_, passages)
        if not but:
            return flags
        flags = flags.copy()
    else:
        flags = np.full(passages, among is None)
        flags[within(among or (), passages)] = True
    flags[within(but, passages)] = False
    return flags


def within(positions: Collection[int], passages: int) -> NDArray[np.int64]:
    """Those positions that an index of so many passages has."""
    every = np.fromiter(positions, np.int64, len(positions))
    return every[(every >= 0) & (every < passages)]


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


class Rows(dict[str, Row | None]):
    """The row of each term, expanded when it is first asked for; None where no passage holds it."""

    def __init__(
        self, postings: Postings, shares: Sequence[float], held: Callable[[str], Held | None]
    ) -> None:
        """Expand these postings; shares says what each code is worth before a term's idf."""
        self.passages = len(postings.lengths)
        self._postings = postings
        self._shares = np.concatenate([[0.0], shares])
        self._held = held
        self._bytes = 0

    def __missing__(self, term: str) -> Row | None:
        """Expand a term."""
        held = self._held(term)
        if held is None or held.span.start == held.span.stop:
            if len(self) < REMEMBERED:
                self[term] = None
            return None
        positions = np.asarray(self._postings.positions[held.span]).astype(np.intp)
        codes = np.asarray(self._postings.codes[held.span])
        scores = held.idf * self._shares[1:].take(codes)
        column, numbers, worth = NOTHING, np.zeros(0, np.uint8), NOTHING
        if len(positions) * COMMON > self.passages and self.passages <= LARGE:
            column = np.zeros(self.passages)
            column[positions] = scores
        elif len(positions) * COMMON > self.passages:
            numbers, worth = np.zeros(self.passages, codes.dtype), held.idf * self._shares
            numbers[positions] = codes + 1
        tenth = reached(scores, KNOWN)
        row = Row(positions, scores, float(scores.max()), tenth, column, numbers, worth)
        self._bytes += row.nbytes
        if self._bytes > BUDGET:  # the next questions will expand again what they need
            self.clear()
            self._bytes = row.nbytes
        self[term] = row
        return row


class Searcher:
    """Searches rows; each thread adds up in memory of its own, which it leaves at zero."""

    def __init__(
        self, postings: Postings, shares: Sequence[float], held: Callable[[str], Held | None]
    ) -> None:
        """Search these postings."""
        self._rows = Rows(postings, shares, held)
        self._own = threading.local()

    def search(
        self, terms: Mapping[str, float], k: int, mask: Mask | None
    ) -> list[tuple[int, float]] | None:
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
            passages = pruned(asked, k, mask, totals) if rows.passages > WIDE else None
            if passages is not None:
                return best(passages, summed(asked, passages, totals), k)
            exhausted(asked, mask, totals)
            found = best(*tops(totals, k, first_bound(asked, k, mask)), k)
        except BaseException:  # an interrupt too: the next question must find zeros
            totals.fill(0.0)
            raise
        totals.fill(0.0)
        return found


def best(passages: Positions, totals: Floats, k: int) -> list[tuple[int, float]]:
    """The k best of some passages, which rise."""
    if len(passages) > 10 * k:
        kept = (totals >= reached(totals, k)).nonzero()[0]
        passages, totals = passages.take(kept), totals.take(kept)
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


def exhausted(asked: Asked, mask: Mask | None, totals: Floats) -> None:
    """Add every term to the totals of all passages."""
    for row, weight in asked:
        if len(row.column):
            np.add(totals, weighted(row.column, weight), totals)
        else:
            np.add.at(totals, row.positions, weighted(row.scores, weight))
    if mask is not None:
        totals *= mask


def pruned(asked: Asked, k: int, mask: Mask | None, totals: Floats) -> Positions | None:
    """Passages among which the k best are, with few others; None where it may be too many.

    The totals are those of all passages, zero before and after.
    """
    falling = sorted([(weight * row.best, row, weight) for row, weight in asked], key=MOST)[::-1]
    rest, bound = sum([most for most, _, _ in falling]), first_bound(asked, k, mask)
    added: list[Positions] = []
    touched = 0
    for most, row, weight in falling:
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
        rest -= most
    if touched > BIG:
        bound = max(bound, reached(totals.take(added[-1]), k) * SLACK)
    passages = np.concatenate(added)
    sums = totals.take(passages)
    clear(totals, added)
    kept = (sums >= bound - rest).nonzero()[0]
    passages, sums = passages.take(kept), sums.take(kept)
    passages, first = np.unique(passages, return_index=True)
    return narrowed(falling[len(added) :], passages, sums.take(first), bound, k, totals)


def first_bound(asked: Asked, k: int, mask: Mask | None) -> float:
    """A score that k passages are known to reach before any sum; 0 where none is known."""
    if mask is not None or k > KNOWN:
        return 0.0
    return max([weight * row.tenth for row, weight in asked]) * SLACK


def clear(totals: Floats, added: Sequence[Positions]) -> None:
    """Set to zero what was added to."""
    for positions in added:
        totals[positions] = 0.0


def narrowed(
    rows: Falling, passages: Positions, sums: Floats, bound: float, k: int, spare: Floats
) -> Positions:
    """The passages that may still be among the k best when the other rows are added, falling."""
    rest = sum([most for most, _, _ in rows])
    for most, row, weight in rows:
        if len(passages) <= FEW:
            break
        sums = sums + weighted(row.lookup(passages, spare), weight)
        rest -= most
        bound = max(bound, reached(sums, k) * SLACK)
        kept = (sums >= bound - rest).nonzero()[0]
        passages, sums = passages.take(kept), sums.take(kept)
    return passages


def tops(totals: Floats, k: int, least: float) -> tuple[Positions, Floats]:
    """Where the totals reach a score that k of them do, and those totals."""
    if least <= 0.0:
        least = max(reached(totals, k), np.finfo(float).tiny)
    passages = (totals >= least).nonzero()[0]
    return passages, totals.take(passages)
