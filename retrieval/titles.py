"""Whether a question is a title: the exact words win, whatever the scores say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from corpus.model import Entry
from retrieval.fold import fold

SHORTEST = 6  # letters of a title that a longer question must hold to have named it
PART = 0.6  # of a title's letters: a question that begins it and goes so far has named it


def key(text: str) -> str:
    """The letters and digits of a text, folded: spacing and punctuation do not part titles."""
    return "".join(letter for letter in fold(text).text if letter.isalnum())


def keys(entries: Sequence[Entry]) -> dict[str, tuple[int, ...]]:
    """Every title's key, and the entries that bear it."""
    found: dict[str, tuple[int, ...]] = {}
    for position, entry in enumerate(entries):
        for title in dict.fromkeys(map(key, _titles(entry))):
            if title:
                found[title] = (*found.get(title, ()), position)
    return found


def named(question: str, known: Mapping[str, Sequence[int]]) -> dict[int, float]:
    """The entries whose title a question names, with how much of the longer of both it is."""
    asked = key(question)
    found: dict[int, float] = {}
    if not asked:
        return found
    for title, positions in known.items():
        share = _share(asked, title)
        for position in positions:
            if share > found.get(position, 0.0):
                found[position] = share
    return found


def _share(asked: str, title: str) -> float:
    if asked == title:
        return 1.0
    if len(title) >= SHORTEST and title in asked:
        return len(title) / len(asked)
    if len(asked) >= SHORTEST and title.startswith(asked) and len(asked) >= PART * len(title):
        return len(asked) / len(title)
    return 0.0


def _titles(entry: Entry) -> Iterator[str]:
    yield from (entry.title, entry.titles.en, entry.titles.zh)
    for listing in entry.listings:
        yield listing.title
        yield from (label for label, _ in listing.also if len(key(label)) >= SHORTEST)
    for link in entry.links:
        if link.title:
            yield from (link.title.en, link.title.zh)
