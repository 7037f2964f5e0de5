"""The pages behind the links, searched: an index of their own beside the curated one, so that no
page, however long, changes what an entry scores.

A passage counts where it says most of what was asked: then it is shown with its entry. An entry
whose curated fields do not answer comes first if one passage of its pages says nearly all.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from corpus.language import has_han
from corpus.model import Piece, Summary
from corpus.record import fields, record
from retrieval import confidence, query, rank, snapshot
from retrieval.addresses import canonical
from retrieval.index import Index
from retrieval.mend import Mender
from retrieval.model import Clue, Engine, Hit, Inner, Query
from retrieval.packed import Rows, pack_rows
from retrieval.tokenize import Tokenizer

FOUND = 40  # passages that are looked at
SHOWN = 0.6  # of a question: what a passage must say to be shown with its entry
ANSWERS = 0.8  # and to bring an entry up that does not answer by itself
WEIGHT = 1.5  # what the words found must weigh for that: two telling ones
LEAST_CLUES = 2
MORE = 0.4  # of it: what a passage says more than an entry that may answer, to stand before it
MANY = 500  # passages: in fewer, how many hold a word does not tell how common it is
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

    def parse(self, question: str, tokenizer: Tokenizer, mender: Mender) -> Query:
        """A question as the passages are searched for it: a name that stands in them is no slip.

        They count as many at least: of one page alone every word would be common.
        """
        known = _AsOfMany(self.engine)
        return query.parse(question, tokenizer, mender, cast(Engine, known), known)

    def search(self, asked: Query) -> dict[int, Inner]:
        """The best passage for each entry, by position: the one that says most of a question."""
        best: dict[int, tuple[float, float, int]] = {}
        for position, score in self.engine.search(asked.terms, FOUND, self.among):
            entry = self.entries[position]
            said = self.engine.contributions(position, asked.terms)
            covered = confidence.coverage(asked.clues, said)
            if covered >= SHOWN and (covered, score) > best.get(entry, (0.0, 0.0, 0))[:2]:
                best[entry] = (covered, score, position)
        return {entry: self._inner(at, covered, asked) for entry, (covered, _, at) in best.items()}

    def _inner(self, position: int, covered: float, asked: Query) -> Inner:
        said = self.engine.contributions(position, asked.terms)
        # "MySQL 慢查询" names one concept twice: a page on SQLite says one thing of it, not two.
        named = {
            next((term for term in (*clue.terms, *clue.parts) if term in said), "")
            for clue in asked.clues
        }
        url, page, heading, text = self.pieces[position]
        familiar = all(
            any(term in said for term in clue.terms) for clue in asked.clues if clue.elsewhere
        )
        state, moved, copy = self.notes.get(url, ("", None, None))
        instead = (moved or copy or "") if state == "dead" else None
        return Inner(url, page, heading, text, covered, len(named - {""}), familiar, instead)


@record
class Kept:
    """What was read behind the links, by address."""

    inside: Inside | None = None
    notes: Mapping[str, Note] = {}  # what was found out about links
    summaries: Mapping[str, Summary] = {}


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


def answers(clues: Sequence[Clue], inner: Inner, before: Hit | None = None) -> bool:
    """Whether a passage answers by itself: it says nearly all, and that is not little; and much
    more than an entry that may answer, if there is one.

    Of a question with a word of another field more is asked: that word, and one thing more. A name
    that nobody knows but the page is enough.
    """
    if before is not None and not _says_much_more(clues, inner, before):
        return False
    if clues and all(clue.strange for clue in clues) and inner.covered >= 1.0:
        return True
    foreign = any(clue.elsewhere for clue in clues)
    if not inner.familiar or inner.clues < LEAST_CLUES + foreign:
        return False
    weight = sum(clue.weight for clue in clues)
    is_much = weight * inner.covered >= WEIGHT or _stands_so(clues, inner.text)
    return inner.covered >= ANSWERS and is_much


def _stands_so(clues: Sequence[Clue], text: str) -> bool:
    """Whether a passage has the words of a question side by side: as a name is written, and one
    that was taken apart, for no dictionary has it.
    """
    words = [re.escape(clue.typed.lower()) for clue in clues]
    name = ("" if all(map(has_han, words)) else r"\s+").join(words)
    return len(words) > 1 and bool(re.search(rf"(?<![a-z0-9]){name}(?![a-z0-9])", text.lower()))


def _says_much_more(clues: Sequence[Clue], inner: Inner, hit: Hit) -> bool:
    """Whether a passage says what an entry does not say, nor its own pages: most of the question,
    in words that weigh as much as two telling ones.
    """
    told = confidence.coverage(clues, {*hit.explanation.fields, *hit.explanation.shares})
    more = inner.covered - max(told, hit.inner.covered if hit.inner else 0.0)
    weight = more * sum(clue.weight for clue in clues)
    return more >= MORE and (weight >= WEIGHT or _stands_so(clues, inner.text))


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
    entries = [known[at] for at in array("I", tables["places"])]
    notes: Mapping[str, Note] = tables["notes"]
    ours = [at for at, entry in enumerate(entries) if entry >= 0]
    among = None if len(ours) == len(entries) else index.mask(ours)
    opened = Inside(index, Rows(tables["pieces"], tuple), entries, notes, among) if ours else None
    said = {url: Summary(**one) for url, one in tables.get("summaries", {}).items()}
    return Kept(opened, notes, said)
