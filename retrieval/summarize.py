"""A page in two to four sentences: the author's own, else those that the rest of it is most like.

A sentence is worth what BM25 says of it when every other sentence asks for it; the first ones, and
those that share the title's words, are worth more. One that says what is said already is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from math import exp, log

from corpus.language import has_han
from corpus.model import Extract, Summary
from retrieval.rank import K1, B
from retrieval.reading import sentences
from retrieval.tokenize import Tokenizer

READ = 150  # sentences of a page, from its beginning
FEWEST, MOST = 2, 4
LEAD, TITLE = 0.6, 0.5  # what standing first, and sharing the title's words, is worth at most
WEAK = 0.4  # of the best one's worth: less is no part of a summary that has two sentences
SAME = 0.5  # share of common terms from which two sentences say the same
_ENOUGH = {True: 120, False: 320}  # characters of a summary, in Chinese and else
_ABSTRACT = {True: (20, 600), False: (40, 1600)}  # characters of an abstract that serves as one
_SHORTEST = 4  # characters of one that is known to be the work's own, or all there is
_LENGTHS = {True: (10, 160), False: (30, 420)}  # of a sentence that can stand by itself
_ENDS = re.compile(r"[.!?。！？…][\"”’」』)）]*$")
_REFERS = re.compile(r"^(this|that|these|those|it|he|she|they|however|but|and|also|such)\b", re.I)
_BULLET = re.compile(r"(?:^|\s)[•◦▪●·‣■–-](?=\s)|\n", re.MULTILINE)
_CLUTTER = re.compile(r"https?://|[{}<>|=\\]|\.{4}|©|^\[?\d+\]|\bet al\b.*\d{4}\W*$")


def summarize(extract: Extract, tokenizer: Tokenizer) -> Summary | None:
    """What a page is about; None where it does not say."""
    abstract = _of_abstract(extract.abstract, _SHORTEST if extract.is_own else None)
    found = [] if abstract else list(_standing(extract))[:READ]
    chosen = _chosen([set(tokenizer(text)) for text in found], set(tokenizer(extract.title)), found)
    if chosen:
        text = _joined([found[at] for at in sorted(chosen)])
        return Summary(text, _language(text, extract), "extracted")
    # A short one is better than none.
    abstract = abstract or _of_abstract(extract.abstract, _SHORTEST)
    return Summary(abstract, _language(abstract, extract), "abstract") if abstract else None


def _language(text: str, extract: Extract) -> str:
    if extract.language in ("ja", "ko"):  # which have Chinese characters, too
        return extract.language
    return "zh" if has_han(text) else "en" if extract.language == "zh" else extract.language


def _of_abstract(abstract: str, shortest: int | None) -> str:
    """An abstract that is one, at most so long, up to the end of a sentence."""
    text = " ".join(abstract.split())
    least, most = _ABSTRACT[has_han(text)]
    if len(text) < (least if shortest is None else shortest):
        return ""
    if len(text) <= most:
        return text
    ends = [end for _, end in sentences(text) if end <= most]
    return text[: ends[-1]].strip() if ends else text[:most].rstrip() + "…"


def _standing(extract: Extract) -> Iterator[str]:
    """The sentences of a page that can stand by themselves, each once."""
    seen = set()
    for part in extract.parts:
        for block in _BULLET.split(part.text):
            for start, end in sentences(block):
                text = block[start:end]
                least, most = _LENGTHS[has_han(text)]
                sound = least <= len(text) <= most and _ENDS.search(text)
                if sound and text not in seen and not _CLUTTER.search(text):
                    seen.add(text)
                    yield text


def _chosen(terms: Sequence[set[str]], title: set[str], texts: Sequence[str]) -> list[int]:
    """The positions of the best sentences, the best first."""
    worth = _worth(terms, title, texts)
    chosen: list[int] = []
    length, enough = 0, _ENOUGH[any(map(has_han, texts[:5]))]
    best_first = sorted(range(len(terms)), key=lambda at: (-worth[at], at))
    for at in best_first:
        if len(chosen) == MOST:
            break
        full = length + len(texts[at]) > enough
        if len(chosen) >= FEWEST and (full or worth[at] < WEAK * worth[chosen[0]]):
            break
        if all(_shared(terms[at], terms[other]) < SAME for other in chosen):
            chosen.append(at)
            length += len(texts[at])
    # Of a page that says one thing over and over, a second sentence all the same.
    return chosen + [at for at in best_first if at not in chosen][: max(0, FEWEST - len(chosen))]


def _worth(terms: Sequence[set[str]], title: set[str], texts: Sequence[str]) -> list[float]:
    """How central each sentence is, with what its place and the title add."""
    counts = Counter(term for one in terms for term in one)
    average = sum(map(len, terms)) / len(terms) if terms else 0.0
    idf = {term: log((len(terms) + 1) / count) for term, count in counts.items()}
    # What a term brings a sentence that holds it once, as BM25 has it.
    share = [(K1 + 1) / (1 + K1 * (1 - B + B * len(one) / max(average, 1))) for one in terms]
    total: Counter[str] = Counter()
    for one, weight in zip(terms, share, strict=True):
        for term in one:
            total[term] += weight  # type: ignore[assignment]  # a sum, of a counter's kind
    worth = []
    for at, (one, weight, text) in enumerate(zip(terms, share, texts, strict=True)):
        central = sum(idf[term] * (total[term] - weight) for term in one) / max(len(one), average)
        lead = LEAD * exp(-at / 4)
        named = TITLE * len(one & title) / max(1, len(title))
        refers = 0.6 if _REFERS.match(text) else 1.0
        worth.append(central * (1 + lead + named) * refers)
    return worth


def _shared(one: set[str], other: set[str]) -> float:
    return len(one & other) / max(1, len(one | other))


def _joined(chosen: Sequence[str]) -> str:
    text = ""
    for sentence in chosen:
        between = "" if not text or (has_han(text[-3:]) and has_han(sentence[:1])) else " "
        text += ("" if text.endswith(("。", "！", "？")) else between) + sentence
    return text
