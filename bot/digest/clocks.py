"""The time of a day as people say it, in both languages. Pure."""

from __future__ import annotations

import re

from bot.digest import numerals
from corpus.pattern import pattern

_PERIOD = "(凌晨|清晨|早上|早晨|早|上午|中午|午后|下午|傍晚|晚上|晚间|晚|夜里|半夜)"
_CHINESE = pattern(
    rf"{_PERIOD}?(\d{{1,2}}|{numerals.CHINESE}|零)[点时](?:(半)|([一三])刻|(\d{{1,2}}|{numerals.CHINESE})分?|整)?"
)
_DIGITS = pattern(rf"{_PERIOD}(\d{{1,2}})[:：]([0-5]\d)")
_TWELVE = pattern(r"\b(\d{1,2})(?:[:.]([0-5]\d))?\s*([ap])\.?\s?m\b\.?")
_TIME = pattern(r"(\d{1,2})(?:[:.h]([0-5]\d)?)?|([01]\d|2[0-3])([0-5]\d)")
_NAMED = {"noon": 720, "midday": 720, "中午": 720, "正午": 720, "midnight": 0, "午夜": 0}
_AFTERNOON = ("午后", "下午", "傍晚", "晚上", "晚间", "晚", "夜里")
# Twelve of these is the next day's, so it is nobody's guess.
_NIGHT = ("晚上", "晚间", "晚", "夜里", "半夜")


def spread(text: str) -> str:
    """A text with each time that stands without blanks, or in two words, as 9:30 by itself."""
    text = _CHINESE.sub(_chinese, text)
    text = _DIGITS.sub(lambda found: _told(found[0], found[1], int(found[2]), int(found[3])), text)
    return _TWELVE.sub(_twelve, text)


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


def _told(said: str, period: str, hour: int, minutes: int) -> str:
    """A time with its part of the day; as it was said where that is no time."""
    if hour > 23 or minutes > 59 or (period in _NIGHT and hour == 12):
        return f" {said.replace(':', '点')} "
    if hour < 12 and (period in _AFTERNOON or (period == "中午" and hour < 3)):
        hour += 12
    elif hour == 12 and period in ("凌晨", "清晨"):
        hour = 0
    return f" {hour}:{minutes:02} "


def _twelve(found: re.Match[str]) -> str:
    hour = int(found[1])
    if not 1 <= hour <= 12:
        return f" {found[0].replace(' ', '')} "
    return f" {hour % 12 + 12 * (found[3] == 'p')}:{found[2] or '00'} "
