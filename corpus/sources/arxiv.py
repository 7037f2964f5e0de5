"""arXiv: the abstract, the authors and the version, out of its API or of a paper's own page."""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlElement

from corpus import html
from corpus.charset import decode
from corpus.model import Extract, Page

_ADDRESS = re.compile(
    r"https?://(?:[a-z]+\.)?arxiv\.org/(?:abs|pdf|html)/(\d{4}\.\d{4,5}|[a-z-]+/\d{7})(v\d+)?"
)
_API = re.compile(rb"https?://(?:export\.)?arxiv\.org/api")
_ATOM = "{http://www.w3.org/2005/Atom}"
_FAULT = "arxiv.org/api/errors"
_VERSION = re.compile(r"(v\d+)$")
_HISTORY = re.compile(r"\[(v\d+)\]")
_LABEL = re.compile(r"^(abstract|title)\s*:\s*", re.IGNORECASE)


def companion(url: str) -> str | None:
    """Where the API tells about the paper of an address."""
    found = _ADDRESS.match(url)
    return f"https://export.arxiv.org/api/query?id_list={found[1]}" if found else None


def reads(page: Page) -> bool:
    """Whether a page is the API's answer, or a paper's page."""
    if "xml" in page.type and _API.search(page.body[:2000]):
        return True
    return "html" in page.type and b"arxiv" in page.body[:20_000] and _is_abs(page.body)


def extract(page: Page) -> Extract:
    """The paper's abstract and who wrote it."""
    return _of_page(page) if "html" in page.type else _of_api(page)


def _is_abs(body: bytes) -> bool:
    return b"citation_arxiv_id" in body


def _of_api(page: Page) -> Extract:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = etree.fromstring(page.body, parser)
    entry = None if root is None else root.find(f"{_ATOM}entry")
    if entry is None or entry.find(f"{_ATOM}author") is None:
        return Extract(problems=("arXiv knows no such paper",))
    address = html.line(entry.findtext(f"{_ATOM}id"))
    if _FAULT in address:  # told as an entry, with a title and an author
        return Extract(problems=("arXiv knows no such paper",))
    version = _VERSION.search(address)
    return Extract(
        title=html.line(entry.findtext(f"{_ATOM}title")),
        abstract=html.line(entry.findtext(f"{_ATOM}summary")),
        authors=tuple(
            html.line(name.text) for name in entry.iterfind(f"{_ATOM}author/{_ATOM}name")
        ),
        published=html.line(entry.findtext(f"{_ATOM}published"))[:10],
        version=version[1] if version else "",
    )


def _of_page(page: Page) -> Extract:
    tree = html.tree(decode(page.body, page.charset))
    if tree is None:
        return Extract(problems=("the page is empty",))
    abstract = html.meta(tree, "citation_abstract") or next(
        (html.words(one) for one in tree.iter("blockquote")), ""
    )
    return Extract(
        title=html.meta(tree, "citation_title", "og:title"),
        abstract=_LABEL.sub("", abstract),
        authors=html.metas(tree, "citation_author"),
        published=html.meta(tree, "citation_date").replace("/", "-"),
        version=_newest(tree),
    )


def _newest(tree: HtmlElement) -> str:
    """The last version that the submission history names."""
    found = _HISTORY.findall(html.words(html.by_class(tree, "submission-history")))
    return found[-1] if found else ""
