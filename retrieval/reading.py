"""A text as it is shown: its sentences, and where each of their terms stands.

What a catalog says is shown again and again: it is read once, and kept in the snapshot. Any other
text is read when it comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from corpus.model import Entry
from corpus.pattern import pattern
from retrieval.packed import Table, pack
from retrieval.tokenize import Tokenizer

Marks = Mapping[str, Sequence[int]]  # term -> start, end, start, end … from the sentence's start on
Sentence = tuple[int, int, Marks]  # its start and end in the text, and its terms

_STOP = pattern(
    r"[。！？]+[”’」』）》]*\s*"
    r"|(?<!\b[A-Za-z])(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)(?<!\betc)(?<!\bal)(?<!\bcf)(?<!\b[Nn]o)"
    r"[.!?]+[\"”’)]*\s+(?=[\"“‘(]?[A-Z0-9\u4e00-\u9fff])"
)


class Reader:
    """Reads texts with a tokenizer. Threads may share one."""

    def __init__(self, tokenizer: Tokenizer, known: Mapping[str, Sequence[Sentence]]) -> None:
        """`known` are the texts that have been read before."""
        self._tokenizer = tokenizer
        self._known = known
        self._reread = lru_cache(maxsize=2048)(self._read)

    def read(self, text: str, terms: Iterable[str]) -> Sequence[Sentence]:
        """The sentences of a text, and where the terms stand that are looked for.

        An English question need not load jieba to be marked: Chinese words may be left out then.
        """
        return self._known.get(text) or self._reread(text, not all(map(str.isascii, terms)))

    def _read(self, text: str, han: bool) -> Sequence[Sentence]:
        return tuple(_sentences(text, self._tokenizer, han))


def kept(entries: Iterable[Entry], tokenizer: Tokenizer) -> bytes:
    """All that a catalog says, read and packed."""
    texts = {text: None for entry in entries for text in _texts(entry) if text}
    return pack({text: tuple(_sentences(text, tokenizer, han=True)) for text in texts})


def restored(packed: bytes, tokenizer: Tokenizer) -> Reader:
    """The reader who knows what was kept."""
    return Reader(tokenizer, Table(packed))


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of a text start and end, without the blanks around them."""
    start = 0
    for end in (*(stop.end() for stop in _STOP.finditer(text)), len(text)):
        sentence = text[start:end]
        if held := sentence.strip():
            first = start + sentence.index(held)
            yield first, first + len(held)
        start = end


def _sentences(text: str, tokenizer: Tokenizer, han: bool) -> Iterator[Sentence]:
    for start, end in sentences(text):
        marks: dict[str, tuple[int, ...]] = {}
        for term in tokenizer.terms(text[start:end], han):
            marks[term.text] = (*marks.get(term.text, ()), term.start, term.end)
        yield start, end, marks


def _texts(entry: Entry) -> Iterator[str]:
    yield entry.title
    for text in (entry.titles, entry.summary, *(fact.text for fact in entry.facts)):
        yield from (text.en, text.zh)
