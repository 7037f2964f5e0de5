"""Passage scores to entry scores: group by entry, add the named boosts, order, explain.

Score of an entry = its curated passage + FACT x its best fact + boosts. Each part is kept, so that
an explanation can name what the score is made of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from retrieval.model import Engine, Hit

# BM25's parameters, chosen on tune: nDCG moves by .002 only for k1 .9 to 1.6 and b .4 to .75.
K1, B = 1.2, 0.6
FACT = 0.4  # how much the best fact counts beside the curated passage


class Scored:
    """An entry's score in its parts; passages by their positions in the index."""

    __slots__ = ("boosts", "curated", "entry", "fact", "fact_position")

    def __init__(self, entry: int, curated: float = 0.0) -> None:
        self.entry = entry
        self.curated = curated
        self.fact = 0.0
        self.fact_position: int | None = None
        self.boosts: dict[str, float] = {}

    @property
    def score(self) -> float:
        """The sum of the parts."""
        own = self.curated + FACT * self.fact
        return own + sum(self.boosts.values()) if self.boosts else own


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
    return found


def ordered(scored: Mapping[int, Scored]) -> list[Scored]:
    """Best first; equal scores in the catalog's order."""
    best = sorted([(-one.score, entry) for entry, one in scored.items()])
    return [scored[entry] for _, entry in best]


def shares(
    engine: Engine, curated: int, scored: Scored, terms: Mapping[str, float]
) -> dict[str, float]:
    """What each term adds to an entry's score; with the boosts they sum to it."""
    found = engine.contributions(curated, terms)
    if scored.fact_position is not None:
        for term, share in engine.contributions(scored.fact_position, terms).items():
            found[term] = found.get(term, 0.0) + FACT * share
    return found


def beside(hits: Sequence[Hit], near: Sequence[Hit]) -> tuple[Hit, ...]:
    """The hits whose addresses were pasted, and what is near to them."""
    pasted = [hit for hit in hits if any(name == "address" for name, _ in hit.explanation.boosts)]
    first = pasted or hits[:1]
    ids = {hit.entry.id for hit in first}
    return (*first, *(hit for hit in near if hit.entry.id not in ids))
