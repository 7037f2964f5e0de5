"""What a question says it does not want: "not google", "no papers", 除了论文, 不要腾讯的, -papers.

Only kinds, organisations and languages are denied so; a subject is left as it is. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.pattern import Rare, pattern
from retrieval.model import Term

Spans = Sequence[tuple[int, int]]

_FILLERS = (
    r"(?:(?:from|by|in|at|of|on|the|an?|any|all|more|those|these|about|made|written|published"
    r"|another|one|ones)\s+){0,3}"
)
# One of these stands in every denial: most questions hold none, and are looked at once.
_CUES = (
    "not |no |n't|n’t|dont |without|except|exclud|other than|beside|apart|aside|instead|rather"
    "|skip|minus|non-|non | -|不|别|別|除|非|外|去掉|无需|算了"
).split("|")
_BEFORE = pattern(
    r"(?:(?<!why )(?<!or )\bnot\s+|(?<!\w)no\s+|\bwithout\s+|\bexcept(?:\s+for)?\s+"
    r"|\bexclud(?:ing|e)\s+|\bother than\s+|\bbesides?\s+|\b(?:apart|aside) from\s+"
    r"|\binstead of\s+|\brather than\s+|\bskip\s+|\bminus\s+|\bnon[- ]|(?:^|(?<=\s))-\Z"
    r"|\b(?:that|which|they|it|and|but)\s+(?:is|are|was|were)n['’]?t\s+"
    rf"|\bdo(?:n['’]?t)\s+(?:want|need|show(?: me)?|give me|include)\s+)(?:{_FILLERS})\Z"
    r"|(?:不要|不需要|不想[要看]|别给我?|別給我?|[别別][要看]|不[看含]|不包[括含]|除[了去开開]|排除|去[掉除]"
    r"|(?<![是要])不是|(?<![除莫无是])非|无需|(?<![解删刪清移])除)"
    r"(?:\s|看|要|给我|給我|任何|那些|这些|是|来自|來自|用|的|写|在)*\Z",
    re.IGNORECASE,
)
_AFTER = pattern(
    r"\s*的?\s*(?:以外|之外|除外|就?不用了?|就?不要了?|就算了)"
    r"|\s+(?:excluded|aside)\b",
    re.IGNORECASE,
)
_BETWEEN = pattern(
    r"\s*(?:,|/|、|，|\bor\b|\band\b|\bnor\b|和|或者?|及|跟|以及)?\s*", re.IGNORECASE
)
_LANGUAGE = Rare(
    ("english", "chinese", "英", "中文", "汉语", "漢語"),
    r"\b(chinese|english)\b|(中文|汉语|漢語)|(英文|英语|英語)",
    re.IGNORECASE,
)


def denied(text: str, named: Sequence[Term]) -> tuple[list[Term], list[tuple[int, int]]]:
    """The terms among `named` that a text denies, and where it does: from the "not" on."""
    off: list[Term] = []
    spans: list[tuple[int, int]] = []
    if not named or not _may_deny(text):
        return off, spans
    for term in sorted(named, key=lambda term: (term.start, -term.end)):
        if span := _denial(text, term.start, term.end, spans):
            off.append(term)
            spans.append(span)
    return off, spans


def _may_deny(text: str) -> bool:
    text = f" {text.lower()}"
    return any(map(text.__contains__, _CUES))


def languages(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """The languages that a text denies, each with where it does."""
    for match in _LANGUAGE.finditer(text):
        if span := _denial(text, *match.span(), ()):
            chinese = match[2] or (match[1] or "").lower() == "chinese"
            yield ("zh" if chinese else "en"), span


def _denial(text: str, start: int, end: int, before: Spans) -> tuple[int, int] | None:
    """From the word that denies to the end of what is denied."""
    if match := _BEFORE.search(text[:start]):
        return match.start(), end
    if match := _AFTER.match(text, end):
        return start, match.end()
    for first, last in before:  # "not google or facebook": the second is denied with the first
        if first <= start and (start < last or _BETWEEN.fullmatch(text, last, start)):
            return first, end
    return None
