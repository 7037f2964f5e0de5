"""The search of an index as machine code. Only this module knows numba, whose import takes a
quarter of a second and 130 MB.

Passages are gone through in stretches whose totals fit a near cache. In each, the rarer terms are
added up; common ones, which hold most postings and little of the score, are looked up for the
passages that may still be among the best. Those few are scored anew in the question's order.
Numbers are read through bare pointers: numba counts references to arrays, with a lock each time,
which took ten times as long as the search itself. So nothing here is checked against an end.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numba
import numpy as np
from numba import types
from numba.extending import intrinsic

from retrieval.ranking import KNOWN, LEAST_WEIGHT, SLACK

SHIFT = np.uintp(11)  # from a passage to its window
WINDOW = 1 << 11  # passages
STRETCH = 16  # windows at most: a place in them takes two bytes, and their totals a quarter MB
FULL = 512  # postings of the rarer terms that a stretch should hold
LOOKUP = np.uintp(12)  # one among a term's postings costs as much as adding so many
IDF, MOST, TENTH, HELD, ROW, FACTS = range(6)  # what is known of a term, and how much
NO_ROOM = -1  # a term of which nothing can be known
COUNT, WANTED, QUESTION = range(14, 17)  # after the addresses: the terms, then their weights
ONE, NONE = np.uintp(1), np.uintp(0)

Pointer = Any  # numba infers the types of what is compiled
compiled: Callable[[Any], Any] = numba.njit(cache=True, nogil=True)
inlined: Callable[[Any], Any] = intrinsic
pointer_to: Callable[[Any], Any] = types.CPointer


class Room(NamedTuple):
    """Where an index is, where a thread searches it, and what is asked."""

    positions: Pointer
    codes: Pointer
    shares: Pointer  # by code, from 1 on; the first is of a passage that lacks the term
    facts: Pointer  # of the terms that were asked so far
    starts: Pointer  # where a term's postings in each window begin, and the end
    rows: Pointer  # the codes of a common term, from 1 on, for every passage
    passages: Any
    windows: Any
    totals: Pointer  # of a stretch's passages; zero before and after
    touched: Pointer  # the places of those that hold a rarer term
    left: Pointer  # of those that may be among the best
    order: Pointer  # the terms by what they can give, most first
    rest: Pointer  # what those from each on can give together
    found: Pointer  # a position, its score, a position …
    scores: Pointer  # the same from the first score on
    terms: Pointer  # in the question's order
    weights: Pointer
    count: Any
    wanted: Any


@inlined
def pointer(_: Any, address: Any, kind: Any) -> Any:
    """An address as a pointer to numbers of a kind."""
    made = pointer_to(kind.dtype)

    def build(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], context.get_value_type(made))

    return made(address, kind), build


@compiled
def opened(addresses: Any, codes: Any) -> Any:
    """What is at the addresses."""
    terms, count = addresses.ctypes.data + 8 * QUESTION, addresses[COUNT]
    return Room(
        pointer(addresses[0], np.int32),
        pointer(addresses[1], codes.dtype),
        pointer(addresses[2], np.float64),
        pointer(addresses[3], np.float64),
        pointer(addresses[4], np.int32),
        pointer(addresses[5], codes.dtype),
        np.uintp(addresses[6]),
        np.uintp(addresses[7]),
        pointer(addresses[8], np.float64),
        pointer(addresses[9], np.uint16),
        pointer(addresses[10], np.uint16),
        pointer(addresses[11], np.intp),
        pointer(addresses[12], np.float64),
        pointer(addresses[13], np.intp),
        pointer(addresses[13] + 8, np.float64),
        pointer(terms, np.uintp),
        pointer(terms + 8 * count, np.float64),
        count,
        addresses[WANTED],
    )


@compiled
def fact(term: Any, which: Any, room: Any) -> Any:
    """One of the things that are known of a term."""
    return room.facts[term * np.uintp(FACTS) + np.uintp(which)]


@compiled
def part(term: Any, first: Any, end: Any, room: Any) -> Any:
    """The postings of a term in the windows from the first to the end."""
    starts = term * (room.windows + ONE)
    return np.uintp(room.starts[starts + first]), np.uintp(room.starts[starts + end])


@compiled
def share_of(passage: Any, term: Any, room: Any) -> Any:
    """What a term gives a passage before its idf; 0 where it is absent."""
    row = np.intp(fact(term, ROW, room))
    if row >= 0:
        return room.shares[room.rows[np.uintp(row) * room.passages + passage]]
    first, end = part(term, passage >> SHIFT, (passage >> SHIFT) + ONE, room)
    last = end
    while first < last:
        middle = (first + last) >> ONE
        if room.positions[middle] < passage:
            first = middle + ONE
        else:
            last = middle
    if first < end and room.positions[first] == passage:
        return room.shares[room.codes[first] + ONE]
    return 0.0


@compiled
def ranked(room: Any, known: bool) -> float:
    """Put the terms in order, the one that can give most first. A score that enough reach.

    It is 0 where no such score is known, and negative where the question is not for this search.
    """
    reach, order, rest = 0.0, room.order, room.rest
    for i in range(room.count):
        term, weight = room.terms[i], room.weights[i]
        if not weight >= LEAST_WEIGHT or np.intp(term) == NO_ROOM:
            return -1.0
        most = weight * fact(term, MOST, room)
        if known:
            reach = max(reach, weight * fact(term, TENTH, room))
        at = i
        while at > 0 and rest[at - 1] < most:
            rest[at], order[at] = rest[at - 1], order[at - 1]
            at -= 1
        rest[at], order[at] = most, i
    rest[room.count] = 0.0
    for i in range(room.count - 1, -1, -1):
        rest[i] += rest[i + 1]
    return reach * SLACK


@compiled
def planned(room: Any, limit: float) -> Any:
    """How many terms are to be added up in a stretch, and how many windows it should have."""
    rare, held = room.count, 1.0
    while rare > 0 and room.rest[rare - 1] < limit:
        rare -= 1
    for rank in range(rare):
        held += fact(room.terms[room.order[rank]], HELD, room)
    return rare, np.uintp(max(1.0, min(STRETCH, FULL * room.windows / held)))


@compiled
def add(span: Any, factors: Any, base: Any, room: Any, count: Any) -> Any:
    """Add a term's postings; note what is touched for the first time, and count it."""
    totals, (weight, idf) = room.totals, factors
    for at in range(span[0], span[1]):
        place = np.uintp(room.positions[at] - base)
        before = totals[place]
        room.touched[count] = place
        count += np.uintp(before == 0.0)
        totals[place] = before + weight * (idf * room.shares[room.codes[at] + ONE])
    return count


