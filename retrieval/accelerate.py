"""Search a large index in compiled code: an optional extra, for servers that stay up. Only this
module knows numba, whose import takes a quarter of a second and 130 MB.

Passages are gone through in windows whose totals fit the processor's nearest cache. In each, the
rarer terms are added up; a common one is added or looked up, whichever touches less. These totals
are of single precision and only say which passages may be among the best; those are scored anew.
Places and counts are unsigned, for which numba leaves out a test on every access.
"""

from __future__ import annotations

import threading
from array import array
from collections.abc import Callable, Sequence
from typing import Any

import numba
import numpy as np

from retrieval.postings import Held, Postings
from retrieval.vectors import KNOWN, Mask, Searcher, reached

WINDOW = 2048  # passages
SLACK = 1e-5  # sums of single precision are nearer than this to the exact ones
LOOKUP = np.uintp(12)  # one costs as much as adding so many postings
ONE = np.uintp(1)
ZERO = np.float32(0)
BEST = 1000  # a longer list than this is kept sorted too slowly by insertion
TERMS, MOST_TERMS = 64, 20_000  # room at first and at last: two bytes per 1,000 passages each
SLOT, WEIGHT, IDF, BOUND = range(4)  # what is known of each term of a question
NO_MASK = np.zeros(0, np.bool_)

Array = Any  # numba infers the types of what is compiled
compiled: Callable[[Any], Any] = numba.njit(cache=True, nogil=True)


@compiled
def mark(positions: Array, first: int, last: int, windows: Array) -> None:
    """Note where a term's postings, from first to last, begin in each window, and their end."""
    at = first
    for window in range(len(windows)):
        while at < last and positions[at] < window * WINDOW:
            at += 1
        windows[window] = at


@compiled
def in_window(windows: Array, slot: int, window: int) -> Any:
    """The postings of a term in a window."""
    return np.uintp(windows[slot, window]), np.uintp(windows[slot, window + 1])


@compiled
def share_of(passage: Any, span: Any, positions: Array, codes: Array, shares: Array) -> Any:
    """What a term gives a passage, by its postings in the span; negative where it is absent."""
    first, end = span
    last = end
    while first < last:
        middle = (first + last) >> ONE
        if positions[middle] < passage:
            first = middle + ONE
        else:
            last = middle
    if first < end and positions[first] == passage:
        return shares[codes[first]]
    return shares.dtype.type(-1)


@compiled
def add(part: Any, columns: Any, totals: Array, touched: Array, count: Any) -> Any:
    """Add a term's postings of a window; note what is touched for the first time, and count it."""
    (first, last), base, factor = part
    positions, codes, shares = columns
    for at in range(first, last):
        place = np.uintp(positions[at] - base)
        before = totals[place]
        touched[count] = place
        count += np.uintp(before == ZERO)
        totals[place] = before + factor * shares[codes[at]]
    return count


@compiled
def add_to(left: Array, count: Any, part: Any, columns: Any, totals: Array) -> None:
    """Add a common term's postings of a window to the passages that are left."""
    span, base, factor = part
    positions, codes, shares = columns
    if count * LOOKUP < span[1] - span[0]:
        for each in range(count):
            place = np.uintp(left[each])
            share = share_of(base + place, span, positions, codes, shares)
            if share > ZERO:
                totals[place] += factor * share
        return
    for at in range(span[0], span[1]):
        place = np.uintp(positions[at] - base)
        before = totals[place]
        after = before + factor * shares[codes[at]]
        totals[place] = after if before > ZERO else ZERO


@compiled
def reaching(places: Array, count: Any, totals: Array, least: float, left: Array) -> Any:
    """Keep the places whose totals reach the least; how many they are."""
    kept, single = np.uintp(0), np.float32(least)
    for each in range(count):
        place = places[each]
        left[kept] = place
        kept += np.uintp(totals[np.uintp(place)] >= single)
    return kept


