"""Whether a question is a title: the exact words win, whatever the scores say. In another order,
or with one of them changed, they count nearly as much.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence, Set

from corpus.model import Entry
from corpus.pattern import pattern
from retrieval.fold import fold
from retrieval.model import Clue, Query
from retrieval.tokenize import Tokenizer

_LETTERS = pattern(r"[^\W_]+")
BRIEF = 3  # clues of which a title within noise may consist
SHORTEST = 6  # letters of a title that a longer question must hold to have named it
# By how a title begins: a question is looked up from each of its letters on.
Known = Mapping[str, Mapping[str, Sequence[int]]]  # beginning -> key of a title -> entries
PART = 0.6  # of a title's letters: a question that begins it and goes so far has named it
FAR = 20  # letters: so long a beginning names a title however long that is

LONG = 6  # words of a title that stands even against another kind of work asked for
WORDS = 3  # of a title: fewer, in whichever order, name no work
MOST = 0.8  # of a title's words that a question must hold: all but one in five
SAME = 0.65  # of the title's times of the question's words, that must be the same


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


def asked(query: Query, known: Known) -> dict[int, float]:
    """The same of a question, which may also be a title but for its noise: Angel 是什么."""
    found = named(query.text, known)
    if len(query.clues) <= BRIEF and not query.filters:
        said = key("".join([clue.typed for clue in query.clues]))
        found |= dict.fromkeys(known.get(said[:SHORTEST], {}).get(said, ()), 1.0)
    return found


def _near(asked: str, known: Known) -> Iterator[tuple[str, Sequence[int]]]:
    """The titles that a question is, holds or begins."""
    for title, positions in known.get(asked[:SHORTEST], {}).items():
        enough = min(max(SHORTEST, PART * len(title)), FAR)
        begun = title.startswith(asked) and len(asked) >= enough
        if begun or title == asked:
            yield title, positions
    for start in range(len(asked) - SHORTEST + 1):
        if (beginning := asked[start : start + SHORTEST]) in known:  # few are
            for title, positions in known[beginning].items():
                if asked.startswith(title, start):
                    yield title, positions


def words(entry: Entry, tokenizer: Tokenizer) -> list[list[str]]:
    """The words of each title of an entry, where there are enough; not those that name a kind.

    Nobody knows the titles that are our translation: those are looked for letter by letter alone.
    """
    texts = [entry.titles, *(link.title for link in entry.links if link.title)]
    told = [pair for text in texts for pair in (("en", text.en), ("zh", text.zh))]
    ours = {title for language, title in told if language in entry.ours} - {entry.title}
    found = [
        _words(title, tokenizer) for title in dict.fromkeys(_titles(entry)) if title not in ours
    ]
    return [title for title in found if len(title) >= WORDS]


def _words(title: str, tokenizer: Tokenizer) -> list[str]:
    terms = tokenizer.terms(title)
    kinds = [(term.start, term.end) for term in terms if term.text[0] == "#"]
    return sorted(
        {
            term.text
            for term in terms
            if term.text[0] not in "=@#~^"
            and not any(start <= term.start and term.end <= end for start, end in kinds)
        }
    )


def alike(clues: Sequence[Clue], asked: Set[str], known: Collection[Set[str]], least: int) -> float:
    """How much of a question and of one of these titles is the same, in whichever order.

    `asked` are the words of the clues; titles of less than so many words are left out.
    """
    best = 0.0
    for title in known:
        if len(title) < least:
            continue
        held = len(asked & title) / len(title)
        if held >= MOST and held > best:
            said = sum(clue.weight * _told(clue, title) for clue in clues)
            best = max(best, held * said / (sum(clue.weight for clue in clues) or 1.0))
    return best if best >= SAME else 0.0


def spoken(clue: Clue) -> list[str]:
    """The words of a clue, as they stand in titles."""
    return [term for term in (*clue.terms, *clue.parts) if term[0] not in "=@#~^"]


def _told(clue: Clue, title: Set[str]) -> float:
    typed = spoken(clue)
    return len([word for word in typed if word in title]) / len(typed) if typed else 0.0


def _titles(entry: Entry) -> Iterator[str]:
    yield from (entry.title, entry.titles.en, entry.titles.zh)
    for listing in entry.listings:
        yield listing.title
        yield from (label for label, _ in listing.also if len(key(label)) >= SHORTEST)
    for link in entry.links:
        if link.title:
            yield from (link.title.en, link.title.zh)
