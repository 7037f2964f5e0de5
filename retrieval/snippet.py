"""The one or two sentences of an entry that best cover a question, and where its words stand.

Sentences come from the matched fact and the summary, in one language.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import NamedTuple

from corpus.model import Entry, Language
from corpus.record import record
from retrieval.model import Passage, Query
from retrieval.reading import Marks, Reader

SHORT = (
    90  # characters of English (a third of it in Chinese): below this a sentence takes a second one
)
SPARE = 0.25  # of what the first sentence covers: what a second one must add to be worth its length
MOST = 0.6  # of the question: a fact that covers so much is the answer, and goes before the summary
WHOLE = 220  # characters of English (a third of it in Chinese): up to here a fact is not cut

Spans = tuple[tuple[int, int], ...]
Weights = Mapping[str, float]  # the terms of a question, and what each counts


@record
class Snippet:
    """A text to show, and the stretches of it that the question named."""

    text: str
    spans: Spans = ()


def snippet(
    entry: Entry, passage: Passage, query: Query, language: Language, reader: Reader
) -> Snippet:
    """The sentences of an entry that answer a question best, with its terms marked."""
    weights = wanted(query)
    found = _pieces(entry.summary[language], reader, weights)
    if passage.fact is not None:
        fact = _piece(entry.facts[passage.fact].text[language], reader, weights)
        answers = _covered(fact, weights) >= MOST * sum(weights.values())
        place = 0 if answers else len(found)
        cut = len(fact.text) > _long(WHOLE, language)
        found[place:place] = _pieces(fact.text, reader, weights) if cut else [fact]
    text, parts = "", list[tuple[int, Marks]]()
    for place in _chosen(found, weights, language):
        text += " " if text and text[-1].isascii() else ""
        parts += ((len(text) + start, marks) for start, marks in found[place].parts)
        text += found[place].text
    return Snippet(text, _merged(parts, weights))


def spans(text: str, query: Query, reader: Reader) -> Spans:
    """Where a text says what the question asked, as stretches of whole words."""
    weights = wanted(query)
    return _merged([(start, marks) for start, _, marks in reader.read(text, weights)], weights)


def named(text: str, query: Query, reader: Reader) -> list[tuple[str, str]]:
    """(term, words) of every term of the question that stands in a text, in order of place."""
    weights = wanted(query)
    found = sorted(
        (start + first, term, start + last)
        for start, marks in _piece(text, reader, weights).parts
        for term in weights
        for first, last in _pairs(marks.get(term, ()))
    )
    return [(term, text[start:end]) for start, term, end in found]


def coverage(text: str, query: Query, reader: Reader) -> float:
    """How much of the question a text names: the weights of its terms, each once."""
    return share(text, wanted(query), reader)


def unsaid(texts: Iterable[str], query: Query, reader: Reader) -> Weights:
    """The terms of a question that none of some texts names, with their weights."""
    left = wanted(query)
    for text in texts:
        named = _piece(text, reader, left).terms
        left = {term: weight for term, weight in left.items() if term not in named}
    return left


def share(text: str, weights: Weights, reader: Reader) -> float:
    """How much a text names of some terms."""
    named: set[str] = set()
    for _, _, marks in reader.read(text, weights):
        named.update(filter(marks.__contains__, weights))
    return sum([weight for term, weight in weights.items() if term in named])


def wanted(query: Query) -> Weights:
    """The terms of a question with their weights; the organisations it names among them."""
    if not query.filters.organisations:
        return query.terms
    return {**{f"@{name}": 1.0 for name in query.filters.organisations}, **query.terms}


class _Piece(NamedTuple):
    """A stretch that is shown whole: sentences, each with its start and its terms."""

    text: str
    parts: Sequence[tuple[int, Marks]]
    terms: Container[str]


def _piece(text: str, reader: Reader, weights: Weights) -> _Piece:
    parts = [(start, marks) for start, _, marks in reader.read(text, weights)]
    terms = parts[0][1] if len(parts) == 1 else set().union(*[marks for _, marks in parts])
    return _Piece(text, parts, terms)


def _pieces(text: str, reader: Reader, weights: Weights) -> list[_Piece]:
    """A text as its sentences."""
    return [_Piece(text[start:end], ((0, m),), m) for start, end, m in reader.read(text, weights)]


def _chosen(found: Sequence[_Piece], weights: Weights, language: Language) -> list[int]:
    """The places of the sentences to show, in their order."""
    if len(found) < 2:
        return [*range(len(found))]
    said = [{term: w for term, w in weights.items() if term in piece.terms} for piece in found]
    gains = [sum(terms.values()) for terms in said]
    first = gains.index(max(gains))
    covered = gains[first]
    gains = [sum([w for t, w in terms.items() if t not in said[first]]) for terms in said]
    rest = [place for place in range(len(found)) if place != first]
    second = max(rest, key=lambda place: (gains[place], place == first + 1, -place))
    short = len(found[first].text) < _long(SHORT, language)
    if gains[second] > SPARE * covered or short:
        return sorted((first, second))
    return [first]


def _long(characters: int, language: Language) -> int:
    """Chinese says the same in a third of the characters."""
    return characters // 3 if language == "zh" else characters


def _covered(piece: _Piece, weights: Weights) -> float:
    return sum(map(weights.__getitem__, filter(piece.terms.__contains__, weights)))


def _merged(parts: Iterable[tuple[int, Marks]], terms: Iterable[str]) -> Spans:
    """Where the terms stand, what overlaps or touches as one stretch."""
    found: list[tuple[int, int]] = []
    for start, marks in parts:
        for term in terms:
            if places := marks.get(term):
                found += [(start + one, start + end) for one, end in _pairs(places)]
    found.sort()
    merged: list[tuple[int, int]] = []
    for first, last in found:
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return tuple(merged)


def _pairs(places: Sequence[int]) -> Iterable[tuple[int, int]]:
    return zip(places[::2], places[1::2], strict=True)
