"""GitHub repositories: description and README, out of the API's JSON or the repository's page."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import Any

from lxml.html import HtmlElement

from corpus import html
from corpus.charset import decode
from corpus.model import Extract, Page, Part

_TITLE = re.compile(r"^GitHub - ([^:]+)(?:: .*)?$", re.DOTALL)
_RICH = re.compile(r'"richText"\s*:\s*("(?:[^"\\]|\\.)*")')
_TAIL = re.compile(r"\s*(?:-|\.|·) ?(?:[\w.-]+/[\w.-]+|Contribute to [\w.-]+/[\w.-]+.*)$")


def reads(page: Page) -> bool:
    """Whether a page tells of a repository."""
    if "json" in page.type:
        return b'"full_name"' in page.body and b'"stargazers_count"' in page.body
    if "html" not in page.type:
        return False
    named = b'content="GitHub"' in page.body and b"markdown-body" in page.body
    return named or b"octolytics-dimension-repository" in page.body


def extract(page: Page) -> Extract:
    """The description, and the README as its text."""
    return _of_json(page) if "json" in page.type else _of_page(page)


def _of_json(page: Page) -> Extract:
    try:
        told: Any = json.loads(decode(page.body, page.charset))
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        return Extract(problems=("it is no JSON of a repository",))
    description = html.line(_text(told.get("description")))
    owner = told.get("owner")
    topics = [html.line(_text(topic)) for topic in told.get("topics") or [] if topic]
    return Extract(
        title=html.line(_text(told.get("full_name"))),
        abstract=description,
        is_own=True,
        parts=(Part(", ".join(topics), heading="Topics"),) if topics else (),
        authors=(html.line(_text(owner.get("login"))),) if isinstance(owner, dict) else (),
        published=html.line(_text(told.get("created_at")))[:10],
    )


def _of_page(page: Page) -> Extract:
    tree = html.tree(decode(page.body, page.charset))
    if tree is None:
        return Extract(problems=("the page is empty",))
    titled = _TITLE.match(html.words(tree.find(".//title")))
    name = titled[1] if titled else html.meta(tree, "og:title")
    readme = html.by_class(tree, "markdown-body")
    if readme is None:
        readme = _embedded(tree)
    return Extract(
        title=name,
        abstract=_TAIL.sub("", html.meta(tree, "og:description", "description")),
        is_own=True,
        parts=() if readme is None else html.parts(readme),
        authors=(name.partition("/")[0],) if "/" in name else (),
        problems=() if readme is not None else ("no README was found",),
    )


def _embedded(tree: HtmlElement) -> HtmlElement | None:
    """The README out of what the page hands to its scripts, as HTML within JSON."""
    for script in tree.iter("script"):
        for found in _RICH.finditer(script.text or ""):
            with suppress(ValueError):
                inner = html.tree(json.loads(found[1]))
                readme = None if inner is None else html.by_class(inner, "markdown-body")
                if readme is not None:
                    return readme
    return None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
