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
from corpus.language import has_han, simplify
from corpus.pattern import pattern
from retrieval import numerals

WORDS = 4  # of a name such as "Ho Chi Minh City"
EASTERNMOST, WESTERNMOST = 14 * 60, -12 * 60  # minutes from UTC
_OFFSET = pattern(r"(?:utc|gmt)?([+-])(\d{1,2})(?::?([0-5]\d))?")
_DISTRICT = pattern(rf"([东西])(\d{{1,2}}|{numerals.CHINESE})区")
_POSIX = pattern(r"etc/gmt([+-])(\d{1,2})")  # whose sign is the other way round
_NO_PLACES = ("Factory", "localtime")


def zone(text: str) -> str | None:
    """The zone that a text names, None where it names none."""
    plain = _plain(text)
    if not plain:
        return None
    if found := _OFFSET.fullmatch(plain):
        return _offset(found[1], int(found[2]), int(found[3] or 0))
    plain = plain.removesuffix("时间").removesuffix("时区").removesuffix("time")
    if found := _DISTRICT.fullmatch(plain):
        hours = numerals.number(found[2])
        return None if hours is None else _offset("+" if found[1] == "东" else "-", hours, 0)
    if found := _POSIX.fullmatch(plain):
        return _offset("-" if found[1] == "+" else "+", int(found[2]), 0)
    return _named().get(plain)


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


def told(name: str, chinese: bool = False) -> str:
    """A zone in a word or two: its city, or UTC with the offset."""
    if name[0] in "+-":
        return f"UTC{name}"
    city = name.rpartition("/")[2].replace("_", " ")
    return _in_chinese().get(name, city) if chinese else city


@lru_cache(maxsize=1)
def _in_chinese() -> Mapping[str, str]:
    """The first Chinese name of each zone that has one, which is its best known city."""
    return {zone: said for said, zone in reversed(CITIES.items()) if has_han(said)}


def _offset(sign: str, hours: int, minutes: int) -> str | None:
    total = (hours * 60 + minutes) * (-1 if sign == "-" else 1)
    if not WESTERNMOST <= total <= EASTERNMOST:
        return None
    return f"{sign}{hours:02}:{minutes:02}" if total else "UTC"


@lru_cache(maxsize=1)
def _named() -> Mapping[str, str]:
    """Every zone by what people say, by its whole name, and by its last part; a last part of two
    zones is none.
    """
    found: dict[str, str] = {}
    names = sorted(name for name in zoneinfo.available_timezones() if name not in _NO_PLACES)
    for name in filter(_is_place, names):
        city = _plain(name.rpartition("/")[2])
        found[city] = "" if city in found else name
    whole = {_plain(name): name for name in names}
    said = {_plain(name): kept for name, kept in CITIES.items()}
    return {key: name for key, name in found.items() if name} | whole | said


def _is_place(name: str) -> bool:
    """Whether the last part of a name is a place: "West", of "Australia/West", is none, and those
    without a continent ("EST", "Japan") are old names.
    """
    return "/" in name and not name.startswith(("Etc/", "US/", "SystemV/", "posix/", "right/"))


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    """Small letters without accents, blanks and dots: "St. Petersburg" and "São Paulo" as typed."""
    text = simplify(unicodedata.normalize("NFKC", text)).casefold().replace("−", "-")
    parts = unicodedata.normalize("NFD", text.translate(_LEFT_OUT))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


_LEFT_OUT = {ord(letter): None for letter in " \t\n\u00a0_.'’,"}
