"""What Telegram finds in a text by itself: commands, mentions, addresses.

Offsets and lengths count UTF-16 code units, as everywhere in the Bot API.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlsplit

Entity = dict[str, Any]

TEXT_LIMIT = 4096
ENTITY_LIMIT = 100

# A path ends at white space and at these only: a Chinese word behind an address becomes part of it.
_PATH = r"[/?#][^\s\u2000-\u200b\u200e\u200f\u2016-\u206f<>«»\"]*"
_TLD = "com|org|net|io|ai|cn|dev|edu|gov|me|tw|de|uk|jp|fr|info|app|xyz|co"
_URL = re.compile(
    rf"(?<![\w@./-])(?:https?://[\w.-]+(?::\d+)?(?:{_PATH})?"
    rf"|(?:[a-z0-9-]+\.)+(?:{_TLD})(?![\w-])(?::\d+)?(?:{_PATH})?)",
    re.IGNORECASE,
)
_FOUND = (
    ("url", _URL),
    ("email", re.compile(r"(?<![\w.+-])[a-z0-9._%+-]+@(?:[a-z0-9-]+\.)+[a-z]{2,}", re.IGNORECASE)),
    ("mention", re.compile(r"(?<!\w)@[a-zA-Z0-9_]{3,32}(?!\w)")),
    (
        "bot_command",
        re.compile(r"(?<![\w/<>])/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?(?![\w/<>])"),
    ),
    ("hashtag", re.compile(r"(?<![\w#])#(?!\d+\b)\w{1,256}")),
)
_MAYBE = re.compile(r"[@/#.]")


def units(text: str) -> int:
    """The length of a text in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, entity: Entity) -> str:
    """The part of a text that an entity covers."""
    wide = text.encode("utf-16-le")
    start = 2 * entity["offset"]
    return wide[start : start + 2 * entity["length"]].decode("utf-16-le")


def detect(text: str) -> list[Entity]:
    """The entities that Telegram marks in a plain text, in order."""
    if not _MAYBE.search(text):
        return []
    spans: list[tuple[int, int, str]] = []
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            start, end = match.start(), match.end()
            if kind == "url":
                end = start + len(_without_tail(match.group()))
            if end > start and all(end <= a or start >= b for a, b, _ in spans):
                spans.append((start, end, kind))
    return [
        {"type": kind, "offset": units(text[:start]), "length": units(text[start:end])}
        for start, end, kind in sorted(spans)
    ]


def _without_tail(url: str) -> str:
    """An address without the punctuation of the sentence around it."""
    while url and (url[-1] in ".:;,('?!`" or (url[-1] == ")" and url.count(")") > url.count("("))):
        url = url[:-1]
    return url


def checked_link(url: str) -> str | None:
    """An address as Telegram keeps it, or nothing where it drops the link."""
    url = url.strip()
    if re.match(r"(tg|ton|tonsite)://", url, re.IGNORECASE):
        return url
    if not re.match(r"https?://", url, re.IGNORECASE):
        url = f"http://{url}"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if not re.fullmatch(r"[\w-]+(\.[\w-]+)+\.?|\[?[0-9a-f:]+:[0-9a-f:.]+\]?", host):
        return None
    if port == 0 or "@" in parts.netloc.rpartition("@")[0]:
        return None
    rest = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    rest += f"#{parts.fragment}" if parts.fragment else ""
    head = parts.netloc.replace(
        parts.netloc.rpartition("@")[2], parts.netloc.rpartition("@")[2].lower()
    )
    return f"{parts.scheme}://{head}{quote(rest, safe=_KEPT)}"


_KEPT = "".join(chr(c) for c in range(0x21, 0x7F) if chr(c) not in '"<>\\^`{|}')


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """A text without white space around it; its entities moved, and cut where they end in it."""
    clean = text.replace("\r", "").rstrip()
    lead = units(clean) - units(clean.lstrip())
    clean = clean.lstrip()
    length = units(clean)
    kept = []
    for entity in entities:
        start = max(0, entity["offset"] - lead)
        end = min(length, entity["offset"] + entity["length"] - lead)
        if end > start and cut(clean, {"offset": start, "length": end - start}).strip():
            kept.append(entity | {"offset": start, "length": end - start})
    return clean, kept
