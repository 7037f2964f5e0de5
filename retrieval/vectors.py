"""Search a large index with numpy, in one of two ways, whichever touches less.

Pruned: once k passages are known to reach some score, a passage that holds none of the rarer
terms cannot reach it. So rare terms are added up, and common ones, which hold most postings and
little of the score, are looked up for the few passages left. Exhaustive: every term is added, a
common one as a whole column. Both sum in the question's order at last: rank_bm25's bits.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from corpus.record import record
from retrieval import ranking
from retrieval.postings import Held, Postings

Floats = NDArray[np.float64]
Positions = NDArray[np.int32]
Mask = NDArray[np.bool_]

SLACK = 1e-9  # sums in another order differ by less; bounds are lowered by this share
KNOWN = 10  # the rank of the score that a row keeps, so that a bound is known before any sum
COMMON = 12  # a term in one passage of so many gets a column: adding that is then as cheap
BUDGET = 256 << 20  # bytes of expanded rows; all are dropped when it is reached
FOLD = 64  # totals are folded into so many layers to find the best without sorting them all
LARGE = 1 << 18  # passages beyond which pruning pays, and a column takes too much memory
MANY = 12  # one in so many passages touched: from there on pruning costs more than it saves
FEW = 1000  # candidates beyond which common terms narrow them one by one


@record
class Row:
    """A term's postings with their scores for weight 1."""

    positions: Positions
    scores: Floats
    best: float
    tenth: float  # a score that ten of them reach
    column: Floats | None  # of a common term: its score in every passage, 0 where it is absent

    def lookup(self, passages: NDArray[np.integer]) -> Floats:
        """The score in each of the passages; 0 where the term is absent."""
        if self.column is not None:
            return self.column.take(passages)
        at = self.positions.searchsorted(passages)
        held = self.positions.take(at, mode="clip") == passages
        scores: Floats = self.scores.take(at, mode="clip") * held
        return scores

    def add(self, totals: Floats, weight: float, spare: Floats) -> None:
        """Add the weighted scores to the totals of all passages; spare is room for as many."""
        if self.column is None:
            scores = self.scores if weight == 1.0 else weight * self.scores
            np.add.at(totals, self.positions, scores)
        elif weight == 1.0:
            totals += self.column
        else:
            totals += np.multiply(self.column, weight, out=spare)

    def held(self, mask: Mask | None) -> tuple[Positions, Floats]:
        """The postings of the passages that the mask lets through."""
        if mask is None:
            return self.positions, self.scores
        kept = mask.take(self.positions)
        return self.positions[kept], self.scores[kept]

    @property
    def nbytes(self) -> int:
        """The memory it takes beside the postings."""
        return self.scores.nbytes + (0 if self.column is None else self.column.nbytes)


Rows = Sequence[tuple[Row, float]]  # with their weights, in the question's order


def mask(among: Collection[int] | None, passages: int, but: Collection[int]) -> Mask:
    """Which passages of an index may be found: those among some, or all, but for others."""
    if isinstance(among, ranking.Mask):
        flags = np.frombuffer(among.flags, np.bool_)[:passages].copy()
    else:
        flags = np.full(passages, among is None)
        flags[within(among or (), passages)] = True
    flags[within(but, passages)] = False
    return flags


def within(positions: Collection[int], passages: int) -> NDArray[np.int64]:
    """Those positions that an index of so many passages has."""
    every = np.fromiter(positions, np.int64, len(positions))
    return every[(every >= 0) & (every < passages)]


def expanded(positions: Positions, scores: Floats, passages: int) -> Row:
    """A term's row in an index of so many passages; there is at least one posting."""
    column = None
    if len(positions) * COMMON > passages and passages <= LARGE:
        column = np.zeros(room(passages))
        column[positions] = scores
    return Row(positions, scores, float(scores.max()), reached(scores, KNOWN), column)


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


