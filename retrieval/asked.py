"""What is kept ready of the terms that were asked, because many questions share them: rows for
numpy, tables for compiled code. A term is expanded when it is first asked for.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.record import record
from retrieval.masks import Booleans, Floats, ladder
from retrieval.postings import Held, Postings

Positions = NDArray[np.intp]
Holding = Callable[[str], Held | None]

COMMON = 32  # a term in one passage of so many gets a column, so that it is looked up at once
REMEMBERED = 20_000  # words; beyond so many, one without a passage is looked for again
BUDGET = 256 << 20  # bytes of expanded rows; all are dropped when it is reached
LARGE = 1 << 18  # passages beyond which a column holds codes, a quarter of the bytes
NOTHING = np.zeros(0)
SHORT = 2000  # postings that are written into the totals faster than searched by halves

MOST_TERMS = 20_000  # of all questions: two bytes for each 1,000 passages each
ROWS, ROW_BYTES = 256, 128 << 20  # of common terms at the most


@record
class Row:
    """A term's postings with their scores for weight 1."""

    positions: Positions
    scores: Floats
    best: float
    ranked: Sequence[float]  # scores that so many of them reach as a rung says
    column: Floats  # of a common term: its score in every passage, 0 where absent; else empty
    codes: NDArray[np.integer]  # the same of a large index, by codes that count from 1
    worth: Floats  # the score of each code

    def lookup(self, passages: Positions, totals: Floats) -> Floats:
        """The score in each of the passages; 0 where the term is absent. Totals are left at 0."""
        if len(self.column):
            return self.column.take(passages)
        if len(self.codes):
            return self.worth.take(self.codes.take(passages))
        if len(self.positions) <= max(SHORT, 4 * len(passages)):
            totals[self.positions] = self.scores
            found = totals.take(passages)
            totals[self.positions] = 0.0
            return found
        at = self.positions.searchsorted(passages)
        held = self.positions.take(at, mode="clip") == passages
        scores: Floats = self.scores.take(at, mode="clip") * held
        return scores

    def held(self, mask: Booleans | None) -> tuple[Positions, Floats]:
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


class Rows(dict[str, Row | None]):
    """The row of each term; None where no passage holds it."""

    def __init__(self, postings: Postings, shares: Sequence[float], held: Holding) -> None:
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
        ranked = ladder(scores).tolist()
        row = Row(positions, scores, float(scores.max()), ranked, column, numbers, worth)
        self._bytes += row.nbytes
        if self._bytes > BUDGET:  # the next questions will expand again what they need
            self.clear()
            self._bytes = row.nbytes
        self[term] = row
        return row


class Layout(Protocol):
    """How the module of the compiled code wants it."""

    WINDOW: int  # passages; where each begins in a term's postings is known
    FACTS: int  # numbers of a term: its idf, its most, its postings, its row, its ladder
    NO_ROOM: int


class Knowledge(dict[str, int]):
    """The number of each term, under which the tables tell what compiled code needs of it."""

    def __init__(
        self, postings: Postings, shares: Sequence[float], held: Holding, layout: Layout
    ) -> None:
        """Learn from these; shares says what each code is worth before a term's idf.

        Memory that is taken here costs nothing until it is written to.
        """
        super().__init__()
        self.passages = len(postings.lengths)
        self.windows = -(-self.passages // layout.WINDOW)
        self.positions, self.codes = np.asarray(postings.positions), np.asarray(postings.codes)
        self.shares = np.concatenate([[0.0], shares])
        self.facts = np.zeros((MOST_TERMS, layout.FACTS))
        self.starts = np.zeros((MOST_TERMS, self.windows + 1), np.int32)
        rows = min(ROWS, ROW_BYTES // max(self.passages * self.codes.itemsize, 1))
        self.rows = np.zeros((rows, self.passages), self.codes.dtype)
        self._edges = np.arange(self.windows + 1) * layout.WINDOW
        self._no_room = layout.NO_ROOM
        self._held = held
        self._lock = threading.Lock()
        self._taken, self._common = 1, 0  # term 0 stands for every word that no passage holds

    def __missing__(self, name: str) -> int:
        """Learn a term; NO_ROOM where there is none left."""
        with self._lock:
            held, term = self._held(name), self._taken
            if name in self:
                return self[name]
            if held is None or held.span.start == held.span.stop:
                return self.setdefault(name, 0) if len(self) < 2 * MOST_TERMS else 0
            if term == MOST_TERMS:
                return self._no_room
            positions, codes = self.positions[held.span], self.codes[held.span]
            scores, row = held.idf * self.shares[1:].take(codes), -1
            if len(scores) * COMMON > self.passages and self._common < len(self.rows):
                row = self._common
                self._common += 1
                self.rows[row, positions] = codes + 1
            self.starts[term] = held.span.start + positions.searchsorted(self._edges)
            facts = held.idf, scores.max(), len(scores), row, *ladder(scores)
            self.facts[term, : len(facts)] = facts
            self._taken += 1
            self[name] = term  # last: a search in another thread finds all of it
            return term

    def columns(self) -> tuple[NDArray[Any], ...]:
        """Everything that is known, and the postings it is known of."""
        return self.positions, self.codes, self.shares, self.facts, self.starts, self.rows
