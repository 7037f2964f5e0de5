"""What a catalog and a lexicon come to, worked out once: plain values that a snapshot keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from typing import Any

from corpus.model import Entry
from corpus.record import record
from retrieval import filters, passages, titles
from retrieval.addresses import canonical, playlist
from retrieval.filters import Traits
from retrieval.lexicon import Lexicon
from retrieval.model import Passage
from retrieval.packed import Rows, pack_rows
from retrieval.tokenize import Tokenizer

ENTRANCES = 2  # works to begin with, where nothing is near a question


@record
class Derived:
    """Tables by entry position, and tables of words."""

    fields: Sequence[Mapping[str, str]]  # entry -> term -> the first field that holds it
    places: Sequence[tuple[int, int | None]]  # passage -> entry, and which of its facts
    traits: Sequence[Traits]  # entry -> what the filters ask
    titles: titles.Known
    worded: Sequence[Sequence[Set[str]]]  # entry -> the words of each of its titles
    positions: Mapping[str, int]  # id -> entry
    addresses: Mapping[str, int]  # canonical address -> entry
    related: Sequence[Sequence[int]]  # entry -> those that the catalog relates to it, either way
    names: Mapping[str, str]  # of authors and venues, and which of both they are
    words: Mapping[str, int]  # words of catalog and lexicon, how often they stand; others with 0

    def entrances(self, language: str) -> list[int]:
        """Where one may begin: the entries related to most others, first those in a language."""
        pairs = zip(self.traits, self.related, strict=True)
        order = [(language not in of.languages, -len(others)) for of, others in pairs]
        return sorted(range(len(order)), key=order.__getitem__)[:ENTRANCES]

    def plain(self) -> dict[str, Any]:
        """Values that marshal takes."""
        traits = [
            (
                t.kind,
                sorted(t.kinds),
                sorted(t.organisations),
                sorted(t.languages),
                t.year,
                sorted(t.published),
                sorted(t.authors),
                sorted(t.venues),
                t.doubted,
            )
            for t in self.traits
        ]
        return {
            "fields": pack_rows(self.fields),
            "places": self.places,
            "traits": traits,
            "titles": self.titles,
            "worded": pack_rows([[sorted(title) for title in of] for of in self.worded]),
            "positions": self.positions,
            "addresses": self.addresses,
            "related": self.related,
            "names": self.names,
            "words": self.words,
        }


def restored(plain: Mapping[str, Any]) -> Derived:
    """The tables out of their plain values."""
    traits = [
        Traits(
            kind,
            frozenset(kinds),
            frozenset(organisations),
            frozenset(languages),
            year,
            frozenset(published),
            frozenset(authors),
            frozenset(venues),
            doubted,
        )
        for (
            kind,
            kinds,
            organisations,
            languages,
            year,
            published,
            authors,
            venues,
            doubted,
        ) in plain["traits"]
    ]
    return Derived(
        fields=Rows(plain["fields"]),
        places=plain["places"],
        traits=traits,
        titles=plain["titles"],
        worded=Rows(plain["worded"], _sets),
        positions=plain["positions"],
        addresses=plain["addresses"],
        related=plain["related"],
        names=plain["names"],
        words=plain["words"],
    )


def _sets(known: Sequence[Sequence[str]]) -> list[frozenset[str]]:
    return [frozenset(words) for words in known]


def derive(
    entries: Sequence[Entry], found: Sequence[Passage], lexicon: Lexicon, tokenizer: Tokenizer
) -> Derived:
    """Work the tables out."""
    traits = [filters.traits(entry, tokenizer) for entry in entries]
    return Derived(
        fields=_fields(len(entries), found, tokenizer),
        places=[(passage.entry, passage.fact) for passage in found],
        traits=traits,
        names=filters.names(traits),
        titles=titles.keys(entries),
        worded=[_sets(titles.words(entry, tokenizer)) for entry in entries],
        positions=(positions := {entry.id: at for at, entry in enumerate(entries)}),
        addresses=_addresses(entries),
        related=_related(entries, positions),
        words=_others(lexicon, tokenizer) | _words(found, lexicon, tokenizer),
    )


def _fields(entries: int, found: Sequence[Passage], tokenizer: Tokenizer) -> list[dict[str, str]]:
    tables: list[dict[str, str]] = [{} for _ in range(entries)]
    for passage in found:
        for field in passage.fields:
            for term in passages.field_terms(field, tokenizer):
                tables[passage.entry].setdefault(term, field.name)
    return tables


def _related(entries: Sequence[Entry], positions: Mapping[str, int]) -> list[list[int]]:
    both: list[set[int]] = [set() for _ in entries]
    for at, entry in enumerate(entries):
        for other in map(positions.get, entry.related):
            if other is not None:
                both[at].add(other)
                both[other].add(at)
    return [sorted(found) for found in both]


def _words(found: Sequence[Passage], lexicon: Lexicon, tokenizer: Tokenizer) -> Counter[str]:
    texts = [text for p in found for field in p.fields for text in (field.text.en, field.text.zh)]
    tables = (lexicon.concepts, lexicon.organisations, lexicon.kinds)
    texts += [phrase for table in tables for phrases in table.values() for phrase in phrases]
    pieces = (piece for text in texts for piece in tokenizer.read(text)[1])
    return Counter(piece.text for piece in pieces if not piece.han and piece.text.isalpha())


def _others(lexicon: Lexicon, tokenizer: Tokenizer) -> dict[str, int]:
    """Words of other fields that English has not: none is a slip of ours, none is meant by one."""
    phrases = (phrase for names in lexicon.elsewhere.values() for phrase in names)
    typed = {word for phrase in phrases if phrase.isascii() for word in phrase.lower().split()}
    return {word: 0 for word in typed if word.isalpha() and tokenizer.is_strange(word)}


def _addresses(entries: Sequence[Entry]) -> dict[str, int]:
    found: dict[str, int] = {}
    for position, entry in enumerate(entries):
        for link in entry.links:
            for url in (link.url, link.listed, link.abstract, link.inferred, link.substitute):
                if url:
                    found.setdefault(canonical(url), position)
                    if whole := playlist(url):
                        found.setdefault(whole, position)
        if entry.arxiv:
            found.setdefault(f"arxiv:{entry.arxiv}", position)
    return found
