"""The best passages by the scores of a few terms, in Python; and filters of passages.

A small index is searched without numpy, whose import takes longer than a thousand such answers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

LEAST_WEIGHT = 1e-9  # below it, or below zero, a score is no proof that a passage shares a term
KNOWN = 10  # the rank of the score that is kept of a term, so that a bound is known before any sum
SLACK = 1 - 1e-9  # sums in another order differ by less
Hits = list[tuple[int, float]]  # positions with their scores, best first
MOST = itemgetter(2)
FEW = 3  # times k: so few totals are better scored anew than narrowed further


class Weighed(NamedTuple):
    """A term of a question: what it gives each passage that holds it, for weight 1."""

    scores: dict[int, float]
    weight: float
    most: float  # what it can give, its weight counted
    tenth: float  # what ten passages get of it at least

    def times(self, weight: float) -> Weighed:
        """The same with another weight."""
        return Weighed(self.scores, weight, weight * self.most, weight * self.tenth)


def weighed(scores: dict[int, float]) -> Weighed:
    """A term's scores, its best ones found."""
    falling = sorted(scores.values(), reverse=True)
    return Weighed(scores, 1.0, falling[0], falling[KNOWN - 1] if len(falling) >= KNOWN else 0.0)


class Mask(Collection[int]):
    """A set of positions in one byte for each passage, so that many searches can share it."""

    def __init__(self, positions: Collection[int], passages: int) -> None:
        """Keep those positions that are passages."""
        self.kept: tuple[object, Any] | None = None  # who searched by it last, and what it keeps
        self.flags = bytearray(passages)
        for position in positions:
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


def search(
    terms: Sequence[Weighed], k: int, among: Collection[int] | None
) -> list[tuple[int, float]]:
    """The k best (position, score) of those the filter lets through, ties by lower position.

    Terms that can give most are added first. Once k passages reach more than the others together
    can give, those are looked up for the passages that are left, and no longer added.
    """
    falling = sorted(terms, key=MOST, reverse=True)
    rest = sum([term.most for term in terms])
    bound = max([term.tenth for term in terms]) * SLACK if among is None and k <= KNOWN else 0.0
    totals: dict[int, float] = {}
    added = 0
    for term in falling:
        if rest >= bound and k <= len(totals) < len(term.scores):
            bound = max(bound, reached(totals, k))
        if rest < bound:
            break
        totals = sums(totals, term, among)
        rest -= term.most
        added += 1
    return scored(terms, narrowed(totals, falling[added:], bound, k))[:k]


def sums(
    totals: dict[int, float], term: Weighed, among: Collection[int] | None
) -> dict[int, float]:
    """The totals with what a term gives to the passages that the filter lets through."""
    scores, weight = term.scores, term.weight
    if among is not None:
        scores = {position: score for position, score in scores.items() if position in among}
    if weight != 1.0:
        scores = {position: weight * score for position, score in scores.items()}
    fewer, more = (totals, scores.copy()) if len(totals) < len(scores) else (scores, totals)
    before = more.get
    for position, score in fewer.items():
        more[position] = before(position, 0.0) + score
    return more


def totals(terms: Sequence[Weighed]) -> dict[int, float]:
    """The score of every passage that holds a term, added in the question's order."""
    found: dict[int, float] = {}
    for term in terms:
        found = sums(found, term, None)
    return found


def reached(totals: Mapping[int, float], k: int) -> float:
    """What the k-th best total is, or just less; 0 where there are fewer."""
    return sorted(totals.values())[-k] * SLACK if len(totals) >= k else 0.0


def narrowed(
    totals: dict[int, float], terms: Sequence[Weighed], bound: float, k: int
) -> Collection[int]:
    """The passages that may still be among the k best once the other terms are added."""
    rest = sum([term.most for term in terms])
    for scores, weight, most, _ in terms:
        if len(totals) <= FEW * k:
            break
        give, least = scores.get, bound - rest
        totals = {
            position: total + weight * give(position, 0.0)
            for position, total in totals.items()
            if total >= least
        }
        rest -= most
        bound = max(bound, reached(totals, k))
    if rest <= 0 and len(totals) > FEW * k:
        bound = max(bound, reached(totals, k))
    least = bound - rest
    return [position for position, total in totals.items() if total >= least]


def scored(terms: Sequence[Weighed], positions: Collection[int]) -> list[tuple[int, float]]:
    """The passages with their scores, best first, added in the question's order: rank_bm25's bits.

    Not by sum(), which compensates for rounding from Python 3.12 on.
    """
    gives = [(term.scores.get, term.weight) for term in terms]
    ranked = []
    for position in positions:
        total = 0.0
        for give, weight in gives:
            total += weight * give(position, 0.0)
        ranked.append((-total, position))
    ranked.sort()
    return [(position, -negative) for negative, position in ranked]


def best(
    totals: Mapping[int, float], k: int, among: Collection[int] | None
) -> list[tuple[int, float]]:
    """The k best of some totals that the filter lets through, ties by lower position."""
    pairs = [(-t, position) for position, t in totals.items() if among is None or position in among]
    return [(position, -negative) for negative, position in sorted(pairs)[:k]]
