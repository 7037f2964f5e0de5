"""Whether a passage of a page answers a question by itself, or stands before an entry that may."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from corpus.language import has_han
from corpus.pattern import pattern
from retrieval import numerals, saying
from retrieval.model import Clue, Confidence, Hit, Inner, Result
from retrieval.reading import sentences
from retrieval.saying import Sought
from retrieval.tokenize import Tokenizer

ANSWERS = 0.5  # of a question: what brings an entry up that does not answer by itself
TOGETHER = 0.56  # and what a sentence or two say, where that counts
STRENGTH = 1.0  # and how strongly it must say that
PLAIN = 0.75  # of a question: what a passage says for sure, wherever its words stand
FOREIGN = 0.9  # of its strength counts a passage in the other language than the question
NEAR = 0.6  # and to be told as what is nearest
LEAST_CLUES = 2
OWN_NAME = 0.7  # so much less is enough beside a name that only the page has
OWN_NUMBER = 0.8  # and where a number is asked for, and told
GAIN = 0.55  # of weight: what a passage says more than an entry that may answer, to stand before it
STRONG = 1.4  # and how strongly
# Instead, where a number is asked for: an entry tells what a work is about, and few figures.
NUMBER, STRONG_NUMBER = 0.05, 1.2
_HOW_MANY = pattern(
    r"(?i)\bhow (?:many|much|often|long|large|big|fast|far|soon|high|low|small|old|late|quickly)\b"
    r"|\bwhat (?:share|fraction|percentage|percent|proportion)\b"
    r"|多少|多久|多长|多大|多快|多高|几(?![乎何率])|百分之几|哪[一]?年|比例"
)
_COUNTED = pattern(
    r"(?i)\d|[一二三四五六七八九十百千万两半]"
    rf"|\b(?:{'|'.join(numerals.ENGLISH)}|half|third|quarter|twice"
    r"|\w+teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundred|thousand|[mb]illion)s?\b"
)


def leading(
    found: Mapping[int, Inner],
    sought: Sought,
    tokenizer: Tokenizer,
    result: Result,
    before: Hit | None = None,
) -> tuple[int, Confidence] | None:
    """The entry whose passage is told first, and how sure it is; None where none is. `before` is
    the entry that may answer, if there is one.
    """
    best = strongest(found, sought.query.text)
    told = None if best is None else sureness(sought, found[best], tokenizer, result, before)
    return None if best is None or told is None else (best, told)


def strongest(found: Mapping[int, Inner], question: str) -> int | None:
    """The entry whose passage says it best; of two alike, the one in the question's language."""
    is_han = has_han(question)

    def strength(entry: int) -> float:
        inner = found[entry]
        return inner.strength * (1.0 if has_han(inner.text) == is_han else FOREIGN)

    return max(found, key=strength, default=None)


def sureness(
    sought: Sought, inner: Inner, tokenizer: Tokenizer, result: Result, before: Hit | None = None
) -> Confidence | None:
    """How sure a passage is, which is then told first; None where it does not come first."""
    if answers(sought, inner, tokenizer, before):
        return "maybe"
    near = inner.familiar and inner.clues >= LEAST_CLUES and inner.strength >= NEAR
    return "nothing" if near and result.confidence == "nothing" else None


def answers(sought: Sought, inner: Inner, tokenizer: Tokenizer, before: Hit | None = None) -> bool:
    """Whether a passage answers by itself: it says most of the question, and that is not little;
    and much more than an entry that may answer, if there is one.

    Before an entry, or with words of another field, it must say so in a sentence or two. A name
    that nobody knows but the page is enough.
    """
    clues = sought.clues
    asked = sought.asks_for(inner.page)
    if before is not None and not (asked or _says_much_more(sought, inner, before)):
        return False
    if clues and all(clue.strange for clue in clues) and inner.covered >= 1.0:
        return True
    pointed = asked or _has_own_name(clues, inner.text)
    if not inner.familiar or inner.clues < (1 if pointed else LEAST_CLUES):
        return False
    is_plain = inner.covered >= PLAIN and inner.strength >= STRONG and inner.clues > LEAST_CLUES
    doubted = before is not None or (any(clue.elsewhere for clue in clues) and not is_plain)
    if doubted and not pointed and not _together(sought, inner, tokenizer):
        return False
    told = OWN_NAME if pointed else OWN_NUMBER if _counts(sought.query.text, inner.text) else 1.0
    least = STRENGTH * told
    is_much = inner.strength >= least or _stands_so(clues, inner.text)
    return inner.covered >= ANSWERS and is_much


def _has_own_name(clues: Sequence[Clue], text: str) -> bool:
    """Whether a passage has a name out of the question that the language at large does not know."""
    return any(clue.strange and clue.typed.lower() in text.lower() for clue in clues)


def _together(sought: Sought, inner: Inner, tokenizer: Tokenizer) -> bool:
    """Whether what a passage says of a question stands in a sentence of it and the next."""
    said = [set(tokenizer(inner.text[start:end])) for start, end in sentences(inner.text)]
    pairs = [first | second for first, second in zip(said, [*said[1:], set()], strict=True)]
    shares = [saying.said(sought.wants, pair, inner.names).covered for pair in pairs]
    return max(shares, default=0.0) >= TOGETHER


def _stands_so(clues: Sequence[Clue], text: str) -> bool:
    """Whether a passage has the words of a question side by side: as a name is written, and one
    that was taken apart, for no dictionary has it.
    """
    words = [re.escape(clue.typed.lower()) for clue in clues]
    name = ("" if all(map(has_han, words)) else r"\s+").join(words)
    return len(words) > 1 and bool(re.search(rf"(?<![a-z0-9]){name}(?![a-z0-9])", text.lower()))


def _says_much_more(sought: Sought, inner: Inner, hit: Hit) -> bool:
    """Whether a passage says what an entry does not say, nor its own pages."""
    says = {*hit.explanation.fields, *hit.explanation.shares}
    told = saying.said(map(saying.literal, sought.wants), says).named
    gain = inner.weight - max(told, hit.inner.weight if hit.inner else 0.0)
    if gain > 0 and _stands_so(sought.clues, inner.text):
        return True
    if _counts(sought.query.text, inner.text):
        return gain >= NUMBER and inner.strength >= STRONG_NUMBER
    return gain >= GAIN and inner.strength >= STRONG


def _counts(question: str, text: str) -> bool:
    """Whether a question asks for a number, and a text has one."""
    return bool(_HOW_MANY.search(question) and _COUNTED.search(text))
