"""Addresses as they are typed and pasted, made comparable: one canonical form for each page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'，。；、）】」]+", re.IGNORECASE)
_ARXIV = re.compile(r"(?<![\d.])(\d{4}\.\d{4,5})(?:v\d+)?(?![\d.])")
_TRAILING = ".,;:!?)]}>*_~"


def found_in(text: str) -> Iterator[tuple[str, int, int]]:
    """(canonical address, start, end) of every link, and of every arXiv number outside links."""
    end = 0
    for match in _URL.finditer(text):
        yield from _arxiv(text, end, match.start())
        address = match[0]
        while address[-1] in _TRAILING and not (address[-1] == ")" and "(" in address):
            address = address[:-1]
        end = match.start() + len(address)
        yield canonical(address), match.start(), end
    yield from _arxiv(text, end, len(text))


def canonical(url: str) -> str:
    """One spelling of an address: no scheme, www, fragment or closing slash; arXiv by number."""
    address = unquote(url.replace("&amp;", "&"))
    address = re.sub(r"^(?:https?://)?(?:www\.)?", "", address.strip(), flags=re.IGNORECASE)
    host, _, path = address.partition("/")
    path, _, _ = path.partition("#")
    if host.lower().endswith("arxiv.org") and (match := _ARXIV.search(path)):
        return f"arxiv:{match[1]}"
    video = re.search(r"(?:youtu\.be/|[?&]v=)([\w-]{11})", f"{host}/{path}")
    if video and "youtu" in host.lower():
        return f"youtube:{video[1]}"
    return f"{host.lower()}/{path}".rstrip("/")


def _arxiv(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    for match in _ARXIV.finditer(text, start, end):
        yield f"arxiv:{match[1]}", match.start(), match.end()
