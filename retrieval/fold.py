"""Text folded for matching: width, case, accents and script, with the way back to the original.

NFKC, case folding, accents off (Latin only in effect: Han has none), Traditional to Simplified.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

from corpus.language import simplify
from corpus.record import record

_BLANK = dict.fromkeys((*range(32), 127), " ")  # ASCII's control characters


@record
class Folded:
    """A folded text, and for each of its characters the position in the original."""

    text: str
    origins: Sequence[int]  # one longer than the text; a range where all stays in its place

    @property
    def stays(self) -> bool:
        """Whether every character is in its place."""
        return isinstance(self.origins, range)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original behind a stretch of the folded text.

        It goes on to the next letter that was kept: an accent written after its letter belongs to
        it.
        """
        if self.stays:
            return start, end
        if end == start:
            return self.origins[start], self.origins[start]
        return self.origins[start], max(self.origins[end - 1] + 1, self.origins[end])

    def replaced(self, pattern: re.Pattern[str], words: Mapping[str, str]) -> Folded:
        """The folded text with some words written another way; each stands for the old stretch."""
        parts: list[str] = []
        origins: list[int] = []
        end = 0
        for match in pattern.finditer(self.text):
            word = words[match[0]]
            parts += [self.text[end : match.start()], word]
            origins += self.origins[end : match.start()]
            last = match.end() - 1
            origins += [self.origins[min(match.start() + at, last)] for at in range(len(word))]
            end = match.end()
        if not end:
            return self
        return Folded("".join([*parts, self.text[end:]]), [*origins, *self.origins[end:]])


@lru_cache(maxsize=64)  # a question is folded to be read, and to be held against titles
def fold(text: str) -> Folded:
    """Fold a text. Lone surrogates and control characters become spaces."""
    if text.isascii():
        return Folded(text.lower().translate(_BLANK), range(len(text) + 1))
    letters = [*map(_fold, text)]
    folded = _simplified("".join(letters))
    if len(folded) == len(letters) and "" not in letters:  # one for one
        return Folded(folded, range(len(text) + 1))
    origins = [position for position, parts in enumerate(letters) for _ in parts]
    return Folded(folded, [*origins, len(text)])


@lru_cache(maxsize=8192)
def _fold(letter: str) -> str:
    if unicodedata.category(letter) in ("Cc", "Cf", "Cs"):
        # A soft hyphen or a right-to-left mark inside a word does not part it.
        return "" if unicodedata.category(letter) == "Cf" else " "
    decomposed = unicodedata.normalize("NFKD", letter).casefold()
    return "".join(part for part in decomposed if not unicodedata.combining(part))


def _simplified(text: str) -> str:
    """Simplified, of the same length: spans must hold."""
    converted = simplify(text)
    if len(converted) == len(text):
        return converted
    return "".join(simple if len(simple := simplify(letter)) == 1 else letter for letter in text)
