"""A question to its answer: searched, then told in the asker's language. Pure.

Nothing here knows of colours, columns or buttons: a platform lays the answer out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain, islice
from typing import get_args

from bot import cards, links, phrases, quotes, wording
from bot.cards import Card
from bot.model import Address, Answer, Coverage, Detail, Found, Marked, Question
from bot.phrases import tell, traditional
from corpus.language import Script
from corpus.model import Entry, Language
from retrieval import snippet
from retrieval.model import Hit, Query, Result
from retrieval.reading import Reader
from retrieval.retriever import Retriever

SHOWN = 5  # hits of an answer; the next five come with /more
NEAREST = 2  # of what does not answer
LIMIT = 10
FAINT = 0.3  # of the best score: a hit below it is shown with /more only
WORTH = 0.2  # of the question: what the matched fact must say beyond the summary to be told too
_set = object.__setattr__  # of a frozen value
_UNTOLD = Marked("")


class MarkedLater(Marked):
    """The same, its stretches sought when asked for: not every platform shows them."""

    __slots__ = ("_named", "_query", "_reader")
    _named: str  # the beginning of the text, which a question may name
    _query: Query
    _reader: Reader

    def __init__(self, text: str, query: Query, reader: Reader, named: str = "") -> None:
        _set(self, "text", text)
        _set(self, "_named", named or text)
        _set(self, "_query", query)
        _set(self, "_reader", reader)

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """The stretches, as of now."""
        return snippet.spans(self._named, self._query, self._reader)


class MadeLater(Marked):
    """The same, made when it is first asked for: not every platform shows it."""

    __slots__ = ("_made", "_make")
    _make: Callable[[], Marked]
    _made: Marked | None

    def __init__(self, make: Callable[[], Marked]) -> None:
        _set(self, "_make", make)
        _set(self, "_made", None)

    def _whole(self) -> Marked:
        made = self._made
        if made is None:
            made = self._make()
            _set(self, "_made", made)
        return made

    @property
    def text(self) -> str:
        """The text, as of now."""
        return self._whole().text

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Its stretches, as of now."""
        return self._whole().spans


def answer(question: Question, retriever: Retriever, shown: int = SHOWN) -> Answer:
    """Answer a question with the best hits, or with none."""
    result = retriever.search(question.text, limit=shown)
    return told(result, script_of(result.query, question.language), retriever, shown)


def warm(retriever: Retriever) -> None:
    """Ask for every entry, tell it in every script, and ask with a slip, so that no asker waits for
    what is loaded or unpacked when it is first needed: 0.5 s at a start, or 0.3 ms for each of the
    first 500 askers.
    """
    for entry in retriever.entries:
        for text in (entry.titles.en, entry.titles.zh, entry.summary.zh):
            result = retriever.search(text, limit=SHOWN)
            for script in get_args(Script):
                _laid_out(told(result, script, retriever))
    answer(Question("paramter sever 参数服务其"), retriever)


def _laid_out(answer: Answer) -> list[object]:
    """All that a platform may ask of an answer: what is made later, made now."""
    parts = [
        (one.title, one.translation, one.about, one.snippet, *one.body) for one in answer.found
    ]
    return [part.spans for part in chain(*parts) if part]


def script_of(query: Query, language: Language | None) -> Script:
    """The script to answer in: the question's, unless the asker chose a language."""
    if language is None:
        return query.script
    if language == "en":
        return "en"
    return "zh-Hant" if query.script == "zh-Hant" else "zh-Hans"


def told(
    result: Result, script: Script, retriever: Retriever, shown: int = SHOWN, first: int = 1
) -> Answer:
    """A result in words; `first` is the number of its first hit, more than 1 on a further page."""
    further = first > 1
    nothing, recall = result.confidence == "nothing", retriever.memory.recall
    places = _places(result)
    searched = result.intent == "search"  # and not: like the second one
    if shown == SHOWN and not further:
        shown = min(shown, NEAREST) if nothing else _worth_showing(result)
    hits = enumerate(result.hits[:shown], first)
    found = tuple([_found(hit, result.query, script, retriever, at == 1) for at, hit in hits])
    return Answer(
        question=result.query.text,
        script=script,
        confidence=result.confidence,
        found=found,
        query=result.query,
        first=first,
        also=() if nothing or further or not searched else _also(found, result.query, retriever),
        coverage=recall(("coverage",), lambda: coverage(retriever.entries)) if nothing else None,
        intent=result.intent,
        unmet=() if nothing or further or places else result.unmet,
        follows=result.questions[-2:-1] if searched and not further else (),
        instead=result.query.corrections if not further else (),
        places=places if not further else (),
        left=0 if nothing else max(0, len(result.hits) - shown),
    )


def remembered(result: Result, script: Script, retriever: Retriever) -> Answer:
    """`told`, where a result that was remembered need not be told again either."""
    asked = ("told", result.query.text, result.questions, script)
    before = retriever.memory.recall(asked, lambda: (result, told(result, script, retriever)))
    return before[1] if before[0] is result else told(result, script, retriever)


def _worth_showing(result: Result) -> int:
    """How many of the first hits are near enough to the best one to stand beside it."""
    if result.query.lists or not _stands_alone(result):
        return SHOWN
    hits = result.hits[:SHOWN]
    return sum([hit.score >= FAINT * hits[0].score for hit in hits])


def _stands_alone(result: Result) -> bool:
    """Whether a result is a search of its own, and not one more look at the last."""
    return result.intent == "search" and not result.query.narrowed


