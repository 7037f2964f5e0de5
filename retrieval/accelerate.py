"""Search an index in compiled code: an optional extra, for servers that stay up. Only this module
knows numba, whose import takes a quarter of a second and 130 MB.

Passages are gone through in stretches whose totals fit a near cache. In each, the rarer terms are
added up; common ones, which hold most postings and little of the score, are looked up for the
passages that may still be among the best. Those few are scored anew in the question's order.
A search is one call with one array of addresses: to unpack and count references to a dozen arrays
takes longer than to search some hundred passages. Places are unsigned, for which numba leaves out
a test on every access.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from struct import Struct
from typing import Any, NamedTuple

import numba
import numpy as np
from numba import types
from numba.extending import intrinsic

from retrieval.postings import Held, Postings
from retrieval.ranking import KNOWN, LEAST_WEIGHT
from retrieval.vectors import Mask, Searcher, reached

WINDOW, SHIFT = 2048, np.uintp(11)  # passages; from a passage to its window
STRETCH = 16  # windows at most: a place in them takes two bytes, and their totals a quarter MB
PLACES = WINDOW * STRETCH
FULL = 512  # postings of the rarer terms that a stretch should hold
FEW = 512  # postings of a question that are added up without looking anything up
SLACK = 1 - 1e-9  # sums in another order differ by less
LOOKUP = np.uintp(12)  # one among a term's postings costs as much as adding so many
COMMON = 32  # a term in one passage of so many gets a row of all passages, to be looked up at once
ROWS, ROW_BYTES = 256, 128 << 20  # at the most; the memory is taken only as it is used
BEST = 1000  # a longer list than this is kept sorted too slowly by insertion
TERMS, MOST_TERMS = 64, 20_000  # of a question; of all questions: two bytes per 1,000 passages each
REMEMBERED = 2 * MOST_TERMS  # words, those without a passage too
IDF, MOST, TENTH, HELD, ROW, FACTS = range(6)  # what is known of a term, and how much
ASKED = 20  # in a room: first addresses, sizes, how many terms and hits; then terms, then weights
NO_MASK = np.zeros(0, np.bool_)
NO_ROOM = -1  # for another term
ONE, NONE = np.uintp(1), np.uintp(0)
PACK = [Struct(f"{2 + terms}q{terms}d").pack_into for terms in range(TERMS + 1)]
HITS = Struct("qd")

Pointer = Any  # numba infers the types of what is compiled
compiled: Callable[[Any], Any] = numba.njit(cache=True, nogil=True)


class Columns(NamedTuple):
    """Where an index is."""

    positions: Pointer
    codes: Pointer
    shares: Pointer  # by code, from 1 on; the first is of a passage that lacks the term
    facts: Pointer  # of the terms that were asked so far
    starts: Pointer  # where a term's postings in each window begin, and the end
    rows: Pointer  # the codes of a common term, counted from 1, for every passage
    passages: Any
    windows: Any


class Work(NamedTuple):
    """Where a thread searches."""

    totals: Pointer
    touched: Pointer
    left: Pointer
    order: Pointer  # the terms by what they can give, most first
    rest: Pointer  # what those from each on can give together
    best: Pointer
    scores: Pointer  # every second number: a position goes before its score
    found: Pointer


class Asked(NamedTuple):
    """A question: its terms in its order, and how many passages it wants."""

    terms: Pointer
    weights: Pointer
    count: Any
    wanted: Any


@intrinsic
def pointer(_: Any, address: Any, kind: Any) -> Any:
    """An address as a pointer to numbers of a kind."""
    made = types.CPointer(kind.dtype)

    def build(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], context.get_value_type(made))

    return made(address, kind), build


@compiled
def opened(room: Any, codes: Any) -> Any:
    """What is at the addresses in a room."""
    columns = Columns(
        pointer(room[0], np.int32),
        pointer(room[1], codes.dtype),
        pointer(room[2], np.float64),
        pointer(room[3], np.float64),
        pointer(room[4], np.int32),
        pointer(room[5], codes.dtype),
        np.uintp(room[6]),
        np.uintp(room[7]),
    )
    work = Work(
        pointer(room[8], np.float64),
        pointer(room[9], np.uint16),
        pointer(room[10], np.uint16),
        pointer(room[11], np.intp),
        pointer(room[12], np.float64),
        pointer(room[13], np.float64),
        pointer(room[14] + 8, np.float64),
        pointer(room[14], np.intp),
    )
    here, count = room.ctypes.data + 8 * ASKED, room[ASKED - 2]
    asked = Asked(
        pointer(here, np.uintp), pointer(here + 8 * count, np.float64), count, room[ASKED - 1]
    )
    return columns, work, asked


@compiled
def fact(term: Any, which: Any, columns: Any) -> Any:
    """One of the things that are known of a term."""
    return columns.facts[term * np.uintp(FACTS) + np.uintp(which)]


@compiled
def part(term: Any, first: Any, end: Any, columns: Any) -> Any:
    """The postings of a term in the windows from the first to the end."""
    starts = term * (columns.windows + ONE)
    return np.uintp(columns.starts[starts + first]), np.uintp(columns.starts[starts + end])


@compiled
def share_of(passage: Any, term: Any, columns: Any) -> Any:
    """What a term gives a passage before its idf; 0 where it is absent."""
    row = np.intp(fact(term, ROW, columns))
    if row >= 0:
        return columns.shares[columns.rows[np.uintp(row) * columns.passages + passage]]
    first, end = part(term, passage >> SHIFT, (passage >> SHIFT) + ONE, columns)
    last = end
    while first < last:
        middle = (first + last) >> ONE
        if columns.positions[middle] < passage:
            first = middle + ONE
        else:
            last = middle
    if first < end and columns.positions[first] == passage:
        return columns.shares[columns.codes[first] + ONE]
    return 0.0


@compiled
def ranked(asked: Any, columns: Any, work: Any, known: bool) -> float:
    """Put the terms in order, the one that can give most first. A score that enough reach.

    It is 0 where no such score is known, and negative where a weight is too small for a search.
    """
    reach, order, rest = 0.0, work.order, work.rest
    for i in range(asked.count):
        term, weight = asked.terms[i], asked.weights[i]
        if not weight >= LEAST_WEIGHT or np.intp(term) == NO_ROOM:
            return -1.0
        most = weight * fact(term, MOST, columns)
        if known:
            reach = max(reach, weight * fact(term, TENTH, columns))
        at = i
        while at > 0 and rest[at - 1] < most:
            rest[at], order[at] = rest[at - 1], order[at - 1]
            at -= 1
        rest[at], order[at] = most, i
    rest[asked.count] = 0.0
    for i in range(asked.count - 1, -1, -1):
        rest[i] += rest[i + 1]
    return reach * SLACK


@compiled
def planned(asked: Any, columns: Any, work: Any, limit: float) -> Any:
    """How many terms are to be added up in a stretch, and how many windows it should have."""
    held, rare = 1.0, asked.count
    for i in range(rare):
        held += fact(asked.terms[i], HELD, columns)
    if held > FEW:
        while rare > 0 and work.rest[rare - 1] < limit:
            rare -= 1
            held -= fact(asked.terms[work.order[rare]], HELD, columns)
    return rare, int(max(1.0, min(STRETCH, FULL * columns.windows / held)))


@compiled
def add(span: Any, factors: Any, base: Any, columns: Any, work: Any, count: Any) -> Any:
    """Add a term's postings; note what is touched for the first time, and count it."""
    totals, (weight, idf) = work.totals, factors
    for at in range(span[0], span[1]):
        place = np.uintp(columns.positions[at] - base)
        before = totals[place]
        work.touched[count] = place
        count += np.uintp(before == 0.0)
        totals[place] = before + weight * (idf * columns.shares[columns.codes[at] + ONE])
    return count


