"""Feeds, RSS, Atom and JSON Feed: what they have lately told of, each with its address."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from corpus import html
from corpus.charset import decode
from corpus.model import Extract, Page, Part

_MOST = 200  # entries
_WEB = re.compile(r"https?://\S+")
_LABEL = re.compile(r"^\s*<\?xml[^>]*\?>")
_JSON = re.compile(rb"\"version\"\s*:\s*\"https?:(?:\\?/){2}jsonfeed\.org")
_ENTRIES = ("item", "entry")
_TEXTS = ("content", "encoded", "summary", "description")


def reads(page: Page) -> bool:
    """Whether a page is a feed."""
    head = page.body[:2000]
    if "json" in page.type:
        return _JSON.search(head) is not None
    return "xml" in page.type and any(mark in head for mark in (b"<rss", b"<feed", b"<rdf:RDF"))


def extract(page: Page) -> Extract:
    """The feed's title and its entries."""
    if "json" in page.type:
        return _of_json(decode(page.body, page.charset))
    # No entity is resolved: a feed of a kilobyte could unfold to gigabytes.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    text = decode(page.body, page.charset)  # what it calls its charset is often wrong
    root = etree.fromstring(_LABEL.sub("", text).encode("utf-8", "replace"), parser)
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


def _of_json(text: str) -> Extract:
    """A JSON Feed, as the same in Atom would be."""
    try:
        told: Any = json.loads(text)
        entries = [one for one in told["items"] if isinstance(one, dict)][:_MOST]
    except (ValueError, RecursionError, KeyError, TypeError):
        return Extract(problems=("broken: it is no feed that can be read",))
    parts, links = list[Part](), list[tuple[str, str]]()
    for one in entries:
        title, address = html.line(_text(one, "title")), _text(one, "url").strip()
        said = [_plain(_text(one, f"content_{kind}")) for kind in ("html", "text")]
        parts.append(Part(max(*said, _plain(_text(one, "summary")), key=len), heading=title))
        links.append((title, address))
    return Extract(
        title=html.line(_text(told, "title")),
        abstract=_plain(_text(told, "description")),
        parts=tuple(part for part in parts if part.text),
        links=tuple(link for link in links if _is_web(link[1])),
        problems=() if entries else ("a feed without entries",),
    )


def _text(told: dict[str, Any], name: str) -> str:
    value = told.get(name)
    return value if isinstance(value, str) else ""


def _is_web(address: str) -> bool:
    return bool(_WEB.fullmatch(address)) and address == html.clean(address)


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
            if _is_web(address):
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