class Searcher:
    """Searches rows; each thread adds up in memory of its own, which it leaves at zero."""

    worth = 200

    def __init__(self, postings: Postings, shares: Sequence[float]) -> None:
        """Search these postings; shares says what each code is worth before a term's idf."""
        self._postings = postings
        self._shares = np.asarray(shares)
        self._passages = len(postings.lengths)
        self._rows: dict[str, Row] = {}
        self._bytes = 0
        self._own = threading.local()

    def search(
        self, asked: Sequence[tuple[Held, float]], k: int, mask: Mask | None
    ) -> list[tuple[int, float]]:
        """The k best passages by score, then by lower position; all weights are positive."""
        return self._searched([(self._row(held), weight) for held, weight in asked], k, mask)

    def _row(self, held: Held) -> Row:
        row = self._rows.get(held.term)
        if row is None:
            positions = np.asarray(self._postings.positions[held.span])
            codes = np.asarray(self._postings.codes[held.span])
            row = expanded(positions, held.idf * self._shares.take(codes), self._passages)
            self._bytes += row.nbytes
            if self._bytes > BUDGET:  # the next questions will expand again what they need
                self._rows, self._bytes = {}, row.nbytes
            self._rows[held.term] = row
        return row

    def _searched(self, asked: Rows, k: int, mask: Mask | None) -> list[tuple[int, float]]:
        totals, spare = self._room()
        try:
            passages = pruned(asked, k, mask, totals) if self._passages > LARGE else None
            if passages is not None:
                return best(passages, summed(asked, passages), k)
            totals.fill(0.0)
            found = best(*tops(exhausted(asked, mask, totals, spare), k), k)
            totals.fill(0.0)
            return found
        except BaseException:  # an interrupt too: the next question must find zeros
            totals.fill(0.0)
            raise

    def _room(self) -> Floats:
        rows: Floats | None = getattr(self._own, "rows", None)
        if rows is None:
            rows = self._own.rows = np.zeros((2, room(self._passages)))
        return rows


def best(passages: NDArray[np.integer], totals: Floats, k: int) -> list[tuple[int, float]]:
    """The k best of some passages."""
    if len(passages) < 10 * k:  # Python sorts a few faster than numpy is called
        ranked = sorted(zip((-totals).tolist(), passages.tolist(), strict=True))
        return [(position, -score) for score, position in ranked[:k]]
    order = np.lexsort((passages, -totals))[:k]
    return list(zip(passages[order].tolist(), totals[order].tolist(), strict=True))


def summed(asked: Rows, passages: Positions) -> Floats:
    """The totals of some passages, added in the question's order."""
    totals = np.zeros(len(passages))
    for row, weight in asked:
        totals += weight * row.lookup(passages)
    return totals


def exhausted(asked: Rows, mask: Mask | None, totals: Floats, spare: Floats) -> Floats:
    """The totals of all passages."""
    for row, weight in asked:
        row.add(totals, weight, spare)
    if mask is not None:
        totals[: len(mask)] *= mask
    return totals


def pruned(asked: Rows, k: int, mask: Mask | None, totals: Floats) -> Positions | None:
    """Passages among which the k best are, with few others; None where it may be too many.

    The totals are those of all passages, zero before, and after where the answer is not None.
    """
    bound = first_bound(asked, k, mask)
    rows = sorted(asked, key=lambda each: -each[1] * each[0].best)
    rest = sum(weight * row.best for row, weight in rows)
    added: list[Positions] = []
    while rows and rest >= bound * (1 - SLACK):
        row, weight = rows.pop(0)
        if (sum(map(len, added)) + len(row.positions)) * MANY > len(totals):
            return None
        positions, scores = row.held(mask)
        np.add.at(totals, positions, weight * scores)
        added.append(positions)
        bound = max(bound, reached(totals.take(positions), k))
        rest -= weight * row.best
    touched = np.concatenate(added)
    sums = totals.take(touched)
    totals[touched] = 0.0
    return narrowed(rows, *once(touched, sums, (bound - rest) * (1 - SLACK)), bound, k)


def narrowed(rows: Rows, passages: Positions, sums: Floats, bound: float, k: int) -> Positions:
    """The passages that may still be among the k best when the other rows are added, falling."""
    rest = sum(weight * row.best for row, weight in rows)
    for row, weight in rows:
        bound = max(bound, reached(sums, k))
        kept = sums >= (bound - rest) * (1 - SLACK)
        passages, sums = passages[kept], sums[kept]
        if len(passages) <= FEW:
            break
        sums += weight * row.lookup(passages)
        rest -= weight * row.best
    return passages


def first_bound(asked: Rows, k: int, mask: Mask | None) -> float:
    """A score that k passages are known to reach before any sum."""
    if k > KNOWN or mask is not None:
        return 0.0
    return max(weight * row.tenth for row, weight in asked)


def once(passages: Positions, sums: Floats, least: float) -> tuple[Positions, Floats]:
    """Each passage that has at least that sum, once."""
    reaching = np.flatnonzero(sums >= least)
    passages, first = np.unique(passages[reaching], return_index=True)
    return passages, sums[reaching][first]


def tops(totals: Floats, k: int) -> tuple[NDArray[np.integer], Floats]:
    """Where the totals reach the k-th best, and those totals. Only folds that may are looked at."""
    folded = totals.reshape(FOLD, -1)
    best = folded.max(axis=0)
    tiny = np.finfo(float).tiny
    if len(best) >= k:
        least = max(float(np.partition(best, len(best) - k)[len(best) - k]), tiny)
        columns = np.flatnonzero(best >= least)
    else:
        least, columns = tiny, np.arange(len(best))
    part = folded.take(columns, axis=1)
    layer, column = np.nonzero(part >= least)
    return layer * len(best) + columns.take(column), part[layer, column]
