"""Search an index by compiled code: an optional extra, for servers that stay up.

A search is one call with one array of addresses: to hand over a dozen arrays would take as long as
to search some hundred passages. What is known of a term stays ready once it was asked; memory that
is taken at the start costs nothing until it is written to.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from struct import Struct

import numpy as np

from retrieval import compiled
from retrieval.compiled import COUNT, FACTS, NO_ROOM, QUESTION, STRETCH, WINDOW
from retrieval.postings import Held, Postings
from retrieval.ranking import KNOWN
from retrieval.vectors import Mask, Searcher, reached

COMMON = 32  # a term in one passage of so many gets a row of all passages, to be looked up at once
ROWS, ROW_BYTES = 256, 128 << 20  # of such terms at the most
BEST = 1000  # a longer list than this is kept sorted too slowly by insertion
TERMS, MOST_TERMS = 64, 20_000  # of a question; of all questions: two bytes per 1,000 passages each
WORDS = 2 * MOST_TERMS  # the known terms, and words that no passage holds
NO_MASK = np.zeros(0, np.bool_)
PACK = [Struct(f"{2 + terms}q{terms}d").pack_into for terms in range(TERMS + 1)]
HIT = Struct("qd")

Hits = list[tuple[int, float]]


class Knowledge(dict[str, int]):
    """The number of each term that was asked, by its name; learnt when it is first asked for."""

    def __init__(
        self, postings: Postings, shares: Sequence[float], held: Callable[[str], Held | None]
    ) -> None:
        """Learn from these; shares says what each code is worth before a term's idf."""
        super().__init__()
        self.passages = len(postings.lengths)
        self.windows = -(-self.passages // WINDOW)
        self.positions, self.codes = np.asarray(postings.positions), np.asarray(postings.codes)
        self.shares = np.concatenate([[0.0], shares])
        self.facts = np.zeros((MOST_TERMS, FACTS))
        self.starts = np.zeros((MOST_TERMS, self.windows + 1), np.int32)
        rows = min(ROWS, ROW_BYTES // max(self.passages * self.codes.itemsize, 1))
        self.rows = np.zeros((rows, self.passages), self.codes.dtype)
        self._edges = np.arange(self.windows + 1) * WINDOW
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
                return self.setdefault(name, 0) if len(self) < WORDS else 0
            if term == MOST_TERMS:
                return NO_ROOM
            positions, codes = self.positions[held.span], self.codes[held.span]
            scores, row = held.idf * self.shares[1:].take(codes), -1
            if len(scores) * COMMON > self.passages and self._common < len(self.rows):
                row = self._common
                self._common += 1
                self.rows[row, positions] = codes + 1
            self.starts[term] = held.span.start + positions.searchsorted(self._edges)
            self.facts[term] = held.idf, scores.max(), reached(scores, KNOWN), len(scores), row
            self._taken += 1
            self[name] = term  # last: a search in another thread finds all of it
            return term


class Room:
    """The memory that a thread searches in, with the addresses of it and of an index's columns."""

    def __init__(self, known: Knowledge) -> None:
        """Take the memory; from search to search only its totals must be zero."""
        columns = known.positions, known.codes, known.shares, known.facts, known.starts, known.rows
        work = (
            np.zeros(WINDOW * STRETCH),
            *np.zeros(
                (2, WINDOW * STRETCH + 1), np.uint16
            ),  # one more: a place is noted, then kept
            *np.zeros((2, TERMS + 1)),
            np.zeros(2 * BEST),
        )
        self._kept = columns, work  # an address keeps nothing alive
        addresses = [array.ctypes.data for array in columns]
        addresses += [known.passages, known.windows, *(array.ctypes.data for array in work)]
        self.asked = np.zeros(QUESTION + 2 * TERMS, np.int64)
        self.asked[: len(addresses)] = addresses
        self.hits = memoryview(work[-1]).cast("B")


class Accelerator:
    """Searches postings by compiled code; it answers what vectors.Searcher answers."""

    def __init__(
        self, postings: Postings, shares: Sequence[float], held: Callable[[str], Held | None]
    ) -> None:
        """Take the columns as they are, and compile or load what was compiled before."""
        self._known = Knowledge(postings, shares, held)
        self._plain = Searcher(postings, shares, held)  # for the few questions that ask too much
        self._own = threading.local()
        self.search({}, 1, None)

    def search(self, terms: Mapping[str, float], k: int, mask: Mask | None) -> Hits | None:
        """The k best passages by score, then by lower position. None where a weight is too small.

        Several threads may search at once, each in a room of its own.
        """
        count, known = len(terms), self._known
        if count > TERMS or k > BEST:
            return self._plain.search(terms, k, mask)
        try:
            room = self._own.room
        except AttributeError:
            room = self._own.room = Room(known)
        numbers = map(known.__getitem__, terms)
        PACK[count](room.asked, 8 * COUNT, count, k, *numbers, *terms.values())
        found = compiled.search(room.asked, known.codes, NO_MASK if mask is None else mask)
        if found < 0:
            return self._plain.search(terms, k, mask)
        return [*HIT.iter_unpack(room.hits[: 16 * found])]
