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
