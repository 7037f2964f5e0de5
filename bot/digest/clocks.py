"""The time of a day as people say it, in both languages. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from corpus.pattern import pattern
from corpus.record import record
from retrieval import numerals


@record
class Daypart:
    """A part of the day: its first and last hour, and the minute of the day that is meant where no
    hour is said; None: nobody's guess.
    """

    first: int
    last: int
    usual: int | None


# The small hours of a night are the next day's, so they are nobody's guess.
DAYPARTS: Mapping[str, Daypart] = {
    **dict.fromkeys(("morning", "mornings", "早上", "早晨", "早", "上午"), Daypart(1, 12, 540)),
    **dict.fromkeys(("清晨", "一早", "大早"), Daypart(4, 11, 420)),
    "凌晨": Daypart(0, 6, None),
    "中午": Daypart(11, 14, 720),
    **dict.fromkeys(("afternoon", "afternoons", "下午", "午后"), Daypart(12, 23, 900)),
    **dict.fromkeys(("evening", "evenings", "傍晚"), Daypart(16, 23, 1080)),
    **dict.fromkeys(("night", "nights", "晚上", "晚间", "晚"), Daypart(17, 23, 1200)),
    **dict.fromkeys(("夜里", "深夜", "半夜"), Daypart(20, 23, None)),
}
_PERIODS = sorted((part for part in DAYPARTS if not part.isascii()), key=len, reverse=True)
_PERIOD = f"({'|'.join(_PERIODS)})"
_ALONE = pattern(rf"((?>{_PERIOD}))(?!(?:\d{{1,2}}|{numerals.CHINESE})[点时])")
_CHINESE = pattern(
    rf"{_PERIOD}?(\d{{1,2}}|{numerals.CHINESE}|零)[点时](?:(半)|([一三])刻|(\d{{1,2}}|{numerals.CHINESE})分?|整)?"
)
_DIGITS = pattern(rf"{_PERIOD}(\d{{1,2}})[:：]([0-5]\d)")
_TWELVE = pattern(r"\b(\d{1,2})(?:[:.]([0-5]\d))?\s*([ap])\.?\s?m\b\.?")
_TIME = pattern(r"(\d{1,2})(?:[:.h]([0-5]\d)?)?|([01]\d|2[0-3])([0-5]\d)")
_NAMED = {"noon": 720, "midday": 720, "正午": 720, "midnight": 0, "午夜": 0}


def spread(text: str) -> str:
    """A text with each time that stands without blanks, or in two words, as 9:30 by itself, and
    each part of the day by itself.
    """
    text = _CHINESE.sub(_chinese, text)
    text = _DIGITS.sub(lambda found: _told(found[0], found[1], int(found[2]), int(found[3])), text)
    return _ALONE.sub(r" \1 ", _TWELVE.sub(_twelve, text))


def minute(word: str) -> int | None:
    """The minute of the day of a time such as 9, 9:30, 21h, 0930 or noon."""
    if word in _NAMED:
        return _NAMED[word]
    found = _TIME.fullmatch(word)
    if not found or int(found[1] or found[3]) > 23:
        return None
    return int(found[1] or found[3]) * 60 + int(found[2] or found[4] or 0)


def _chinese(found: re.Match[str]) -> str:
    hour = 0 if found[2] == "零" else numerals.number(found[2])
    minutes = 30 if found[3] else {"一": 15, "三": 45}.get(found[4] or "")
    if minutes is None:
        minutes = numerals.number(found[5]) if found[5] else 0
    if hour is None or minutes is None:
        return found[0]
    return _told(found[0], found[1] or "", hour, minutes)


def within(part: str, minute: int | None) -> int | None:
    """The minute of the day of a time in a part of it, "8:30" in the evening; without one, what is
    usually meant. None where both do not go together.
    """
    known = DAYPARTS[part]
    if minute is None:
        return known.usual
    found = (minute + hours * 60 for hours in ((-12, 0) if minute // 60 == 12 else (0, 12)))
    return next((one for one in found if known.first <= one // 60 <= known.last), None)


def _told(said: str, period: str, hour: int, minutes: int) -> str:
    """A time with its part of the day; as it was said where that is no time."""
    minute = hour * 60 + minutes if hour < 24 and minutes < 60 else None
    if minute is not None and period:
        minute = within(period, minute)
    if minute is None:
        return f" {said.replace(':', '点')} "
    return f" {minute // 60}:{minute % 60:02} "


def _twelve(found: re.Match[str]) -> str:
    hour = int(found[1])
    if not 1 <= hour <= 12:
        return f" {found[0].replace(' ', '')} "
    return f" {hour % 12 + 12 * (found[3] == 'p')}:{found[2] or '00'} "
