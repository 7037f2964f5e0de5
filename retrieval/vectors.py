"""Search a large index with numpy, in one of two ways, whichever touches less.

Pruned: once k passages are known to reach some score, a passage that holds none of the rarer
terms cannot reach it. So rare terms are added up, and common ones, which hold most postings and
little of the score, are looked up for the few passages left. Exhaustive: every term is added, a
common one as a whole column. Both sum in the question's order at last: rank_bm25's bits.
A median search is some twenty calls of numpy, each of which costs what adding 500 postings does.
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
FOLD = 64  # totals are folded into so many layers to find the best without sorting them all
WIDE = 1 << 15  # passages beyond which pruning pays for its many calls
LARGE = 1 << 18  # passages beyond which a column holds codes, a quarter of the bytes
MANY = 12  # one in so many passages touched: from there on pruning costs more than it saves
BIG = 1000  # postings; before so many are added, it pays to see how far the sums have come
SHORT = 2000  # postings that are written into the totals faster than searched by halves
FEW = 50  # candidates beyond which common terms narrow them one by one


@record
class Row:
    """A term's postings with their scores for weight 1."""

    positions: Positions
    scores: Floats
    best: float
    tenth: float  # a score that ten of them reach
    column: NDArray[np.generic] | None  # of a common term, for every passage: its score or code
    worth: Floats | None  # where the column holds codes: the score of each; 0 for absent

    def lookup(self, passages: Positions, totals: Floats) -> Floats:
        """The score in each of the passages; 0 where the term is absent. Totals are left at 0."""
        if self.column is not None:
            found = self.column.take(passages)
            return found if self.worth is None else self.worth.take(found)
        if len(self.positions) <= SHORT:
            totals[self.positions] = self.scores
            found = totals.take(passages)
            totals[self.positions] = 0.0
            return found
        at = self.positions.searchsorted(passages)
        held = self.positions.take(at, mode="clip") == passages
        return self.scores.take(at, mode="clip") * held

    def held(self, mask: Mask | None) -> tuple[Positions, Floats]:
        """The postings of the passages that the mask lets through."""
        if mask is None:
            return self.positions, self.scores
        kept = mask.take(self.positions).nonzero()[0]
        return self.positions.take(kept), self.scores.take(kept)

    @property
    def nbytes(self) -> int:
        """The memory it takes."""
        arrays = self.positions, self.scores, self.column, self.worth
        return sum(array.nbytes for array in arrays if array is not None)


Asked = Sequence[tuple[Row, float]]  # with their weights, in the question's order
Falling = Sequence[tuple[float, Row, float]]  # with what each can give, most first
MOST = itemgetter(0)


def mask(among: Collection[int] | None, passages: int, but: Collection[int]) -> Mask:
    """Which passages of an index may be found: those among some, or all, but for others."""
    if isinstance(among, ranking.Mask):
        flags = np.frombuffer(among.flags, np.bool_)[:passages]
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