@compiled
def reaching(places: Any, count: Any, least: float, room: Any) -> Any:
    """Leave the places whose totals reach the least; how many they are."""
    kept = NONE
    for each in range(count):
        place = places[each]
        room.left[kept] = place
        kept += np.uintp(room.totals[np.uintp(place)] >= least)
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
    term: Any, span: Any, factors: Any, base: Any, room: Any, count: Any, least: float
) -> Any:
    """Add a common term to the places that are left, and leave those that reach the least."""
    totals, left, (weight, idf) = room.totals, room.left, factors
    if fact(term, ROW, room) < 0 and span[1] - span[0] < count * LOOKUP:
        for at in range(span[0], span[1]):
            place = np.uintp(room.positions[at] - base)
            before = totals[place]
            after = before + weight * (idf * room.shares[room.codes[at] + ONE])
            totals[place] = after if before > 0.0 else 0.0
        return reaching(left, count, least, room)
    kept = NONE
    for each in range(count):
        noted = left[each]
        place = np.uintp(noted)
        total = totals[place] + weight * (idf * share_of(base + place, term, room))
        totals[place] = total
        left[kept] = noted
        kept += np.uintp(total >= least)
    return kept


@compiled
def candidates(rare: Any, stretch: Any, limit: float, mask: Any, room: Any) -> Any:
    """Leave the places of a stretch that may reach the limit: how many, of how many touched."""
    first, end = stretch
    base, count = first * np.uintp(WINDOW), NONE
    for rank in range(rare):
        i = room.order[rank] if rare < room.count else rank  # all, in the question's order: exact
        factors = room.weights[i], fact(room.terms[i], IDF, room)
        span = part(room.terms[i], first, end, room)
        count = add(span, factors, base, room, count)
    kept = reaching(room.touched, count, limit - room.rest[rare], room)
    if len(mask):
        kept = allowed(room.left, kept, base, mask)
    for rank in range(rare, room.count):
        if kept == NONE:
            break
        i = room.order[rank]
        term, factors = room.terms[i], (room.weights[i], fact(room.terms[i], IDF, room))
        span, least = part(term, first, end, room), limit - room.rest[rank + 1]
        kept = look_up(term, span, factors, base, room, kept, least)
    return kept, count


@compiled
def exact(passage: Any, room: Any) -> float:
    """The score of a passage, added in the question's order: rank_bm25's bits."""
    score = 0.0
    for i in range(room.count):
        term = room.terms[i]
        score += room.weights[i] * (fact(term, IDF, room) * share_of(passage, term, room))
    return score


@compiled
def insert(score: float, passage: Any, count: Any, k: Any, room: Any) -> Any:
    """Put a passage among the best so far, which are sorted; the new number of them."""
    scores, found = room.scores, room.found
    at = 2 * min(count, k - 1)
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
def search(addresses: Any, codes: Any, mask: Any) -> int:
    """Find the best passages for what a room asks; how many they are, -1 for declined."""
    room = opened(addresses, codes)
    k, window, found = room.wanted, NONE, 0
    limit = ranked(room, k <= KNOWN and not len(mask))
    if limit < 0:
        return -1
    while window < room.windows:
        rare, length = planned(room, limit)
        stretch = window, min(window + length, room.windows)
        kept, count = candidates(rare, stretch, limit, mask, room)
        for each in range(kept):
            place = np.uintp(room.left[each])
            score = room.totals[place]
            if score >= limit:
                passage = window * np.uintp(WINDOW) + place
                score = exact(passage, room) if rare < room.count else score
                found = insert(score, np.intp(passage), found, k, room)
                limit = max(limit, room.scores[2 * k - 2] * SLACK) if found == k else limit
        for each in range(count):
            room.totals[np.uintp(room.touched[each])] = 0.0
        window = stretch[1]
    return found
