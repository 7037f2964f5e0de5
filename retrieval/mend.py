"""Mend slips of the finger: English words one or two letters off, Chinese words that sound or look
alike.

Only words that neither the catalog nor the lexicon knows are touched, and a word that English has
is replaced only where that completes a phrase of the field ("paramter sever"). A word that nothing
is near to stays as it was typed.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence, Set
from functools import cached_property, lru_cache
from pathlib import Path

from corpus.record import record
from retrieval import lookalikes
from retrieval.lexicon import FOLDER
from retrieval.lookalikes import SHORTEST, distance, letters, plausible
from retrieval.phrasebook import END, Root
from retrieval.tokenize import Piece, Tokenizer

LONG = 8  # letters of a word in which there may be two slips: sandler is no saddle
SHORTEST_HAN = 3  # characters of a phrase, that may be mended
SHORTEST_SHAPE = 2  # the same, where one character only looks like another: few do
BRIEF_HAN = 4  # characters of a phrase that one character makes another one
SHORT_HAN, RARE_HAN = 2, 4.0  # characters and Zipf value of a word that may be a wrong homophone
EVERYDAY = 4.85  # Zipf value of a character that is a word by itself: 在, 和, 份
NUMERALS = "零一二三四五六七八九十百千万亿两几"  # 百亿 is not 万亿, though both can sound alike
_Path = tuple[Root, str, int]  # where a phrase goes on in the tree, the phrase, its slips
REAL = 0.1  # Zipf value from which a word is taken to be meant: every word that the table lists


@record
class Correction:
    """A stretch of a question and what was searched in its place."""

    start: int
    end: int
    typed: str
    meant: str


class Mender:
    """The words that may be meant: the catalog's and the lexicon's, with how often they occur."""

    def __init__(
        self, tokenizer: Tokenizer, words: Mapping[str, int], tables: Path = FOLDER
    ) -> None:
        self._tokenizer = tokenizer
        self._doubts = lru_cache(maxsize=16384)(self._is_doubtful)
        self._words = words
        self._tables = tables
        self._first: dict[str, list[tuple[str, Root]]] = {}

    @cached_property
    def _near(self) -> Mapping[str, Sequence[tuple[str, int, int]]]:
        """The words by what a slip leaves as it was: the first letter (and length, for such are
        many), all others, or which; with their lengths and letters.
        """
        found: dict[str, list[tuple[str, int, int]]] = {}
        for word in filter(self._words.get, self._words):
            known = (word, len(word), letters(word))
            for left in (f"{word[0]}{len(word)}", word[1:], "".join(sorted(word))):
                found.setdefault(left, []).append(known)
        return found

    @cached_property
    def _sounds(self) -> dict[str, str]:
        """Every character and those that may be meant by it."""
        found = lookalikes.by_sound(self._tables / "pinyin.tsv")
        for letter, others in self._shapes.items():
            found[letter] = found.get(letter, "") + others
        return found

    @cached_property
    def _shapes(self) -> dict[str, str]:
        return lookalikes.by_shape(self._tables / "shapes.tsv")

    def mend(self, text: str, named: Container[str] = ()) -> tuple[str, tuple[Correction, ...]]:
        """The text with its slips mended, and each of them; `named` are stems of names."""
        folded, pieces = self._tokenizer.read(text)
        strange = {
            at: text[slice(*folded.span(piece.start, piece.end))]
            for at, piece in enumerate(pieces)
            if not piece.han and self._strange(piece.text) and not self._is_named(piece.text, named)
        }
        found = [*(self._latin(pieces, strange) if strange else ()), *self._han(pieces)]
        corrections = []
        for start, end, meant in sorted(found):
            start, end = folded.span(start, end)
            corrections.append(Correction(start, end, text[start:end], meant))
        for one in reversed(corrections):
            text = text[: one.start] + one.meant + text[one.end :]
        return text, tuple(corrections)

    def _latin(
        self, pieces: Sequence[Piece], strange: Mapping[int, str]
    ) -> Iterator[tuple[int, int, str]]:
        """Mended words, the sure ones first, so that they help their neighbours."""
        meant = [piece.text for piece in pieces]
        doubtful = []
        for at in sorted(strange):
            if _is_name(strange[at]):
                meant[at] = self._nearest_name(meant[at])
            elif self._tokenizer.zipf(meant[at]) >= REAL:
                doubtful.append(at)
            elif best := self._nearest(meant[at]):
                meant[at] = best
        for at in doubtful:
            stems = self._completing(meant, at)
            if stems and (best := self._nearest(meant[at], stems)):
                meant[at] = best
        for piece, word in zip(pieces, meant, strict=True):
            if word != piece.text:
                yield piece.start, piece.end, word

    def _is_named(self, word: str, named: Container[str]) -> bool:
        """Whether a word of no dictionary is a name all the same."""
        return self._tokenizer.zipf(word) < REAL and self._tokenizer.stem(word) in named

    def _strange(self, word: str) -> bool:
        """Whether a word is none that the catalog or the lexicon holds."""
        return (
            len(word) >= SHORTEST
            and word.isascii()
            and word.isalpha()
            and word not in self._words
            and not self._tokenizer.is_stop(word)
            and not self._is_inflected(word)
        )

    def _is_inflected(self, word: str) -> bool:
        """Whether a word is another form of one that the lexicon has: a stem is not its word.

        "sever" is the stem of "several", which stands in the lexicon.
        """
        doer = word.removesuffix("s").removesuffix("er")
        return doer in self._words or (
            self._tokenizer.knows(word) and self._tokenizer.stem(word) != word
        )

    def _completing(self, words: Sequence[str], at: int) -> set[str]:
        """The stems that make a phrase of the lexicon with the word before or after a place."""
        stems: set[str] = set()
        for beside, side in ((at - 1, 1), (at + 1, 0)):  # what follows the one, leads to the other
            if 0 <= beside < len(words) and not self._tokenizer.is_stop(words[beside]):
                stems.update(self._tokenizer.neighbours(self._tokenizer.stem(words[beside]))[side])
        return stems

    def _nearest(self, word: str, stems: Container[str] | None = None) -> str | None:
        """The known word, of those with some stems if so, that one is most likely a slip of."""
        limits = (1, 2) if len(word) >= LONG else (1,)
        for limit in limits:  # most have one slip, which is soon seen
            near = [
                (slips, word[0] != other[0], -self._words[other], other)
                for other in self._like(word, limit)
                if (stems is None or self._tokenizer.stem(other) in stems)
                and plausible(word, other)
                and (slips := distance(word, other, limit)) <= limit
            ]
            if near:
                return min(near)[-1]
        return None

    def _like(self, word: str, limit: int) -> set[str]:
        """The known words that may be so few slips apart."""
        size, bits = len(word), letters(word)
        begun = [f"{word[0]}{length}" for length in range(size - limit, size + limit + 1)]
        return {
            other
            for key in (*begun, word[1:], word, "".join(sorted(word)))
            for other, its_size, its_letters in self._near.get(key, ())
            if -limit <= size - its_size <= limit and (bits ^ its_letters).bit_count() <= 2 * limit
        }

    def _nearest_name(self, word: str) -> str:
        """The name that a name is a slip of: DitsBelief, GPippe; but LeNet is no SENet."""
        other = self._nearest(word) or word
        short = len(word) == len(other) < LONG and sorted(word) != sorted(other)
        real = max(map(self._tokenizer.zipf, (word, other))) >= REAL
        return word if short or real or distance(word, other, 1) > 1 else other

    def _han(self, pieces: Sequence[Piece]) -> Iterator[tuple[int, int, str]]:
        for piece in pieces:
            if piece.han and len(piece.text) >= SHORTEST_SHAPE:
                yield from self._sounding(piece)

    def _sounding(self, piece: Piece) -> Iterator[tuple[int, int, str]]:
        """Phrases of the lexicon that sound like a stretch which no word of the language fills."""
        held, doubtful = set[int](), set[int]()
        for word, start, end in self._tokenizer.cut(piece.text):
            if end - start > 1:
                (doubtful if self._doubts(word) else held).update(range(start, end))
        if not doubtful and len(held) == len(piece.text):
            return
        loose = doubtful.union(range(len(piece.text))) - (held - doubtful)
        slips = self._slips(piece.text, loose)
        found, begins = [], self._tokenizer.beginnings
        letters = enumerate(piece.text[: max(slips, default=-1) + 1])
        for start in [at for at, letter in letters if at in slips or letter in begins]:
            for end, phrase, wrong in self._alike(piece.text, start, slips):
                if (
                    end - start >= self._least(piece.text, start, phrase, doubtful)
                    and 0 < wrong <= (end - start) // 2
                    and not self._is_meant(piece.text[start:end], phrase, loose, start)
                ):
                    found.append((start - end, wrong, start, end, phrase))
        taken: list[tuple[int, int]] = []
        for _, _, start, end, phrase in sorted(found):
            if all(end <= first or last <= start for first, last in taken):
                taken.append((start, end))
                yield piece.start + start, piece.start + end, phrase

    def _least(self, run: str, start: int, phrase: str, doubtful: Container[int]) -> int:
        """How long a phrase must be to be meant."""
        slips = [at for at, letter in enumerate(phrase, start) if run[at] != letter]
        if any(at in doubtful for at in range(start, start + len(phrase))):
            return BRIEF_HAN
        looks = all(
            phrase[at - start] in self._shapes.get(run[at], "")
            and self._tokenizer.zipf(run[at]) < EVERYDAY
            for at in slips
        )
        return SHORTEST_SHAPE if looks else SHORTEST_HAN

    def _is_doubtful(self, word: str) -> bool:
        """Whether a short word is too rare to stand firm: 剃度 where 梯度 makes a phrase."""
        rare = len(word) == SHORT_HAN and self._tokenizer.zipf(word) < RARE_HAN
        return rare and not self._tokenizer.terms(word, han=False)

    def _slips(self, run: str, loose: Set[int]) -> Set[int]:
        """Those of the loose characters that may be wrong: beside a right one, or beside such.

        Most questions are done with here, a tenth of the time of looking for the phrases.
        """
        found = {at for at in loose if run[at] not in NUMERALS and self._may_be_slip(run, at)}
        if not found:
            return found
        beside = {at + step for at in found for step in (-1, 1)} & loose
        return found | {at for at in beside if run[at] not in NUMERALS}

    def _may_be_slip(self, run: str, at: int) -> bool:
        """Whether one that sounds so stands beside a neighbour in some name: one is right."""
        sounding = self._sounds.get(run[at], "")
        _, afters = self._tokenizer.neighbours(run[at - 1]) if at and sounding else ((), ())
        if any(map(sounding.__contains__, afters)):
            return True
        beside = sounding and at + 1 < len(run)
        befores, _ = self._tokenizer.neighbours(run[at + 1]) if beside else ((), ())
        return any(map(sounding.__contains__, befores))

    def _is_meant(self, typed: str, phrase: str, loose: Container[int], start: int) -> bool:
        """Whether an everyday character stands by a word by right: 技术在, not a slip of 技术债."""
        slips = [at for at, letter in enumerate(typed) if letter != phrase[at]]
        if all(self._tokenizer.zipf(typed[at]) < EVERYDAY for at in slips):
            return False
        if len(typed) <= BRIEF_HAN:
            return sum(start + at in loose for at in range(len(typed))) == len(slips)
        rest = typed[1:] if slips == [0] else typed[:-1] if slips == [len(typed) - 1] else ""
        return any(n.end - n.start == len(rest) for n in self._tokenizer.terms(rest, han=False))

    def _alike(self, run: str, start: int, slips: Set[int]) -> Iterator[tuple[int, str, int]]:
        """(end, phrase, slips) of the phrases that a stretch from `start` on may be meant for."""
        letter, last = run[start], max(slips)
        sounding = self._sounds.get(letter, "") if start in slips else ""
        paths = [(node, one, int(one != letter)) for one, node in self._begins(letter + sounding)]
        for at, letter in enumerate(run[start + 1 :], start + 1):
            if at > last:  # what has none now has none at its end
                paths = [path for path in paths if path[2]]
            if not paths:
                return
            sounding = self._sounds.get(letter, "") if at in slips else ""
            paths = _followed(paths, letter, sounding)
            for node, phrase, wrong in paths:
                if wrong and END in node and any(name[0] in "=@" for name, _ in node[END]):
                    yield at + 1, phrase, wrong

    def _begins(self, letters: str) -> list[tuple[str, Root]]:
        """What begins so in the tree, which is packed, and holds words of other fields."""
        first = self._first.get(letters)
        if first is None:
            begins = filter(self._tokenizer.beginnings.__contains__, letters)
            first = self._first[letters] = [(one, self._tokenizer.tree[one]) for one in begins]
        return first


def _followed(paths: Sequence[_Path], letter: str, sounding: str) -> list[_Path]:
    """The paths that go on by a character, and by those that sound like it."""
    found = [
        (node[letter], phrase + letter, slips) for node, phrase, slips in paths if letter in node
    ]
    for node, phrase, slips in paths if sounding else ():
        others = [other for other in node if other in sounding and other != END]  # few go on
        found += [(node[one], phrase + one, slips + (one != letter)) for one in others]
    return found


def _is_name(word: str) -> bool:
    """Whether a capital stands inside a word: most likely it is meant as it is typed."""
    return not word[1:].islower() and not word.isupper() and word.isascii() and word.isalpha()
