"""Slack's markup, written and read. Pure.

Written: only & < > have a meaning that must be taken from them, so no text of ours, of a page or of
a question can ring. Read: what people typed, without what Slack put around it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import quote

from corpus.pattern import pattern

_TOKEN = pattern(r"<([^<>]*)>")
# A channel as we write it; Slack shows its name.
_OURS = pattern(r"\bslack:\w+:([CG][A-Z0-9]{8,})\b")
_BLANKS = pattern(r"[ \t\u00a0]+")
_UNSEEN = pattern(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\u202a-\u202e\u2066-\u2069]"
)
_UNSAFE = pattern(r"[\s<>|\"`]")
SEPARATE = "\u200b"  # Slack shows * as bold only at the edge of a word, which Chinese has not


def clean(text: str) -> str:
    """Without controls, halves of characters, and marks that turn the direction of writing."""
    return text if text.isprintable() else _UNSEEN.sub("", text)


def escape(text: str) -> str:
    """A text that is nothing but text to Slack."""
    text = clean(text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _OURS.sub(r"<#\1>", text) if "slack:" in text else text


def address(url: str) -> str:
    """An address that ends where it ends: with no bar, bracket or blank in it."""
    url = _UNSAFE.sub(lambda letter: quote(letter[0]), clean(url).strip())
    return url.replace("&", "&amp;")


@lru_cache(maxsize=1024)  # the same in every answer that has the entry
def link(url: str, label: str) -> str:
    """A link; the label alone where there is no address of the web."""
    if not url.startswith(("http://", "https://")):
        return escape(label)
    words = escape(" ".join(label.split()))
    return f"<{address(url)}|{words}>" if words else f"<{address(url)}>"


def bold(text: str) -> str:
    """A whole line in bold."""
    told = escape(" ".join(text.split()))
    return f"*{told}*" if told and "*" not in told else told


def marked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """A text with stretches of it in bold."""
    if "*" in text:  # it would be taken for an end of ours
        return escape(text)
    tell = str if escape(text) == text else escape  # most often no part needs a look of its own
    parts, at = [], 0
    for start, end in spans:
        part = text[start:end]
        if start < at or not part.strip() or "\n" in part:
            continue
        before = SEPARATE if start and _is_word(text[start - 1]) else ""
        after = SEPARATE if _is_word(text[end : end + 1]) else ""
        parts += [tell(text[at:start]), before, f"*{tell(part)}*", after]
        at = end
    return "".join([*parts, tell(text[at:])])


def _is_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


def cut(text: str, most: int) -> str:
    """A text of so many characters at the most, cut between lines or words, never in an entity."""
    if len(text) <= most:
        return text
    head = text[: most - 1]
    for end in ("\n", " "):
        place = head.rfind(end)
        if place > most * 0.6:
            head = head[:place]
            break
    head = re.sub(r"&\w{0,3}$|<[^<>]*$", "", head)
    return head.rstrip() + "…"


def read(text: str, us: str) -> str:
    """What somebody said, as plain text: addresses bare, names of people and our own left out."""
    text = _TOKEN.sub(lambda token: _read(token[1], us), text)
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(lines).strip()


def unnamed(text: str, us: str) -> str:
    """A text of Slack's without our own name."""
    ours = f"@{us}"
    return _TOKEN.sub(lambda token: " " if token[1].partition("|")[0] == ours else token[0], text)


def _read(inner: str, us: str) -> str:
    target, bar, label = inner.partition("|")
    if target == f"@{us}":
        return " "
    if target.startswith("@"):
        return f"@{label}" if label else " "
    if target.startswith("#"):
        return f"#{label}" if label else " "
    if target.startswith("!"):
        return label if target.startswith("!date") else " "
    target = target.removeprefix("mailto:").removeprefix("tel:")
    if not bar or label in target or "://" in label:
        return target
    return f"{label} {target}"


def mentions(text: str) -> set[str]:
    """Whom a text mentions: user ids; "!" where it rings for a group or for all."""
    found = {token.partition("|")[0] for token in _TOKEN.findall(text)}
    users = {token[1:] for token in found if token.startswith("@")}
    loud = any(token.startswith("!") and not token.startswith("!date") for token in found)
    return users | ({"!"} if loud else set())
