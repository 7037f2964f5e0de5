"""The one or two sentences of an entry that best cover a question, and where its words stand.

Sentences come from the matched fact and the summary, in one language. The terms of catalog texts
are kept once cut: the same few thousand sentences are shown again and again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.model import Entry, Language
from retrieval.model import Passage, Query, Term
from retrieval.tokenize import Tokenizer

SHORT = (
    90  # characters of English (a third of it in Chinese): below this a sentence takes a second one
)
SPARE = 0.25  # of what the first sentence covers: what a second one must add to be worth its length
MOST = 0.6  # of the question: a fact that covers so much is the answer, and goes before the summary
WHOLE = 220  # characters of English (a third of it in Chinese): up to here a fact is not cut

Spans = tuple[tuple[int, int], ...]

_STOP = re.compile(
    r"[。！？]+[”’」』）》]*\s*"
    r"|(?<!\b[A-Za-z])(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)(?<!\betc)(?<!\bal)(?<!\bcf)(?<!\b[Nn]o)"
    r"[.!?]+[\"”’)]*\s+(?=[\"“‘(]?[A-Z0-9\u4e00-\u9fff])"
)


@dataclass(frozen=True, slots=True)
class Snippet:
    """A text to show, and the stretches of it that the question named."""

    text: str
    spans: Spans = ()


def snippet(
    entry: Entry, passage: Passage, query: Query, language: Language, tokenizer: Tokenizer
) -> Snippet:
    """The sentences of an entry that answer a question best, with its terms marked."""
    weights = wanted(query)
    found = list(sentences(entry.summary[language]))
    if passage.fact is not None:
        fact = entry.facts[passage.fact].text[language]
        answers = coverage(fact, query, tokenizer) >= MOST * sum(weights.values())
        place = 0 if answers else len(found)
        found[place:place] = [fact] if len(fact) <= _long(WHOLE, language) else sentences(fact)
    text = _joined([found[place] for place in _chosen(found, weights, language, tokenizer)])
    return Snippet(text, spans(text, query, tokenizer))


def spans(text: str, query: Query, tokenizer: Tokenizer) -> Spans:
    """Where a text says what the question asked, as stretches of whole words."""
    weights = wanted(query)
    merged: list[tuple[int, int]] = []
    for term in _terms(tokenizer, text, _asks_han(weights)):
        if term.text in weights:
            if merged and term.start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(merged[-1][1], term.end))
            else:
                merged.append((term.start, term.end))
    return tuple(merged)


def named(text: str, query: Query, tokenizer: Tokenizer) -> list[tuple[str, str]]:
    """(term, words) of every term of the question that stands in a text, in order of place."""
    weights = wanted(query)
    return [
        (term.text, text[term.start : term.end])
        for term in _terms(tokenizer, text, _asks_han(weights))
        if term.text in weights
    ]


def coverage(text: str, query: Query, tokenizer: Tokenizer) -> float:
    """How much of the question a text names: the weights of its terms, each once."""
    weights = wanted(query)
    return _covered(_names(tokenizer, text, _asks_han(weights)), weights)


def wanted(query: Query) -> Mapping[str, float]:
    """The terms of a question with their weights; the organisations it names among them."""
    if not query.filters.organisations:
        return query.terms
    return {**{f"@{name}": 1.0 for name in query.filters.organisations}, **query.terms}


@lru_cache(maxsize=4096)
def sentences(text: str) -> tuple[str, ...]:
    """A text cut after each full stop, Chinese or English."""
    found, start = [], 0
    for stop in _STOP.finditer(text):
        found.append(text[start : stop.end()].strip())
        start = stop.end()
    return (*found, rest) if (rest := text[start:].strip()) else tuple(found)


def _chosen(
    found: Sequence[str], weights: Mapping[str, float], language: Language, tokenizer: Tokenizer
) -> list[int]:
    """The places of the sentences to show, in their order."""
    if not found:
        return []
    names = [_names(tokenizer, sentence, _asks_han(weights)) for sentence in found]
    gains = [_covered(held, weights) for held in names]
    first = max(range(len(found)), key=lambda place: (gains[place], -place))
    rest = [place for place in range(len(found)) if place != first]
    if not rest:
        return [first]
    left = {term: weight for term, weight in weights.items() if term not in names[first]}
    gains = [_covered(held, left) for held in names]
    second = max(rest, key=lambda place: (gains[place], place == first + 1, -place))
    short = len(found[first]) < _long(SHORT, language)
    if gains[second] > SPARE * _covered(names[first], weights) or short:
        return sorted((first, second))
    return [first]


def _long(characters: int, language: Language) -> int:
    """Chinese says the same in a third of the characters."""
    return characters // 3 if language == "zh" else characters


def _covered(held: frozenset[str], weights: Mapping[str, float]) -> float:
    return sum(weight for term, weight in weights.items() if term in held)


def _joined(chosen: Sequence[str]) -> str:
    text = ""
    for sentence in chosen:
        text += (" " if text and text[-1].isascii() else "") + sentence
    return text


@lru_cache(maxsize=8192)
def _terms(tokenizer: Tokenizer, text: str, han: bool) -> tuple[Term, ...]:
    return tuple(tokenizer.terms(text, han))


@lru_cache(maxsize=8192)
def _names(tokenizer: Tokenizer, text: str, han: bool) -> frozenset[str]:
    return frozenset(term.text for term in _terms(tokenizer, text, han))


def _asks_han(weights: Mapping[str, float]) -> bool:
    """Whether Chinese words are wanted: an English question need not load jieba to be marked."""
    return not all(map(str.isascii, weights))
