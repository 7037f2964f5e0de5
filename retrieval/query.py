"""Question text to Query: addresses and filters out, noise off, terms weighted by what they say."""

from __future__ import annotations

import math
import re
from bisect import bisect, bisect_left
from collections.abc import Callable, Container, Iterable, Sequence
from itertools import accumulate

from corpus.language import detect
from corpus.pattern import Rare, pattern
from corpus.record import replace
from retrieval import addresses, filters, negation, years
from retrieval.mend import Mender
from retrieval.model import GENRE_SHARE, Clue, Engine, Filters, Query, Term
from retrieval.tokenize import Tokenizer

YEAR = 4  # digits: a shorter number says nothing by itself
LONGEST = 2_000  # characters of a question that are read; what is longer is a paste, not a question
NESTED = 0.5  # a word inside a longer word
CONCEPT = 0.8  # what stands for the typed words weighs less than they do
ASIDE = 0.3  # a word of small talk beside one of the question
EXPLAINED = "=paper walkthrough"  # who asks for one of a paper asks for no paper
COMMON = 0.5  # the weight of the commonest word beside that of the rarest

# Pasted code and logs: what is asked about them stands around them.
_CODE = Rare("`", r"```.*?(?:```|\Z)|`[^`\n]+`", re.DOTALL)
_MENTION = Rare("<@", r"<[@#!][^>]*>|(?<![\w.])@[A-Za-z][\w-]*")

_MARKED = pattern(r"[/.<@`:：]")  # stands in every address, mention, code and prefix

# Where a clause of a chat message ends.
_CLAUSE = pattern(r"[,;!?，。；！？…\n~～]+|[.:](?=\s)|：")

Spans = Sequence[tuple[int, int]]


def parse(
    question: str,
    tokenizer: Tokenizer,
    mender: Mender,
    engine: Engine,
    names: Container[str] = (),
) -> Query:
    """A question as it is searched. `names` are stems of words that are no slips."""
    text = question[:LONGEST]
    marked = _MARKED.search(text) is not None
    text, pasted, typed_filters = _unmarked(text, tokenizer) if marked else (text, (), Filters())
    text, corrections = mender.mend(text, names)
    found = tokenizer.terms(text)
    off, denials = _denied(text, found) if negation.may_deny(text) else ([], [])
    if off:
        found = [term for term in found if term not in off]
    spoken, when = filters.languages(text), years.said(text)
    unread = dict(negation.languages(text))
    filtering = [*[place for _, place in spoken], *when.spans, *denials, *unread.values()]
    content, named = _content(text, found, filtering)
    clues = _asides(text, list(_clues(text, content, tokenizer, engine)))
    figures = [term for term in found if is_figure(term.text) and not _within(term, filtering)]
    terms, typed = _weighted(text, content, figures, tokenizer)
    terms = {term: weight for term, weight in terms.items() if engine.document_frequency(term)}
    return Query(
        text=question,
        script=detect(text),
        terms=terms,
        typed=typed,
        clues=tuple(clues),
        filters=typed_filters.over(filters.find(named, off, spoken, unread, when.years)),
        corrections=tuple((one.typed, one.meant) for one in corrections),
        order=when.order,
        addresses=pasted,
    )


def _unmarked(text: str, tokenizer: Tokenizer) -> tuple[str, tuple[str, ...], Filters]:
    """A text without addresses, mentions, code and prefixes, which become spaces; the addresses,
    and the filters that were typed as prefixes.
    """
    links = list(addresses.found_in(text))
    text = _blank(text, [(start, end) for _, start, end in links])
    text = _blank(text, [match.span() for match in _MENTION.finditer(text)])
    rest = _blank(text, [match.span() for match in _CODE.finditer(text)])
    text = rest if rest.strip() else text  # nothing else was said: the code is the question
    typed, text = filters.prefixed(text, tokenizer)
    return text, tuple(dict.fromkeys([address for address, _, _ in links])), typed


