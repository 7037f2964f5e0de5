"""Small numbers as people write them: digits, Chinese numerals, English words. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.pattern import pattern

CHINESE = "[一二两三四五六七八九十]{1,3}"  # as a part of a pattern
ENGLISH = "one two three four five six seven eight nine ten eleven twelve".split()  # from 1 on
TENS: Mapping[str, int] = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
_DIGITS = {"两": 2} | {digit: number for number, digit in enumerate("一二三四五六七八九", 1)}
_WORDS: Mapping[str, int] = {word: number for number, word in enumerate(ENGLISH, 1)} | {
    "a": 1, "an": 1, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "eighteen": 18,
    "twenty": 20, "thirty": 30, "sixty": 60, "ninety": 90, "a couple of": 2, "couple of": 2,
}  # fmt: skip
_TENS = pattern("([二三四五六七八九]?)十([一二三四五六七八九]?)")


def number(text: str) -> int | None:
    """The number that a text is, up to 999; None where it is none."""
    if text.isascii() and text.isdecimal():
        return int(text) if len(text) <= 3 else None
    if found := _TENS.fullmatch(text):
        return _DIGITS.get(found[1], 1) * 10 + _DIGITS.get(found[2], 0)
    return _DIGITS.get(text, _WORDS.get(text))
