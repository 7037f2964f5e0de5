"""Whether a question goes on from the last one, and how. Pure: patterns over the words typed.

A question continues where it says so ("only papers", "那京东的呢", "newer", "the second one") or
where, beside nothing but filters, it names no subject. Everything else starts anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from corpus.language import Script
from corpus.pattern import Rare, pattern
from corpus.record import record, replace
from retrieval.model import Filters, Query

Move = Literal["new", "refine", "more", "open", "similar", "noise"]
KEPT = 0.5  # the weight of the earlier question beside a later one that names a subject too
BRIEF = 40  # characters: what moves in a list is said in few
LATEST = 2099  # the last year that can be meant: a range beyond it is open
FEW = 3  # clues: a line of more says what it is about
SHORT = 4  # clues: a longer question is a question of its own

LAST = -1  # of the list, whichever number that is
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_NUMBER = {
    **{word: at for at, word in enumerate(_ORDINALS, 1)},
    **{letter: at for at, letter in enumerate("一二三四五六七八九十", 1)},
    **dict.fromkeys(("last", "最后", "最後"), LAST),
}


def _either(*choices: str) -> str:
    return "(?:" + "|".join(choices) + ")"


def _pattern(*choices: str) -> re.Pattern[str]:
    return pattern(_either(*choices), re.IGNORECASE)


def _whole(needs: str, *choices: str) -> Rare:
    """What a whole line is, for lines that hold one of some words."""
    return Rare(needs.split("|"), _either(*choices) + _ENDING, re.IGNORECASE)


_ENDING = r"[\s.?!。？！~～]*"
_NTH = _either(
    r"(?:the |no\.? ?|number |#)?(" + "|".join(_ORDINALS) + r"|last|10|[1-9])"
    r"(?:st|nd|rd|th)?(?: one| result| hit)?",
    r"第?\s*(10|[1-9]|[一二三四五六七八九十])\s*(?:个|篇|条|項|项|個|篇文章|本)?",
    r"(最后|最後)一?(?:个|篇|条|項|项|個|本)",
)
_MORE = _whole(
    "more|other|next|else|going|go on|还有|還有|更多|再|下一|继续|繼續|其他|别的|换|換",
    r"(?:show |give |what |any(?:thing)? )?(?:me )?(?:some )?(?:more|others?|next(?: page)?|else)"
    r"(?: results?| please)?",
    r"还有(?:吗|没有?|别的吗?|其他的?吗?)?|還有嗎?|更多|再来(?:几个|几篇|一些|点)?|下一页",
    r"繼續|继续|其他的呢?|别的呢?|再?[换換](?:一批|几个|几篇|幾個|幾篇)",
    r"tell me more|keep going|go on",
)
_OPEN = _whole(
    "|".join((*_ORDINALS, *"123456789一二三四五六七八九十", "last", "最后", "最後")),
    _either(
        r"(?:open|show|give)(?: me)?",
        r"details?(?: of| on)?",
        r"tell me (?:more )?about",
        r"who (?:wrote|made|is behind)|when was|what is",
    )
    + rf"?\s*(?:打开|看看?|详细(?:说说)?|展开)?\s*{_NTH}"
    + r"(?:\s*(?:please|published|about|吧|呢|详情|讲的?什么|是什么|的?作者(?:是谁)?"
    + r"|是?[谁誰](?:写|寫|做|发|發)的|什么时候(?:发|写|出)的))?",
)
_SIMILAR = _whole(
    "similar|like|类似|相似|差不多|像",
    r"(?:something |anything |papers? )?(?:more )?(?:similar|like)(?: to| this| that| it)?\s*"
    rf"{_NTH}?",
    rf"(?:和|跟|与)?\s*{_NTH}\s*(?:类似|相似|差不多)的?(?:还?有吗|呢)?",
    rf"(?:有没有)?(?:类似|相似|像)于?\s*{_NTH}\s*(?:那样|一样)?的?(?:还?有吗|呢|吗)?",
    r"(?:有没有)?(?:类似|相似)的(?:还?有吗|呢|吗)?",
)
_ABOUT = _whole(
    "who|when|detail|link|谁|誰|作者|什么时候|详情|链接|連結",
    r"(?:and )?who (?:wrote|made|did|built|is behind)(?: it| this| that)?|who are the authors",
    r"(?:and )?when (?:was it|did it come) (?:published|out)|details?",
    r"(?:the )?link(?: please| pls)?",
    r"(?:是?[谁誰](?:写|寫|做|发|發)的|作者是?[谁誰]|什么时候(?:发|写)的|详情|链接|連結)呢?",
)
_ANEW = pattern(
    r"^\W*"
    + _either(
        "换个话题|换一个|另外想?[问問]|另外|對了|对了|顺便问",
        "by the way|btw|new (?:question|topic)|another question|different topic",
        "changing topic|unrelated",
    ),
    re.IGNORECASE,
)
_NEWER_WORDS = _either(
    r"\b(?:newer|more recent|later ones?)\b",
    "更新的|更新一?[点些]|新一点|新一些|新点的|較新|更近",
)
_OLDER_WORDS = _either(r"\b(?:older|earlier)(?: ones?)?\b", "更早|早一点|老一点|旧一点|較早")
_NEWER, _OLDER = _pattern(_NEWER_WORDS), _pattern(_OLDER_WORDS)
_COMPARED = _whole(
    "newer|recent|later|older|earlier|更|新|早|老|旧|較",
    rf"(?:(?:any(?:thing)?|something|and) )?(?:{_NEWER_WORDS}|{_OLDER_WORDS})(?: ones?| please)?",
    rf"(?:有没有|有沒有|有|再)?(?:{_NEWER_WORDS}|{_OLDER_WORDS})的?[呢吗嗎]?",
)
_ONLY = _pattern(r"\b(?:only|just)\b", "只要|只看|仅")
_ELSE = _pattern(r"\b(?:else|other|others|another|more)\b", "还有|别的|其他|其它|另外的|還有|別的")
_SAME_AUTHOR = _pattern(
    r"\b(?:by|from) (?:the )?same (?:authors?|people|person|team|group)\b",
    "同(?:一个)?作者|(?:同一个?|这个|這個)(?:作者|团队|人)|作者还|他还写|作者還",
)
_CUES = _pattern(
    r"^\W*(?:what about|how about|and|or|only|just|but|any|anything|which (?:one|of)|is there an?"
    r"|do they|does it|did (?:they|it)|are (?:they|there)|in (?:chinese|english)|for|with|by"
    r"|from)\b",
    r"^\W*(?:an? |something |anything )?(?:more|less|simpler|shorter|longer|easier|deeper) \w",
    r"^\W*(?:那|只(?:要|看)|就(?:要|看)|有没有|有沒有|有|哪[个篇本些一]|它|他们|她|这[个篇]|這|其中|里面)",
    r"^\W*(?:換成|换成|中文|英文|论文|書|书)",
    r"\b(?:it|its|that|this|those|these|them|the [\w-]+ ones?|ones?(?: only)?)\b",
    rf"有(?:[吗嗎么]|没有|沒有){_ENDING}$",
    rf"(?:的?呢|那[篇个本块塊]呢?|的那[篇个本種种]){_ENDING}$",
)
_ASKS = _pattern(
    r"[?？]",
    r"^\W*(?:how|what|which|where|when|who|why|is|are|was|were|does|do|did|can|could|should|any"
    r"|anything|show|find|give|looking for)\b",
    "[吗嗎呢么麼]\\W*$|什么|什麼|怎么|怎麼|怎样|怎樣|哪|如何|有没有|有沒有|多少|请问|請問|是否",
)


@record
class Step:
    """What a question does to a conversation, and the number in the list that it names."""

    move: Move
    number: int | None = None


def step(question: str, query: Query, continues: bool) -> Step:
    """How a question goes on, given its own query and whether there is a conversation."""
    text = question.strip()
    if len(text) <= BRIEF and len(query.clues) < FEW and (move := _move(text)):
        return move
    if not continues and len(text) <= BRIEF and _COMPARED.fullmatch(text):
        return Step("more")  # newer than what?
    if continues and _ABOUT.fullmatch(text):
        return Step("open")  # what is asked of the first hit stands in its details
    named = bool(query.clues or query.filters or query.order or query.addresses)
    if not continues:
        return Step("new" if named else "noise")
    if _ANEW.match(text) or query.addresses:
        return Step("new")
    if _SAME_AUTHOR.search(text) or _newer_or_older(text):
        return Step("refine")
    if not query.subjects:
        asked = query.filters
        cued = _CUES.search(text) is not None or bool(
            asked.kinds or asked.languages or asked.without
        )
        if named and (cued or query.filters.years or query.order):
            return Step("refine")
        return Step("new" if named else "noise")
    cued = _CUES.search(text) is not None and len(query.clues) <= SHORT
    return Step("refine" if cued else "new")


def moves(text: str) -> bool:
    """Whether a line moves on from what was shown, so that saying it twice moves twice."""
    text = text.strip()
    return len(text) <= BRIEF and (_move(text) is not None or _newer_or_older(text))


def _move(text: str) -> Step | None:
    """What a brief line asks of the list that was shown."""
    if _MORE.fullmatch(text):
        return Step("more")
    if match := _SIMILAR.fullmatch(text):
        return Step("similar", _number(match))
    if match := _OPEN.fullmatch(text):
        return Step("open", _number(match))
    return None


def asks(text: str) -> bool:
    """Whether a line is put as a question."""
    return _ASKS.search(text) is not None


def merged(earlier: Query, later: Query, question: str, shown_year: int | None) -> Query:
    """The earlier question narrowed or turned by the later one."""
    asked = Filters(years=_years(question, shown_year))
    if asked.years:  # "newer" and "older" compare: they are no words to search for
        later = _without(later, _NEWER if _NEWER.search(question) else _OLDER)
    kept = KEPT if later.subjects else 1.0
    turned = bool(later.filters.organisations)
    off = later.filters.without
    clues = [
        clue
        for clue in earlier.clues
        if not (turned and clue.is_organisation) and off.isdisjoint(clue.terms)
    ]
    dropped = {t for c in earlier.clues if c not in clues for t in (*c.terms, *c.parts)}
    terms = {t: w * kept for t, w in earlier.terms.items() if t not in dropped}
    terms = {t: max(later.terms.get(t, 0.0), terms.get(t, 0.0)) for t in {**terms, **later.terms}}
    return replace(
        later,
        terms=terms,
        typed={**earlier.typed, **later.typed},
        clues=(*later.clues, *(replace(clue, weight=clue.weight * kept) for clue in clues)),
        filters=later.filters.over(asked).over(earlier.filters),
        order=later.order or (None if asked.years else earlier.order),
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


def says_only(question: str) -> bool:
    """Whether a follow-up shuts out all other kinds."""
    return _ONLY.search(question) is not None


def wants_others(question: str) -> bool:
    """Whether what was shown already is not wanted again."""
    return _ELSE.search(question) is not None


def wants_same_authors(question: str) -> bool:
    """Whether more by the authors of what was shown is asked for."""
    return _SAME_AUTHOR.search(question) is not None


def compares(question: str) -> bool:
    """Whether newer or older ones than what was shown are asked for."""
    return (_NEWER.search(question) or _OLDER.search(question)) is not None


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
    if _NEWER.search(question):
        return shown + 1, 2100
    return (1900, shown - 1) if _OLDER.search(question) else None


def _newer_or_older(text: str) -> bool:
    return len(text) < BRIEF and compares(text)


def numbered(shown: Sequence[str], number: int) -> Sequence[str]:
    """The one of a list that a number names, or none."""
    return shown[-1:] if number == LAST else shown[number - 1 : number]


def _number(match: re.Match[str]) -> int | None:
    typed = next((group for group in match.groups() if group), None)
    if typed is None:
        return None
    numbers: Mapping[str, int] = _NUMBER
    return numbers.get(typed.lower()) or int(typed)
