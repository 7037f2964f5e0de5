"""What passes between a question and its hits, as frozen values."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from typing import Literal, Protocol

from corpus.language import Script
from corpus.model import Entry, Text
from corpus.record import record, replace

Intent = Literal["search", "more", "open", "similar", "noise"]
Confidence = Literal["sure", "maybe", "nothing"]
Order = Literal["newest", "oldest"]
GENRE_SHARE = 0.5  # how something is told, beside what it is about
FAINT = 0.25  # the weight of a clue below which it is no subject


@record
class Term:
    """A token after normalizing, with its span in the text. A concept's text begins with `=`."""

    text: str
    start: int
    end: int


@record
class Field:
    """A named piece of a passage, in both languages, and how often its terms count."""

    name: str
    text: Text
    weight: int = 1


@record
class Passage:
    """A unit of the index: the curated fields of an entry, or one fact."""

    entry: int  # the entry's position
    fields: tuple[Field, ...]
    fact: int | None = None  # the fact's position, None for the curated passage


class Engine(Protocol):
    """Searches terms among passages. The Index is the embedded one."""

    def search(
        self, terms: Mapping[str, float], k: int, among: Collection[int] | None = None
    ) -> list[tuple[int, float]]:
        """The k best passages that share a term, as (position, score), by (-score, position)."""
        ...

    def scores(self, terms: Mapping[str, float]) -> Mapping[int, float]:
        """The score of every passage that shares a term, in no order."""
        ...

    def contributions(self, position: int, terms: Mapping[str, float]) -> dict[str, float]:
        """Each term's share of one passage's score."""
        ...

    def document_frequency(self, term: str) -> int:
        """How many passages hold the term."""
        ...

    def __len__(self) -> int:
        """How many passages there are."""
        ...


@record
class Filters:
    """What the asker wants to see only: a strong preference, not a wall."""

    kinds: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    years: tuple[int, int] | None = None  # first and last, both included
    authors: frozenset[str] = frozenset()  # a name of the lexicon, or first and last word
    venues: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()  # terms not wanted: `#paper`, `@google`, `=Jeff Dean`

    def __bool__(self) -> bool:
        named = self.kinds or self.organisations or self.languages or self.years
        return bool(named or self.authors or self.venues or self.without)

    def over(self, other: Filters) -> Filters:
        """These filters, and those of another where nothing is set here."""
        if not self:
            return other
        kinds = other.kinds - {term[1:] for term in self.without if term[0] == "#"}
        organisations = other.organisations - {term[1:] for term in self.without if term[0] == "@"}
        wanted = {f"#{kind}" for kind in self.kinds} | {f"@{org}" for org in self.organisations}
        wanted |= self.authors
        return Filters(
            kinds=self.kinds or kinds,
            organisations=self.organisations or organisations,
            languages=self.languages or other.languages,
            years=self.years or other.years,
            authors=self.authors or other.authors - self.without,
            venues=self.venues or other.venues,
            without=self.without | (other.without - wanted),
        )


@record
class Clue:
    """A stretch of a question that carries its subject: a phrase of the field, or a word."""

    typed: str
    terms: tuple[str, ...]  # what the whole stretch is
    parts: tuple[str, ...]  # the words and phrases inside it
    weight: float  # how much it says: rare words and rare terms say more
    known: bool = True  # some passage has it
    elsewhere: bool = False  # a word of another field
    genre: bool = False  # only how something is told: an introduction, a survey
    strange: bool = False  # a word that neither the lexicon nor the language at large knows

    @property
    def is_faint(self) -> bool:
        """Whether it says too little to be what a question is about: "news from the industry"."""
        return self.known and self.weight < FAINT

    @property
    def is_organisation(self) -> bool:
        """Whether it names an organisation, which a filter asks for too."""
        return "@" in [term[0] for term in self.terms]

    @property
    def is_named(self) -> bool:
        """Whether the lexicon has a name for it."""
        return bool([1 for term in self.terms if term[0] in "=@"])


