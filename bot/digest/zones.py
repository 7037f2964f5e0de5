"""Time zones by what people type: a zone's name, an offset, a city in either language. Pure.

A zone is kept as its IANA name, or as an offset such as "+05:30".
"""

from __future__ import annotations

import unicodedata
import zoneinfo
from collections.abc import Mapping, Sequence
from datetime import timedelta, timezone, tzinfo
from functools import lru_cache

from bot.digest.cities import CITIES
from corpus.language import simplify
from corpus.pattern import pattern

WORDS = 3  # of a name such as "Ho Chi Minh"
EASTERNMOST, WESTERNMOST = 14 * 60, -12 * 60  # minutes from UTC
_OFFSET = pattern(r"(?:utc|gmt)?([+-])(\d{1,2})(?::?([0-5]\d))?")
_DISTRICT = pattern("([东西])(十[一二]?|[一二三四五六七八九])区")
_DIGITS = {digit: number for number, digit in enumerate("一二三四五六七八九十", 1)} | {
    "十一": 11,
    "十二": 12,
}


def zone(text: str) -> str | None:
    """The zone that a text names, None where it names none."""
    plain = _plain(text)
    if not plain:
        return None
    if found := _OFFSET.fullmatch(plain):
        return _offset(found[1], int(found[2]), int(found[3] or 0))
    plain = plain.removesuffix("时间").removesuffix("时区").removesuffix("time")
    if found := _DISTRICT.fullmatch(plain):
        return _offset("+" if found[1] == "东" else "-", _DIGITS[found[2]], 0)
    return CITIES.get(plain) or _named().get(plain)


def leading(words: Sequence[str]) -> tuple[str, int] | None:
    """The zone that the first words name, and how many words that takes: the longest name wins."""
    for count in range(min(WORDS, len(words)), 0, -1):
        if found := zone(" ".join(words[:count])):
            return found, count
    return None


@lru_cache(maxsize=1024)
def of(name: str) -> tzinfo:
    """The rules of a zone that is kept."""
    if name[0] in "+-":
        hours, minutes = int(name[1:3]), int(name[4:6])
        offset = timedelta(hours=hours, minutes=minutes)
        return timezone(-offset if name[0] == "-" else offset, f"UTC{name}")
    return zoneinfo.ZoneInfo(name)


def told(name: str) -> str:
    """A zone in a word or two: its city, or UTC with the offset."""
    if name[0] in "+-":
        return f"UTC{name}"
    return name.rpartition("/")[2].replace("_", " ")


def _offset(sign: str, hours: int, minutes: int) -> str | None:
    total = (hours * 60 + minutes) * (-1 if sign == "-" else 1)
    if not WESTERNMOST <= total <= EASTERNMOST:
        return None
    return f"{sign}{hours:02}:{minutes:02}" if total else "UTC"


@lru_cache(maxsize=1)
def _named() -> Mapping[str, str]:
    """Every zone by its whole name and by its last part; a name of two zones is none."""
    found: dict[str, str] = {}
    # Those without a continent ("EST", "Japan") are old names, and "Etc/GMT+8" means eight west.
    names = sorted(name for name in zoneinfo.available_timezones() if _is_place(name))
    for name in names:
        city = _plain(name.rpartition("/")[2])
        found[city] = "" if city in found else name
    return {key: name for key, name in found.items() if name} | {
        _plain(name): name for name in names
    }


def _is_place(name: str) -> bool:
    return "/" in name and not name.startswith(("Etc/", "US/", "SystemV/", "posix/", "right/"))


def _plain(text: str) -> str:
    text = simplify(unicodedata.normalize("NFKC", text)).casefold().replace("−", "-")
    return "".join(text.replace("_", " ").split())
