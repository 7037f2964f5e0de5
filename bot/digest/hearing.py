"""What the words behind a command say of a subscription: when, where, in what language, on what.
Pure. What is not understood is handed back, never guessed at; so is what says another thing than
the words before it.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from bot.digest import clocks, wanted, zones
from bot.digest.cities import CITIES
from bot.subscription import Filters, Terms
from corpus.language import has_han
from corpus.pattern import pattern
from corpus.record import record, replace

DAYS = {
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
    **dict.fromkeys(("zh", "chinese", "中文", "汉语"), "zh"),
    **dict.fromkeys(("简体中文", "繁体中文", "简体", "繁体", "simplified", "traditional"), "zh"),
    **dict.fromkeys(("en", "english", "英文", "英语"), "en"),
    **dict.fromkeys(("both", "bilingual", "双语", "中英双语", "中英文", "中英"), "both"),
    **dict.fromkeys(("en+zh", "zh+en", "en/zh", "zh/en", "english+chinese"), "both"),
}
_NOISE = set(
    "to at on in from by every weekly each the and with for only me here please languages "
    "once a week per 每 每周 的 于 在 和 与 及 用 发 推送 只 只要 只看 仅 本周论文 每周论文".split()
)
_NAMES = {
    **dict.fromkeys(("day", "日子"), "day"),
    **dict.fromkeys(("hour", "time", "时间"), "minute"),
    **dict.fromkeys(("zone", "timezone", "tz", "时区"), "zone"),
    **dict.fromkeys(("language", "lang", "语言"), "language"),
}
_CHINESE_DAY = pattern(r"每?(?:周|星期|礼拜)([一二三四五六日天])")
_CLOCK = pattern(r"\d{1,2}:\d\d")
_DAY = pattern("^day=([1-7])$")  # as it stands in between
_BARE = pattern(r"paper of the week|o'?clock|每周一次|(?<=[点时])钟|[()]")


@record
class Heard:
    """What words say: the terms as they are then, and the words that say nothing."""

    terms: Terms
    unknown: tuple[str, ...] = ()
    zoned: bool = False  # a zone was among them


def hear(text: str, terms: Terms) -> Heard:
    """The terms after what a text says of them."""
    rest, filters = wanted.named(text.strip(), _is_term)
    said: dict[str, object] = {}
    unknown: list[str] = []
    words = [part for word in _words(rest) for part in _parts(word)]
    while words:
        field, value, taken = _first(words)
        if field is None:
            unknown += [word for word in words[taken - 1 : taken] if word not in _NOISE]
        elif not _add(said, field, value):
            unknown.append(" ".join(words[:taken]))
        del words[:taken]
    _join(said, unknown)
    for name, value in filters:
        found = wanted.values(name, value)
        if found is None:
            unknown.append(value)
        else:
            said[name] = found
    named = {name: said.pop(name) for name in tuple(said) if name in wanted.FIELDS.values()}
    kept: Filters = replace(terms.filters, **named)
    told = (
        _DAY.sub(lambda found: f"周{'一二三四五六日'[int(found[1]) - 1]}", word) for word in unknown
    )
    return Heard(replace(terms, filters=kept, **said), tuple(told), "zone" in said)


def chinese_day(day: str) -> int:
    """The number of a day by its last letter."""
    return min("一二三四五六日天".index(day), 6) + 1


def _add(said: dict[str, object], field: str, value: object) -> bool:
    """Note what is said of a field; false where another thing was said of it before."""
    before = said.get(field)
    if before is None or before == value:
        said[field] = value
    elif field == "language":
        said[field] = "both"
    elif field == "kinds":
        assert isinstance(before, tuple)
        assert isinstance(value, tuple)
        said[field] = tuple(dict.fromkeys((*before, *value)))
    else:
        return False
    return True


def _join(said: dict[str, object], unknown: list[str]) -> None:
    """Make one of an hour and a part of the day: "8 in the evening"; of a part alone, what it is
    usually taken for.
    """
    part = said.pop("daypart", None)
    if part is None:
        return
    assert isinstance(part, str)
    before = said.get("minute")
    assert before is None or isinstance(before, int)
    minute = clocks.within(part, before)
    if minute is None:
        unknown.append(part)
    else:
        said["minute"] = minute


def _is_term(word: str) -> bool:
    """Whether a word is surely no end of a topic: a language, a day, a part of it, or a time."""
    time = _CLOCK.fullmatch(clocks.spread(word).strip()) or _CHINESE_DAY.fullmatch(word)
    return word in DAYS or word in _LANGUAGES or word in clocks.DAYPARTS or time is not None


def _words(text: str) -> Iterator[str]:
    """Words one can look up; Chinese days and times, which stand without blanks, made such."""
    text = _BARE.sub(" ", wanted.plain(text).replace("“", '"').replace("”", '"').replace("’", "'"))
    text = _CHINESE_DAY.sub(lambda found: f" day={chinese_day(found[1])} ", text)
    text = re.sub("[,，、;；。]", " ", clocks.spread(text))
    try:
        yield from shlex.split(text)
    except ValueError:  # a quotation mark alone
        yield from text.split()


def _parts(word: str) -> Sequence[str]:
    """The words of Chinese that stands without blanks; the word itself where not all are known."""
    known = _vocabulary()
    if not has_han(word) or word in known:
        return (word,)
    parts, rest = [], word
    while rest:
        part = next((rest[:end] for end in range(len(rest), 0, -1) if rest[:end] in known), "")
        if not part:
            return (word,)
        parts.append(part)
        rest = rest[len(part) :]
    return parts


@lru_cache(maxsize=1)
def _vocabulary() -> frozenset[str]:
    cities = (f"{city}{end}" for city in CITIES if has_han(city) for end in ("", "时间"))
    hours = ("十一", "十二", *"一二三四五六七八九十")
    districts = (f"{side}{hour}区" for side in "东西" for hour in hours)
    return frozenset((*cities, *districts, *_LANGUAGES, *wanted.KIND, *_NOISE))


def _first(words: Sequence[str]) -> tuple[str | None, object, int]:
    """What the first words say: of which field, what, and how many they are; of none, the last."""
    word = words[0]
    name, mark, value = word.replace("：", ":").replace("=", ":").partition(":")
    if mark and value and (field := {**_NAMES, **wanted.FIELDS}.get(name)):
        found = _named(field, value.replace("_", " "))
        return (field if found is not None else None), found, 1
    if (field := _NAMES.get(name if mark and not value else word)) and len(words) > 1:
        return _behind(field, words)
    for field, known in (("day", DAYS), ("language", _LANGUAGES)):
        if word in known:
            return field, known[word], 1
    if word in wanted.KIND:
        return "kinds", (wanted.KIND[word],), 1
    if place := zones.leading(words):
        return "zone", *place
    if word in clocks.DAYPARTS:
        return "daypart", word, 1
    minute = clocks.minute(word)
    return (None if minute is None else "minute"), minute, 1


def _behind(field: str, words: Sequence[str]) -> tuple[str | None, object, int]:
    """The value behind a field's name; where it is none, it is handed back without the name."""
    if field == "zone":
        place = zones.leading(words[1:])
        return ("zone", place[0], place[1] + 1) if place else (None, None, 2)
    found = _named(field, words[1])
    if found is None:  # said as a sentence does: "time 下午3点"
        other, value, taken = _first(words[1:])
        meant = other == field or (field == "minute" and other == "daypart")
        return (other, value, taken + 1) if meant else (None, None, 2)
    return field, found, 2


def _named(field: str, value: str) -> object:
    """What a value says of a field that is named; None: nothing."""
    said = wanted.plain(value)
    match field:
        case "day":
            return int(said) if said in tuple("1234567") else DAYS.get(said)
        case "minute":
            return clocks.minute(said)
        case "zone":
            return zones.zone(value)
        case "language":
            return _LANGUAGES.get(said)
        case _:
            return wanted.values(field, value)
