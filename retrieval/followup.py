"""Whether a question goes on from the last one, and how. Pure: patterns over the words typed.

A question continues where it says so ("only papers", "那京东的呢", "newer", "the second one") or
where, beside nothing but filters, it names no subject. Everything else starts anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from corpus.language import Script, simplify
from corpus.record import record, replace
from retrieval import filters, turns
from retrieval.model import Clue, Conversation, Filters, Query

Move = Literal["new", "refine", "more", "open", "similar", "noise"]
KEPT = 0.5  # the weight of the earlier question beside a later one that names a subject too
BRIEF = 40  # characters: what moves in a list is said in few
POLITE = 60  # the same, with all that may stand around it
LATEST = 2099  # the last year that can be meant: a range beyond it is open
FEW = 3  # clues: a line of more says what it is about
SHORT = 4  # clues: a longer question is a question of its own


@record
class Step:
    """What a question does to a conversation, and the number in the list that it names."""

    move: Move
    number: int | None = None


def step(question: str, query: Query, continues: bool) -> Step:
    """How a question goes on, given its own query and whether there is a conversation."""
    text = _heard(question, query.script == "zh-Hant")
    concepts = [term for clue in query.clues for term in clue.terms if term[0] == "="]
    if len(text) <= BRIEF and not concepts and turns.ENDS.fullmatch(question.strip()):
        return Step("noise")
    if len(text) <= BRIEF and len(query.clues) < FEW and (move := _move(text)):
        return move
    if not continues and len(text) <= BRIEF and turns.COMPARED.fullmatch(text):
        return Step("more")  # newer than what?
    if continues and turns.ABOUT.fullmatch(text):
        return Step("open")  # what is asked of the first hit stands in its details
    named = bool(query.clues or query.filters or query.order or query.addresses)
    if not continues:
        return Step("new" if named else "noise")
    if turns.ANEW.match(text) or query.addresses:
        return Step("new")
    if turns.SAME_AUTHOR.search(text) or _newer_or_older(text):
        return Step("refine")
    if not query.subjects:
        asked = query.filters
        cued = _is_cued(text) or bool(asked.kinds or asked.languages or asked.without)
        if named and (cued or query.filters.years or query.order):
            return Step("refine")
        return Step("new" if named else "noise")
    loose = not any(_names(clue, query) for clue in query.subjects)
    cued = _is_cued(text) if loose else turns.CUES.search(text) is not None
    return Step("refine" if cued and len(query.clues) <= SHORT else "new")


def _heard(question: str, traditional: bool = True) -> str:
    """A line as its moves are read: in Simplified, without the politeness around it."""
    line = simplify(question.strip()) if traditional else question.strip()
    if len(line) > POLITE:
        return line
    start = match.end() if (match := turns.BEFORE.match(line)) else 0
    end = match.start() if (match := turns.BEHIND.search(line)) else len(line)
    return line[start:end].strip() or line


def _is_cued(text: str) -> bool:
    return (turns.CUES.search(text) or turns.LOOSE_CUES.search(text)) is not None


def _names(clue: Clue, query: Query) -> bool:
    """Whether a clue is a subject by itself, of the field or another; no person, no venue."""
    people = query.filters.authors | query.filters.venues
    named = any(term[0] == "=" and term not in people for term in clue.terms)
    return clue.elsewhere or (named and not clue.genre)


def moves(text: str) -> bool:
    """Whether a line moves on from what was shown, so that saying it twice moves twice."""
    text = _heard(text)
    return len(text) <= BRIEF and (_move(text) is not None or _newer_or_older(text))


def _move(text: str) -> Step | None:
    """What a brief line asks of the list that was shown."""
    if turns.MORE.fullmatch(text):
        return Step("more")
    if match := turns.SIMILAR.fullmatch(text):
        return Step("similar", _number(match))
    if match := turns.OPEN.fullmatch(text):
        return Step("open", _number(match))
    return None


def merged(earlier: Query, later: Query, question: str, shown_year: int | None) -> Query:
    """The earlier question narrowed or turned by the later one."""
    asked = Filters(years=_years(question, shown_year))
    if asked.years:  # "newer" and "older" compare: they are no words to search for
        later = _without(later, turns.NEWER if turns.NEWER.search(question) else turns.OLDER)
    named = [clue for clue in later.subjects if not clue.genre]
    kept = KEPT if named else 1.0  # of the earlier one; "only surveys" weighs less than what of
    said = KEPT if later.subjects and not named else 1.0
    turned = bool(later.filters.organisations)
    off = later.filters.without
    clues = [
        clue
        for clue in earlier.clues
        if not (turned and clue.is_organisation) and off.isdisjoint(clue.terms)
    ]
    dropped = {t for c in earlier.clues if c not in clues for t in (*c.terms, *c.parts)}
    terms = {t: w * kept for t, w in earlier.terms.items() if t not in dropped}
    for term, weight in later.terms.items():
        terms[term] = max(weight * said, terms.get(term, 0.0))
    return replace(
        later,
        terms=terms,
        typed={**earlier.typed, **later.typed},
        clues=(*later.clues, *(replace(clue, weight=clue.weight * kept) for clue in clues)),
        filters=later.filters.over(asked).over(earlier.filters),
        order=later.order or (None if asked.years else earlier.order),
        walls=tuple(dict.fromkeys((*_walls(later, question), *earlier.walls))),
        corrections=(*earlier.corrections, *later.corrections),
    )


def come_to(questions: Sequence[str], parse: Callable[[str], Query]) -> Query:
    """What questions come to, each going on from those before it."""
    first, *later = questions
    query = parse(first)
    for question in later:
        query = merged(query, parse(question), question, None)
    return query


def _without(query: Query, words: re.Pattern[str]) -> Query:
    """A query without the clues that such words stand for, nor the order they would ask for."""
    clues = [c for c in query.clues if not _stands_in(c.typed, query.text, words)]
    dropped = {t for c in query.clues if c not in clues for t in (*c.terms, *c.parts)}
    terms = {term: weight for term, weight in query.terms.items() if term not in dropped}
    return replace(query, clues=tuple(clues), terms=terms, order=None)


def _stands_in(typed: str, text: str, words: re.Pattern[str]) -> bool:
    return any(typed in match[0] or match[0] in typed for match in words.finditer(text))


def _walls(query: Query, question: str) -> list[str]:
    """The filters of a follow-up beyond which nothing is wanted: "only papers"."""
    return filters.asked(query.filters) if turns.ONLY.search(question) else []


def refers(question: str) -> bool:
    """Whether a follow-up names the subject by a word that stands for it: "any talk on that?"."""
    return turns.REFERS.search(simplify(question)) is not None


def left_out(question: str, shown: Sequence[str]) -> Sequence[str]:
    """Those of what was shown that are not wanted again: all, the first, or none."""
    line = simplify(question)
    if turns.ELSE.search(line):
        return shown
    return shown[:1] if turns.RATHER.search(line) else ()


def wants_same_authors(question: str) -> bool:
    """Whether more by the authors of what was shown is asked for."""
    return turns.SAME_AUTHOR.search(simplify(question)) is not None


def compares(question: str) -> bool:
    """Whether newer or older ones than what was shown are asked for."""
    line = simplify(question)
    return (turns.NEWER.search(line) or turns.OLDER.search(line)) is not None


def dated(question: str, script: Script, shown: int | None) -> str:
    """A follow-up as it is kept: with the years that "newer" came to, for what comes after it."""
    asked = _years(question, shown)
    if asked is None:
        return question
    first, last = asked
    if script == "en":
        return f"{question} (since {first})" if last > LATEST else f"{question} (before {last + 1})"
    return f"{question}（{first}年以后）" if last > LATEST else f"{question}（{last + 1}年以前）"


def _years(question: str, shown: int | None) -> tuple[int, int] | None:
    if shown is None:
        return None
    line = simplify(question)
    if turns.NEWER.search(line):
        return shown + 1, 2100
    return (1900, shown - 1) if turns.OLDER.search(line) else None


def _newer_or_older(text: str) -> bool:
    return len(text) < BRIEF and compares(text)


def numbered(before: Conversation, number: int | None) -> Sequence[str]:
    """The one that a number names, or none; without a number the one that "it" means."""
    if number is None:
        return before.meant[:1]
    return before.shown[-1:] if number == turns.LAST else before.shown[number - 1 : number]


def _number(match: re.Match[str]) -> int | None:
    typed = next((group for group in match.groups() if group), None)
    if typed is None:
        return None
    numbers: Mapping[str, int] = turns.NUMBER
    return numbers.get(typed.lower()) or int(typed)
