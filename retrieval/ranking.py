"""The best passages by the scores of a few terms, in Python; and filters of passages.

A small index is searched without numpy, whose import takes longer than a thousand such answers.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, repeat
from operator import add, itemgetter, mul
from typing import Any, NamedTuple, Protocol

LEAST_WEIGHT = 1e-9  # below it, or below zero, a score is no proof that a passage shares a term
COMMON = 16  # a term in one passage of so many gets a column, so that it is looked up at once
KNOWN = 10  # the rank of the score that is kept of a term, so that a bound is known before any sum
SLACK = 1 - 1e-9  # sums in another order differ by less
Hits = list[tuple[int, float]]  # positions with their scores, best first
MOST, TENTH = itemgetter(2), itemgetter(3)
SCORE = itemgetter(1)


class Engine(Protocol):
    """A faster search of the postings that were built."""

    def search(self, terms: Mapping[str, float], k: int, mask: Any) -> Hits | None:
        """The k best passages that the mask, an array of booleans or None, lets through.

        None where the question is not for it.
        """


class Weighed(NamedTuple):
    """A term of a question: what it gives each passage that holds it, for weight 1."""

    scores: dict[int, float]
    weight: float
    most: float  # what it can give, its weight counted
    tenth: float  # what ten passages get of it at least
    rising: list[float]  # the scores sorted
    places: list[int]  # the passages beside them
    column: list[float]  # of a common term: its score in every passage, 0 where absent; else empty

    def times(self, weight: float) -> Weighed:
        """The same with another weight."""
        scores, _, most, tenth, rising, places, column = self
        return Weighed(scores, weight, weight * most, weight * tenth, rising, places, column)


def weighed(scores: dict[int, float], passages: int) -> Weighed:
    """A term's scores, sorted too."""
    places = sorted(scores, key=scores.__getitem__)
    rising = [scores[position] for position in places]
    tenth = rising[-KNOWN] if len(rising) >= KNOWN else 0.0
    column = [0.0] * passages if len(rising) * COMMON > passages else []
    for position, score in scores.items() if column else ():
        column[position] = score
    return Weighed(scores, 1.0, rising[-1] if rising else 0.0, tenth, rising, places, column)


class Mask(Collection[int]):
    """A set of positions in one byte for each passage, so that many searches can share it."""

    def __init__(self, positions: Collection[int], passages: int) -> None:
        """Keep those positions that are passages."""
        self.kept: tuple[object, Any] | None = None  # who searched by it last, and what it keeps
        self.flags = bytearray(passages)
        self._set: frozenset[int] = frozenset()
        for position in listed(positions):
            if 0 <= position < passages:
                self.flags[position] = 1

    def __contains__(self, position: object) -> bool:
        """Whether a search may find the position."""
        return (
            isinstance(position, int)
            and 0 <= position < len(self.flags)
            and self.flags[position] == 1
        )

    def __iter__(self) -> Iterator[int]:
        """The positions, rising."""
        return (position for position, flag in enumerate(self.flags) if flag)

    def __len__(self) -> int:
        """How many there are."""
        return self.flags.count(1)

    def as_set(self) -> frozenset[int]:
        """The positions as a set, which tells faster whether it holds one; kept."""
        self._set = self._set or frozenset(self)
        return self._set


def listed(among: Any) -> Iterable[int]:
    """The positions of a filter; of numpy's booleans, one for each passage, where they are true."""
    if str(getattr(among, "dtype", "")) == "bool":
        among = among.nonzero()[0]
    found: Iterable[int] = among.tolist() if hasattr(among, "tolist") else among
    return found


def search(terms: Sequence[Weighed], k: int, among: Collection[int] | None) -> Hits:
    """The k best of those the filter lets through, ties by lower position.

    A passage is among the best by the terms that can give most, or by another of which it has so
    much that those which give less can lift it to the bound.
    """
    falling = sorted(terms, key=MOST, reverse=True)
    rests = [0.0, *accumulate(map(MOST, falling[:0:-1]))]
    if among is None and k <= KNOWN:
        bound = max(map(TENTH, terms)) * SLACK
    else:
        among = among.as_set() if isinstance(among, Mask) else among
        bound = tenth_of(max(terms, key=TENTH), k, among) * SLACK
    found: set[int] = set()
    for _, weight, most, _, rising, places, _ in falling:
        least = bound - rests.pop()
        if least > most:
            break
        found.update(places[bisect_left(rising, least / weight) :] if least > 0.0 else places)
    if isinstance(among, (set, frozenset)):
        found &= among
    elif among is not None:
        found = {position for position in found if position in among}
    return scored(terms, sorted(found), k, bound)


def totals(terms: Sequence[tuple[Mapping[int, float], float]]) -> dict[int, float]:
    """The score of every passage that holds a term, added in the question's order. Of each term
    what it gives for weight 1, and its weight.
    """
    if not terms:
        return {}
    (scores, weight), *others = terms
    found = {position: weight * score for position, score in scores.items()}
    before = found.get
    for scores, weight in others:
        for position, score in scores.items():
            found[position] = before(position, 0.0) + weight * score
    return found


def tenth_of(term: Weighed, k: int, among: Collection[int] | None) -> float:
    """What k passages that the filter lets through get of a term at least."""
    rising, places = term.rising, term.places
    if among is None:
        return term.weight * rising[-k] if len(rising) >= k else 0.0
    for place in range(len(places) - 1, -1, -1):
        k -= places[place] in among
        if not k:
            return term.weight * rising[place]
    return 0.0


def scored(terms: Sequence[Weighed], positions: Sequence[int], k: int, least: float) -> Hits:
    """The k best of some passages, which rise, that reach the least: rank_bm25's bits.

    Added in the question's order, and not by sum(), which compensates for rounding from Python
    3.12 on.
    """
    if not positions:
        return []
    pick, nothing = itemgetter(*positions, positions[0]), repeat(0.0)
    sums: Iterable[float] = repeat(0.0)
    for scores, weight, *_, column in terms:
        given = pick(column) if column else map(scores.get, positions, nothing)
        sums = map(add, sums, given if weight == 1.0 else map(mul, repeat(weight), given))
    hits = [hit for hit in zip(positions, sums, strict=False) if hit[1] >= least]
    hits.sort(key=SCORE, reverse=True)  # stable: ties by position
    return hits[:k]


def best(
    totals: Mapping[int, float], k: int, among: Collection[int] | None
) -> list[tuple[int, float]]:
    """The k best of some totals that the filter lets through, ties by lower position."""
    pairs = [(-t, position) for position, t in totals.items() if among is None or position in among]
    return [(position, -negative) for negative, position in sorted(pairs)[:k]]