def room(passages: int) -> int:
    """A length for totals that folds evenly."""
    return -(-passages // FOLD) * FOLD


def reached(scores: Floats, k: int) -> float:
    """A score that k of them reach, at or just under the k-th best; 0 where there are fewer.

    np.partition takes 8 ns a score. The maxima of columns are a sixteenth as many, and each of
    the k best maxima is a score of its own.
    """
    if len(scores) < k:
        return 0.0
    if len(scores) >= 32 * k:
        scores = scores[: len(scores) // 16 * 16].reshape(16, -1).max(axis=0)
    return float(np.partition(scores, len(scores) - k)[len(scores) - k])


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
        column = worth = None
        if len(positions) * COMMON > self.passages and self.passages <= LARGE:
            column = np.zeros(room(self.passages))
            column[positions] = scores
        elif len(positions) * COMMON > self.passages:
            column, worth = np.zeros(self.passages, codes.dtype), held.idf * self._shares
            column[positions] = codes + 1
        row = Row(positions, scores, float(scores.max()), reached(scores, KNOWN), column, worth)
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
        """The k best passages by score, then by lower position. None where a weight is too small."""
        if min(terms.values(), default=1.0) < LEAST_WEIGHT:
            return None
        rows = self._rows
        asked = [(row, weight) for term, weight in terms.items() if (row := rows[term])]
        if not asked:
            return []
        try:
            totals = self._own.totals
        except AttributeError:
            totals = self._own.totals = np.zeros(room(rows.passages))
        try:
            passages = pruned(asked, k, mask, totals) if rows.passages > WIDE else None
            if passages is not None:
                passages = np.unique(passages)
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
    totals = None
    for row, weight in asked:
        scores = weighted(row.lookup(passages, spare), weight)
        totals = scores if totals is None else totals + scores
    return totals


def exhausted(asked: Asked, mask: Mask | None, totals: Floats) -> None:
    """Add every term to the totals of all passages."""
    for row, weight in asked:
        if row.column is None or row.worth is not None:
            np.add.at(totals, row.positions, weighted(row.scores, weight))
        else:
            np.add(totals, weighted(row.column, weight), totals)
    if mask is not None:
        totals[: len(mask)] *= mask


def pruned(asked: Asked, k: int, mask: Mask | None, totals: Floats) -> Positions | None:
    """Passages among which the k best are, with few others; None where it may be too many.

    The totals are those of all passages, zero before and after.
    """
    falling = sorted([(weight * row.best, row, weight) for row, weight in asked], key=MOST, reverse=True)
    rest, touched = sum([most for most, _, _ in falling]), 0
    bound = first_bound(asked, k, mask)
    added: list[Positions] = []
    for most, row, weight in falling:
        if added and rest >= bound and len(row.positions) > BIG:
            bound = max(bound, reached(sums, k) * SLACK)
        if rest < bound:
            break
        touched += len(row.positions)
        if touched * MANY > len(totals):
            clear(totals, added)
            return None
        positions, scores = row.held(mask)
        if len(added) == 1:
            totals[added[0]] = sums
        added.append(positions)
        sums = weighted(scores, weight)
        if len(added) > 1:
            np.add.at(totals, positions, sums)
            sums = totals.take(positions)
        rest -= most
    if len(sums) > BIG:
        bound = max(bound, reached(sums, k) * SLACK)
    if len(added) > 1:
        positions = np.concatenate(added)
        sums = totals.take(positions)
        clear(totals, added)
    kept = (sums >= bound - rest).nonzero()[0]
    positions, sums = positions.take(kept), sums.take(kept)
    if len(positions) <= FEW:
        return positions
    if len(added) > 1:
        positions, sums = once(positions, sums, totals)
    return narrowed(falling[len(added) :], positions, sums, bound, k, totals)


def first_bound(asked: Asked, k: int, mask: Mask | None) -> float:
    """A score that k passages are known to reach before any sum; 0 where none is known."""
    if mask is not None or k > KNOWN:
        return 0.0
    return max([weight * row.tenth for row, weight in asked]) * SLACK


def clear(totals: Floats, added: Sequence[Positions]) -> None:
    """Set to zero what was added to."""
    for positions in added:
        totals[positions] = 0.0


def once(passages: Positions, sums: Floats, spare: Floats) -> tuple[Positions, Floats]:
    """Each passage once. Of numbers written to the same place the last stays."""
    numbers = np.arange(len(passages), dtype=np.float64)
    spare[passages] = numbers
    kept = (spare.take(passages) == numbers).nonzero()[0]
    spare[passages] = 0.0
    return passages.take(kept), sums.take(kept)


def narrowed(
    rows: Falling, passages: Positions, sums: Floats, bound: float, k: int, spare: Floats
) -> Positions:
    """The passages that may still be among the k best when the other rows are added, falling."""
    rest = sum([most for most, _, _ in rows])
    for most, row, weight in rows:
        sums = sums + weighted(row.lookup(passages, spare), weight)
        rest -= most
        bound = max(bound, reached(sums, k) * SLACK)
        kept = (sums >= bound - rest).nonzero()[0]
        passages, sums = passages.take(kept), sums.take(kept)
        if len(passages) <= FEW:
            break
    return passages


def tops(totals: Floats, k: int, least: float) -> tuple[Positions, Floats]:
    """Where the totals reach a score that k of them do, and those totals."""
    if least <= 0.0:
        layers = totals.reshape(FOLD, -1).max(axis=0)
        least = max(reached(layers, k), np.finfo(float).tiny)
    passages = (totals >= least).nonzero()[0]
    return passages, totals.take(passages)
