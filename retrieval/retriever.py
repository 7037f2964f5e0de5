"""Retriever.search: question -> query -> engine -> rank -> hits.

A Retriever holds what a search needs, whole, and never changes: to change anything, build another
and swap it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from corpus.model import Entry
from retrieval import confidence, filters, rank, titles
from retrieval import passages as passage_rules
from retrieval import query as query_rules
from retrieval.addresses import canonical
from retrieval.filters import Traits
from retrieval.lexicon import Lexicon
from retrieval.mend import Mender
from retrieval.model import Confidence, Engine, Explanation, Hit, Match, Passage, Query, Result
from retrieval.rank import Scored
from retrieval.tokenize import Tokenizer

# What a boost is worth, as a share of the best score without any.
FILTER = 0.3
TITLE = 1.0
ADDRESS = 10.0
COVERAGE = 0.8
NO_MATCH = 1.0  # stands for the best score where no term matched


@dataclass(frozen=True)
class Retriever:
    """The catalog as it can be searched."""

    entries: Sequence[Entry]
    passages: Sequence[Passage]
    engine: Engine
    tokenizer: Tokenizer
    mender: Mender
    curated: Sequence[int]  # entry -> position of its curated passage
    fields: Sequence[Mapping[str, str]]  # entry -> term -> the first field that holds it
    traits: Sequence[Traits]
    titles: Mapping[str, Sequence[int]]
    addresses: Mapping[str, int]

    def search(self, question: str, limit: int = 10) -> Result:
        """The entries that answer a question, best first, with how sure the first is."""
        query, best = self.ranked(question)
        sure = self._confidence(query, best)
        return Result(query, sure, tuple(self._hit(query, one) for one in best[:limit]))

    def ranked(self, question: str) -> tuple[Query, list[Scored]]:
        """A question's query and every entry that shares something with it, best first."""
        query = query_rules.parse(question, self.tokenizer, self.mender, self.engine)
        scored = rank.group(self.engine, self.passages, query.terms)
        self._boost(scored, query)
        return query, rank.ordered(scored)

    def _boost(self, scored: dict[int, Scored], query: Query) -> None:
        top = max((one.score for one in scored.values()), default=NO_MATCH)
        if query.filters:
            for position, of in enumerate(self.traits):
                for name in filters.passed(query.filters, of):
                    _at(scored, position).boosts[name] = FILTER * top
        for position, one in scored.items():
            share = confidence.coverage(query.clues, self.fields[position])
            one.boosts["coverage"] = COVERAGE * top * share * share
        for position, share in titles.named(query.text, self.titles).items():
            if share:
                _at(scored, position).boosts["title"] = TITLE * share * top
        for address in query.addresses:
            if address in self.addresses:
                _at(scored, self.addresses[address]).boosts["address"] = ADDRESS * top

    def features(self, query: Query, best: Sequence[Scored]) -> dict[str, float]:
        """What speaks for the best of the scored entries."""
        entry = best[0].entry
        start = self.curated[entry]
        end = self.curated[entry + 1] if entry + 1 < len(self.curated) else len(self.passages)
        return confidence.features(query, best, self.engine, range(start, end), self.fields[entry])

    def _confidence(self, query: Query, best: Sequence[Scored]) -> Confidence:
        if not best:
            return "nothing"
        if any(address in self.addresses for address in query.addresses):
            return "sure"
        return "sure"

    def _hit(self, query: Query, scored: Scored) -> Hit:
        curated = self.curated[scored.entry]
        shares = rank.shares(self.engine, curated, scored, query.terms)
        fields = self.fields[scored.entry]
        matches = tuple(
            Match(term, query.typed[term], fields.get(term, "fact"), share)
            for term, share in sorted(shares.items(), key=lambda pair: -pair[1])
        )
        position = curated if scored.fact_position is None else scored.fact_position
        return Hit(
            self.entries[scored.entry],
            scored.score,
            self.passages[position],
            Explanation(matches, tuple(scored.boosts.items())),
        )


def build(
    entries: Sequence[Entry],
    lexicon: Lexicon,
    engine_of: Callable[[Sequence[Sequence[str]]], Engine],
) -> Retriever:
    """A retriever over entries; `engine_of` makes an engine of the passages' terms."""
    tokenizer = Tokenizer(lexicon)
    passages = passage_rules.passages(entries, lexicon.kinds)
    return Retriever(
        entries=entries,
        passages=passages,
        engine=engine_of([passage_rules.terms(passage, tokenizer) for passage in passages]),
        tokenizer=tokenizer,
        mender=Mender(tokenizer, _words(passages, lexicon, tokenizer)),
        curated=[at for at, passage in enumerate(passages) if passage.fact is None],
        fields=_fields(len(entries), passages, tokenizer),
        traits=[filters.traits(entry, tokenizer) for entry in entries],
        titles=titles.keys(entries),
        addresses=_addresses(entries),
    )


def _fields(
    entries: int, passages: Sequence[Passage], tokenizer: Tokenizer
) -> list[dict[str, str]]:
    found: list[dict[str, str]] = [{} for _ in range(entries)]
    for passage in passages:
        for field in passage.fields:
            for term in passage_rules.field_terms(field, tokenizer):
                found[passage.entry].setdefault(term, field.name)
    return found


def _words(
    passages: Sequence[Passage], lexicon: Lexicon, tokenizer: Tokenizer
) -> Counter[str]:
    """The English words of the catalog and the lexicon, with how often they stand there."""
    texts = [text for p in passages for field in p.fields for text in (field.text.en, field.text.zh)]
    tables = (lexicon.concepts, lexicon.organisations, lexicon.kinds)
    texts += [phrase for table in tables for phrases in table.values() for phrase in phrases]
    pieces = (piece for text in texts for piece in tokenizer.pieces(tokenizer.fold(text).text))
    return Counter(piece.text for piece in pieces if not piece.han and piece.text.isalpha())


def _addresses(entries: Sequence[Entry]) -> dict[str, int]:
    found: dict[str, int] = {}
    for position, entry in enumerate(entries):
        for link in entry.links:
            for url in (link.url, link.listed, link.abstract, link.inferred, link.substitute):
                if url:
                    found.setdefault(canonical(url), position)
        if entry.arxiv:
            found.setdefault(f"arxiv:{entry.arxiv}", position)
    return found


def _at(scored: dict[int, Scored], position: int) -> Scored:
    return scored.setdefault(position, Scored(position))
