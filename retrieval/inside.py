"""The pages behind the links, searched: an index of their own beside the curated one, so that no
page, however long, changes what an entry scores.

A passage counts where it says most of what was asked: then it is shown with its entry. An entry
whose curated fields do not answer comes first if one passage of its pages says nearly all.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from corpus.model import Piece, Summary
from corpus.pattern import pattern
from corpus.record import fields, record, replace
from retrieval import followup, numerals, query, rank, saying, snapshot
from retrieval.addresses import canonical
from retrieval.index import Index
from retrieval.mend import Mender
from retrieval.model import Engine, Inner, Query
from retrieval.packed import Rows, pack_rows
from retrieval.saying import Said, Sought
from retrieval.tokenize import Tokenizer

FOUND = 24  # passages that are looked at
FAINT = 0.3  # of the best one's score: a fainter one says too little
OWN = 12  # and of the pages of an entry that the question names
SHOWN, BEST = 0.5, 0.45  # of a question: what a passage says that is shown, of the best entry less
LEAST = 0.25  # and what it says itself before it is looked at what its page begins with
MORE = 0.25  # and what its words must weigh, beside those of the entry's name
ASKED = 1.6  # how much stronger the page is that the question names by its number
NAMED = 0.5  # the weight of a word that names an entry
MANY = 500  # passages: in fewer, how many hold a word does not tell how common it is
_PAGE = pattern(
    rf"(?i)\b(?:(?:on|of|at|from|in)\s+)?(?:page|p\.)\s?(\d{{1,4}}|{'|'.join(numerals.ENGLISH)})(?:'s|’s)?\b"
    r"|第\s?(\d{1,4}|十[一二三四五六七八九]|[一二三四五六七八九十])\s?[页頁][上里裡中的]?"
)
_POINTER = "newest"
Note = tuple[str, str | None, str | None]  # state, new address, copy in an archive


@record
class _Read:
    """A passage that was looked at: what it says, and whether it is of the page asked for."""

    position: int
    asked: bool
    score: float
    said: Said
    has: Collection[str]  # the terms sought that stand in it

    @property
    def rank(self) -> tuple[bool, float, float]:
        """What puts one passage of an entry before another."""
        return self.asked, self.said.covered, self.score


@record
class Inside:
    """Every passage of every page, as it can be searched."""

    engine: Engine
    pieces: Sequence[tuple[str, int | None, str, str]]  # address, page, heading, text
    entries: Sequence[int]  # piece -> its entry's position, -1 where no entry links there now
    notes: Mapping[str, Note] = {}  # what was found out about links, by address
    among: Collection[int] | None = None  # those of an entry, where others are not
    places: Sequence[int] = ()  # piece -> its page; those of a page stand together
    owners: Sequence[int] = ()  # page -> its entry's position, or -1

    def sought(
        self, questions: Sequence[str], tokenizer: Tokenizer, mender: Mender, read: Query
    ) -> Sought:
        """What questions come to, as the passages are searched for it; `read` is how entries are.

        A name that stands in the passages is no slip. They count as many at least: of one page
        alone every word would be common.
        """
        known = _AsOfMany(self.engine)
        pages = [found for question in questions if (found := _PAGE.search(question))]
        page = _number(next(filter(None, pages[-1].groups()))) if pages else None

        # What had no slip for the catalog has none for the pages, which know more names.
        mends = mender if read.corrections or len(questions) > 1 else cast(Mender, _Still())

        def parse(question: str) -> Query:
            text = _PAGE.sub(" ", question)
            found = query.parse(text, tokenizer, mends, cast(Engine, known), known)
            return replace(found, text=question)

        asked = followup.come_to(questions, parse)
        figures = [term for term in read.terms if query.is_figure(term) and term != str(page)]
        return saying.sought(asked, tokenizer, self.engine, figures, page)

    def search(
        self, sought: Sought, fields: Sequence[Mapping[str, str]], first: int | None = None
    ) -> dict[int, Inner]:
        """The best passage for each entry, by position: the one that says most of a question.

        `fields` are those of every entry; `first` is the one that the catalog has found.
        """
        named = first is not None and self._is_named(sought, fields[first])
        names: dict[int, Set[str]] = {}
        best: dict[int, _Read] = {}
        for position, score in self._likely(sought, first if named else None).items():
            entry = self.entries[position]
            if entry not in names:
                names[entry] = saying.names(sought.wants, fields[entry])
            one = self._read(position, score, sought, names[entry])
            enough = BEST if entry == first else SHOWN
            if one.said.covered < enough or one.said.own < MORE:
                continue
            if entry not in best or one.rank > best[entry].rank:
                best[entry] = one
        if first is not None and named and not (first in best and best[first].asked):
            names.setdefault(first, saying.names(sought.wants, fields[first]))
            if page := self._page_of(first, sought, names[first]):
                best[first] = page
        return {entry: self._inner(one, names[entry], sought) for entry, one in best.items()}

    def _likely(self, sought: Sought, named: int | None) -> dict[int, float]:
        """The passages to look at, with their scores; more of an entry that the question names."""
        terms = sought.query.terms
        found = self.engine.search(terms, FOUND, self.among)
        found = [one for one in found if one[1] >= FAINT * found[0][1]]
        if named is not None:
            found += self.engine.search(terms, OWN, self._of(named))
        return dict(found)

    def _read(self, position: int, score: float, sought: Sought, names: Set[str]) -> _Read:
        """What a passage says, and where it says little what its page begins with."""
        terms = sought.query.terms
        has = self.engine.contributions(position, terms)
        said = saying.said(sought.wants, has, names)
        if said.own >= MORE and LEAST <= said.covered < saying.ALL:
            lead = self._lead(position, terms)
            said = saying.said(sought.wants, has, names, lead) if lead else said
        asked = sought.asks_for(self.pieces[position][1])
        return _Read(position, asked, score, said, has)

    def _page_of(self, entry: int, sought: Sought, names: Set[str]) -> _Read | None:
        """How the page begins that is asked for: "what is on page 3 of it"."""
        there = (at for at in self._of(entry) if sought.asks_for(self.pieces[at][1]))
        if sought.page is None or (at := next(there, None)) is None:
            return None
        return _Read(at, True, 0.0, saying.said(sought.wants, (), names), ())

    def _lead(self, position: int, terms: Mapping[str, float]) -> Collection[str]:
        """The terms of a question in the first passage of the page that a passage is of."""
        if not self.places:
            return ()
        first = bisect_left(self.places, self.places[position])
        return self.engine.contributions(first, terms) if first != position else ()

    def _is_named(self, sought: Sought, fields: Mapping[str, str]) -> bool:
        """Whether a question names an entry by a telling word."""
        telling = [want for want in sought.wants if want.clue.weight >= NAMED]
        return bool(saying.names(telling, fields))

    def _of(self, entry: int) -> list[int]:
        """The positions of an entry's passages."""
        pages = [page for page, owner in enumerate(self.owners) if owner == entry]
        ranges = [
            (bisect_left(self.places, page), bisect_right(self.places, page)) for page in pages
        ]
        return [at for start, end in ranges for at in range(start, end)]

    def _inner(self, one: _Read, names: Set[str], sought: Sought) -> Inner:
        url, page, heading, text = self.pieces[one.position]
        state, moved, copy = self.notes.get(url, ("", None, None))
        return Inner(
            url,
            page,
            heading,
            text,
            covered=one.said.covered,
            clues=saying.count(sought.wants, one.has, names),
            familiar=one.said.familiar,
            instead=(moved or copy or "") if state == "dead" else None,
            strength=one.said.strength * (ASKED if one.asked else 1.0),
            weight=one.said.certain,
            terms=sought.query.terms,
            names=names,
        )


