"""The search of an index as machine code. Only this module knows numba, whose import takes a
quarter of a second and 130 MB.

Passages are gone through in stretches whose totals fit a near cache. In each, the rarer terms are
added up; common ones, which hold most postings and little of the score, are looked up for the
passages that may still be among the best. Those few are scored anew in the question's order.
Bare pointers, never checked against an end, because numba counts references to arrays, with a
lock each time: that took ten times as long as the search itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numba
import numpy as np
from numba import types
from numba.extending import intrinsic

# Every number stands here, none is imported: of changes numba's cache sees those of this file.
WINDOW = 1 << 11  # passages
SHIFT = np.uintp(11)  # from a passage to its window
FULL = 512  # postings of the rarer terms that a stretch should hold
STRETCH = 16  # windows at most: a place in them takes two bytes, and their totals a quarter MB
LOOKUP = np.uintp(12)  # one among a term's postings costs as much as adding so many
FACTS = 32  # numbers for each term that was asked; those after the last are its ladder
IDF, MOST, HELD, ROW, RANKED = range(5)
NO_ROOM = -1  # a term of which nothing can be known
COUNT, WANTED, RUNG, MASK, FEW, QUESTION = range(14, 20)  # after addresses; then the terms
LEAST_WEIGHT, SLACK = 1e-9, 1 - 1e-9  # as for the search without numba
ONE, NONE = np.uintp(1), np.uintp(0)
I2, I4, I8, F8, PLACE = np.uint16, np.int32, np.intp, np.float64, np.uintp

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
    mask: Pointer  # which passages may be found
    few: Pointer  # how many they are, then each of them, where they are few
    masked: bool
    sparse: bool
    count: Any
    wanted: Any
    rung: Any  # of a score that as many reach as are wanted, or likely do


@inlined
def pointer(_: Any, address: Any, kind: Any) -> Any:
    """An address as a pointer to numbers of a kind."""
    made = pointer_to(kind.dtype)

    def build(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], context.get_value_type(made))

    return made(address, kind), build


@compiled
def opened(at: Any, codes: Any) -> Any:
    """What is at the addresses."""
    code, terms, count = codes.dtype, at.ctypes.data + 8 * QUESTION, at[COUNT]
    postings = pointer(at[0], I4), pointer(at[1], code), pointer(at[2], F8)
    known = pointer(at[3], F8), pointer(at[4], I4), pointer(at[5], code), PLACE(at[6]), PLACE(at[7])
    work = pointer(at[8], F8), pointer(at[9], I2), pointer(at[10], I2), pointer(at[11], I8)
    best = pointer(at[12], F8), pointer(at[13], I8), pointer(at[13] + 8, F8)
    asked = pointer(terms, PLACE), pointer(terms + 8 * count, F8), pointer(at[MASK], np.uint8)
    how = pointer(at[FEW], PLACE), at[MASK] != 0, at[FEW] != 0, count, at[WANTED], at[RUNG]
    return Room(*postings, *known, *work, *best, *asked, *how)


@compiled
def fact(term: Any, which: Any, room: Any) -> Any:
    """One of the things that are known of a term."""
    return room.facts[term * PLACE(FACTS) + PLACE(which)]


@compiled
def part(term: Any, first: Any, end: Any, room: Any) -> Any:
    """The postings of a term in the windows from the first to the end."""
    starts = term * (room.windows + ONE)
    return PLACE(room.starts[starts + first]), PLACE(room.starts[starts + end])


@compiled
def first_from(wanted: Any, positions: Any, first: Any, last: Any) -> Any:
    """Where the first of some rising positions is that is not below the wanted one."""
    while first < last:
        middle = (first + last) >> ONE
        if positions[middle] < wanted:
            first = middle + ONE
        else:
            last = middle
    return first


@compiled
def share_of(passage: Any, term: Any, room: Any) -> Any:
    """What a term gives a passage before its idf; 0 where it is absent."""
    row = I8(fact(term, ROW, room))
    if row >= 0:
        return room.shares[room.rows[PLACE(row) * room.passages + passage]]
    first, end = part(term, passage >> SHIFT, (passage >> SHIFT) + ONE, room)
    at = first_from(passage, room.positions, first, end)
    held = at < end and room.positions[at] == passage
    return room.shares[room.codes[at] + ONE] if held else 0.0


@compiled
def ranked(room: Any) -> float:
    """Put the terms in order, most first. A score that enough reach, or 0; -1 for declined."""
    reach, order, rest = 0.0, room.order, room.rest
    for i in range(room.count):
        term, weight = room.terms[i], room.weights[i]
        if not weight >= LEAST_WEIGHT or I8(term) == NO_ROOM:
            return -1.0
        most, at = weight * fact(term, MOST, room), i
        if room.sparse and fact(term, ROW, room) < 0:
            most = np.inf  # it is added up whatever it can give: only a row is quick to look into
        reach = max(reach, weight * fact(term, RANKED + room.rung, room))
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
    rare, held, least = room.count, 1.0, np.inf if room.sparse else limit
    while rare > 0 and room.rest[rare - 1] < least:
        rare -= 1
    for rank in range(rare):
        held += fact(room.terms[room.order[rank]], HELD, room)
    return rare, PLACE(max(1.0, min(STRETCH, FULL * room.windows / held)))


@compiled
def add(span: Any, factors: Any, base: Any, room: Any, count: Any) -> Any:
    """Add a term's postings; note what is touched for the first time, and count it."""
    totals, (weight, idf) = room.totals, factors
    for at in range(span[0], span[1]):
        place = PLACE(room.positions[at] - base)
        before = totals[place]
        room.touched[count] = place
        count += PLACE(before == 0.0)
        totals[place] = before + weight * (idf * room.shares[room.codes[at] + ONE])
    return count


