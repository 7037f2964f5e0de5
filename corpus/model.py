"""What the catalog holds, as frozen values. No parsing, no I/O, nothing of ours imported."""

from __future__ import annotations

from typing import Literal

from corpus.record import record

Language = Literal["en", "zh"]

KINDS = (
    "paper",
    "thesis",
    "book",
    "course",
    "conference",
    "article",
    "news",
    "talk",
    "slides",
    "discussion",
    "collection",
    "project",
)
ROLES = ("main", "translation", "video", "commentary", "slides", "part")
FORMS = ("pdf", "web", "video", "wechat", "zhihu", "github", "slides")
HEALTHS = ("live", "unknown", "at-risk", "moved", "dead")
BASES = ("read", "known", "title")
SOURCES = (
    "original",
    "opening",
    "abstract",
    "publisher",
    "author-digest",
    "course-page",
    "repost",
    "slides",
    "video-summary",
    "related",
    "secondary",
)
LEVELS = ("full", "part", "related", "known", "title")
UNSURE = ("authors", "organisations", "year")


@record
class Text:
    """One text in both languages."""

    en: str
    zh: str

    def __getitem__(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


@record
class Listing:
    """One place of a list: its section path, exact title and address, and the links beside it."""

    section: tuple[str, ...]
    title: str
    url: str
    also: tuple[tuple[str, str], ...] = ()  # (label, address) of the further links of the bullet


@record
class Summary:
    """What a page is about in a few sentences, and where they come from."""

    text: str
    language: str
    source: str  # abstract: the author's own words; extracted: sentences of the page
    read: str = ""  # the day the page was read, as 2026-11-20
    url: str = ""  # of the page


@record
class Link:
    """An address of an entry: `url` is the one to open, `listed` the list's own where it moved."""

    url: str
    role: str
    language: str
    form: str
    health: str
    title: Text | None = None  # of the page behind it, where it has one of its own
    listed: str | None = None
    abstract: str | None = None  # the page about a PDF
    inferred: str | None = None  # where it has probably moved to, by the pattern of addresses
    substitute: str | None = None  # another document that serves instead
    note: Text | None = None  # what the substitute is, or why the link is in its state
    archived: str | None = None  # a copy in an archive, of a link that was found dead
    said: Summary | None = None  # what the page behind it says, where it was read


@record
class Fact:
    """One sentence in both languages, with how it is known."""

    text: Text
    basis: str
    source: str | None = None


@record
class Entry:
    """One curated work: where it is listed, who made it, what it says and how that is known."""

    id: str
    kind: str
    title: str  # exactly as listed
    titles: Text
    ours: tuple[str, ...]  # the languages in which the title is our translation
    languages: tuple[str, ...]
    authors: tuple[Text, ...]
    organisations: tuple[Text, ...]
    year: int | None
    venue: str | None
    published: Text  # when and where, as one reads it out
    arxiv: str | None
    level: str  # how close we came to the work itself
    unsure: tuple[str, ...]  # the fields that are only probable
    gap: Text | None  # what we do not know, in words
    keywords: tuple[Text, ...]
    summary: Text
    facts: tuple[Fact, ...]
    links: tuple[Link, ...]
    listings: tuple[Listing, ...]
    related: tuple[str, ...]
    added: str | None = None  # the day it came into the catalog, as 2026-11-25


@record
class Page:
    """What fetching an address gave: its bytes, and what was said about them."""

    url: str  # as it was asked for
    final: str  # where it was found, after redirects
    type: str  # of its content, as its first bytes confirm it: text/html, application/pdf …
    body: bytes
    charset: str | None = None  # as the header declares it, right or wrong
    etag: str | None = None
    modified: str | None = None  # the header Last-Modified
    moved: str | None = None  # the new address, where every redirect was a permanent one
    unchanged: bool = False  # what was fetched before still holds, and there is no body


@record
class Part:
    """A stretch of a page's text, with its page number or the heading above it."""

    text: str
    page: int | None = None  # of a PDF, from 1
    heading: str = ""


@record
class Extract:
    """What a source reads out of a page. Empty where the page does not say."""

    title: str = ""
    language: str = ""  # en, zh, or what the page calls it
    abstract: str = ""  # the author's abstract or description
    is_own: bool = False  # it was written to describe the work, however short: no slogan of a site
    parts: tuple[Part, ...] = ()
    authors: tuple[str, ...] = ()
    published: str = ""  # a date, as precise as the page has it
    version: str = ""
    links: tuple[tuple[str, str], ...] = ()  # (title, address): a feed's entries
    problems: tuple[str, ...] = ()  # what could not be read, in words


@record
class Piece:
    """A passage of a page: a few sentences, where they stand, and the terms they are found by."""

    text: str
    page: int | None = None
    heading: str = ""
    terms: tuple[str, ...] = ()