def detail(entry: Entry, script: Script) -> Detail:
    """An entry in full."""
    other: Script = "zh-Hans" if script == "en" else "en"
    translation = wording.translation(entry, script) or wording.translation(entry, other)
    read = quotes.summary(entry, script)
    return Detail(
        script=script,
        title=entry.title,
        translation=translation,
        url=links.opening(links.main(entry)),
        about=wording.about(entry, script),
        authors=wording.authors(entry, script, len(entry.authors)),
        summaries=(*wording.both(entry.summary, script), *([read] if read else [])),
        addresses=links.addresses(entry, script, state=True),
        places=wording.places(entry, script),
        known=wording.known(entry.facts, script),
        gap=tell(entry.gap, script) if entry.gap else None,
        entry=entry.id,
    )


def _places(result: Result) -> tuple[str, ...]:
    """Where the list has the work whose address was asked for."""
    best = result.hits[0] if result.hits else None
    if best is None or "address" not in dict(best.explanation.boosts):
        return ()
    sections = dict.fromkeys(listing.section for listing in best.entry.listings)
    return tuple(" › ".join(section) for section in sections)


def coverage(entries: Sequence[Entry]) -> Coverage:
    """How many works there are, and from which years."""
    years = [entry.year for entry in entries if entry.year] or [0]
    return Coverage(len(entries), min(years), max(years))


def _found(hit: Hit, query: Query, script: Script, retriever: Retriever, best: bool) -> Found:
    entry, reader = hit.entry, retriever.reader
    card = cards.of(entry, script, retriever.memory)
    quoted = quotes.quoted(hit.inner, query, script, reader) if hit.inner else None
    body: tuple[Marked, ...] = ()
    addresses = card.addresses
    if best:
        body = _body(hit, card, query, script, reader)
        body = (quoted[0], *body) if quoted else _with_page(body, entry, query, script, reader)
        addresses += () if card.alive else _alive(entry, script, retriever)
    translated = card.translation
    return Found(
        hit=hit,
        title=MarkedLater(entry.title, query, reader),
        translation=MarkedLater(translated, query, reader, card.title) if translated else None,
        url=card.url,
        about=MarkedLater(card.about, query, reader) if best else _UNTOLD,
        brief=card.brief,
        caution=card.caution,
        snippet=quoted[0] if quoted else MadeLater(lambda: _snippet(hit, query, script, reader)),
        body=body,
        addresses=(quoted[1], *addresses) if quoted else addresses,
    )


def _alive(entry: Entry, script: Script, retriever: Retriever) -> tuple[Address, ...]:
    """Beside a best hit that cannot be opened, a related work that can."""
    others = {other.id: other for other in retriever.entries if other.id in entry.related}
    found = [others[name] for name in entry.related if name in others and links.alive(others[name])]
    return tuple(links.instead(other, script) for other in found[:1])


def _snippet(hit: Hit, query: Query, script: Script, reader: Reader) -> Marked:
    language = wording.language_of(script)
    chosen = snippet.snippet(hit.entry, hit.passage, query, language, reader)
    if script == "zh-Hant":
        return MarkedLater(traditional(chosen.text), query, reader)
    return Marked(chosen.text, chosen.spans)


def _body(hit: Hit, card: Card, query: Query, script: Script, reader: Reader) -> tuple[Marked, ...]:
    """The summary; before it the matched fact, where that says more of what was asked."""
    summary = MarkedLater(card.summary, query, reader)
    if hit.passage.fact is None:
        return (summary,)
    fact = tell(hit.entry.facts[hit.passage.fact].text, script)
    least = WORTH * sum(query.terms.values())
    told = snippet.coverage(fact, query, reader)
    if told > least and told - snippet.coverage(summary.text, query, reader) > least:
        return (MarkedLater(fact, query, reader), summary)
    return (summary,)


def _with_page(
    body: tuple[Marked, ...], entry: Entry, query: Query, script: Script, reader: Reader
) -> tuple[Marked, ...]:
    """Behind the editor's summary what the page says of itself, where that says more."""
    told = (entry.title, *(one.text for one in body))
    read = quotes.better(entry, told, query, script, reader)
    return (*body, read) if read else body


def _also(
    found: Sequence[Found], query: Query, retriever: Retriever
) -> tuple[tuple[str, str], ...]:
    """What else was searched for, told where the best hit shows no word as it was typed."""
    if not found:
        return ()
    best = found[0]
    visible = [best.title.text, *(part.text for part in best.body), best.about.text]
    if best.translation:
        visible.append(best.translation.text)
    text, words = "\n".join(visible), [typed for typed in query.typed.values() if typed]
    if any(map(text.__contains__, words)):  # as it is typed, most often
        return ()
    text = text.casefold()
    if any(typed.casefold() in text for typed in words):
        return ()
    matches = [match for match in best.hit.explanation.matches if match.term[0] == "="]
    if not matches:
        return ()
    read = (snippet.named(part, query, retriever.reader) for part in reversed(visible))
    named = dict(pair for pairs in read for pair in pairs)
    also = {(match.typed, named.get(match.term, match.term[1:])) for match in matches}
    terms = retriever.tokenizer  # "parameter server → parameter server" tells nothing
    told = (pair for pair in sorted(also) if terms(pair[0]) != terms(pair[1]))
    return tuple(islice(told, 3))


def fault(script: Script) -> str:
    """The sentence for a fault of ours."""
    return tell(phrases.FAULT, script)
