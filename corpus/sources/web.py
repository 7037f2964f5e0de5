"""Web pages: title, author, date and main text. Only this module knows trafilatura.

WeChat, Zhihu, InfoQ and Douban are told where their text stands; a page that shows a wall, or says
that the text is gone, says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from lxml.html import HtmlElement

from corpus import html, markdown
from corpus.charset import decode
from corpus.health import GONE, WALL
from corpus.model import Extract, Page, Part
from corpus.record import record, replace

_SHORTEST = 60  # characters of a text that is one
# Among so many the main text is looked for: of 400,000 it takes half a minute.
_MOST_ELEMENTS = 30_000


@record
class Site:
    """Where a site keeps what; each an id (#…) or a class, the first that is there."""

    mark: bytes  # what only its pages hold
    text: Sequence[str]
    title: Sequence[str] = ()
    author: Sequence[str] = ()
    date: str = ""  # an expression for a date or a number of seconds in the source


_SITES = (
    Site(
        b"js_content",
        ("#js_content",),
        ("#activity-name",),
        ("#js_author_name", "#js_name"),
        r"var (?:ct|createTime) ?= ?[\"'](\d{10}|\d{4}-\d\d-\d\d)",
    ),
    Site(
        b"zhihu",
        ("Post-RichText", "RichContent-inner", "RichText"),
        ("Post-Title", "QuestionHeader-title"),
        ("AuthorInfo-name", "UserLink-link"),
        r"(?:发布于|编辑于|datePublished\"? content=\")\s*(\d{4}-\d\d-\d\d)",
    ),
    Site(
        b"infoq",
        ("article-preview", "article-content", "article__data", "ProseMirror", "article_content"),
        ("article-title", "article__title"),
        ("author-name", "author__name", "com-author-name"),
        r"(?:publish_time|datePublished)\"?[:=]\s*\"?(\d{10}|\d{4}-\d\d-\d\d)",
    ),
    Site(b"douban", ("#link-report", "intro", "related_info")),
)
_GONE = re.compile(
    r"该内容已被发布者删除|此内容因违规无法查看|该公众号已迁移|内容已被作者删除|你似乎来到了没有知识存在的荒原"
    r"|条目不存在|页面不存在|链接已过期"
)
_WALL = re.compile(
    r"环境异常|完成验证后即可继续访问|安全验证|检测到有异常请求|请输入验证码|Just a moment\.\.\."
    r"|Checking your browser|enable JavaScript and cookies|Access Denied"
    r"|verify you are (?:a )?human"
)
_BY = re.compile(r"^(?:作者|文|by)[\s:：/|]+", re.IGNORECASE)
_TAIL = re.compile(
    r"\s*(?:[-_|–—·]\s*(?:知乎|InfoQ[^-_|]*|微信公众平台|Zhihu)|\(豆瓣\))\s*$", re.IGNORECASE
)


def reads(page: Page) -> bool:
    """Whether a page is made of text: the last source of all."""
    return page.type != "application/pdf"


def extract(page: Page) -> Extract:
    """The main text under its headings, and who wrote it when."""
    text = decode(page.body, page.charset)
    if markdown.is_meant(page.type, page.final, text):
        return _titled_first(markdown.parts(text[: html.LONGEST]))
    if "html" not in page.type and "xml" not in page.type:
        return _plain(text)
    tree = html.tree(text)
    if tree is None:
        return Extract(problems=("the page is empty",))
    site = next((one for one in _SITES if one.mark in page.body), None)
    found = _general(tree)
    if site:
        found = _special(site, text, tree, found)
    found = _with_problems(found, tree)
    if len(html.shortened(text)) > html.LONGEST:
        found = replace(found, problems=(*found.problems, "only its beginning was read"))
    return found


def _titled_first(parts: tuple[Part, ...]) -> Extract:
    """A text whose first heading is its title, else its first line."""
    said = tuple(part for part in parts if part.text)
    begins = said[0].text.partition("\n")[0][:200] if said else ""
    title = next((part.heading for part in parts if part.heading), begins)
    return Extract(title=title, parts=said)


def _plain(text: str) -> Extract:
    """Plain text, under each `#` heading."""
    found: list[Part] = []
    for block in re.split(r"^(?=#{1,6}\s)", text, flags=re.MULTILINE):
        first, _, rest = block.partition("\n")
        headed = first.startswith("#")
        said = html.clean(rest if headed else block)
        if said:
            found.append(Part(said, heading=html.line(first.lstrip("# ")) if headed else ""))
    return _titled_first(tuple(found))


def _general(tree: HtmlElement) -> Extract:
    shown, found = html.visible(tree), None
    body = shown.find("body")
    if sum(1 for _ in tree.iter()) <= _MOST_ELEMENTS:
        found = _told_apart(shown)
        body = getattr(found, "body", None)
    return Extract(
        title=_titled(tree, getattr(found, "title", None)),
        language=(tree.get("lang") or "").strip()[:10].lower(),
        abstract=html.meta(tree, "og:description", "description", "twitter:description"),
        parts=() if body is None else html.parts(body),
        authors=_authors(tree, getattr(found, "author", None)),
        published=getattr(found, "date", None) or "",
    )


def _told_apart(shown: HtmlElement) -> Any:
    """The main text, apart from the ways around it, and who wrote it when; None where it fails."""
    import trafilatura  # a fifth of a second, which only the reading itself pays

    try:
        return trafilatura.bare_extraction(
            shown,
            with_metadata=True,
            include_comments=False,
            include_tables=True,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except Exception:  # whatever a page brings it to; the page's own elements are left
        return None


def _titled(tree: HtmlElement, found: str | None) -> str:
    """The heading of the page where there is one only, else what it says of itself."""
    headings = [said for one in tree.iter("h1") if (said := html.words(one))]
    told = html.meta(tree, "citation_title", "og:title")
    title = told or (headings[0] if len(headings) == 1 else "") or html.line(found)
    return _TAIL.sub("", title or html.words(tree.find(".//title")))


def _authors(tree: HtmlElement, found: str | None) -> tuple[str, ...]:
    cited = html.metas(tree, "citation_author") or html.metas(tree, "book:author")
    names = (_BY.sub("", html.line(one)) for one in (found or "").split(";"))
    return cited or tuple(filter(None, names))


def _special(site: Site, text: str, tree: HtmlElement, found: Extract) -> Extract:
    # What is hidden until a script shows it is text all the same.
    parts = tuple(part for root in _every(tree, site.text) for part in html.parts(root))
    date = re.search(site.date, text) if site.date else None
    author = html.words(_first(tree, site.author))
    return replace(
        found,
        title=_TAIL.sub("", html.words(_first(tree, site.title)) or found.title),
        parts=parts if _length(parts) >= _SHORTEST else found.parts,
        authors=(author,) if author else found.authors,
        published=_dated(date[1]) if date else found.published,
    )


def _first(tree: HtmlElement, names: Sequence[str]) -> HtmlElement | None:
    for name in names:
        found = html.by_id(tree, name[1:]) if name[0] == "#" else html.by_class(tree, name)
        if found is not None:
            return found
    return None


def _every(tree: HtmlElement, names: Sequence[str]) -> list[HtmlElement]:
    """The elements of the first name that is there: answers to a question stand side by side."""
    for name in names:
        first = _first(tree, (name,))
        if first is None:
            continue
        if name[0] == "#":
            return [first]
        alike = [one for one in tree.iter(first.tag) if name in (one.get("class") or "").split()]
        inner = set(alike)
        return [one for one in alike if inner.isdisjoint(one.iterancestors())]
    return []


def _dated(value: str) -> str:
    if "-" in value:
        return value
    china = datetime.fromtimestamp(int(value), UTC) + timedelta(hours=8)
    return china.date().isoformat()


def _with_problems(found: Extract, tree: HtmlElement) -> Extract:
    length = _length(found.parts)
    if length >= 10 * _SHORTEST:
        return found
    shown = html.words(tree.find("body"))[:5000] + found.title
    if gone := _GONE.search(shown):
        return replace(found, parts=(), problems=(f"{GONE}the page says {gone[0]}",))
    if wall := _WALL.search(shown):
        return replace(found, parts=(), problems=(f"{WALL}the page says {wall[0]}",))
    if length < _SHORTEST and not found.abstract:
        return replace(found, problems=("no text: the page shows nothing without scripts",))
    return found


def _length(parts: Sequence[Part]) -> int:
    return sum(len(part.text) for part in parts)
