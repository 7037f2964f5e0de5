"""A page cut into passages of 100 to 200 terms, at the ends of sentences, page by page and heading
by heading: what is searched beyond the curated fields. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus.language import has_han
from corpus.model import Extract, Part, Piece
from retrieval.reading import sentences
from retrieval.tokenize import Tokenizer

LEAST, MOST = 100, 200  # terms; the last of a part may have fewer
_LONGEST = {False: 900, True: 300}  # characters of a sentence, Chinese or not: more is cut
_BLANKS = " ，；、,;"  # where that is done
_TOLD = 60  # characters by which an abstract is found again in its page
_NOT_SEARCHED = ("#", "~", "^")


def cut(extract: Extract, tokenizer: Tokenizer) -> tuple[Piece, ...]:
    """The passages of a page, in order. A heading's words count in each of its own.

    An abstract that stands nowhere in the page, as a video's description, is one before them.
    """
    parts = list(extract.parts)
    beginning = "".join(extract.abstract.split())[:_TOLD]
    if beginning and not any(beginning in "".join(part.text.split()) for part in parts):
        parts.insert(0, Part(extract.abstract))
    return tuple(piece for part in parts for piece in _pieces(part, tokenizer))


def _pieces(part: Part, tokenizer: Tokenizer) -> Iterator[Piece]:
    named = _terms(part.heading, tokenizer)
    held: list[str] = []
    terms: list[str] = []
    for sentence, found in _sentences(part, tokenizer):
        if _is_full(len(terms), len(found)):
            yield Piece(_joined(held), part.page, part.heading, tuple(named + terms))
            held, terms = [], []
        held.append(sentence)
        terms += found
    if terms:
        yield Piece(_joined(held), part.page, part.heading, tuple(named + terms))


def _is_full(held: int, more: int) -> bool:
    """Whether a passage of so many terms ends before a sentence of so many."""
    return (held >= LEAST and held + more > MOST - LEAST // 2) or (
        held >= LEAST // 2 and held + more > MOST
    )


def _sentences(part: Part, tokenizer: Tokenizer) -> Iterator[tuple[str, list[str]]]:
    for block in part.text.split("\n"):
        first = True
        for start, end in sentences(block):
            for stretch in _stretches(block[start:end]):
                yield ("\n" if first else "") + stretch, _terms(stretch, tokenizer)
                first = False


def _stretches(text: str) -> Iterator[str]:
    """A sentence, or the stretches of one that does not end."""
    longest = _LONGEST[has_han(text)]
    while len(text) > longest:
        at = max(text.rfind(mark, longest // 2, longest) for mark in _BLANKS)
        at = longest if at < 0 else at + 1
        yield text[:at].strip()
        text = text[at:].strip()
    if text:
        yield text


def _terms(text: str, tokenizer: Tokenizer) -> list[str]:
    return [term for term in tokenizer(text) if not term.startswith(_NOT_SEARCHED)]


def _joined(held: Sequence[str]) -> str:
    """Sentences as they stood: what begins a paragraph begins a line."""
    text = ""
    for sentence in held:
        between = " " if text and (text[-1].isascii() or sentence[0].isascii()) else ""
        text += sentence if sentence[0] == "\n" else between + sentence
    return text.strip()