@compiled
def allowed(left: Array, count: Any, base: Any, mask: Array) -> Any:
    """Keep the places that the mask lets through; how many they are."""
    kept = np.uintp(0)
    for each in range(count):
        left[kept] = place = left[each]
        kept += np.uintp(mask[base + np.uintp(place)])
    return kept


@compiled
def insert(score: float, passage: Any, count: int, scores: Array, passages: Array) -> int:
    """Put a passage among the best so far, which are sorted; the new number of them."""
    at = count - (count == len(scores))
    if at < count and (score < scores[at] or (score == scores[at] and passage > passages[at])):
        return count
    while at > 0 and (
        score > scores[at - 1] or (score == scores[at - 1] and passage < passages[at - 1])
    ):
        scores[at], passages[at] = scores[at - 1], passages[at - 1]
        at -= 1
    scores[at], passages[at] = score, passage
    return min(count + 1, len(scores))


@compiled
def exact(passage: Any, window: int, terms: Array, columns: Any, windows: Array) -> float:
    """The score of a passage, added in the question's order: rank_bm25's bits."""
    positions, codes, shares = columns
    score = 0.0
    for i in range(len(terms)):
        span = in_window(windows, np.intp(terms[i, SLOT]), window)
        share = share_of(passage, span, positions, codes, shares)
        if share >= 0:
            score += terms[i, WEIGHT] * (terms[i, IDF] * share)
    return score


@compiled
def falling(bounds: Array) -> Any:
    """The terms by how much they can give, most first; what those from each on give together."""
    order = np.argsort(-bounds)
    rest = np.zeros(len(bounds) + 1)
    for i in range(len(bounds) - 1, -1, -1):
        rest[i] = rest[i + 1] + bounds[order[i]]
    return order, rest


@compiled
def kth(places: Array, count: Any, totals: Array, best: Array) -> Any:
    """The k-th best of some totals, where best has room for k; 0 where there are fewer."""
    best[:], last = ZERO, len(best) - 1
    for each in range(count):
        total = totals[np.uintp(places[each])]
        if total > best[last]:
            at = last
            while at > 0 and best[at - 1] < total:
                best[at] = best[at - 1]
                at -= 1
            best[at] = total
    return best[last]


@compiled
def candidates(
    at: Any, ranks: Any, terms: Array, columns: Any, windows: Array, mask: Array, work: Any
) -> Any:
    """Find the passages of a window that may reach the limit: how many, out of how many touched."""
    window, rare, limit = at
    order, rest, factors = ranks
    totals, touched, left = work
    base, count = np.uintp(window * WINDOW), np.uintp(0)
    for i in order[:rare]:
        span = in_window(windows, np.intp(terms[i, SLOT]), window)
        count = add((span, base, factors[i]), columns, totals, touched, count)
    kept = reaching(touched, count, totals, limit - rest[rare], left)
    if len(mask):
        kept = allowed(left, kept, base, mask)
    for rank in range(rare, len(order)):
        if kept == 0:
            break
        i = order[rank]
        span = in_window(windows, np.intp(terms[i, SLOT]), window)
        add_to(left, kept, (span, base, factors[i]), columns, totals)
        kept = reaching(left, kept, totals, limit - rest[rank + 1], left)
    return kept, count


