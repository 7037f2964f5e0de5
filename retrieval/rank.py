"""Passage scores to entry scores: group by entry, add the named boosts, order, explain.

Score of an entry = its curated passage + FACT x its best fact + boosts. Each part is kept, so that
an explanation can name what the score is made of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter

from retrieval.model import Engine, Hit

# BM25's parameters, chosen on tune: nDCG moves by .002 only for k1 .9 to 1.6 and b .4 to .75.
K1, B = 1.2, 0.6
FACT = 0.4  # how much the best fact counts beside the curated passage
SCORE = attrgetter("score")


class Scored:
    """An entry's score in its parts; passages by their positions in the index."""

    __slots__ = ("boosts", "curated", "entry", "fact", "fact_position", "own")

    def __init__(self, entry: int, curated: float = 0.0) -> None:
        self.entry = entry
        self.curated = self.own = curated  # own: what its passages come to, without the boosts
        self.fact = 0.0
        self.fact_position: int | None = None
        self.boosts: dict[str, float] = {}

    @property
    def score(self) -> float:
        """The sum of the parts."""
        boosts = self.boosts
        return self.own + sum(boosts.values()) if boosts else self.own


def group(
    engine: Engine, places: Sequence[tuple[int, int | None]], terms: Mapping[str, float]
) -> dict[int, Scored]:
    """The entries with a passage that shares a term, by position.

    `places` tells of each passage its entry, and which of its facts it is.
    """
    found: dict[int, Scored] = {}
    for position, score in engine.scores(terms).items():
        entry, fact = places[position]
        scored = found.get(entry)
        if scored is None:
            scored = found[entry] = Scored(entry)
        if fact is None:
            scored.curated = score
        elif score > scored.fact or (
            score == scored.fact and position < (scored.fact_position or position)
        ):
            scored.fact, scored.fact_position = score, position
    for scored in found.values():
        scored.own = scored.curated + FACT * scored.fact
    return found


def ordered(scored: Mapping[int, Scored]) -> list[Scored]:
    """Best first; equal scores in the catalog's order."""
    in_order = [scored[entry] for entry in sorted(scored)]
    return sorted(in_order, key=SCORE, reverse=True)  # stable


class Shares(Mapping[str, float]):
    """What each term adds to an entry's score, added up when asked for: few answers tell it.

    With the boosts they sum to the score.
    """

    __slots__ = ("_asked", "_found")

    def __init__(
        self, engine: Engine, curated: int, fact: int | None, terms: Mapping[str, float]
    ) -> None:
        """`curated` and `fact` are positions of passages: the entry's own, and its best fact."""
        self._asked = engine, curated, fact, terms
        self._found: dict[str, float] | None = None

    def _shares(self) -> dict[str, float]:
        if self._found is None:
            engine, curated, fact, terms = self._asked
            found = engine.contributions(curated, terms)
            more = {} if fact is None else engine.contributions(fact, terms)
            for term, share in more.items():
                found[term] = found.get(term, 0.0) + FACT * share
            self._found = found
        return self._found

    def __getitem__(self, term: str) -> float:
        return self._shares()[term]

    def __iter__(self) -> Iterator[str]:
        return iter(self._shares())

    def __len__(self) -> int:
        return len(self._shares())


def beside(hits: Sequence[Hit], near: Sequence[Hit]) -> tuple[Hit, ...]:
    """The hits whose addresses were pasted, and what is near to them."""
    pasted = [hit for hit in hits if any(name == "address" for name, _ in hit.explanation.boosts)]
    first = pasted or hits[:1]
    ids = {hit.entry.id for hit in first}
    return (*first, *(hit for hit in near if hit.entry.id not in ids))