@record
class Query:
    """A question as it is searched: weighted terms, what was typed for each, and the filters."""

    text: str
    script: Script
    terms: Mapping[str, float]
    typed: Mapping[str, str]  # term -> the words of the question that it stands for
    clues: tuple[Clue, ...] = ()
    filters: Filters = Filters()
    addresses: tuple[str, ...] = ()  # canonical, of links and arXiv numbers in the question
    corrections: tuple[tuple[str, str], ...] = ()  # typed -> what was searched instead
    order: Order | None = None  # of those that fit, the newest or the oldest first
    narrowed: bool = False  # by a follow-up: its filters weigh more
    walls: tuple[str, ...] = ()  # and of what does not pass these filters nothing, latest first
    beside: int | None = None  # the entry shown first, which "older" and "newer" compare with

    @property
    def lists(self) -> bool:
        """Whether nothing but filters is asked: such a question is answered by a whole list."""
        return bool(self.filters or self.order) and not self.subjects

    @property
    def subjects(self) -> tuple[Clue, ...]:
        """The clues that no filter stands for. Where a kind is asked for, a faint one is none."""
        found = [c for c in self.clues if not (c.is_organisation or self._is_year(c))]
        return tuple([c for c in found if not c.is_faint] if self.filters.kinds else found)

    @property
    def pasted(self) -> Query:
        """The same where it names a work by its address and has no other subject: what is said of
        it narrows nothing. "Look at this article: …" may be about a paper.
        """
        if self.subjects:
            return self
        return replace(self, filters=Filters(), order=None, walls=())

    def _is_year(self, clue: Clue) -> bool:
        years = self.filters.years
        return years is not None and clue.typed == str(years[0])


@record
class Match:
    """A term of the question found in a hit."""

    term: str
    typed: str
    field: str
    share: float  # of the hit's score


@record
class Explanation:
    """Why a hit stands where it stands. The shares of terms and boosts sum to the score."""

    shares: Mapping[str, float]  # term -> what it gives
    boosts: tuple[tuple[str, float], ...] = ()
    typed: Mapping[str, str] = {}  # term -> the words of the question
    fields: Mapping[str, str] = {}  # term -> the first field that holds it

    @property
    def matches(self) -> tuple[Match, ...]:
        """The terms that were found, what gives most first."""
        found = sorted(self.shares.items(), key=lambda pair: -pair[1])
        return tuple(
            Match(term, self.typed[term], self.fields.get(term, "fact"), share)
            for term, share in found
        )


@record
class Inner:
    """A passage of a page behind an entry's link, and how much of the question it says, 0 to 1."""

    url: str
    page: int | None
    heading: str
    text: str
    covered: float
    clues: int = 0  # how many different things of the question it names
    familiar: bool = True  # it holds the words of other fields, too, that the question has
    instead: str | None = None  # of a dead page: its new address or a copy, empty if none is known
    strength: float = 0.0  # how sure it is that it is meant
    weight: float = 0.0  # what the clues weigh that it says
    terms: Mapping[str, float] = {}  # what was sought in it
    names: Set[str] = frozenset()  # what of the question stands in its entry's name


@record
class Hit:
    """An entry that matches a question."""

    entry: Entry
    score: float  # BM25, unitless, comparable within one answer only
    passage: Passage  # the one that matched best; shown as the snippet
    explanation: Explanation
    inner: Inner | None = None  # where the answer stands inside, if a page says more of it


@record
class Conversation:
    """What a follow-up refers to: the questions since the subject was new, and what was shown."""

    questions: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()  # ids of entries as last numbered
    seen: tuple[str, ...] = ()  # ids of all entries shown on this subject
    opened: str = ""  # id of the entry that was told in full since: "it" means this one

    @property
    def meant(self) -> tuple[str, ...]:
        """The ids, the one first that "it" means."""
        return (self.opened, *self.shown) if self.opened else self.shown


@record
class Result:
    """The hits of a question, best first, and how sure we are of the first.

    `intent` says what the question was: a search, or a move in the conversation. `more`, `open` and
    `similar` without anything to refer to, and `noise`, have no hits: the asker gets help.
    """

    query: Query
    confidence: Confidence
    hits: tuple[Hit, ...]
    intent: Intent = "search"
    unmet: tuple[str, ...] = ()  # the filters that the first hit does not pass
    questions: tuple[str, ...] = ()  # the conversation's, this one included where it searched
    seen: tuple[str, ...] = ()  # ids shown before on the same subject
    listed: tuple[str, ...] = ()  # ids as numbered before, where that list still stands

    def conversation(self, shown: int) -> Conversation:
        """What a follow-up refers to once the first so many hits have been shown."""
        ids = self.listed or tuple(hit.entry.id for hit in self.hits[:shown])
        seen = tuple(dict.fromkeys((*self.seen, *ids)))
        return Conversation(self.questions, ids, seen)

    def stayed(self, before: Conversation) -> Result:
        """The same, where it leaves the conversation where it was."""
        questions, seen, shown = before.questions, before.seen, before.shown
        return replace(self, questions=questions, seen=seen, listed=shown)
