"""A page cut into passages of 100 to 200 terms, at the ends of sentences, page by page and heading
by heading: what is searched beyond the curated fields. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus.model import Extract, Part, Piece
from retrieval.reading import sentences
from retrieval.tokenize import Tokenizer

LEAST, MOST = 100, 200  # terms; the last of a part may have fewer
_LONGEST = 1200  # characters of a sentence: what is longer is no sentence, and cut at a blank
_NOT_SEARCHED = ("#", "~", "^")


def cut(extract: Extract, tokenizer: Tokenizer) -> tuple[Piece, ...]:
    """The passages of a page, in order. A heading's words count in each of its own."""
    return tuple(piece for part in extract.parts for piece in _pieces(part, tokenizer))


def _pieces(part: Part, tokenizer: Tokenizer) -> Iterator[Piece]:
    named = _terms(part.heading, tokenizer)
    held: list[str] = []
    terms: list[str] = []
    for sentence, found in _sentences(part, tokenizer):
        if held and (len(terms) >= LEAST and len(terms) + len(found) > MOST - LEAST // 2):
            yield Piece(_joined(held), part.page, part.heading, tuple(named + terms))
            held, terms = [], []
        held.append(sentence)
        terms += found
    if terms:
        yield Piece(_joined(held), part.page, part.heading, tuple(named + terms))


def _sentences(part: Part, tokenizer: Tokenizer) -> Iterator[tuple[str, list[str]]]:
    for block in part.text.split("\n"):
        for start, end in sentences(block):
            for stretch in _stretches(block[start:end]):
                yield stretch, _terms(stretch, tokenizer)


def _stretches(text: str) -> Iterator[str]:
    """A sentence, or the stretches of one that does not end."""
    while len(text) > _LONGEST:
        at = text.rfind(" ", _LONGEST // 2, _LONGEST)
        at = _LONGEST if at < 0 else at
        yield text[:at].strip()
        text = text[at:].strip()
    if text:
        yield text


def _terms(text: str, tokenizer: Tokenizer) -> list[str]:
    return [term for term in tokenizer(text) if not term.startswith(_NOT_SEARCHED)]


def _joined(held: Sequence[str]) -> str:
    text = ""
    for sentence in held:
        between = " " if text and (text[-1].isascii() or sentence[0].isascii()) else ""
        text += between + sentence
    return text
