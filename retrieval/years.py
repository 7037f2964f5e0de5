"""When: the years and the order that the words of a question ask for. Pure.

"before 2015", "2016年以后", "18年的", "2012-2014" name a range, "from last year", "去年的" one that
moves with today; "latest", "最早的" name an order.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from itertools import chain

from corpus.pattern import Rare, pattern
from corpus.record import record
from retrieval.model import Order

Range = tuple[int, int]  # first and last year, both included

FIRST, LAST = 1900, 2100
_BORN = 30  # two digits below it are of this century: 18年 is 2018, 95年 is 1995
_NAMED = ("19", "20", "年")  # one of them stands by every year
# What is counted is no year: "on 2048 gpus", 2000台机器. Nor is one that nobody lives to see.
_UNIT = (
    r"\s*(?:gpus?|tpus?|cpus?|cores?|machines?|nodes?|workers?|servers?|cards?|[块张台个核条万亿])"
)
_FULL = rf"(?<!\d)((?:19\d|20[0-3])\d)(?!\d)(?!{_UNIT})"
_DIGITS = "〇零一二三四五六七八九"
# A year as it is written: 2018, 2018年, 18年的, 一八年, 二〇一八年; but not 10年经验, 近20年.
_SHORT = (
    rf"(?<![a-z\d.近过第前十百年])(\d\d|[〇零一二九][{_DIGITS}]|[一二][{_DIGITS}]{{3}})"
    r"(?=\s*年(?!内|来|经|老|期|龄|级|终))"
)
_YEAR = rf"(?:{_FULL}|{_SHORT})"
_RANGE = Rare(
    _NAMED,
    rf"{_YEAR}\s*年?\s*(?:-|–|—|~|～|/|\.\.+|to|through|until|till|and|or|至|到|和|或|与|跟|、)\s*{_YEAR}\s*(?:年|之?间)*",
    re.IGNORECASE,
)
_OR_LATER = r"(?:or|and)\s*(?:later|newer|after|onwards?|above|up)\b|onwards?\b|and\s+on\b"
_OR_EARLIER = r"(?:or|and)\s*(?:earlier|older|before|below)\b"


def _before(year: int) -> Range:
    return FIRST, year - 1


def _until(year: int) -> Range:
    return FIRST, year


def _after(year: int) -> Range:
    return year + 1, LAST


def _around(year: int) -> Range:
    return year - 1, year + 1


def _since(year: int) -> Range:
    return year, LAST


# Ranges that one year opens, and from when to when they go. The first that fits is meant.
_OPEN: tuple[tuple[Rare, Callable[[int], Range]], ...] = tuple(
    (Rare(_NAMED, source, re.IGNORECASE), years)
    for source, years in (
        (rf"(?:not|no)\s+(?:before|earlier than|older than)\s*{_YEAR}|不早于\s*{_YEAR}", _since),
        (rf"(?:not|no)\s+(?:after|later than|newer than)\s*{_YEAR}|不晚于\s*{_YEAR}", _until),
        (rf"{_YEAR}\s*(?:{_OR_LATER})|{_YEAR}\s*年?\s*(?:及|或|和)(?:[之以][后後]|更晚)", _since),
        (rf"{_YEAR}\s*(?:{_OR_EARLIER})|{_YEAR}\s*年?\s*(?:及|或|和)(?:之前|以前|更早)", _until),
        (rf"(?:before|older than|earlier than|prior to|pre[- ])\s*{_YEAR}|早于\s*{_YEAR}", _before),
        (rf"(?<![<>=])<\s*{_YEAR}", _before),
        (rf"(?:<=|=<|≤)\s*{_YEAR}", _until),
        (rf"(?:around|about|circa)\s*{_YEAR}|{_YEAR}\s*年?\s*(?:左右|前后|前後)", _around),
        (rf"{_YEAR}\s*年?\s*(?:之前|以前|前)", _before),
        (rf"(?:until|till|up to|by the end of)\s*{_YEAR}|(?:截至|截止到?)\s*{_YEAR}", _until),
        (rf"(?:after|newer than|later than|post[- ])\s*{_YEAR}|晚于\s*{_YEAR}", _after),
        (rf"(?<![<>=])>\s*{_YEAR}", _after),
        (rf"(?:>=|=>|≥)\s*{_YEAR}|{_FULL}\+", _since),
        (rf"(?:since|starting(?: in| from)?)\s*{_YEAR}|from\s*{_YEAR}\s*on", _since),
        (rf"{_YEAR}\s*年?\s*(?:[之以][后後]|以[来來]|[后後]|起|[开開]始)", _since),
        (
            r"(?<!\d)((?:19|20)\d0)(?:['’]?s\b|\s*年代)|(?<!\d)([1-9]0|[五六七八九]十)\s*年代",
            lambda year: (year, year + 9),
        ),
    )
)
_SINGLE = Rare(_NAMED, rf"{_YEAR}\s*年?")
_DATED = pattern(r"(?:19|20)\d\d|年")  # without it there is no year
_COUNTER = Rare("年", r"(?<=\d)\s*年")  # after a year: no word of its own
_SPELLED = Rare("年", rf"{_SHORT}\s*年")  # 18年, 一八年: stands in no entry as it is typed
_DASHED = pattern(rf"{_FULL}-|-{_FULL}")  # of a prefix: `year:2016-`

# What counts from today. Only where it is said of works: "last year I saw a talk" dates no talk.
_OF = r"(?:from|in|of|since|published|written|during|within|over|by)\s+(?:the\s+)?"
_THESE = "论文|論文|文章|新闻|新聞|视频|影片|演讲|演講|资料|資料|书|書"
_SAID = rf"(?=\s*(?:的|发表|發表|发布|發布|出的|写的|寫的|{_THESE}))"
_COUNTED = {
    **{
        word: at
        for at, word in enumerate("one two three four five six seven eight nine".split(), 1)
    },
    **{sign: at for at, sign in enumerate("一二三四五六七八九十", 1)},
    **{"ten": 10, "两": 2, "兩": 2},
}
_COUNTS = pattern(r"year|decade|年", re.IGNORECASE)  # without it nothing counts from today
_COUNT = rf"({'|'.join(_COUNTED)}|(?<![\d.])\d{{1,2}})"
_RELATIVE: tuple[tuple[re.Pattern[str], Callable[[int, int], Range]], ...] = tuple(
    (pattern(source, re.IGNORECASE), years)
    for source, years in (
        (
            rf"{_OF}this year\b|\bthis year(?=['’]s)|今年(?:有|出|新){{0,2}}{_SAID}",
            lambda now, _: (now, now),
        ),
        (rf"{_OF}last year\b|\blast year(?=['’]s)|去年{_SAID}", lambda now, _: (now - 1, now - 1)),
        (rf"{_OF}year before last\b|前年{_SAID}", lambda now, _: (now - 2, now - 2)),
        (
            r"\bthis decade\b|(?:这个?|這個?|本)十年",
            lambda now, _: (now - now % 10, now - now % 10 + 9),
        ),
        (r"(?:\bthe )?\b(?:last|past) decade\b|过去十年|過去十年", lambda now, _: (now - 10, now)),
        (rf"{_OF}{_COUNT} years? ago\b", lambda now, ago: _around(now - ago)),
        (rf"(?<![近\d.第]){_COUNT}年(?:以|之)?前{_SAID}", lambda now, ago: _around(now - ago)),
    )
)

_NEWEST = "est|new|recent|by |years|up to date|up-to-date|最|近|新|时间|時間|年份".split("|")
_OLDEST = "est|first|old|最|老|早|第一".split("|")
_ORDER: tuple[tuple[Order, Rare], ...] = (
    (
        "newest",
        Rare(
            _NEWEST,
            r"\b(?:the\s+)?(?:latest|newest|most recent|recent|up[- ]to[- ]date)\b"
            r"(?:\s+(?:ones?|works?)\b)?"
            r"|\b(?:in |of |from )?(?:the )?(?:last|past) (?:[a-z]+ |\d+ )?years\b"
            r"|\b(?:these|recent) years\b"
            r"|\b(?:sorted|ordered|sort|order) by (?:year|date|time)\b|\bnewest first\b"
            r"|最(?:新|晚|近)(?:发表|發表|发布|出|写)?的|最新(?!版)"
            r"|按(?:时间|時間|年份|日期)(?:倒序|排序|排列|排)?"
            r"|(?:最近|近)[几幾两兩三一五十]年的?|近年来?的?|近期的?|新(?=论文|論文|文章)"
            r"|\bnew(?= (?:papers?|articles?|talks?|books?|work)\b)",
            re.IGNORECASE,
        ),
    ),
    (
        "oldest",
        Rare(
            _OLDEST,
            r"\b(?:the\s+)?(?:oldest|earliest|very first)\b(?:\s+(?:ones?|works?)\b)?"
            r"|最(?:早|老|旧|舊)(?:发表|發表|发布|出|写)?的"
            r"|最早(?=论文|論文|文章|新闻|新聞|资料|資料|[讲講谈談写寫]|提出|研究|关于|關於)"
            r"|(?:老|早期的?)(?=论文|論文|文章)|第一[篇部本](?=\s*[讲講谈談写寫关關提用把论論])"
            r"|\b(?:the\s+)?(?:first|earliest)(?= (?:papers?|articles?|talks?|books?|work)\b)"
            r"|\bwhich (?:one )?(?:came|was) first\b"
            r"|\bold(?= (?:papers?|articles?|talks?|books?|work)\b)",
            re.IGNORECASE,
        ),
    ),
)


# One of these stands in every text that says anything of when.
_HINTS = tuple(dict.fromkeys(("19", "20", "年", "year", "decade", *_NEWEST, *_OLDEST)))


@record
class Said:
    """What a text says of when: the years it asks for, an order, and where it names either."""

    years: Range | None = None
    order: Order | None = None
    spans: Sequence[tuple[int, int]] = ()


_NOTHING = Said()


def said(text: str) -> Said:
    """All that a text says of when: most texts say nothing, and are looked at once.

    A single year is left to be searched for too: it stands in the names of venues.
    """
    if not any(map(text.lower().__contains__, _HINTS)):
        return _NOTHING
    ordered = [(name, match.span()) for name, words in _ORDER for match in words.finditer(text)]
    spans = [span for _, span in ordered]
    if _COUNTS.search(text):
        spans += [match.span() for words, _ in _RELATIVE for match in words.finditer(text)]
    if dates := _dates(text):
        others = (match for words in (_COUNTER, _SPELLED) for match in words.finditer(text))
        spans += [match.span() for match in chain(*dates, others)]
    years = _dated(text, dates) or relative(text, present())
    return Said(years, ordered[0][0] if ordered else None, spans)


def ranged(text: str) -> Range | None:
    """The first and the last year that a text asks for."""
    return _dated(text, _dates(text)) or relative(text, present())


def present() -> int:
    """This year: what "last year" counts from."""
    return time.localtime().tm_year


def relative(text: str, now: int) -> Range | None:
    """The years that a text counts from the present one."""
    for words, years in _RELATIVE if _COUNTS.search(text) else ():
        if match := words.search(text):
            counted = next((group for group in match.groups() if group), "0").lower()
            return years(now, _COUNTED.get(counted) or int(counted))
    return None


def _dates(text: str) -> list[list[re.Match[str]]]:
    """What a text has of a range, and of each of those that one year opens."""
    if not _DATED.search(text):
        return []
    return [[*words.finditer(text)] for words in (_RANGE, *(opening for opening, _ in _OPEN))]


def _dated(text: str, dates: Sequence[Sequence[re.Match[str]]]) -> Range | None:
    if not dates:
        return None
    ranges, *opened = dates
    if ranges:
        first, *_, last = (year for group in ranges[0].groups() if (year := _number(group)))
        return min(first, last), max(first, last)
    for (_, years), found in zip(_OPEN, opened, strict=True):
        if found and (year := _first(found[0])):
            return years(year)
    single = _SINGLE.search(text)
    year = _first(single) if single else None
    return (year, year) if year else None


def typed(value: str) -> Range | None:
    """The years of a prefix: `year:2016-`, `year:>2015`, and all that plain words say."""
    if match := _DASHED.fullmatch(value):
        return _since(int(match[1])) if match[1] else _until(int(match[2]))
    return ranged(value)


def _first(match: re.Match[str]) -> int | None:
    return next((year for group in match.groups() if (year := _number(group))), None)


def _number(written: str | None) -> int | None:
    """A year out of its digits, Arabic or Chinese; none where it is too far from now."""
    if not written:
        return None
    figures = "".join(
        str(max(_DIGITS.find(sign) - 1, 0)) if sign in _DIGITS else sign
        for sign in written.replace("十", "0")  # 九十年代
    )
    year = int(figures)
    if year < 100:
        year += 2000 if year < _BORN else 1900
    return year if FIRST <= year <= LAST else None
