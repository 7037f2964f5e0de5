"""Whether a question is a title: the exact words win, whatever the scores say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from corpus.model import Entry
from corpus.pattern import pattern
from retrieval.fold import fold

_LETTERS = pattern(r"[^\W_]+")
SHORTEST = 6  # letters of a title that a longer question must hold to have named it
# By how a title begins: a question is looked up from each of its letters on.
Known = Mapping[str, Mapping[str, Sequence[int]]]  # beginning -> key of a title -> entries
PART = 0.6  # of a title's letters: a question that begins it and goes so far has named it


def key(text: str) -> str:
    """The letters and digits of a text, folded: spacing and punctuation do not part titles."""
    return "".join(_LETTERS.findall(fold(text).text))


def keys(entries: Sequence[Entry]) -> Known:
    """Every title's key, and the entries that bear it."""
    found: dict[str, dict[str, tuple[int, ...]]] = {}
    for position, entry in enumerate(entries):
        for title in dict.fromkeys(map(key, _titles(entry))):
            if title:
                alike = found.setdefault(title[:SHORTEST], {})
                alike[title] = (*alike.get(title, ()), position)
    return found


def named(question: str, known: Known) -> dict[int, float]:
    """The entries whose title a question names, with how much of the longer of both it is."""
    asked = key(question)
    found: dict[int, float] = {}
    for title, positions in _near(asked, known):
        share = min(len(title), len(asked)) / max(len(title), len(asked))
        for position in positions:
            found[position] = max(share, found.get(position, 0.0))
    return found


def _near(asked: str, known: Known) -> Iterator[tuple[str, Sequence[int]]]:
    """The titles that a question is, holds or begins."""
    for title, positions in known.get(asked[:SHORTEST], {}).items():
        begun = title.startswith(asked) and len(asked) >= max(SHORTEST, PART * len(title))
        if begun or title == asked:
            yield title, positions
    for start in range(len(asked) - SHORTEST + 1):
        for title, positions in known.get(asked[start : start + SHORTEST], {}).items():
            if asked.startswith(title, start):
                yield title, positions


def _titles(entry: Entry) -> Iterator[str]:
    yield from (entry.title, entry.titles.en, entry.titles.zh)
    for listing in entry.listings:
        yield listing.title
        yield from (label for label, _ in listing.also if len(key(label)) >= SHORTEST)
    for link in entry.links:
        if link.title:
            yield from (link.title.en, link.title.zh)