@record
class Kept:
    """What was read behind the links, by address."""

    inside: Inside | None = None
    notes: Mapping[str, Note] = {}  # what was found out about links
    summaries: Mapping[str, Summary] = {}


class _Still:
    """Mends nothing."""

    def mend(self, text: str, _: object) -> tuple[str, tuple[()]]:
        return text, ()


class _AsOfMany:
    """Tells how often words stand, as if there were many passages at least."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def document_frequency(self, term: str) -> int:
        return self._engine.document_frequency(term)

    def __contains__(self, term: object) -> bool:
        return self._engine.document_frequency(str(term)) > 0

    def __len__(self) -> int:
        return max(len(self._engine), MANY)


def _number(typed: str) -> int | None:
    """The number of a page, in figures or a word."""
    return int(typed) if typed.isdecimal() else numerals.number(typed.lower())


def save(
    parent: Path,
    origin: str,
    found: Iterable[tuple[str, Piece]],
    notes: Mapping[str, Note] | None = None,
    summaries: Mapping[str, Summary] | None = None,
) -> int:
    """Build the index of some passages, each with its page's address, and keep it; how many.

    Kept beside them, by address: what was found out about links, and what pages are about.
    `origin` names the state of the corpus. What is kept is in force for who loads afterwards.
    """
    urls: dict[str, int] = {}
    places, rows, terms = array("I"), [], []
    for url, piece in found:
        places.append(urls.setdefault(url, len(urls)))
        rows.append((url, piece.page, piece.heading, piece.text))
        terms.append(piece.terms)
    index = Index.build(terms, rank.K1, rank.B)
    tables: dict[str, Any] = {
        "urls": list(urls),
        "places": places.tobytes(),
        "pieces": pack_rows(rows),
        "notes": dict(notes or {}),
        "summaries": {url: fields(one) for url, one in (summaries or {}).items()},
    }
    if snapshot.save(parent, origin, index, tables):
        snapshot.point(parent / _POINTER, origin)
    return len(rows)


def newest(parent: Path) -> str:
    """The origin of what is in force; empty where no page was ever read."""
    try:
        return (parent / _POINTER).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def know_nothing(parent: Path) -> None:
    """Write down that no page was ever read, so that nobody need look for any."""
    if is_known(parent):
        return
    with suppress(OSError):
        parent.mkdir(parents=True, exist_ok=True)
        snapshot.point(parent / _POINTER, "")


def is_known(parent: Path) -> bool:
    """Whether it was written down what is in force, or that nothing is."""
    return (parent / _POINTER).exists()


def load(parent: Path, addresses: Mapping[str, int]) -> Kept:
    """What is in force, for the entries of some canonical addresses."""
    origin = newest(parent)
    kept = snapshot.load(parent, origin) if origin else None
    if kept is None:
        return Kept()
    index, tables = kept
    known = [addresses.get(canonical(url), -1) for url in tables["urls"]]
    places = array("I", tables["places"])
    entries = [known[at] for at in places]
    notes: Mapping[str, Note] = tables["notes"]
    ours = [at for at, entry in enumerate(entries) if entry >= 0]
    among = None if len(ours) == len(entries) else index.mask(ours)
    pieces = Rows(tables["pieces"], tuple)
    opened = Inside(index, pieces, entries, notes, among, places, known) if ours else None
    said = {url: Summary(**one) for url, one in tables.get("summaries", {}).items()}
    return Kept(opened, notes, said)
