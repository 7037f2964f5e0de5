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
from retrieval import followup, query, rank, saying, snapshot
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
_PAGES = "one two three four five six seven eight nine ten eleven twelve".split()
_YE = "一二三四五六七八九十"
_PAGE = pattern(
    rf"(?i)\b(?:(?:on|of|at|from|in)\s+)?(?:page|p\.)\s?(\d{{1,4}}|{'|'.join(_PAGES)})(?:'s|’s)?\b"
    rf"|第\s?(\d{{1,4}}|十[{_YE[:9]}]|[{_YE}])\s?[页頁][上里裡中的]?"
)
_POINTER = "newest"
Note = tuple[str, str | None, str | None]  # state, new address, copy in an archive


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
        terms = sought.query.terms
        found = self.engine.search(terms, FOUND, self.among)
        found = [one for one in found if one[1] >= FAINT * found[0][1]]
        named = first is not None and self._is_named(sought, fields[first])
        if first is not None and named:
            found += self.engine.search(terms, OWN, self._of(first))
        names: dict[int, Set[str]] = {}
        best: dict[int, tuple[Any, ...]] = {}
        for position, score in dict(found).items():
            entry = self.entries[position]
            if entry not in names:
                names[entry] = saying.names(sought.wants, fields[entry])
            has = self.engine.contributions(position, terms)
            one = saying.said(sought.wants, has, names[entry])
            if one.own >= MORE and LEAST <= one.covered < saying.ALL:
                lead = self._lead(position, terms)
                one = saying.said(sought.wants, has, names[entry], lead) if lead else one
            if one.covered >= (BEST if entry == first else SHOWN) and one.own >= MORE:
                asked = sought.page is not None and sought.asks_for(self.pieces[position][1])
                rank = (asked, one.covered, score)
                if rank > best.get(entry, ((),))[0]:
                    best[entry] = (rank, position, one, has)
        if first is not None and named and sought.page is not None and not _has_page(best, first):
            at = [at for at in self._of(first) if sought.asks_for(self.pieces[at][1])]
            told = names.setdefault(first, saying.names(sought.wants, fields[first]))
            for position in at[:1]:  # "what is on page 3 of it": how that page begins
                best[first] = ((True,), position, saying.said(sought.wants, (), told), ())
        return {e: self._inner(of[1], of[2], of[3], names[e], sought) for e, of in best.items()}

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

    def _inner(
        self, position: int, one: Said, has: Collection[str], names: Set[str], sought: Sought
    ) -> Inner:
        url, page, heading, text = self.pieces[position]
        state, moved, copy = self.notes.get(url, ("", None, None))
        instead = (moved or copy or "") if state == "dead" else None
        things = saying.count(sought.wants, has, names)
        terms = sought.query.terms
        strength = one.strength * (ASKED if sought.asks_for(page) else 1.0)
        told = (one.covered, things, one.familiar, instead, strength, one.certain, terms, names)
        return Inner(url, page, heading, text, *told)


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


def _has_page(best: Mapping[int, Sequence[Any]], entry: int) -> bool:
    """Whether the best passage of an entry is of the page that was asked for."""
    return entry in best and bool(best[entry][0][0])


def _number(typed: str) -> int:
    """The number of a page, in figures or a word."""
    if typed.isdecimal():
        return int(typed)
    if typed.lower() in _PAGES:
        return _PAGES.index(typed.lower()) + 1
    return sum(_YE.index(letter) + 1 for letter in typed)  # 十七


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
