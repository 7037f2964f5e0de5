"""Text as Telegram shows it: pieces that are plain, bold or a link. From the same pieces come the
HTML, the plain text that replaces it where Telegram cannot read it, and the length. Pure.

Telegram counts UTF-16 code units, and of those only what is seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from html import escape
from typing import NamedTuple

from bot.model import Marked

# Controls, halves of surrogates, and marks that turn the direction of what follows them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)
_LINK = re.compile(r"https?://[^\s<>\"\\^`{|}]+", re.IGNORECASE)
_SENTENCE = re.compile(r"[。！？!?；]|\.(?=\s)")


class Piece(NamedTuple):
    """A stretch of text, perhaps bold, perhaps a link. An answer has a hundred."""

    text: str
    url: str = ""
    bold: bool = False


Line = tuple[Piece, ...]


def clean(text: str) -> str:
    """A text without what Telegram refuses or hides."""
    return text if text.isprintable() else _UNSEEN.sub("", text.replace("\t", " "))


def units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def length(pieces: Iterable[Piece]) -> int:
    """How much is seen of pieces."""
    return units("".join([piece.text for piece in pieces]))


def plain(text: str) -> Line:
    """A text as it is."""
    return (Piece(clean(text)),) if text else ()


def bold(text: str) -> Line:
    """A text in bold."""
    return (Piece(clean(text), bold=True),)


def link(text: str, url: str, bold: bool = False) -> Line:
    """A text that leads somewhere; only as text where the address is none of the web."""
    return (Piece(clean(text), address(url), bold),)


def marked(text: Marked, most: int = 20) -> Line:
    """A text with what the question named in bold; the first stretches, for Telegram has limits."""
    whole, found, at = text.text, list[Piece](), 0
    for start, end in text.spans[:most]:
        if at <= start < end:
            if at < start:
                found.append(Piece(clean(whole[at:start])))
            found.append(Piece(clean(whole[start:end]), "", True))
            at = end
    found.append(Piece(clean(whole[at:])))
    return tuple([piece for piece in found if piece.text])


@lru_cache(maxsize=1024)
def address(url: str) -> str:
    """An address that Telegram takes for a link; empty where it is none."""
    ready = url.strip().replace("|", "%7C").replace("\\", "%5C")
    return ready if _LINK.fullmatch(ready) else ""


def joined(lines: Iterable[Line], between: str) -> Line:
    """Lines one after the other, those with nothing in them left out."""
    found: list[Piece] = []
    for line in lines:
        if line and (line[0].text or seen(line)):
            if found:
                found.append(Piece(between))
            found += line
    return tuple(found)


def html(pieces: Sequence[Piece]) -> str:
    """Pieces as Telegram's HTML."""
    found = []
    for text, url, bold in pieces:
        shown = _linked(text, url) if url else escape(text, quote=False)
        found.append(f"<b>{shown}</b>" if bold else shown)
    return "".join(found)


def words(pieces: Sequence[Piece]) -> str:
    """Pieces as plain text, an address behind its words."""
    return "".join([f"{text} ({url})" if url else text for text, url, _ in pieces])


def seen(pieces: Sequence[Piece]) -> str:
    """What is seen of pieces."""
    return "".join([piece.text for piece in pieces])


def clipped(pieces: Line, most: int) -> Line:
    """Pieces cut to a length: after a sentence, else after a word, with an ellipsis."""
    if length(pieces) <= most:
        return pieces
    if most <= 1:
        return ()
    text = seen(pieces)
    kept = _cut(text, most)
    ends = [found.end() for found in _SENTENCE.finditer(kept)]
    if ends and units(kept[: ends[-1]]) >= most // 2:
        return tuple(_first(pieces, ends[-1]))
    kept = _cut(text, most - 1)
    if not text[len(kept) : len(kept) + 1].isspace() and kept[-1:].isascii():
        blank = kept.rfind(" ")
        kept = kept[:blank] if units(kept[: max(blank, 0)]) >= most // 2 else kept
    return (*_first(pieces, len(kept.rstrip())), Piece("…"))


def _cut(text: str, most: int) -> str:
    """The first units of a text, no character halved."""
    if text.isascii():
        return text[:most]
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore")


def _first(pieces: Line, characters: int) -> Iterator[Piece]:
    for piece in pieces:
        if characters <= 0:
            return
        text, url, bold = piece
        yield Piece(text[:characters], url, bold)
        characters -= len(text)


@lru_cache(maxsize=1024)
def _linked(text: str, url: str) -> str:
    return f'<a href="{escape(url)}">{escape(text, quote=False)}</a>'