def _denied(text: str, found: Sequence[Term]) -> tuple[list[Term], list[tuple[int, int]]]:
    """The kinds, organisations and subjects that a question does not want, and where it says so."""
    off, spans = negation.denied(text, [term for term in found if term.text[0] in "#@"])
    concepts = [term for term in found if term.text[0] == "="]
    left_out, places = negation.subjects(text, concepts, spans)
    return [*off, *left_out], [*spans, *places]


def _content(text: str, found: Sequence[Term], filtering: Spans) -> tuple[list[Term], list[Term]]:
    """The terms that carry the subject, and those that name filters."""
    signs = [t for t in found if t.text[0] in "~#"]
    content = [t for t in found if t.text[0] not in "~#" and not is_figure(t.text)]
    if signs:
        in_phrase = _inside([t for t in found if t.text[0] in "=@^"])
        signs = [t for t in signs if not in_phrase(t)]
    kinds = [t for t in signs if t.text[0] == "#"]
    if kinds and EXPLAINED in [t.text for t in found]:
        kinds = [t for t in kinds if t.text != "#paper"]
    if off := [*[(t.start, t.end) for t in signs], *filtering]:
        content = [t for t in content if not _within(t, off)]
    if [1 for t in content if t.text[0] == "^"]:
        content = _without_chance(text, content)
        in_other = _inside([t for t in content if t.text[0] == "^"])
        content = [t for t in content if t.text[0] not in "=@" or not in_other(t)]
    return content, kinds + [t for t in content if t.text[0] == "@"]


def _without_chance(text: str, content: Sequence[Term]) -> list[Term]:
    """The terms without the words of other fields that end inside a name: spark参数 of 参数平均.

    In Chinese, that is, where nothing tells in what words a text was meant.
    """
    names = [t for t in content if t.text[0] in "=@" and not text[t.start].isascii()]
    return [t for t in content if t.text[0] != "^" or not [1 for n in names if _crosses(t, n)]]


def _crosses(one: Term, other: Term) -> bool:
    """Whether two terms overlap, and neither holds the other."""
    return one.start < other.start < one.end < other.end or (
        other.start < one.start < other.end < one.end
    )


def is_figure(term: str) -> bool:
    """A short number: it helps to find a fact, but says nothing by itself."""
    return term.isdecimal() and len(term) < YEAR


def _weighted(
    text: str, content: Sequence[Term], figures: Sequence[Term], tokenizer: Tokenizer
) -> tuple[dict[str, float], dict[str, str]]:
    """The weight of each term, and the words that it stands for."""
    terms: dict[str, float] = {}
    typed: dict[str, str] = {}
    inner = _inner(sorted([*content, *figures], key=_place) if figures else content)
    senses: dict[tuple[int, int], int] = {}  # of the words at a place: all concepts they may mean
    for term in content:
        if term.text[0] == "=":
            senses[term.start, term.end] = senses.get((term.start, term.end), 0) + 1
    for term in (*content, *figures):
        name, start, end = term.text, term.start, term.end
        sign = name[0]
        if sign == "^":
            continue
        surface = text[start:end]
        if sign == "=":
            weight = CONCEPT / senses[start, end]
        else:
            weight = COMMON + (1 - COMMON) * (1.0 if sign == "@" else tokenizer.rarity(surface))
        if inner and (name, start, end) in inner:
            weight *= NESTED
        if weight > terms.get(name, 0.0):
            terms[name] = weight
            typed[name] = surface
    return terms, typed


def _place(term: Term) -> tuple[int, int]:
    return term.start, -term.end


def _inner(terms: Iterable[Term]) -> set[tuple[str, int, int]]:
    """Those terms that lie in a wider one: a concept in a concept, all others in a word. They come
    in order of place, the wider ones first.
    """
    found: set[tuple[str, int, int]] = set()
    word = concept = (0, 0)  # which of them goes furthest so far
    for term in terms:
        start, end, sign = term.start, term.end, term.text[0]
        first, last = concept if sign == "=" else word
        if last > end or (last == end and first < start):
            found.add((term.text, start, end))
        elif sign == "=":
            concept = (start, end)
        elif sign not in "@^":
            word = (start, end)
    return found


