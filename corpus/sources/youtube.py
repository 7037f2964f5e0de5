"""YouTube: title and channel, out of oEmbed or a video's page. What is said in it is not read."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlsplit

from corpus import html
from corpus.charset import decode
from corpus.model import Extract, Page

_HOSTS = ("www.youtube.com", "youtube.com", "m.youtube.com", "youtu.be")
_UNHEARD = "a video: what is said in it was not read"


def companion(url: str) -> str | None:
    """Where oEmbed tells about the video of an address."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return None
    if host not in _HOSTS:
        return None
    return f"https://www.youtube.com/oembed?format=json&url={quote(url, safe='')}"


def reads(page: Page) -> bool:
    """Whether a page is oEmbed's answer, or a video's page."""
    if "json" in page.type:
        return b'"provider_name"' in page.body and b"YouTube" in page.body
    return "html" in page.type and b'content="YouTube"' in page.body


def extract(page: Page) -> Extract:
    """Title, channel, and the description where the page has it."""
    text = decode(page.body, page.charset)
    if "json" in page.type:
        return _of_json(text)
    tree = html.tree(text)
    if tree is None:
        return Extract(problems=("the page is empty",))
    return Extract(
        title=html.meta(tree, "og:title"),
        abstract=html.meta(tree, "og:description"),
        authors=tuple(filter(None, [html.meta(tree, "author")])),
        published=html.meta(tree, "datePublished")[:10],
        problems=(_UNHEARD,),
    )


def _of_json(text: str) -> Extract:
    try:
        told: Any = json.loads(text)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict) or not isinstance(told.get("title"), str):
        return Extract(problems=("YouTube knows no such video",))
    author = told.get("author_name")
    return Extract(
        title=html.line(told["title"]),
        authors=(html.line(author),) if isinstance(author, str) else (),
        problems=(_UNHEARD,),
    )
