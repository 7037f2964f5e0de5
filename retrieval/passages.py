"""Entry to passages: one of its curated fields, one for each fact. How much each field counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from corpus.model import Entry, Text
from retrieval.model import Field, Passage
from retrieval.tokenize import Tokenizer

# How often the terms of a field count: chosen on the judged questions (tune), coarsely.
TITLE, KEYWORD, ORGANISATION, AUTHOR = 3, 2, 2, 2
BORDER = "; "  # no phrase crosses it


class Passages(Sequence[Passage]):
    """Every passage of a catalog, entry after entry; each is made when it is first asked for."""

    def __init__(
        self,
        entries: Sequence[Entry],
        kinds: Mapping[str, Sequence[str]],
        places: Sequence[tuple[int, int | None]] | None = None,
    ) -> None:
        """`kinds` holds the words for each kind, `places` what `placed` finds."""
        self._entries = entries
        self._kinds = kinds
        self._places = placed(entries) if places is None else places
        self._made: dict[int, Passage] = {}

    def __getitem__(self, position: Any) -> Any:
        passage = self._made.get(position)
        if passage is None:
            passage = self._made[position] = self._make(position)
        return passage

    def _make(self, position: int) -> Passage:
        at, fact = self._places[position]
        entry = self._entries[at]
        if fact is not None:
            return Passage(at, (Field("fact", entry.facts[fact].text),), fact)
        return Passage(at, tuple(_curated(entry, self._kinds.get(entry.kind, ()))))

    def __len__(self) -> int:
        return len(self._places)


def placed(entries: Iterable[Entry]) -> list[tuple[int, int | None]]:
    """The entry of every passage, and which of its facts it is; None is the curated passage."""
    return [
        (position, fact)
        for position, entry in enumerate(entries)
        for fact in (None, *range(len(entry.facts)))
    ]


def terms(passage: Passage, tokenizer: Tokenizer) -> list[str]:
    """The terms of a passage as the index takes them, repeated by the weight of their field."""
    found: list[str] = []
    for field in passage.fields:
        found += field_terms(field, tokenizer) * field.weight
    return found


def field_terms(field: Field, tokenizer: Tokenizer) -> list[str]:
    """The terms of a field in both languages; the names of kinds are left to the filters."""
    texts = dict.fromkeys((field.text.en, field.text.zh))
    return [
        term for text in texts for term in tokenizer(text) if not term.startswith(("#", "~", "^"))
    ]


def _curated(entry: Entry, kind_words: Sequence[str]) -> Iterator[Field]:
    yield Field("title", entry.titles, TITLE)
    yield Field("title", _plain(_listed_titles(entry)))
    yield Field("keyword", _joined(entry.keywords), KEYWORD)
    yield Field("organisation", _joined(entry.organisations), ORGANISATION)
    yield Field("author", _joined(entry.authors), AUTHOR)
    yield Field("venue", _plain(filter(None, (entry.venue, *(_published(entry))))))
    yield Field("kind", _plain((entry.kind, *kind_words[:1])))
    yield Field("section", _plain(name for listing in entry.listings for name in listing.section))
    yield Field("summary", entry.summary)


def _listed_titles(entry: Entry) -> Iterator[str]:
    """The other names that a list gives a work: they are asked for as titles."""
    for listing in entry.listings:
        yield listing.title
        yield from (label for label, _ in listing.also)
    for link in entry.links:
        if link.title:
            yield from (link.title.en, link.title.zh)


def _published(entry: Entry) -> tuple[str, str]:
    return entry.published.en, entry.published.zh


def _joined(texts: Iterable[Text]) -> Text:
    texts = tuple(texts)
    return Text(BORDER.join(text.en for text in texts), BORDER.join(text.zh for text in texts))


def _plain(words: Iterable[str]) -> Text:
    joined = BORDER.join(dict.fromkeys(words))
    return Text(joined, joined)
