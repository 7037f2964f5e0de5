"""Question text to Query: noise off, filters out, terms weighted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.language import detect
from retrieval.model import Filters, Query, Term
from retrieval.tokenize import Tokenizer

LONGEST = 2_000  # characters of a question that are read; what is longer is a paste, not a question
NESTED = 0.5  # a word inside a longer word of the same characters
CONCEPT = 0.8  # what stands for the typed words weighs less than they do

_ADDRESS = re.compile(r"https?://\S+|<[@#!][^>]*>|(?<![\w.])@[\w-]+")


def parse(question: str, tokenizer: Tokenizer) -> Query:
    """A question as it is searched."""
    text = _ADDRESS.sub(" ", question[:LONGEST])
    found = tokenizer.terms(text)
    noise = _spans(found, "~")
    filters = _filters(found)
    content = [term for term in found if term.text[0] not in "~#" and not _within(term, noise)]
    content = [term for term in content if not _within(term, _spans(found, "#"))]
    terms: dict[str, float] = {}
    typed: dict[str, str] = {}
    for term in content:
        weight = _weight(term, content)
        if weight > terms.get(term.text, 0.0):
            terms[term.text] = weight
            typed[term.text] = text[term.start : term.end]
    return Query(question, detect(text), terms, typed, filters)


def _weight(term: Term, others: Sequence[Term]) -> float:
    if term.text.startswith("="):
        same = sum(1 for o in others if o.text[0] == "=" and (o.start, o.end) == (term.start, term.end))
        return CONCEPT / same
    longer = any(
        o.start <= term.start and term.end <= o.end and o.end - o.start > term.end - term.start
        for o in others
        if o.text[0] not in "=@"
    )
    return NESTED if longer else 1.0


def _spans(terms: Sequence[Term], sign: str) -> list[Term]:
    """The stretches that a sign names, but for those inside a longer phrase of the field."""
    concepts = [term for term in terms if term.text[0] in "=@"]
    return [t for t in terms if t.text[0] == sign and not _inside(t, concepts)]


def _inside(term: Term, others: Sequence[Term]) -> bool:
    return any(
        o.start <= term.start and term.end <= o.end and o.end - o.start > term.end - term.start
        for o in others
    )


def _within(term: Term, spans: Sequence[Term]) -> bool:
    return any(span.start <= term.start and term.end <= span.end for span in spans)


def _filters(terms: Sequence[Term]) -> Filters:
    return Filters(
        kinds=frozenset(term.text[1:] for term in _spans(terms, "#")),
        organisations=frozenset(term.text[1:] for term in terms if term.text[0] == "@"),
    )
