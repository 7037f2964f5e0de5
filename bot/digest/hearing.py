"""What the words behind a command say of a subscription: when, where, in what language, on what,
and how long it rests. Pure. What is not understood is handed back, never guessed at.
"""

from __future__ import annotations

import re
import shlex
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from bot.command import KINDS
from bot.digest import schedule, zones
from bot.subscription import Filters, Terms
from corpus.language import simplify
from corpus.pattern import pattern
from corpus.record import record, replace

FARTHEST = timedelta(days=366)  # that a pause lasts

_DAYS = {
    word: number
    for number, names in enumerate(
        (
            "mon monday mondays",
            "tue tues tuesday tuesdays",
            "wed wednesday wednesdays",
            "thu thur thurs thursday thursdays",
            "fri friday fridays",
            "sat saturday saturdays",
            "sun sunday sundays",
        ),
        1,
    )
    for word in names.split()
}
_LANGUAGES: Mapping[str, str] = {
    **dict.fromkeys(("zh", "chinese", "中文"), "zh"),
    **dict.fromkeys(("en", "english", "英文", "英语"), "en"),
    **dict.fromkeys(("both", "bilingual", "双语", "中英文", "中英"), "both"),
}
_KINDS = {word: kind for kind, words in KINDS.items() for word in (kind, *words)}
_NOISE = set("to at on in every weekly each the and with 每 每周 的 于 在 和 用 please".split())
_ANY = {"any", "all", "everything", "全部", "不限", "所有", "任何"}
_NAMES = {
    **dict.fromkeys(("day", "日子"), "day"),
    **dict.fromkeys(("hour", "time", "时间"), "hour"),
    **dict.fromkeys(("zone", "timezone", "tz", "时区"), "zone"),
    **dict.fromkeys(("language", "lang", "语言"), "language"),
    **dict.fromkeys(("kind", "kinds", "类型"), "kinds"),
    **dict.fromkeys(("topic", "topics", "主题"), "topics"),
    **dict.fromkeys(("organisation", "organization", "org", "机构", "公司"), "organisations"),
}
_NUMBERS = {digit: number for number, digit in enumerate("一二三四五六七八九十", 1)} | {
    "两": 2, "十一": 11, "十二": 12, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4,
    "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "a couple of": 2, "couple of": 2,
}  # fmt: skip
_CHINESE_DAY = pattern(r"每?(?:周|星期|礼拜)([一二三四五六日天])")
_CHINESE_TIME = pattern(
    r"(凌晨|早上|早晨|上午|中午|下午|傍晚|晚上)?(\d{1,2}|十[一二]?|[一二两三四五六七八九])[点时](?:(半)|(\d{1,2})分?|整)?"
)
_TWELVE = pattern(r"\b(\d{1,2})(?::([0-5]\d))?\s*([ap])\.?m\b\.?")
_TIME = pattern(r"(\d{1,2})(?:[:.h]([0-5]\d)?)?")
_TO = pattern(r"(?:until|till|to|直到|到|至)\s*(.+?)(?:为止)?")
_DATE = pattern(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})[日号]?")
_SPAN = pattern(
    r"(?:for\s+|休息)?(\d{1,3}|[a-z ]+?|[一二两三四五六七八九十]{1,2})\s*个?\s*"
    r"(days?|weeks?|months?|天|日|周|星期|礼拜|月)"
)
_NEXT = dict.fromkeys(("next week", "下周", "下星期", "下个星期"), "monday")
_UNITS = {"d": 1, "w": 7, "m": 30, "天": 1, "日": 1, "周": 7, "星": 7, "礼": 7, "月": 30}


@record
class Heard:
    """What words say: the terms as they are then, and the words that say nothing."""

    terms: Terms
    unknown: tuple[str, ...] = ()
    zoned: bool = False  # a zone was among them


def hear(text: str, terms: Terms) -> Heard:
    """The terms after what a text says of them."""
    name, _, value = text.strip().partition(" ")
    if (field := _NAMES.get(_plain(name))) and value:
        found = _named(field, value.strip(), terms)
        return Heard(found or terms, () if found else (value.strip(),), field == "zone")
    words, unknown, zoned = list(_words(text)), [], False
    while words:
        found = _said(words[0], terms)
        taken = 1
        if found is None and (place := zones.leading(words)):
            found, taken, zoned = replace(terms, zone=place[0]), place[1], True
        if found is None and words[0] not in _NOISE:
            unknown.append(words[0])
        terms = found or terms
        del words[:taken]
    return Heard(terms, tuple(unknown), zoned)


def until(text: str, now: float, zone: str) -> float | None:
    """When a pause ends that is told as a date or a span; None where it is neither.

    A date without a year is the next one; a pause until a day ends as that day begins.
    """
    plain = _plain(text)
    if found := _TO.fullmatch(plain):
        plain = found[1]
    here = schedule.local(now, zone)
    end = _span(plain, here) or _day(plain, here)
    if end is None or not here < end <= here + FARTHEST:
        return None
    return end.timestamp()


