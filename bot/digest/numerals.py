"""Small numbers as people write them: digits, Chinese numerals, English words. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.pattern import pattern

CHINESE = "[一二两三四五六七八九十]{1,3}"  # as a part of a pattern
_DIGITS = {"两": 2} | {digit: number for number, digit in enumerate("一二三四五六七八九", 1)}
_WORDS: Mapping[str, int] = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "eighteen": 18, "twenty": 20, "thirty": 30, "sixty": 60,
    "ninety": 90, "a couple of": 2, "couple of": 2,
}  # fmt: skip
_TENS = pattern("([二三四五六七八九]?)十([一二三四五六七八九]?)")


def number(text: str) -> int | None:
    """The number that a text is, up to 999; None where it is none."""
    if text.isascii() and text.isdecimal():
        return int(text) if len(text) <= 3 else None
    if found := _TENS.fullmatch(text):
        return _DIGITS.get(found[1], 1) * 10 + _DIGITS.get(found[2], 0)
    return _DIGITS.get(text, _WORDS.get(text))