def _clues(
    text: str, content: Sequence[Term], tokenizer: Tokenizer, engine: Engine
) -> Iterable[tuple[int, Clue]]:
    """The widest phrases and words that do not overlap, in order of place."""
    taken: list[tuple[int, int]] = []
    held: set[int] = set()
    for term in sorted(content, key=lambda t: (t.text[0] not in "=@^", t.start - t.end, t.start)):
        place = range(term.start, term.end)
        if held.isdisjoint(place):
            held.update(place)
            taken.append((term.start, term.end))
    starts = [term.start for term in content]
    for start, end in sorted(taken):
        there = content[bisect_left(starts, start) : bisect_left(starts, end)]
        whole = dict.fromkeys([t.text for t in there if t.start == start and t.end == end])
        parts = [t.text for t in there if t.end <= end and t.text not in whole]
        parts = list(dict.fromkeys(parts)) if parts else parts
        yield start, _clue(text[start:end], tuple(whole), tuple(parts), tokenizer, engine)


def _clue(
    surface: str,
    whole: tuple[str, ...],
    parts: tuple[str, ...],
    tokenizer: Tokenizer,
    engine: Engine,
) -> Clue:
    """What the terms of a stretch say, 0 to 1: what is rare in the language, and in the passages.

    A name is as rare as can be.
    """
    known = max(map(engine.document_frequency, whole))
    weight = 1 - math.sqrt(min(known / max(len(engine), 1), 1.0))
    strange = whole[0][0] not in "=@^" and tokenizer.is_strange(surface)
    signs = {term[0] for term in whole}
    if signs.isdisjoint("=@^"):
        weight *= tokenizer.rarity(surface)
        return Clue(surface, whole, parts, weight, bool(known), strange=strange)
    elsewhere = "^" in signs and not (known and "=" in signs)
    if "^" in signs:
        whole = tuple([term for term in whole if term[0] != "^"])
    genre = "=" in signs and tokenizer.is_genre(whole)
    weight *= GENRE_SHARE if genre else 1.0
    return Clue(surface, whole, parts, weight, bool(known), elsewhere, genre, strange)


def _asides(text: str, clues: Sequence[tuple[int, Clue]]) -> list[Clue]:
    """The clues; small talk weighs less: clauses that name nothing, beside one that does.

    "ugh my laptop died again. anyway, got jeff dean's slides?" asks for the slides.
    """
    ends = [match.start() for match in _CLAUSE.finditer(text)]
    if not ends:
        return [clue for _, clue in clues]
    clause_of = [bisect(ends, start) for start, _ in clues]
    named = {
        clause
        for clause, (_, clue) in zip(clause_of, clues, strict=True)
        if clue.known and clue.is_named
    }
    return [
        clue if clause in named or not named else replace(clue, weight=clue.weight * ASIDE)
        for clause, (_, clue) in zip(clause_of, clues, strict=True)
    ]


def _inside(terms: Iterable[Term]) -> Callable[[Term], bool]:
    """Tells whether a term lies in one wider than itself: in steps of their count, for two thousand
    characters may have two thousand.
    """
    ends: dict[int, int] = {}
    for start, back in sorted([(term.start, -term.end) for term in terms]):
        ends.setdefault(start, -back)  # the widest comes first
    starts = list(ends)
    furthest = list(accumulate(ends.values(), max))

    def inside(term: Term) -> bool:
        first, last = term.start, term.end
        if ends.get(first, 0) > last:
            return True
        before = bisect_left(starts, first)
        return before > 0 and furthest[before - 1] >= last

    return inside


def _within(term: Term, spans: Spans) -> bool:
    first, last = term.start, term.end
    return bool([1 for start, end in spans if start <= first and last <= end])


def _blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with spans overwritten by spaces, so that places stay."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text
