"""HTML as a tree, its words as text: what the sources of web pages share. Pure; scripts never run.

All text that leaves here is plain: no control, no mark of direction, nothing invisible.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from corpus.model import Part

LONGEST = 4_000_000  # characters of a page that are parsed
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "head")
_BLOCKS = frozenset(
    "address article blockquote body cell dd details div dl dt figcaption figure footer form "
    "header item li list main ol p pre quote row section table tbody td th thead tr ul".split()
)
_SILENT = frozenset(
    "script style noscript template iframe object embed svg math nav button select textarea "
    "input canvas audio video".split()
)
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    r"\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
# A picture within its address, a state of a script: kilobytes that show nothing.
_LONG_VALUE = re.compile(r"(?<==)(?:\"[^\"]{8000,}\"|'[^']{8000,}')")
_LONG_TAG = re.compile(r"(<[a-zA-Z][a-zA-Z0-9]*)\s[^<>]{20000,}(?=>)")
_NESTING = re.compile(
    rb"</?(?!(?:html|head|title|meta|body|p|h[1-6]|br|li|a|pre|script|style|noscript|template)\b)"
    rb"[a-zA-Z][^<>]*>"
)
_HIDDEN = re.compile(
    r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0*\.?0+(?:[;\s]|$)"
    r"|font-size\s*:\s*0+(?:px|pt|em|rem|%)?\s*(?:[;!]|$))",
    re.IGNORECASE,
)
# Of no meaning in HTML: the parser loses the whole page over one.
_CONTROLS: dict[int, str | None] = dict.fromkeys(
    [*range(9), 11, *range(14, 32), 127, 0xFFFE, 0xFFFF]
)
_CONTROLS[12] = " "
_REFERENCE = re.compile(
    r"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01]|127)|x0*(?:[0-8bce-f]|1[0-9a-f]|7f))(?:;|(?![0-9a-f]))",
    re.IGNORECASE,
)
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[\s]*")


def clean(text: str) -> str:
    """Text with single blanks, its lines kept, and nothing in it that cannot be seen."""
    return _LINES.sub("\n", _BLANKS.sub(" ", _INVISIBLE.sub("", text))).strip()


def line(text: str | None) -> str:
    """Text as one line."""
    return " ".join(clean(text or "").split())


def tree(text: str) -> HtmlElement | None:
    """A page as a tree; None where it holds nothing. One that is nested deeper than the parser goes
    is read without the elements that do nothing but nest.
    """
    # As bytes: text with a declaration of its encoding inside is refused.
    plain = _REFERENCE.sub(" ", shortened(text)[:LONGEST].translate(_CONTROLS))
    data = plain.encode("utf-8", "replace")
    found, is_too_deep = _parsed(data)
    if is_too_deep:
        found, _ = _parsed(_NESTING.sub(b" ", data))
    return found


def shortened(text: str) -> str:
    """A page without the longest values of attributes, and without attributes by the thousand,
    each of which the parser holds against all before it.
    """
    return _LONG_TAG.sub(r"\1", _LONG_VALUE.sub('""', text))


def _parsed(data: bytes) -> tuple[HtmlElement | None, bool]:
    """The tree, and whether the parser gave up on how deep it is."""
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        found = document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        found = None
    return found, any("xcessive depth" in error.message for error in parser.error_log)


def visible(page: HtmlElement) -> HtmlElement:
    """A page without what its author hides; the page itself where that leaves hardly anything, for
    some sites hide all until a script shows it.
    """
    if not any(map(_is_hidden, page.iter())):
        return page
    shown = deepcopy(page)
    for element in [one for one in shown.iter() if _is_hidden(one)]:
        if element.getparent() is not None:
            element.drop_tree()
    return shown if 2 * len(words(shown)) > len(words(page)) else page


def _is_hidden(element: Any) -> bool:
    if element.tag == "template" or (element.get("hidden") is not None and element.tag != "body"):
        return True
    return bool(_HIDDEN.search(element.get("style") or ""))


def meta(page: HtmlElement, *names: str) -> str:
    """The content of the first meta element that has one of some names."""
    for name in names:
        for element in page.iterfind(".//meta"):
            if name in (element.get("name"), element.get("property"), element.get("itemprop")):
                content = line(element.get("content"))
                if content:
                    return content
    return ""


def metas(page: HtmlElement, name: str) -> tuple[str, ...]:
    """The contents of all meta elements of a name."""
    found = (e for e in page.iterfind(".//meta") if name in (e.get("name"), e.get("property")))
    return tuple(dict.fromkeys(filter(None, (line(e.get("content")) for e in found))))


def by_class(page: HtmlElement, *names: str) -> HtmlElement | None:
    """The first element with one of some classes, the first name first."""
    for name in names:
        for element in page.iter("div", "section", "article", "span", "h1", "p", "a", "main"):
            if name in (element.get("class") or "").split():
                return element
    return None


def by_id(page: HtmlElement, name: str) -> HtmlElement | None:
    """The element of an id."""
    return next((element for element in page.iter() if element.get("id") == name), None)


def words(element: HtmlElement | None) -> str:
    """What an element shows, as one line."""
    return "" if element is None else line(" ".join(text for _, text in blocks(element)))


def blocks(element: Any) -> Iterator[tuple[bool, str]]:
    """The blocks of text in an element, in order; whether each is a heading."""
    held: list[str] = []
    for kind, text in _pieces(element):
        if kind == "text":
            held.append(text)
            continue
        if said := clean("".join(held)):
            yield kind == "heading", said
        held = []
    if said := clean("".join(held)):
        yield False, said


def _pieces(element: Any) -> Iterator[tuple[str, str]]:
    """Texts, and the borders between blocks, told by what ends there. Without recursion."""
    for event, node in etree.iterwalk(element, events=("start", "end")):
        name = node.tag if isinstance(node.tag, str) else ""
        if event == "start":
            if name in _SILENT:
                node.clear(keep_tail=True)
                continue
            if name in _BLOCKS or name in _HEADINGS:
                yield "block", ""
            elif name in ("br", "lb"):
                yield "text", "\n"
            yield "text", node.text or ""
        else:
            if name in _HEADINGS:
                yield "heading", ""
            elif name in _BLOCKS:
                yield "block", ""
            if node is not element:
                yield "text", node.tail or ""


def parts(element: Any) -> tuple[Part, ...]:
    """The text under each heading of an element."""
    found: list[Part] = []
    heading, held = "", list[str]()
    for is_heading, text in blocks(element):
        if is_heading:
            if held:
                found.append(Part("\n".join(held), heading=heading))
            heading, held = line(text), []
        else:
            held.append(text)
    if held:
        found.append(Part("\n".join(held), heading=heading))
    return tuple(found)
