"""What a question says it does not want: "not google", "no papers", 除了论文, 不要腾讯的, -papers.

Kinds, organisations and languages are denied by any of these words. A subject or a person is only
by those that leave no doubt: "training without a parameter server" is about just that. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.pattern import Rare, pattern
from corpus.record import replace
from retrieval.model import Query, Term

Spans = Sequence[tuple[int, int]]

_FILLERS = (
    r"(?:(?:from|by|in|at|of|on|the|an?|any|all|more|those|these|about|made|written|published"
    r"|another|one|ones|things|stuff|work)\s+){0,3}"
)
# One of these stands in every denial: most questions hold none, and are looked at once.
_CUES = (
    "not |no |n't|n’t|dont |without|exc|other than|beside|apart|aside|instead|rather|skip|minus"
    "|non| -| but |omit|leav|ignor|avoid|hide |drop |nothing |never "
).split("|")
_HAN_CUES = "不|别|別|除|非|外|去掉|无需|算了|抛开|撇开|忽略|跳过|過|过滤|免了".split("|")
_BEFORE = pattern(
    r"(?:(?<!why )(?<!or )\bnot\s+(?:(?:looking|searching) for\s+|interested in\s+)?"
    r"|(?<!\w)no\s+|\bwithout\s+|\bexcept(?:\s+for)?\s+"
    r"|\bexclud(?:ing|e)\s+|\bother than\s+|\bbesides?\s+|\b(?:apart|aside) from\s+"
    r"|\binstead of\s+|\brather than\s+|\bskip(?:ping)?\s+|\bminus\s+|\bnon[- ]|(?:^|(?<=\s))-\Z"
    r"|\b(?:omit(?:ting)?|ignor(?:e|ing)|avoid(?:ing)?|hide|drop|leav(?:e|ing) out)\s+"
    r"|\bnever\s+|\b(?:nothing|none|anything not)\s+(?=(?:by|from|of|at|in)\s)"
    r"|\b(?:any|every|all)(?:thing|one|body)?(?:\s+\w+)?\s+but\s+"
    r"|\b(?:that|which|they|it|and|but)\s+(?:is|are|was|were)n['’]?t\s+"
    rf"|\bdo(?:n['’]?t)\s+(?:want|need|show(?: me)?|give me|include)\s+)(?:{_FILLERS})\Z"
    r"|(?:不要|不需要|不想[要看]|别给我?|別給我?|[别別][要看]|(?<![分特区])[别別]是|不[看含]|不包[括含]|除[了去开開]|排除|去[掉除]"
    r"|(?<![是要])不是|(?<![除莫无是])非|无需|(?<![解删刪清移])除"
    r"|不(?:用|考虑|考慮)|剔除|过滤掉?|過濾掉?|抛开|撇开|忽略|跳过|跳過)"
    r"(?:\s|看|要|给我|給我|任何|那些|这些|是|来自|來自|用|的|写|在)*\Z",
    re.IGNORECASE,
)
_AFTER = pattern(
    r"\s*的?\s*[就都]?\s*(?:以外|之外|除外|算了|免了|不[用要看]了?(?!\s*\w))"
    r"|\s+(?:excluded|aside)\b",
    re.IGNORECASE,
)
_AND = r"(?:的?\s*(?:,|/|、|，|\bor\b|\band\b|\bnor\b|和|或者?|及|跟|以及|与))"
_BETWEEN = pattern(rf"\s*{_AND}?\s*", re.IGNORECASE)
_JOINED = pattern(rf"\s*{_AND}\s*", re.IGNORECASE)
_COMMA = pattern(r"的?\s*[,，]\s*")  # "not papers, distributed training": that is what of
# What may deny a subject, or a person: beside it, no other reading is left.
_NOT_ABOUT = pattern(
    r"(?:\b(?:except(?:\s+for)?|exclud(?:ing|e)|other than|besides?|(?:apart|aside) from)\s+"
    r"|\b(?:omit(?:ting)?|ignor(?:e|ing)|leav(?:e|ing) out|skip(?:ping)?)\s+"
    r"|(?:\b(?:but|and)|[,，;；(（])\s*(?:not?|nothing)\s+"
    r"|\bnothing\s+(?=(?:about|on|by|from|of)\s)"
    r"|(?<!why )\bnot\s+(?=(?:about|by|from|written|made)\s)"
    rf"|\b(?:any|every|some)(?:thing|one|body)(?:\s+else)?\s+(?:but|than)\s+)(?:{_FILLERS})\Z"
    r"|(?:不要|不想[要看]|别给我?|別給我?|[别別][要看]|不包[括含]|除[了去开開]|排除|剔除|抛开|撇开)"
    r"(?:\s|看|要|给我|給我|任何|那些|这些|那[篇个]|是|讲|講|关于|關於|有关|来自|的)*\Z",
    re.IGNORECASE,
)
_NOT_OF = pattern(r"(?<![是要])不是\s*\Z")  # 不是陈迪豪的: but 这不是参数服务器吗 denies nothing
_OF = pattern(r"\s*(?:的|写的?|寫的?|做的?)(?!\s*(?:吗|嗎|吧|么))")
_APART = pattern(r"\s*的?\s*[就都]?\s*(?:以外|之外|除外|算了|免了|不要了?(?!\s*\w))")
_LANGUAGE = Rare(
    ("english", "chinese", "英", "中文", "汉语", "漢語"),
    r"\b(chinese|english)\b|(中文|汉语|漢語)|(英文|英语|英語)",
    re.IGNORECASE,
)


def denied(text: str, named: Sequence[Term]) -> tuple[list[Term], list[tuple[int, int]]]:
    """The terms among `named` that a text denies, and where it does: from the "not" on."""
    off: list[Term] = []
    spans: list[tuple[int, int]] = []
    for term in sorted(named, key=lambda term: (term.start, -term.end)):
        if span := _denial(text, term.start, term.end, spans):
            off.append(term)
            spans.append(span)
    return off, spans


def without_people(query: Query) -> Query:
    """A query whose authors may be denied by any of the words for kinds and organisations."""
    authors = query.filters.authors
    off, said = set(), []
    for name in authors if authors and may_deny(query.text) else ():
        parts = {name, *name.split(" ")}
        clues = [clue for clue in query.clues if not parts.isdisjoint(clue.terms)]
        start = query.text.find(clues[0].typed) if clues else -1
        end = query.text.find(clues[-1].typed, start) + len(clues[-1].typed) if clues else -1
        if start >= 0 and _denial(query.text, start, end, ()):
            off.add(name)
            said += clues
    if not off:
        return query
    gone = {term for clue in said for term in (*clue.terms, *clue.parts)}
    asked = query.filters
    return replace(
        query,
        clues=tuple(clue for clue in query.clues if clue not in said),
        terms={term: weight for term, weight in query.terms.items() if term not in gone},
        filters=replace(asked, authors=asked.authors - off, without=asked.without | off),
    )


def subjects(
    text: str, concepts: Sequence[Term], before: Spans = ()
) -> tuple[list[Term], list[tuple[int, int]]]:
    """The terms among `concepts` that a text says it is not to be about, or by; and where.

    Of phrases in one another only the widest is denied: not every platform with "deep learning
    platform".
    """
    off: list[Term] = []
    spans = list(before)
    widest = (0, 0)
    for term in sorted(concepts, key=lambda term: (term.start, -term.end)):
        if widest[0] <= term.start and term.end <= widest[1]:
            if off and (term.start, term.end) == (off[-1].start, off[-1].end):
                off.append(term)  # another reading of the same words
            continue
        widest = (term.start, term.end)
        others = [one for one in spans if one not in before or not _parted(text, one, term)]
        if span := _set_aside(text, term.start, term.end, others):
            off.append(term)
            spans.append(span)
    return off, spans[len(before) :]


def _parted(text: str, span: tuple[int, int], term: Term) -> bool:
    """Whether but a comma stands between a kind that is denied and what follows."""
    return _COMMA.fullmatch(text, span[1], term.start) is not None


def _set_aside(text: str, start: int, end: int, before: Spans) -> tuple[int, int] | None:
    """From the words that leave a subject out to its end."""
    head = text[:start]
    if match := _NOT_ABOUT.search(head):
        return match.start(), end
    if (match := _NOT_OF.search(head)) and (after := _OF.match(text, end)):
        return match.start(), after.end()
    if match := _APART.match(text, end):
        return start, match.end()
    for first, last in before:
        if last <= start and _JOINED.fullmatch(text, last, start):
            return first, end
    return None


def may_deny(text: str) -> bool:
    """Whether a text holds any word that denies: most do not, and are done with here."""
    if not text.isascii() and any(map(text.__contains__, _HAN_CUES)):
        return True
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
