"""What a subscription is to be about, out of what people say: kinds, topics, organisations. Pure.

The values of a filter go on until the next one is named: "topic large language models org google".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from bot.command import KINDS
from corpus.language import simplify
from corpus.pattern import pattern

KIND = {word: kind for kind, words in KINDS.items() for word in (kind, *words)}
FIELDS = {
    **dict.fromkeys(("kind", "kinds", "类型"), "kinds"),
    **dict.fromkeys(("topic", "topics", "about", "主题", "关于"), "topics"),
    **dict.fromkeys(("organisation", "organization", "org", "机构", "公司"), "organisations"),
    **dict.fromkeys(("organisations", "organizations", "orgs", "来自"), "organisations"),
    **dict.fromkeys(("from", "by"), "organisations"),
}
_LOOSE = {"from", "by"}  # which stand before days and times as well
_BEFORE = set("on at in every each the and".split())  # a day or a time: no end of a name
_ANY = {"any", "all", "everything", "全部", "不限", "所有", "任何"}
_NAMED = pattern(
    r"(?:^|(?<=[\s,，;；]))(kinds?|topics?|about|organi[sz]ations?|orgs?|from|by"
    r"|类型|類型|主题|主題|关于|關於|机构|機構|公司|来自|來自)"
    r"(?:\s*[:：=]\s+|\s+|[:：=](?=[\"“]))",
    re.IGNORECASE,
)
_QUOTED = pattern(r"""["“]([^"“”]*)["”]\s*(.*)""", re.DOTALL)
_AND = pattern(r"[,，、]|\s+and\s+|\s*[和与及]\s*")  # between kinds; a topic may have them in it


def plain(text: str) -> str:
    """A text as it is looked up: simplified, in small letters, with no wide ones."""
    return simplify(unicodedata.normalize("NFKC", text)).strip().lower()


def named(text: str, is_term: Callable[[str], bool]) -> tuple[str, Sequence[tuple[str, str]]]:
    """A text without the filters that are named in it, and those: (field, what was said of it).

    `is_term` knows words that can be no end of a topic.
    """
    found: list[re.Match[str]] = []
    for one in _NAMED.finditer(text):  # one right behind another is its value: "topic model"
        loose = plain(one[1]) in _LOOSE
        if loose and is_term(plain(text[one.end() :].partition(" ")[0])):
            continue
        if not found or text[found[-1].end() : one.start()].strip():
            found.append(one)
    if not found:
        return text, ()
    rest, filters = [text[: found[0].start()]], []
    ends = [*(one.start() for one in found[1:]), len(text)]
    for one, end in zip(found, ends, strict=True):
        field = FIELDS[plain(one[1])]
        value, more = _apart(field, text[one.end() : end].strip(" ,，;；"), is_term)
        rest.append(more)
        filters.append((field, value))
    return " ".join(rest), filters


def values(field: str, value: str) -> tuple[str, ...] | None:
    """The values of a filter; of all: none of them. None: nothing that there is."""
    if plain(value) in _ANY:
        return ()
    if field != "kinds":
        parts = [part.strip() for part in re.split("[,，、]", value) if part.strip()]
        return tuple(parts) or None
    parts = [part.strip() for part in _AND.split(plain(value)) if part.strip()]
    kinds = [KIND[part] for part in parts if part in KIND]
    return tuple(dict.fromkeys(kinds)) if len(kinds) == len(parts) > 0 else None


def _apart(field: str, value: str, is_term: Callable[[str], bool]) -> tuple[str, str]:
    """The value of a filter, and what is said behind it."""
    if quoted := _QUOTED.fullmatch(value):
        return quoted[1], quoted[2]
    words = value.split()
    if words and plain(words[0]) in _ANY:
        return words[0], " ".join(words[1:])
    end = len(words)
    if field == "kinds":
        end = next((at for at, word in enumerate(words) if not _is_kind(word)), end) or 1
    else:
        while end > 1 and (
            is_term(plain(words[end - 1])) or (end < len(words) and words[end - 1] in _BEFORE)
        ):
            end -= 1
    return " ".join(words[:end]), " ".join(words[end:])


def _is_kind(word: str) -> bool:
    """Whether a word is of kinds, or stands between two of them."""
    parts = (part.strip() for part in _AND.split(f" {plain(word)} "))
    return all(part in KIND for part in parts if part)
