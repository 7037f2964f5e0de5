"""Feeds, RSS and Atom: what they have lately told of, each with its address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from corpus import html
from corpus.model import Extract, Page, Part

_MOST = 200  # entries
_WEB = re.compile(r"https?://\S+")
_ENTRIES = ("item", "entry")
_TEXTS = ("content", "encoded", "summary", "description")


def reads(page: Page) -> bool:
    """Whether a page is a feed."""
    head = page.body[:2000]
    return "xml" in page.type and any(mark in head for mark in (b"<rss", b"<feed", b"<rdf:RDF"))


def extract(page: Page) -> Extract:
    """The feed's title and its entries."""
    # No entity is resolved: a feed of a kilobyte could unfold to gigabytes.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = etree.fromstring(page.body, parser)
    if root is None:
        return Extract(problems=("broken: it is no feed that can be read",))
    top = next((one for one in root.iter() if _name(one) in ("channel", "feed")), root)
    entries = [one for one in root.iter() if _name(one) in _ENTRIES][:_MOST]
    return Extract(
        title=html.line(_said(top, "title")),
        abstract=_plain(_said(top, "description") or _said(top, "subtitle")),
        parts=tuple(part for one in entries if (part := _part(one)).text),
        published=html.line(_said(top, "updated") or _said(top, "lastBuildDate")),
        links=tuple(_links(entries)),
        problems=() if entries else ("a feed without entries",),
    )


def _part(entry: Any) -> Part:
    # A teaser and the whole text may stand side by side, in whatever element.
    told = [_plain(_said(entry, name)) for name in _TEXTS]
    return Part(max(told, key=len), heading=html.line(_said(entry, "title")))


def _links(entries: list[Any]) -> Iterator[tuple[str, str]]:
    for entry in entries:
        addresses = [
            (one.get("href") or one.text or "").strip()
            for one in entry
            if _name(one) == "link" and one.get("rel", "alternate") == "alternate"
        ]
        for address in addresses[:1]:
            if _WEB.fullmatch(address) and address == html.clean(address):
                yield html.line(_said(entry, "title")), address


def _said(element: Any, name: str) -> str:
    """The text of the first child of a name, with that of what stands in it."""
    found = next((one for one in element if _name(one) == name), None)
    return "" if found is None else "".join(found.itertext())


def _name(element: Any) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _plain(text: str) -> str:
    """What HTML in a feed shows."""
    if "<" not in text:
        return html.clean(text)
    tree = html.tree(text)
    return html.words(tree)
