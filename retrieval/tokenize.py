"""Turn text into terms, the same way for passages, questions and highlights.

A text gives English words as stems, Chinese words as jieba's search mode cuts them, and the names
of the lexicon (`=parameter server`, `@google`, `#paper`) wherever a phrase for one stands, in
either language. A name is what lets a question in one language find a passage in the other.
"""

from __future__ import annotations

import marshal
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

from corpus.pattern import pattern
from retrieval import alike, phrasebook, worddict
from retrieval.alike import Alike
from retrieval.background import UNKNOWN, English
from retrieval.fold import Folded, fold
from retrieval.lexicon import Lexicon
from retrieval.model import Term
from retrieval.packed import Table, pack
from retrieval.stem import Stems

if TYPE_CHECKING:
    from retrieval.segment import Segmenter

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PIECE = pattern(rf"(?P<han>[{_HAN}]+)|\d+(?:\.\d+)+|[^\W_{_HAN}]+(?:\+\+|#(?!\w))?")
_WORD = pattern(r"\d+(?:\.\d+)+|[^\W_]+(?:\+\+|#(?!\w))?")  # the same, without Chinese
EVERYDAY, RARE = 6.2, 3.5  # Zipf values
_HYPHEN = re.compile(r"[-‐‑–]")
# What may stand between two words of one phrase: "Wide & Deep", "llama.cpp".
_CLOSE = re.compile(r"[\s'’\-‐‑–_/·]{0,2}|\.| ?[&+] ?")
_INITIAL = re.compile(r"\. ?")  # and after a single letter: "Michael I. Jordan"

Place = tuple[int, int, str]  # of a term: its start, its end below zero, its text; they sort so


class Piece(NamedTuple):
    """A word, or a run of Chinese, of a folded text; `gap` is what stands before it."""

    text: str
    start: int
    end: int
    han: bool
    gap: str


