"""What a question wants to see only: kinds, organisations, years, languages; and who passes.

From plain words and from prefixes (`kind:paper org:tencent year:2018 lang:zh`). A prefix and a
plain word mean the same: a strong preference, not a wall.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.model import Entry
from retrieval.model import Filters, Term
from retrieval.tokenize import Tokenizer

_YEAR = r"(?<!\d)((?:19|20)\d\d)(?!\d)"
_RANGE = re.compile(rf"{_YEAR}\s*(?:-|–|—|~|to|until|and|至|到|和)\s*{_YEAR}")
_BEFORE = re.compile(
    rf"(?:before|until|up to|older than|prior to)\s*{_YEAR}|{_YEAR}\s*年?\s*(?:之前|以前|前)"
)
_AFTER = re.compile(
    rf"(?:after|since|from|newer than)\s*{_YEAR}|{_YEAR}\s*年?\s*(?:之后|以后|以来|后|起)"
)
_SINGLE = re.compile(rf"{_YEAR}\s*年?")
_LANGUAGE = (
    (
        "zh",
        re.compile(
            r"\b(?:in|written in) chinese\b|\bchinese (?:ones?|only|version|language|articles?|papers?|posts?|books?|texts?)\b|中文|汉语|国内写的"
        ),
    ),
    (
        "en",
        re.compile(
            r"\b(?:in|written in) english\b|\benglish (?:ones?|only|version|language|articles?|papers?|posts?|books?|texts?)\b|英文|英语"
        ),
    ),
)
_PREFIX = re.compile(
    r"\b(kind|org|year|lang|author)[:：]\s*(\"[^\"]*\"|[^\s,，;；]+)", re.IGNORECASE
)
_FIRST, _LAST = 1900, 2100


@dataclass(frozen=True, slots=True)
class Found:
    """The filters of a question, and the text without the words that only name them."""

    filters: Filters
    text: str


def find(text: str, terms: Sequence[Term]) -> Filters:
    """The filters that the terms of a question name."""
    lowered = text.lower()
    return Filters(
        kinds=frozenset(term.text[1:] for term in terms if term.text[0] == "#"),
        organisations=frozenset(term.text[1:] for term in terms if term.text[0] == "@"),
        languages=frozenset(name for name, words in _LANGUAGE if words.search(lowered)),
        years=_years(lowered),
    )


def language_spans(text: str) -> list[tuple[int, int]]:
    """Where a question names a language to read in."""
    lowered = text.lower()
    return [match.span() for _, words in _LANGUAGE for match in words.finditer(lowered)]


def _years(text: str) -> tuple[int, int] | None:
    if match := _RANGE.search(text):
        first, last = int(match[1]), int(match[2])
        return min(first, last), max(first, last)
    if match := _BEFORE.search(text):
        return _FIRST, int(match[1] or match[2]) - 1
    if match := _AFTER.search(text):
        return int(match[1] or match[2]), _LAST
    if match := _SINGLE.search(text):
        return int(match[1]), int(match[1])
    return None


@dataclass(frozen=True, slots=True)
class Traits:
    """What the filters ask of an entry, worked out once."""

    kinds: frozenset[str]
    organisations: frozenset[str]
    languages: frozenset[str]
    year: int | None


def traits(entry: Entry, tokenizer: Tokenizer) -> Traits:
    """The traits of an entry: of its further links too (a paper with a video passes as a talk)."""
    kinds = {entry.kind}
    kinds |= {"talk" for link in entry.links if link.form == "video" or link.role == "video"}
    kinds |= {"slides" for link in entry.links if link.role == "slides" or link.form == "slides"}
    names = [name for org in entry.organisations for name in (org.en, org.zh)]
    names += [name for listing in entry.listings for name in listing.section]
    names += [entry.titles.en, entry.titles.zh]
    return Traits(
        kinds=frozenset(kinds),
        organisations=frozenset(_organisations(names, tokenizer)),
        languages=frozenset((*entry.languages, *(link.language for link in entry.links))),
        year=entry.year,
    )


def passed(filters: Filters, of: Traits) -> list[str]:
    """The names of the filters that an entry passes."""
    first, last = filters.years or (_LAST, _FIRST)
    tests = (
        ("kind", not filters.kinds.isdisjoint(of.kinds)),
        ("organisation", not filters.organisations.isdisjoint(of.organisations)),
        ("language", not filters.languages.isdisjoint(of.languages)),
        ("year", of.year is not None and first <= of.year <= last),
    )
    return [name for name, passes in tests if passes]


def _organisations(names: Iterable[str], tokenizer: Tokenizer) -> Iterable[str]:
    for name in names:
        for term in tokenizer.terms(name):
            if term.text.startswith("@"):
                yield term.text[1:]
