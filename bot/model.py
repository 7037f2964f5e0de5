"""What passes between an asker and the bot, as frozen values without markup.

An Answer says everything in the asker's language; a platform only lays it out.
"""

from __future__ import annotations

from corpus.language import Script
from corpus.model import Language
from corpus.record import record
from retrieval.model import Confidence, Hit, Intent, Query


@record
class Question:
    """What was asked, and the language to answer in where the asker chose one."""

    text: str
    language: Language | None = None


@record
class Marked:
    """A text and the stretches of it that the question named."""

    text: str
    spans: tuple[tuple[int, int], ...] = ()


@record
class Address:
    """Where one can go: a label such as "PDF", the host, the address, and a word of caution."""

    label: str
    host: str
    url: str
    note: str = ""  # after the address: where it moved from, what it is
    warning: bool = False  # the label says that something is wrong


@record
class Found:
    """A hit as it is told."""

    hit: Hit
    title: Marked
    translation: Marked | None
    url: str  # what the title opens
    about: str  # kind · organisation · published · language · authors
    brief: str  # the same for a line: kind · organisation · year
    snippet: Marked
    body: tuple[Marked, ...]  # the paragraphs of the best hit
    addresses: tuple[Address, ...]


@record
class Coverage:
    """What the catalog holds, for an asker whom it cannot answer."""

    works: int
    first: int
    last: int


@record
class Answer:
    """What the catalog has on a question, best first, or that it has nothing."""

    question: str
    script: Script
    confidence: Confidence
    found: tuple[Found, ...]
    query: Query
    first: int = 1  # the number of the first hit
    also: tuple[tuple[str, str], ...] = ()  # (typed, searched too) where no typed word is visible
    coverage: Coverage | None = None  # told when there is nothing
    instead: tuple[tuple[str, str], ...] = ()  # (typed, what was searched instead): slips mended
    places: tuple[str, ...] = ()  # where the list has the work whose address was asked for
    intent: Intent = "search"
    unmet: tuple[str, ...] = ()  # the filters that the first hit does not pass
    follows: tuple[str, ...] = ()  # the question that this one went on from
    left: int = 0  # further hits that /more shows


@record
class Detail:
    """An entry in full: both languages, every link, its places, and how each thing is known."""

    script: Script
    title: str
    translation: str | None
    url: str
    about: str
    authors: str
    summaries: tuple[tuple[str, str], ...]  # (language in words, text)
    addresses: tuple[Address, ...]
    places: tuple[str, ...]
    known: tuple[tuple[str, tuple[str, ...]], ...]  # (how, the facts known so)
    gap: str | None


@record
class Notice:
    """Sentences that answer a command."""

    lines: tuple[str, ...]
