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
_ARXIV = Rare(
    ".",
    r"(?:(?<![a-z])arxiv(?:\s*(?:id|number|编?号))?[\s:：#]*)?"  # as it is cited
    r"(?<!\d)(?<!\d\.)(\d\d(?:0[1-9]|1[0-2])\.\d{4,5})(?:v\d+)?(?!\d|\.\d)",
    re.IGNORECASE,
)
_VIDEO = pattern(r"(?:youtu\.be/|[?&]v=|/(?:embed|live|shorts|v)/)([\w-]{11})(?![\w-])")
# What lies below a repository or a question is of it.
_DEEPER = pattern(
    r"github\.com/[\w.-]+/[\w-]+(?:\.(?!git\b)[\w-]+)*|zhihu\.com/question/\d+"
    r"|book\.douban\.com/subject/\d+",
    re.IGNORECASE,
)
_KEPT = pattern(r"web\.archive\.org/web/[\w*]+/(?=.*\.)", re.IGNORECASE)
_PLAYLIST = pattern(r"[?&]list=([\w-]{12,})")
# What shares and advertisements add to an address; WeChat's own page needs only its four.
_ADDED = pattern(
    r"(?:utm_\w+|spm|from|source|share\w*|ref|fbclid|gclid|chksm|scene|src|srcid|session\w*"
    r"|isappinstalled|timestamp|subscene|clicktime|enterid|ascene|devicetype|version|lang"
    r"|nettype|exportkey|pass_ticket|wx_header|context|via|mpshare|sharer\w*)=[^&]*",
    re.IGNORECASE,
)
_SLUG = pattern(r"[a-z]{3,}", re.IGNORECASE)
# Words of addresses that tell how a site is built, not what a page is about.
_PLUMBING = frozenset(
    "www com org net html htm php aspx pdf abs article articles news blog blogs post posts page"
    " pages index detail details view item items tag tags category archive archives watch video"
    " presentation presentations media file files static assets content publication publications"
    " paper papers doc docs tree blob main master wiki http https".split()
)
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
    while kept := _KEPT.match(address):  # a copy in an archive is of its original
        address = _bare(address[kept.end() :])
    host, slash, path = address.partition("/")
    host = host.lower()
    if _holds_arxiv(host, path) and (match := _ARXIV.search(path)):
        return f"arxiv:{match[1]}"
    if "youtu" in host and (match := _VIDEO.search(f"{host}/{path}")):
        return f"youtube:{match[1]}"
    if "youtu" in host and (match := _PLAYLIST.search(path)):
        return f"youtube:{match[1]}"
    if match := _DEEPER.match(host + slash + path):
        return match[0].lower()
    return host + slash + path


def _holds_arxiv(host: str, path: str) -> bool:
    """Whether an address leads to an arXiv paper: there, by its DOI, or on a reader for them."""
    named = "xiv" in host or "ar5iv" in host or "arxiv" in path.lower()
    return named or (host.endswith("huggingface.co") and path.startswith("papers/"))


def playlist(url: str) -> str | None:
    """The canonical address of the playlist that a film is watched in."""
    match = _PLAYLIST.search(url) if "youtu" in url else None
    return f"youtube:{match[1]}" if match else None


def words(address: str) -> str:
    """What a canonical address says of its page: the words of its path."""
    _, _, path = address.partition("/")
    spoken = (word.lower() for word in _SLUG.findall(path))
    return " ".join(dict.fromkeys(word for word in spoken if word not in _PLUMBING))


def _without_tracks(address: str) -> str:
    """An address whose query names only what the page needs, in one order."""
    page, mark, asked = address.partition("?")
    if not mark:
        return address
    parts = (part for part in asked.split("&") if part and not _ADDED.fullmatch(part))
    kept = sorted(parts, key=lambda part: (part.lower(), part))  # a host is written small later
    return f"{page.rstrip('/')}?{'&'.join(kept)}" if kept else page.rstrip("/")


def _bare(address: str) -> str:
    address = unquote(address.replace("&amp;", "&")).partition("#")[0].strip()
    address = re.sub(r"^(?:https?://)?(?:www\.)?", "", address, flags=re.IGNORECASE)
    return _without_tracks(address.rstrip("/"))


def _arxiv(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    for match in _ARXIV.finditer(text, start, end):
        yield f"arxiv:{match[1]}", match.start(), match.end()
