"""Which language a text is in; Simplified to Traditional and back. Only this module knows OpenCC.

OpenCC costs 15 ms to import, and 90 ms for its dictionaries of words. So it is loaded only for text
that needs converting: `han.txt` lists the characters that t2s would change (a test holds the list
against OpenCC), and sentences that were made Traditional before can be handed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from corpus.pattern import pattern

Script = Literal["en", "zh-Hans", "zh-Hant"]

_HAN = pattern(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LATIN = pattern(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
# Looked for from the beginning of a word on only: in one of 40,000 letters it took ten seconds.
_ADDRESS = pattern(r"(?<!\S)\S[^\s./:]*[./:]\S+")
# With one of these the sentence around a Chinese name is an English one.
_ENGLISH = frozenset(
    (
        "a about an and any anything are by can did do does for from give has have how i in is it"
        " know me my of on or published show tell that the their there they to was what when where"
        " which who why with written you"
    ).split()
)

# Where s2twp takes the other sense of a word: 参数 as a call's argument, 扩展 as an add-on …
_SENSES = {
    "引數": "參數",
    "擴充套件": "擴展",
    "運算元": "算子",
    "啟用函式": "激活函數",
    "啟用值": "激活值",
    "分割槽": "分區",
    "點選": "點擊",
    "區域性": "局部",
    "連線層": "連接層",
    "運算子過載": "運算子多載",
    "迴圈神經": "循環神經",
    "迴圈語言": "循環語言",
    "整合模型": "集成模型",
    "阿里云": "阿里雲",
}
_SENSE = pattern("|".join(_SENSES))
_HALF = pattern("[\ud800-\udfff]")  # of a character: OpenCC takes whole ones only
_SENTENCE = pattern("[^。！？]+[。！？]*|[。！？]+")
_made: Mapping[str, str] = {}  # sentences made Traditional before


def detect(text: str) -> Script:
    """The language to answer a text in: Chinese where Han carries the sentence, else English."""
    han = 0 if text.isascii() else len(_HAN.findall(text))
    if not han:
        return "en"
    words = [word.lower() for word in _LATIN.findall(text)]
    if han < 2 * len(words) and not _ENGLISH.isdisjoint(words):
        return "en"
    return "zh-Hant" if is_traditional(text) else "zh-Hans"


def is_bare(text: str) -> bool:
    """Whether a text tells no language: a name or two, an acronym, an address, a number."""
    if has_han(text):
        return False
    words = [word.lower() for word in _LATIN.findall(_ADDRESS.sub(" ", text))]
    return len(words) <= 2 and _ENGLISH.isdisjoint(words)


def has_han(text: str) -> bool:
    """Whether a Chinese character stands in the text."""
    return not text.isascii() and _HAN.search(text) is not None


def is_traditional(text: str) -> bool:
    """Whether a text is in Traditional characters; text common to both counts as Simplified."""
    traditional, simplified = _characters()
    if traditional.isdisjoint(text):
        return False
    letters = set(text)
    old, new = letters & traditional, letters & simplified
    return bool(old) and len(old) >= len(new)  # 台 and 里 are written in both: a tie is Traditional


def is_common(text: str) -> bool:
    """Whether a text is written alike in Simplified and in Traditional."""
    traditional, simplified = _characters()
    return traditional.isdisjoint(text) and simplified.isdisjoint(text)


def simplify(text: str) -> str:
    """Traditional characters to Simplified (OpenCC t2s), character by character where it can."""
    if text.isascii() or _characters()[0].isdisjoint(text):
        return text
    return str(_converter("t2s").convert(_HALF.sub("\ufffd", text)))


def to_traditional(text: str) -> str:
    """Simplified to Traditional with the words used in Taiwan (OpenCC s2twp).

    Sentence by sentence: no word goes beyond one.
    """
    if not has_han(text):
        return text
    return "".join(_made.get(part) or _traditional(part) for part in _SENTENCE.findall(text))


def made_traditional(texts: Iterable[str]) -> dict[str, str]:
    """The sentences of some texts, each with what it is in Traditional, to `remember`."""
    parts = {part for text in texts for part in _SENTENCE.findall(text) if has_han(part)}
    return {part: _traditional(part) for part in parts}


def remember(made: Mapping[str, str]) -> None:
    """Take over sentences that were made Traditional before: a start is spared OpenCC's words."""
    global _made
    _made = made


def _traditional(text: str) -> str:
    converted = str(_converter("s2twp").convert(_HALF.sub("\ufffd", text)))
    return _SENSE.sub(lambda word: _SENSES[word[0]], converted)


@cache
def _characters() -> tuple[frozenset[str], frozenset[str]]:
    traditional, simplified = (
        Path(__file__).with_name("han.txt").read_text(encoding="utf-8").splitlines()
    )
    return frozenset(traditional), frozenset(simplified)


@cache
def _converter(name: str):  # type: ignore[no-untyped-def]  # OpenCC has no type information
    import opencc

    return opencc.OpenCC(name)
