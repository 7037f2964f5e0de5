"""Retriever.search: question -> query -> engine -> rank -> hits. Holds what a search needs, whole:
to change anything, build another and swap it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.model import Entry
from retrieval import passages as passage_rules
from retrieval import query as query_rules
from retrieval import rank
from retrieval.lexicon import Lexicon
from retrieval.model import (
    Confidence,
    Engine,
    Explanation,
    Filters,
    Hit,
    Match,
    Passage,
    Query,
    Result,
)
from retrieval.tokenize import Tokenizer

FILTER = 0.3  # of the best score: what passing a filter is worth


@dataclass(frozen=True)
class Retriever:
    """The catalog as it can be searched."""

    entries: Sequence[Entry]
    passages: Sequence[Passage]
    engine: Engine
    tokenizer: Tokenizer

    def search(self, question: str, limit: int = 10) -> Result:
        """The entries that answer a question, best first, with how sure the first is."""
        query = query_rules.parse(question, self.tokenizer)
        scored = self._boosted(rank.group(self.engine, self.passages, query.terms), query.filters)
        best = rank.ordered(scored)[:limit]
        return Result(query, self._confidence(query, best), tuple(self._hit(query, s) for s in best))

    def _boosted(self, scored: list[rank.Scored], filters: Filters) -> list[rank.Scored]:
        if not filters.kinds:
            return scored
        top = max((one.score for one in scored), default=1.0)
        held = {one.entry: one for one in scored}
        for position, entry in enumerate(self.entries):
            if entry.kind in filters.kinds:
                one = held.setdefault(position, rank.Scored(position))
                one.boosts = (("kind", FILTER * top),)
        return list(held.values())

    def _confidence(self, query: Query, best: Sequence[rank.Scored]) -> Confidence:
        if not best:
            return "nothing"
        return "sure"

    def _hit(self, query: Query, scored: rank.Scored) -> Hit:
        curated = next(
            position
            for position, passage in enumerate(self.passages)
            if passage.entry == scored.entry
        )
        shares = self.engine.contributions(curated, query.terms)
        if scored.fact_position is not None:
            for term, share in self.engine.contributions(scored.fact_position, query.terms).items():
                shares[term] = shares.get(term, 0.0) + rank.FACT * share
        position = curated if scored.fact_position is None else scored.fact_position
        matches = tuple(
            Match(term, query.typed[term], self._field(curated, term), share)
            for term, share in sorted(shares.items(), key=lambda pair: -pair[1])
        )
        explanation = Explanation(matches, scored.boosts)
        entry = self.entries[scored.entry]
        return Hit(entry, scored.score, self.passages[position], explanation)

    def _field(self, curated: int, term: str) -> str:
        for field in self.passages[curated].fields:
            if term in passage_rules.field_terms(field, self.tokenizer):
                return field.name
        return "fact"


def build(entries: Sequence[Entry], lexicon: Lexicon, engine_of) -> Retriever:  # type: ignore[no-untyped-def]
    """A retriever over entries; `engine_of` makes an engine of the passages' terms."""
    tokenizer = Tokenizer(lexicon)
    passages = passage_rules.passages(entries, lexicon.kinds)
    engine = engine_of([passage_rules.terms(passage, tokenizer) for passage in passages])
    return Retriever(entries, passages, engine, tokenizer)