class Tokenizer:
    """Text to terms with a lexicon."""

    def __init__(self, source: Lexicon | Mapping[str, Any], folder: Path | None = None) -> None:
        """Grow what is needed of a lexicon, or take what an earlier tokenizer has `grown`.

        `folder` is where the segmenter's words are kept, to be mapped instead of loaded.
        """
        self._folder = folder
        self._listed = frozenset(source.stop if isinstance(source, Lexicon) else source["listed"])
        self.stem = lru_cache(maxsize=16384)(Stems(self._listed))
        self._grown = self._grow(source) if isinstance(source, Lexicon) else source
        self.tree = Table(self._grown["tree"])
        self._neighbours = Table(self._grown["neighbours"])
        self._stop: frozenset[str] = self._grown["stop"]
        self._variants: Mapping[str, str] = self._grown["variants"]
        self._letters: Mapping[str, str] = self._grown["letters"]
        self._genres: frozenset[str] = self._grown["genres"]
        self.alike = Alike(self._grown)
        self.beginnings = frozenset[str](self._grown["beginnings"])  # of names, in Chinese
        self._english = English()
        self.rarity = lru_cache(maxsize=16384)(self._measure)
        self._usual = lru_cache(maxsize=16384)(lambda word: self.zipf(fold(word).text))
        self.zipf = lru_cache(maxsize=16384)(self._zipf)
        self.cut = lru_cache(maxsize=2048)(self._cut)
        # A question is read twice, to mend it and to search it.
        self.read = lru_cache(maxsize=64)(self._read)

    def terms(self, text: str, han: bool = True) -> list[Term]:
        """Every term, in order of place, with spans in the text as given.

        Without `han` the Chinese words are left out, but not the names: jieba is not needed then.
        """
        folded, pieces = self.read(text)
        found = [*self._words(pieces, han)]
        if _HYPHEN.search(folded.text):
            found += self._joined(pieces)
        found += self._names(pieces, lambda start, end: text[slice(*folded.span(start, end))])
        found.sort()
        if folded.stays:
            return [Term(word, start, -back) for start, back, word in found]
        return [Term(word, *folded.span(start, -back)) for start, back, word in found]

    def fold(self, text: str) -> Folded:
        """A text folded, and its spellings made ours: 分散式 is 分布式."""
        folded = fold(text)
        if text.isascii():
            return folded
        written, begins = folded.text, self._spellings
        letters = begins.keys() & {*written}
        varies = [1 for letter in letters for word in begins[letter] if word in written]
        return folded.replaced(self._variant, self._variants) if varies else folded  # few do

    def __call__(self, text: str) -> list[str]:
        """The texts of the terms alone, as the index takes them."""
        return [term.text for term in self.terms(text)]

    def _measure(self, word: str) -> float:
        """How rare a word is in its language, 0 (everyday) to 1 (three in a million or less)."""
        return min(max((EVERYDAY - self._usual(word)) / (EVERYDAY - RARE), 0.0), 1.0)

    @cached_property
    def segment(self) -> Segmenter:
        """What cuts Chinese. The same words are kept in the same file, whatever else changes."""
        from retrieval.segment import Segmenter  # 4 ms that an English question does not pay

        words = self._grown["words"]
        path = self._folder / f"{worddict.NAME}{crc32(words):08x}" if self._folder else None
        return Segmenter(marshal.loads(words), path)

    def neighbours(self, unit: str) -> tuple[Sequence[str], Sequence[str]]:
        """The stems or characters before and after one in the names of the lexicon."""
        befores, afters = self._neighbours.get(unit, ((), ()))
        return befores, afters

    @cached_property
    def _spellings(self) -> dict[str, list[str]]:
        """The spellings that are not ours, by the letter they begin with."""
        found: dict[str, list[str]] = {}
        for word in self._variants:
            found.setdefault(word[0], []).append(word)
        return found

    @cached_property
    def _variant(self) -> re.Pattern[str]:
        return re.compile("|".join(sorted(self._variants, key=len, reverse=True)))

    def grown(self) -> Mapping[str, Any]:
        """What was worked out from the lexicon, in values that marshal takes."""
        return self._grown

    def _grow(self, lexicon: Lexicon) -> dict[str, Any]:
        variants = ((fold(a).text, fold(b).text) for a, b in lexicon.variants.items())
        return {
            "tree": pack(phrasebook.plant(lexicon, self._units)),
            "listed": lexicon.stop,
            "genres": frozenset("=" + name for name in lexicon.genres),
            "stop": lexicon.stop | {self.stem(word) for word in lexicon.stop if word.isascii()},
            "letters": phrasebook.letters(lexicon),
            "variants": {a: b for a, b in variants if a != b},
            "words": marshal.dumps(_han_words(lexicon)),
            "beginnings": phrasebook.beginnings(lexicon, self._units),
            "neighbours": pack(phrasebook.neighbours(lexicon, self._units)),
            **alike.grown(lexicon, self.stem),
        }

    def _read(self, text: str) -> tuple[Folded, Sequence[Piece]]:
        """A text folded, and the words and Chinese runs of that."""
        folded = self.fold(text)
        return folded, tuple(_pieces(folded.text))

    def _zipf(self, word: str) -> float:
        """How common a folded word is in its language."""
        return self._english.zipf(word) if word.isascii() else self.segment.zipf(word)

    def _cut(self, run: str) -> tuple[tuple[str, int, int], ...]:
        """The words of a Chinese run; asked for twice, to mend it and to search it."""
        found: list[tuple[str, int, int]] = []
        for words in _overlapping(list(self.segment(run))):
            alone = len(words) == 1
            found += words if alone else [one for one in words if not self._is_chance(one, words)]
        return tuple(found)

    def _is_chance(self, word: tuple[str, int, int], words: Sequence[tuple[str, int, int]]) -> bool:
        """Whether a word lies across a commoner one: 习平 in 机器学习平台 is not meant."""
        text, start, end = word
        across = (
            other
            for other, first, last in words
            if first < start < last < end or start < first < end < last
        )
        return any(self.zipf(other) >= self.zipf(text) for other in across)

    def is_strange(self, word: str) -> bool:
        """Whether the language at large does not know a word: a name, or a slip."""
        return self._usual(word) == UNKNOWN

    def is_genre(self, terms: Iterable[str]) -> bool:
        """Whether terms name only how something is told: an introduction, a survey, lessons."""
        return not self._genres.isdisjoint(terms) and self._genres.issuperset(
            [term for term in terms if term[0] in "=@"]
        )

    def is_stop(self, word: str) -> bool:
        """Whether a folded word is listed as one without a subject."""
        return word in self._listed  # its stem is not meant: "several" has that of "sever"

    def knows(self, word: str) -> bool:
        """Whether a folded word stands in some phrase of the lexicon."""
        return self.stem(word) in self._neighbours

    def _words(self, pieces: Sequence[Piece], han: bool) -> Iterator[Place]:
        for word, start, end, is_han, _ in pieces:
            if is_han:
                yield from self._han(word, start) if han else ()
            elif word not in self._stop and (stem := self.stem(word)) not in self._stop:
                yield start, -end, stem

    def _han(self, run: str, place: int) -> Iterator[Place]:
        before = ""  # the character before, where jieba left it alone
        for word, start, end in self.cut(run):
            if kind := self._letters.get(word):
                yield place + start, -place - end, f"#{kind}"
            keep = word not in self._stop
            if keep:
                yield place + start, -place - end, word
            alone = keep and end - start == 1
            if alone and before:
                # a word that jieba does not know: its pairs of characters stand in for it
                yield place + start - 1, -place - end, before + word
            before = word if alone else ""

    def _joined(self, pieces: Sequence[Piece]) -> Iterator[Place]:
        """Words with a hyphen between as one word too: all-reduce is also allreduce."""
        chain: list[Piece] = []
        for piece in pieces:
            if not (chain and not piece.han and _HYPHEN.fullmatch(piece.gap)):
                yield from self._join(chain)
                chain = []
            if not piece.han:
                chain.append(piece)
        yield from self._join(chain)

    def _join(self, chain: Sequence[Piece]) -> Iterator[Place]:
        if len(chain) > 1:
            word = "".join(piece.text for piece in chain)
            yield chain[0].start, -chain[-1].end, self.stem(word)

    def _names(self, pieces, typed) -> Iterator[Place]:  # type: ignore[no-untyped-def]
        units: list[str | None] = []
        places: list[tuple[int, int]] = []
        before = None
        for piece in pieces:
            _, start, end, is_han, gap = piece
            if before and gap not in (" ", "") and not _close(before, piece):  # few
                units.append(None)
                places.append((start, start))
            units += self._piece_units(piece)
            places += [(at, at + 1) for at in range(start, end)] if is_han else ((start, end),)
            before = piece
        found = phrasebook.find(
            self.tree, units, lambda first, after: typed(places[first][0], places[after - 1][1])
        )
        widest: dict[str, int] = {}  # name -> where its last phrase ends: those inside are the same
        for name, first, after in sorted(found, key=lambda one: (one[1], -one[2])):
            if after > widest.get(name, 0):
                widest[name] = after
                yield places[first][0], -places[after - 1][1], name

    def _piece_units(self, piece: Piece) -> Sequence[str]:
        return piece.text if piece.han else (self.stem(piece.text),)

    def _units(self, folded: str) -> list[str]:
        return [unit for piece in _pieces(folded) for unit in self._piece_units(piece)]


