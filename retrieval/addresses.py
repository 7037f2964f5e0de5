"""Addresses as they are typed and pasted, made comparable: one canonical form for each page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from corpus.pattern import Rare, pattern

_HAN = r"\u4e00-\u9fff"
# Chinese ends an address, for no blank stands before the words after it; but not inside a path.
_LETTER = rf"(?:[^\s<>\"'`|“”‘’…\u3000-\u303f{_HAN}\uff00-\uffef]|[{_HAN}]+(?=/))"
_DOMAINS = "com|org|net|edu|gov|cn|hk|io|ai|be|fr|ch|cc|me"
_BARE = rf"(?<![\w@./-])(?:[a-z\d-]+\.)+(?:{_DOMAINS})/"
_URL = Rare(("/", "."), rf"(?:https?://|www\.|{_BARE}){_LETTER}+", re.IGNORECASE)
_ARXIV = Rare(".", r"(?<!\d)(?<!\d\.)(\d\d(?:0[1-9]|1[0-2])\.\d{4,5})(?:v\d+)?(?!\d|\.\d)")
_VIDEO = pattern(r"(?:youtu\.be/|[?&]v=|/(?:embed|live|shorts|v)/)([\w-]{11})(?![\w-])")
# What lies below a repository or a question is of it.
_DEEPER = pattern(r"github\.com/[\w.-]+/[\w.-]+|zhihu\.com/question/\d+", re.IGNORECASE)
_TRAILING = ".,;:!?*_~"
_BRACKETS = {")": "(", "]": "[", "}": "{"}


def found_in(text: str) -> Iterator[tuple[str, int, int]]:
    """(canonical address, start, end) of every link, and of every arXiv number outside links."""
    end = 0
    for match in _URL.finditer(text):
        typed = _ended(match[0])
        address = canonical(typed)
        if "." in address or ":" in address:
            yield from _arxiv(text, end, match.start())
            end = match.start() + len(typed)
            yield address, match.start(), end
    yield from _arxiv(text, end, len(text))


def _ended(address: str) -> str:
    """An address without the punctuation of the sentence around it."""
    while address and (
        address[-1] in _TRAILING
        or address.count(address[-1]) > address.count(_BRACKETS.get(address[-1], address[-1]))
    ):
        address = address[:-1]
    return address


def canonical(url: str) -> str:
    """One spelling of an address: no scheme, www, fragment or closing slash; arXiv by number."""
    address = _bare(url)
    while address != (barer := _bare(address)):  # escaped twice, or a scheme before a scheme
        address = barer
    if address.startswith("youtube:"):  # canonical already: a film's letters keep their case
        return address
    host, slash, path = address.partition("/")
    host = host.lower()
    if _holds_arxiv(host, path) and (match := _ARXIV.search(path)):
        return f"arxiv:{match[1]}"
    if "youtu" in host and (match := _VIDEO.search(f"{host}/{path}")):
        return f"youtube:{match[1]}"
    if match := _DEEPER.match(host + slash + path):
        return match[0].lower()
    return host + slash + path


def _holds_arxiv(host: str, path: str) -> bool:
    """Whether an address leads to an arXiv paper: there, by its DOI, or on a reader for them."""
    named = "xiv" in host or "arxiv" in path.lower()
    return named or (host.endswith("huggingface.co") and path.startswith("papers/"))


def _bare(address: str) -> str:
    address = unquote(address.replace("&amp;", "&")).partition("#")[0].strip()
    address = re.sub(r"^(?:https?://)?(?:www\.)?", "", address, flags=re.IGNORECASE)
    return address.rstrip("/")


def _arxiv(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    for match in _ARXIV.finditer(text, start, end):
        yield f"arxiv:{match[1]}", match.start(), match.end()