@compiled
def reaching(places: Any, count: Any, least: float, work: Any) -> Any:
    """Leave the places whose totals reach the least; how many they are."""
    kept = NONE
    for each in range(count):
        place = places[each]
        work.left[kept] = place
        kept += np.uintp(work.totals[np.uintp(place)] >= least)
    return kept


@compiled
def allowed(left: Any, count: Any, base: Any, mask: Any) -> Any:
    """Leave the places that the mask lets through; how many they are."""
    kept = NONE
    for each in range(count):
        place = left[each]
        left[kept] = place
        kept += np.uintp(mask[base + np.uintp(place)])
    return kept


@compiled
def look_up(
    term: Any, span: Any, factors: Any, base: Any, columns: Any, work: Any, count: Any, least: float
) -> Any:
    """Add a common term to the places that are left, and leave those that reach the least."""
    totals, left, (weight, idf) = work.totals, work.left, factors
    if fact(term, ROW, columns) < 0 and span[1] - span[0] < count * LOOKUP:
        for at in range(span[0], span[1]):
            place = np.uintp(columns.positions[at] - base)
            before = totals[place]
            after = before + weight * (idf * columns.shares[columns.codes[at] + ONE])
            totals[place] = after if before > 0.0 else 0.0
        return reaching(left, count, least, work)
    kept = NONE
    for each in range(count):
        noted = left[each]
        place = np.uintp(noted)
        total = totals[place] + weight * (idf * share_of(base + place, term, columns))
        totals[place] = total
        left[kept] = noted
        kept += np.uintp(total >= least)
    return kept