def _overlapping(words: Sequence[tuple[str, int, int]]) -> list[list[tuple[str, int, int]]]:
    """The words of a run, each long one with those inside it, which jieba gives before it."""
    groups: list[list[tuple[str, int, int]]] = []
    for word in reversed(words):
        if not groups or word[1] < groups[-1][-1][1]:
            groups.append([])
        groups[-1].insert(0, word)
    return groups[::-1]


def _close(before: Piece, piece: Piece) -> bool:
    """Whether two pieces may be words of one phrase."""
    if _CLOSE.fullmatch(piece.gap):
        return True
    return len(before.text) == 1 and _INITIAL.fullmatch(piece.gap) is not None


def _pieces(folded: str) -> Iterator[Piece]:
    end = 0
    for match in (_WORD if folded.isascii() else _PIECE).finditer(folded):
        before = end
        start, end = match.span()
        yield Piece(match[0], start, end, match.lastgroup == "han", folded[before:start])


def _han_words(lexicon: Lexicon) -> list[str]:
    """The Chinese words of the lexicon, folded, for the segmenter to keep whole."""
    tables = (lexicon.concepts, lexicon.organisations, lexicon.kinds)
    names = [name for table in tables for names in table.values() for name in names]
    folded = {fold(name).text for name in names}
    return sorted(word for word in folded if len(word) > 1 and re.fullmatch(f"[{_HAN}]+", word))