def _words(text: str) -> Iterator[str]:
    """Words one can look up; Chinese days and times, which stand without blanks, made such."""
    text = _plain(text)
    text = _CHINESE_DAY.sub(lambda found: f" day={_chinese(found[1])} ", text)
    text = _CHINESE_TIME.sub(_clock, text)
    text = _TWELVE.sub(
        lambda found: f" {int(found[1]) % 12 + 12 * (found[3] == 'p')}:{found[2] or '00'} ", text
    )
    text = re.sub("[,，、;；。]", " ", text)
    try:
        yield from shlex.split(text)
    except ValueError:  # a quotation mark alone
        yield from text.split()


def _clock(found: re.Match[str]) -> str:
    hour = int(found[2]) if found[2].isdecimal() else _NUMBERS[found[2]]
    afternoon = found[1] in ("下午", "傍晚", "晚上") or (found[1] == "中午" and hour < 3)
    minute = 30 if found[3] else int(found[4] or 0)
    return f" {hour + 12 * (afternoon and hour < 12)}:{minute:02} "


def _said(word: str, terms: Terms) -> Terms | None:
    """What one word says by itself."""
    name, mark, value = word.replace("：", ":").replace("=", ":").partition(":")
    if mark and (field := _NAMES.get(name)):
        return _named(field, value.replace("_", " "), terms)
    if word in _DAYS:
        return replace(terms, day=_DAYS[word])
    if word in _LANGUAGES:
        return replace(terms, language=_LANGUAGES[word])
    if word in _KINDS:
        kinds = (*terms.filters.kinds, _KINDS[word])
        return _filtered(terms, "kinds", tuple(dict.fromkeys(kinds)))
    minute = _minute(word)
    return None if minute is None else replace(terms, minute=minute)


def _named(field: str, value: str, terms: Terms) -> Terms | None:
    """What a value says of a field that is named."""
    plain = _plain(value)
    match field:
        case "day":
            day = int(plain) if plain in tuple("1234567") else _DAYS.get(plain)
            return replace(terms, day=day) if day else None
        case "hour":
            minute = _minute(plain)
            return None if minute is None else replace(terms, minute=minute)
        case "zone":
            zone = zones.zone(value)
            return replace(terms, zone=zone) if zone else None
        case "language":
            language = _LANGUAGES.get(plain)
            return replace(terms, language=language) if language else None
    if plain in _ANY:
        return _filtered(terms, field, ())
    values = [part.strip() for part in re.split("[,，、]", value) if part.strip()]
    if field != "kinds":
        return _filtered(terms, field, tuple(values)) if values else None
    kinds = [_KINDS[_plain(part)] for part in values if _plain(part) in _KINDS]
    return _filtered(terms, field, tuple(kinds)) if len(kinds) == len(values) > 0 else None


def _filtered(terms: Terms, field: str, values: tuple[str, ...]) -> Terms:
    filters: Filters = replace(terms.filters, **{field: values})
    return replace(terms, filters=filters)


def _minute(word: str) -> int | None:
    """The minute of the day of a time such as 9, 9:30 or 21h."""
    found = _TIME.fullmatch(word)
    if not found or int(found[1]) > 23:
        return None
    return int(found[1]) * 60 + int(found[2] or 0)


def _span(plain: str, here: datetime) -> datetime | None:
    found = _SPAN.fullmatch(plain)
    if not found:
        return None
    many = found[1].strip()
    count = int(many) if many.isdecimal() else _NUMBERS.get(many, 0)
    return here + timedelta(days=count * _UNITS[found[2][0]]) if count else None


def _day(plain: str, here: datetime) -> datetime | None:
    """The beginning of a day: a date, or the next day of a name."""
    chinese = _CHINESE_DAY.fullmatch(plain)
    if number := _chinese(chinese[1]) if chinese else _DAYS.get(_NEXT.get(plain, plain), 0):
        return _begin(here.date() + timedelta(days=(number - here.isoweekday() - 1) % 7 + 1), here)
    if plain in ("next month", "下月", "下个月"):
        return _begin((here.date().replace(day=1) + timedelta(days=32)).replace(day=1), here)
    found = _DATE.fullmatch(plain)
    if not found:
        return None
    years: Sequence[int] = [int(found[1])] if found[1] else (here.year, here.year + 1)
    for year in years:
        try:
            day = date(year, int(found[2]), int(found[3]))
        except ValueError:  # 30 February; a leap day may be there next year
            continue
        if day > here.date():
            return _begin(day, here)
    return None


def _chinese(day: str) -> int:
    return min("一二三四五六日天".index(day), 6) + 1


def _begin(day: date, here: datetime) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=here.tzinfo)


def _plain(text: str) -> str:
    return simplify(unicodedata.normalize("NFKC", text)).strip().lower()