@compiled
def kth(k: Any, count: Any, work: Any) -> Any:
    """The k-th best of the totals that are left."""
    best = work.best
    for at in range(k):
        best[at] = 0.0
    for each in range(count):
        total = work.totals[np.uintp(work.left[each])]
        at = k - 1
        if total > best[at]:
            while at > 0 and best[at - 1] < total:
                best[at] = best[at - 1]
                at -= 1
            best[at] = total
    return best[k - 1]


@compiled
def insert(score: float, passage: Any, count: Any, k: Any, work: Any) -> Any:
    """Put a passage among the best so far, which are sorted; the new number of them."""
    scores, found = work.scores, work.found
    at = 2 * count if count < k else 2 * k - 2
    if count == k and (score < scores[at] or (score == scores[at] and passage > found[at])):
        return count
    while at > 0 and (
        score > scores[at - 2] or (score == scores[at - 2] and passage < found[at - 2])
    ):
        scores[at], found[at] = scores[at - 2], found[at - 2]
        at -= 2
    scores[at], found[at] = score, passage
    return min(count + 1, k)


@compiled
def candidates(asked: Any, rare: Any, first: Any, end: Any, limit: float, mask: Any, both: Any) -> Any:
    """Leave the places of a stretch that may reach the limit: how many, of how many touched."""
    columns, work = both
    base, count = np.uintp(first * WINDOW), NONE
    for rank in range(rare):
        i = work.order[rank] if rare < asked.count else rank  # in the question's order: exact
        term = asked.terms[i]
        factors = asked.weights[i], fact(term, IDF, columns)
        count = add(part(term, first, end, columns), factors, base, columns, work, count)
    kept = reaching(work.touched, count, limit - work.rest[rare], work)
    if len(mask):
        kept = allowed(work.left, kept, base, mask)
    for rank in range(rare, asked.count):
        if kept == NONE:
            break
        term = asked.terms[work.order[rank]]
        factors = asked.weights[work.order[rank]], fact(term, IDF, columns)
        span, least = part(term, first, end, columns), limit - work.rest[rank + 1]
        kept = look_up(term, span, factors, base, columns, work, kept, least)
    return kept, count


@compiled
def exact(passage: Any, asked: Any, columns: Any) -> float:
    """The score of a passage, added in the question's order: rank_bm25's bits."""
    score = 0.0
    for i in range(asked.count):
        term = asked.terms[i]
        score += asked.weights[i] * (fact(term, IDF, columns) * share_of(passage, term, columns))
    return score