@compiled
def reaching(places: Any, count: Any, base: Any, least: float, room: Any) -> Any:
    """Leave the places that may be found and whose totals reach the least; how many they are."""
    kept = NONE
    for each in range(count):
        place = places[each]
        room.left[kept] = place
        fits = room.totals[PLACE(place)] >= least
        if fits and room.masked:
            fits = room.mask[base + PLACE(place)] != 0
        kept += PLACE(fits)
    return kept


@compiled
def look(term: Any, span: Any, factors: Any, base: Any, room: Any, count: Any, least: Any) -> Any:
    """Add a common term to the places that are left, and leave those that reach the least."""
    totals, left, (weight, idf) = room.totals, room.left, factors
    if fact(term, ROW, room) < 0 and span[1] - span[0] < count * LOOKUP:
        for at in range(span[0], span[1]):
            place = PLACE(room.positions[at] - base)
            gives = weight * (idf * room.shares[room.codes[at] + ONE])
            totals[place] += gives if totals[place] > 0.0 else 0.0
        return reaching(left, count, base, least, room)
    kept = NONE
    for each in range(count):
        noted = left[each]
        place = PLACE(noted)
        total = totals[place] + weight * (idf * share_of(base + place, term, room))
        totals[place] = total
        left[kept] = noted
        kept += PLACE(total >= least)
    return kept


@compiled
def listed(base: Any, end: Any, room: Any, count: Any) -> Any:
    """Leave all places that a mask of few lets through; how many they are, and those touched."""
    kept, last = NONE, room.few[0] + ONE
    first = first_from(base, room.few, ONE, last)
    for at in range(first, first_from(end, room.few, first, last)):
        place = room.few[at] - base
        room.left[kept] = room.touched[count] = place
        count += PLACE(room.totals[place] == 0.0)
        kept += ONE
    return kept, count


@compiled
def candidates(rare: Any, first: Any, end: Any, limit: float, room: Any) -> Any:
    """Leave the places of a stretch that may reach the limit: how many, of how many touched."""
    base, count = first << SHIFT, NONE
    for rank in range(rare):
        i = room.order[rank] if rare < room.count else rank  # all, in the question's order: exact
        factors = room.weights[i], fact(room.terms[i], IDF, room)
        count = add(part(room.terms[i], first, end, room), factors, base, room, count)
    if room.sparse:
        kept, count = listed(base, end << SHIFT, room, count)
    else:
        kept = reaching(room.touched, count, base, limit - room.rest[rare], room)
    for rank in range(rare, room.count):
        i = room.order[rank]
        term, factors = room.terms[i], (room.weights[i], fact(room.terms[i], IDF, room))
        span = part(term, first, end, room)
        kept = look(term, span, factors, base, room, kept, limit - room.rest[rank + 1])
    return kept, count


@compiled
def exact(passage: Any, room: Any) -> float:
    """The score of a passage, added in the question's order: rank_bm25's bits."""
    score = 0.0
    for i in range(room.count):
        idf, share = fact(room.terms[i], IDF, room), share_of(passage, room.terms[i], room)
        score += room.weights[i] * (idf * share)
    return score


@compiled
def insert(score: float, passage: Any, count: Any, room: Any) -> Any:
    """Put a passage among the best so far, which are sorted; the new number of them."""
    scores, found, k = room.scores, room.found, room.wanted
    at = 2 * min(count, k - 1)
    if count == k and (score, -passage) < (scores[at], -found[at]):
        return count
    while at > 0 and (score, -passage) > (scores[at - 2], -found[at - 2]):
        scores[at], found[at] = scores[at - 2], found[at - 2]
        at -= 2
    scores[at], found[at] = score, passage
    return min(count + 1, k)


@compiled
def gone_through(limit: float, room: Any) -> int:
    """Find the best passages of those that reach the limit; how many they are."""
    window, found, last = NONE, 0, 2 * room.wanted - 2
    while window < room.windows:
        rare, length = planned(room, limit)
        end = min(window + length, room.windows)
        kept, count = candidates(rare, window, end, limit, room)
        for each in range(kept):
            place = PLACE(room.left[each])
            score = room.totals[place]
            if score >= limit and score > 0.0:
                passage = (window << SHIFT) + place
                score = exact(passage, room) if rare < room.count else score
                found = insert(score, I8(passage), found, room)
                limit = max(limit, room.scores[last] * SLACK) if found == room.wanted else limit
        for each in range(count):
            room.totals[PLACE(room.touched[each])] = 0.0
        window = end
    return found


@compiled
def search(addresses: Any, codes: Any) -> Any:
    """Find the best passages for what a room asks; how many they are, -1 for declined."""
    room = opened(addresses, codes)
    limit = ranked(room)
    if limit < 0:
        return -1
    found = gone_through(limit, room)
    enough = found == room.wanted or limit == 0.0  # else the mask lets fewer through than likely
    return found if enough else gone_through(0.0, room)