@compiled
def search(
    columns: Any, shares: Array, windows: Array, asked: Any, mask: Array, work: Any, hits: Array
) -> int:
    """Find the best passages; how many they are. The bound is a score that enough reach."""
    flat, bound = asked
    terms = flat.reshape(-1, 4)
    totals, touched, left = work
    passages, scores = hits
    doubles = (columns[0], columns[1], shares)
    order, rest = falling(terms[:, BOUND])
    ranks = (order, rest, (terms[:, WEIGHT] * terms[:, IDF]).astype(np.float32))
    best = np.empty(len(scores), np.float32)
    rare, found, limit = len(terms), 0, bound * (1 - SLACK)
    for window in range(windows.shape[1] - 1):
        while rare > 0 and rest[rare - 1] < limit:
            rare -= 1
        at = (window, rare, limit)
        kept, count = candidates(at, ranks, terms, columns, windows, mask, work)
        if kept > len(best):  # so that few are scored anew
            bound = max(bound, kth(left, kept, totals, best) * (1 - SLACK))
            limit = bound * (1 - SLACK)
        for each in range(kept):
            place = np.uintp(left[each])
            if totals[place] >= np.float32(limit):
                passage = np.uintp(window * WINDOW) + place
                score = exact(passage, window, terms, doubles, windows)
                found = insert(score, passage, found, scores, passages)
                if found == len(scores) and scores[-1] > bound:
                    bound = scores[-1]
                    limit = bound * (1 - SLACK)
        for each in range(count):
            totals[np.uintp(touched[each])] = ZERO
    return found


class Accelerator:
    """Searches postings by compiled code; it answers what vectors.Searcher answers."""

    worth = 40

    def __init__(self, postings: Postings, shares: Sequence[float]) -> None:
        """Take the columns as they are, and compile or load what was compiled before."""
        self._plain = Searcher(postings, shares)  # for the few questions that ask for too much
        self._shares = np.asarray(shares)
        self._columns = (
            np.asarray(postings.positions),
            np.asarray(postings.codes),
            self._shares.astype(np.float32),
        )
        self._windows = np.zeros((TERMS, -(-len(postings.lengths) // WINDOW) + 1), np.int32)
        self._known: dict[str, tuple[int, float, float]] = {}
        self._lock = threading.Lock()
        self._own = threading.local()
        self._compiled(np.frombuffer(array("d", [0.0, 1.0, 0.0, 0.0])), 0.0, 1, None)

    def search(
        self, asked: Sequence[tuple[Held, float]], k: int, mask: Mask | None
    ) -> list[tuple[int, float]]:
        """The k best passages by score, then by lower position; all weights are positive."""
        known = self._known
        full = len(known) >= MOST_TERMS and any(held.term not in known for held, _ in asked)
        if full or k > BEST:
            return self._plain.search(asked, k, mask)
        terms: list[float] = []
        bound = 0.0
        for held, weight in asked:
            slot, best, tenth = known.get(held.term) or self._learnt(held)
            terms += (slot, weight, held.idf, weight * best)
            bound = max(bound, weight * tenth)
        bound = bound if mask is None and k <= KNOWN else 0.0
        return self._compiled(np.frombuffer(array("d", terms)), bound, k, mask)

    def _compiled(
        self, terms: Array, bound: float, k: int, mask: Mask | None
    ) -> list[tuple[int, float]]:
        hits = np.empty((2, k))  # positions, and scores; a double holds any position exactly
        asked, flags = (terms, bound), NO_MASK if mask is None else mask
        work = self._room()
        found = search(self._columns, self._shares, self._windows, asked, flags, work, hits)
        passages, scores = hits[:, :found].tolist()
        return list(zip(map(int, passages), scores, strict=True))

    def _learnt(self, held: Held) -> tuple[int, float, float]:
        """A term's row among the windows, its best score, and one that ten passages reach."""
        scores = held.idf * self._shares.take(self._columns[1][held.span])
        with self._lock:
            slot = len(self._known)
            if slot == len(self._windows):  # searches under way keep the rows they have
                self._windows = np.concatenate([self._windows, np.zeros_like(self._windows)])
            mark(self._columns[0], held.span.start, held.span.stop, self._windows[slot])
            known = (slot, float(scores.max()), reached(scores, KNOWN))
            return self._known.setdefault(held.term, known)

    def _room(self) -> Any:
        room = getattr(self._own, "room", None)
        if room is None:
            places = np.zeros((2, WINDOW + 1), np.uint16)  # one more: a place is noted, then kept
            room = self._own.room = (np.zeros(WINDOW, np.float32), places[0], places[1])
        return room