@compiled
def search(room: Any, codes: Any, mask: Any) -> int:
    """Find the best passages for what a room asks; how many they are, -1 for declined."""
    columns, work, asked = opened(room, codes)
    k, window, found = asked.wanted, NONE, 0
    limit = ranked(asked, columns, work, k <= KNOWN and not len(mask))
    if limit < 0:
        return -1
    while window < columns.windows:
        rare, length = planned(asked, columns, work, limit)
        end = min(window + np.uintp(length), columns.windows)
        kept, count = candidates(asked, rare, window, end, limit, mask, (columns, work))
        if kept > k and rare < asked.count:  # so that few are scored anew
            limit = max(limit, kth(k, kept, work) * SLACK)
        for each in range(kept):
            place = np.uintp(work.left[each])
            score = work.totals[place]
            if score >= limit:
                passage = window * np.uintp(WINDOW) + place
                if rare < asked.count:
                    score = exact(passage, asked, columns)
                found = insert(score, np.intp(passage), found, k, work)
                if found == k:
                    limit = max(limit, work.scores[2 * k - 2] * SLACK)
        for each in range(count):
            work.totals[np.uintp(work.touched[each])] = 0.0
        window = end
    return found


class Knowledge(dict[str, int]):
    """The number of each term that was asked, by its name; learnt when it is first asked for."""

    def __init__(
        self, postings: Postings, shares: Any, held: Callable[[str], Held | None]
    ) -> None:
        """Learn from these."""
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
            if held is None or held.span.start == held.span.stop:
                if len(self) < REMEMBERED:
                    self[name] = 0
                return 0
            if name in self or term == MOST_TERMS:
                return self.get(name, NO_ROOM)
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
    """The memory that a thread searches in, and the addresses of it and of an index's columns."""

    def __init__(self, known: Knowledge) -> None:
        """Take the memory; it stays as it is from search to search, and the totals at zero."""
        self.codes = known.codes
        columns = known.positions, known.codes, known.shares, known.facts, known.starts, known.rows
        work = (
            np.zeros(PLACES),
            np.zeros(PLACES + 1, np.uint16),  # one more: a place is noted, then kept
            np.zeros(PLACES + 1, np.uint16),
            *np.zeros((2, TERMS + 1)),
            *np.zeros((2, 2 * BEST)),
        )
        self._held = columns, work  # an address keeps nothing alive
        self.asked = np.array(
            [
                *(column.ctypes.data for column in columns),
                *(known.passages, known.windows),
                *(array.ctypes.data for array in work),
                *[0] * (ASKED + 2 * TERMS),
            ]
        )
        self.hits = memoryview(work[-1]).cast("B")


class Accelerator:
    """Searches postings by compiled code; it answers what vectors.Searcher answers."""

    def __init__(
        self, postings: Postings, shares: Sequence[float], held: Callable[[str], Held | None]
    ) -> None:
        """Take the columns as they are, and compile or load what was compiled before."""
        self._known = Knowledge(postings, shares, held)
        self._own = threading.local()
        self._plain = Searcher(postings, shares, held)
        self.search({}, 1, None)

    def search(
        self, terms: Mapping[str, float], k: int, mask: Mask | None
    ) -> list[tuple[int, float]] | None:
        """The k best passages by score, then by lower position.

        None where this is not the way: a long question, a long list, a weight of no use, or too
        many words known already.
        """
        count = len(terms)
        if count > TERMS or k > BEST:
            return self._plain.search(terms, k, mask)
        try:
            room = self._own.room
        except AttributeError:
            room = self._own.room = Room(self._known)
        numbers = map(self._known.__getitem__, terms)
        PACK[count](room.asked, 8 * (ASKED - 2), count, k, *numbers, *terms.values())
        found = search(room.asked, room.codes, NO_MASK if mask is None else mask)
        if found < 0:
            return self._plain.search(terms, k, mask)
        return [*HITS.iter_unpack(room.hits[: 16 * found])]
